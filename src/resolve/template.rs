//! Prometheus templates in alerts: their syntax, and the labels they name.

use crate::diag::Sink;
use crate::promql::Expr;
use crate::source::Text;

/// Where the values of a template come from.
pub(super) struct Origin<'a> {
    /// The condition.
    pub(super) expr: &'a Expr,
    /// The condition as written.
    pub(super) expr_text: &'a Text,
    /// A selector whose absence fires the alert too.
    pub(super) or_absent: Option<&'a Expr>,
}

/// Reports what is wrong with a template.
pub(super) fn check(_text: &Text, origin: &Origin<'_>, _sink: &mut Sink) {
    let _ = (origin.expr, origin.expr_text, origin.or_absent);
}
