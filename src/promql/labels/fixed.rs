//! The matchers that decide which values a label has on the series of an expression.

use smol_str::SmolStr;

use super::{is_compared, of};
use crate::promql::functions::function_by_any_name;
use crate::promql::matching::contradiction;
use crate::promql::name::{METRIC_NAME, has_variable};
use crate::promql::{
    Aggregate, Binary, BinaryOp, Call, Expr, ExprKind, GroupingKind, MatchOp, Matcher, Selector, Side, TextRange,
    UnaryOp, ValueType,
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
    let fixes = |matcher: &&Matcher| matcher.op == MatchOp::Equal && !matcher.value.value.is_empty();
    let matchers = matchers(expr, label);
    matchers.into_iter().find(fixes).map(|matcher| (matcher.value.value.clone(), matcher.range))
}

/// The matchers that the value of a label satisfies on every series of the expression, where an absent label is an empty value.
///
/// ```
/// use slosmith::promql::{ParseOptions, labels, parse};
///
/// let expr = parse(r#"sum by (env) (a{env=~"y|z"}) / on (env) b{env!="z"}"#, &ParseOptions::default()).unwrap();
/// assert_eq!(labels::matchers(&expr, "env").len(), 2);
/// ```
#[must_use]
pub fn matchers<'e>(expr: &'e Expr, label: &str) -> Vec<&'e Matcher> {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => Vec::new(),
        ExprKind::Selector(selector) => of_selector(selector, label),
        ExprKind::Matrix(matrix) => of_selector(&matrix.selector, label),
        ExprKind::Subquery(subquery) => matchers(&subquery.expr, label),
        ExprKind::Call(call) => of_call(call, label),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate, label),
        ExprKind::Binary(binary) => of_binary(binary, label),
        ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, inner) | ExprKind::Paren(inner) => matchers(inner, label),
    }
}

/// The most labels that are looked at for one whose values differ.
const MOST_LABELS: usize = 20;

/// Whether no series of one expression can have the same labels as a series of the other, whatever their metric names and the
/// labels to leave out.
#[must_use]
pub fn are_apart(one: &Expr, other: &Expr, except: &[&str]) -> bool {
    let (left, right) = (of(one), of(other));
    let counts = |label: &SmolStr| label != METRIC_NAME && !except.contains(&label.as_str());
    let lacks = |has: &super::Labels, lacks: &super::Labels| {
        has.certain().any(|label| counts(label) && lacks.removed(label).is_some())
    };
    if lacks(&left, &right) || lacks(&right, &left) {
        return true;
    }
    let named = left.certain().chain(left.uncertain()).filter(|label| counts(label)).take(MOST_LABELS);
    named.into_iter().any(|label| differs(one, other, label).is_some())
}

/// The matchers by which the values of a label on the series of one expression are never those on the series of the other; nothing
/// if one of them has no series at all, which is a matter of its own.
pub(crate) fn differs<'e>(one: &'e Expr, other: &'e Expr, label: &str) -> Option<(&'e Matcher, &'e Matcher)> {
    let (left, right) = (matchers(one, label), matchers(other, label));
    let found = contradiction(left.iter().copied(), right.iter().copied())?;
    let contradicts_itself = |side: &[&Matcher]| contradiction(side.iter().copied(), side.iter().copied()).is_some();
    (!contradicts_itself(&left) && !contradicts_itself(&right)).then_some(found)
}

fn of_selector<'e>(selector: &'e Selector, label: &str) -> Vec<&'e Matcher> {
    let is_certain = |matcher: &&Matcher| matcher.label.value == label && !has_variable(&matcher.value.value);
    selector.matchers.iter().filter(is_certain).collect()
}

fn of_call<'e>(call: &'e Call, label: &str) -> Vec<&'e Matcher> {
    let name = call.function.value.as_str();
    let returns_vector = function_by_any_name(name).is_some_and(|known| known.returns == ValueType::Vector);
    let is_kept = match name {
        "label_replace" | "label_join" => {
            let target = call.args.get(1).map(|target| &target.kind);
            matches!(target, Some(ExprKind::String(target)) if target != label && !has_variable(target))
        }
        "histogram_quantiles" | "absent" | "absent_over_time" | "vector" | "info" => false,
        "histogram_quantile" => label != "le",
        _ => true,
    };
    let vector = call.args.iter().find(|arg| matches!(arg.value_type(), ValueType::Vector | ValueType::Matrix));
    match vector {
        Some(vector) if returns_vector && is_kept => matchers(vector, label),
        Some(_) | None => Vec::new(),
    }
}

fn of_aggregate<'e>(aggregate: &'e Aggregate, label: &str) -> Vec<&'e Matcher> {
    if matches!(&aggregate.param, Some(Expr { kind: ExprKind::String(_), .. })) {
        return Vec::new();
    }
    let keeps = aggregate.op.value.keeps_series()
        || aggregate.grouping.as_ref().is_some_and(|grouping| {
            let is_listed = grouping.labels.iter().any(|listed| listed.value == label);
            match grouping.kind {
                GroupingKind::By => is_listed,
                GroupingKind::Without => !is_listed,
            }
        });
    if keeps { matchers(&aggregate.expr, label) } else { Vec::new() }
}

fn of_binary<'e>(binary: &'e Binary, label: &str) -> Vec<&'e Matcher> {
    let is_scalar = |side: &Expr| side.value_type() == ValueType::Scalar && !matches!(side.kind, ExprKind::Variable(_));
    let (mut left, mut right) = (matchers(&binary.lhs, label), matchers(&binary.rhs, label));
    if binary.fill.is_some() {
        return Vec::new();
    }
    let compared = is_compared(label, binary.matching.as_ref());
    let is_either = is_scalar(&binary.lhs) || is_scalar(&binary.rhs);
    match binary.op.value {
        BinaryOp::Or if !is_either => {
            left.retain(|one| right.iter().any(|other| one.op == other.op && one.value.value == other.value.value));
            left
        }
        BinaryOp::Unless if !is_either => left,
        BinaryOp::And if !is_either && !compared => left,
        BinaryOp::And => both(&mut left, &mut right),
        _ if is_either || compared => both(&mut left, &mut right),
        _ => of_pair(binary, label, [left, right]),
    }
}

fn both<'e>(left: &mut Vec<&'e Matcher>, right: &mut Vec<&'e Matcher>) -> Vec<&'e Matcher> {
    left.append(right);
    std::mem::take(left)
}

/// Of a label that is not compared: between one and one, it is not left.
fn of_pair<'e>(binary: &Binary, label: &str, [left, right]: [Vec<&'e Matcher>; 2]) -> Vec<&'e Matcher> {
    let Some(group) = binary.matching.as_ref().and_then(|matching| matching.group.as_ref()) else {
        return Vec::new();
    };
    let is_taken = group.labels.iter().any(|taken| taken.value == label);
    let (many, one) = match group.side {
        Side::Left => (left, right),
        Side::Right => (right, left),
    };
    if is_taken { one } else { many }
}
