//! The queries of boards: recorded series of one SLO, of a chosen one, or of all.

use smol_str::SmolStr;

use crate::lower::names::Names;
use crate::lower::series::{
    BUDGET_REMAINING, ERROR_BUDGET, ERRORS_SLOW, EVENTS_SLOW, OBJECTIVE, PERIOD_BURN_RATE, TIME_PERIOD, ratio_name,
    without_window,
};
use crate::model::{Blocks, Duration, Severity};
use crate::promql::{AggregateOp, BinaryOp, Expr, GroupingKind, MatchOp, build};

/// Prometheus's own series of alerts.
pub(super) const ALERTS: SmolStr = SmolStr::new_static("ALERTS");
/// When each alert became active, in Unix seconds.
pub(super) const ALERTS_FOR_STATE: SmolStr = SmolStr::new_static("ALERTS_FOR_STATE");

/// A matcher to be built.
pub(super) type Condition = (SmolStr, MatchOp, SmolStr);

/// Which SLOs a query is about.
pub(super) struct Scope {
    /// How their labels are called.
    pub(super) names: &'static Names,
    /// What selects their series.
    pub(super) conditions: Vec<Condition>,
    /// What an answer keeps: a series for each SLO, or one for all.
    pub(super) identity: &'static [SmolStr],
    /// How the overall series is told from those of groups.
    pub(super) overall: Overall,
}

/// How the overall series of an SLO is told from those of its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Overall {
    /// There are no groups.
    Only,
    /// It lacks these labels.
    Without(Vec<SmolStr>),
    /// It has the labels of the series that has no groups: the period's length.
    LikePeriod,
}

impl Scope {
    /// All series of a name: every group, and the overall one.
    pub(super) fn all(&self, name: SmolStr) -> Expr {
        without_window(self.names, name, self.conditions.iter().cloned())
    }

    /// All series of a name as they are recorded, for a range.
    pub(super) fn recorded(&self, name: SmolStr) -> Expr {
        build::selector(name, self.conditions.iter().cloned())
    }

    /// The series of a name for the whole SLO.
    pub(super) fn overall(&self, name: SmolStr) -> Expr {
        match &self.overall {
            Overall::Only => self.all(name),
            Overall::Without(labels) => {
                let absent = labels.iter().map(|label| (label.clone(), MatchOp::Equal, SmolStr::default()));
                without_window(self.names, name, self.conditions.iter().cloned().chain(absent))
            }
            Overall::LikePeriod => build::binary(self.all(name), BinaryOp::And, self.all(TIME_PERIOD)),
        }
    }

    /// Whether some SLO here has groups.
    pub(super) fn is_grouped(&self) -> bool {
        self.overall != Overall::Only
    }

    /// The least value of each SLO's groups.
    pub(super) fn least(&self, expr: Expr) -> Expr {
        self.of_groups(AggregateOp::Min, expr)
    }

    /// The greatest value of each SLO's groups.
    pub(super) fn greatest(&self, expr: Expr) -> Expr {
        self.of_groups(AggregateOp::Max, expr)
    }

    fn of_groups(&self, op: AggregateOp, expr: Expr) -> Expr {
        if self.is_grouped() { self.aggregate(op, expr) } else { expr }
    }

    /// An aggregation that keeps what identifies an SLO.
    pub(super) fn aggregate(&self, op: AggregateOp, expr: Expr) -> Expr {
        let by = (!self.identity.is_empty()).then_some((GroupingKind::By, self.identity));
        build::aggregate(op, by, expr)
    }

    /// The series with groups, without the overall one of each SLO.
    pub(super) fn groups_only(&self, expr: Expr) -> Expr {
        build::binary(expr, BinaryOp::Unless, self.all(TIME_PERIOD))
    }

    /// The target.
    pub(super) fn objective(&self) -> Expr {
        self.overall(OBJECTIVE)
    }

    /// The share of good events over the period.
    pub(super) fn sli_of_period(&self) -> Expr {
        let errors = build::binary(self.overall(PERIOD_BURN_RATE), BinaryOp::Mul, self.all(ERROR_BUDGET));
        good_share(errors)
    }

    /// The share of good events over a recorded window.
    pub(super) fn sli(&self, ratio: SmolStr) -> Expr {
        good_share(self.overall(ratio))
    }

    /// The same, of the worst group.
    pub(super) fn worst_sli(&self, ratio: SmolStr) -> Expr {
        good_share(self.greatest(self.all(ratio)))
    }

    /// How much budget the worst group has left.
    pub(super) fn budget_left(&self) -> Expr {
        self.least(self.all(BUDGET_REMAINING))
    }

    /// The burn rate of the worst group over a window.
    pub(super) fn burn(&self, window: Duration) -> Expr {
        self.greatest(self.each_burn(self.names.ratio(window)))
    }

    /// The burn rate of every group from a recorded error ratio.
    pub(super) fn each_burn(&self, ratio: SmolStr) -> Expr {
        build::binary(self.all(ratio), BinaryOp::Div, self.all(ERROR_BUDGET))
    }

    /// A value of every group times, or by, something that is recorded once for the SLO.
    fn with_period(&self, expr: Expr, op: BinaryOp) -> Expr {
        let joined = build::binary(expr, op, self.all(TIME_PERIOD));
        if self.is_grouped() { joined.on(&[self.names.id()]).group_left(&[]) } else { joined }
    }

    /// For how many seconds everything may fail before the budget is gone.
    pub(super) fn seconds_left(&self) -> Expr {
        let left = build::binary(self.unspent(), BinaryOp::Mul, self.all(ERROR_BUDGET));
        self.least(build::binary(self.with_period(left, BinaryOp::Mul), BinaryOp::Mul, build::number("86400")))
    }

    /// After how many seconds the budget is gone if the burn rate of six hours goes on; a year at most.
    pub(super) fn lasts_seconds(&self) -> Expr {
        let seconds =
            build::binary(self.with_period(self.unspent(), BinaryOp::Mul), BinaryOp::Mul, build::number("86400"));
        let burn = self.each_burn(ratio_name(Duration::from_hours(6)));
        let burn = build::call("clamp_min", vec![burn, build::number("0.001")]);
        let lasts = build::binary(seconds, BinaryOp::Div, burn);
        self.least(build::call("clamp_max", vec![lasts, build::number("31536000")]))
    }

    fn unspent(&self) -> Expr {
        build::call("clamp_min", vec![self.all(BUDGET_REMAINING), build::number("0")])
    }

    /// The share of the period's budget that the day before each moment spent.
    pub(super) fn spent_per_day(&self) -> Expr {
        let burn = self.each_burn(ratio_name(Duration::from_days(1)));
        self.greatest(self.with_period(burn, BinaryOp::Div))
    }

    /// Events per second, from slow blocks.
    pub(super) fn good_events(&self) -> Expr {
        per_second(build::binary(self.overall(EVENTS_SLOW), BinaryOp::Sub, self.failed()))
    }

    /// Failed events per second, from slow blocks.
    pub(super) fn bad_events(&self) -> Expr {
        per_second(self.failed())
    }

    fn failed(&self) -> Expr {
        build::call("clamp_min", vec![self.overall(ERRORS_SLOW), build::number("0")])
    }

    /// Alerts that fire, of a severity.
    pub(super) fn firing(&self, severity: Severity) -> Expr {
        let severity = equal(self.names.severity.clone(), severity.as_str());
        build::selector(ALERTS, [firing(), severity].into_iter().chain(self.conditions.iter().cloned()))
    }

    /// 0 for none, 1 for a ticket, 2 for a page.
    pub(super) fn alert_state(&self) -> Expr {
        let page = build::binary(build::number("2"), BinaryOp::Mul, self.firing(Severity::Page));
        let either = build::binary(page, BinaryOp::Or, self.firing(Severity::Ticket));
        self.aggregate(AggregateOp::Max, build::binary(either, BinaryOp::Or, self.zero()))
    }

    /// 0 for each SLO.
    pub(super) fn zero(&self) -> Expr {
        build::binary(build::number("0"), BinaryOp::Mul, self.all(TIME_PERIOD))
    }
}

/// The matcher of alerts that fire.
pub(super) fn firing() -> Condition {
    (SmolStr::new_static("alertstate"), MatchOp::Equal, SmolStr::new_static("firing"))
}

fn good_share(errors: Expr) -> Expr {
    build::binary(build::number("1"), BinaryOp::Sub, errors)
}

/// An increase of a slow block as events per second.
fn per_second(increase: Expr) -> Expr {
    build::binary(increase, BinaryOp::Div, build::number(Blocks::SLOW.seconds().to_string()))
}

/// How many series there are; 0 rather than none.
pub(super) fn count(expr: Expr) -> Expr {
    let zero = build::call("vector", vec![build::number("0")]);
    build::binary(build::aggregate(AggregateOp::Count, None, expr), BinaryOp::Or, zero)
}

/// A matcher of a label with one value.
pub(super) fn equal(label: SmolStr, value: impl Into<SmolStr>) -> Condition {
    (label, MatchOp::Equal, value.into())
}

/// A matcher of a label with a regular expression.
pub(super) fn regex(label: SmolStr, pattern: impl Into<SmolStr>) -> Condition {
    (label, MatchOp::Regex, pattern.into())
}
