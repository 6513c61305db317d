//! Tests from raw series, evaluated as often as fast blocks are recorded: what a service does, and what pages.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::feed::Feed;
use super::groups::{self, Group};
use super::timeline::{Begin, Phase, Traffic, samples};
use super::{Scene, alert_labels, check, watched};
use crate::ir::{Check, Expected, InputSeries, Rule, RuleTest};
use crate::lower::alerting::{burn_alert_name, keep_firing_for};
use crate::lower::series::{SLO_ID, ratio_name};
use crate::lower::windows;
use crate::model::{BurnTier, Duration, NO_DATA, Objective, Severity, detected_after, error_ratio, reset_after};
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
    [outage(scene, &feeds, clock), start(scene, &feeds, clock), quiet(scene, &feeds, clock)]
        .into_iter()
        .flatten()
        .collect()
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

/// An outage of some groups that lasts just long enough to page, its end, and the end of all data.
fn outage(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let history = clock.scrapes(clock.blocks(HISTORY));
    let mut checks = Vec::new();
    let mut outage = 0;
    let mut recovery = clock.scrapes(clock.blocks(1));
    let target = feeds.first()?.group.objective;
    if let Some((rule, lasts)) = page_rule(scene).zip(first_page(scene, target, Decimal::ONE)) {
        outage = clock.scrapes(lasts);
        let begin = clock.before(Duration::from_millis(history * clock.scrape.millis()));
        let alerts = watched(rule);
        let tightest = failing(feeds).filter_map(|fed| first_page(scene, fed.group.objective, Decimal::ONE)).min()?;
        if tightest > clock.block {
            let before = Duration::from_millis(begin.millis() + tightest.millis() - clock.block.millis());
            checks.push(check(before, Expected::Never(alerts.clone())));
        }
        let seen = plus(clock.after(history + outage), clock.slack);
        checks.push(check(seen, Expected::Fires { alert: alerts.clone(), labels: paged(scene, feeds, rule, lasts) }));
        let keep = Duration::parse(keep_firing_for(Severity::Page)).unwrap_or(clock.block);
        let loosest = feeds.iter().filter_map(|fed| page_end(scene, fed.group.objective, lasts)).max()?;
        let over = plus(plus(loosest, keep), plus(clock.slack, clock.block));
        recovery = clock.scrapes(over);
        checks.push(check(clock.after(history + outage + recovery), Expected::Silent(alerts)));
    }
    let gone = missing(scene, clock, history + outage + recovery, &mut checks);
    let during = |fails: bool| if fails { clock.bad() } else { clock.good() };
    let series = feeds.iter().enumerate().flat_map(|(index, fed)| {
        let phases = [
            Phase { scrapes: history, traffic: clock.good() },
            Phase { scrapes: outage, traffic: during(fails(index)) },
            Phase { scrapes: recovery, traffic: clock.good() },
            Phase { scrapes: gone, traffic: Traffic::Gone },
        ];
        samples(&fed.feed, &phases, Begin::Zero)
    });
    let series = series.collect();
    (!checks.is_empty()).then(|| test(scene, clock, "an outage, its end, and the end of all data", series, checks))
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
        let rate = Decimal::from(failing(feeds).count()) / Decimal::from(feeds.len());
        if is_seen(scene.slo.objective, rate) {
            labels.push(alert_labels(rule, &LabelValues::new()));
        }
    }
    labels
}

/// The checks on missing data, and how many scrapes it is missing for.
fn missing(scene: &Scene<'_>, clock: Clock, begin: u64, checks: &mut Vec<Check>) -> u64 {
    let Some(alert) = &scene.slo.alerting.no_data else { return 0 };
    let Some(rule) = scene.alert(NO_DATA, alert.severity.as_str()) else { return 0 };
    let begin = clock.after(begin);
    let alerts = watched(rule);
    let noticed = plus(scene.slo.blocks.fast_range(), clock.blocks(2));
    let late = clock.after(clock.scrapes(plus(plus(begin, alert.wait), noticed)));
    checks.push(check(clock.before(plus(begin, alert.wait)), Expected::Never(alerts.clone())));
    let labels = vec![alert_labels(rule, &LabelValues::new())];
    checks.push(check(late, Expected::Fires { alert: alerts, labels }));
    clock.scrapes(late) - clock.scrapes(begin)
}

/// A service that is down from its first scrape on: no good series has ever existed.
fn start(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let rule = page_rule(scene)?;
    let Fed { group, feed } = feeds.first()?;
    let detected = first_page(scene, group.objective, Decimal::ONE)?;
    let at = plus(detected, clock.slack);
    let phases = [clock.phase(at, clock.bad())];
    let mut labels = vec![alert_labels(rule, &group.labels)];
    if scene.series.is_grouped() {
        labels.push(alert_labels(rule, &LabelValues::new()));
    }
    let checks = vec![check(at, Expected::Fires { alert: watched(rule), labels })];
    let series = samples(feed, &phases, Begin::FirstEvent);
    Some(test(scene, clock, "down from the first scrape on", series, checks))
}

/// No traffic, and the first failures ever, too few to page.
fn quiet(scene: &Scene<'_>, feeds: &[Fed], clock: Clock) -> Option<RuleTest> {
    let Fed { feed, .. } = feeds.first()?;
    let idle = clock.phase(clock.blocks(HISTORY), Traffic::Events { good: 0, bad: 0 });
    let failure = Phase { scrapes: 1, traffic: Traffic::Events { good: 0, bad: 1 } };
    let failures = scene.slo.alerting.min_errors.unwrap_or(0).saturating_sub(1).min(2);
    let mut phases = vec![idle];
    for _ in 0..failures {
        phases.extend([failure, idle]);
    }
    let labels = vec![(SLO_ID, scene.slo.id.clone())];
    let name = ratio_name(Duration::from_mins(5));
    let at = clock.before(clock.blocks(HISTORY));
    let mut checks = vec![check(at, Expected::Absent { name, labels })];
    if let Some(rule) = page_rule(scene) {
        let scrapes = phases.iter().map(|phase| phase.scrapes).sum();
        checks.push(check(clock.after(scrapes), Expected::Never(watched(rule))));
    }
    let what = match failures {
        0 => "no traffic",
        1 => "no traffic, then the first failure ever",
        _ => "no traffic, then the first two failures ever",
    };
    Some(test(scene, clock, what, samples(feed, &phases, Begin::FirstFailure), checks))
}

fn test(scene: &Scene<'_>, clock: Clock, what: &str, series: Vec<InputSeries>, checks: Vec<Check>) -> RuleTest {
    let interval = SmolStr::from(clock.scrape.to_string());
    RuleTest { name: scene.name(what), interval, series, checks, origin: scene.slo.span }
}
