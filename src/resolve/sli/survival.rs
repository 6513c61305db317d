//! Which labels are left on an expression's series: all group labels, and no others where one series is wanted.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::LabelName;
use crate::promql::{Expr, labels};
use crate::resolve::promql::place;
use crate::source::Text;

/// Whether the result surely has no labels besides these, so that there is one series for each group.
pub(super) fn is_aggregated(expr: &Expr, groups: &[LabelName]) -> bool {
    let is_group = |label: &str| groups.iter().any(|group| group.as_str() == label);
    labels::of(expr).possible().is_some_and(|possible| possible.iter().all(|label| is_group(label)))
}

/// The labels besides these that the result may have, in backticks; nothing if the expression does not bound them.
pub(super) fn surplus_labels(expr: &Expr, groups: &[LabelName]) -> Vec<String> {
    let is_group = |label: &str| groups.iter().any(|group| group.as_str() == label);
    let possible = labels::of(expr).possible().unwrap_or_default();
    possible.iter().filter(|label| !is_group(label)).map(|label| format!("`{label}`")).collect()
}

/// Reports group labels that the expression removes; `None` if there are any.
pub(super) fn check_survival(expr: &Expr, text: &Text, groups: &[LabelName], sink: &mut Sink) -> Option<()> {
    if groups.is_empty() {
        return Some(());
    }
    let left = labels::of(expr);
    let removals = groups.iter().filter_map(|group| Some((group, left.removed(group.as_str())?)));
    let mut survive = Some(());
    for (group, removal) in removals {
        survive = None;
        sink.push(removed(text, group, removal));
    }
    survive
}

fn removed(text: &Text, group: &LabelName, removal: labels::Removal) -> Diagnostic {
    let message = format!("the SLO is grouped by `{group}`, and no series of the expression has that label");
    Diagnostic::new(Code::BadGrouping, place(text, removal.range), message)
        .label(format!("`{group}` {}", removal.cause.describe()))
        .help(format!("keep it, as in `sum by ({group}) (...)`, or remove it from `group_by`"))
}
