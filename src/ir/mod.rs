//! What will be written, as plain data.

pub mod dashboard;
mod raw_series;
mod rules;
mod rule_tests;
mod runbook;
mod runbook_index;
mod provisioning;
mod kubernetes;
mod grafana_alerts;
mod routing;

pub use dashboard::Dashboard;
pub use grafana_alerts::{GrafanaAlert, GrafanaAlertFile, GrafanaAlertGroup};
pub use kubernetes::{KubernetesObject, ObjectKind};
pub use provisioning::{DataSource, DataSourceKind, Provisioning};
pub use raw_series::{RawSeries, RawShape};
pub use routing::{
    Channel, Days, Grouping, Holidays, Inhibition, Interval, Matcher, Reach, Receiver, Route, Routing, Test,
};
pub use rule_tests::{AlertSeries, Check, Expected, InputSeries, Labels, RuleTest, RuleTestFile};
pub use rules::{AlertRule, Rule, RuleFile, RuleGroup, RuleKind};
pub use runbook::{
    AlertCondition, AlertFacts, AlertPage, Blind, BudgetFacts, BurnFacts, ComponentFacts, ConsumptionFacts, GroupFacts,
    MaintenanceFacts, NamedLink, OverrideFacts, OwnSection, OwnerFacts, Page, Phrase, RelatedFacts, Runbook,
    RunbookContent, RunbookLink, RunbookQuery, RunbookTexts, SeverityFacts, SliFacts, SliFamily, SliPart, SliceFacts,
    SloPage, TierFacts,
};
pub use runbook_index::{IndexAlert, IndexService, IndexSlo, IndexSloAlert, RunbookIndex};
