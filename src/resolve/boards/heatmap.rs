//! What is special about heatmaps: their queries keep the bounds of the buckets.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::PanelSeries;
use crate::promql::labels::{Cause, Removal};
use crate::promql::{Expr, labels, visit};
use crate::resolve::promql::place;

/// The ends of names whose series are numbers, never histograms.
const NUMBERS: [&str; 4] = ["_bucket", "_count", "_sum", "_total"];

/// Reports queries whose answers are certain to be neither buckets nor histograms.
pub(super) fn check(series: &[PanelSeries], sink: &mut Sink) {
    for series in series {
        let Some(removal) = labels::of(&series.expr).removed("le") else { continue };
        if !is_number(&series.expr, removal) {
            continue;
        }
        let message = "a heatmap of series without `le`, the upper bounds of its buckets";
        let place = place(&series.text, removal.range);
        let diagnostic = Diagnostic::new(Code::LostLabel, place, message);
        sink.push(
            diagnostic
                .label(format!("`le` {}", removal.cause.describe()))
                .help("keep it, as in `sum by (le) (rate(x_bucket[$__rate_interval]))`; draw other numbers as `graph`"),
        );
    }
}

/// Whether the values are numbers for certain: native histograms, which have no `le`, are drawn as they are.
fn is_number(expr: &Expr, removal: Removal) -> bool {
    match removal.cause {
        Cause::Scalar | Cause::Absent | Cause::Function => return true,
        Cause::Aggregated
        | Cause::NotInBy
        | Cause::InWithout
        | Cause::NotInOn
        | Cause::InIgnoring
        | Cause::MatchedEmpty
        | Cause::Emptied => {}
    }
    let selectors = visit::selectors(expr);
    let is_number = |name: &str| NUMBERS.iter().any(|end| name.ends_with(end));
    let mut names = selectors.iter().map(|selected| selected.selector.name.as_ref());
    !selectors.is_empty() && names.all(|name| name.is_some_and(|name| is_number(&name.value)))
}
