//! Quantiles of buckets that have lost the label which tells them apart.

use crate::promql::lint::{Finding, Lint};
use crate::promql::{Expr, ExprKind, labels, visit};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    let ("histogram_quantile", Some(buckets)) = (call.function.value.as_str(), call.args.get(1)) else {
        return None;
    };
    // Native histograms have no `le`; only classic ones have series of this name.
    let names = visit::selectors(buckets).into_iter().filter_map(|selected| selected.selector.name.as_ref());
    let are_classic = names.clone().count() > 0 && names.clone().all(|name| name.value.ends_with("_bucket"));
    let removal = labels::of(buckets).removed("le").filter(|_| are_classic)?;
    Some(
        Finding::new(Lint::QuantileWithoutLe, call.function.range, "a quantile of buckets without `le`")
            .label("never has a value")
            .related(removal.range, format!("`le` {}", removal.cause.describe()))
            .help("keep `le` in the aggregation, as in `sum by (le) (...)`"),
    )
}
