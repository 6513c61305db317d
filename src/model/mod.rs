//! The domain, valid by construction.

mod name;
mod duration;
mod calendar;
mod maintenance;
mod blocks;
mod budget;
mod detection;
mod composite;
mod sli;
mod slices;
mod link;
mod alert;
mod slo;
mod profile;
mod runbook;
mod provisioning;
mod hash;
mod on_call;
mod board;
mod board_uid;

pub use alert::{
    AlertRunbook, AlertTest, BUDGET_EXHAUSTED, BUDGET_EXHAUSTS_SOON, BUDGET_LOW, BURN_PAGE, BURN_TICKET, CauseAlert,
    NO_DATA, Outcome, Severity, WATCHDOG, is_generated_alert,
};
pub use blocks::Blocks;
pub use board::{
    Board, BoardLink, BoardLinkTarget, BoardPanel, BoardRow, BoardVariable, BoardVariableKind, Choice, Direction, Goal,
    GraphLook, LegendCalc, LegendPlace, PanelColumn, PanelContent, PanelLegend, PanelLook, PanelMapping, PanelSeries,
    PanelVisual, SloPart, Stack, TableLook,
};
pub use board_uid::service_uid;
pub(crate) use board_uid::{SERVICE_PREFIX, is_whole};
pub use budget::{
    ALWAYS_RECORDED, AlertExtras, Alerting, BudgetAlert, Burn, BurnTier, ExhaustsAlert, NoDataAlert, Objective,
    ObjectiveError, STANDARD_TIERS, StandardTier, decimal_text,
};
pub use calendar::{Calendar, CalendarUnit, ClockChange, Zone};
pub use composite::{Component, ComponentForm, ComponentSeries, Composite, CompositeMode};
pub use detection::{
    budget_fraction, budget_seconds, budget_share, detected_after, error_ratio, exhausted_after_seconds, reset_after,
};
pub use duration::{Duration, DurationError};
pub(crate) use hash::digits;
pub use link::{LinkError, LinkTemplate, LinkValues, Placeholder};
pub use maintenance::{
    CauseAlerts, CivilDate, Dates, Frequency, Interval, MAINTENANCE_STEP, Maintenance, MaintenanceTime, Recurrence,
    WeekDay,
};
pub use name::{LabelName, Name, NameError};
pub use on_call::{
    Channel, DayRange, Hours, Inhibits, OnCall, PagerDutyKey, Receiver, Team, TeamsApi, TicketHours, WebhookAddress,
};
pub use profile::{AlertRoutes, Profile, SLOTH_SPEC, SlothProfile};
pub use provisioning::{DataSource, DataSources, Kubernetes, KubernetesObject};
pub use runbook::{
    Markdown, PageSection, PageText, RUNBOOK_TEXTS, RunbookTexts, Section, SectionHeading, heading_anchor,
};
pub use sli::{Across, Comparison, Latency, NativeLatency, Ratio, RatioPart, Sli, Value};
pub use slices::{MissingSlice, Slices};
pub use slo::{Grouping, Links, Override, Owner, Service, SeverityLabels, Slo};

/// Whether alerts are written for Grafana to evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrafanaAlerts {
    /// They are.
    Written,
    /// They are not: Prometheus and Alertmanager do it.
    Skipped,
}

/// Whether rules that fill the history of new SLOs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backfill {
    /// They are.
    Written,
    /// They are not.
    Skipped,
}

/// Whether promtool unit tests of the rules are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleTests {
    /// They are.
    Written,
    /// They are not.
    Skipped,
}
