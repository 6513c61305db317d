//! A test of everything that is recorded: one event in four fails, and every series has the value that follows from it.

use rust_decimal::{Decimal, RoundingStrategy};
use smol_str::SmolStr;

use super::Scene;
use super::feed::{Feed, FeedSeries, Shape, Unit};
use super::timeline::{Begin, Phase, Traffic, samples};
use crate::ir::{Check, Expected, RuleKind, RuleTest};
use crate::lower::series::{
    BUDGET_REMAINING, COMPONENT_ERROR, CURRENT_BURN_RATE, ERROR_BUDGET, ERRORS_FAST, ERRORS_SLOW, EVALUATED,
    EVENTS_FAST, EVENTS_SLOW, OBJECTIVE, PERIOD_BURN_RATE, PERIOD_ELAPSED, SLICE_ERRORS, SLICE_EVALUATION,
    SLICE_EVENTS, TIME_PERIOD,
};
use crate::model::{Blocks, Duration, MissingSlice, Sli, decimal_text};
use crate::promql::LabelValues;

/// Long enough for slow blocks without a gap before them, and too short to look back at anything 10m ago.
const LENGTH: Duration = Duration::from_secs(570);
/// Good and bad events of each scrape.
const GOOD: u64 = 90;
const BAD: u64 = 30;
/// Failed among all of them.
const RATIO: Decimal = Decimal::from_parts(25, 0, 0, false, 2);
/// What the rules add to the age of a period: how closely they know it.
const AGE: Duration = Duration::from_hours(1);

/// The test of an SLO, none for a calendar period, whose length follows the date; `grouped` is how many series there are of what has one for each group.
pub(super) fn test(scene: &Scene<'_>, feed: &Feed, group: &LabelValues, grouped: u64) -> Option<RuleTest> {
    let slo = scene.slo;
    if slo.calendar.is_some() {
        return None;
    }
    let block = slo.blocks.fast().millis();
    let least = LENGTH.millis().max(slo.blocks.slow_range().millis() + 2 * block);
    let at = Duration::from_millis(least.div_ceil(block) * block);
    let scrapes = at.millis().div_ceil(slo.blocks.scrape().millis());
    let phase = |good, bad| [Phase { scrapes, traffic: Traffic::Events { good, bad } }];
    let series = match (feed.unit, Feed::slow(slo, group)) {
        // Half of what is bad is slow, the other half fails.
        (_, Some(slow)) => {
            let failing = |series: &&FeedSeries| series.shape == Shape::Bad;
            let failing = feed.series.iter().filter(failing).cloned().collect();
            let failing = Feed { series: failing, unit: feed.unit };
            let mut all = samples(&slow, &phase(GOOD, BAD / 2), Begin::Zero);
            all.extend(samples(&failing, &phase(0, BAD / 2), Begin::Zero));
            all
        }
        (Unit::Samples(_), None) => samples(feed, &phase(0, 1), Begin::Zero),
        (Unit::Events | Unit::Share, None) => samples(&halves(feed), &phase(GOOD / 2, BAD / 2), Begin::Zero),
    };
    let values = Expected::Values {
        labels: scene.series.labels(),
        names: match feed.unit {
            Unit::Events | Unit::Share => SmolStr::new_static("slo.*"),
            // How many samples a block of gauges holds depends on the Prometheus.
            Unit::Samples(_) => SmolStr::new_static("slo.*(ratio.*|days|info)"),
        },
        values: values(scene, (feed.unit, at), grouped)?,
    };
    let what = match feed.unit {
        Unit::Events | Unit::Share => "one event in four fails",
        Unit::Samples(_) => "down, with all that is recorded",
    };
    let check = Check { at: SmolStr::from(at.to_string()), comments: Vec::new(), expected: values };
    let interval = SmolStr::from(slo.blocks.scrape().to_string());
    Some(RuleTest { name: scene.name(what), interval, series, checks: vec![check], origin: slo.span })
}

/// Two of each series, so that it matters how they are added up.
pub(super) fn halves(feed: &Feed) -> Feed {
    let is_free = |label: &&str| feed.series.iter().all(|series| !series.text.contains(&format!("{label}=")));
    let label = ["instance", "replica"].into_iter().find(is_free).unwrap_or("half");
    let named = |series: &FeedSeries, value: &str| {
        let text = match series.text.strip_suffix('}') {
            Some(head) => format!("{head},{label}=\"{value}\"}}"),
            None => format!("{}{{{label}=\"{value}\"}}", series.text),
        };
        FeedSeries { text, ..series.clone() }
    };
    let series = feed.series.iter().flat_map(|series| ["a", "b"].map(|value| named(series, value)));
    Feed { series: series.collect(), unit: feed.unit }
}

/// What every recorded series has to be; `None` if the numbers leave the range of decimals.
fn values(scene: &Scene<'_>, (unit, at): (Unit, Duration), grouped: u64) -> Option<Vec<(SmolStr, String)>> {
    let names = scene.rules.iter().flat_map(|group| &group.rules).filter_map(|rule| match &rule.kind {
        RuleKind::Record(name) => Some(name),
        RuleKind::Alert(_) => None,
    });
    let mut names: Vec<&SmolStr> = names.collect();
    names.sort_unstable();
    names.dedup();
    if let Unit::Samples(_) = unit {
        names.retain(|name| !name.contains(":increase") && **name != SLICE_EVALUATION);
    }
    let [whole, group] = ages(scene, (unit, at));
    let values = names.into_iter().map(|name| {
        // Some series exist for each group and overall, others overall only.
        let parts = match &scene.slo.sli {
            Sli::Composite(composite) => composite.parts.len() as u64,
            _ => 1,
        };
        let series = if *name == COMPONENT_ERROR {
            parts
        } else if [&TIME_PERIOD, &scene.series.names.info, &SLICE_EVALUATION, &EVALUATED].contains(&name) {
            1
        } else {
            grouped
        };
        let mut value = value(scene, (unit, at), name, whole)?;
        for _ in 1..series {
            value = value.checked_add(self::value(scene, (unit, at), name, group)?)?;
        }
        Some((name.clone(), decimal_text(value.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero))))
    });
    values.collect()
}

/// How long there are records of the SLO, and of a group.
fn ages(scene: &Scene<'_>, (unit, at): (Unit, Duration)) -> [u64; 2] {
    // Gauges are there from 0s on, counters only rise from there.
    let known = match unit {
        Unit::Events | Unit::Share => AGE.millis(),
        Unit::Samples(_) => AGE.millis() + at.millis(),
    };
    match &scene.slo.slices {
        // Every slice is recorded, whether there is data or not.
        Some(slices) if slices.missing != MissingSlice::Ignored => [AGE.millis() + at.millis(), known],
        Some(_) | None => [known, known],
    }
}

/// The value of a series at an age of its period; `None` if the numbers leave the range of decimals.
fn value(scene: &Scene<'_>, (unit, at): (Unit, Duration), name: &SmolStr, age: u64) -> Option<Decimal> {
    let slo = scene.slo;
    let events = |length: Duration, count: u64| {
        let scrapes = Decimal::from(length.millis()).checked_div(Decimal::from(slo.blocks.scrape().millis()))?;
        scrapes.checked_mul(Decimal::from(count))
    };
    let budget = slo.objective.budget();
    let share = match unit {
        Unit::Events | Unit::Share => RATIO,
        Unit::Samples(_) => Decimal::ONE,
    };
    let ratio = match &slo.slices {
        Some(slices) if share > slices.allowed(slo.objective) => Decimal::ONE,
        Some(_) => Decimal::ZERO,
        None => share,
    };
    let burn = ratio.checked_div(budget)?;
    let counted = |length: Duration| match (&slo.slices, unit) {
        (Some(_), Unit::Share) => Some((Decimal::ONE, share)),
        (Some(_), Unit::Events | Unit::Samples(_)) | (None, _) => {
            Some((events(length, GOOD + BAD)?, events(length, BAD)?))
        }
    };
    let blocks = match &slo.slices {
        Some(slices) => {
            let held = Decimal::from((Blocks::SLOW.millis() - 1) / slices.length.millis() + 1);
            [(Decimal::ONE, ratio), (held, held.checked_mul(ratio)?)]
        }
        None => [counted(slo.blocks.fast())?, counted(Blocks::SLOW)?],
    };
    let slice = counted(slo.blocks.fast())?;
    let elapsed = Decimal::from(age).checked_div(Decimal::from(slo.window.millis()))?;
    let known = [
        (EVENTS_FAST, blocks[0].0),
        (ERRORS_FAST, blocks[0].1),
        (EVENTS_SLOW, blocks[1].0),
        (ERRORS_SLOW, blocks[1].1),
        (COMPONENT_ERROR, share),
        (SLICE_EVENTS, slice.0),
        (SLICE_ERRORS, slice.1),
        (SLICE_EVALUATION, Decimal::from(at.seconds())),
        (EVALUATED, Decimal::from(at.seconds())),
        (OBJECTIVE, slo.objective.ratio()),
        (ERROR_BUDGET, budget),
        (TIME_PERIOD, Decimal::from(slo.window.millis() / Duration::from_days(1).millis())),
        (scene.series.names.info.clone(), Decimal::ONE),
        (PERIOD_ELAPSED, elapsed),
        (CURRENT_BURN_RATE, burn),
        (PERIOD_BURN_RATE, burn),
        (BUDGET_REMAINING, Decimal::ONE.checked_sub(burn.checked_mul(elapsed)?)?),
    ];
    // All others are error ratios.
    Some(known.into_iter().find(|(known, _)| known == name).map_or(ratio, |(_, value)| value))
}
