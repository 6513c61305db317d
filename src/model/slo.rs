//! Services and their objectives.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{
    Alerting, Blocks, Board, Calendar, CauseAlert, Duration, LabelName, LinkTemplate, LinkValues, Maintenance, Name,
    Objective, Profile, Severity, Sli, Slices,
};
use crate::source::{FileId, Span, Text};

/// A service with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The file that defines it; the first one, if documents of several files are joined.
    pub file: FileId,
    /// The paths from the project's root of all files that define it.
    pub path: String,
    /// The whole document.
    pub span: Span,
    /// Unique in the whole input.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// What it is.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// How important it is.
    pub tier: Option<String>,
    /// How soon it has to work again once somebody was paged: the target of the mean time to restore.
    pub mttr: Option<Duration>,
    /// The services that it cannot do without.
    pub depends_on: Vec<Text>,
    /// Labels of every alert and of `slo_info`.
    pub labels: BTreeMap<LabelName, String>,
    /// Where its links lead.
    pub links: Links,
    /// How page and ticket are told apart by routes.
    pub severity_labels: Arc<SeverityLabels>,
    /// Whose names the series of its objectives have.
    pub profile: Arc<Profile>,
    /// The objectives, in the order written.
    pub slos: Vec<Slo>,
    /// Cause alerts, in the order written.
    pub alerts: Vec<CauseAlert>,
    /// Dashboards, in the order written.
    pub boards: Vec<Board>,
    /// Time that does not count, in the order written.
    pub maintenance: Vec<Arc<Maintenance>>,
}

/// An objective with everything inherited filled in.
#[derive(Clone, Debug)]
pub struct Slo {
    /// The whole entry.
    pub span: Span,
    /// `<service>-<name>`: the label `slo_id`, unique in the whole input.
    pub id: SmolStr,
    /// The service's name.
    pub service: Name,
    /// Unique within the service.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// What it promises.
    pub description: Option<String>,
    /// The target.
    pub objective: Objective,
    /// The period: whole days, 7d to 92d, if it is rolling; the usual length of a calendar one.
    pub window: Duration,
    /// The calendar that the period follows; `None` if it is rolling.
    pub calendar: Option<Calendar>,
    /// Lengths that follow from the scrape interval.
    pub blocks: Blocks,
    /// What is measured.
    pub sli: Sli,
    /// The slices of time that the budget counts; `None` if it counts events.
    pub slices: Option<Slices>,
    /// A budget for each value of some labels.
    pub grouping: Option<Grouping>,
    /// How it alerts.
    pub alerting: Alerting,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// How important it is.
    pub tier: Option<String>,
    /// Labels of its alerts and of `slo_info`.
    pub labels: BTreeMap<LabelName, String>,
    /// Where its links lead.
    pub links: Links,
    /// How page and ticket are told apart by routes.
    pub severity_labels: Arc<SeverityLabels>,
    /// Whose names its series have: its service's.
    pub profile: Arc<Profile>,
    /// A topic whose text goes onto its runbook page.
    pub runbook_topic: Option<Text>,
    /// Time that does not count for it, in the order written.
    pub maintenance: Vec<Arc<Maintenance>>,
}

impl Slo {
    /// Whether events are counted, in blocks that windows are sums over: all but a ratio of raw data.
    #[must_use]
    pub fn has_blocks(&self) -> bool {
        self.slices.is_some() || !matches!(self.sli, Sli::ErrorRatio(_))
    }

    /// The period as labels name it: `28d`, `month`.
    #[must_use]
    pub fn period(&self) -> String {
        match &self.calendar {
            Some(calendar) => calendar.unit.as_str().to_owned(),
            None => self.window.in_largest_unit(),
        }
    }

    /// The period within a sentence: `28d`, `a calendar month`.
    #[must_use]
    pub fn period_in_words(&self) -> String {
        match &self.calendar {
            Some(calendar) => format!("a calendar {}", calendar.unit.as_str()),
            None => self.window.in_largest_unit(),
        }
    }

    /// The values that fill its links.
    #[must_use]
    pub fn link_values(&self, severity: Severity) -> LinkValues<'_> {
        LinkValues { service: self.service.as_str(), slo: self.name.as_str(), alert: "", severity: severity.as_str() }
    }
}

/// One budget and one alert for each value of some labels, and an overall one.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The labels; at least one, none twice.
    pub labels: Vec<LabelName>,
    /// Targets of single groups.
    pub overrides: Vec<Override>,
}

/// The target of some groups.
#[derive(Clone, Debug)]
pub struct Override {
    /// Its entry.
    pub span: Span,
    /// Group label to value; at least one.
    pub matches: Vec<(LabelName, String)>,
    /// The target.
    pub objective: Objective,
}

/// Who answers for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The team; the label `team`.
    pub team: String,
    /// The on-call schedule.
    pub oncall: Option<String>,
    /// The chat channel.
    pub slack: Option<String>,
}

/// Where links lead; an absent one makes no annotation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The runbook page of an SLO.
    pub runbook: Option<LinkTemplate>,
    /// The runbook page of a cause alert.
    pub alert_runbook: Option<LinkTemplate>,
    /// The dashboard.
    pub dashboard: Option<LinkTemplate>,
    /// The source repository.
    pub repo: Option<LinkTemplate>,
    /// Prometheus itself, for links that ask a query.
    pub prometheus: Option<LinkTemplate>,
}

/// The labels by which routes tell page from ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeverityLabels {
    /// Of what wakes somebody up; `severity: critical` by default.
    pub page: BTreeMap<LabelName, String>,
    /// Of what can wait; `severity: warning` by default.
    pub ticket: BTreeMap<LabelName, String>,
}

impl SeverityLabels {
    /// The labels of a severity.
    #[must_use]
    pub fn of(&self, severity: Severity) -> &BTreeMap<LabelName, String> {
        match severity {
            Severity::Page => &self.page,
            Severity::Ticket => &self.ticket,
        }
    }
}
