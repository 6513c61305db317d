//! The samples of raw series in a scene, and the error ratio that they amount to.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Labels;
use super::incident::{Phase, Scene};
use crate::ir::{RawSeries, RawShape};
use crate::model::Duration;
use crate::promql::{ExprKind, ParseOptions, parse};

/// How long before an evaluation scrapes happen, in milliseconds.
const LEAD: i64 = 1_000;
/// What counters have counted before the data begins: `rate` counts less of what rises from zero.
const BEFORE: u64 = 1_000_000;

/// A raw series with its samples; one that ends has a mark instead of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// All labels, the name among them.
    pub labels: Labels,
    /// Milliseconds from the beginning of the incident, and the value; `None` marks that the series is not there any more.
    pub samples: Vec<(i64, Option<f64>)>,
}

/// Events and failed ones, counted at each scrape; they never fall.
#[derive(Clone, Debug)]
pub struct Truth {
    counts: Vec<Count>,
}

/// All events until a scrape.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// Milliseconds from the beginning of the incident.
    at: i64,
    good: Decimal,
    bad: Decimal,
    is_scraped: bool,
}

impl Truth {
    /// The share that failed from a moment on, as of another one; `None` without events.
    #[must_use]
    pub fn ratio(&self, from: i64, until: i64) -> Option<Decimal> {
        let at = |moment: i64| {
            let index = self.counts.partition_point(|count| count.at <= moment).saturating_sub(1);
            self.counts.get(index)
        };
        let (first, last) = (at(from)?, at(until)?);
        let (good, bad) = (last.good - first.good, last.bad - first.bad);
        bad.checked_div(good + bad)
    }
}

/// What a scene looks like to a Prometheus that scrapes so often; `None` if a series cannot be read back.
#[must_use]
pub fn samples(scene: &Scene, series: &[RawSeries], scrape: Duration) -> Option<(Vec<Samples>, Truth)> {
    let truth = count(scene, i64::try_from(scrape.millis()).ok()?.max(1));
    let all = series.iter().map(|series| one(series, &truth)).collect::<Option<_>>()?;
    Some((all, truth))
}

fn count(scene: &Scene, scrape: i64) -> Truth {
    let first = scene.begin.div_euclid(scrape) * scrape;
    let moments = (0..).map(|number| first + number * scrape - LEAD).take_while(|at| *at <= scene.end);
    let count = |at: i64| {
        let (mut good, mut bad) = (Decimal::ZERO, Decimal::ZERO);
        for Phase { from, until, events, share, .. } in &scene.phases {
            let lasted = Decimal::from((at.min(*until) - from).max(0)) * events / Decimal::ONE_THOUSAND;
            // Where there are few events, each is one. Where there are many, whole ones would only bring a rhythm into what hardly ever
            // fails, which rules that look every so often see too often or too seldom. A rate of one in some minutes is no finite decimal.
            let whole = |count: Decimal| if *events < Decimal::ONE { count.round_dp(9).floor() } else { count };
            bad += whole(lasted * share);
            good += whole(lasted * (Decimal::ONE - share));
        }
        let is_gone = scene.phases.iter().any(|phase| !phase.is_scraped && phase.from <= at && at < phase.until);
        Count { at, good, bad, is_scraped: !is_gone }
    };
    Truth { counts: moments.map(count).collect() }
}

fn one(series: &RawSeries, truth: &Truth) -> Option<Samples> {
    let mut samples = Vec::with_capacity(truth.counts.len());
    let mut failed_before = truth.counts.first().map_or(Decimal::ZERO, |count| count.bad.floor());
    let mut was_there = false;
    for &Count { at, good, bad, is_scraped } in &truth.counts {
        let before = Decimal::from(BEFORE);
        let value = match &series.shape {
            RawShape::All => (good + bad + before + before).to_f64()?,
            RawShape::Good => (good + before).to_f64()?,
            RawShape::Bad => (bad + before).to_f64()?,
            RawShape::Flat => before.to_f64()?,
            RawShape::Gauge(well, unwell) => if bad.floor() > failed_before { unwell } else { well }.parse().ok()?,
        };
        failed_before = bad.floor();
        if is_scraped || was_there {
            samples.push((at, is_scraped.then_some(value)));
        }
        was_there = is_scraped;
    }
    Some(Samples { labels: labels(&series.series)?, samples })
}

/// The labels of a series as PromQL writes it.
fn labels(text: &str) -> Option<Labels> {
    let expr = parse(text, &ParseOptions::default()).ok()?;
    let ExprKind::Selector(selector) = expr.kind else { return None };
    let name = selector.name.map(|name| ("__name__".to_owned(), name.value.to_string()));
    let matchers = selector.matchers.into_iter();
    let mut labels: Labels =
        matchers.map(|it| (it.label.value.to_string(), it.value.value.to_string())).chain(name).collect();
    labels.sort_unstable();
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Incident, Traffic};

    fn traffic() -> Traffic {
        Traffic { events: Decimal::from(10), background: Decimal::new(1, 4), budget: Decimal::new(1, 3), varies: true }
    }

    fn played(incident: Incident, series: &str, shape: RawShape) -> (Samples, Truth, Scene) {
        let scene = incident.scene(traffic(), Duration::from_days(1));
        let series = [RawSeries { series: series.to_owned(), shape }];
        let (mut samples, truth) = samples(&scene, &series, Duration::from_secs(15)).unwrap();
        (samples.remove(0), truth, scene)
    }

    #[test]
    fn an_outage_fails_everything_while_it_lasts() {
        let (bad, truth, scene) = played(Incident::Outage, "e_total{code=\"500\"}", RawShape::Bad);
        assert_eq!(bad.labels, [("__name__".to_owned(), "e_total".to_owned()), ("code".to_owned(), "500".to_owned())]);
        let at = |moment: i64| bad.samples.iter().find(|(at, _)| *at == moment).unwrap().1.unwrap();
        assert!((at(599_000) - at(-1_000) - 5_990.0).abs() < 2.0);
        let day = truth.ratio(-86_400_000, 0).unwrap();
        assert!((day - Decimal::new(1, 4)).abs() < Decimal::new(1, 6), "{day}");
        assert_eq!(truth.ratio(0, scene.until).map(|ratio| ratio.round_dp(2)), Some(Decimal::ONE));
    }

    #[test]
    fn two_of_few_events_fail() {
        let (bad, truth, scene) = played(Incident::LowTraffic, "e_total", RawShape::Bad);
        let within: Vec<f64> =
            bad.samples.iter().filter(|(at, _)| 0 < *at && *at < scene.until).filter_map(|(_, value)| *value).collect();
        assert!((within.last().unwrap() - within.first().unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(truth.ratio(14_000, scene.until - 1_000).unwrap().round_dp(3), Decimal::new(57, 3));
    }

    #[test]
    fn a_gap_is_marked_once_and_counters_go_on() {
        let (all, ..) = played(Incident::Gap, "e_total", RawShape::All);
        let marks: Vec<i64> = all.samples.iter().filter(|(_, value)| value.is_none()).map(|(at, _)| *at).collect();
        assert_eq!(marks, [14_000]);
        let values: Vec<f64> = all.samples.iter().filter_map(|(_, value)| *value).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
        let jump = values.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!((jump - 12_150.0).abs() < 3.0, "{jump}");
    }
}
