//! Whether group labels survive an expression, and what removes them.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::LabelName;
use crate::promql::{Expr, TextRange};
use crate::resolve::promql::place;
use crate::source::Text;

/// A label that an expression cannot have any more.
pub(in crate::resolve) struct Lost {
    /// What removes it.
    pub(in crate::resolve) range: TextRange,
}

/// Whether a label cannot be on the result, and what removes it.
pub(in crate::resolve) fn lost(_expr: &Expr, _label: &str) -> Option<Lost> {
    None
}

/// Whether the result may have labels besides these.
pub(super) fn surplus_labels(_expr: &Expr, _groups: &[LabelName]) -> bool {
    false
}

/// Reports group labels that the expression removes; `None` if there are any.
pub(super) fn check_survival(expr: &Expr, text: &Text, groups: &[LabelName], sink: &mut Sink) -> Option<()> {
    let mut survive = Some(());
    for group in groups {
        if let Some(lost) = lost(expr, group.as_str()) {
            survive = None;
            sink.push(removed(text, group, &lost));
        }
    }
    survive
}

fn removed(text: &Text, group: &LabelName, lost: &Lost) -> Diagnostic {
    let message = format!("the group label `{group}` is gone from the result");
    Diagnostic::new(Code::BadGrouping, place(text, lost.range), message)
        .label("removed here")
        .help(format!("keep it, as in `sum by ({group}) (...)`, or remove it from `group_by`"))
}
