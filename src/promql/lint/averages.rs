//! Averages that mean nothing: of quantiles, and of ratios.

use crate::promql::lint::shape::{aggregate_of, bare, call_of, selector_of};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Aggregate, AggregateOp, BinaryOp, Expr, ExprKind, MatchOp, TextRange};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let aggregate = aggregate_of(part).filter(|_| matches!(part.kind, ExprKind::Aggregate(_)))?;
    if !matches!(aggregate.op.value, AggregateOp::Sum | AggregateOp::Avg) {
        return None;
    }
    of_quantiles(aggregate).or_else(|| of_ratios(aggregate))
}

fn of_quantiles(aggregate: &Aggregate) -> Option<Finding> {
    let (range, words) = quantiles(&aggregate.expr)?;
    let op = aggregate.op.value.as_str();
    Some(
        Finding::new(Lint::AverageOfQuantiles, aggregate.op.range, format!("`{op}` of quantiles is no quantile"))
            .related(range, words)
            .note("the quantile of several processes together cannot be worked out from their quantiles")
            .help("add up buckets first: `histogram_quantile(0.99, sum by (le) (rate(..._bucket[5m])))`; or take the worst with `max`"),
    )
}

/// Where an expression is quantiles.
fn quantiles(expr: &Expr) -> Option<(TextRange, &'static str)> {
    if let Some(call) = call_of(expr, &["histogram_quantile"]) {
        return Some((call.function.range, "a quantile per series"));
    }
    let selector = selector_of(expr).filter(|_| matches!(bare(expr).kind, ExprKind::Selector(_)))?;
    let name = selector.name.as_ref()?;
    let matcher = selector.matchers.iter().find(|matcher| matcher.label.value == "quantile")?;
    let is_one = matcher.op == MatchOp::Equal && matcher.value.value.starts_with("0.");
    (is_one && !name.value.ends_with("_count") && !name.value.ends_with("_sum"))
        .then_some((matcher.range, "a quantile of each process"))
}

fn of_ratios(aggregate: &Aggregate) -> Option<Finding> {
    let ExprKind::Binary(binary) = &bare(&aggregate.expr).kind else {
        return None;
    };
    if binary.op.value != BinaryOp::Div {
        return None;
    }
    let is_rate = |side: &Expr| call_of(side, &["rate", "increase"]).is_some();
    if !is_rate(&binary.lhs) || !is_rate(&binary.rhs) {
        return None;
    }
    let op = aggregate.op.value.as_str();
    Some(
        Finding::new(Lint::AverageOfRatios, aggregate.op.range, format!("`{op}` of ratios"))
            .related(binary.op.range, "a ratio of each series, NaN where nothing happened")
            .note("a series with one event counts as much as one with a million, and a single NaN makes all of it NaN")
            .help("divide sums: `sum(rate(...)) / sum(rate(...))`"),
    )
}
