//! Series of counters that selectors select: a part of all events, and buckets of classic histograms.

use super::{FeedSeries, Missing, Shape, equal, expressions, matchers, selector, series_text};
use crate::model::{Latency, Ratio, RatioPart};
use crate::promql::{self, LabelValues, Selector};

/// All events, and a part of them.
pub(super) fn ratio(ratio: &Ratio, group: &LabelValues) -> Option<Vec<FeedSeries>> {
    let (part, shape) = match &ratio.part {
        RatioPart::Bad(part) => (part, Shape::Bad),
        RatioPart::Good(part) => (part, Shape::Good),
    };
    match (selector(&ratio.total), selector(part)) {
        (Some(total), Some(part)) => selected(total, part, group, shape),
        _ => expressions::ratio(&ratio.total, part, group, &shape),
    }
}

/// One series for each kind of event if total and part count the same metric.
fn selected(total: &Selector, part: &Selector, group: &LabelValues, shape: Shape) -> Option<Vec<FeedSeries>> {
    let (total_matchers, part_matchers) = (matchers(total, group), matchers(part, group));
    let all = [total_matchers.as_slice(), part_matchers.as_slice()].concat();
    let is_one_metric = total.name == part.name;
    let Some(within) = promql::example(&all).filter(|_| is_one_metric) else {
        let total = named(total, &promql::example(&total_matchers)?, Shape::All, Missing::NoData)?;
        return Some(vec![total, named(part, &promql::example(&part_matchers)?, shape, Missing::NoEvents)?]);
    };
    let outside = promql::counterexample(&total_matchers, &part_matchers)?;
    Some(match shape {
        Shape::Good => vec![
            named(total, &within, Shape::Good, Missing::NoEvents)?,
            named(total, &outside, Shape::Bad, Missing::NoEvents)?,
        ],
        _ => vec![
            named(total, &outside, Shape::Good, Missing::NoEvents)?,
            named(total, &within, Shape::Bad, Missing::NoEvents)?,
        ],
    })
}

/// The count of all events and the bucket of those that are fast enough, none of which fails.
pub(super) fn slow(latency: &Latency, group: &LabelValues) -> Option<Vec<FeedSeries>> {
    let (count, bucket) = (selector(&latency.count)?, selector(&latency.bucket)?);
    let bad = matchers(selector(latency.bad.as_ref()?)?, group);
    let good = promql::counterexample(&matchers(bucket, group), &bad)?;
    let counted = without_le(count, &good, group)?;
    Some(vec![
        named(count, &counted, Shape::All, Missing::NoData)?,
        named(bucket, &good, Shape::Good, Missing::NoData)?,
    ])
}

/// The labels of the count that belongs to a bucket.
fn without_le(count: &Selector, bucket: &LabelValues, group: &LabelValues) -> Option<LabelValues> {
    let fixed = bucket.iter().filter(|(label, _)| label != "le").map(|(label, value)| equal(label, value));
    promql::example(&matchers(count, group).into_iter().chain(fixed).collect::<Vec<_>>())
}

/// The count of all events, the bucket of those that are fast enough, and both of a failure that is fast.
pub(super) fn classic(latency: &Latency, group: &LabelValues) -> Option<Vec<FeedSeries>> {
    let (count, bucket) = (selector(&latency.count)?, selector(&latency.bucket)?);
    let Some(bad) = &latency.bad else {
        return Some(vec![
            named(count, &promql::example(&matchers(count, group))?, Shape::All, Missing::NoData)?,
            named(bucket, &promql::example(&matchers(bucket, group))?, Shape::Good, Missing::NoData)?,
        ]);
    };
    // Good ones are fast; bad ones fail as fast, which only the label tells.
    let bad = matchers(selector(bad)?, group);
    let good = promql::counterexample(&matchers(bucket, group), &bad)?;
    let failed = promql::example(&[matchers(bucket, group), bad].concat())?;
    let counted = |labels: &LabelValues| without_le(count, labels, group);
    Some(vec![
        named(count, &counted(&good)?, Shape::Good, Missing::NoData)?,
        named(bucket, &good, Shape::Good, Missing::NoData)?,
        named(count, &counted(&failed)?, Shape::Bad, Missing::NoEvents)?,
        named(bucket, &failed, Shape::Bad, Missing::NoEvents)?,
    ])
}

fn named(selector: &Selector, labels: &LabelValues, shape: Shape, missing: Missing) -> Option<FeedSeries> {
    Some(FeedSeries { text: series_text(selector, labels)?, shape, missing })
}
