//! Severities and cause alerts.

use super::{Duration, Inhibits};
use crate::promql::Expr;
use crate::source::{Span, Text};

/// The name of the alert on a fast burn.
pub const BURN_PAGE: &str = "SLOErrorBudgetBurnPage";
/// The name of the alert on a slow burn.
pub const BURN_TICKET: &str = "SLOErrorBudgetBurnTicket";
/// The name of the alert on missing data.
pub const NO_DATA: &str = "SLONoData";
/// The name of the alert on little budget left.
pub const BUDGET_LOW: &str = "SLOErrorBudgetLow";
/// The name of the alert on no budget left.
pub const BUDGET_EXHAUSTED: &str = "SLOErrorBudgetExhausted";
/// The name of the alert on the budget's end in sight.
pub const BUDGET_EXHAUSTS_SOON: &str = "SLOErrorBudgetExhaustsSoon";

/// The name of the alert that always fires, so that its end says that no alert can be told.
pub const WATCHDOG: &str = "SLOWatchdog";

/// Who has to act, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Somebody, now.
    Page,
    /// Somebody, in the next working hours.
    Ticket,
}

impl Severity {
    /// The word of the language and of the label `slo_alert`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

/// An alert on a cause: a plain Prometheus alerting rule with an owner and a runbook.
#[derive(Clone, Debug)]
pub struct CauseAlert {
    /// Its entry.
    pub span: Span,
    /// The alert's name, unique in the whole input.
    pub name: Text,
    /// The condition, without `or_absent`.
    pub expr: Expr,
    /// The condition as written.
    pub expr_text: Text,
    /// A selector whose absence fires the alert too.
    pub or_absent: Option<Expr>,
    /// `for`
    pub wait: Option<Duration>,
    /// `keep_firing_for`
    pub keep_firing_for: Option<Duration>,
    /// Page or ticket.
    pub severity: Severity,
    /// The rule's own labels, which win over generated ones.
    pub labels: Vec<(String, Text)>,
    /// The rule's own annotations (Prometheus templates), `summary` and `description` included; they win over generated ones.
    pub annotations: Vec<(String, Text)>,
    /// What goes onto its runbook page.
    pub runbook: AlertRunbook,
    /// Alerts that say nothing new while it fires.
    pub inhibits: Option<Inhibits>,
    /// What its author wants proven of it.
    pub tests: Vec<AlertTest>,
}

/// A test of a cause alert.
#[derive(Clone, Debug)]
pub struct AlertTest {
    /// What it proves.
    pub name: Option<String>,
    /// When it is looked at.
    pub at: Duration,
    /// The distance of the samples.
    pub interval: Duration,
    /// Series with their samples, in promtool's notation.
    pub series: Vec<(String, String)>,
    /// What is expected then.
    pub outcome: Outcome,
}

/// What an alert is expected to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// At least one fires.
    Fires,
    /// None fires.
    Silent,
}

/// What goes onto the runbook page of a cause alert.
#[derive(Clone, Debug, Default)]
pub struct AlertRunbook {
    /// A topic whose text is brought in.
    pub topic: Option<Text>,
    /// What to do, in order.
    pub steps: Vec<String>,
}

/// Names of alerts that slosmith writes itself.
const GENERATED_ALERTS: [&str; 10] = [
    BURN_PAGE,
    BURN_TICKET,
    BUDGET_LOW,
    BUDGET_EXHAUSTED,
    BUDGET_EXHAUSTS_SOON,
    NO_DATA,
    "SLORuleEvaluationFailing",
    "SLORuleGroupSlow",
    "SLORuleMissedIterations",
    WATCHDOG,
];

/// Whether a name is that of an alert that slosmith writes itself, but for case.
#[must_use]
pub fn is_generated_alert(name: &str) -> bool {
    GENERATED_ALERTS.iter().any(|generated| generated.eq_ignore_ascii_case(name))
}
