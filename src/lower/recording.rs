//! The two groups of recording rules of an SLO: blocks, windows, and what is known of the SLO.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::blocks::{self, over};
use super::series::{
    BUDGET_REMAINING, CURRENT_BURN_RATE, ERROR_BUDGET, ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, EVENTS_SLOW, OBJECTIVE,
    PERIOD_BURN_RATE, PERIOD_ELAPSED, Series, TIME_PERIOD, period_ratio_name, ratio_name,
};
use super::sources::over_window;
use super::windows::{self, Group};
use super::{burn, calendar, composite, info, maintenance, overrides, slices};
use crate::ir::{Rule, RuleKind};
use crate::model::{Blocks, Calendar, Duration, Objective, Sli, decimal_text};
use crate::promql::{AggregateOp, BinaryOp, Expr, GroupingKind, build};

/// The longest window that an error ratio is read from raw data for.
pub const RAW_LIMIT: Duration = Duration::from_days(3);
/// How far the age of a period may be off: the step at which its beginning is looked for.
const ELAPSED_STEP: Duration = Duration::from_hours(1);

/// What the fast group records.
pub(super) fn fast(series: &Series<'_>) -> Vec<Rule> {
    let mut rules = match &series.slo.sli {
        Sli::Composite(parts) => composite::components(series, parts),
        Sli::Ratio(_)
        | Sli::Latency(_)
        | Sli::NativeLatency(_)
        | Sli::Up { .. }
        | Sli::Value(_)
        | Sli::ErrorRatio(_) => Vec::new(),
    };
    if let Some(slices) = &series.slo.slices {
        rules.extend(slices::fast(series, slices));
    } else if let Some(pair) = blocks::fast(series) {
        record_blocks(series, &mut rules, (EVENTS_FAST, pair.events), (ERRORS_FAST, pair.errors));
    }
    record_windows(series, &mut rules, Group::Fast);
    let five_minutes = ratio_name(Duration::from_mins(5));
    rules.push(record(series, CURRENT_BURN_RATE, burn::rate(series, &five_minutes)));
    rules
}

/// What the slow group records.
pub(super) fn slow(series: &Series<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    match blocks::slow(series) {
        Some(pair) if series.slo.slices.is_some() => {
            rules.push(record(series, EVENTS_SLOW, pair.events));
            rules.push(record(series, ERRORS_SLOW, pair.errors));
        }
        Some(pair) => record_blocks(series, &mut rules, (EVENTS_SLOW, pair.events), (ERRORS_SLOW, pair.errors)),
        None => {}
    }
    rules.extend(maintenance::clock(series).map(|(name, expr)| record(series, name, expr)));
    record_windows(series, &mut rules, Group::Slow);
    let slo = series.slo;
    if let Some(calendar) = &slo.calendar {
        let start = calendar::start(series, calendar);
        rules.extend(start.into_iter().map(|(name, expr)| record(series, name, expr)));
        rules.push(record(series, period_ratio_name(slo), calendar_ratio(series, calendar)));
    }
    rules.push(record(series, OBJECTIVE, overrides::constant(series, Objective::ratio)));
    rules.push(record(series, ERROR_BUDGET, overrides::constant(series, Objective::budget)));
    rules.push(record(series, TIME_PERIOD, days(series)));
    rules.push(record(series, PERIOD_ELAPSED, period_elapsed(series)));
    rules.push(record(series, PERIOD_BURN_RATE, burn::rate(series, &period_ratio_name(slo))));
    rules.push(record(series, BUDGET_REMAINING, budget_remaining(series)));
    rules.push(info::rule(series));
    rules
}

/// A recording rule with the SLO's own labels.
pub(super) fn record(series: &Series<'_>, name: SmolStr, expr: Expr) -> Rule {
    let mut labels = series.labels();
    labels.extend(series.names.window_of(&name));
    Rule { kind: RuleKind::Record(name), expr, labels, origin: series.slo.span }
}

/// Events and errors, each by group and, if there are groups, overall.
fn record_blocks(series: &Series<'_>, rules: &mut Vec<Rule>, events: (SmolStr, Expr), errors: (SmolStr, Expr)) {
    for (name, expr) in [events, errors] {
        rules.push(record(series, name.clone(), expr));
        if series.is_grouped() {
            rules.push(overall(series, name));
        }
    }
}

/// The sum over all groups. Its group labels are set to nothing, which removes them and tells linters that it is no duplicate.
pub(super) fn overall(series: &Series<'_>, name: SmolStr) -> Rule {
    let groups = series.by_group(name.clone());
    overall_of(series, name, groups)
}

/// The sum over all groups of an expression.
pub(super) fn overall_of(series: &Series<'_>, name: SmolStr, groups: Expr) -> Rule {
    let grouping = (GroupingKind::Without, series.groups.as_slice());
    let sum = build::aggregate(AggregateOp::Sum, Some(grouping), groups);
    let mut rule = record(series, name, sum);
    rule.labels.extend(series.groups.iter().map(|label| (label.clone(), SmolStr::default())));
    rule
}

fn record_windows(series: &Series<'_>, rules: &mut Vec<Rule>, group: Group) {
    for window in windows::all(series.slo) {
        if windows::group(series.slo, window) == group {
            rules.push(record(series, series.names.ratio(window), window_ratio(series, window, group)));
        }
    }
}

/// Errors over events of a window, or the raw ratio where there are none.
fn window_ratio(series: &Series<'_>, window: Duration, group: Group) -> Expr {
    if let (Sli::ErrorRatio(ratio), None) = (&series.slo.sli, &series.slo.slices) {
        return raw_ratio(series, ratio, window);
    }
    let (events, errors, block) = match group {
        Group::Fast => (EVENTS_FAST, ERRORS_FAST, series.slo.blocks.fast()),
        Group::Slow => (EVENTS_SLOW, ERRORS_SLOW, Blocks::SLOW),
    };
    let range = Blocks::range_over(window, block);
    let sum = |name: SmolStr| {
        let sum = build::call("sum_over_time", vec![over(series.all(name.clone()), range)]);
        match group {
            Group::Fast => sum,
            Group::Slow => maintenance::corrected(series, sum, &name, Some(window)),
        }
    };
    ratio(series, sum(errors), sum(events))
}

/// Errors over events of the calendar period, or the mean of ratios where there are none.
fn calendar_ratio(series: &Series<'_>, calendar: &Calendar) -> Expr {
    if !series.slo.has_blocks() {
        return calendar::mean(series, calendar);
    }
    let sum = |name: SmolStr| {
        let sum = calendar::sum(series, calendar, name.clone());
        maintenance::corrected(series, sum, &name, None)
    };
    ratio(series, sum(ERRORS_SLOW), sum(EVENTS_SLOW))
}

/// Errors over events; absent without events, so that no NaN is ever recorded.
fn ratio(series: &Series<'_>, errors: Expr, events: Expr) -> Expr {
    let corrected = maintenance::has_corrections(series);
    let failed = if corrected || blocks::may_be_negative(series.slo) {
        build::call("clamp_min", vec![errors, build::number("0")])
    } else {
        errors
    };
    // What rounding leaves of events that are subtracted is no event.
    let none = if corrected { "0.001" } else { "0" };
    build::binary(failed, BinaryOp::Div, build::binary(events, BinaryOp::Greater, build::number(none)))
}

/// The length of the period in days.
fn days(series: &Series<'_>) -> Expr {
    match &series.slo.calendar {
        Some(calendar) => calendar::days(series, calendar),
        None => vector((series.slo.window.millis() / Duration::from_days(1).millis()).to_string()),
    }
}

/// The ratio as the user wrote it, without NaN and at most 1; for long windows the mean of the recorded one.
fn raw_ratio(series: &Series<'_>, ratio: &Expr, window: Duration) -> Expr {
    if window > RAW_LIMIT {
        return maintenance::mean(series, window);
    }
    maintenance::unspoilt(series, raw_ratio_now(ratio, window), window)
}

/// The ratio as the user wrote it, without NaN and at most 1.
pub(super) fn raw_ratio_now(ratio: &Expr, window: Duration) -> Expr {
    let number = build::binary(over_window(ratio, window), BinaryOp::GreaterEqual, build::number("0"));
    build::call("clamp_max", vec![number, build::number("1")])
}

/// How much of the period has history: `clamp_max((time() + step - first moment with a sample) / period, 1)`.
#[expect(clippy::cast_possible_wrap, reason = "windows are months at most")]
fn period_elapsed(series: &Series<'_>) -> Expr {
    let marker = if series.slo.has_blocks() { EVENTS_SLOW } else { ratio_name(Duration::from_hours(2)) };
    if let Some(calendar) = &series.slo.calendar {
        return calendar::elapsed(series, calendar, &marker);
    }
    let period = series.slo.window;
    let time = || build::call("time", Vec::new());
    // Not `timestamp`, which begins each step of a subquery anew in Prometheus 2.42: 15 times as slow.
    let now = || build::binary(blocks::zero(series.all(marker.clone())), BinaryOp::Add, time());
    let moments = build::subquery(build::paren(now()), period.millis() as i64, Some(ELAPSED_STEP.millis() as i64));
    let first = build::call("min_over_time", vec![moments]);
    let begin = build::binary(first, BinaryOp::Or, now());
    let step = build::number(ELAPSED_STEP.seconds().to_string());
    let age = build::binary(build::binary(time(), BinaryOp::Add, step), BinaryOp::Sub, begin);
    let share = build::binary(age, BinaryOp::Div, build::number(period.seconds().to_string()));
    build::call("clamp_max", vec![share, build::number("1")])
}

/// `1 - burn rate * elapsed`: a young period has spent only its share of the budget.
fn budget_remaining(series: &Series<'_>) -> Expr {
    let spent = build::binary(series.all(PERIOD_BURN_RATE), BinaryOp::Mul, series.all(PERIOD_ELAPSED));
    build::binary(build::number("1"), BinaryOp::Sub, spent)
}

/// `vector(number)`
pub(super) fn vector(number: String) -> Expr {
    build::call("vector", vec![build::number(number)])
}

/// A decimal as a number of PromQL.
pub(super) fn decimal(value: Decimal) -> Expr {
    build::number(decimal_text(value))
}
