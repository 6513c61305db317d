//! `absent` of what has no labels any more.

use crate::promql::lint::shape::{aggregate_of, call_of, selector_of};
use crate::promql::lint::{Context, Finding, Lint, Role};
use crate::promql::{Expr, ExprKind, MatchOp, print_line, visit};

pub(super) fn check(part: &Expr, context: &Context) -> Option<Finding> {
    let call = call_of(part, &["absent"]).filter(|_| matches!(part.kind, ExprKind::Call(_)))?;
    let inner = call.args.first()?;
    let aggregate = aggregate_of(inner).filter(|_| context.role == Role::Alert)?;
    // Only where the selector would give labels is anything lost.
    let selected = visit::selectors(&aggregate.expr);
    let [only] = selected.as_slice() else {
        return None;
    };
    let has_labels = only.selector.matchers.iter().any(|matcher| matcher.op == MatchOp::Equal);
    selector_of(&aggregate.expr).filter(|_| has_labels && only.window.is_none())?;
    let written = print_line(&aggregate.expr);
    Some(
        Finding::new(Lint::AbsentOfAggregation, aggregate.op.range, "`absent` of an aggregation has no labels")
            .related(call.function.range, "takes labels from the matchers of a selector alone")
            .note("the alert does not say what is missing, and is routed without these labels")
            .help(format!("write `absent({written})`")),
    )
}
