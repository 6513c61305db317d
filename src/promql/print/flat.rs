//! Expressions on one line, as long as they fit; and where brackets are needed.

use crate::promql::operator::Precedence;
use crate::promql::print::pieces::{
    aggregate_head, ends_in_open_offset, modifiers, operator, selector, string, window_and_step,
};
use crate::promql::{Binary, BinaryOp, Expr, ExprKind};

/// Writes the expression on one line; false as soon as the text is longer than `limit`, the rest is left out then.
pub(super) fn flat(out: &mut String, expr: &Expr, limit: usize) -> bool {
    match &expr.kind {
        ExprKind::Number(number) => out.push_str(&number.text),
        ExprKind::String(value) => string(out, value),
        ExprKind::Variable(variable) => out.push_str(variable),
        ExprKind::Selector(inner) => selector(out, inner, None),
        ExprKind::Matrix(matrix) => selector(out, &matrix.selector, Some(&matrix.window)),
        ExprKind::Subquery(subquery) => {
            if !enclosed(out, &subquery.expr, needs_brackets_before_range(&subquery.expr), limit) {
                return false;
            }
            window_and_step(out, subquery);
            modifiers(out, &subquery.modifiers);
        }
        ExprKind::Call(call) => {
            out.push_str(&call.function.value);
            if !arguments(out, call.args.iter(), limit) {
                return false;
            }
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate_head(out, aggregate);
            if !arguments(out, aggregate.param.iter().chain([&aggregate.expr]), limit) {
                return false;
            }
        }
        ExprKind::Binary(inner) => {
            if !binary(out, inner, limit) {
                return false;
            }
        }
        ExprKind::Unary(op, inner) => {
            out.push_str(op.as_str());
            if !enclosed(out, inner, needs_brackets_behind_sign(inner), limit) {
                return false;
            }
        }
        ExprKind::Paren(inner) => {
            if !enclosed(out, inner, true, limit) {
                return false;
            }
        }
    }
    out.len() <= limit
}

fn enclosed(out: &mut String, expr: &Expr, brackets: bool, limit: usize) -> bool {
    if brackets {
        out.push('(');
    }
    let fits = flat(out, expr, limit);
    if brackets {
        out.push(')');
    }
    fits && out.len() <= limit
}

fn arguments<'a>(out: &mut String, args: impl Iterator<Item = &'a Expr>, limit: usize) -> bool {
    out.push('(');
    for (index, arg) in args.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if !flat(out, arg, limit) {
            return false;
        }
    }
    out.push(')');
    true
}

fn binary(out: &mut String, binary: &Binary, limit: usize) -> bool {
    if !enclosed(out, &binary.lhs, needs_brackets(&binary.lhs, binary, Position::Left), limit) {
        return false;
    }
    out.push(' ');
    operator(out, binary);
    out.push(' ');
    enclosed(out, &binary.rhs, needs_brackets(&binary.rhs, binary, Position::Right), limit)
}

/// The side of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Before it.
    Left,
    /// Behind it.
    Right,
}

/// Whether an operand has to stand in brackets to stay what it is.
pub(super) fn needs_brackets(operand: &Expr, parent: &Binary, position: Position) -> bool {
    let power = parent.op.value == BinaryOp::Pow;
    let continues = parent.op.value.precedence() >= Precedence::Sum && parent.op.value != BinaryOp::Atan2;
    if position == Position::Left && continues && ends_in_offset(operand) {
        return true;
    }
    match &operand.kind {
        ExprKind::Binary(inner) => {
            let (inner, outer) = (inner.op.value.precedence(), parent.op.value.precedence());
            let groups_here = (position == Position::Right) == power;
            inner < outer || (inner == outer && !groups_here)
        }
        ExprKind::Unary(..) => power && position == Position::Left,
        ExprKind::Number(number) => power && position == Position::Left && number.text.starts_with(['-', '+']),
        ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Subquery(_)
        | ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Paren(_)
        | ExprKind::Variable(_) => false,
    }
}

/// Whether the text of an expression ends in an offset that arithmetic would continue: `a offset (5m)`.
fn ends_in_offset(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Selector(selector) => ends_in_open_offset(&selector.modifiers),
        ExprKind::Matrix(matrix) => ends_in_open_offset(&matrix.selector.modifiers),
        ExprKind::Subquery(subquery) => ends_in_open_offset(&subquery.modifiers),
        ExprKind::Binary(binary) => ends_in_offset(&binary.rhs),
        ExprKind::Unary(_, inner) => ends_in_offset(inner),
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Paren(_)
        | ExprKind::Variable(_) => false,
    }
}

/// Whether an expression has to stand in brackets behind a sign.
pub(super) fn needs_brackets_behind_sign(operand: &Expr) -> bool {
    match &operand.kind {
        ExprKind::Binary(inner) => inner.op.value.precedence() < Precedence::Power,
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Subquery(_)
        | ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Unary(..)
        | ExprKind::Paren(_)
        | ExprKind::Variable(_) => false,
    }
}

/// Whether an expression has to stand in brackets before the range of a subquery.
pub(super) fn needs_brackets_before_range(operand: &Expr) -> bool {
    match &operand.kind {
        ExprKind::Binary(_) | ExprKind::Unary(..) => true,
        ExprKind::Variable(variable) => !variable.starts_with(|first: char| first.is_ascii_digit()),
        ExprKind::Number(number) => number.text.starts_with(['-', '+']),
        ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Subquery(_)
        | ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Paren(_) => false,
    }
}
