//! What several lints ask about the shape of an expression.

use crate::promql::{
    Aggregate, BinaryOp, Call, Expr, ExprKind, GroupingKind, Matcher, Ranged, Selector, UnaryOp, ValueType, visit,
};
use smol_str::SmolStr;

/// The expression without brackets and plus signs around it.
pub(super) fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Plus, inner) => bare(inner),
        _ => expr,
    }
}

/// The call of one of these functions.
pub(super) fn call_of<'a>(expr: &'a Expr, functions: &[&str]) -> Option<&'a Call> {
    match &bare(expr).kind {
        ExprKind::Call(call) if functions.contains(&call.function.value.as_str()) => Some(call),
        _ => None,
    }
}

/// The aggregation that an expression is.
pub(super) fn aggregate_of(expr: &Expr) -> Option<&Aggregate> {
    match &bare(expr).kind {
        ExprKind::Aggregate(aggregate) => Some(aggregate),
        _ => None,
    }
}

/// The selector that an expression is, in a range too.
pub(super) fn selector_of(expr: &Expr) -> Option<&Selector> {
    match &bare(expr).kind {
        ExprKind::Selector(selector) => Some(selector),
        ExprKind::Matrix(matrix) => Some(&matrix.selector),
        _ => None,
    }
}

/// The value of a number with its sign.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(number) => Some(number.value()),
        ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Plus, inner) => number(inner),
        ExprKind::Unary(UnaryOp::Minus, inner) => number(inner).map(|value| -value),
        _ => None,
    }
}

/// Whether any series takes part.
pub(super) fn has_series(expr: &Expr) -> bool {
    !visit::selectors(expr).is_empty()
}

/// Whether a template variable stands for an expression in it.
pub(super) fn has_variable(expr: &Expr) -> bool {
    let mut found = false;
    visit::walk(expr, &mut |part| found |= matches!(part.kind, ExprKind::Variable(_)));
    found
}

/// The labels that tell the series of an aggregation apart, through arithmetic with numbers.
pub(super) fn grouped_by(expr: &Expr) -> Option<Vec<&Ranged<SmolStr>>> {
    match &bare(expr).kind {
        ExprKind::Aggregate(aggregate) => {
            let is_plain = !aggregate.op.value.keeps_series()
                && !matches!(&aggregate.param, Some(Expr { kind: ExprKind::String(_), .. }));
            let labels = match &aggregate.grouping {
                None => Some(Vec::new()),
                Some(grouping) if grouping.kind == GroupingKind::By => Some(grouping.labels.iter().collect()),
                Some(_) => None,
            };
            labels.filter(|_| is_plain)
        }
        ExprKind::Binary(binary) => {
            let is_scalar = |side: &Expr| side.value_type() == ValueType::Scalar;
            match (is_scalar(&binary.lhs), is_scalar(&binary.rhs)) {
                (false, true) => grouped_by(&binary.lhs),
                (true, false) => grouped_by(&binary.rhs),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The matchers that stand in this part itself.
pub(super) fn matchers(part: &Expr) -> &[Matcher] {
    match &part.kind {
        ExprKind::Selector(selector) => &selector.matchers,
        ExprKind::Matrix(matrix) => &matrix.selector.matchers,
        _ => &[],
    }
}

/// Whether an operator orders two numbers: `>`, `<`, `>=`, `<=`.
pub(super) fn is_order(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Greater | BinaryOp::Less | BinaryOp::GreaterEqual | BinaryOp::LessEqual)
}
