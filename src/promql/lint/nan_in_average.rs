//! Averages over time of what is NaN without traffic.

use crate::promql::lint::shape::bare;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{AggregateOp, Binary, BinaryOp, Call, Expr, ExprKind, TextRange, ValueType};

/// The functions over time whose result is NaN as soon as one value is.
const SPOILT: [&str; 7] = [
    "avg_over_time",
    "sum_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "deriv",
    "predict_linear",
    "double_exponential_smoothing",
];

/// Functions that leave NaN as it is, and where their vector stands.
const PASSING: [&str; 12] = [
    "abs",
    "ceil",
    "clamp",
    "clamp_max",
    "clamp_min",
    "exp",
    "floor",
    "label_join",
    "label_replace",
    "ln",
    "round",
    "sqrt",
];

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let (call, window) = spoilt(part)?;
    let ExprKind::Subquery(subquery) = &window.kind else { return None };
    let source = may_be_nan(&subquery.expr)?;
    let function = &call.function;
    Some(
        Finding::new(
            Lint::NanInAverage,
            function.range,
            format!("`{}` of what is NaN without traffic", function.value),
        )
        .related(source, "NaN while nothing happens")
        .note("a single NaN makes the result NaN for as long as it is in the range")
        .help("drop it first: divide by `(... > 0)`, or keep what is `>= 0`"),
    )
}

/// A call that one NaN spoils, and the range that it looks at.
#[must_use]
pub fn spoilt(part: &Expr) -> Option<(&Call, &Expr)> {
    let ExprKind::Call(call) = &part.kind else { return None };
    let is_spoilt = SPOILT.contains(&call.function.value.as_str());
    let window = call.args.iter().find(|arg| arg.value_type() == ValueType::Matrix)?;
    is_spoilt.then(|| (call, bare(window)))
}

/// What makes an expression NaN while nothing happens: a division by a rate, or a quantile of rates; nothing if it is filtered.
#[must_use]
pub fn may_be_nan(expr: &Expr) -> Option<TextRange> {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => may_be_nan(inner),
        ExprKind::Binary(binary) => of_binary(binary),
        ExprKind::Aggregate(aggregate) => match aggregate.op.value {
            AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Stddev | AggregateOp::Stdvar => {
                may_be_nan(&aggregate.expr)
            }
            _ => None,
        },
        ExprKind::Call(call) if call.function.value == "histogram_quantile" => {
            call.args.get(1).filter(|buckets| is_rate(buckets)).map(|_| call.function.range)
        }
        ExprKind::Call(call) if PASSING.contains(&call.function.value.as_str()) => may_be_nan(call.args.first()?),
        _ => None,
    }
}

fn of_binary(binary: &Binary) -> Option<TextRange> {
    match binary.op.value {
        BinaryOp::Div if is_rate(&binary.rhs) => Some(binary.op.range),
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Or => {
            may_be_nan(&binary.lhs).or_else(|| may_be_nan(&binary.rhs))
        }
        _ => None,
    }
}

/// Whether a value is events per time, which are none while nothing happens.
fn is_rate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) => is_rate(inner),
        ExprKind::Call(call) => matches!(call.function.value.as_str(), "rate" | "increase" | "irate"),
        ExprKind::Aggregate(aggregate) => {
            let is_total =
                matches!(aggregate.op.value, AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Min | AggregateOp::Max);
            is_total && is_rate(&aggregate.expr)
        }
        ExprKind::Binary(binary) => match binary.op.value {
            BinaryOp::Add => is_rate(&binary.lhs) && is_rate(&binary.rhs),
            BinaryOp::Mul => is_rate(&binary.lhs) || is_rate(&binary.rhs),
            BinaryOp::Div => is_rate(&binary.lhs) && binary.rhs.value_type() == ValueType::Scalar,
            _ => false,
        },
        _ => false,
    }
}
