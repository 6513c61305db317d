//! Operations of something with itself.

use crate::promql::lint::shape::has_series;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{BinaryOp, Expr, ExprKind, without_parens};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let outcome = match binary.op.value {
        BinaryOp::Sub => "0 for every series",
        BinaryOp::Div => "1, or NaN, for every series",
        BinaryOp::Greater | BinaryOp::Less => "never holds",
        BinaryOp::GreaterEqual | BinaryOp::LessEqual => "holds for all but NaN",
        BinaryOp::And | BinaryOp::Or => "the same as either side alone",
        BinaryOp::Unless => "always empty",
        // `x == x` drops NaN and `x != x` finds it: both are meant.
        _ => return None,
    };
    let is_same = without_parens(&binary.lhs) == without_parens(&binary.rhs);
    if !is_same || !has_series(part) || binary.fill.is_some() {
        return None;
    }
    Some(
        Finding::new(
            Lint::IdenticalOperands,
            binary.op.range,
            format!("both sides of `{}` are the same", binary.op.value.as_str()),
        )
        .label(outcome)
        .help("change one of the sides, or keep only one"),
    )
}
