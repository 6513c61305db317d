//! Aggregations.

use super::{Line, Moment, Sample, Unsupported, scalar, vector};
use crate::promql::example::LabelValues;
use crate::promql::{Aggregate, AggregateOp, Grouping, GroupingKind};

/// What an aggregation yields.
pub(super) fn aggregate(aggregate: &Aggregate, lines: &[Line], moment: Moment) -> Result<Vec<Sample>, Unsupported> {
    let samples = vector(&aggregate.expr, lines, moment)?;
    let mut groups: Vec<(LabelValues, Vec<Sample>)> = Vec::new();
    for sample in samples {
        let labels = kept(&sample.labels, aggregate.grouping.as_ref());
        match groups.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, members)) => members.push(sample),
            None => groups.push((labels, vec![sample])),
        }
    }
    let param = aggregate.param.as_ref().map(|param| scalar(param, lines, moment)).transpose();
    let mut all = Vec::with_capacity(groups.len());
    for (labels, members) in groups {
        let values: Vec<f64> = members.iter().map(|member| member.value).collect();
        match one(aggregate.op.value, &values, param) {
            Ok(value) => all.push(Sample { labels, value }),
            Err(Unsupported) => all.extend(several(aggregate.op.value, members, param?.ok_or(Unsupported)?)?),
        }
    }
    Ok(all)
}

fn kept(labels: &LabelValues, grouping: Option<&Grouping>) -> LabelValues {
    let Some(grouping) = grouping else { return LabelValues::new() };
    let is_listed = |label: &str| grouping.labels.iter().any(|listed| listed.value == label);
    let is_kept = |label: &str| match grouping.kind {
        GroupingKind::By => is_listed(label),
        GroupingKind::Without => !is_listed(label),
    };
    labels.iter().filter(|(label, _)| is_kept(label)).cloned().collect()
}

/// Aggregations that make one series of each group.
#[expect(clippy::cast_precision_loss, reason = "there are a few series only")]
fn one(op: AggregateOp, values: &[f64], param: Result<Option<f64>, Unsupported>) -> Result<f64, Unsupported> {
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let average = sum / count;
    let variance = || values.iter().map(|value| (value - average).powi(2)).sum::<f64>() / count;
    Ok(match op {
        AggregateOp::Sum => sum,
        AggregateOp::Avg => average,
        AggregateOp::Count => count,
        AggregateOp::Group => 1.0,
        AggregateOp::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        AggregateOp::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        AggregateOp::Stdvar => variance(),
        AggregateOp::Stddev => variance().sqrt(),
        AggregateOp::Quantile => quantile(param?.ok_or(Unsupported)?, values)?,
        AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::CountValues
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => return Err(Unsupported),
    })
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks of a few series"
)]
fn quantile(share: f64, values: &[f64]) -> Result<f64, Unsupported> {
    if !(0.0..=1.0).contains(&share) || values.is_empty() {
        return Err(Unsupported);
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = share * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    Ok(low + (high - low) * rank.fract())
}

/// Aggregations that pick series.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a negative number of series is none")]
fn several(op: AggregateOp, mut members: Vec<Sample>, param: f64) -> Result<Vec<Sample>, Unsupported> {
    match op {
        AggregateOp::Topk => members.sort_by(|left, right| right.value.total_cmp(&left.value)),
        AggregateOp::Bottomk => members.sort_by(|left, right| left.value.total_cmp(&right.value)),
        _ => return Err(Unsupported),
    }
    members.truncate(param.max(0.0) as usize);
    Ok(members)
}
