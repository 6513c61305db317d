//! Binary operators.

use super::{Line, Moment, Sample, Unsupported, Value, evaluate};
use crate::promql::example::LabelValues;
use crate::promql::{Binary, BinaryOp, Matching, MatchingKind, Side};

/// What a binary operation yields.
pub(super) fn binary(binary: &Binary, lines: &[Line], moment: Moment) -> Result<Value, Unsupported> {
    if binary.fill.is_some() {
        return Err(Unsupported);
    }
    let (left, right) = (evaluate(&binary.lhs, lines, moment)?, evaluate(&binary.rhs, lines, moment)?);
    let op = binary.op.value;
    Ok(match (left, right) {
        (Value::Scalar(left), Value::Scalar(right)) => Value::Scalar(numbers(op, left, right)?),
        (Value::Vector(left), Value::Scalar(right)) => {
            let one = |sample: Sample| {
                Ok(kept(binary, op, sample.value, right, sample.value)?.map(|value| Sample { value, ..sample }))
            };
            Value::Vector(flattened(left.into_iter().map(one))?)
        }
        (Value::Scalar(left), Value::Vector(right)) => {
            let one = |sample: Sample| {
                Ok(kept(binary, op, left, sample.value, sample.value)?.map(|value| Sample { value, ..sample }))
            };
            Value::Vector(flattened(right.into_iter().map(one))?)
        }
        (Value::Vector(left), Value::Vector(right)) => match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Unless => Value::Vector(sets(binary, left, right)),
            _ => Value::Vector(pairs(binary, left, &right)?),
        },
    })
}

fn flattened(samples: impl Iterator<Item = Result<Option<Sample>, Unsupported>>) -> Result<Vec<Sample>, Unsupported> {
    samples.filter_map(Result::transpose).collect()
}

/// The value that stays: `own` where a comparison holds, the result of arithmetic.
fn kept(binary: &Binary, op: BinaryOp, left: f64, right: f64, own: f64) -> Result<Option<f64>, Unsupported> {
    let Some(holds) = compared(op, left, right) else { return arithmetic(op, left, right).map(Some) };
    Ok(if binary.returns_bool { Some(f64::from(u8::from(holds))) } else { holds.then_some(own) })
}

fn numbers(op: BinaryOp, left: f64, right: f64) -> Result<f64, Unsupported> {
    match compared(op, left, right) {
        Some(holds) => Ok(f64::from(u8::from(holds))),
        None => arithmetic(op, left, right),
    }
}

#[expect(clippy::float_cmp, reason = "as Prometheus compares")]
fn compared(op: BinaryOp, left: f64, right: f64) -> Option<bool> {
    match op {
        BinaryOp::Equal => Some(left == right),
        BinaryOp::NotEqual => Some(left != right),
        BinaryOp::Greater => Some(left > right),
        BinaryOp::Less => Some(left < right),
        BinaryOp::GreaterEqual => Some(left >= right),
        BinaryOp::LessEqual => Some(left <= right),
        _ => None,
    }
}

fn arithmetic(op: BinaryOp, left: f64, right: f64) -> Result<f64, Unsupported> {
    match op {
        BinaryOp::Add => Ok(left + right),
        BinaryOp::Sub => Ok(left - right),
        BinaryOp::Mul => Ok(left * right),
        BinaryOp::Div => Ok(left / right),
        BinaryOp::Mod => Ok(left % right),
        BinaryOp::Pow => Ok(left.powf(right)),
        BinaryOp::Atan2 => Ok(left.atan2(right)),
        _ => Err(Unsupported),
    }
}

/// The labels that are compared.
fn key(labels: &LabelValues, matching: Option<&Matching>) -> LabelValues {
    let Some(matching) = matching else { return labels.clone() };
    let is_listed = |label: &str| matching.labels.iter().any(|listed| listed.value == label);
    let is_compared = |label: &str| match matching.kind {
        MatchingKind::On => is_listed(label),
        MatchingKind::Ignoring => !is_listed(label),
    };
    labels.iter().filter(|(label, _)| is_compared(label)).cloned().collect()
}

fn sets(binary: &Binary, left: Vec<Sample>, right: Vec<Sample>) -> Vec<Sample> {
    let matching = binary.matching.as_ref();
    let keys = |samples: &[Sample]| -> Vec<LabelValues> {
        samples.iter().map(|sample| key(&sample.labels, matching)).collect()
    };
    let is_in = |keys: &[LabelValues], sample: &Sample| keys.contains(&key(&sample.labels, matching));
    match binary.op.value {
        BinaryOp::And => {
            let keys = keys(&right);
            left.into_iter().filter(|sample| is_in(&keys, sample)).collect()
        }
        BinaryOp::Unless => {
            let keys = keys(&right);
            left.into_iter().filter(|sample| !is_in(&keys, sample)).collect()
        }
        _ => {
            let keys = keys(&left);
            left.into_iter().chain(right.into_iter().filter(|sample| !is_in(&keys, sample))).collect()
        }
    }
}

/// Arithmetic and comparisons between series.
fn pairs(binary: &Binary, left: Vec<Sample>, right: &[Sample]) -> Result<Vec<Sample>, Unsupported> {
    let matching = binary.matching.as_ref();
    let group = matching.and_then(|matching| matching.group.as_ref());
    if let Some(group) = group
        && (group.side == Side::Right || !group.labels.is_empty())
    {
        return Err(Unsupported);
    }
    let mut used: Vec<LabelValues> = Vec::new();
    let mut found = Vec::new();
    for sample in left {
        let own = key(&sample.labels, matching);
        let mut partners = right.iter().filter(|other| key(&other.labels, matching) == own);
        let Some(partner) = partners.next() else { continue };
        if partners.next().is_some() || (group.is_none() && used.contains(&own)) {
            return Err(Unsupported);
        }
        let value = kept(binary, binary.op.value, sample.value, partner.value, sample.value)?;
        let is_filter = compared(binary.op.value, 0.0, 0.0).is_some() && !binary.returns_bool;
        let labels = if group.is_some() || is_filter && matching.is_none() { sample.labels } else { own.clone() };
        used.push(own);
        found.extend(value.map(|value| Sample { labels, value }));
    }
    Ok(found)
}
