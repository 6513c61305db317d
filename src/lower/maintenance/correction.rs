//! Time that is taken out afterwards: blocks are recorded already, so that long windows leave out those of the interval.
//!
//! `sum without (excluded) (sum_over_time(blocks[30d]) or label_replace(-<sum of the interval's blocks>, ...))`: the sum of an
//! interval is over a subquery that is fixed to it by `@`, minute by minute, of which steps before the window count no longer.

use smol_str::SmolStr;

use super::{STEP, active, between, now};
use crate::lower::blocks::over;
use crate::lower::series::{EVALUATED, PERIOD_START, Series, ratio_name};
use crate::model::{Blocks, Duration, Interval, MaintenanceTime};
use crate::promql::{AggregateOp, At, BinaryOp, Expr, GroupingKind, build};

const MINUTE: i64 = 60;
/// The label that keeps intervals apart until they are subtracted.
const EXCLUDED: SmolStr = SmolStr::new_static("excluded");

/// The moments at which blocks were recorded that touch an interval, in whole minutes.
#[derive(Clone, Copy)]
struct Blocked<'a> {
    name: &'a str,
    time: Interval,
}

/// Whether an SLO has time that was taken out once.
pub(in crate::lower) fn has_corrections(series: &Series<'_>) -> bool {
    intervals(series).next().is_some()
}

/// When the rules are evaluated, for subqueries, which have a time of their own; `None` if nothing is taken out.
pub(in crate::lower) fn clock(series: &Series<'_>) -> Option<(SmolStr, Expr)> {
    has_corrections(series).then(|| (EVALUATED, now()))
}

/// The sum of slow blocks over a window of this length, or over the calendar period, less the blocks of each interval.
pub(in crate::lower) fn corrected(series: &Series<'_>, sum: Expr, name: &SmolStr, window: Option<Duration>) -> Expr {
    let range = series.slo.blocks.slow_range().seconds();
    let taken_out = intervals(series).map(|entry| {
        let blocks = Blocked { time: blocks(entry.time, range), ..entry };
        let lost = build::negate(build::call("sum_over_time", vec![steps(series, name, blocks, window)]));
        let label = build::string(EXCLUDED);
        build::call(
            "label_replace",
            vec![lost, label, build::string(blocks.name), build::string(""), build::string("")],
        )
    });
    let all = taken_out.fold(sum, |sum, lost| build::binary(sum, BinaryOp::Or, lost));
    if !has_corrections(series) {
        return all;
    }
    build::aggregate(AggregateOp::Sum, Some((GroupingKind::Without, &[EXCLUDED])), all)
}

/// The mean of the ratio of five minutes over steps of a window, without those that see an interval.
pub(in crate::lower) fn corrected_mean(series: &Series<'_>, ratio: Expr) -> Expr {
    let five_minutes = Duration::from_mins(5).seconds();
    intervals(series).fold(ratio, |ratio, entry| {
        let time = blocks(entry.time, five_minutes);
        build::binary(ratio, BinaryOp::Unless, between(time.from, time.to)).on(&[])
    })
}

/// Single times of an SLO.
fn intervals<'a>(series: &Series<'a>) -> impl Iterator<Item = Blocked<'a>> {
    series.slo.maintenance.iter().filter_map(|entry| match &entry.time {
        MaintenanceTime::Once(time) => Some(Blocked { name: entry.name.as_str(), time: *time }),
        MaintenanceTime::Recurring(_) => None,
    })
}

/// A block that is recorded at a moment is of the range before it.
#[expect(clippy::cast_possible_wrap, reason = "ranges are minutes")]
fn blocks(time: Interval, range: u64) -> Interval {
    let to = time.to + range as i64;
    Interval { from: time.from.div_euclid(MINUTE) * MINUTE, to: (to + MINUTE - 1).div_euclid(MINUTE) * MINUTE }
}

/// The blocks of an interval, of each minute by itself, as far as the window reaches back to them.
fn steps(series: &Series<'_>, name: &SmolStr, blocks: Blocked<'_>, window: Option<Duration>) -> Expr {
    // Without the block that was recorded where the minute begins: it belongs to the minute before.
    let minute = Duration::from_millis(Duration::from_mins(1).millis() - 1);
    let blocks_of_minute = build::call("sum_over_time", vec![over(series.all(name.clone()), minute)]);
    let within = build::binary(blocks_of_minute, BinaryOp::And, in_window(series, window)).on(&[]);
    let Interval { from, to } = blocks.time;
    // Half a minute less, for steps after `from` only, whether or not the range holds its beginning.
    let length = (to - from) * 1_000 - 30_000;
    build::subquery(within, length, Some(MINUTE * 1_000)).at(At::Timestamp(to.to_string().into()))
}

/// Holds for steps within the window that ends now, or within the calendar period.
#[expect(clippy::cast_possible_wrap, reason = "windows are months at most")]
fn in_window(series: &Series<'_>, window: Option<Duration>) -> Expr {
    let fixed = |name| series.all(name).at(At::End);
    let Some(window) = window else {
        let begun = build::binary(build::call("time", Vec::new()), BinaryOp::Sub, build::number(MINUTE.to_string()));
        let begun = build::call("vector", vec![begun]);
        return build::binary(begun, BinaryOp::GreaterEqual, fixed(PERIOD_START)).on(&[]);
    };
    // The oldest block of the window is a block younger than it; half a block tells it from the one before.
    let length = (Blocks::count(window, Blocks::SLOW) * Blocks::SLOW.seconds() - Blocks::SLOW.seconds() / 2) as i64;
    let begin = build::binary(fixed(EVALUATED), BinaryOp::Sub, build::number(length.to_string()));
    build::binary(now(), BinaryOp::Greater, begin).on(&[])
}

/// A ratio from raw data that has no maintenance within its window; otherwise the mean of those of five minutes that have none.
pub(in crate::lower) fn unspoilt(series: &Series<'_>, raw: Expr, window: Duration) -> Expr {
    let range = Duration::from_millis(window.millis() + STEP.millis());
    let Some(active) = active(series, range) else { return raw };
    let clean = build::binary(raw, BinaryOp::Unless, active).on(&[]);
    if window <= Duration::from_mins(5) {
        return clean;
    }
    let clean = intervals(series).fold(clean, |clean, entry| {
        let time = blocks(entry.time, window.seconds());
        build::binary(clean, BinaryOp::Unless, between(time.from, time.to)).on(&[])
    });
    build::binary(clean, BinaryOp::Or, mean(series, window)).on(&series.groups)
}

/// The mean of five-minute ratios over a window, each of which is recorded without maintenance.
#[expect(clippy::cast_possible_wrap, reason = "windows are months at most")]
pub(in crate::lower) fn mean(series: &Series<'_>, window: Duration) -> Expr {
    let five_minutes = Duration::from_mins(5);
    // As it is recorded: every record sets the label of its own window.
    let recorded = corrected_mean(series, series.recorded(ratio_name(five_minutes)));
    let steps = build::subquery(recorded, window.millis() as i64, Some(five_minutes.millis() as i64));
    build::call("avg_over_time", vec![steps])
}
