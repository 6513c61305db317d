//! A test of everything that is recorded: one event in four fails, and every series has the value that follows from it.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::Scene;
use super::feed::{Feed, Unit};
use super::timeline::{Begin, Phase, Traffic, samples};
use crate::ir::{Check, Expected, RuleKind, RuleTest};
use crate::lower::series::{
    BUDGET_REMAINING, CURRENT_BURN_RATE, ERROR_BUDGET, ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, EVENTS_SLOW, INFO,
    OBJECTIVE, PERIOD_BURN_RATE, PERIOD_ELAPSED, SLO_ID, TIME_PERIOD,
};
use crate::model::{Blocks, Duration, decimal_text};

/// Long enough for slow blocks without a gap before them.
const LENGTH: Duration = Duration::from_mins(16);
/// Good and bad events of each scrape.
const GOOD: u64 = 90;
const BAD: u64 = 30;
/// Failed among all of them.
const RATIO: Decimal = Decimal::from_parts(25, 0, 0, false, 2);
/// What the rules add to the age of a period: how closely they know it.
const AGE: Duration = Duration::from_hours(1);

/// The test of an SLO whose events are counted.
pub(super) fn test(scene: &Scene<'_>, feed: &Feed, grouped: u64) -> Option<RuleTest> {
    if let Unit::Samples(_) = feed.unit {
        return None;
    }
    let slo = scene.slo;
    let (scrape, block) = (slo.blocks.scrape().millis(), slo.blocks.fast().millis());
    let at = Duration::from_millis(LENGTH.millis().max(3 * slo.blocks.slow_range().millis()).div_ceil(block) * block);
    let scrapes = at.millis().div_ceil(scrape);
    let phases = [Phase { scrapes, traffic: Traffic::Events { good: GOOD, bad: BAD } }];
    let names = scene.rules.iter().flat_map(|group| &group.rules).filter_map(|rule| match &rule.kind {
        RuleKind::Record(name) => Some(name),
        RuleKind::Alert(_) => None,
    });
    let mut names: Vec<&SmolStr> = names.collect();
    names.sort_unstable();
    names.dedup();
    let values = names.into_iter().map(|name| {
        // Some series exist for each group and overall, others overall only.
        let series = if *name == TIME_PERIOD || *name == INFO { 1 } else { grouped };
        let value = value(scene, name)?.checked_mul(Decimal::from(series))?;
        Some((
            name.clone(),
            decimal_text(value.round_dp_with_strategy(6, rust_decimal::RoundingStrategy::MidpointAwayFromZero)),
        ))
    });
    let expected = Expected::Values {
        labels: vec![(SLO_ID, slo.id.clone())],
        without: "ALERTS.*",
        values: values.collect::<Option<_>>()?,
    };
    let check = Check { at: SmolStr::from(at.to_string()), comments: Vec::new(), expected };
    Some(RuleTest {
        name: scene.name("one event in four fails"),
        interval: SmolStr::from(slo.blocks.scrape().to_string()),
        series: samples(feed, &phases, Begin::Zero),
        checks: vec![check],
        origin: slo.span,
    })
}

/// The value of a series; `None` if the numbers leave the range of decimals.
fn value(scene: &Scene<'_>, name: &SmolStr) -> Option<Decimal> {
    let slo = scene.slo;
    let events = |length: Duration, count: u64| {
        let scrapes = Decimal::from(length.millis()).checked_div(Decimal::from(slo.blocks.scrape().millis()))?;
        scrapes.checked_mul(Decimal::from(count))
    };
    let budget = slo.objective.budget();
    let burn = RATIO.checked_div(budget)?;
    let elapsed = Decimal::from(AGE.millis()).checked_div(Decimal::from(slo.window.millis()))?;
    let known = [
        (EVENTS_FAST, events(slo.blocks.fast(), GOOD + BAD)?),
        (ERRORS_FAST, events(slo.blocks.fast(), BAD)?),
        (EVENTS_SLOW, events(Blocks::SLOW, GOOD + BAD)?),
        (ERRORS_SLOW, events(Blocks::SLOW, BAD)?),
        (OBJECTIVE, slo.objective.ratio()),
        (ERROR_BUDGET, budget),
        (TIME_PERIOD, Decimal::from(slo.window.millis() / Duration::from_days(1).millis())),
        (INFO, Decimal::ONE),
        (PERIOD_ELAPSED, elapsed),
        (CURRENT_BURN_RATE, burn),
        (PERIOD_BURN_RATE, burn),
        (BUDGET_REMAINING, Decimal::ONE.checked_sub(burn.checked_mul(elapsed)?)?),
    ];
    // All others are error ratios.
    Some(known.into_iter().find(|(known, _)| known == name).map_or(RATIO, |(_, value)| value))
}
