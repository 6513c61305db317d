//! Ranges that hold too few scrapes.

use crate::promql::lint::{Context, Finding, Lint};
use crate::promql::{DurationKind, Expr, ExprKind, format_millis};

/// Functions that need two samples.
const NEED_TWO: [&str; 9] =
    ["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "changes", "resets"];

/// With a range of less than two scrape intervals, a rate often has one sample, which is none.
pub(super) fn check(part: &Expr, context: &Context) -> Option<Finding> {
    let scrape = context.scrape_interval?;
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    let ExprKind::Matrix(matrix) = &call.args.first()?.kind else {
        return None;
    };
    let DurationKind::Millis(millis) = matrix.window.kind else {
        return None;
    };
    if millis >= scrape.saturating_mul(2) || !NEED_TWO.contains(&call.function.value.as_str()) {
        return None;
    }
    let (range, usual) = (format_millis(millis), format_millis(scrape.saturating_mul(4)));
    let message = format!("a range of `{range}` holds fewer than two scrapes, {} apart", format_millis(scrape));
    Some(
        Finding::new(Lint::ShortRange, matrix.window.range, message)
            .note(format!("`{}` needs two samples, and four make it survive a failed scrape", call.function.value))
            .help(format!("write `{usual}` or more")),
    )
}
