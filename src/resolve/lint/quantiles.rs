//! Quantiles of buckets that have lost the label which tells them apart.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::{Expr, ExprKind, labels, visit};
use crate::resolve::promql::place;
use crate::source::Text;

pub(super) fn check(part: &Expr, text: &Text, sink: &mut Sink) {
    let ExprKind::Call(call) = &part.kind else {
        return;
    };
    let ("histogram_quantile", Some(buckets)) = (call.function.value.as_str(), call.args.get(1)) else {
        return;
    };
    // Native histograms have no `le`; only classic ones have series of this name.
    let names = visit::selectors(buckets).into_iter().filter_map(|selected| selected.selector.name.as_ref());
    let are_classic = names.clone().count() > 0 && names.clone().all(|name| name.value.ends_with("_bucket"));
    let Some(removal) = labels::of(buckets).removed("le").filter(|_| are_classic) else {
        return;
    };
    sink.push(
        Diagnostic::new(
            Code::QuantileWithoutLe,
            place(text, call.function.range),
            "a quantile of buckets without `le`",
        )
        .label("never has a value")
        .secondary(place(text, removal.range), format!("`le` {}", removal.cause.describe()))
        .help("keep `le` in the aggregation, as in `sum by (le) (...)`"),
    );
}
