//! Negative offsets in rules, which look into the future.

use crate::promql::lint::{Context, Finding, Lint, Role};
use crate::promql::{DurationKind, Expr, format_millis, visit};

/// Looks at a whole expression.
pub(super) fn check(expr: &Expr, context: &Context) -> Vec<Finding> {
    if !matches!(context.role, Role::Alert | Role::Recording | Role::Indicator) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for duration in visit::durations(expr) {
        let DurationKind::Millis(millis @ ..0) = duration.kind else {
            continue;
        };
        let ago = format_millis(-millis);
        found.push(
            Finding::new(Lint::FutureOffset, duration.range, format!("this looks {ago} into the future"))
                .note("a rule is evaluated now: there are no samples yet")
                .help(format!("for the time before now write `offset {ago}`")),
        );
    }
    found
}
