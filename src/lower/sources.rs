//! Where events come from: one expression per family of SLIs, over a range of raw data.

use smol_str::SmolStr;

use super::blocks::{Extent, minus, over, zero};
use super::series::Series;
use crate::model::{
    Across, Blocks, Comparison, Composite, Duration, Latency, NativeLatency, Ratio, RatioPart, Sli, decimal_text,
};
use crate::promql::{AggregateOp, BinaryOp, Expr, ExprKind, GroupingKind, build, substitute_window};

/// A kind of raw data.
pub(super) enum Source<'a> {
    /// Counters, which have increments.
    Counters(Counters<'a>),
    /// Gauges, whose samples are the events.
    Gauge(Gauge<'a>),
    /// Recorded series of other SLOs.
    Components(&'a Composite),
}

/// Counters, by how errors are told.
pub(super) enum Counters<'a> {
    /// Counted as failed.
    Bad { total: &'a Expr, bad: &'a Expr },
    /// Counted as good; errors are the rest.
    Good { total: &'a Expr, good: &'a Expr },
    /// A classic histogram.
    Classic(&'a Latency),
    /// A native histogram.
    Native(&'a NativeLatency),
}

/// Gauges, by what makes a sample good.
pub(super) enum Gauge<'a> {
    /// 1 is good.
    Up { gauge: &'a Expr, across: Across },
    /// What satisfies a comparison is good.
    Value { expr: &'a Expr, good: &'a Comparison },
}

impl<'a> Source<'a> {
    /// The source of an SLI; `None` for a ratio without events.
    pub(super) fn of(sli: &'a Sli) -> Option<Self> {
        Some(match sli {
            Sli::Ratio(Ratio { total, part: RatioPart::Bad(bad) }) => Self::Counters(Counters::Bad { total, bad }),
            Sli::Ratio(Ratio { total, part: RatioPart::Good(good) }) => Self::Counters(Counters::Good { total, good }),
            Sli::Latency(latency) => Self::Counters(Counters::Classic(latency)),
            Sli::NativeLatency(latency) => Self::Counters(Counters::Native(latency)),
            Sli::Up { gauge, across } => Self::Gauge(Gauge::Up { gauge, across: *across }),
            Sli::Value(value) => Self::Gauge(Gauge::Value { expr: &value.expr, good: &value.good }),
            Sli::Composite(composite) => Self::Components(composite),
            Sli::ErrorRatio(_) => return None,
        })
    }
}

impl Counters<'_> {
    /// Whether errors are a difference of two counts, which noise can push below zero.
    pub(super) fn is_difference(&self) -> bool {
        match self {
            Self::Good { .. } | Self::Classic(_) => true,
            Self::Bad { .. } | Self::Native(_) => false,
        }
    }
}

/// All events of a block.
pub(super) fn events(series: &Series<'_>, counters: &Counters<'_>, extent: Extent) -> Expr {
    match counters {
        Counters::Bad { total, .. } | Counters::Good { total, .. } => increase(series, total, extent),
        Counters::Classic(latency) => increase(series, &latency.count, extent),
        Counters::Native(latency) => named(series, observations(series, &latency.histogram, extent)),
    }
}

/// The failed events of a block; `total` is the block's count of all events, `events` a series to take zeros from.
pub(super) fn errors(series: &Series<'_>, counters: &Counters<'_>, extent: Extent, total: Expr, events: Expr) -> Expr {
    match counters {
        Counters::Bad { bad, .. } => or_zero(series, increase(series, bad, extent), events),
        Counters::Good { good, .. } => minus(series, total, or_zero(series, increase(series, good, extent), events)),
        Counters::Classic(latency) => {
            let slow = minus(series, total, increase(series, &latency.bucket, extent));
            match &latency.bad {
                Some(bad) => plus(series, slow, or_zero(series, increase(series, bad, extent), events)),
                None => slow,
            }
        }
        Counters::Native(latency) => native_errors(series, latency, extent, total, events),
    }
}

/// `(total * on () (1 - fraction) [+ on () fast failures]) >= 0 or on () events * 0`; the comparison drops NaN.
fn native_errors(series: &Series<'_>, latency: &NativeLatency, extent: Extent, total: Expr, events: Expr) -> Expr {
    let fraction = |histogram| fraction_below(series, latency, histogram, extent);
    let slow_share = build::binary(build::number("1"), BinaryOp::Sub, named(series, fraction(&latency.histogram)));
    let mut failed = build::binary(total, BinaryOp::Mul, slow_share).on(&series.groups);
    if let Some(bad) = &latency.bad {
        let count = build::binary(observations(series, bad, extent), BinaryOp::Mul, fraction(bad));
        let fast_failures = named(series, at_least_zero(count));
        failed = plus(series, failed, or_zero(series, fast_failures, events.clone()));
    }
    or_zero(series, at_least_zero(failed), events)
}

fn fraction_below(series: &Series<'_>, latency: &NativeLatency, histogram: &Expr, extent: Extent) -> Expr {
    let rate = aggregate(series, AggregateOp::Sum, rate(histogram, extent.range));
    let bound = build::number(decimal_text(latency.under));
    build::call("histogram_fraction", vec![build::number("0"), bound, rate])
}

/// The observations of a native histogram within a block, before groups are named.
fn observations(series: &Series<'_>, histogram: &Expr, extent: Extent) -> Expr {
    let rate = aggregate(series, AggregateOp::Sum, rate(histogram, extent.range));
    build::binary(build::call("histogram_count", vec![rate]), BinaryOp::Mul, extent.seconds())
}

/// The increments of counters within a block.
fn increase(series: &Series<'_>, counter: &Expr, extent: Extent) -> Expr {
    let per_second = match &counter.kind {
        ExprKind::Selector(_) => aggregate(series, AggregateOp::Sum, rate(counter, extent.range)),
        _ => over_window(counter, extent.range),
    };
    named(series, build::binary(per_second, BinaryOp::Mul, extent.seconds()))
}

fn rate(selector: &Expr, range: Duration) -> Expr {
    build::call("rate", vec![over(selector.clone(), range)])
}

/// An expression with its `$window` ranges filled in.
#[expect(clippy::cast_possible_wrap, reason = "windows are months at most")]
pub(super) fn over_window(expr: &Expr, window: Duration) -> Expr {
    substitute_window(expr, window.millis() as i64)
}

/// All samples of a fast block.
pub(super) fn samples(series: &Series<'_>, gauge: &Gauge<'_>) -> Expr {
    let blocks = series.slo.blocks;
    let samples = match gauge {
        Gauge::Up { gauge, across: Across::Average } => {
            let count = build::call("count_over_time", vec![over((*gauge).clone(), blocks.fast())]);
            aggregate(series, AggregateOp::Sum, count)
        }
        Gauge::Up { gauge, across } => build::call("count_over_time", vec![states(series, gauge, *across, blocks)]),
        Gauge::Value { expr, .. } => looked_at(series, aggregate(series, AggregateOp::Count, (*expr).clone())),
    };
    named(series, samples)
}

/// The good samples of a fast block.
pub(super) fn good_samples(series: &Series<'_>, gauge: &Gauge<'_>) -> Expr {
    let blocks = series.slo.blocks;
    let good = match gauge {
        Gauge::Up { gauge, across: Across::Average } => {
            let sum = build::call("sum_over_time", vec![over((*gauge).clone(), blocks.fast())]);
            aggregate(series, AggregateOp::Sum, sum)
        }
        Gauge::Up { gauge, across } => build::call("sum_over_time", vec![states(series, gauge, *across, blocks)]),
        Gauge::Value { expr, good } => {
            let limit = build::number(good.limit.clone());
            let good = build::binary((*expr).clone(), good.op, limit).bool();
            looked_at(series, aggregate(series, AggregateOp::Sum, good))
        }
    };
    named(series, good)
}

/// A value of each scrape in a slice of time, summed; a block of events is looked at once.
fn looked_at(series: &Series<'_>, value: Expr) -> Expr {
    match series.slo.slices {
        Some(_) => build::call("sum_over_time", vec![at_scrapes(value, series.slo.blocks)]),
        None => value,
    }
}

/// A value at each scrape of a fast block.
#[expect(clippy::cast_possible_wrap, reason = "blocks are minutes")]
fn at_scrapes(value: Expr, blocks: Blocks) -> Expr {
    build::subquery(value, blocks.fast().millis() as i64, Some(blocks.scrape().millis() as i64))
}

/// One answer of all gauges, at each scrape of a fast block.
fn states(series: &Series<'_>, gauge: &Expr, across: Across, blocks: Blocks) -> Expr {
    let state = match across {
        Across::Any => aggregate(series, AggregateOp::Max, gauge.clone()),
        Across::All => aggregate(series, AggregateOp::Min, gauge.clone()),
        Across::Average | Across::Quorum => {
            let average = aggregate(series, AggregateOp::Avg, gauge.clone());
            build::binary(average, BinaryOp::Greater, build::number("0.5")).bool()
        }
    };
    at_scrapes(state, blocks)
}

/// One series, or one for each group.
fn aggregate(series: &Series<'_>, op: AggregateOp, expr: Expr) -> Expr {
    let grouping = series.is_grouped().then_some((GroupingKind::By, series.groups.as_slice()));
    build::aggregate(op, grouping, expr)
}

/// Series without a group label become the group `none`, so that nothing is dropped.
pub(super) fn named(series: &Series<'_>, expr: Expr) -> Expr {
    let name = |expr, label: &SmolStr| {
        let label = || build::string(label.clone());
        build::call("label_replace", vec![expr, label(), build::string("none"), label(), build::string("")])
    };
    series.groups.iter().fold(expr, name)
}

fn or_zero(series: &Series<'_>, expr: Expr, events: Expr) -> Expr {
    build::binary(expr, BinaryOp::Or, zero(events)).on(&series.groups)
}

fn plus(series: &Series<'_>, left: Expr, right: Expr) -> Expr {
    build::binary(left, BinaryOp::Add, right).on(&series.groups)
}

fn at_least_zero(expr: Expr) -> Expr {
    build::binary(expr, BinaryOp::GreaterEqual, build::number("0"))
}
