//! Tests from recorded blocks: what is left of the budget, and when it ends.
//!
//! Errors lie in the oldest blocks of the period, so that from one moment to the next some of them leave it: what is left rises in
//! steps that are just below and just above what the alerts say.

use rust_decimal::{Decimal, RoundingStrategy};
use smol_str::SmolStr;

use super::blocks::{Given, Recorded, held};
use super::groups;
use super::{Scene, alert_labels, check, watched};
use crate::ir::{Check, Expected, Rule, RuleTest};
use crate::lower::series::{BUDGET_REMAINING, PERIOD_BURN_RATE, PERIOD_ELAPSED};
use crate::lower::windows;
use crate::model::{BUDGET_EXHAUSTS_SOON, Blocks, BudgetAlert, Duration, ExhaustsAlert, decimal_text};
use crate::promql::LabelValues;

/// How far above or below a limit something is, in thousandths.
const MARGIN: i64 = 1;
/// An hour in slow blocks: how closely the age of the period is known.
const HOUR: u64 = 15;
/// Half of the budget.
const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
/// Traffic of the period.
const EVENTS: i64 = 1_000_000;
/// Slow blocks before an evaluation without traffic, so that the rules record zeros too: the reach of the catch-up.
const PAUSE: u64 = 9;
/// Where the traffic of the period lies before the first moment, in slow blocks: within the period, and beyond shorter windows.
const TRAFFIC: u64 = 1_510;

/// The tests of an SLO's alerts on its budget; none for a ratio without events, or a calendar period.
pub(super) fn tests(scene: &Scene<'_>, interval: Duration) -> Vec<RuleTest> {
    if !scene.slo.has_blocks() || scene.slo.calendar.is_some() {
        return Vec::new();
    }
    let mut tests: Vec<RuleTest> = left(scene, interval).into_iter().collect();
    if let Some(alert) = &scene.slo.alerting.exhausts_in {
        tests.extend(exhausts(scene, alert, interval));
    }
    tests
}

/// The first moment at which the whole period has history.
fn first_moment(scene: &Scene<'_>, interval: Duration) -> u64 {
    scene.slo.window.millis() / interval.millis() + 2
}

fn block(moment: u64, interval: Duration) -> u64 {
    moment * interval.millis() / Blocks::SLOW.millis()
}

/// A share of the budget that is spent, and what alerts then.
struct Step<'a> {
    alert: &'a BudgetAlert,
    rule: &'a Rule,
    /// Burned share of the budget.
    burned: Decimal,
    fires: bool,
}

/// Steps down from above the largest limit to below the smallest one.
fn steps<'a>(scene: &'a Scene<'_>) -> Vec<Step<'a>> {
    let mut alerts: Vec<&BudgetAlert> = scene.slo.alerting.budget_left.iter().collect();
    alerts.sort_by_key(|alert| alert.below_percent);
    let mut steps = Vec::new();
    for alert in alerts {
        let below = format!("{}%", decimal_text(alert.below_percent));
        let Some(rule) = scene.budget_alert(&below, alert.severity.as_str()) else { continue };
        let spent = Decimal::ONE - alert.below_percent / Decimal::ONE_HUNDRED;
        if spent > Decimal::ZERO {
            for (thousandths, fires) in [(1000 + MARGIN, true), (1000 - MARGIN, false)] {
                steps.push(Step { alert, rule, burned: spent * Decimal::new(thousandths, 3), fires });
            }
        }
    }
    steps
}

/// What is left of the budget, step by step.
fn left(scene: &Scene<'_>, interval: Duration) -> Option<RuleTest> {
    let steps = steps(scene);
    let mut burned: Vec<Decimal> = steps.iter().map(|step| step.burned).collect();
    if burned.is_empty() {
        burned.push(HALF);
    }
    let budget = scene.slo.objective.budget();
    let oldest = held(Blocks::range_over(scene.slo.window, Blocks::SLOW), Blocks::SLOW) - 1;
    let first = first_moment(scene, interval);
    let events = Decimal::from(EVENTS);
    // Errors that are left at each step; each failed event is an event as well.
    let errors: Option<Vec<Decimal>> = burned
        .iter()
        .map(|burned| {
            let ratio = burned.checked_mul(budget)?;
            ratio
                .checked_mul(events)?
                .checked_div(Decimal::ONE - ratio)
                .filter(|errors| *errors > Decimal::ZERO)?
                .round_sf(9)
        })
        .collect();
    let errors = errors?;
    let mut points: Vec<(u64, Decimal, Decimal)> = Vec::new();
    for (index, pair) in errors.windows(2).enumerate() {
        let leaving = pair[0] - pair[1];
        points.push((block(first + index as u64, interval) - oldest, leaving, leaving));
    }
    let stays = *errors.last()?;
    let traffic = if steps.is_empty() { oldest } else { TRAFFIC };
    points.push((block(first, interval) - traffic, events + stays, stays));
    // A period that is a block too long would find much more traffic.
    points.push((block(first, interval) - oldest - 1, events, Decimal::ZERO));
    points.sort_by_key(|point| point.0);
    let moments: Vec<u64> = (first..first + burned.len() as u64).map(|moment| block(moment, interval)).collect();
    let recorded = give(scene, &points, &moments);
    let group = overall(scene);
    let checks = steps.iter().enumerate().map(|(index, step)| {
        let at = Duration::from_millis((first + index as u64) * interval.millis());
        let below = decimal_text(step.alert.below_percent);
        let (words, expected) = if step.fires {
            (format!("less than {below}% are left"), fires(step.rule, &group))
        } else {
            (format!("more than {below}% are left"), Expected::Silent(watched(step.rule)))
        };
        Check { comments: vec![words], ..check(at, expected) }
    });
    let at = Duration::from_millis(first * interval.millis());
    let checks = std::iter::once(check(at, values(scene, &group, *burned.first()?))).chain(checks).collect();
    let what = if steps.is_empty() { "a whole period" } else { "the budget around the limits of its alerts" };
    Some(test(scene, what, recorded.series(scene, std::slice::from_ref(&group), Given::Slow), checks))
}

/// What is recorded of a period that burned a share of its budget.
fn values(scene: &Scene<'_>, group: &LabelValues, burned: Decimal) -> Expected {
    let values =
        [(PERIOD_BURN_RATE, burned), (PERIOD_ELAPSED, Decimal::ONE), (BUDGET_REMAINING, Decimal::ONE - burned)];
    let rounded =
        |value: Decimal| decimal_text(value.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero));
    Expected::Values {
        labels: scene.series.labels().into_iter().chain(group.iter().cloned()).collect(),
        names: SmolStr::new_static("slo:period_.*"),
        values: values.into_iter().map(|(name, value)| (name, rounded(value))).collect(),
    }
}

/// The end of the budget in sight: errors at a rate just above and just below what is allowed, in the oldest block of their window.
fn exhausts(scene: &Scene<'_>, alert: &ExhaustsAlert, interval: Duration) -> Option<RuleTest> {
    let rule = scene.alert(BUDGET_EXHAUSTS_SOON, alert.severity.as_str())?;
    let budget = scene.slo.objective.budget();
    let over = held(Blocks::range_over(alert.over, windows::block(scene.slo, alert.over)), Blocks::SLOW);
    let half = HALF;
    let limit = half
        .checked_mul(Decimal::from(scene.slo.window.millis()))?
        .checked_div(Decimal::from(alert.less_than.millis()))?;
    if over < PAUSE + 2 || limit <= half || limit.checked_mul(budget)? >= Decimal::ONE {
        return None;
    }
    let errors = Decimal::from(scene.slo.alerting.min_errors.unwrap_or(0).max(1) * 10);
    let first = first_moment(scene, interval);
    let mut points = Vec::new();
    let step = (over + 2) * Blocks::SLOW.millis() / interval.millis() + 1;
    let mut checks = Vec::new();
    let group = overall(scene);
    let mut moments = Vec::new();
    for (index, (thousandths, soon)) in [(1000 - MARGIN, false), (1000 + MARGIN, true)].into_iter().enumerate() {
        let moment = first + index as u64 * step;
        let end = block(moment, interval);
        let ratio = limit.checked_mul(Decimal::new(thousandths, 3))?.checked_mul(budget)?;
        let traffic = errors.checked_div(ratio)?.round_sf(9)?;
        // As much traffic without errors that half of the budget is left.
        let all = errors.checked_div(half.checked_mul(budget)?)?.round_sf(9)?;
        points.push((end - over, all - traffic, Decimal::ZERO));
        points.push((end + 1 - over, traffic, errors));
        let at = Duration::from_millis(moment * interval.millis());
        let less_than = alert.less_than.in_largest_unit();
        let (words, expected) = if soon {
            (format!("half of the budget ends in less than {less_than}"), fires(rule, &group))
        } else {
            (format!("half of the budget lasts for more than {less_than}"), Expected::Silent(watched(rule)))
        };
        checks.push(Check { comments: vec![words], ..check(at, expected) });
        moments.push(end);
    }
    let recorded = give(scene, &points, &moments);
    let given = match windows::group(scene.slo, alert.over) {
        windows::Group::Fast => Given::Both,
        windows::Group::Slow => Given::Slow,
    };
    Some(test(scene, "the end of the budget in sight", recorded.series(scene, &[group], given), checks))
}

/// Blocks, and zeros before each moment and at the beginning of its period, which tell that the period is over.
fn give(scene: &Scene<'_>, points: &[(u64, Decimal, Decimal)], moments: &[u64]) -> Recorded {
    let period = scene.slo.window.millis() / Blocks::SLOW.millis();
    let mut spans: Vec<(u64, u64)> = points.iter().map(|point| (point.0, point.0)).collect();
    spans.extend(moments.iter().map(|end| (end + 1 - PAUSE, *end)));
    spans.extend(moments.iter().map(|end| (end - period, end - period + HOUR)));
    spans.sort_unstable();
    let mut recorded = Recorded::default();
    for (from, to) in spans {
        recorded.present(from, to);
    }
    for (block, events, errors) in points {
        recorded.add(*block, *events, *errors);
    }
    recorded
}

/// The group whose target is that of the SLO.
fn overall(scene: &Scene<'_>) -> LabelValues {
    groups::of(scene.slo).into_iter().next().map(|group| group.labels).unwrap_or_default()
}

fn fires(rule: &Rule, group: &LabelValues) -> Expected {
    Expected::Fires { alert: watched(rule), labels: vec![alert_labels(rule, group)] }
}

fn test(scene: &Scene<'_>, what: &str, series: Vec<crate::ir::InputSeries>, checks: Vec<Check>) -> RuleTest {
    let interval = SmolStr::from(Blocks::SLOW.to_string());
    RuleTest { name: scene.name(what), interval, series, checks, origin: scene.slo.span }
}
