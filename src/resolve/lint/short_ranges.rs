//! Ranges that hold too few scrapes.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Duration;
use crate::promql::{DurationKind, Expr, ExprKind, visit};
use crate::resolve::promql::{place, slice};
use crate::source::Text;

/// Functions that need two samples.
const NEED_TWO: [&str; 9] =
    ["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "changes", "resets"];

/// A lint: with a range of less than two scrape intervals, a rate often has one sample, which is none.
pub(in crate::resolve) fn short_ranges(expr: &Expr, text: &Text, scrape: Duration, sink: &mut Sink) {
    visit::walk(expr, &mut |part| {
        let ExprKind::Call(call) = &part.kind else {
            return;
        };
        let Some(ExprKind::Matrix(matrix)) = call.args.first().map(|arg| &arg.kind) else {
            return;
        };
        let DurationKind::Millis(millis) = matrix.window.kind else {
            return;
        };
        let least = Duration::from_millis(2 * scrape.millis());
        let is_short = u64::try_from(millis).is_ok_and(|millis| millis < least.millis());
        if !is_short || !NEED_TWO.contains(&call.function.value.as_str()) {
            return;
        }
        let written = slice(text, matrix.window.range);
        let usual = Duration::from_millis(4 * scrape.millis());
        let message = format!("a range of `{written}` holds fewer than two scrapes, {scrape} apart");
        sink.push(
            Diagnostic::new(Code::ShortRange, place(text, matrix.window.range), message)
                .note(format!("`{}` needs two samples, and four make it survive a failed scrape", call.function.value))
                .help(format!("write `{usual}` or more")),
        );
    });
}
