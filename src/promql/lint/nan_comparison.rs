//! Comparisons with NaN, which never compares.

use crate::promql::lint::shape::number;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{BinaryOp, Expr, ExprKind, print_line};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let is_nan = |side: &Expr| number(side).is_some_and(f64::is_nan);
    let (nan, other) = if is_nan(&binary.rhs) { (&binary.rhs, &binary.lhs) } else { (&binary.lhs, &binary.rhs) };
    if !binary.op.value.is_comparison() || !is_nan(nan) {
        return None;
    }
    let other = print_line(other);
    let (label, help) = match binary.op.value {
        BinaryOp::NotEqual => ("always holds", format!("to drop NaN, compare with itself: `{other} == {other}`")),
        _ => ("never holds", format!("to find NaN, compare with itself: `{other} != {other}`")),
    };
    Some(
        Finding::new(Lint::NanComparison, nan.range, "a comparison with NaN")
            .label(label)
            .note("NaN equals nothing, not even itself, and is neither more nor less than anything")
            .help(help),
    )
}
