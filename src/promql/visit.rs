//! Walks over trees.

use smol_str::SmolStr;

use crate::promql::{Duration, Expr, ExprKind, Matrix, Modifiers, Selector, Subquery, TextRange};

/// The direct parts of an expression, in the order they are written.
pub fn children(expr: &Expr) -> impl Iterator<Item = &Expr> {
    let (first, second, rest): (Option<&Expr>, Option<&Expr>, &[Expr]) = match &expr.kind {
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Variable(_) => (None, None, &[]),
        ExprKind::Subquery(subquery) => (Some(&subquery.expr), None, &[]),
        ExprKind::Call(call) => (None, None, &call.args),
        ExprKind::Aggregate(aggregate) => (aggregate.param.as_ref(), Some(&aggregate.expr), &[]),
        ExprKind::Binary(binary) => (Some(&binary.lhs), Some(&binary.rhs), &[]),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => (Some(inner), None, &[]),
    };
    first.into_iter().chain(second).chain(rest)
}

/// The direct parts of an expression, to change them.
pub fn children_mut(expr: &mut Expr) -> impl Iterator<Item = &mut Expr> {
    let (first, second, rest): (Option<&mut Expr>, Option<&mut Expr>, &mut [Expr]) = match &mut expr.kind {
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Variable(_) => (None, None, &mut []),
        ExprKind::Subquery(subquery) => (Some(&mut subquery.expr), None, &mut []),
        ExprKind::Call(call) => (None, None, &mut call.args),
        ExprKind::Aggregate(aggregate) => (aggregate.param.as_mut(), Some(&mut aggregate.expr), &mut []),
        ExprKind::Binary(binary) => {
            let binary = &mut **binary;
            (Some(&mut binary.lhs), Some(&mut binary.rhs), &mut [])
        }
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => (Some(inner), None, &mut []),
    };
    first.into_iter().chain(second).chain(rest)
}

/// Calls `visit` for the expression and every part of it, outer ones first.
pub fn walk<'a>(expr: &'a Expr, visit: &mut impl FnMut(&'a Expr)) {
    visit(expr);
    for child in children(expr) {
        walk(child, visit);
    }
}

/// Calls `change` for the expression and every part of it, outer ones first.
pub fn walk_mut(expr: &mut Expr, change: &mut impl FnMut(&mut Expr)) {
    change(expr);
    for child in children_mut(expr) {
        walk_mut(child, change);
    }
}

/// A selector within an expression.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'a> {
    /// The selector; those in ranges too.
    pub selector: &'a Selector,
    /// Its bytes without the range, with modifiers where there is no range.
    pub range: TextRange,
    /// The length of the range behind it.
    pub window: Option<&'a Duration>,
}

/// Every selector of an expression, in the order they are written.
#[must_use]
pub fn selectors(expr: &Expr) -> Vec<Selected<'_>> {
    let mut found = Vec::new();
    walk(expr, &mut |part| match &part.kind {
        ExprKind::Selector(selector) => found.push(Selected { selector, range: part.range, window: None }),
        ExprKind::Matrix(matrix) => {
            let Matrix { selector, selector_range, window } = &**matrix;
            found.push(Selected { selector, range: *selector_range, window: Some(window) });
        }
        _ => {}
    });
    found
}

/// Every selector of an expression, to change them; those in ranges too.
pub fn selectors_mut(expr: &mut Expr, change: &mut impl FnMut(&mut Selector)) {
    walk_mut(expr, &mut |part| match &mut part.kind {
        ExprKind::Selector(selector) => change(selector),
        ExprKind::Matrix(matrix) => change(&mut matrix.selector),
        _ => {}
    });
}

/// Every variable of Grafana that stands for a number, with its bytes.
#[must_use]
pub fn variables(expr: &Expr) -> Vec<(&SmolStr, TextRange)> {
    let mut found = Vec::new();
    walk(expr, &mut |part| {
        if let ExprKind::Variable(name) = &part.kind {
            found.push((name, part.range));
        }
    });
    found
}

/// Every duration of an expression: ranges, steps and offsets.
#[must_use]
pub fn durations(expr: &Expr) -> Vec<&Duration> {
    let mut found = Vec::new();
    walk(expr, &mut |part| match &part.kind {
        ExprKind::Selector(selector) => found.extend(&selector.modifiers.offset),
        ExprKind::Matrix(matrix) => {
            found.push(&matrix.window);
            found.extend(&matrix.selector.modifiers.offset);
        }
        ExprKind::Subquery(subquery) => {
            let Subquery { window, step, modifiers: Modifiers { offset, .. }, .. } = &**subquery;
            found.push(window);
            found.extend(step);
            found.extend(offset);
        }
        _ => {}
    });
    found
}

/// Every duration of an expression, to change them.
pub fn durations_mut(expr: &mut Expr, change: &mut impl FnMut(&mut Duration)) {
    walk_mut(expr, &mut |part| match &mut part.kind {
        ExprKind::Selector(selector) => selector.modifiers.offset.iter_mut().for_each(&mut *change),
        ExprKind::Matrix(matrix) => {
            change(&mut matrix.window);
            matrix.selector.modifiers.offset.iter_mut().for_each(&mut *change);
        }
        ExprKind::Subquery(subquery) => {
            change(&mut subquery.window);
            subquery.step.iter_mut().for_each(&mut *change);
            subquery.modifiers.offset.iter_mut().for_each(&mut *change);
        }
        _ => {}
    });
}
