//! Tests of cause alerts: those that their authors wrote, or else one that fires and one that is silent.

use smol_str::SmolStr;

use super::example::{self, Story};
use super::{alert_labels, check, watched};
use crate::ir::{Check, Expected, InputSeries, Rule, RuleGroup, RuleTest};
use crate::model::{AlertTest, CauseAlert, Duration, Outcome, Service};

/// A test with the interval at which it is evaluated.
pub(super) type Timed = (Duration, RuleTest);

/// Up to here a test is evaluated every minute, as Prometheus does by default.
const SHORT: Duration = Duration::from_hours(6);
/// Longer tests are evaluated at the first of these that their time is a multiple of.
const INTERVALS: [Duration; 3] = [Duration::from_mins(10), Duration::from_mins(5), Duration::from_mins(1)];

/// The tests of a service's cause alerts, with the intervals at which they are evaluated.
pub(super) fn tests(service: &Service, group: &RuleGroup) -> Vec<Timed> {
    let pairs = service.alerts.iter().zip(&group.rules);
    pairs
        .flat_map(|(alert, rule)| if alert.tests.is_empty() { made_up(alert, rule) } else { written(alert, rule) })
        .collect()
}

/// How often a test is evaluated that ends then.
fn interval(end: Duration) -> Duration {
    if end <= SHORT {
        return Duration::from_mins(1);
    }
    let fits = |interval: &Duration| end.millis().is_multiple_of(interval.millis());
    INTERVALS.into_iter().find(fits).unwrap_or(Duration::from_mins(1))
}

/// The tests that an author wrote.
fn written(alert: &CauseAlert, rule: &Rule) -> Vec<Timed> {
    let tests = alert.tests.iter().map(|test| {
        let AlertTest { name, at, interval: scrape, series, outcome } = test;
        let what = match outcome {
            Outcome::Fires => "fires",
            Outcome::Silent => "is silent",
        };
        let words = name.clone().unwrap_or_else(|| format!("{what} at {at}"));
        let expected = match outcome {
            Outcome::Fires => Expected::Some(watched(rule)),
            Outcome::Silent => Expected::Silent(watched(rule)),
        };
        let series =
            series.iter().map(|(series, values)| InputSeries { series: series.clone(), values: values.clone() });
        (interval(*at), test_of(alert, &words, *scrape, series.collect(), vec![check(*at, expected)]))
    });
    tests.collect()
}

/// A test that fires and one that does not; none where no series can be made up.
fn made_up(alert: &CauseAlert, rule: &Rule) -> Vec<Timed> {
    let Some(example) = example::of(&rule.expr) else { return Vec::new() };
    let wait = alert.wait.unwrap_or(Duration::from_millis(0));
    let around = |evaluation: Duration| {
        let settled = example.settles.millis() + wait.millis() + 2 * evaluation.millis();
        Duration::from_millis(settled.div_ceil(evaluation.millis()) * evaluation.millis())
    };
    let end = [Duration::from_mins(1), Duration::from_mins(10)].map(around);
    let (evaluation, end) =
        if end[0] <= SHORT { (Duration::from_mins(1), end[0]) } else { (Duration::from_mins(10), end[1]) };
    let Some(fires) = example.fires(end) else { return Vec::new() };
    let mut checks = Vec::new();
    if wait.millis() >= 2 * evaluation.millis() {
        let before = (wait.millis() - 1) / evaluation.millis() * evaluation.millis();
        checks.push(check(Duration::from_millis(before), Expected::Silent(watched(rule))));
    }
    checks.push(check(end, firing(rule, &fires)));
    let series = fires.series(example.scrape, end);
    let mut tests = vec![(evaluation, test_of(alert, "fires", example.scrape, series, checks))];
    if let Some(absent) = example.absent(end).filter(|_| alert.or_absent.is_some()) {
        let checks = vec![check(end, firing(rule, &absent))];
        tests.push((evaluation, test_of(alert, "fires without data", example.scrape, Vec::new(), checks)));
    }
    if let Some(silent) = example.silent(end) {
        let checks = vec![check(end, Expected::Silent(watched(rule)))];
        let series = silent.series(example.scrape, end);
        tests.push((evaluation, test_of(alert, "is silent", example.scrape, series, checks)));
    }
    tests
}

/// The alerts with their labels, or their number where labels are templates.
fn firing(rule: &Rule, story: &Story) -> Expected {
    let alert = watched(rule);
    if rule.labels.iter().any(|(_, value)| value.contains("{{")) {
        return Expected::Count { alert, count: story.samples.len() };
    }
    Expected::Fires { alert, labels: story.samples.iter().map(|labels| alert_labels(rule, labels)).collect() }
}

fn test_of(
    alert: &CauseAlert,
    words: &str,
    scrape: Duration,
    series: Vec<InputSeries>,
    checks: Vec<Check>,
) -> RuleTest {
    RuleTest {
        name: format!("{}: {words}", alert.name.value),
        interval: SmolStr::from(scrape.to_string()),
        series,
        checks,
        origin: alert.span,
    }
}
