//! What happens over time, as samples in promtool's notation.

use std::fmt::Write as _;

use super::feed::{Feed, FeedSeries, Missing, Shape};
use crate::ir::InputSeries;

/// What happens with each scrape of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Traffic {
    /// So many good and bad events.
    Events {
        /// Good ones.
        good: u64,
        /// Bad ones.
        bad: u64,
    },
    /// Nothing is scraped at all.
    Gone,
}

/// Some scrapes in which the same happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    /// How many.
    pub(super) scrapes: u64,
    /// What happens in each.
    pub(super) traffic: Traffic,
}

/// How counters begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// At zero, from the first scrape on.
    Zero,
    /// Long ago: all have counted something before. `rate` counts less of what rises from zero.
    LongAgo,
    /// Good and bad ones with their first event.
    FirstEvent,
    /// Bad ones with the first failure, all others at zero.
    FirstFailure,
}

/// The samples of all series of a feed: one at 0s, then one for each scrape of the phases.
pub(super) fn samples(feed: &Feed, phases: &[Phase], begin: Begin) -> Vec<InputSeries> {
    let series = feed.series.iter().filter_map(|series| {
        let values = match &series.shape {
            Shape::Gauge(good, bad) => Some(levels(good, bad, phases)),
            Shape::All | Shape::Good | Shape::Bad | Shape::Flat => counts(series, phases, begin),
        };
        Some(InputSeries { series: series.text.clone(), values: values? })
    });
    series.collect()
}

/// The samples of a gauge.
fn levels(good: &str, bad: &str, phases: &[Phase]) -> String {
    let mut text = String::new();
    for (index, phase) in phases.iter().enumerate() {
        // The first sample is the one at 0s.
        let count = phase.scrapes + u64::from(index == 0);
        let level = match phase.traffic {
            Traffic::Events { bad: 0, .. } => good,
            Traffic::Events { .. } => bad,
            Traffic::Gone => "_",
        };
        let separator = if text.is_empty() { "" } else { " " };
        // Writing to a string cannot fail. `1x0` is one sample, `_x1` is one that is missing.
        let _ = match (count, level) {
            (0, _) => Ok(()),
            (count, "_") => write!(text, "{separator}_x{count}"),
            (count, level) => write!(text, "{separator}{level}x{}", count - 1),
        };
    }
    text
}

/// The samples of a counter; `None` for one that never begins.
fn counts(series: &FeedSeries, phases: &[Phase], begin: Begin) -> Option<String> {
    let mut runs = Runs::default();
    let waits = match (series.missing, &series.shape) {
        (Missing::NoData, _) => false,
        (Missing::NoEvents, Shape::Bad) => !matches!(begin, Begin::Zero | Begin::LongAgo),
        (Missing::NoEvents, _) => begin == Begin::FirstEvent,
    };
    let first = phases.iter().map(|phase| increment(&series.shape, phase.traffic)).next().flatten();
    let mut exists = !waits || first.is_some_and(|increment| increment > 0);
    runs.push(exists.then_some(counted_before(&series.shape, begin)), 0);
    for phase in phases {
        let increment = increment(&series.shape, phase.traffic);
        exists = exists || increment.is_some_and(|increment| increment > 0);
        for _ in 0..phase.scrapes {
            runs.push(increment.filter(|_| exists).map(|increment| runs.last + increment), increment.unwrap_or(0));
        }
    }
    exists.then(|| runs.finish())
}

/// What a counter shows at the first scrape.
fn counted_before(shape: &Shape, begin: Begin) -> u64 {
    const BEFORE: u64 = 1000;
    match (begin, shape) {
        (Begin::LongAgo, Shape::All) => 2 * BEFORE,
        (Begin::LongAgo, Shape::Good | Shape::Bad | Shape::Flat | Shape::Gauge(..)) => BEFORE,
        (Begin::Zero | Begin::FirstEvent | Begin::FirstFailure, _) => 0,
    }
}

/// By how much a counter rises with each scrape; `None` while it is not scraped.
fn increment(shape: &Shape, traffic: Traffic) -> Option<u64> {
    match (traffic, shape) {
        (Traffic::Gone, _) => None,
        (Traffic::Events { good, bad }, Shape::All) => Some(good + bad),
        (Traffic::Events { good, .. }, Shape::Good) => Some(good),
        (Traffic::Events { bad, .. }, Shape::Bad) => Some(bad),
        (Traffic::Events { .. }, Shape::Flat | Shape::Gauge(..)) => Some(0),
    }
}

/// Samples as runs of the same step.
#[derive(Default)]
struct Runs {
    text: String,
    last: u64,
    run: Option<Run>,
}

/// Samples that begin with a value and rise by a step, or that are missing.
#[derive(Clone, Copy)]
struct Run {
    first: Option<u64>,
    step: u64,
    count: u64,
}

impl Runs {
    /// Appends a sample that is `step` above the one before, or a missing one.
    fn push(&mut self, value: Option<u64>, step: u64) {
        match &mut self.run {
            Some(run) if run.first.is_none() && value.is_none() => run.count += 1,
            Some(run) if run.count == 1 && run.first.is_some() && value.is_some() => {
                run.step = step;
                run.count = 2;
            }
            Some(run) if run.first.is_some() && value.is_some() && run.step == step => run.count += 1,
            _ => {
                self.flush();
                self.run = Some(Run { first: value, step, count: 1 });
            }
        }
        self.last = value.unwrap_or(self.last);
    }

    fn flush(&mut self) {
        let Some(Run { first, step, count }) = self.run.take() else { return };
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        // Writing to a string cannot fail.
        let _ = match (first, step) {
            (None, _) => write!(self.text, "_x{count}"),
            (Some(first), _) if count == 1 => write!(self.text, "{first}"),
            (Some(first), 0) => write!(self.text, "{first}x{}", count - 1),
            (Some(first), step) => write!(self.text, "{first}+{step}x{}", count - 1),
        };
    }

    fn finish(mut self) -> String {
        self.flush();
        self.text
    }
}
