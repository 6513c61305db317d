//! Raw series that an SLI counts: what rises, or how a gauge stands, while events are good and while they are bad.

use smol_str::SmolStr;

use crate::model::{Latency, Ratio, RatioPart, Sli, Slo};
use crate::promql::{self, Expr, ExprKind, LabelValues, MatchOp, Matcher, Selector, build};

/// All series of an SLI.
pub(super) struct Feed {
    /// The series, those that rise with bad events last.
    pub(super) series: Vec<FeedSeries>,
}

/// A series of an SLI.
pub(super) struct FeedSeries {
    /// As PromQL writes it.
    pub(super) text: String,
    /// What it shows.
    pub(super) shape: Shape,
}

/// What a series shows of good and of bad events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A counter of all events.
    All,
    /// A counter of good events; whether no such series means none of them.
    Good(Missing),
    /// A counter of bad events.
    Bad,
}

/// What a series means that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No events.
    None,
    /// A fault in the definition, so no data.
    Fault,
}

impl Feed {
    /// The series of an SLO, in a group if it is grouped; `None` where none can be made up.
    pub(super) fn of(slo: &Slo, group: &LabelValues) -> Option<Self> {
        let series = match &slo.sli {
            Sli::Ratio(Ratio { total, part: RatioPart::Bad(bad) }) => {
                ratio(selector(total)?, selector(bad)?, group, Shape::Bad)?
            }
            Sli::Ratio(Ratio { total, part: RatioPart::Good(good) }) => {
                ratio(selector(total)?, selector(good)?, group, Shape::Good(Missing::None))?
            }
            Sli::Latency(latency) => classic(latency, group)?,
            Sli::NativeLatency(_) | Sli::Up { .. } | Sli::Value(_) | Sli::ErrorRatio(_) => return None,
        };
        Some(Self { series })
    }
}

/// A selector that is read as it is.
fn selector(expr: &Expr) -> Option<&Selector> {
    match &expr.kind {
        ExprKind::Selector(selector) => Some(selector),
        _ => None,
    }
}

/// All events, and a part of them: one series for each kind of event if both count the same metric.
fn ratio(total: &Selector, part: &Selector, group: &LabelValues, shape: Shape) -> Option<Vec<FeedSeries>> {
    let (total_matchers, part_matchers) = (matchers(total, group), matchers(part, group));
    let all = [total_matchers.as_slice(), part_matchers.as_slice()].concat();
    let is_one_metric = total.name == part.name;
    let within = promql::example(&all).filter(|_| is_one_metric);
    let Some(within) = within else {
        let total = named(total, &promql::example(&total_matchers)?, Shape::All)?;
        return Some(vec![total, named(part, &promql::example(&part_matchers)?, shape)?]);
    };
    let outside = promql::counterexample(&total_matchers, &part_matchers)?;
    let rest = match shape {
        Shape::Good(_) => Shape::Bad,
        Shape::All | Shape::Bad => Shape::Good(Missing::None),
    };
    let mut series = vec![named(total, &outside, rest)?, named(total, &within, shape)?];
    series.sort_by_key(|series| series.shape == Shape::Bad);
    Some(series)
}

/// The count of all events, and the bucket of those that are fast enough.
fn classic(latency: &Latency, group: &LabelValues) -> Option<Vec<FeedSeries>> {
    let (count, bucket) = (selector(&latency.count)?, selector(&latency.bucket)?);
    let mut bucket_matchers = matchers(bucket, group);
    let count_labels = match &latency.bad {
        None => promql::example(&matchers(count, group))?,
        Some(bad) => {
            let bad = matchers(selector(bad)?, group);
            let good = promql::counterexample(&bucket_matchers, &bad)?;
            bucket_matchers = good.iter().map(|(label, value)| equal(label, value)).collect();
            let without_le = good.into_iter().filter(|(label, _)| label != "le");
            without_le.collect()
        }
    };
    let bucket_labels = promql::example(&bucket_matchers)?;
    Some(vec![named(count, &count_labels, Shape::All)?, named(bucket, &bucket_labels, Shape::Good(Missing::Fault))?])
}

/// What a selector asks for, and the group.
pub(super) fn matchers(selector: &Selector, group: &LabelValues) -> Vec<Matcher> {
    let group = group.iter().map(|(label, value)| equal(label, value));
    selector.matchers.iter().cloned().chain(group).collect()
}

fn equal(label: &SmolStr, value: &SmolStr) -> Matcher {
    build::matcher(label.clone(), MatchOp::Equal, value.clone())
}

/// A series of the selector's metric; `None` if its name is not fixed or needs quotes, which old promtools do not read.
fn named(selector: &Selector, labels: &LabelValues, shape: Shape) -> Option<FeedSeries> {
    let name = &selector.name.as_ref()?.value;
    let is_plain = |text: &str, colons: bool| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (colons && byte == b':');
        !text.is_empty() && text.bytes().all(is_letter) && !text.starts_with(|first: char| first.is_ascii_digit())
    };
    if !is_plain(name, true) || !labels.iter().all(|(label, _)| is_plain(label, false)) {
        return None;
    }
    let matchers = labels.iter().map(|(label, value)| (label.clone(), MatchOp::Equal, value.clone()));
    let series = build::selector(name.clone(), matchers);
    Some(FeedSeries { text: promql::print_line(&series), shape })
}
