//! What is known of an SLO before anything fails: its budget, its alerts, what they do at a steady error rate, its cost.

use rust_decimal::Decimal;

use super::cost::{Cost, cost};
use super::counting::Counting;
use super::notice::{Failures, Notice, notice};
use crate::lower::{burn_alert_name, keep_firing_for, recorded_windows};
use crate::model::{
    Blocks, Duration, Objective, Severity, Slo, budget_fraction, budget_seconds, budget_share, error_ratio,
    exhausted_after_seconds,
};

/// What is taken for granted.
#[derive(Clone, Copy, Debug)]
pub struct Assumptions {
    /// Events per second where counters count them; without, there are always enough for `min_errors`.
    pub requests: Option<Decimal>,
    /// Raw series that each selector matches; `None` is one where gauges are sampled, and 1,000 where cost is told.
    pub series: Option<u64>,
    /// Groups of `group_by`.
    pub groups: u64,
}

/// Raw series that cost is told for if nothing else is said.
const USUAL_SERIES: u64 = 1_000;

/// An SLO before anything fails.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// What is counted.
    pub counting: Counting,
    /// Events per second, if known.
    pub events: Option<Decimal>,
    /// Its windows, ascending.
    pub windows: Vec<WindowFacts>,
    /// The SLO's own target, then those of single groups.
    pub targets: Vec<TargetOutlook>,
    /// What its rules read.
    pub cost: Cost,
}

/// A window that is recorded.
#[derive(Clone, Copy, Debug)]
pub struct WindowFacts {
    /// Its length.
    pub window: Duration,
    /// The blocks that it is a sum of.
    pub block: Duration,
    /// How many there are.
    pub blocks: u64,
}

/// What follows from one target.
#[derive(Clone, Debug)]
pub struct TargetOutlook {
    /// The group labels that it is for; empty for the SLO's own target.
    pub group: Vec<(String, String)>,
    /// The target.
    pub objective: Objective,
    /// The budget as so many of so many events, in lowest terms.
    pub fraction: Option<(i128, i128)>,
    /// The budget as a total outage, in seconds.
    pub seconds: Option<Decimal>,
    /// The budget in events of a period, if their rate is known.
    pub events: Option<EventBudget>,
    /// Its tiers, in the order of the SLO.
    pub tiers: Vec<BurnOutlook>,
    /// What comes of some error rates, descending.
    pub rates: Vec<RateOutlook>,
}

/// A budget in events of a period.
#[derive(Clone, Copy, Debug)]
pub struct EventBudget {
    /// All events.
    pub all: Decimal,
    /// Those that may fail.
    pub may_fail: Decimal,
}

/// A burn-rate tier in numbers.
#[derive(Clone, Debug)]
pub struct BurnOutlook {
    /// Page or ticket.
    pub severity: Severity,
    /// The alert that it belongs to.
    pub alert: String,
    /// The factor.
    pub factor: Decimal,
    /// The error ratio that both windows have to exceed.
    pub error_ratio: Option<Decimal>,
    /// The long window.
    pub long: Duration,
    /// The short window.
    pub short: Duration,
    /// The share of the budget that goes within the long window at this factor.
    pub budget_share: Option<Decimal>,
    /// What keeps the alert.
    pub keep_firing_for: Duration,
}

/// An error rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorRate {
    /// This share of all events.
    Exactly(Decimal),
    /// A little more than that.
    JustAbove(Decimal),
}

/// What comes of a steady error rate.
#[derive(Clone, Debug)]
pub struct RateOutlook {
    /// The rate.
    pub rate: ErrorRate,
    /// Pages.
    pub page: SeverityOutlook,
    /// Tickets.
    pub ticket: SeverityOutlook,
    /// When a full budget is used up, in seconds.
    pub exhausted_seconds: Option<Decimal>,
}

/// What comes of a steady error rate for a severity.
pub type SeverityOutlook = Notice;

/// The error rates that are always told, in percent.
const RATES: [i64; 6] = [100, 50, 10, 5, 2, 1];

/// What is known of an SLO.
#[must_use]
pub fn outlook(slo: &Slo, assumptions: Assumptions) -> Outlook {
    let counting = Counting::of(slo);
    let events = match counting {
        Counting::Events => assumptions.requests,
        Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Slices(_) | Counting::Moments(_) => {
            counting.sampled_rate(assumptions.series.unwrap_or(1))
        }
        Counting::Nothing => None,
    };
    let windows = recorded_windows(slo).into_iter();
    let windows = windows.map(|(window, block)| WindowFacts { window, block, blocks: Blocks::count(window, block) });
    let series = assumptions.series.unwrap_or(match counting {
        Counting::Events | Counting::Slices(_) | Counting::Nothing => USUAL_SERIES,
        Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Moments(_) => 1,
    });
    Outlook {
        counting,
        events,
        windows: windows.collect(),
        targets: targets(slo).into_iter().map(|(group, objective)| target(slo, group, objective, events)).collect(),
        cost: cost(slo, series, assumptions.groups),
    }
}

/// The targets with the groups that they are for.
fn targets(slo: &Slo) -> Vec<(Vec<(String, String)>, Objective)> {
    let overrides = slo.grouping.iter().flat_map(|grouping| &grouping.overrides);
    let overrides = overrides.map(|entry| {
        let labels = entry.matches.iter().map(|(label, value)| (label.to_string(), value.clone()));
        (labels.collect(), entry.objective)
    });
    std::iter::once((Vec::new(), slo.objective)).chain(overrides).collect()
}

fn target(slo: &Slo, group: Vec<(String, String)>, objective: Objective, events: Option<Decimal>) -> TargetOutlook {
    let tiers = slo.alerting.tiers.iter().map(|tier| BurnOutlook {
        severity: tier.severity,
        alert: burn_alert_name(slo, tier.severity),
        factor: tier.burn.factor(),
        error_ratio: error_ratio(tier.burn, objective),
        long: tier.long,
        short: tier.short,
        budget_share: budget_share(tier.burn, tier.long, slo.window),
        keep_firing_for: keep_firing_for(tier.severity),
    });
    let tiers: Vec<_> = tiers.collect();
    let rates = error_rates(&tiers).into_iter().map(|rate| rate_outlook(slo, objective, rate, events)).collect();
    TargetOutlook {
        group,
        objective,
        fraction: budget_fraction(objective),
        seconds: budget_seconds(objective, slo.window),
        events: events.and_then(|events| event_budget(slo, objective, events)),
        tiers,
        rates,
    }
}

fn event_budget(slo: &Slo, objective: Objective, events: Decimal) -> Option<EventBudget> {
    let all = events.checked_mul(Decimal::from(slo.window.millis()))?.checked_div(Decimal::ONE_THOUSAND)?.normalize();
    Some(EventBudget { all, may_fail: all.checked_mul(objective.budget())?.normalize() })
}

/// The usual rates, and the limits of pages and of tickets where they can be exceeded.
fn error_rates(tiers: &[BurnOutlook]) -> Vec<ErrorRate> {
    let mut rates: Vec<_> = RATES.iter().map(|percent| ErrorRate::Exactly(Decimal::new(*percent, 2))).collect();
    for severity in [Severity::Page, Severity::Ticket] {
        let limits = tiers.iter().filter(|tier| tier.severity == severity).filter_map(|tier| tier.error_ratio);
        rates.extend(limits.min().filter(|limit| *limit < Decimal::ONE).map(ErrorRate::JustAbove));
    }
    rates.sort_by_key(|rate| std::cmp::Reverse(rate.share()));
    rates.dedup();
    rates
}

impl ErrorRate {
    /// The share to compute with: a billionth more for one that is just above another.
    #[must_use]
    pub fn share(self) -> Decimal {
        match self {
            Self::Exactly(share) => share,
            Self::JustAbove(limit) => limit.checked_mul(Decimal::new(1_000_000_001, 9)).unwrap_or(limit),
        }
    }
}

fn rate_outlook(slo: &Slo, objective: Objective, rate: ErrorRate, events: Option<Decimal>) -> RateOutlook {
    let failures = Failures { share: rate.share(), events };
    RateOutlook {
        rate,
        page: notice(slo, objective, Severity::Page, failures),
        ticket: notice(slo, objective, Severity::Ticket, failures),
        exhausted_seconds: exhausted_after_seconds(objective, slo.window, rate.share()),
    }
}
