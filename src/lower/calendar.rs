//! Calendar periods: where they begin, how long they are, and sums over what of them is past.
//!
//! PromQL knows days, months and years of UTC only. For other zones the rules record what their clocks show, from a table of clock
//! changes, and take the calendar of that.

use smol_str::SmolStr;

use super::blocks::{over, zero};
use super::maintenance;
use super::recording::vector;
use super::series::{LOCAL_PERIOD_END, LOCAL_PERIOD_START, LOCAL_TIME, PERIOD_START, Series, TIME_PERIOD, ratio_name};
use crate::model::{Calendar, CalendarUnit, Duration, Zone};
use crate::promql::{At, BinaryOp, Expr, build};

/// A series and its expression.
pub(super) type Recorded = (SmolStr, Expr);

const DAY: &str = "86400";

/// What tells the beginning of the period that goes on.
pub(super) fn start(series: &Series<'_>, calendar: &Calendar) -> Vec<Recorded> {
    let clock = Clock::new(series, calendar);
    let start = build::binary(clock.now(), BinaryOp::Sub, since_start(&clock, calendar.unit));
    if calendar.zone.is_utc() {
        return vec![(PERIOD_START, start)];
    }
    let local = || series.all(LOCAL_PERIOD_START);
    let utc = build::binary(local(), BinaryOp::Sub, offset(&calendar.zone, &local, Scale::Local));
    let mut rules = vec![(LOCAL_TIME, shown(&calendar.zone)), (LOCAL_PERIOD_START, start), (PERIOD_START, utc)];
    if !calendar.zone.changes.is_empty() {
        let length = times(whole_days(&clock, calendar), DAY);
        rules.push((LOCAL_PERIOD_END, build::binary(local(), BinaryOp::Add, length)));
    }
    rules
}

/// What the clocks of a zone show, as if they showed UTC.
pub(super) fn shown(zone: &Zone) -> Expr {
    build::call("vector", vec![build::binary(time(), BinaryOp::Add, offset(zone, &time, Scale::Utc))])
}

/// The days of the period that goes on, an hour less or more where clocks change in it.
pub(super) fn days(series: &Series<'_>, calendar: &Calendar) -> Expr {
    if calendar.zone.changes.is_empty() {
        return whole_days(&Clock::new(series, calendar), calendar);
    }
    let local = || series.all(LOCAL_PERIOD_END);
    let end = build::binary(local(), BinaryOp::Sub, offset(&calendar.zone, &local, Scale::Local));
    let length = build::binary(end, BinaryOp::Sub, series.all(PERIOD_START));
    build::binary(length, BinaryOp::Div, build::number(DAY))
}

/// The days of the period by the calendar.
fn whole_days(clock: &Clock, calendar: &Calendar) -> Expr {
    let fixed =
        |days: &str| if calendar.zone.is_utc() { vector(days.to_owned()) } else { plus(zero(clock.now()), days) };
    match calendar.unit {
        CalendarUnit::Day => fixed("1"),
        CalendarUnit::Week => fixed("7"),
        CalendarUnit::Month => clock.field("days_in_month"),
        CalendarUnit::Quarter => {
            let leap = build::binary(before_month(clock, "4"), BinaryOp::Mul, leap_day(clock));
            let later = build::binary(from_month(clock, "4"), BinaryOp::Add, from_month(clock, "7"));
            let more = build::binary(leap, BinaryOp::Add, later);
            build::binary(build::number("90"), BinaryOp::Add, more)
        }
        CalendarUnit::Year => build::binary(build::number("365"), BinaryOp::Add, leap_day(clock)),
    }
}

/// The share of the period that has history: `(time() + step - first step of the period with a sample) / length`. Absent until there
/// is such a step, as the period's ratio is.
#[expect(clippy::cast_possible_wrap, reason = "steps are hours at most")]
pub(super) fn elapsed(series: &Series<'_>, calendar: &Calendar, marker: &SmolStr) -> Expr {
    let step = step(calendar);
    let seconds = || build::number(step.seconds().to_string());
    let scalar = |name| build::call("scalar", vec![name]);
    let now = build::binary(zero(series.all(marker.clone())), BinaryOp::Add, time());
    let first_step = build::binary(scalar(series.all(PERIOD_START).at(At::End)), BinaryOp::Add, seconds());
    let within = build::binary(build::paren(now), BinaryOp::GreaterEqual, first_step);
    let moments = build::subquery(build::paren(within), reach(calendar), Some(step.millis() as i64));
    let first = build::call("min_over_time", vec![moments]);
    let age = build::binary(build::binary(time(), BinaryOp::Add, seconds()), BinaryOp::Sub, first);
    build::binary(age, BinaryOp::Div, times(scalar(series.all(TIME_PERIOD)), DAY))
}

/// The sum of blocks that end within the period: a subquery whose steps tile time, and of which those before it are left out.
#[expect(clippy::cast_possible_wrap, reason = "steps are an hour at most")]
pub(super) fn sum(series: &Series<'_>, calendar: &Calendar, name: SmolStr) -> Expr {
    let step = step(calendar);
    // Without the block that ends where the range begins: it belongs to the step before.
    let tile = build::call("sum_over_time", vec![over(series.all(name), Duration::from_millis(step.millis() - 1))]);
    let steps = build::subquery(masked(series, tile, step), reach(calendar), Some(step.millis() as i64));
    build::call("sum_over_time", vec![steps])
}

/// The mean of the ratio of five minutes over the period.
#[expect(clippy::cast_possible_wrap, reason = "steps are an hour at most")]
pub(super) fn mean(series: &Series<'_>, calendar: &Calendar) -> Expr {
    let five_minutes = Duration::from_mins(5);
    let step = step(calendar).max(five_minutes);
    let recorded = maintenance::corrected_mean(series, series.recorded(ratio_name(five_minutes)));
    let ratio = masked(series, recorded, step);
    build::call("avg_over_time", vec![build::subquery(ratio, reach(calendar), Some(step.millis() as i64))])
}

/// A value at steps that lie within the period that goes on at the end of the query.
fn masked(series: &Series<'_>, value: Expr, step: Duration) -> Expr {
    let begin = build::binary(time(), BinaryOp::Sub, build::number(step.seconds().to_string()));
    let start = series.all(PERIOD_START).at(At::End);
    let within = build::binary(build::call("vector", vec![begin]), BinaryOp::GreaterEqual, start).on(&[]);
    build::binary(value, BinaryOp::And, within).on(&[])
}

/// The step of the subquery. promtool holds 10,000 samples of all its parts together, so that there are 3,000 steps at most; a period
/// that begins within a step lacks the rest of it.
pub(super) fn step(calendar: &Calendar) -> Duration {
    match calendar.unit {
        CalendarUnit::Day | CalendarUnit::Week => Duration::from_mins(4),
        CalendarUnit::Month => Duration::from_mins(15),
        CalendarUnit::Quarter => Duration::from_hours(1),
        CalendarUnit::Year => Duration::from_hours(4),
    }
}

/// How far a period can reach back; an hour more where clocks change.
#[expect(clippy::cast_possible_wrap, reason = "periods are a year at most")]
fn reach(calendar: &Calendar) -> i64 {
    let change = if calendar.zone.changes.is_empty() { Duration::from_millis(0) } else { Duration::from_hours(1) };
    (calendar.unit.longest().millis() + change.millis()) as i64
}

/// What clocks show: UTC at the moment of the evaluation, or the recorded time of a zone.
struct Clock {
    recorded: Option<Expr>,
}

impl Clock {
    fn new(series: &Series<'_>, calendar: &Calendar) -> Self {
        Self { recorded: (!calendar.zone.is_utc()).then(|| series.all(LOCAL_TIME)) }
    }

    /// The time as a vector.
    fn now(&self) -> Expr {
        self.recorded.clone().unwrap_or_else(|| build::call("vector", vec![time()]))
    }

    /// `day_of_month()` and the like.
    fn field(&self, function: &'static str) -> Expr {
        build::call(function, self.recorded.iter().cloned().collect())
    }

    /// The seconds since midnight.
    fn of_day(&self) -> Expr {
        let now = self.recorded.clone().unwrap_or_else(time);
        build::binary(now, BinaryOp::Mod, build::number(DAY))
    }
}

/// The seconds since the period began.
fn since_start(clock: &Clock, unit: CalendarUnit) -> Expr {
    let past = match unit {
        CalendarUnit::Day => return clock.of_day(),
        // Sunday is 0; weeks begin on Monday.
        CalendarUnit::Week => build::binary(plus(clock.field("day_of_week"), "6"), BinaryOp::Mod, build::number("7")),
        CalendarUnit::Month => minus_one(clock.field("day_of_month")),
        CalendarUnit::Quarter => {
            let first = times(from_month(clock, "4"), "90");
            let leap = build::binary(from_month(clock, "4"), BinaryOp::Mul, leap_day(clock));
            let quarters = [first, leap, times(from_month(clock, "7"), "91"), times(from_month(clock, "10"), "92")];
            quarters.into_iter().fold(minus_one(clock.field("day_of_year")), |days, quarter| {
                build::binary(days, BinaryOp::Sub, quarter)
            })
        }
        CalendarUnit::Year => minus_one(clock.field("day_of_year")),
    };
    build::binary(times(past, DAY), BinaryOp::Add, clock.of_day())
}

/// 1 from this month of the year on, 0 before.
fn from_month(clock: &Clock, month: &str) -> Expr {
    build::binary(clock.field("month"), BinaryOp::GreaterEqual, build::number(month)).bool()
}

fn before_month(clock: &Clock, month: &str) -> Expr {
    build::binary(clock.field("month"), BinaryOp::Less, build::number(month)).bool()
}

/// 1 in a leap year; right from 1901 to 2099.
fn leap_day(clock: &Clock) -> Expr {
    let rest = build::binary(clock.field("year"), BinaryOp::Mod, build::number("4"));
    build::binary(rest, BinaryOp::Equal, build::number("0")).bool()
}

/// By which clock the moments of a table are given.
#[derive(Clone, Copy)]
enum Scale {
    Utc,
    Local,
}

/// The offset of a zone at a time: the first one, and each change from its moment on.
///
/// A time of local clocks that is skipped belongs to the offset before the change, and one that is there twice to the first.
fn offset(zone: &Zone, at: &dyn Fn() -> Expr, scale: Scale) -> Expr {
    let mut before = zone.offset;
    let mut sum = signed(zone.offset);
    for change in &zone.changes {
        let moment = match scale {
            Scale::Utc => change.at,
            Scale::Local => change.at + before.max(change.offset),
        };
        let reached = build::binary(at(), BinaryOp::GreaterEqual, build::number(moment.to_string())).bool();
        let step = change.offset - before;
        let op = if step < 0 { BinaryOp::Sub } else { BinaryOp::Add };
        sum = build::binary(sum, op, times(reached, &step.unsigned_abs().to_string()));
        before = change.offset;
    }
    sum
}

fn signed(seconds: i64) -> Expr {
    let number = build::number(seconds.unsigned_abs().to_string());
    if seconds < 0 { build::negate(number) } else { number }
}

fn time() -> Expr {
    build::call("time", Vec::new())
}

fn plus(left: Expr, number: &str) -> Expr {
    build::binary(left, BinaryOp::Add, build::number(number))
}

fn times(left: Expr, number: &str) -> Expr {
    build::binary(left, BinaryOp::Mul, build::number(number))
}

fn minus_one(left: Expr) -> Expr {
    build::binary(left, BinaryOp::Sub, build::number("1"))
}
