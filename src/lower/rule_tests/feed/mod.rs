//! Raw series of an SLI: what rises, or how a gauge stands, while events are good and while they are bad.

pub(super) mod components;
mod counters;
mod expressions;
mod gauges;

use smol_str::SmolStr;

use crate::model::{Blocks, Duration, Sli, Slo};
use crate::promql::{self, Expr, ExprKind, LabelValues, MatchOp, Matcher, Selector, build};

/// All series of an SLI.
pub(super) struct Feed {
    /// The series.
    pub(super) series: Vec<FeedSeries>,
    /// What the series count.
    pub(super) unit: Unit,
}

/// What the series of an SLI count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Events: as many as happen.
    Events,
    /// Events that only a ratio is known of.
    Share,
    /// Samples of gauges: so many in each block.
    Samples(u64),
}

/// A series of an SLI.
#[derive(Clone)]
pub(super) struct FeedSeries {
    /// As PromQL writes it.
    pub(super) text: String,
    /// What it shows.
    pub(super) shape: Shape,
    /// What it means if it is not there.
    pub(super) missing: Missing,
}

/// What a series shows of good and of bad events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A counter of all events.
    All,
    /// A counter of good events.
    Good,
    /// A counter of bad events.
    Bad,
    /// A counter of neither.
    Flat,
    /// A gauge: its values while all is well, and while it is not.
    Gauge(SmolStr, SmolStr),
}

/// What a series means that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No such events.
    NoEvents,
    /// No data at all.
    NoData,
}

impl Feed {
    /// The series of an SLO, in a group if it is grouped; `None` where none can be made up.
    pub(super) fn of(slo: &Slo, group: &LabelValues) -> Option<Self> {
        let feed = Self::counted(slo, group)?;
        Some(match (feed.unit, slo.slices) {
            (Unit::Samples(_), Some(_)) => Self { unit: Unit::Samples(1), ..feed },
            (Unit::Events | Unit::Share | Unit::Samples(_), _) => feed,
        })
    }

    fn counted(slo: &Slo, group: &LabelValues) -> Option<Self> {
        match &slo.sli {
            Sli::Ratio(ratio) => Some(Self { series: counters::ratio(ratio, group)?, unit: Unit::Events }),
            Sli::Latency(latency) => Some(Self { series: counters::classic(latency, group)?, unit: Unit::Events }),
            // promtool of Prometheus 2 does not read samples of native histograms.
            Sli::NativeLatency(_) => None,
            Sli::Composite(composite) => components::feed(slo, composite),
            Sli::Up { gauge, across } => gauges::up(slo, gauge, *across, group),
            Sli::Value(value) => gauges::value(value, group),
            Sli::ErrorRatio(ratio) => Some(Self { series: expressions::share(ratio, group)?, unit: Unit::Share }),
        }
    }
}

impl Feed {
    /// Where failures count as bad however fast they are: the series of events that are bad because they are slow.
    pub(super) fn slow(slo: &Slo, group: &LabelValues) -> Option<Self> {
        match &slo.sli {
            Sli::Latency(latency) => Some(Self { series: counters::slow(latency, group)?, unit: Unit::Events }),
            Sli::Ratio(_)
            | Sli::NativeLatency(_)
            | Sli::Up { .. }
            | Sli::Value(_)
            | Sli::ErrorRatio(_)
            | Sli::Composite(_) => None,
        }
    }
}

/// How long after the last scrape rules still see something of it.
pub(super) fn remembered(slo: &Slo) -> Duration {
    const LOOKBACK: Duration = Duration::from_mins(5);
    match &slo.sli {
        Sli::Ratio(_) | Sli::Latency(_) | Sli::NativeLatency(_) => slo.blocks.fast_range(),
        Sli::ErrorRatio(_) => LOOKBACK,
        Sli::Up { .. } | Sli::Value(_) | Sli::Composite(_) => {
            Duration::from_millis(LOOKBACK.millis() + slo.blocks.fast().millis())
        }
    }
}

/// The samples of one series in a fast block.
fn samples(blocks: Blocks) -> u64 {
    (blocks.fast().millis() / blocks.scrape().millis()).max(1)
}

/// A selector that is read as it is.
fn selector(expr: &Expr) -> Option<&Selector> {
    match &expr.kind {
        ExprKind::Selector(selector) => Some(selector),
        _ => None,
    }
}

/// What a selector asks for, and the group.
fn matchers(selector: &Selector, group: &LabelValues) -> Vec<Matcher> {
    let group = group.iter().map(|(label, value)| equal(label, value));
    selector.matchers.iter().cloned().chain(group).collect()
}

fn equal(label: &SmolStr, value: &SmolStr) -> Matcher {
    build::matcher(label.clone(), MatchOp::Equal, value.clone())
}

/// A series of the selector's metric; `None` if its name is not fixed or needs quotes, which old promtools do not read.
pub(super) fn series_text(selector: &Selector, labels: &LabelValues) -> Option<String> {
    let name = &selector.name.as_ref()?.value;
    let is_plain = |text: &str, colons: bool| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (colons && byte == b':');
        !text.is_empty() && text.bytes().all(is_letter) && !text.starts_with(|first: char| first.is_ascii_digit())
    };
    if !is_plain(name, true) || !labels.iter().all(|(label, _)| is_plain(label, false)) {
        return None;
    }
    let matchers = labels.iter().map(|(label, value)| (label.clone(), MatchOp::Equal, value.clone()));
    Some(promql::print_line(&build::selector(name.clone(), matchers)))
}
