//! The queries of a dashboard.

use super::{Settings, nan};
use crate::diag::Sink;
use crate::promql::Dialect;
use crate::promql::lint::{Context, Role};
use crate::resolve::promql::typed_for;
use crate::resolve::{catalogue, lint};
use crate::source::Text;

/// Checks a query.
pub(super) fn check(text: &Text, settings: &Settings, sink: &mut Sink) {
    if let Some(typed) = typed_for(text, Dialect::Dashboard, &settings.options, sink) {
        lint::expression(&typed.expr, text, &Context::new(Role::Query), sink);
        catalogue::expression(&typed.expr, text, &settings.known, sink);
        nan::check(&typed.expr, text, &settings.nan, sink);
    }
}
