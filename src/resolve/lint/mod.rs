//! Expressions that Prometheus accepts and that cannot do what they seem to.

mod counters;
mod operands;
mod quantiles;
mod regexes;
mod short_ranges;

use crate::diag::Sink;
use crate::promql::{Expr, visit};
use crate::source::Text;

pub(super) use regexes::check_matcher;
pub(super) use short_ranges::short_ranges;

/// Looks at every part of an expression.
pub(super) fn expression(expr: &Expr, text: &Text, sink: &mut Sink) {
    visit::walk(expr, &mut |part| {
        counters::check(part, text, sink);
        operands::check(part, text, sink);
        quantiles::check(part, text, sink);
        regexes::check(part, text, sink);
    });
}
