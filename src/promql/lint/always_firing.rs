//! Alerts whose expression always has a value.

use crate::promql::lint::shape::{has_series, has_variable};
use crate::promql::lint::{Context, Finding, Lint, Role, bounds};
use crate::promql::{BinaryOp, Expr, ExprKind, TextRange, ValueType};

/// Looks at a whole condition.
pub(super) fn check(expr: &Expr, context: &Context) -> Option<Finding> {
    // An alert on a number alone is meant to fire for ever: it watches the alerting itself.
    if context.role != Role::Alert || expr.value_type() != ValueType::Vector {
        return None;
    }
    if !has_series(expr) || has_variable(expr) || is_conditional(expr) {
        return None;
    }
    let finding = Finding::new(Lint::AlwaysFiring, expr.range, "the alert fires whatever the values are")
        .note("an alert fires for every series that its expression returns, also for those of value 0");
    Some(match with_bool(expr) {
        Some(range) => finding
            .related(range, "`bool` returns 0 where the comparison does not hold, instead of nothing")
            .help("remove `bool`"),
        None => finding.help("compare with a limit, as in `... > 0`"),
    })
}

/// Whether values decide if there is a result.
fn is_conditional(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Matrix(_) => false,
        ExprKind::Selector(selector) => selector.name.as_ref().is_none_or(|name| is_message(&name.value)),
        ExprKind::Variable(_) => true,
        ExprKind::Subquery(subquery) => {
            !matches!(subquery.expr.kind, ExprKind::Selector(_)) && is_conditional(&subquery.expr)
        }
        ExprKind::Call(call) => match call.function.value.as_str() {
            "absent" | "absent_over_time" | "present_over_time" | "count_over_time" => true,
            _ => call.args.iter().any(is_conditional),
        },
        ExprKind::Aggregate(aggregate) => is_conditional(&aggregate.expr),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => is_conditional(inner),
        ExprKind::Binary(binary) => match binary.op.value {
            BinaryOp::And | BinaryOp::Unless => true,
            BinaryOp::Or => is_conditional(&binary.lhs) && is_conditional(&binary.rhs),
            op if op.is_comparison() && !binary.returns_bool => {
                !bounds::always(op, bounds::of(&binary.lhs), bounds::of(&binary.rhs))
                    || is_conditional(&binary.lhs)
                    || is_conditional(&binary.rhs)
            }
            _ => is_conditional(&binary.lhs) || is_conditional(&binary.rhs),
        },
    }
}

/// Whether series of this name exist to say something: their value is always 1.
fn is_message(name: &str) -> bool {
    name.ends_with("_info") || name == "ALERTS"
}

/// The outermost comparison with `bool`.
fn with_bool(expr: &Expr) -> Option<TextRange> {
    match &expr.kind {
        ExprKind::Paren(inner) => with_bool(inner),
        ExprKind::Binary(binary) if binary.returns_bool => Some(binary.op.range),
        _ => None,
    }
}
