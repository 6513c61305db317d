//! Tests from raw series, evaluated as often as fast blocks are recorded: what a service does, and what pages.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::feed::{Feed, Unit, remembered};
use super::groups::{self, Group};
use super::timeline::{Begin, Phase, Traffic, samples};
use super::{Scene, alert_labels, check, counts, watched};
use crate::ir::{Check, Expected, InputSeries, Rule, RuleTest};
use crate::lower::alerting::{burn_alert_name, keep_firing_for};
use crate::lower::series::{COMPONENT, ratio_name};
use crate::lower::windows;
use crate::model::{
    BurnTier, Duration, MissingSlice, NO_DATA, Objective, Severity, Sli, detected_after, error_ratio, reset_after,
};
use crate::promql::LabelValues;

/// Fast blocks of traffic before anything happens.
const HISTORY: u64 = 10;

/// The tests of an SLO; none if no series can be made up for it.
pub(super) fn tests(scene: &Scene<'_>) -> Vec<RuleTest> {
    let groups = groups::of(scene.slo);
    let feeds: Option<Vec<Fed>> =
        groups.into_iter().map(|group| Some(Fed { feed: Feed::of(scene.slo, &group.labels)?, group })).collect();
    let Some(feeds) = feeds.filter(|feeds| !feeds.is_empty()) else {
        return Vec::new();
    };
    let clock = Clock::new(scene);
    // Blocks shorter than scrapes are smeared over several of them; when one is above a limit is no matter of whole blocks.
    if clock.scrape > clock.block {
        return Vec::new();
    }
    let counted = feeds.first().and_then(|fed| {
        counts::test(scene, &fed.feed, &fed.group.labels, if scene.series.is_grouped() { 2 } else { 1 })
    });
    let tests = [counted, outage(scene, &feeds, clock), start(scene, &feeds, clock), quiet(scene, &feeds, clock)];
    tests.into_iter().flatten().collect()
}

/// A group with its series.
struct Fed {
    group: Group,
    feed: Feed,
}

/// Times of an SLO, in scrapes and evaluations.
#[derive(Clone, Copy)]
struct Clock {
    scrape: Duration,
    block: Duration,
    /// How much later than predicted something may be: an evaluation, and where blocks are no multiple of scrapes, a range.
    slack: Duration,
    /// Events of each scrape: enough for the guard of `min_errors`.
    events: u64,
}

impl Clock {
    fn new(scene: &Scene<'_>) -> Self {
        let blocks = scene.slo.blocks;
        let (scrape, block) = (blocks.scrape(), blocks.fast());
        let uneven = if block.millis().is_multiple_of(scrape.millis()) { 0 } else { blocks.fast_range().millis() };
        let slack = Duration::from_millis(block.millis() + uneven);
        let events = scene.slo.alerting.min_errors.unwrap_or(0).saturating_mul(10).clamp(100, 1_000_000_000);
        Self { scrape, block, slack, events }
    }

    /// The fewest scrapes that take so long.
    fn scrapes(self, duration: Duration) -> u64 {
        duration.millis().div_ceil(self.scrape.millis())
    }

    /// The evaluation at or after so many scrapes.
    fn after(self, scrapes: u64) -> Duration {
        let block = self.block.millis();
        Duration::from_millis((scrapes * self.scrape.millis()).div_ceil(block) * block)
    }

    /// The last evaluation at or before a time.
    fn before(self, time: Duration) -> Duration {
        Duration::from_millis(time.millis() / self.block.millis() * self.block.millis())
    }

    fn blocks(self, count: u64) -> Duration {
        Duration::from_millis(self.block.millis() * count)
    }

    fn phase(self, duration: Duration, traffic: Traffic) -> Phase {
        Phase { scrapes: self.scrapes(duration), traffic }
    }

    fn good(self) -> Traffic {
        Traffic::Events { good: self.events, bad: 0 }
    }

    fn bad(self) -> Traffic {
        Traffic::Events { good: 0, bad: self.events }
    }
}

fn plus(left: Duration, right: Duration) -> Duration {
    Duration::from_millis(left.millis() + right.millis())
}

/// The tiers that page.
fn pages<'a>(scene: &'a Scene<'_>) -> impl Iterator<Item = &'a BurnTier> {
    scene.slo.alerting.tiers.iter().filter(|tier| tier.severity == Severity::Page)
}

/// When the first tier sees failures of a share of all events.
fn first_page(scene: &Scene<'_>, objective: Objective, error_rate: Decimal) -> Option<Duration> {
    let detected = |tier: &BurnTier| {
        let ratio = error_ratio(tier.burn, objective)?;
        detected_after(ratio, error_rate, &tier_windows(scene, tier), scene.slo.blocks.fast())
    };
    pages(scene).filter_map(detected).min()
}

/// The windows of a tier with their blocks.
fn tier_windows(scene: &Scene<'_>, tier: &BurnTier) -> [(Duration, Duration); 2] {
    [tier.long, tier.short].map(|window| (window, windows::block(scene.slo, window)))
}

/// How long after a total outage of some length the page ends at the latest.
fn page_end(scene: &Scene<'_>, objective: Objective, lasted: Duration) -> Option<Duration> {
    let fast = scene.slo.blocks.fast();
    let ends = pages(scene).filter_map(|tier| {
        let ratio = error_ratio(tier.burn, objective)?;
        let windows = tier_windows(scene, tier);
        let detected = detected_after(ratio, Decimal::ONE, &windows, fast)?;
        if detected > lasted {
            Some(Duration::from_millis(0))
        } else {
            reset_after(ratio, Decimal::ONE, &windows, fast)
        }
    });
    ends.max()
}

fn page_rule<'a>(scene: &'a Scene<'_>) -> Option<&'a Rule> {
    scene.alert(&burn_alert_name(&scene.series, Severity::Page), Severity::Page.as_str())
}

/// How long an outage has to last to page, and the last moment at which it must not have: nothing before its first evaluation,
/// or where sampled events are what it waits for.
fn lasts(scene: &Scene<'_>, unit: Unit, objective: Objective, block: Duration) -> Option<(Duration, Option<Duration>)> {
    let detected = first_page(scene, objective, Decimal::ONE)?;
    let silent = (detected > block).then(|| Duration::from_millis(detected.millis() - block.millis()));
    let by_block = |samples: u64| {
        let least = scene.slo.alerting.min_errors.unwrap_or(0);
        let enough = Duration::from_millis(least.div_ceil(samples.max(1)).saturating_mul(block.millis()));
        // The very first block holds a single sample and counts as much as any other: a page may come a block too soon.
        let silent = silent.map(|silent| Duration::from_millis(silent.millis().saturating_sub(block.millis())));
        if enough > detected { (enough, None) } else { (detected, silent) }
    };
    Some(match unit {
        _ if scene.slo.slices.is_some() => by_block(1),
        Unit::Events => (detected, silent),
        // What there is of the long window counts for all of it, so that a young ratio is seen at once.
        Unit::Share => (detected, Some(Duration::from_millis(0))),
        Unit::Samples(samples) => by_block(samples),
    })
}

/// An outage of some groups that lasts just long enough to page, its end, and the end of all data.
fn outage(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let Fed { group, feed } = feeds.first()?;
    let mut story = Story { scrapes: clock.scrapes(clock.blocks(HISTORY)), checks: Vec::new() };
    let before = clock.phase(clock.blocks(HISTORY), clock.good());
    let (mut failing, mut recovery) = (0, clock.scrapes(clock.blocks(1)));
    if let Some((rule, (lasts, silent))) = page_rule(scene).zip(lasts(scene, feed.unit, group.objective, clock.block)) {
        failing = clock.scrapes(lasts);
        recovery = story.page(scene, feeds, clock, (rule, lasts, silent))?;
    } else {
        story.scrapes += recovery;
    }
    let gone = story.end(scene, clock);
    let series = feeds.iter().enumerate().flat_map(|(index, fed)| {
        let during = if fails(index) { clock.bad() } else { clock.good() };
        let phases = [
            before,
            Phase { scrapes: failing, traffic: during },
            Phase { scrapes: recovery, traffic: clock.good() },
            Phase { scrapes: gone, traffic: Traffic::Gone },
        ];
        samples(&fed.feed, &phases, Begin::LongAgo)
    });
    let series = series.collect();
    let checks = story.checks;
    let what = match (failing, gone) {
        (0, _) => "the end of all data",
        (_, 0) => "an outage and its end",
        (_, _) => "an outage, its end, and the end of all data",
    };
    (!checks.is_empty()).then(|| test(scene, clock, what, series, checks))
}

/// What has happened so far, and what is expected of it.
struct Story {
    scrapes: u64,
    checks: Vec<Check>,
}

impl Story {
    /// An outage that lasts so long, silent up to a part of it, and how many scrapes it takes until the page is over.
    fn page(
        &mut self,
        scene: &Scene<'_>,
        feeds: &[Fed],
        clock: Clock,
        (rule, lasts, silent): (&Rule, Duration, Option<Duration>),
    ) -> Option<u64> {
        let begin = clock.before(Duration::from_millis(self.scrapes * clock.scrape.millis()));
        let alerts = watched(rule);
        let tightest = failing(feeds).filter_map(|fed| first_page(scene, fed.group.objective, Decimal::ONE)).min()?;
        if let Some(silent) = silent {
            let before = silent.min(Duration::from_millis(tightest.millis().saturating_sub(clock.block.millis())));
            self.checks.push(check(plus(begin, before), Expected::Never(alerts.clone())));
        }
        self.scrapes += clock.scrapes(lasts);
        let seen = plus(clock.after(self.scrapes), clock.slack);
        let labels = paged(scene, feeds, rule, lasts);
        self.checks.push(check(seen, Expected::Fires { alert: alerts.clone(), labels }));
        let keep = keep_firing_for(Severity::Page);
        let loosest = match feeds.first()?.feed.unit {
            // The slice after an outage may hold the last of it.
            _ if scene.slo.slices.is_some() => {
                let lasts = plus(lasts, clock.block);
                feeds.iter().filter_map(|fed| page_end(scene, fed.group.objective, lasts)).max()?
            }
            Unit::Events | Unit::Samples(_) => {
                feeds.iter().filter_map(|fed| page_end(scene, fed.group.objective, lasts)).max()?
            }
            Unit::Share => pages(scene).map(|tier| tier.short).max()?,
        };
        let recovery = clock.scrapes(plus(plus(loosest, keep), plus(clock.slack, clock.block)));
        self.scrapes += recovery;
        self.checks.push(check(clock.after(self.scrapes), Expected::Silent(alerts)));
        Some(recovery)
    }

    /// The end of all data, and how many scrapes are missing.
    fn end(&mut self, scene: &Scene<'_>, clock: Clock) -> u64 {
        let Some(alert) = &scene.slo.alerting.no_data else { return 0 };
        let Some(rule) = scene.alert(NO_DATA, alert.severity.as_str()) else { return 0 };
        let begin = clock.after(self.scrapes);
        let alerts = watched(rule);
        let noticed = plus(remembered(scene.slo), clock.blocks(2));
        let late = clock.after(clock.scrapes(plus(plus(begin, alert.wait), noticed)));
        self.checks.push(check(clock.before(plus(begin, alert.wait)), Expected::Never(alerts.clone())));
        let labels = match &scene.slo.sli {
            Sli::Composite(composite) => {
                let parts = composite.parts.iter();
                parts.map(|part| alert_labels(rule, &vec![(COMPONENT, part.id())])).collect()
            }
            _ => vec![alert_labels(rule, &LabelValues::new())],
        };
        self.checks.push(check(late, Expected::Fires { alert: alerts, labels }));
        clock.scrapes(late) - clock.scrapes(begin)
    }
}

/// All groups fail but the second one with the SLO's own target.
fn fails(index: usize) -> bool {
    index != 1
}

fn failing(feeds: &[Fed]) -> impl Iterator<Item = &Fed> {
    feeds.iter().enumerate().filter(|(index, _)| fails(*index)).map(|(_, fed)| fed)
}

/// The labels of the alerts that an outage of the failing groups makes fire.
fn paged(scene: &Scene<'_>, feeds: &[Fed], rule: &Rule, lasts: Duration) -> Vec<crate::ir::Labels> {
    let is_seen = |objective, rate| first_page(scene, objective, rate).is_some_and(|after| after <= lasts);
    let seen = failing(feeds).filter(|fed| is_seen(fed.group.objective, Decimal::ONE));
    let mut labels: Vec<_> = seen.map(|fed| alert_labels(rule, &fed.group.labels)).collect();
    if scene.series.is_grouped() {
        let share = Decimal::from(failing(feeds).count()) / Decimal::from(feeds.len());
        let rate = match &scene.slo.slices {
            Some(slices) if share > slices.allowed(scene.slo.objective) => Decimal::ONE,
            Some(_) => Decimal::ZERO,
            None => share,
        };
        if is_seen(scene.slo.objective, rate) {
            labels.push(alert_labels(rule, &LabelValues::new()));
        }
    }
    labels
}

/// A service that is down from its first scrape on: no good series has ever existed.
fn start(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let rule = page_rule(scene)?;
    let Fed { group, feed } = feeds.first()?;
    let (lasts, _) = lasts(scene, feed.unit, group.objective, clock.block)?;
    let at = plus(lasts, clock.slack);
    let phases = [clock.phase(at, clock.bad())];
    let mut labels = vec![alert_labels(rule, &group.labels)];
    if scene.series.is_grouped() {
        labels.push(alert_labels(rule, &LabelValues::new()));
    }
    let checks = vec![check(at, Expected::Fires { alert: watched(rule), labels })];
    let series = samples(feed, &phases, Begin::FirstEvent);
    Some(test(scene, clock, "down from the first scrape on", series, checks))
}

/// Traffic without any failure ever, no traffic, and the first failures, too few to page.
fn quiet(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let Fed { feed, .. } = feeds.first()?;
    if let Unit::Samples(_) = feed.unit {
        return None;
    }
    let steady = clock.phase(clock.blocks(2), Traffic::Events { good: 1, bad: 0 });
    let idle = clock.phase(clock.blocks(HISTORY + 2), Traffic::Events { good: 0, bad: 0 });
    let failure = Phase { scrapes: 1, traffic: Traffic::Events { good: 0, bad: 1 } };
    let failures = scene.slo.alerting.min_errors.unwrap_or(0).saturating_sub(1).min(2);
    let mut phases = vec![steady, idle];
    for _ in 0..failures {
        phases.extend([failure, idle]);
    }
    let labels = vec![(scene.series.names.id(), scene.slo.id.clone())];
    let name = ratio_name(Duration::from_mins(5));
    let none =
        Expected::Values { labels: labels.clone(), names: name.clone(), values: vec![(name.clone(), "0".to_owned())] };
    let missing = scene.slo.slices.map_or(MissingSlice::Ignored, |slices| slices.missing);
    let end = clock.after(phases.iter().map(|phase| phase.scrapes).sum());
    let idle = clock.before(clock.blocks(HISTORY + 4));
    let mut checks = vec![check(clock.after(steady.scrapes), none.clone())];
    match missing {
        MissingSlice::Ignored => checks.push(check(idle, Expected::Absent { name, labels })),
        MissingSlice::Good => checks.push(check(idle, none)),
        MissingSlice::Bad => {
            let all = vec![(name.clone(), if scene.series.is_grouped() { "2" } else { "1" }.to_owned())];
            checks.push(check(idle, Expected::Values { labels, names: name, values: all }));
        }
    }
    checks.extend(
        page_rule(scene)
            .filter(|_| missing != MissingSlice::Bad)
            .map(|rule| check(end, Expected::Never(watched(rule)))),
    );
    let what = match failures {
        0 => "no failure ever, then no traffic",
        1 => "no failure ever, then no traffic, then the first failure",
        _ => "no failure ever, then no traffic, then the first two failures",
    };
    Some(test(scene, clock, what, samples(feed, &phases, Begin::FirstFailure), checks))
}

fn test(scene: &Scene<'_>, clock: Clock, what: &str, series: Vec<InputSeries>, checks: Vec<Check>) -> RuleTest {
    let interval = SmolStr::from(clock.scrape.to_string());
    RuleTest { name: scene.name(what), interval, series, checks, origin: scene.slo.span }
}
