//! Objectives, error budgets, and the alerts that watch them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::{BUDGET_EXHAUSTED, BUDGET_LOW, Duration, LabelName, Severity};
use crate::source::Span;

/// A target and the error budget that follows from it, as exact decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    percent: Decimal,
}

/// Why a number is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveError {
    /// 100 % or more: nothing may ever fail.
    NoBudget,
    /// 0 % or less: everything may fail.
    NoPromise,
}

impl Objective {
    /// A target in percent, above 0 and below 100.
    ///
    /// # Errors
    /// With the reason.
    pub fn from_percent(percent: Decimal) -> Result<Self, ObjectiveError> {
        if percent >= Decimal::ONE_HUNDRED {
            return Err(ObjectiveError::NoBudget);
        }
        if percent <= Decimal::ZERO {
            return Err(ObjectiveError::NoPromise);
        }
        Ok(Self { percent: percent.normalize() })
    }

    /// The target in percent: 99.9.
    #[must_use]
    pub fn percent(self) -> Decimal {
        self.percent
    }

    /// The target as a ratio: 0.999.
    #[must_use]
    pub fn ratio(self) -> Decimal {
        (self.percent / Decimal::ONE_HUNDRED).normalize()
    }

    /// The share of events that may fail: 0.001.
    #[must_use]
    pub fn budget(self) -> Decimal {
        (Decimal::ONE - self.ratio()).normalize()
    }
}

/// A decimal as text: exact, without trailing zeros.
#[must_use]
pub fn decimal_text(value: Decimal) -> String {
    value.normalize().to_string()
}

/// How an SLO alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerting {
    /// Replaces the names of both burn alerts.
    pub name: Option<String>,
    /// Burn-rate tiers, in the order written; empty means none.
    pub tiers: Vec<BurnTier>,
    /// Failed events below which no burn alert fires; `None` where the guard is off.
    pub min_errors: Option<u64>,
    /// Alerts on what is left of the budget.
    pub budget_left: Vec<BudgetAlert>,
    /// An alert on the budget's end in sight.
    pub exhausts_in: Option<ExhaustsAlert>,
    /// An alert on missing data.
    pub no_data: Option<NoDataAlert>,
    /// What those of them carry that page.
    pub page: AlertExtras,
    /// What those of them carry that are tickets.
    pub ticket: AlertExtras,
}

/// Labels and annotations of alerts beside those that the rules have anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertExtras {
    /// Labels, which win over those of the severity.
    pub labels: BTreeMap<LabelName, String>,
    /// Annotations of burn alerts by name, in the order written; they win over generated ones.
    pub annotations: Vec<(SmolStr, String)>,
}

impl Alerting {
    /// What the alerts of a severity carry.
    #[must_use]
    pub fn extras(&self, severity: Severity) -> &AlertExtras {
        match severity {
            Severity::Page => &self.page,
            Severity::Ticket => &self.ticket,
        }
    }

    /// The severities of all alerts; some more than once.
    pub fn severities(&self) -> impl Iterator<Item = Severity> {
        let tiers = self.tiers.iter().map(|tier| tier.severity);
        let budget = self.budget_left.iter().map(|alert| alert.severity);
        let exhausts = self.exhausts_in.iter().map(|alert| alert.severity);
        tiers.chain(budget).chain(exhausts).chain(self.no_data.iter().map(|alert| alert.severity))
    }
}

/// A burn rate: how many times faster than allowed the budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burn(Decimal);

impl Burn {
    /// The factor itself.
    #[must_use]
    pub fn from_factor(factor: Decimal) -> Self {
        Self(factor.normalize())
    }

    /// The factor at which a share of the budget goes within a window: `share * period / window`.
    ///
    /// Exact where the quotient is; otherwise 12 significant digits. From the multi-window alerts of the SRE workbook,
    /// chapter 5. `None` if the numbers leave the range of decimals.
    #[must_use]
    pub fn from_budget_share(share: Decimal, period: Duration, window: Duration) -> Option<Self> {
        let product = share.checked_mul(Decimal::from(period.millis()))?;
        let divisor = Decimal::from(window.millis());
        let quotient = product.checked_div(divisor)?;
        let exact = quotient.checked_mul(divisor).is_some_and(|back| back == product);
        let factor = if exact { quotient } else { quotient.round_sf(12)? };
        Some(Self(factor.normalize()))
    }

    /// The factor.
    #[must_use]
    pub fn factor(self) -> Decimal {
        self.0
    }

    /// Whether an error ratio above `factor * budget` exists at all.
    #[must_use]
    pub fn is_reachable(self, objective: Objective) -> bool {
        self.0.checked_mul(objective.budget()).is_some_and(|threshold| threshold < Decimal::ONE)
    }
}

/// A burn-rate tier: fires while both windows burn faster than the factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BurnTier {
    /// Where it comes from: its own entry, or the SLO for a standard tier.
    pub span: Span,
    /// Page or ticket.
    pub severity: Severity,
    /// The factor.
    pub burn: Burn,
    /// The window that shows that it matters.
    pub long: Duration,
    /// The window that shows that it still goes on.
    pub short: Duration,
}

/// One of the standard tiers.
#[derive(Clone, Copy, Debug)]
pub struct StandardTier {
    /// Page or ticket.
    pub severity: Severity,
    /// Percent of the budget that goes within the long window.
    pub budget_percent: u32,
    /// The long window.
    pub long: Duration,
    /// The short window.
    pub short: Duration,
}

/// The standard tiers: the three of the SRE workbook, and one ticket between its page and its ticket.
pub const STANDARD_TIERS: [StandardTier; 4] = [
    StandardTier {
        severity: Severity::Page,
        budget_percent: 2,
        long: Duration::from_hours(1),
        short: Duration::from_mins(5),
    },
    StandardTier {
        severity: Severity::Page,
        budget_percent: 5,
        long: Duration::from_hours(6),
        short: Duration::from_mins(30),
    },
    StandardTier {
        severity: Severity::Ticket,
        budget_percent: 10,
        long: Duration::from_days(1),
        short: Duration::from_hours(2),
    },
    StandardTier {
        severity: Severity::Ticket,
        budget_percent: 10,
        long: Duration::from_days(3),
        short: Duration::from_hours(6),
    },
];

/// The windows that every SLO records, whatever its tiers, so that one dashboard fits all.
pub const ALWAYS_RECORDED: [Duration; 7] = [
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(6),
    Duration::from_days(1),
    Duration::from_days(3),
];

/// An alert on what is left of the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetAlert {
    /// Its entry.
    pub span: Span,
    /// Percent of the budget; 0 or less means exhausted.
    pub below_percent: Decimal,
    /// Page or ticket.
    pub severity: Severity,
    /// What to do then.
    pub action: Option<String>,
}

impl BudgetAlert {
    /// The alert's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.below_percent > Decimal::ZERO { BUDGET_LOW } else { BUDGET_EXHAUSTED }
    }
}

/// An alert on the budget's end in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExhaustsAlert {
    /// Its mapping.
    pub span: Span,
    /// The time left.
    pub less_than: Duration,
    /// The window whose error rate is taken.
    pub over: Duration,
    /// Page or ticket.
    pub severity: Severity,
}

/// An alert on missing data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoDataAlert {
    /// How long nothing was recorded.
    pub wait: Duration,
    /// Page or ticket.
    pub severity: Severity,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn budgets_are_exact() {
        for (target, budget) in [("99.9", "0.001"), ("99.95", "0.0005"), ("99.999", "0.00001"), ("95", "0.05")] {
            let objective = Objective::from_percent(percent(target)).unwrap();
            assert_eq!(decimal_text(objective.budget()), budget);
        }
        assert_eq!(Objective::from_percent(percent("100")), Err(ObjectiveError::NoBudget));
    }

    #[test]
    fn factors_follow_the_period() {
        let factors = |days| {
            STANDARD_TIERS.map(|tier| {
                let share = Decimal::from(tier.budget_percent) / Decimal::ONE_HUNDRED;
                decimal_text(Burn::from_budget_share(share, Duration::from_days(days), tier.long).unwrap().factor())
            })
        };
        assert_eq!(factors(30), ["14.4", "6", "3", "1"]);
        assert_eq!(factors(28), ["13.44", "5.6", "2.8", "0.933333333333"]);
    }
}
