//! Between which numbers the values of an expression lie.

use crate::promql::lint::shape::number;
use crate::promql::{Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, ExprKind, UnaryOp, ValueType};

/// The least and the greatest value, NaN aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: f64,
    pub(super) greatest: f64,
}

/// Nothing is known.
const ANY: Bounds = Bounds { least: f64::NEG_INFINITY, greatest: f64::INFINITY };

impl Bounds {
    fn new(least: f64, greatest: f64) -> Self {
        if least.is_nan() || greatest.is_nan() { ANY } else { Self { least, greatest } }
    }

    fn at_least(least: f64) -> Self {
        Self::new(least, f64::INFINITY)
    }

    /// The only value there is.
    pub(super) fn only(self) -> Option<f64> {
        (self.least >= self.greatest).then_some(self.least)
    }

    fn negated(self) -> Self {
        Self::new(-self.greatest, -self.least)
    }
}

/// The bounds of an expression's values.
pub(super) fn of(expr: &Expr) -> Bounds {
    match &expr.kind {
        ExprKind::Number(number) => Bounds::new(number.value(), number.value()),
        ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Plus, inner) => of(inner),
        ExprKind::Unary(UnaryOp::Minus, inner) => of(inner).negated(),
        ExprKind::Call(call) => of_call(call),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate),
        ExprKind::Binary(binary) => of_binary(binary),
        ExprKind::Subquery(subquery) => of(&subquery.expr),
        ExprKind::String(_) | ExprKind::Selector(_) | ExprKind::Matrix(_) | ExprKind::Variable(_) => ANY,
    }
}

fn of_call(call: &Call) -> Bounds {
    let arg = |place: usize| call.args.get(place).map_or(ANY, of);
    let literal = |place: usize| call.args.get(place).and_then(number).filter(|value| !value.is_nan());
    match call.function.value.as_str() {
        "absent" | "absent_over_time" | "present_over_time" => Bounds::new(1.0, 1.0),
        "vector" | "scalar" | "label_replace" | "label_join" | "sort" | "sort_desc" | "min_over_time"
        | "max_over_time" | "last_over_time" => arg(0),
        "abs" | "sqrt" | "stddev_over_time" | "stdvar_over_time" | "changes" | "resets" | "time" => {
            Bounds::at_least(0.0)
        }
        "count_over_time" => Bounds::at_least(1.0),
        "hour" => Bounds::new(0.0, 23.0),
        "minute" => Bounds::new(0.0, 59.0),
        "day_of_week" => Bounds::new(0.0, 6.0),
        "day_of_month" => Bounds::new(1.0, 31.0),
        "days_in_month" => Bounds::new(28.0, 31.0),
        "month" => Bounds::new(1.0, 12.0),
        "sgn" => Bounds::new(-1.0, 1.0),
        "clamp" => match (literal(1), literal(2)) {
            (Some(least), Some(greatest)) if least <= greatest => Bounds::new(least, greatest),
            _ => ANY,
        },
        "clamp_min" => literal(1).map_or(ANY, |least| Bounds::new(arg(0).least.max(least), arg(0).greatest.max(least))),
        "clamp_max" => literal(1).map_or(ANY, |most| Bounds::new(arg(0).least.min(most), arg(0).greatest.min(most))),
        _ => ANY,
    }
}

fn of_aggregate(aggregate: &Aggregate) -> Bounds {
    let inner = of(&aggregate.expr);
    match aggregate.op.value {
        AggregateOp::Count | AggregateOp::CountValues => Bounds::at_least(1.0),
        AggregateOp::Group => Bounds::new(1.0, 1.0),
        AggregateOp::Stddev | AggregateOp::Stdvar => Bounds::at_least(0.0),
        AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => inner,
        AggregateOp::Sum if inner.least >= 0.0 => Bounds::at_least(inner.least),
        AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Quantile => ANY,
    }
}

fn of_binary(binary: &Binary) -> Bounds {
    let (left, right) = (of(&binary.lhs), of(&binary.rhs));
    if binary.fill.is_some() {
        return ANY;
    }
    match binary.op.value {
        BinaryOp::And | BinaryOp::Unless => left,
        BinaryOp::Or => Bounds::new(left.least.min(right.least), left.greatest.max(right.greatest)),
        op if op.is_comparison() => of_comparison(binary, left, right),
        BinaryOp::Add => Bounds::new(left.least + right.least, left.greatest + right.greatest),
        BinaryOp::Sub => Bounds::new(left.least - right.greatest, left.greatest - right.least),
        BinaryOp::Mul if left.least >= 0.0 && right.least >= 0.0 => {
            Bounds::new(left.least * right.least, left.greatest * right.greatest)
        }
        BinaryOp::Div => match right.only() {
            Some(divisor) if left.least >= 0.0 && divisor > 0.0 => {
                Bounds::new(left.least / divisor, left.greatest / divisor)
            }
            _ => ANY,
        },
        _ => ANY,
    }
}

/// A comparison passes on the values of its vector that it holds for.
fn of_comparison(binary: &Binary, left: Bounds, right: Bounds) -> Bounds {
    if binary.returns_bool {
        return Bounds::new(0.0, 1.0);
    }
    let is_flipped = binary.lhs.value_type() == ValueType::Scalar;
    let (value, limit) = if is_flipped { (right, left) } else { (left, right) };
    match (binary.op.value, is_flipped) {
        (BinaryOp::Greater | BinaryOp::GreaterEqual, false) | (BinaryOp::Less | BinaryOp::LessEqual, true) => {
            Bounds::new(value.least.max(limit.least), value.greatest)
        }
        (BinaryOp::Less | BinaryOp::LessEqual, false) | (BinaryOp::Greater | BinaryOp::GreaterEqual, true) => {
            Bounds::new(value.least, value.greatest.min(limit.greatest))
        }
        (BinaryOp::Equal, _) => Bounds::new(value.least.max(limit.least), value.greatest.min(limit.greatest)),
        _ => value,
    }
}

/// Whether a comparison of values within these bounds never holds.
pub(super) fn never(op: BinaryOp, left: Bounds, right: Bounds) -> bool {
    match op {
        BinaryOp::Greater => left.greatest <= right.least,
        BinaryOp::GreaterEqual => left.greatest < right.least,
        BinaryOp::Less => left.least >= right.greatest,
        BinaryOp::LessEqual => left.least > right.greatest,
        BinaryOp::Equal => left.greatest < right.least || left.least > right.greatest,
        BinaryOp::NotEqual => match (left.only(), right.only()) {
            (Some(left), Some(right)) => left.total_cmp(&right).is_eq(),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a comparison of values within these bounds always holds.
pub(super) fn always(op: BinaryOp, left: Bounds, right: Bounds) -> bool {
    match op {
        BinaryOp::Greater => never(BinaryOp::LessEqual, left, right),
        BinaryOp::GreaterEqual => never(BinaryOp::Less, left, right),
        BinaryOp::Less => never(BinaryOp::GreaterEqual, left, right),
        BinaryOp::LessEqual => never(BinaryOp::Greater, left, right),
        BinaryOp::Equal => never(BinaryOp::NotEqual, left, right),
        BinaryOp::NotEqual => never(BinaryOp::Equal, left, right),
        _ => false,
    }
}
