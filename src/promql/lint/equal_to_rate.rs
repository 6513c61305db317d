//! Equality with what is extrapolated.

use crate::promql::lint::shape::{bare, call_of, number};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{BinaryOp, Expr, ExprKind};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    if !matches!(binary.op.value, BinaryOp::Equal | BinaryOp::NotEqual) {
        return None;
    }
    let limit = number(&binary.rhs).filter(|limit| *limit != 0.0 && !limit.is_nan())?;
    let inner = match &bare(&binary.lhs).kind {
        ExprKind::Aggregate(aggregate) => &aggregate.expr,
        _ => &binary.lhs,
    };
    let function = &call_of(inner, &["rate", "increase", "delta", "deriv", "irate"])?.function;
    let outcome = if binary.op.value == BinaryOp::Equal { "hardly ever" } else { "nearly always" };
    Some(
        Finding::new(Lint::EqualToRate, binary.op.range, format!("`{}` is {outcome} exactly {limit}", function.value))
            .related(function.range, "is extrapolated to the ends of the range: 1.07 where one event happened")
            .help("compare with `>`, `>=`, `<` or `<=`"),
    )
}
