//! How many samples the rules of an SLO read, from the rules themselves, beside rules that read every window from raw data.
//!
//! A range reads its length divided by the distance of samples, a selector one sample, a subquery all of that at each step; rules of a
//! group do so once per interval. Every selector of raw data is taken to match the same number of series.

use crate::ir::RuleGroup;
use crate::lower::slo_groups;
use crate::model::{Blocks, Duration, Slo};
use crate::promql::visit::children;
use crate::promql::{self, DurationKind, Expr, ExprKind, Selector};

use super::counting::raw_selectors;

/// What rules without stages are evaluated at: Sloth's usual interval.
pub const USUAL_INTERVAL: Duration = Duration::from_secs(30);

/// The windows that Sloth's rules read from raw data at each evaluation.
pub const USUAL_WINDOWS: [Duration; 7] = [
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(6),
    Duration::from_days(1),
    Duration::from_days(3),
];

/// Samples that rules read in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Raw series that each selector matches.
    pub series: u64,
    /// Groups of `group_by`, each with recorded series of its own; 1 without.
    pub groups: u64,
    /// Samples of raw series.
    pub raw: u64,
    /// Samples of recorded series.
    pub recorded: u64,
    /// Samples that the usual rules read: every window from raw data each 30s, the period as a mean of its 5m ratios.
    pub usual: u64,
}

impl Cost {
    /// All samples that are read.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.raw.saturating_add(self.recorded)
    }
}

/// What the rules of an SLO read for so many raw series and groups.
pub(super) fn cost(slo: &Slo, series: u64, groups: u64) -> Cost {
    // The overall series is one more.
    let recorded_series = if slo.grouping.is_some() { groups.saturating_add(1) } else { 1 };
    let mut reads = Reads { slo, raw: 0, recorded: 0 };
    for group in slo_groups(slo) {
        reads.add_group(&group);
    }
    Cost {
        series,
        groups,
        raw: reads.raw.saturating_mul(series),
        recorded: reads.recorded.saturating_mul(recorded_series),
        usual: usual(slo, series, if slo.grouping.is_some() { groups } else { 1 }),
    }
}

/// Samples of one raw and of one recorded series in an hour.
struct Reads<'a> {
    slo: &'a Slo,
    raw: u64,
    recorded: u64,
}

impl Reads<'_> {
    fn add_group(&mut self, group: &RuleGroup) {
        let interval = group.interval.as_deref().and_then(|text| Duration::parse(text).ok());
        let per_hour = evaluations(interval.unwrap_or(Duration::from_mins(1)));
        for rule in &group.rules {
            self.add(&rule.expr, per_hour);
        }
    }

    /// Adds what an expression reads that is evaluated so often.
    fn add(&mut self, expr: &Expr, evaluations: u64) {
        match &expr.kind {
            ExprKind::Selector(selector) => self.add_samples(selector, 1, evaluations),
            ExprKind::Matrix(matrix) => {
                let samples = millis(&matrix.window).div_ceil(self.distance(&matrix.selector));
                self.add_samples(&matrix.selector, samples, evaluations);
            }
            ExprKind::Subquery(subquery) => {
                let step = subquery.step.as_ref().map_or(60_000, millis).max(1);
                let steps = millis(&subquery.window).div_ceil(step);
                self.add(&subquery.expr, evaluations.saturating_mul(steps));
            }
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Call(_)
            | ExprKind::Aggregate(_)
            | ExprKind::Binary(_)
            | ExprKind::Unary(..)
            | ExprKind::Paren(_)
            | ExprKind::Variable(_) => {
                for child in children(expr) {
                    self.add(child, evaluations);
                }
            }
        }
    }

    fn add_samples(&mut self, selector: &Selector, samples: u64, evaluations: u64) {
        let all = samples.saturating_mul(evaluations);
        if is_recorded(selector) {
            self.recorded = self.recorded.saturating_add(all);
        } else {
            self.raw = self.raw.saturating_add(all);
        }
    }

    /// How far the samples of a selector's series are apart, in milliseconds.
    fn distance(&self, selector: &Selector) -> u64 {
        let name = selector.name.as_ref().map_or("", |name| name.value.as_str());
        let distance = match () {
            () if !is_recorded(selector) => self.slo.blocks.scrape(),
            () if name.ends_with("_slow") => Blocks::SLOW,
            () => self.slo.blocks.fast(),
        };
        distance.millis().max(1)
    }
}

fn is_recorded(selector: &Selector) -> bool {
    selector.name.as_ref().is_some_and(|name| name.value.starts_with("slo:"))
}

/// The milliseconds of a range of generated rules, which hold no variables.
fn millis(duration: &promql::Duration) -> u64 {
    match &duration.kind {
        DurationKind::Millis(millis) => millis.unsigned_abs(),
        DurationKind::Variable(_)
        | DurationKind::Binary(..)
        | DurationKind::Unary(..)
        | DurationKind::Call(..)
        | DurationKind::Paren(_) => 0,
    }
}

fn evaluations(interval: Duration) -> u64 {
    Duration::from_hours(1).millis() / interval.millis().max(1)
}

/// What rules without stages read in an hour: raw windows, and the period as sum and count of the ratio of five minutes.
fn usual(slo: &Slo, series: u64, groups: u64) -> u64 {
    let scrape = slo.blocks.scrape().millis().max(1);
    let selectors = u64::try_from(raw_selectors(&slo.sli)).unwrap_or(u64::MAX);
    let windows: u64 = USUAL_WINDOWS.iter().map(|window| window.millis().div_ceil(scrape)).sum();
    let raw = windows.saturating_mul(selectors).saturating_mul(series);
    let period = (2 * slo.window.millis() / USUAL_INTERVAL.millis()).saturating_mul(groups);
    evaluations(USUAL_INTERVAL).saturating_mul(raw.saturating_add(period))
}
