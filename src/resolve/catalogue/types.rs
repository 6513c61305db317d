//! Rates of gauges and totals of counters, by their real type.

use crate::catalogue::{Kind, Known};
use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::{AggregateOp, BinaryOp, Expr, ExprKind, Ranged, Selector};
use crate::resolve::promql::{place, unbracketed};
use crate::source::{Span, Text};
use smol_str::SmolStr;

/// What an SLI takes the rate of.
pub(super) fn counted(selector: &Selector, text: &Text, key: &str, known: &Known, sink: &mut Sink) {
    let Some((name, file)) = gauge(selector, known) else { return };
    let span = place(text, name.range);
    let message = format!("`{key}` counts events, and `{}` is a gauge", name.value);
    sink.push(
        Diagnostic::new(Code::RateOfGauge, span, message)
            .note(format!("`{file}` says so; the rules take the rate of `{key}`"))
            .help("give the counter of the events, or make it an SLI of `up` or `value`"),
    );
}

/// Rates of gauges, and counters that are compared with a limit; withdraws what was said by the name alone.
pub(super) fn check(part: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    rate(part, text, known, sink);
    comparison(part, text, known, sink);
}

fn rate(part: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    let ExprKind::Call(call) = &part.kind else { return };
    let instead = match call.function.value.as_str() {
        "rate" | "irate" => "deriv",
        "increase" => "delta",
        _ => return,
    };
    let Some(ExprKind::Matrix(matrix)) = call.args.first().map(|arg| &arg.kind) else { return };
    let span = place(text, call.function.range);
    let Some(found) = matrix.selector.name.as_ref().and_then(|name| known.find(&name.value)) else { return };
    if found.metric.kind != Kind::Unknown {
        sink.withdraw(Code::RateOfGauge, span);
    }
    let Some((name, file)) = gauge(&matrix.selector, known) else { return };
    let function = &call.function.value;
    sink.push(
        Diagnostic::new(Code::RateOfGauge, span, format!("`{function}` of the gauge `{}`", name.value))
            .secondary(place(text, name.range), format!("a gauge, says `{file}`"))
            .note(format!("`{function}` takes every fall of the value for a restart of the counter, and adds it up"))
            .replace(format!("for a gauge, use `{instead}`"), span, instead),
    );
}

fn gauge<'a>(selector: &'a Selector, known: &'a Known) -> Option<(&'a Ranged<SmolStr>, &'a str)> {
    let name = selector.name.as_ref()?;
    let found = known.find(&name.value)?;
    (found.metric.kind == Kind::Gauge).then_some((name, found.file))
}

fn comparison(part: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    let ExprKind::Binary(binary) = &part.kind else { return };
    let is_order =
        matches!(binary.op.value, BinaryOp::Greater | BinaryOp::Less | BinaryOp::GreaterEqual | BinaryOp::LessEqual);
    let total = match (&binary.lhs.kind, &binary.rhs.kind) {
        // More than zero asks whether anything was counted at all.
        (_, ExprKind::Number(limit)) if is_order && limit.text != "0" => total(&binary.lhs),
        (ExprKind::Number(limit), _) if is_order && limit.text != "0" => total(&binary.rhs),
        _ => None,
    };
    let Some(name) = total else { return };
    let Some(found) = known.find(&name.value) else { return };
    let span: Span = place(text, name.range);
    if found.metric.kind == Kind::Unknown {
        return;
    }
    sink.withdraw(Code::CounterWithoutRate, span);
    if found.metric.kind == Kind::Counter {
        let message = format!("the counter `{}` is compared with a limit", name.value);
        sink.push(
            Diagnostic::new(Code::CounterWithoutRate, span, message)
                .note("a counter only grows: once above the limit, it stays there until the process restarts")
                .help(format!("compare its growth, as in `increase({}[1h]) > ...`", name.value)),
        );
    }
}

/// The metric whose value itself is compared.
fn total(expr: &Expr) -> Option<&Ranged<SmolStr>> {
    match &unbracketed(expr).kind {
        ExprKind::Aggregate(aggregate) if keeps_value(aggregate.op.value) => total(&aggregate.expr),
        ExprKind::Selector(selector) => selector.name.as_ref(),
        _ => None,
    }
}

/// Whether an aggregation of totals is a total.
fn keeps_value(op: AggregateOp) -> bool {
    matches!(op, AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Min | AggregateOp::Max)
}
