//! Blocks of events and errors: the rules that every window is a sum over.
//!
//! A fast block is recorded from raw data. A slow block is too, for counters, or summed from fast blocks, for gauges. After a gap a
//! slow block takes what is missing of the last 32 minutes, so that long windows lose nothing.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::recording::vector;
use super::series::{ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, EVENTS_SLOW, Series};
use super::slices;
use super::sources::{self, Source};
use super::{composite, maintenance};
use crate::model::{Blocks, Duration, Slo, decimal_text};
use crate::promql::{BinaryOp, Expr, build};

/// Expressions of events and of failed events.
pub(super) struct Pair {
    /// All events.
    pub(super) events: Expr,
    /// The failed ones.
    pub(super) errors: Expr,
}

/// The range of raw data and the length of the block that it stands for.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// The range of the `rate`.
    pub(super) range: Duration,
    /// The block.
    pub(super) block: Duration,
}

impl Extent {
    /// The block's seconds, by which a rate is multiplied.
    pub(super) fn seconds(self) -> Expr {
        build::number(decimal_text(Decimal::from(self.block.millis()) / Decimal::ONE_THOUSAND))
    }
}

/// The rules of the fast blocks; `None` where an SLI has no events to count.
pub(super) fn fast(series: &Series<'_>) -> Option<Pair> {
    counted(series, &EVENTS_FAST)
}

/// Events and errors of a fast block, for events that are recorded under a name.
pub(super) fn counted(series: &Series<'_>, events: &SmolStr) -> Option<Pair> {
    let blocks = series.slo.blocks;
    let extent = Extent { range: blocks.fast_range(), block: blocks.fast() };
    let events = series.by_group(events.clone());
    let pair = match Source::of(&series.slo.sli)? {
        Source::Counters(counters) => Pair {
            events: sources::events(series, &counters, extent),
            errors: sources::errors(series, &counters, extent, events.clone(), events),
        },
        Source::Gauge(gauge) => Pair {
            events: sources::samples(series, &gauge),
            errors: minus(series, events, sources::good_samples(series, &gauge)),
        },
        Source::Components(parts) => composite::pair(series, parts),
    };
    Some(outside_maintenance(series, pair, extent.range))
}

/// The rules of the slow blocks; `None` where an SLI has no events to count.
pub(super) fn slow(series: &Series<'_>) -> Option<Pair> {
    if series.slo.slices.is_some() {
        return Some(slices::slow(series));
    }
    Some(match Source::of(&series.slo.sli)? {
        Source::Counters(counters) => {
            let pair = Pair { events: slow_events(series, &counters), errors: slow_errors(series, &counters) };
            outside_maintenance(series, pair, series.slo.blocks.slow_range())
        }
        Source::Gauge(_) | Source::Components(_) => Pair {
            events: slow_samples(series, &EVENTS_FAST, &EVENTS_SLOW),
            errors: slow_samples(series, &ERRORS_FAST, &ERRORS_SLOW),
        },
    })
}

/// No block where there was maintenance within its range.
fn outside_maintenance(series: &Series<'_>, pair: Pair, range: Duration) -> Pair {
    let range = Duration::from_millis(range.millis() + maintenance::STEP.millis());
    let Pair { events, errors } = pair;
    Pair {
        events: maintenance::unless_active(series, events, range),
        errors: maintenance::unless_active(series, errors, range),
    }
}

/// Whether a window's errors may sum to a little below zero and want clamping.
pub(super) fn may_be_negative(slo: &Slo) -> bool {
    match Source::of(&slo.sli) {
        Some(Source::Counters(counters)) => slo.slices.is_none() && counters.is_difference(),
        Some(Source::Gauge(_) | Source::Components(_)) | None => false,
    }
}

fn slow_extents(blocks: Blocks) -> (Extent, Extent) {
    let block = Extent { range: blocks.slow_range(), block: Blocks::SLOW };
    (block, Extent { range: blocks.catch_up_range(), block: Blocks::CATCH_UP })
}

fn slow_events(series: &Series<'_>, counters: &sources::Counters<'_>) -> Expr {
    let (block, catch_up) = slow_extents(series.slo.blocks);
    let missing = minus(
        series,
        sources::events(series, counters, catch_up),
        recorded(series, series.by_group(EVENTS_SLOW), nothing(series)),
    );
    let missing = unless_recent_maintenance(series, missing);
    or_catch_up(series, sources::events(series, counters, block), no_gap(series, EVENTS_SLOW), missing)
}

fn slow_errors(series: &Series<'_>, counters: &sources::Counters<'_>) -> Expr {
    let (block, catch_up) = slow_extents(series.slo.blocks);
    let events = series.by_group(EVENTS_SLOW);
    let regular = sources::errors(series, counters, block, events.clone(), events.clone());
    let all = sources::errors(series, counters, catch_up, recorded_sum(series.by_group(EVENTS_SLOW)), events.clone());
    let none = if counters.is_difference() { zero(events) } else { nothing(series) };
    let missing = minus(series, all, recorded(series, series.by_group(ERRORS_SLOW), none));
    let missing = unless_recent_maintenance(series, missing);
    or_catch_up(series, regular, no_gap(series, ERRORS_SLOW), missing)
}

fn slow_samples(series: &Series<'_>, fast: &SmolStr, slow: &SmolStr) -> Expr {
    let [fast, slow] = [fast, slow].map(|name| series.by_group(name.clone()));
    sum_of_fast(series, [fast, slow, nothing(series)], Duration::from_millis(0))
}

/// The sum of the fast blocks within a slow one, or of all that are missing in the slow ones of the catch-up.
///
/// `none` is zero where nothing is recorded yet; `short` is left out of the range: a millisecond, so that it never holds the block
/// at its beginning.
pub(super) fn sum_of_fast(series: &Series<'_>, [fast, slow, none]: [Expr; 3], short: Duration) -> Expr {
    let sum = |window: Duration| {
        let range = Duration::from_millis(window.millis() - short.millis());
        build::call("sum_over_time", vec![over(fast.clone(), range)])
    };
    let missing = minus(series, sum(Blocks::CATCH_UP), recorded(series, slow.clone(), none));
    or_catch_up(series, sum(Blocks::SLOW), has_previous(slow), missing)
}

/// `(regular and on () condition) or on () clamp_min(missing, 0)`
fn or_catch_up(series: &Series<'_>, regular: Expr, condition: Expr, missing: Expr) -> Expr {
    let regular = build::binary(regular, BinaryOp::And, condition).on(&series.groups);
    let missing = build::call("clamp_min", vec![missing, build::number("0")]);
    build::binary(regular, BinaryOp::Or, missing).on(&series.groups)
}

/// Holds while neither fast blocks nor the previous slow block are missing.
fn no_gap(series: &Series<'_>, slow: SmolStr) -> Expr {
    let window = Duration::from_millis(2 * Blocks::SLOW.millis());
    let count = build::call("count_over_time", vec![over(series.by_group(EVENTS_FAST), window)]);
    let least = series.slo.blocks.fast_blocks_without_gap().to_string();
    let fast = build::binary(count, BinaryOp::GreaterEqual, build::number(least));
    let no_gap = build::binary(fast, BinaryOp::And, has_previous(series.by_group(slow)));
    let Some(maintenance) = recent_maintenance(series) else { return no_gap };
    // Maintenance leaves gaps of its own, which there is nothing to catch up in.
    let some = build::call("count_over_time", vec![over(series.by_group(EVENTS_FAST), window)]);
    build::binary(no_gap, BinaryOp::Or, build::binary(some, BinaryOp::And, maintenance).on(&[]))
}

/// What the catch-up finds, unless part of it would be of maintenance.
fn unless_recent_maintenance(series: &Series<'_>, missing: Expr) -> Expr {
    match recent_maintenance(series) {
        Some(maintenance) => build::binary(missing, BinaryOp::Unless, maintenance).on(&[]),
        None => missing,
    }
}

/// Holds if the catch-up would reach back to maintenance.
fn recent_maintenance(series: &Series<'_>) -> Option<Expr> {
    let range = series.slo.blocks.catch_up_range().millis() + maintenance::STEP.millis();
    maintenance::active(series, Duration::from_millis(range))
}

/// Holds while the previous slow block is there.
fn has_previous(slow: Expr) -> Expr {
    let window = Duration::from_millis(Blocks::SLOW.millis() + Blocks::SLOW.millis() / 2);
    let count = build::call("count_over_time", vec![over(slow, window)]);
    build::binary(count, BinaryOp::GreaterEqual, build::number("1"))
}

/// What the slow blocks of the catch-up already hold, `none` without any.
fn recorded(series: &Series<'_>, slow: Expr, none: Expr) -> Expr {
    build::binary(recorded_sum(slow), BinaryOp::Or, none).on(&series.groups)
}

/// The sum over the slow blocks of the catch-up before this one.
fn recorded_sum(slow: Expr) -> Expr {
    let window = Duration::from_millis(Blocks::CATCH_UP.millis() - Blocks::SLOW.millis() / 2);
    build::call("sum_over_time", vec![over(slow, window)])
}

/// A zero where nothing is recorded yet: for each group that has a fast block.
fn nothing(series: &Series<'_>) -> Expr {
    if series.is_grouped() {
        return zero(series.by_group(EVENTS_FAST));
    }
    vector("0".to_owned())
}

/// A zero for each series that exists.
pub(super) fn zero(expr: Expr) -> Expr {
    build::binary(expr, BinaryOp::Mul, build::number("0"))
}

/// `left - on () right`
pub(super) fn minus(series: &Series<'_>, left: Expr, right: Expr) -> Expr {
    build::binary(left, BinaryOp::Sub, right).on(&series.groups)
}

/// `selector[window]`
#[expect(clippy::cast_possible_wrap, reason = "windows are months at most")]
pub(super) fn over(selector: Expr, window: Duration) -> Expr {
    build::matrix(selector, window.millis() as i64)
}
