//! `topk` in rules, whose series come and go.

use crate::promql::lint::shape::number;
use crate::promql::lint::{Context, Finding, Lint, Role};
use crate::promql::{AggregateOp, Expr, ExprKind};

pub(super) fn check(part: &Expr, context: &Context) -> Option<Finding> {
    let ExprKind::Aggregate(aggregate) = &part.kind else {
        return None;
    };
    let is_pick = matches!(aggregate.op.value, AggregateOp::Topk | AggregateOp::Bottomk);
    let is_rule = matches!(context.role, Role::Alert | Role::Recording);
    // One of each group is the way to make joins unique.
    let is_unique = number(aggregate.param.as_ref()?) == Some(1.0);
    if !is_pick || !is_rule || is_unique {
        return None;
    }
    let op = aggregate.op.value.as_str();
    Some(
        Finding::new(Lint::TopkInRule, aggregate.op.range, format!("`{op}` in a rule"))
            .note("which series are picked changes from one evaluation to the next: recorded series have gaps, alerts start over")
            .help("compare with a limit in an alert; record all series and pick some in the query"),
    )
}
