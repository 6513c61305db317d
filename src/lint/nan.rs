//! Averages over time of recorded series that are NaN without traffic.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::prometheus_rules::{RuleDecl, RuleKind};
use crate::promql::lint::{may_be_nan, spoilt};
use crate::promql::{Dialect, Expr, ExprKind, ParseOptions, Selector, parse, visit};
use crate::resolve::promql::place;
use crate::source::{Span, Text};

/// The recorded series that are NaN without traffic, by name, with what makes them so.
pub(super) type NanSeries = BTreeMap<String, Span>;

/// The name of a rule's series and what makes it NaN, if anything does.
pub(super) fn recorded(rule: &RuleDecl) -> Option<(String, Span)> {
    let text = rule.expr.as_ref().filter(|_| rule.kind == RuleKind::Record)?;
    if !text.value.contains(['/', 'h']) {
        return None;
    }
    let expr = parse(&text.value, &ParseOptions::new(Dialect::Rule)).ok()?;
    Some((rule.name.value.clone(), place(text, may_be_nan(&expr)?)))
}

/// Reports functions over time that one of these series spoils.
pub(super) fn check(expr: &Expr, text: &Text, series: &NanSeries, sink: &mut Sink) {
    if series.is_empty() {
        return;
    }
    visit::walk(expr, &mut |part| {
        let Some((call, window)) = spoilt(part) else { return };
        let Some((selector, source)) = unfiltered(window).and_then(|selector| {
            let name = selector.name.as_ref()?;
            Some((name, series.get(name.value.as_str())?))
        }) else {
            return;
        };
        let function = &call.function;
        let message = format!("`{}` of `{}`, which is NaN without traffic", function.value, selector.value);
        sink.push(
            Diagnostic::new(Code::NanInAverage, place(text, function.range), message)
                .secondary(*source, "NaN while nothing happens")
                .note("a single NaN makes the result NaN for as long as it is in the range")
                .help("drop it where it is recorded: divide by `(... > 0)`, or keep what is `>= 0`"),
        );
    });
}

/// The selector whose values pass unchanged, or changed by a number, into a range.
fn unfiltered(window: &Expr) -> Option<&Selector> {
    match &window.kind {
        ExprKind::Matrix(matrix) => Some(&matrix.selector),
        ExprKind::Selector(selector) => Some(selector),
        ExprKind::Subquery(subquery) => unfiltered(&subquery.expr),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => unfiltered(inner),
        ExprKind::Binary(binary) if !binary.op.value.is_comparison() => match (&binary.lhs.kind, &binary.rhs.kind) {
            (ExprKind::Number(_), _) => unfiltered(&binary.rhs),
            (_, ExprKind::Number(_)) => unfiltered(&binary.lhs),
            _ => None,
        },
        _ => None,
    }
}
