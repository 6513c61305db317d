//! Patterns of `label_replace` that are no regular expressions, which shows only when it is evaluated.

use crate::promql::lint::{Finding, Lint};
use crate::promql::name::has_variable;
use crate::promql::regex::{self, Verdict};
use crate::promql::{Expr, ExprKind};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else { return None };
    let pattern = call.args.get(4).filter(|_| call.function.value == "label_replace")?;
    let ExprKind::String(text) = &pattern.kind else { return None };
    if has_variable(text) {
        return None;
    }
    match regex::verdict(text) {
        Verdict::MatchesEmpty | Verdict::NeedsText => None,
        Verdict::Invalid(reason) => Some(
            Finding::new(
                Lint::ImpossibleRegex,
                pattern.range,
                format!("the pattern of `label_replace` is no regular expression: {reason}"),
            )
            .note("Prometheus loads the expression, and every evaluation of it fails"),
        ),
    }
}
