//! Sums over the buckets of a histogram, each of which holds the smaller ones already.

use crate::promql::lint::shape::{bare, call_of, number, selector_of};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Aggregate, AggregateOp, Expr, ExprKind, GroupingKind, labels, visit};

/// Looks at a whole expression: below `histogram_quantile`, a missing `le` is reported as such.
pub(super) fn check(expr: &Expr, found: &mut Vec<Finding>) {
    if call_of(expr, &["histogram_quantile", "histogram_quantiles"]).is_some() {
        return;
    }
    if let ExprKind::Binary(binary) = &expr.kind
        && binary.op.value.is_comparison()
        && number(&binary.rhs) == Some(0.0)
    {
        // Whether anything was observed at all, any sum can say.
        return;
    }
    if let ExprKind::Aggregate(aggregate) = &expr.kind {
        found.extend(summed(aggregate));
    }
    for child in visit::children(expr) {
        check(child, found);
    }
}

fn summed(aggregate: &Aggregate) -> Option<Finding> {
    if !matches!(aggregate.op.value, AggregateOp::Sum | AggregateOp::Avg) {
        return None;
    }
    let keeps_le = aggregate.grouping.as_ref().is_some_and(|grouping| {
        let is_listed = grouping.labels.iter().any(|label| label.value == "le" || label.value.contains(['$', '[']));
        match grouping.kind {
            GroupingKind::By => is_listed,
            GroupingKind::Without => !is_listed,
        }
    });
    let inner = match &bare(&aggregate.expr).kind {
        ExprKind::Call(call) if matches!(call.function.value.as_str(), "rate" | "increase" | "irate") => {
            call.args.first()?
        }
        _ => &aggregate.expr,
    };
    let selector = selector_of(inner)?;
    let name = selector.name.as_ref().filter(|name| name.value.ends_with("_bucket") && !name.value.contains(':'))?;
    let matches_le = selector.matchers.iter().any(|matcher| matcher.label.value == "le");
    if keeps_le || matches_le || !labels::of(inner).may_have("le") {
        return None;
    }
    let base = name.value.trim_end_matches("_bucket");
    Some(
        Finding::new(Lint::SummedBuckets, aggregate.op.range, format!("a sum over all buckets of `{base}`"))
            .related(name.range, "each bucket counts the smaller ones too")
            .help(format!("for the number of observations use `{base}_count`; for one bucket, a matcher on `le`")),
    )
}
