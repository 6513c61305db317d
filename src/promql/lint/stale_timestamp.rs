//! Ages of samples that are never as old as the limit.

use crate::promql::lint::shape::{bare, call_of, is_order, number, selector_of};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{BinaryOp, Expr, ExprKind};

/// Seconds for which Prometheus returns a sample that has no successor, by default.
const LOOKBACK: f64 = 300.0;

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(comparison) = &part.kind else {
        return None;
    };
    if !matches!(comparison.op.value, BinaryOp::Greater | BinaryOp::GreaterEqual) || !is_order(comparison.op.value) {
        return None;
    }
    let limit = number(&comparison.rhs).filter(|limit| *limit >= LOOKBACK)?;
    let ExprKind::Binary(age) = &bare(&comparison.lhs).kind else {
        return None;
    };
    call_of(&age.lhs, &["time"]).filter(|_| age.op.value == BinaryOp::Sub)?;
    let timestamp = call_of(&age.rhs, &["timestamp"])?;
    let selector = selector_of(timestamp.args.first()?)?;
    if selector.modifiers.offset.is_some() || selector.modifiers.at.is_some() {
        return None;
    }
    Some(
        Finding::new(Lint::StaleTimestamp, comparison.rhs.range, format!("no sample is {limit} seconds old"))
            .related(timestamp.function.range, "when the newest sample was scraped")
            .note("after five minutes without a scrape, and at once when the target is gone, the series ends")
            .help("for a missing series use `absent(...)`; for a stopped job, a metric that holds the time of its last success"),
    )
}
