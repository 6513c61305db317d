//! Declarations: what a front end read from a file, with the place of every value and no meaning yet.

mod bare;
mod board;
mod on_call;
mod maintenance;

use std::sync::Arc;

use crate::source::{Span, Spanned, Text};

pub use board::*;
pub use maintenance::*;
pub use on_call::*;

/// The project file.
#[derive(Clone, Debug, Default)]
pub struct ProjectDecl {
    /// Folders and files to read specs from; `slos/` if absent.
    pub inputs: Vec<Text>,
    /// Where outputs go; `generated/` if absent.
    pub output: Option<Text>,
    /// Metric catalogues: files, and names of exporters.
    pub metrics: Vec<Text>,
    /// What the outputs are for.
    pub targets: TargetsDecl,
    /// How Grafana reaches what it draws.
    pub datasource: DatasourceDecl,
    /// What every spec inherits.
    pub defaults: DefaultsDecl,
    /// Where notifications go.
    pub receivers: Vec<ReceiverDecl>,
    /// Who gets which of them; `None` if the project does not say.
    pub on_call: Option<OnCallDecl>,
    /// Code to level.
    pub lint: Vec<(Text, Text)>,
}

/// What the outputs are for.
#[derive(Clone, Debug, Default)]
pub struct TargetsDecl {
    /// The version of Prometheus; the newest one if absent.
    pub prometheus: Option<Text>,
    /// The features that are enabled there.
    pub features: Vec<Text>,
    /// Whether tests of the rules are written.
    pub tests: Option<Text>,
    /// The version of Alertmanager; the newest one if absent.
    pub alertmanager: Option<Text>,
    /// Whether Grafana evaluates the alerts.
    pub grafana_alerts: Option<Text>,
    /// Whether rules that fill the history of new SLOs are written.
    pub backfill: Option<Text>,
    /// The objects of Kubernetes that are written beside the files.
    pub kubernetes: Option<KubernetesDecl>,
}

/// Objects of Kubernetes.
#[derive(Clone, Debug)]
pub struct KubernetesDecl {
    /// Their kinds.
    pub objects: Vec<Text>,
    /// Where they live; where they are applied to if absent.
    pub namespace: Option<Text>,
    /// Labels of each of them.
    pub labels: Vec<(Text, Text)>,
    /// The labels of the Grafana instances that load boards.
    pub instances: Vec<(Text, Text)>,
}

/// How Grafana reaches what it draws.
#[derive(Clone, Debug, Default)]
pub struct DatasourceDecl {
    /// Prometheus.
    pub prometheus: SourceDecl,
    /// Alertmanager; no such source if absent.
    pub alertmanager: Option<SourceDecl>,
}

/// A data source of Grafana.
#[derive(Clone, Debug, Default)]
pub struct SourceDecl {
    /// What people choose it by.
    pub name: Option<Text>,
    /// What boards and rules refer to it by.
    pub uid: Option<Text>,
    /// Its address, as Grafana's server sees it.
    pub url: Option<Text>,
}

/// One service with its SLOs and alerts.
#[derive(Clone, Debug)]
pub struct SpecDecl {
    /// The whole document.
    pub span: Span,
    /// The service's name; `None` after a problem that is reported.
    pub service: Option<Text>,
    /// What it is.
    pub description: Option<Text>,
    /// Who answers for it.
    pub owner: Option<OwnerDecl>,
    /// How important it is.
    pub tier: Option<Text>,
    /// How soon it has to work again.
    pub mttr: Option<Text>,
    /// The services that it cannot do without.
    pub depends_on: Vec<Text>,
    /// Labels of every alert and of `slo_info`.
    pub labels: Vec<(Text, Text)>,
    /// Link templates.
    pub links: LinksDecl,
    /// What every SLO of the service inherits.
    pub defaults: DefaultsDecl,
    /// The objectives.
    pub slos: Vec<SloDecl>,
    /// Cause alerts.
    pub alerts: Vec<AlertDecl>,
    /// Dashboards.
    pub dashboards: Vec<BoardDecl>,
    /// Time that does not count.
    pub maintenance: Vec<MaintenanceDecl>,
    /// PromQL of SLIs and alerts that lack something else, so that its problems are reported too.
    pub unfinished: Vec<UnfinishedDecl>,
}

/// PromQL of an entry that cannot be used.
#[derive(Clone, Debug)]
pub enum UnfinishedDecl {
    /// An expression of an SLI.
    Indicator(Text),
    /// Matchers of an SLI, with their key.
    Matchers(&'static str, Text),
    /// The condition of an alert.
    Condition(Text),
}

/// What lower levels inherit.
#[derive(Clone, Debug, Default)]
pub struct DefaultsDecl {
    /// Whose names the recorded series have.
    pub profile: Option<ProfileDecl>,
    /// Length of the period.
    pub window: Option<WindowDecl>,
    /// How often targets are scraped.
    pub scrape_interval: Option<Text>,
    /// Labels that tell page from ticket.
    pub severity_labels: Option<SeverityLabelsDecl>,
    /// Who answers for it.
    pub owner: Option<OwnerDecl>,
    /// How important it is.
    pub tier: Option<Text>,
    /// How soon it has to work again.
    pub mttr: Option<Text>,
    /// Labels of every alert and of `slo_info`.
    pub labels: Vec<(Text, Text)>,
    /// Link templates.
    pub links: LinksDecl,
    /// How SLOs alert.
    pub alerting: Option<AlertingDecl>,
}

/// Whose names the recorded series have, those of slosmith or of Sloth.
#[derive(Clone, Debug)]
pub struct ProfileDecl {
    /// `native` or `sloth`.
    pub name: Text,
    /// The version of the format that a front end read, for the label `sloth_spec`; `prometheus/v1` if absent.
    pub spec: Option<Text>,
}

/// `owner: team` or `owner: {team, oncall, slack}`.
#[derive(Clone, Debug)]
pub struct OwnerDecl {
    /// The team.
    pub team: Text,
    /// The on-call schedule.
    pub oncall: Option<Text>,
    /// The chat channel.
    pub slack: Option<Text>,
}

/// Templates of links with `{service}`, `{slo}`, `{alert}` and `{severity}`.
#[derive(Clone, Debug, Default)]
pub struct LinksDecl {
    /// The runbook page of an SLO.
    pub runbook: Option<Text>,
    /// The runbook page of a cause alert.
    pub alert_runbook: Option<Text>,
    /// The dashboard.
    pub dashboard: Option<Text>,
    /// The source repository.
    pub repo: Option<Text>,
    /// Prometheus itself.
    pub prometheus: Option<Text>,
}

/// How page and ticket are told apart by routes.
#[derive(Clone, Debug)]
pub struct SeverityLabelsDecl {
    /// Labels of what wakes somebody up.
    pub page: Vec<(Text, Text)>,
    /// Labels of what can wait for the morning.
    pub ticket: Vec<(Text, Text)>,
}

/// One objective.
#[derive(Clone, Debug)]
pub struct SloDecl {
    /// The whole entry.
    pub span: Span,
    /// The name, unique within its service; `None` after a problem that is reported.
    pub name: Option<Text>,
    /// What it promises.
    pub description: Option<Text>,
    /// The target in percent, as written; `None` after a problem that is reported.
    pub target: Option<Text>,
    /// What is measured; `None` after a problem that is reported.
    pub sli: Option<SliDecl>,
    /// Length of the period.
    pub window: Option<WindowDecl>,
    /// What the budget counts.
    pub budget: Option<BudgetDecl>,
    /// Labels with a budget for each value.
    pub group_by: Vec<Text>,
    /// Targets of single groups.
    pub overrides: Vec<OverrideDecl>,
    /// How it alerts.
    pub alerting: Option<AlertingDecl>,
    /// Who answers for it.
    pub owner: Option<OwnerDecl>,
    /// How important it is.
    pub tier: Option<Text>,
    /// Labels of its alerts and of `slo_info`.
    pub labels: Vec<(Text, Text)>,
    /// Link templates.
    pub links: LinksDecl,
    /// A topic whose text goes onto the runbook page.
    pub runbook: Option<Text>,
}

/// What is measured.
#[derive(Clone, Debug)]
pub struct SliDecl {
    /// The whole mapping.
    pub span: Span,
    /// The family with its keys.
    pub family: SliFamilyDecl,
    /// The same as one expression for the ratio of each window, if events that are no rates may be read so.
    pub raw: Option<Text>,
}

/// The families of SLIs, told apart by their key.
#[derive(Clone, Debug)]
pub enum SliFamilyDecl {
    /// Failed events among all events.
    Ratio {
        /// All events.
        total: Text,
        /// Which of them failed, or did not.
        part: Spanned<RatioPartDecl>,
    },
    /// Events that took too long.
    Latency {
        /// The histogram, without `_bucket`.
        latency: Text,
        /// The longest good duration.
        under: Text,
        /// `classic` (default) or `native`.
        histogram: Option<Text>,
        /// Matchers of events that are bad however fast.
        bad_when: Option<Text>,
    },
    /// A gauge that is 1 when all is well.
    Up {
        /// The gauge.
        up: Text,
        /// `average` (default), `any`, `all` or `quorum`.
        across: Option<Text>,
    },
    /// A gauge with a limit.
    Value {
        /// The expression.
        value: Text,
        /// A comparison and a number.
        good: Text,
    },
    /// A ratio that is computed from raw data for each window.
    ErrorRatio {
        /// The expression over `$window`.
        error_ratio: Text,
    },
    /// Several SLOs as one.
    Composite {
        /// `all`, `weighted` or `worst`.
        composite: Text,
        /// The SLOs.
        of: Vec<ComponentDecl>,
    },
}

/// An SLO as a part of a composite.
#[derive(Clone, Debug)]
pub struct ComponentDecl {
    /// `slo` or `service/slo`.
    pub reference: Text,
    /// How much it weighs.
    pub weight: Option<Text>,
}

/// Which events of `total` count against the budget.
#[derive(Clone, Debug)]
pub enum RatioPartDecl {
    /// A selector or expression of the failed ones.
    Bad(Text),
    /// A selector or expression of the good ones.
    Good(Text),
    /// Matchers that, added to `total`, select the failed ones.
    BadWhen(Text),
    /// Matchers that, added to `total`, select the good ones.
    GoodWhen(Text),
}

/// What a budget counts.
#[derive(Clone, Debug)]
pub struct BudgetDecl {
    /// The whole mapping.
    pub span: Span,
    /// `events` or `timeslices`.
    pub by: Text,
    /// How long a slice is.
    pub slice: Option<Text>,
    /// What a slice without events is: `bad`, `good` or `ignore`.
    pub no_data: Option<Text>,
    /// The target of a single slice in percent.
    pub target: Option<Text>,
}

/// The target of some groups.
#[derive(Clone, Debug)]
pub struct OverrideDecl {
    /// The whole entry.
    pub span: Span,
    /// Group label to value.
    pub matches: Vec<(Text, Text)>,
    /// The target in percent.
    pub target: Text,
}

/// How an SLO alerts.
#[derive(Clone, Debug)]
pub struct AlertingDecl {
    /// The whole mapping.
    pub span: Span,
    /// Replaces the names of both burn alerts.
    pub name: Option<Text>,
    /// The burn-rate tiers.
    pub burn: Option<BurnDecl>,
    /// Failed events below which no burn alert fires.
    pub min_errors: Option<Text>,
    /// Alerts on what is left of the budget.
    pub budget_left: Vec<BudgetLeftDecl>,
    /// An alert on the budget's end in sight.
    pub exhausts_in: Option<ExhaustsInDecl>,
    /// An alert on missing data.
    pub no_data: Option<NoDataDecl>,
    /// What all alerts of the SLO carry.
    pub extras: AlertExtrasDecl,
    /// What those of them carry that page.
    pub page: AlertExtrasDecl,
    /// What those of them carry that are tickets.
    pub ticket: AlertExtrasDecl,
}

/// Labels and annotations of alerts beside those that the rules have anyway.
#[derive(Clone, Debug, Default)]
pub struct AlertExtrasDecl {
    /// Labels.
    pub labels: Vec<(Text, Text)>,
    /// Annotations of burn alerts, in Prometheus's templates.
    pub annotations: Vec<(Text, Text)>,
}

/// `burn: standard`, `burn: none`, or a list.
#[derive(Clone, Debug)]
pub enum BurnDecl {
    /// The standard four tiers.
    Standard(Span),
    /// No burn alerts.
    None(Span),
    /// These tiers.
    Tiers(Vec<BurnTierDecl>),
    /// Those that a catalogue has for the period.
    Catalogue(CatalogueDecl),
}

/// The tiers of a catalogue, or the standard ones for a period that it does not have; those that cannot fire are left out.
#[derive(Clone, Debug)]
pub struct CatalogueDecl {
    /// Where the alerts are declared.
    pub span: Span,
    /// The severities that are switched off.
    pub without: Vec<&'static str>,
    /// The catalogue.
    pub windows: Arc<Vec<AlertWindowsDecl>>,
}

/// The tiers of every SLO with one period.
#[derive(Clone, Debug)]
pub struct AlertWindowsDecl {
    /// All that is said of it.
    pub span: Span,
    /// The period.
    pub period: Text,
    /// The tiers.
    pub tiers: Vec<BurnTierDecl>,
}

/// One burn-rate tier.
#[derive(Clone, Debug)]
pub struct BurnTierDecl {
    /// The whole entry.
    pub span: Span,
    /// `page` or `ticket`.
    pub severity: Text,
    /// How fast.
    pub rate: BurnRateDecl,
    /// The long window.
    pub long: Text,
    /// The short window.
    pub short: Text,
}

/// How a tier's factor is given.
#[derive(Clone, Debug)]
pub enum BurnRateDecl {
    /// The share of the budget that goes within the long window, in percent.
    Budget(Text),
    /// The factor itself.
    Burn(Text),
}

/// An alert on what is left of the budget.
#[derive(Clone, Debug)]
pub struct BudgetLeftDecl {
    /// The whole entry.
    pub span: Span,
    /// The share in percent.
    pub below: Text,
    /// `page` or `ticket`.
    pub severity: Text,
    /// What to do then.
    pub action: Option<Text>,
}

/// An alert on the budget's end in sight.
#[derive(Clone, Debug)]
pub struct ExhaustsInDecl {
    /// The whole mapping.
    pub span: Span,
    /// The time left.
    pub less_than: Text,
    /// The window whose error rate is taken; 6h if absent.
    pub over: Option<Text>,
    /// `page` or `ticket`.
    pub severity: Text,
}

/// An alert on missing data.
#[derive(Clone, Debug)]
pub enum NoDataDecl {
    /// `no_data: off`
    Off(Span),
    /// With its own settings.
    On {
        /// The whole mapping.
        span: Span,
        /// How long nothing was recorded.
        wait: Option<Text>,
        /// `page` or `ticket`.
        severity: Option<Text>,
    },
}

/// A cause alert.
#[derive(Clone, Debug)]
pub struct AlertDecl {
    /// The whole entry.
    pub span: Span,
    /// The alert's name.
    pub alert: Text,
    /// The condition.
    pub expr: Text,
    /// `for`
    pub wait: Option<Text>,
    /// `keep_firing_for`
    pub keep_firing_for: Option<Text>,
    /// `page` or `ticket`.
    pub severity: Option<Text>,
    /// A selector whose absence fires the alert too.
    pub or_absent: Option<Text>,
    /// Becomes the annotation of that name.
    pub summary: Option<Text>,
    /// Becomes the annotation of that name.
    pub description: Option<Text>,
    /// Labels as in a Prometheus rule.
    pub labels: Vec<(Text, Text)>,
    /// Annotations as in a Prometheus rule.
    pub annotations: Vec<(Text, Text)>,
    /// What goes onto the runbook page.
    pub runbook: Option<AlertRunbookDecl>,
    /// Alerts that say nothing new while it fires.
    pub inhibits: Option<InhibitsDecl>,
    /// What is to be proven of it.
    pub tests: Vec<AlertTestDecl>,
}

/// A test of a cause alert: `{at, series, fires}`.
#[derive(Clone, Debug)]
pub struct AlertTestDecl {
    /// What it proves.
    pub name: Option<Text>,
    /// When it is looked at.
    pub at: Text,
    /// The distance of the samples; `1m` if absent.
    pub interval: Option<Text>,
    /// Series with their samples.
    pub series: Vec<(Text, Text)>,
    /// `true` or `false`.
    pub fires: Text,
}

/// `runbook: topic` or `runbook: {topic, steps}`.
#[derive(Clone, Debug)]
pub struct AlertRunbookDecl {
    /// The topic.
    pub topic: Option<Text>,
    /// What to do, in order.
    pub steps: Vec<Text>,
}

/// A period.
#[derive(Clone, Debug)]
pub enum WindowDecl {
    /// A length that always ends now.
    Rolling(Text),
    /// A unit of the calendar.
    Calendar {
        /// The whole mapping.
        span: Span,
        /// `day`, `week`, `month`, `quarter` or `year`.
        unit: Text,
        /// A zone of the IANA database; UTC if absent.
        timezone: Option<Text>,
    },
}

impl WindowDecl {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Rolling(text) => text.span,
            Self::Calendar { span, .. } => *span,
        }
    }
}
