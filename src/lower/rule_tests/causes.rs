//! Tests of cause alerts: those that their authors wrote, or else one that fires and one that is silent.

use smol_str::SmolStr;

use super::example::{self, Edge, Example, Story};
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
    let (evaluation, end) = if 2 * end[0].millis() <= SHORT.millis() {
        (Duration::from_mins(1), end[0])
    } else {
        (Duration::from_mins(10), end[1])
    };
    let Some(fires) = example.fires(end) else { return Vec::new() };
    let times = Times { evaluation, end, wait };
    let edges = example.edges(&fires, end);
    let mut tests: Vec<RuleTest> = match edges.as_slice() {
        [] => [Some(firing_test(alert, rule, &example, &fires, times)), silent_test(alert, rule, &example, times)]
            .into_iter()
            .flatten()
            .collect(),
        edges => edges.iter().enumerate().map(|edge| edge_test(alert, rule, &example, edge, times)).collect(),
    };
    if let Some(absent) = example.absent(end).filter(|_| alert.or_absent.is_some()) {
        let checks = vec![check(end, firing(rule, &absent))];
        tests.push(test_of(alert, "fires without data", example.scrape, Vec::new(), checks));
    }
    tests.into_iter().map(|test| (evaluation, test)).collect()
}

/// How often a test is evaluated, when everything has settled, and the alert's `for`.
#[derive(Clone, Copy)]
struct Times {
    evaluation: Duration,
    end: Duration,
    wait: Duration,
}

impl Times {
    /// The last evaluation before the `for` of a condition is over that holds from the start; nothing if that is the first one.
    fn before(self) -> Option<Duration> {
        let (wait, evaluation) = (self.wait.millis(), self.evaluation.millis());
        (wait >= 2 * evaluation).then(|| Duration::from_millis((wait - 1) / evaluation * evaluation))
    }
}

fn plus(left: Duration, right: Duration) -> Duration {
    Duration::from_millis(left.millis() + right.millis())
}

/// A test of values that are just not enough, then of those that just are.
fn edge_test(
    alert: &CauseAlert,
    rule: &Rule,
    example: &Example<'_>,
    (index, edge): (usize, &Edge),
    times: Times,
) -> RuleTest {
    let end = plus(times.end, times.end);
    let mut checks = vec![check(times.end, Expected::Silent(watched(rule)))];
    checks.extend(times.before().map(|before| check(plus(times.end, before), Expected::Silent(watched(rule)))));
    checks.push(check(end, firing(rule, &edge.fires)));
    let words = match index {
        0 => "is silent below its limit and fires above it".to_owned(),
        index => format!("is silent below its limit and fires above it, by series {}", index + 1),
    };
    test_of(alert, &words, example.scrape, edge.series(example.scrape, [times.end, end]), checks)
}

/// A test that fires.
fn firing_test(alert: &CauseAlert, rule: &Rule, example: &Example<'_>, fires: &Story, times: Times) -> RuleTest {
    let before = times.before().map(|before| check(before, Expected::Silent(watched(rule))));
    let checks = before.into_iter().chain([check(times.end, firing(rule, fires))]).collect();
    test_of(alert, "fires", example.scrape, fires.series(example.scrape, times.end), checks)
}

/// A test that does not.
fn silent_test(alert: &CauseAlert, rule: &Rule, example: &Example<'_>, times: Times) -> Option<RuleTest> {
    let silent = example.silent(times.end)?;
    let checks = vec![check(times.end, Expected::Silent(watched(rule)))];
    Some(test_of(alert, "is silent", example.scrape, silent.series(example.scrape, times.end), checks))
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
