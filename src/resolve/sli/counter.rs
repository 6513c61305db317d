//! Counters: a selector, or an expression over `$window` whose value is events per second.

use smol_str::SmolStr;

use super::ranges::{Range, first_selector, increase_to_rate, ranges, window_as_number};
use super::survival::{check_survival, is_aggregated};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::LabelName;
use crate::promql::{Dialect, Expr, ExprKind, Selector, TextRange, ValueType, build, visit};
use crate::resolve::promql::{expression, place, quoted, slice, unbracketed};
use crate::source::Text;

/// A counter as it was written.
pub(super) enum Counter {
    /// An instant vector selector.
    Selector(Box<Selector>),
    /// Events per second, with the group labels and no others.
    Rate(Box<Expr>),
}

impl Counter {
    /// The selectors in it.
    pub(super) fn selectors(&self) -> Vec<&Selector> {
        match self {
            Self::Selector(selector) => vec![selector],
            Self::Rate(expr) => visit::selectors(expr).into_iter().map(|selected| selected.selector).collect(),
        }
    }

    /// The counter as the model has it.
    pub(super) fn into_expr(self) -> Expr {
        match self {
            Self::Selector(selector) => selector_expr(*selector),
            Self::Rate(expr) => *expr,
        }
    }
}

/// A selector as an expression.
pub(super) fn selector_expr(selector: Selector) -> Expr {
    Expr { kind: ExprKind::Selector(Box::new(selector)), range: TextRange::default() }
}

/// Reads a counter.
pub(super) fn counter(text: &Text, key: &str, groups: &[LabelName], sink: &mut Sink) -> Option<Counter> {
    let typed = expression(text, Dialect::Sli, sink)?;
    match &unbracketed(&typed.expr).kind {
        ExprKind::Selector(selector) => {
            if !is_named(selector, text, key, sink) {
                return None;
            }
            warn_without_matcher(selector, text, key, sink);
            return Some(Counter::Selector(selector.clone()));
        }
        ExprKind::Matrix(matrix) => {
            sink.push(range_on_selector(text, key, slice(text, matrix.selector_range)));
            return None;
        }
        _ => {}
    }
    if typed.value_type != ValueType::Vector {
        sink.push(no_vector(text, key, typed.value_type));
        return None;
    }
    let problems = rate_problems(&typed.expr, text, key);
    if !problems.is_empty() {
        sink.extend(problems);
        return None;
    }
    check_survival(&typed.expr, text, groups, sink)?;
    let mut expr = typed.expr;
    increase_to_rate(&mut expr);
    Some(Counter::Rate(Box::new(summed(expr, groups))))
}

/// Whether a selector has a metric name; if not, reports it.
pub(super) fn is_named(selector: &Selector, text: &Text, key: &str, sink: &mut Sink) -> bool {
    let named = selector.name.is_some() || selector.matchers.iter().any(|matcher| matcher.label.value == "__name__");
    if !named {
        let message = format!("`{key}` has no metric name");
        sink.push(
            Diagnostic::new(Code::NamelessSelector, text.span, message)
                .note("it would add up every metric of these targets, whatever each of them counts")
                .help(format!(
                    "write the metric's name before the braces, as in `http_requests_total{}`",
                    text.value.trim()
                )),
        );
    }
    named
}

/// A lint: a selector that only its metric name limits takes in whatever else exports that metric.
pub(super) fn warn_without_matcher(selector: &Selector, text: &Text, key: &str, sink: &mut Sink) {
    let named = selector.name.as_ref().filter(|_| selector.matchers.is_empty());
    let Some(name) = named else {
        return;
    };
    let message = format!("`{key}` selects `{}` of every target", name.value);
    let suggested = format!("{}{{job=\"...\"}}", name.value);
    sink.push(
        Diagnostic::new(Code::SelectorWithoutMatcher, place(text, name.range), message)
            .note("any other job that exports a metric of this name counts too, now or later")
            .help(format!("say whose it is, as in `{suggested}`")),
    );
}

/// The problem of `foo[5m]` where `foo` is wanted.
pub(super) fn range_on_selector(text: &Text, key: &str, selector: &str) -> Diagnostic {
    let message = format!("`{key}` is a range vector; the rules set the ranges themselves");
    Diagnostic::new(Code::PromqlType, text.span, message).replace(
        format!("write `{selector}`"),
        text.span,
        quoted(selector),
    )
}

/// The problem of a number or text where series are wanted.
pub(super) fn no_vector(text: &Text, key: &str, found: ValueType) -> Diagnostic {
    let message = format!("`{key}` has to be an instant vector, found {}", found.with_article());
    let diagnostic = Diagnostic::new(Code::PromqlType, text.span, message);
    match found {
        ValueType::Scalar => diagnostic.note("a number has no series, so that it can neither fail nor be missing"),
        ValueType::Vector | ValueType::Matrix | ValueType::String => diagnostic,
    }
}

/// What keeps an expression from being events per second for any window.
fn rate_problems(expr: &Expr, text: &Text, key: &str) -> Vec<Diagnostic> {
    let ranges = ranges(expr);
    if ranges.is_empty() {
        return vec![no_range(expr, text, key)];
    }
    let mut problems: Vec<_> = ranges.iter().filter_map(|range| range_problem(range, text)).collect();
    if let Some(range) = window_as_number(expr) {
        let message = "`$window` stands for a number here, and events per second do not depend on it";
        problems.push(
            Diagnostic::new(Code::NotARate, place(text, range), message)
                .help("use `$window` as a range only, as in `rate(http_requests_total[$window])`"),
        );
    }
    problems
}

fn no_range(expr: &Expr, text: &Text, key: &str) -> Diagnostic {
    let message = format!("`{key}` is neither a selector nor an expression over `$window`");
    let diagnostic = Diagnostic::new(Code::MissingWindow, text.span, message)
        .note("counters are read as rates over several windows, so the range has to be left open");
    match first_selector(expr).map(|range| slice(text, range)) {
        Some(selector) => diagnostic.help(format!(
            "write the counter alone, `{selector}`, or its rate over the open range, `sum(rate({selector}[$window]))`"
        )),
        None => diagnostic.help("write a counter's selector, as in `http_requests_total{job=\"api\"}`"),
    }
}

fn range_problem(range: &Range<'_>, text: &Text) -> Option<Diagnostic> {
    if !range.follows_window() {
        return Some(fixed_range(range, text));
    }
    let function = range.function?;
    match function.value.as_str() {
        "rate" | "increase" => None,
        "irate" => Some(
            Diagnostic::new(Code::NotARate, place(text, function.range), "`irate` sees only the last two samples of a window")
                .replace("write `rate`", place(text, function.range), "rate"),
        ),
        name => Some(
            Diagnostic::new(Code::NotARate, place(text, function.range), format!("`{name}` over `$window` is no rate of a counter"))
                .note("`total`, `bad` and `good` are counted as events per second: `rate` or `increase` over `$window`")
                .help("for a gauge that is 0 or 1, use `up:`; for a gauge with a limit, `value:` and `good:`; for a ratio of anything else, `error_ratio:`"),
        ),
    }
}

/// The problem of `[5m]` where `[$window]` is wanted.
pub(super) fn fixed_range(range: &Range<'_>, text: &Text) -> Diagnostic {
    let written = place(text, range.window.range);
    let found = slice(text, range.window.range);
    Diagnostic::new(Code::MissingWindow, written, format!("the range `{found}` is fixed"))
        .note("the same expression is read over several windows, from 5m up to the whole period")
        .replace("write `$window`", written, "$window")
}

/// The expression with the group labels and no others.
fn summed(expr: Expr, groups: &[LabelName]) -> Expr {
    if is_aggregated(&expr, groups) {
        return expr;
    }
    let labels: Vec<SmolStr> = groups.iter().map(|label| label.as_str().into()).collect();
    if labels.is_empty() { build::sum(expr) } else { build::sum_by(&labels, expr) }
}
