//! Gauges: one that is 1 when all is well, or one with a limit.

use super::counter::{is_named, no_vector, range_on_selector, warn_without_matcher};
use super::ranges::{first_selector, ranges, window_as_number};
use super::survival::check_survival;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Across, Comparison, LabelName, Sli, Value};
use crate::promql::{BinaryOp, Dialect, Expr, ExprKind, ValueType};
use crate::resolve::promql::{expression, place, quoted, slice, unbracketed};
use crate::source::{Span, Text};

/// Reads a gauge that is 1 when all is well.
pub(super) fn up(up: &Text, across: Option<&Text>, sink: &mut Sink) -> Option<Sli> {
    let across = across.map_or(Some(Across::Average), |text| across_kind(text, sink));
    let typed = expression(up, Dialect::Sli, sink)?;
    let inner = unbracketed(&typed.expr);
    match &inner.kind {
        ExprKind::Selector(selector) => {
            if !is_named(selector, up, "up", sink) {
                return None;
            }
            warn_without_matcher(selector, up, "up", sink);
            Some(Sli::Up { gauge: inner.clone(), across: across? })
        }
        ExprKind::Matrix(matrix) => {
            sink.push(range_on_selector(up, "up", slice(up, matrix.selector_range)));
            None
        }
        _ => {
            sink.push(up_is_no_selector(up, inner));
            None
        }
    }
}

fn up_is_no_selector(text: &Text, expr: &Expr) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::NotASelector, text.span, "`up` has to be the selector of a gauge")
        .note("the gauge is 1 when all is well and 0 when not; `across` says how several series become one answer");
    match first_selector(expr).map(|range| slice(text, range)) {
        Some(selector) => diagnostic
            .replace(format!("write `{selector}`"), text.span, quoted(selector))
            .help("for an expression with a limit, use `value:` and `good:`"),
        None => diagnostic.help("for an expression with a limit, use `value:` and `good:`"),
    }
}

fn across_kind(text: &Text, sink: &mut Sink) -> Option<Across> {
    const WORDS: [(&str, Across); 4] =
        [("average", Across::Average), ("any", Across::Any), ("all", Across::All), ("quorum", Across::Quorum)];
    let word = text.value.as_str();
    if let Some((_, across)) = WORDS.iter().find(|(known, _)| *known == word) {
        return Some(*across);
    }
    let message = format!("expected `average`, `any`, `all` or `quorum`, found `{word}`");
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    sink.push(match suggest(word, WORDS.map(|(known, _)| known)) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic
            .note("`average` counts each sample of each series; the others make one answer of all series first"),
    });
    None
}

/// Reads a gauge with a limit.
pub(super) fn value(value: &Text, good: &Text, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
    let good = comparison(good, sink);
    let typed = expression(value, Dialect::Sli, sink)?;
    if let Some(problem) = value_problem(value, &typed.expr, typed.value_type) {
        sink.push(problem);
        return None;
    }
    check_survival(&typed.expr, value, groups, sink)?;
    Some(Sli::Value(Value { expr: typed.expr, good: good? }))
}

fn value_problem(text: &Text, expr: &Expr, value_type: ValueType) -> Option<Diagnostic> {
    if let ExprKind::Matrix(matrix) = &unbracketed(expr).kind {
        return Some(range_on_selector(text, "value", slice(text, matrix.selector_range)));
    }
    if value_type != ValueType::Vector {
        return Some(no_vector(text, "value", value_type));
    }
    let follows = ranges(expr).iter().find(|range| range.follows_window()).map(|range| range.window.range);
    if let Some(range) = follows.or_else(|| window_as_number(expr)) {
        let span = place(text, range);
        return Some(
            Diagnostic::new(Code::MissingWindow, span, "`$window` has no length in `value`")
                .note("a value is looked at once in every block; only ratios are computed over several windows")
                .replace("write a range of its own", span, "5m"),
        );
    }
    compared(text, unbracketed(expr))
}

/// The problem of a value that is compared already.
fn compared(text: &Text, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Binary(binary) = &expr.kind else {
        return None;
    };
    if !is_comparison(binary.op.value) {
        return None;
    }
    let limit = slice(text, binary.rhs.range);
    let op = slice(text, binary.op.range);
    let left = slice(text, binary.lhs.range);
    Some(
        Diagnostic::new(Code::BadComparison, place(text, binary.op.range), "`value` is compared here already")
            .note("a comparison drops what it does not hold for, and dropped values would be no data instead of errors")
            .help(format!("write `value: {left}` and `good: \"{op} {limit}\"`, turned round if it says what is bad")),
    )
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Greater
            | BinaryOp::Less
            | BinaryOp::GreaterEqual
            | BinaryOp::LessEqual
    )
}

/// Comparison operators, the longer ones first.
const OPERATORS: [(&str, BinaryOp); 6] = [
    ("<=", BinaryOp::LessEqual),
    (">=", BinaryOp::GreaterEqual),
    ("==", BinaryOp::Equal),
    ("!=", BinaryOp::NotEqual),
    ("<", BinaryOp::Less),
    (">", BinaryOp::Greater),
];

/// Reads `< 1000`.
fn comparison(text: &Text, sink: &mut Sink) -> Option<Comparison> {
    let trimmed = text.value.trim();
    let Some((operator, op)) = OPERATORS.iter().find(|(operator, _)| trimmed.starts_with(operator)) else {
        sink.push(no_operator(text, trimmed));
        return None;
    };
    let limit = trimmed[operator.len()..].trim();
    if is_plain_number(limit) {
        return Some(Comparison { op: *op, limit: limit.into() });
    }
    let at = text.value.find(limit).filter(|_| !limit.is_empty());
    let span = at.map_or(text.span, |at| crate::resolve::part(text, at..at + limit.len()));
    let message = format!("expected a number behind `{operator}`, found `{limit}`");
    let diagnostic = Diagnostic::new(Code::BadComparison, span, message);
    sink.push(match plain_seconds(limit) {
        Some(seconds) => diagnostic
            .note("the value has no unit; most Prometheus metrics are in seconds and bytes")
            .replace(format!("in seconds, write `{seconds}`"), span, seconds),
        None => diagnostic.help("write a plain number, as in `< 1000`"),
    });
    None
}

/// A number of digits, with point and exponent.
fn is_plain_number(text: &str) -> bool {
    let shape = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    text.chars().all(shape)
        && text.contains(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A duration as seconds.
fn plain_seconds(text: &str) -> Option<String> {
    let duration = crate::model::Duration::parse(text).ok()?;
    let seconds = rust_decimal::Decimal::new(i64::try_from(duration.millis()).ok()?, 3);
    Some(crate::model::decimal_text(seconds))
}

fn no_operator(text: &Text, found: &str) -> Diagnostic {
    let span: Span = text.span;
    let diagnostic =
        Diagnostic::new(Code::BadComparison, span, format!("expected a comparison with a number, found `{found}`"));
    if let Some(limit) = found.strip_prefix('=').map(str::trim).filter(|limit| is_plain_number(limit)) {
        let meant = format!("== {limit}");
        return diagnostic.replace(format!("write `{meant}`"), span, quoted(&meant));
    }
    if is_plain_number(found) {
        let meant = format!("< {found}");
        return diagnostic.help(format!("write `\"{meant}\"` if lower is better, `\"> {found}\"` if higher is"));
    }
    diagnostic.help("say which values are good, as in `\"< 1000\"`")
}
