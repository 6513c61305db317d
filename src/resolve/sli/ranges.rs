//! The ranges in an expression, and whether they follow `$window`.

use smol_str::SmolStr;

use crate::promql::visit::children;
use crate::promql::{Duration, DurationKind, Expr, ExprKind, Ranged, TextRange};

/// A range in an expression: `selector[range]` or `expr[range:step]`.
pub(super) struct Range<'a> {
    /// The range alone.
    pub(super) window: &'a Duration,
    /// The function whose argument it is.
    pub(super) function: Option<&'a Ranged<SmolStr>>,
}

impl Range<'_> {
    /// Whether the range follows `$window`.
    pub(super) fn follows_window(&self) -> bool {
        has_variable(self.window)
    }
}

/// All ranges, in the order written.
pub(super) fn ranges(expr: &Expr) -> Vec<Range<'_>> {
    let mut found = Vec::new();
    collect(expr, None, &mut found);
    found
}

fn collect<'a>(expr: &'a Expr, function: Option<&'a Ranged<SmolStr>>, found: &mut Vec<Range<'a>>) {
    match &expr.kind {
        ExprKind::Matrix(matrix) => found.push(Range { window: &matrix.window, function }),
        ExprKind::Subquery(subquery) => {
            found.push(Range { window: &subquery.window, function });
            collect(&subquery.expr, None, found);
        }
        ExprKind::Call(call) => call.args.iter().for_each(|arg| collect(arg, Some(&call.function), found)),
        ExprKind::Paren(inner) => collect(inner, function, found),
        ExprKind::Unary(_, inner) => collect(inner, None, found),
        ExprKind::Binary(binary) => {
            collect(&binary.lhs, None, found);
            collect(&binary.rhs, None, found);
        }
        ExprKind::Aggregate(aggregate) => {
            aggregate.param.iter().for_each(|param| collect(param, None, found));
            collect(&aggregate.expr, None, found);
        }
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Selector(_) | ExprKind::Variable(_) => {}
    }
}

/// Counters that are read without a range, and not merely compared: their values since the process started.
pub(super) fn bare_counters(expr: &Expr) -> Vec<TextRange> {
    match &expr.kind {
        ExprKind::Selector(selector) => {
            let is_counter = selector.name.as_ref().is_some_and(|name| name.value.ends_with("_total"));
            if is_counter { vec![expr.range] } else { Vec::new() }
        }
        ExprKind::Binary(binary) if binary.op.value.is_set() || binary.op.value.is_comparison() => Vec::new(),
        ExprKind::Aggregate(aggregate) => bare_counters(&aggregate.expr),
        ExprKind::Binary(_) | ExprKind::Paren(_) | ExprKind::Unary(..) => {
            children(expr).flat_map(bare_counters).collect()
        }
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Matrix(_)
        | ExprKind::Subquery(_)
        | ExprKind::Call(_)
        | ExprKind::Variable(_) => Vec::new(),
    }
}

/// Where `$window` stands as a number, if it does.
pub(super) fn window_as_number(expr: &Expr) -> Option<TextRange> {
    match &expr.kind {
        ExprKind::Variable(_) => Some(expr.range),
        ExprKind::Subquery(subquery) => window_as_number(&subquery.expr),
        ExprKind::Call(call) => call.args.iter().find_map(window_as_number),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => window_as_number(inner),
        ExprKind::Binary(binary) => window_as_number(&binary.lhs).or_else(|| window_as_number(&binary.rhs)),
        ExprKind::Aggregate(aggregate) => {
            aggregate.param.as_ref().and_then(window_as_number).or_else(|| window_as_number(&aggregate.expr))
        }
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Selector(_) | ExprKind::Matrix(_) => None,
    }
}

/// Whether a duration depends on a variable.
fn has_variable(duration: &Duration) -> bool {
    match &duration.kind {
        DurationKind::Variable(_) => true,
        DurationKind::Millis(_) => false,
        DurationKind::Binary(_, lhs, rhs) => has_variable(lhs) || has_variable(rhs),
        DurationKind::Unary(_, inner) | DurationKind::Paren(inner) => has_variable(inner),
        DurationKind::Call(_, args) => args.iter().any(has_variable),
    }
}

/// Replaces `increase` over `$window` by `rate`, so that the value is events per second whatever the window.
pub(super) fn increase_to_rate(expr: &mut Expr) {
    match &mut expr.kind {
        ExprKind::Call(call) => {
            if call.function.value == "increase" {
                call.function.value = SmolStr::new_static("rate");
            }
            call.args.iter_mut().for_each(increase_to_rate);
        }
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => increase_to_rate(inner),
        ExprKind::Binary(binary) => {
            increase_to_rate(&mut binary.lhs);
            increase_to_rate(&mut binary.rhs);
        }
        ExprKind::Aggregate(aggregate) => increase_to_rate(&mut aggregate.expr),
        ExprKind::Subquery(subquery) => increase_to_rate(&mut subquery.expr),
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Selector(_)
        | ExprKind::Matrix(_)
        | ExprKind::Variable(_) => {}
    }
}

/// The first selector in an expression, as a hint at what was meant.
pub(super) fn first_selector(expr: &Expr) -> Option<TextRange> {
    match &expr.kind {
        ExprKind::Selector(_) => Some(expr.range),
        ExprKind::Matrix(matrix) => Some(matrix.selector_range),
        ExprKind::Subquery(subquery) => first_selector(&subquery.expr),
        ExprKind::Call(call) => call.args.iter().find_map(first_selector),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => first_selector(inner),
        ExprKind::Binary(binary) => first_selector(&binary.lhs).or_else(|| first_selector(&binary.rhs)),
        ExprKind::Aggregate(aggregate) => first_selector(&aggregate.expr),
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => None,
    }
}
