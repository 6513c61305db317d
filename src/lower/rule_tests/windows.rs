//! A test from recorded blocks: each window holds exactly its own blocks, and each group has its own target.
//!
//! Of each window the oldest block and the one right before it hold something, so that a window which is a block too long or too
//! short, or a sum of something else, has another ratio.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use smol_str::SmolStr;

use super::blocks::{Given, Recorded, held};
use super::groups::{self, Group};
use super::{Scene, check, gaps};
use crate::ir::{Expected, RuleTest};
use crate::lower::series::{
    BUDGET_REMAINING, CURRENT_BURN_RATE, ERROR_BUDGET, OBJECTIVE, PERIOD_BURN_RATE, PERIOD_ELAPSED,
};
use crate::lower::windows::{self, Group as Speed};
use crate::model::{Blocks, Duration, MissingSlice, decimal_text};
use crate::promql::LabelValues;

/// Longer windows would take too many evaluations.
const LONGEST: Duration = Duration::from_days(4);
/// The steps at which the rules look for the age of the period, and what they add for them.
const STEP: Duration = Duration::from_hours(1);
/// Events and errors of a slow block within the catch-up.
const CAUGHT_UP: [u64; 2] = [6000, 6000];
/// How far back a sample is seen.
const LOOKBACK: Duration = Duration::from_mins(5);

/// The test of an SLO's windows; none for a ratio without blocks.
pub(super) fn test(scene: &Scene<'_>, interval: Duration) -> Option<RuleTest> {
    let slo = scene.slo;
    let own: Vec<Duration> = windows::all(slo).into_iter().filter(|window| *window <= LONGEST).collect();
    let longest = own.last().filter(|_| slo.has_blocks())?;
    let grid = greatest_common_divisor(slo.blocks.fast().millis(), Blocks::SLOW.millis());
    let moment = (longest.millis() / interval.millis() + 2) * interval.millis();
    let points = [Speed::Fast, Speed::Slow].map(|speed| points(scene, &own, speed));
    let mut groups = groups::of(slo);
    if scene.series.is_grouped() {
        groups.push(Group { labels: LabelValues::new(), objective: slo.objective });
    }
    let labels: Vec<LabelValues> = groups.iter().map(|group| group.labels.clone()).collect();
    let [fast, slow] = [(&points[0], slo.blocks.fast()), (&points[1], Blocks::SLOW)].map(|(points, spacing)| {
        let mut recorded = Recorded::default();
        // Sums of fast blocks are recorded at the moment: zero, since nothing is left to catch up.
        let is_given = |back: &u64| *back > 0 || spacing != Blocks::SLOW || gaps::counts_raw_series(scene);
        for (back, (events, errors)) in points.iter().rev().filter(|(back, _)| is_given(back)) {
            let index = (moment - back * spacing.millis()) / grid;
            recorded.present(index, index);
            recorded.add(index, *events, *errors);
        }
        recorded
    });
    let series = [fast.series(scene, &labels, Given::Fast), slow.series(scene, &labels, Given::Slow)].concat();
    let age = age(scene, *longest, &points[1], moment);
    let values = values(scene, &groups, &points, age)?;
    let period = if age.is_some() { "|period_.*" } else { "" };
    let names =
        format!("slo:(sli_error:ratio_rate[0-9].*|current_burn_rate:ratio|objective:ratio|error_budget:ratio{period})");
    let expected = Expected::Values { labels: scene.series.labels(), names: SmolStr::from(names), values };
    Some(RuleTest {
        name: scene.name("windows hold their own blocks"),
        interval: SmolStr::from(Duration::from_millis(grid).to_string()),
        series,
        checks: vec![check(Duration::from_millis(moment), expected)],
        origin: slo.span,
    })
}

/// The greatest length that both are multiples of.
pub(super) fn greatest_common_divisor(left: u64, right: u64) -> u64 {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

/// Blocks counted back from the moment, with their events and errors.
type Points = BTreeMap<u64, (Decimal, Decimal)>;

/// How many blocks a window holds.
fn count(scene: &Scene<'_>, window: Duration) -> u64 {
    let block = windows::block(scene.slo, window);
    held(Blocks::range_over(window, block), block)
}

/// The oldest block of each window and the one before it; the moment's own block is empty.
fn points(scene: &Scene<'_>, all: &[Duration], speed: Speed) -> Points {
    let mut points = Points::from([(0, (Decimal::ZERO, Decimal::ZERO))]);
    if speed == Speed::Slow {
        // More than the fast blocks hold, so that the catch-up finds nothing.
        points.insert(2, (Decimal::from(CAUGHT_UP[0]), Decimal::from(CAUGHT_UP[1])));
    }
    let (base, step) = match speed {
        Speed::Fast => (100, 7),
        Speed::Slow => (130, 11),
    };
    for window in all.iter().filter(|window| windows::group(scene.slo, **window) == speed) {
        let held = count(scene, *window);
        for back in [held - 1, held] {
            let index = Decimal::from(points.len());
            let events = Decimal::from(base) * (index + Decimal::ONE);
            points.insert(back, (events, Decimal::from(step) + index * index));
        }
    }
    points
}

/// How old the period looks; nothing where that follows the date, or the rules record blocks of their own.
fn age(scene: &Scene<'_>, longest: Duration, slow: &Points, moment: u64) -> Option<Decimal> {
    let slo = scene.slo;
    let always = slo.slices.is_some_and(|slices| slices.missing != MissingSlice::Ignored);
    if slo.calendar.is_some() || always || slo.window.millis() <= longest.millis() + 2 * STEP.millis() {
        return None;
    }
    // The first step at which a block is seen.
    let seen = slow.keys().rev().find_map(|back| {
        let time = moment - back * Blocks::SLOW.millis();
        let step = time.div_ceil(STEP.millis()) * STEP.millis();
        (step - time < LOOKBACK.millis() && step <= moment).then_some(step)
    });
    let age = moment - seen.unwrap_or(moment) + STEP.millis();
    Decimal::from(age).checked_div(Decimal::from(slo.window.millis())).map(|share| share.min(Decimal::ONE))
}

/// Every recorded value, added up over groups.
fn values(
    scene: &Scene<'_>,
    groups: &[Group],
    [fast, slow]: &[Points; 2],
    age: Option<Decimal>,
) -> Option<Vec<(SmolStr, String)>> {
    let slo = scene.slo;
    let ratio = |window: Duration| {
        let points = match windows::group(slo, window) {
            Speed::Fast => fast,
            Speed::Slow => slow,
        };
        let held = points.range(..count(scene, window)).map(|(_, pair)| *pair);
        let (events, errors) = held.fold((Decimal::ZERO, Decimal::ZERO), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        errors.checked_div(events)
    };
    let all = Decimal::from(groups.len());
    let burned = |ratio: Decimal| -> Option<Decimal> {
        let rates = groups.iter().map(|group| ratio.checked_div(group.objective.budget()));
        rates.sum()
    };
    let mut values: BTreeMap<SmolStr, Decimal> = BTreeMap::new();
    for window in windows::all(slo) {
        values.insert(scene.series.names.ratio(window), ratio(window)?.checked_mul(all)?);
    }
    values.insert(CURRENT_BURN_RATE, burned(ratio(Duration::from_mins(5))?)?);
    values.insert(OBJECTIVE, groups.iter().map(|group| group.objective.ratio()).sum());
    values.insert(ERROR_BUDGET, groups.iter().map(|group| group.objective.budget()).sum());
    if let Some(age) = age {
        let burned = burned(ratio(slo.window)?)?;
        values.insert(PERIOD_BURN_RATE, burned);
        values.insert(PERIOD_ELAPSED, age.checked_mul(all)?);
        values.insert(BUDGET_REMAINING, all.checked_sub(burned.checked_mul(age)?)?);
    }
    let text = |value: Decimal| decimal_text(value.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero));
    Some(values.into_iter().map(|(name, value)| (name, text(value))).collect())
}
