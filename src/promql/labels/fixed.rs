//! The one value that a label has on all series of an expression.

use smol_str::SmolStr;

use crate::promql::name::has_variable;
use crate::promql::{
    Aggregate, Binary, BinaryOp, Call, Expr, ExprKind, GroupingKind, MatchOp, Matcher, Selector, Side, TextRange,
    UnaryOp, ValueType, function,
};

/// The value of a label on every series of the expression, and the matcher that fixes it; nothing where it is not certain.
///
/// ```
/// use slosmith::promql::{ParseOptions, labels, parse};
///
/// let expr = parse(r#"sum by (job, env) (rate(a_total{job="x",env=~"y|z"}[5m]))"#, &ParseOptions::default()).unwrap();
/// assert_eq!(labels::fixed(&expr, "job").unwrap().0, "x");
/// assert_eq!(labels::fixed(&expr, "env"), None);
/// ```
#[must_use]
pub fn fixed(expr: &Expr, label: &str) -> Option<(SmolStr, TextRange)> {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => None,
        ExprKind::Selector(selector) => of_selector(selector, label),
        ExprKind::Matrix(matrix) => of_selector(&matrix.selector, label),
        ExprKind::Subquery(subquery) => fixed(&subquery.expr, label),
        ExprKind::Call(call) => of_call(call, label),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate, label),
        ExprKind::Binary(binary) => of_binary(binary, label),
        ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, inner) | ExprKind::Paren(inner) => fixed(inner, label),
    }
}

fn of_selector(selector: &Selector, label: &str) -> Option<(SmolStr, TextRange)> {
    let fixes = |matcher: &&Matcher| {
        let value = &matcher.value.value;
        matcher.op == MatchOp::Equal && matcher.label.value == label && !value.is_empty() && !has_variable(value)
    };
    selector.matchers.iter().find(fixes).map(|matcher| (matcher.value.value.clone(), matcher.range))
}

fn of_call(call: &Call, label: &str) -> Option<(SmolStr, TextRange)> {
    let name = call.function.value.as_str();
    let returns = function(name)?.returns;
    let sets_label = matches!(name, "label_replace" | "label_join" | "histogram_quantiles" | "absent" | "vector");
    if returns != ValueType::Vector || sets_label || (name == "histogram_quantile" && label == "le") {
        return None;
    }
    let vector = call.args.iter().find(|arg| matches!(arg.value_type(), ValueType::Vector | ValueType::Matrix))?;
    if name == "absent_over_time" { None } else { fixed(vector, label) }
}

fn of_aggregate(aggregate: &Aggregate, label: &str) -> Option<(SmolStr, TextRange)> {
    if matches!(&aggregate.param, Some(Expr { kind: ExprKind::String(_), .. })) {
        return None;
    }
    let keeps = aggregate.op.value.keeps_series()
        || aggregate.grouping.as_ref().is_some_and(|grouping| {
            let is_listed = grouping.labels.iter().any(|listed| listed.value == label);
            match grouping.kind {
                GroupingKind::By => is_listed,
                GroupingKind::Without => !is_listed,
            }
        });
    if keeps { fixed(&aggregate.expr, label) } else { None }
}

fn of_binary(binary: &Binary, label: &str) -> Option<(SmolStr, TextRange)> {
    let is_scalar = |side: &Expr| side.value_type() == ValueType::Scalar;
    let (left, right) = (fixed(&binary.lhs, label), fixed(&binary.rhs, label));
    if binary.fill.is_some() {
        return None;
    }
    if is_scalar(&binary.lhs) || is_scalar(&binary.rhs) {
        return left.or(right);
    }
    let compared = super::is_compared(label, binary.matching.as_ref());
    match binary.op.value {
        BinaryOp::Or => left.filter(|(value, _)| right.is_some_and(|(other, _)| *value == other)),
        BinaryOp::And if compared => left.or(right),
        BinaryOp::And | BinaryOp::Unless => left,
        _ => of_pair(binary, label, compared, [left, right]),
    }
}

type Sides = [Option<(SmolStr, TextRange)>; 2];

fn of_pair(binary: &Binary, label: &str, compared: bool, [left, right]: Sides) -> Option<(SmolStr, TextRange)> {
    if compared {
        return left.or(right);
    }
    let matching = binary.matching.as_ref()?;
    // Between one and one, only labels that are compared are left.
    let group = matching.group.as_ref()?;
    let is_taken = group.labels.iter().any(|taken| taken.value == label);
    let (many, one) = match group.side {
        Side::Left => (left, right),
        Side::Right => (right, left),
    };
    if is_taken { one } else { many }
}
