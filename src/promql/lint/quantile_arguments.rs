//! Quantiles that are no number between 0 and 1, and quantiles of all time.

use crate::promql::lint::shape::{aggregate_of, number, selector_of};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{AggregateOp, Expr, ExprKind};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    out_of_range(part).or_else(|| of_totals(part))
}

fn out_of_range(part: &Expr) -> Option<Finding> {
    let quantile = match &part.kind {
        ExprKind::Call(call) => match call.function.value.as_str() {
            "histogram_quantile" | "quantile_over_time" => call.args.first()?,
            _ => return None,
        },
        ExprKind::Aggregate(aggregate) if aggregate.op.value == AggregateOp::Quantile => aggregate.param.as_ref()?,
        _ => return None,
    };
    let value = number(quantile).filter(|value| !(0.0..=1.0).contains(value))?;
    let result = if value < 0.0 { "-Inf" } else { "+Inf" };
    let finding = Finding::new(Lint::QuantileOutOfRange, quantile.range, "a quantile that is not between 0 and 1")
        .label(format!("the result is always {result}"));
    Some(if value > 1.0 && value < 100.0 {
        finding.help(format!("for the {value}th percentile write `{}`", decimal(value)))
    } else {
        finding.help("write a number between 0 and 1, as in `0.99`")
    })
}

/// A percentage as a ratio, without digits that binary fractions add.
fn decimal(percent: f64) -> String {
    let text = format!("{:.6}", percent / 100.0);
    text.trim_end_matches('0').to_owned()
}

fn of_totals(part: &Expr) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    if call.function.value != "histogram_quantile" {
        return None;
    }
    let buckets = call.args.get(1)?;
    let inner = aggregate_of(buckets).filter(|aggregate| aggregate.op.value == AggregateOp::Sum);
    let selector = selector_of(inner.map_or(buckets, |aggregate| &aggregate.expr))?;
    let name = selector.name.as_ref().filter(|name| name.value.ends_with("_bucket") && !name.value.contains(':'))?;
    Some(
        Finding::new(Lint::QuantileOfTotals, name.range, "a quantile over everything since the processes started")
            .note("buckets are counters: without a rate, the result hardly moves and jumps at a restart")
            .help(format!("write `rate({}[5m])`", name.value)),
    )
}
