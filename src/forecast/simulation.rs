//! What the rules of an SLO record and alert on while something happens, evaluation by evaluation.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::alarm::{Alarm, Spell};
use super::counting::Counting;
use super::digits::significant;
use super::grid::{Grid, millis};
use super::mean::Looks;
use super::period::PeriodNow;
use super::slices;
use super::traffic::{Count, Traffic};
use crate::lower::{Group, RAW_LIMIT, burn_alert_name, keep_firing_for, recorded_windows, window_block, window_group};
use crate::model::{
    BUDGET_EXHAUSTS_SOON, Blocks, BurnTier, Duration, ExhaustsAlert, NO_DATA, Objective, Severity, Slo,
};

/// What happens, and how long it is watched.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The target; that of a group where it has one of its own.
    pub objective: Objective,
    /// What happens.
    pub traffic: Traffic,
    /// The clock's time at the beginning, in Unix seconds.
    pub start: i64,
    /// When it ends.
    pub end: End,
    /// When the groups are evaluated: milliseconds after each multiple of their interval, the fast one first.
    pub phases: (i64, i64),
}

/// When a simulation ends, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At that moment.
    At(i64),
    /// When no alert is left after a moment, but not after another.
    Quiet {
        /// Not before.
        after: i64,
        /// At the latest.
        at_most: i64,
    },
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Simulation {
    /// Every evaluation of the fast group.
    pub fast: Vec<FastPoint>,
    /// Every evaluation of the slow group.
    pub slow: Vec<SlowPoint>,
    /// Every alert that the SLO has, in the order of the rules.
    pub alerts: Vec<AlertCourse>,
    /// When it ended, in milliseconds.
    pub end: i64,
}

/// What the fast group recorded.
#[derive(Clone, Debug)]
pub struct FastPoint {
    /// Milliseconds from the beginning.
    pub at: i64,
    /// Events and failed events of the block; `None` if there is none.
    pub block: Option<(Decimal, Decimal)>,
    /// The error ratio of each window that it records; `None` without events.
    pub ratios: Vec<(Duration, Option<Decimal>)>,
    /// The burn rate of five minutes.
    pub burn_rate: Option<Decimal>,
}

/// What the slow group recorded.
#[derive(Clone, Debug)]
pub struct SlowPoint {
    /// Milliseconds from the beginning.
    pub at: i64,
    /// Events and failed events of the block; `None` if there is none.
    pub block: Option<(Decimal, Decimal)>,
    /// The error ratio of each window that it records but the period.
    pub ratios: Vec<(Duration, Option<Decimal>)>,
    /// The error ratio of the period.
    pub period_ratio: Option<Decimal>,
    /// The share of the period that has history.
    pub elapsed: Option<Decimal>,
    /// The share of the budget that is left.
    pub budget_left: Option<Decimal>,
}

/// An alert over the time of a simulation.
#[derive(Clone, Debug)]
pub struct AlertCourse {
    /// Its name.
    pub name: String,
    /// Page or ticket.
    pub severity: Severity,
    /// For an alert on what is left of the budget: percent.
    pub below_percent: Option<Decimal>,
    /// When it fires.
    pub spells: Vec<Spell>,
}

/// What an alert waits for.
#[derive(Clone, Debug)]
enum Watched {
    Burn,
    NoData,
    BudgetBelow(Decimal),
    Exhausts,
}

/// Lets the rules of an SLO run over a scenario.
#[must_use]
pub fn simulate(slo: &Slo, scenario: &Scenario) -> Simulation {
    let sliced = slo.slices.as_ref().map(|slices| {
        let until = match scenario.end {
            End::At(end) | End::Quiet { at_most: end, .. } => end,
        };
        let grid = (millis(slo.blocks.fast()), scenario.phases.0);
        let traffic = slices::sliced(slices, scenario.objective, &scenario.traffic, grid, until);
        Scenario { traffic, ..scenario.clone() }
    });
    let mut run = Run::new(slo, sliced.as_ref().unwrap_or(scenario), &scenario.traffic);
    let (mut fast, mut slow) = (run.fast.phase, run.slow.phase);
    let mut now = 0;
    loop {
        let next = fast.min(slow);
        if run.is_over(next) {
            break;
        }
        now = next;
        // Tickets read windows of the fast group.
        if fast == now {
            run.evaluate_fast(now);
            fast += run.fast.step;
        }
        if slow == now {
            run.evaluate_slow(now);
            slow += run.slow.step;
        }
    }
    run.finish(now)
}

struct Run<'a> {
    slo: &'a Slo,
    scenario: &'a Scenario,
    /// What slices are made of, or what is counted without them.
    raw: &'a Traffic,
    counting: Counting,
    fast: Grid,
    slow: Grid,
    /// All windows with the group that records them.
    windows: Vec<(Duration, Group)>,
    /// What the fast group recorded last.
    instant: BTreeMap<Duration, Option<Decimal>>,
    looks: Looks,
    alarms: Vec<(AlertCourse, Watched, Alarm)>,
    out: Simulation,
}

impl<'a> Run<'a> {
    fn new(slo: &'a Slo, scenario: &'a Scenario, raw: &'a Traffic) -> Self {
        let (fast, slow) = (millis(slo.blocks.fast()), millis(Blocks::SLOW));
        let windows = recorded_windows(slo).into_iter().map(|(window, _)| (window, window_group(slo, window)));
        let rolling = |window: &Duration| slo.calendar.is_none() && *window == slo.window;
        let begin = scenario.traffic.begin();
        let before = scenario.traffic.between(begin, 0).ratio();
        Self {
            slo,
            scenario,
            raw,
            counting: Counting::of(slo),
            fast: Grid::fast(slo, &scenario.traffic, fast, scenario.phases.0),
            slow: Grid::slow(slo, &scenario.traffic, slow, scenario.phases.1),
            windows: windows.filter(|(window, _)| !rolling(window)).collect(),
            instant: BTreeMap::new(),
            looks: Looks::new(scenario.start * 1_000, before, begin + scenario.start * 1_000),
            alarms: alarms(slo),
            out: Simulation::default(),
        }
    }

    fn is_over(&self, next: i64) -> bool {
        match self.scenario.end {
            End::At(end) => next > end,
            End::Quiet { after, at_most } => {
                next > at_most || (next > after && !self.alarms.iter().any(|(.., alarm)| alarm.is_active()))
            }
        }
    }

    fn finish(mut self, end: i64) -> Simulation {
        let courses = self.alarms.into_iter().map(|(course, _, alarm)| AlertCourse { spells: alarm.spells, ..course });
        self.out.alerts = courses.collect();
        self.out.end = end;
        self.out
    }

    fn evaluate_fast(&mut self, at: i64) {
        let ratios = self.ratios(Group::Fast, at);
        self.instant = ratios.iter().copied().collect();
        let five_minutes = self.instant.get(&Duration::from_mins(5)).copied().flatten();
        let clock = self.scenario.start * 1_000 + at;
        self.looks.add(clock, clock + self.fast.step, five_minutes);
        let burn_rate = five_minutes.and_then(|ratio| self.burn(ratio));
        let block = self.block(&self.fast, at);
        self.out.fast.push(FastPoint { at, block, ratios, burn_rate });
        let pages = self.slo.alerting.tiers.iter().filter(|tier| tier.severity == Severity::Page);
        let holds = pages.into_iter().any(|tier| self.pages(tier, at));
        self.decide(at, |course, watched| match watched {
            Watched::Burn if course.severity == Severity::Page => Some(holds),
            Watched::Burn | Watched::NoData | Watched::BudgetBelow(_) | Watched::Exhausts => None,
        });
    }

    fn evaluate_slow(&mut self, at: i64) {
        let ratios = self.ratios(Group::Slow, at);
        let period = PeriodNow {
            slo: self.slo,
            traffic: &self.scenario.traffic,
            slow: &self.slow,
            looks: &self.looks,
            start: self.scenario.start,
        };
        let (period_ratio, elapsed) = (period.ratio(at), period.elapsed(at));
        let spent = period_ratio.and_then(|ratio| self.burn(ratio)).zip(elapsed).map(|(burn, elapsed)| burn * elapsed);
        // A budget that is used up to the last event is not one that is exceeded by what a quotient lost.
        let budget_left = spent.map(|spent| (Decimal::ONE - spent).round_dp(18).normalize());
        let known: BTreeMap<_, _> =
            self.instant.iter().map(|(window, ratio)| (*window, *ratio)).chain(ratios.iter().copied()).collect();
        let tickets = self.slo.alerting.tiers.iter().filter(|tier| tier.severity == Severity::Ticket);
        let holds = tickets.into_iter().any(|tier| self.tickets(tier, &known, at));
        let soon =
            self.slo.alerting.exhausts_in.as_ref().is_some_and(|alert| self.exhausts(alert, &known, budget_left, at));
        let is_missing = self.is_missing(at);
        let block = self.block(&self.slow, at);
        self.out.slow.push(SlowPoint { at, block, ratios, period_ratio, elapsed, budget_left });
        self.decide(at, |course, watched| match watched {
            Watched::Burn => (course.severity == Severity::Ticket).then_some(holds),
            Watched::NoData => Some(is_missing),
            Watched::BudgetBelow(below) => Some(budget_left.is_some_and(|left| left < *below)),
            Watched::Exhausts => Some(soon),
        });
    }

    /// Whether there is nothing to count: slices without data do not hide that, whatever they count as.
    fn is_missing(&self, at: i64) -> bool {
        let last = self.fast.last(at);
        match self.counting {
            Counting::Slices(_) => !self.raw.has_data(last - self.fast.step, last),
            Counting::Nothing => self.instant.get(&Duration::from_mins(5)).copied().flatten().is_none(),
            Counting::Events | Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Moments(_) => {
                !self.fast.is_present(last)
            }
        }
    }

    fn decide(&mut self, at: i64, holds: impl Fn(&AlertCourse, &Watched) -> Option<bool>) {
        for (course, watched, alarm) in &mut self.alarms {
            if let Some(holds) = holds(course, watched) {
                alarm.evaluate(at, holds);
            }
        }
    }

    /// The ratios that a group records, its windows ascending.
    fn ratios(&self, group: Group, at: i64) -> Vec<(Duration, Option<Decimal>)> {
        let own = self.windows.iter().filter(|(_, of)| *of == group);
        own.map(|(window, _)| (*window, self.ratio(*window, group, at))).collect()
    }

    fn ratio(&self, window: Duration, group: Group, at: i64) -> Option<Decimal> {
        if self.counting.has_blocks() {
            return self.sum(window, group, at)?.ratio();
        }
        if window > RAW_LIMIT {
            let clock = self.scenario.start * 1_000 + at;
            return self.looks.mean(clock - millis(window), clock, 0);
        }
        self.scenario.traffic.between(at - millis(window), at).ratio()
    }

    /// What the blocks of a window hold.
    fn sum(&self, window: Duration, group: Group, at: i64) -> Option<Count> {
        self.grid(group).sum(&self.scenario.traffic, at, self.range(window))
    }

    fn grid(&self, group: Group) -> &Grid {
        match group {
            Group::Fast => &self.fast,
            Group::Slow => &self.slow,
        }
    }

    /// The range over the blocks of a window.
    fn range(&self, window: Duration) -> i64 {
        millis(Blocks::range_over(window, window_block(self.slo, window)))
    }

    fn block(&self, grid: &Grid, at: i64) -> Option<(Decimal, Decimal)> {
        if !self.counting.has_blocks() {
            return None;
        }
        let count = grid.sum(&self.scenario.traffic, at, 0)?;
        Some((count.events.normalize(), count.errors.normalize()))
    }

    /// A ratio divided by the budget.
    fn burn(&self, ratio: Decimal) -> Option<Decimal> {
        Some(significant(ratio.checked_div(self.scenario.objective.budget())?, 20))
    }

    fn pages(&self, tier: &BurnTier, at: i64) -> bool {
        let burn = |window| self.instant.get(&window).copied().flatten().and_then(|ratio| self.burn(ratio));
        let (Some(short), Some(long)) = (burn(tier.short), burn(tier.long)) else { return false };
        let factor = tier.burn.factor();
        let is_long = if self.counting.has_blocks() {
            let present = self.fast.blocks(at, self.range(tier.long));
            let all = Blocks::count(tier.long, window_block(self.slo, tier.long));
            long * Decimal::from(present) > factor * Decimal::from(all)
        } else {
            long > factor
        };
        short > factor && is_long && self.has_enough_errors(tier.long, at)
    }

    fn tickets(&self, tier: &BurnTier, known: &BTreeMap<Duration, Option<Decimal>>, at: i64) -> bool {
        let is_faster = |window| {
            let burn = known.get(&window).copied().flatten().and_then(|ratio| self.burn(ratio));
            burn.is_some_and(|burn| burn > tier.burn.factor())
        };
        is_faster(tier.short) && is_faster(tier.long) && self.has_enough_errors(tier.long, at)
    }

    /// The guard of `min_errors`.
    fn has_enough_errors(&self, window: Duration, at: i64) -> bool {
        let Some(least) = self.slo.alerting.min_errors.filter(|_| self.counting.has_blocks()) else { return true };
        let bound = Decimal::from(least) - Decimal::new(5, 1);
        self.sum(window, window_group(self.slo, window), at).is_some_and(|count| count.errors > bound)
    }

    fn exhausts(
        &self,
        alert: &ExhaustsAlert,
        known: &BTreeMap<Duration, Option<Decimal>>,
        budget_left: Option<Decimal>,
        at: i64,
    ) -> bool {
        let burn = known.get(&alert.over).copied().flatten().and_then(|ratio| self.burn(ratio));
        let Some((burn, left)) = burn.filter(|burn| *burn > Decimal::ZERO).zip(budget_left) else { return false };
        let seconds = left.max(Decimal::ZERO) * Decimal::from(self.slo.window.seconds());
        // A quotient by a rate close to zero may be more than decimals hold, a product is not.
        let within = Decimal::from(alert.less_than.seconds()).checked_mul(burn).unwrap_or(Decimal::MAX);
        seconds < within && self.has_enough_errors(alert.over, at)
    }
}

/// The alerts of an SLO, in the order of its rules.
fn alarms(slo: &Slo) -> Vec<(AlertCourse, Watched, Alarm)> {
    let course = |name: &str, severity, below_percent| AlertCourse {
        name: name.to_owned(),
        severity,
        below_percent,
        spells: Vec::new(),
    };
    let alerting = &slo.alerting;
    let mut alarms = Vec::new();
    for severity in [Severity::Page, Severity::Ticket] {
        if alerting.tiers.iter().any(|tier| tier.severity == severity) {
            let alarm = Alarm::new(0, millis(keep_firing_for(severity)));
            alarms.push((course(&burn_alert_name(slo, severity), severity, None), Watched::Burn, alarm));
        }
    }
    if let Some(alert) = &alerting.no_data {
        alarms.push((course(NO_DATA, alert.severity, None), Watched::NoData, Alarm::new(millis(alert.wait), 0)));
    }
    for alert in &alerting.budget_left {
        let below = alert.below_percent / Decimal::ONE_HUNDRED;
        let course = course(alert.name(), alert.severity, Some(alert.below_percent));
        alarms.push((course, Watched::BudgetBelow(below), Alarm::new(0, 0)));
    }
    if let Some(alert) = &alerting.exhausts_in {
        let course = course(BUDGET_EXHAUSTS_SOON, alert.severity, None);
        alarms.push((course, Watched::Exhausts, Alarm::new(0, 0)));
    }
    alarms
}
