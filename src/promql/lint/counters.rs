//! Rates of gauges, and counters that are compared without a rate.

use crate::promql::lint::{Finding, Lint};
use crate::promql::{AggregateOp, BinaryOp, Expr, ExprKind, Ranged};

/// What the names of gauges end in.
const GAUGES: [&str; 12] = [
    "_ratio",
    "_percent",
    "_celsius",
    "_info",
    "_timestamp",
    "_timestamp_seconds",
    "_free_bytes",
    "_size_bytes",
    "_limit_bytes",
    "_usage_bytes",
    "_available_bytes",
    "_memory_bytes",
];

pub(super) fn check(part: &Expr) -> Option<Finding> {
    rate_of_gauge(part).or_else(|| counter_without_rate(part))
}

fn rate_of_gauge(part: &Expr) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    let instead = match call.function.value.as_str() {
        "rate" | "irate" => "deriv",
        "increase" => "delta",
        _ => return None,
    };
    let ExprKind::Matrix(matrix) = &call.args.first()?.kind else {
        return None;
    };
    let name = matrix.selector.name.as_ref()?;
    if !GAUGES.iter().any(|suffix| name.value.ends_with(suffix)) {
        return None;
    }
    let function = &call.function.value;
    let span = call.function.range;
    Some(
        Finding::new(Lint::RateOfGauge, span, format!("`{function}` of `{}`, which looks like a gauge", name.value))
            .related(name.range, "counters end in `_total`, `_count`, `_sum` or `_bucket`")
            .note(format!("`{function}` takes every fall of the value for a restart of the counter, and adds it up"))
            .replace(format!("for a gauge, use `{instead}`"), span, instead),
    )
}

fn counter_without_rate(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let is_order =
        matches!(binary.op.value, BinaryOp::Greater | BinaryOp::Less | BinaryOp::GreaterEqual | BinaryOp::LessEqual);
    let counter = match (&binary.lhs.kind, &binary.rhs.kind) {
        // `x_total > 0` asks whether anything was counted at all.
        (_, ExprKind::Number(limit)) if is_order && limit.text != "0" => counter(&binary.lhs),
        (ExprKind::Number(limit), _) if is_order && limit.text != "0" => counter(&binary.rhs),
        _ => None,
    }?;
    let message = format!("the counter `{}` is compared with a limit", counter.value);
    Some(
        Finding::new(Lint::CounterWithoutRate, counter.range, message)
            .note("a counter only grows: once above the limit, it stays there until the process restarts")
            .help(format!("compare its growth, as in `increase({}[1h]) > ...`", counter.value)),
    )
}

/// The counter whose total an expression is.
fn counter(expr: &Expr) -> Option<&Ranged<smol_str::SmolStr>> {
    match &expr.kind {
        ExprKind::Paren(inner) => counter(inner),
        ExprKind::Aggregate(aggregate) => match aggregate.op.value {
            AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Min | AggregateOp::Max => counter(&aggregate.expr),
            _ => None,
        },
        ExprKind::Selector(selector) => selector.name.as_ref().filter(|name| name.value.ends_with("_total")),
        _ => None,
    }
}
