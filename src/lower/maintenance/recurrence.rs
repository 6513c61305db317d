//! When maintenance that comes back is active: conditions on the date and the time of day that clocks show.

use super::{between, now};
use crate::model::{Dates, Frequency, Interval, MAINTENANCE_STEP, Recurrence, WeekDay};
use crate::promql::{BinaryOp, Expr, build};

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

/// Holds during maintenance, a step before and some seconds after it; `clock` is what clocks show.
///
/// Where clocks change, those seconds may stay around what they have too much.
pub(super) fn condition(clock: &Expr, recurrence: &Recurrence, after: i64) -> Expr {
    let seconds = recurrence.seconds + MAINTENANCE_STEP + after;
    let days = seconds.div_ceil_by(DAY);
    let each = (0..days).map(|day| started(clock, recurrence, day, seconds - day * DAY));
    let by_clock = either(each).unwrap_or_else(now);
    let from = recurrence.first - MAINTENANCE_STEP;
    let since = match recurrence.over {
        Some(over) => between(from, over + after),
        None => build::binary(now(), BinaryOp::GreaterEqual, build::number(from.to_string())),
    };
    let condition = build::binary(by_clock, BinaryOp::And, since).on(&[]);
    let condition =
        match intervals(recurrence.surplus.iter().map(|surplus| Interval { from: surplus.from + after, ..*surplus })) {
            Some(surplus) => build::binary(condition, BinaryOp::Unless, surplus).on(&[]),
            None => condition,
        };
    match intervals(recurrence.missed.iter().map(|missed| Interval { to: missed.to + after, ..*missed })) {
        Some(missed) => build::binary(condition, BinaryOp::Or, missed).on(&[]),
        None => condition,
    }
}

/// Holds while one lasts that started this number of days ago, with so many seconds left at this time of that day.
fn started(clock: &Expr, recurrence: &Recurrence, days: i64, seconds: i64) -> Expr {
    let since = since_start(clock, recurrence, 0);
    let in_day = build::binary(since, BinaryOp::Mod, number(DAY));
    let in_time = (seconds < DAY).then(|| build::binary(in_day, BinaryOp::Less, number(seconds)));
    let date = || since_start(clock, recurrence, days);
    let conditions = in_time.into_iter().chain(dates(&recurrence.dates, &date));
    all(conditions).unwrap_or_else(date)
}

/// What clocks show less the time of day at which maintenance starts, so that a new day begins with it; some days back.
fn since_start(clock: &Expr, recurrence: &Recurrence, days: i64) -> Expr {
    shifted(clock.clone(), recurrence.time_of_day - MAINTENANCE_STEP + days * DAY)
}

/// Conditions on a date.
fn dates(dates: &Dates, date: &dyn Fn() -> Expr) -> Vec<Expr> {
    let field = |name: &'static str| build::call(name, vec![date()]);
    let mut conditions: Vec<Expr> = every(dates, date).into_iter().collect();
    conditions.extend(either(dates.months.iter().map(|month| equal(field("month"), *month))));
    conditions.extend(either(dates.month_days.iter().map(|day| {
        if *day > 0 {
            return equal(field("day_of_month"), *day);
        }
        equal(build::binary(field("day_of_month"), BinaryOp::Sub, field("days_in_month")), *day + 1)
    })));
    conditions.extend(either(dates.week_days.iter().map(|day| week_day(*day, date))));
    conditions
}

/// Every second week and the like.
fn every(dates: &Dates, date: &dyn Fn() -> Expr) -> Option<Expr> {
    if dates.every == 1 {
        return None;
    }
    let every = i64::from(dates.every);
    let (year, month) = dates.origin_month;
    let years = || build::call("year", vec![date()]);
    let rest = |value, every: i64| build::binary(value, BinaryOp::Mod, number(every));
    let within = |length: i64| {
        build::binary(rest(shifted(date(), dates.origin * DAY), every * length), BinaryOp::Less, number(length))
    };
    Some(match dates.frequency {
        Frequency::Daily => within(DAY),
        Frequency::Weekly => within(WEEK),
        Frequency::Monthly => {
            let months = build::binary(years(), BinaryOp::Mul, number(12));
            let months = build::binary(months, BinaryOp::Add, build::call("month", vec![date()]));
            equal(rest(shifted(months, year * 12 + month), every), 0)
        }
        Frequency::Yearly => equal(rest(shifted(years(), year), every), 0),
    })
}

/// Each Sunday, or the first or last one in its month.
fn week_day(day: WeekDay, date: &dyn Fn() -> Expr) -> Expr {
    let field = |name: &'static str| build::call(name, vec![date()]);
    let is_day = equal(field("day_of_week"), day.day);
    let Some(nth) = day.nth else { return is_day };
    let from = 7 * (nth.abs() - 1);
    let place = if nth > 0 {
        let after = build::binary(field("day_of_month"), BinaryOp::Greater, number(from));
        build::binary(after, BinaryOp::LessEqual, number(from + 7))
    } else {
        let left = build::binary(field("days_in_month"), BinaryOp::Sub, field("day_of_month"));
        build::binary(build::binary(left, BinaryOp::GreaterEqual, number(from)), BinaryOp::Less, number(from + 7))
    };
    build::binary(is_day, BinaryOp::And, place)
}

fn intervals(list: impl Iterator<Item = Interval>) -> Option<Expr> {
    let left = list.filter(|interval| interval.from < interval.to);
    either(left.map(|interval| between(interval.from, interval.to)))
}

fn either(conditions: impl Iterator<Item = Expr>) -> Option<Expr> {
    conditions.reduce(|one, other| build::binary(one, BinaryOp::Or, other))
}

fn all(conditions: impl Iterator<Item = Expr>) -> Option<Expr> {
    conditions.reduce(|one, other| build::binary(one, BinaryOp::And, other))
}

fn equal(value: Expr, number_: i64) -> Expr {
    build::binary(value, BinaryOp::Equal, number(number_))
}

/// `value - seconds`
fn shifted(value: Expr, by: i64) -> Expr {
    match by {
        0 => value,
        1.. => build::binary(value, BinaryOp::Sub, number(by)),
        _ => build::binary(value, BinaryOp::Add, number(-by)),
    }
}

/// A number, with the sign as an operator.
fn number(value: i64) -> Expr {
    let number = build::number(value.unsigned_abs().to_string());
    if value < 0 { build::negate(number) } else { number }
}

/// Division that rounds up.
trait DivCeil {
    fn div_ceil_by(self, by: Self) -> Self;
}

impl DivCeil for i64 {
    fn div_ceil_by(self, by: Self) -> Self {
        (self + by - 1) / by
    }
}
