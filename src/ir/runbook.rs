//! Runbook pages and their index: every fact and number that is on them, still without Markdown.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::promql::Expr;
use crate::source::Span;

/// A runbook page.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// The path below the output folder: `runbooks/<service>/<slo>.md` or `runbooks/alerts/<alert>.md`.
    pub path: String,
    /// What in the source it comes from.
    pub origin: Span,
    /// What is on it.
    pub content: RunbookContent,
    /// What to paste into Prometheus.
    pub queries: Vec<RunbookQuery>,
    /// The address of Prometheus, if the project says it.
    pub prometheus: Option<String>,
    /// The words of people.
    pub texts: RunbookTexts,
    /// What a link may lead to behind `#` on every page of this kind: each severity, each heading.
    pub fixed_anchors: &'static [&'static str],
    /// What a link may lead to on this page only: each alert, each heading of the texts.
    pub anchors: BTreeSet<String>,
    /// The links on it that lead, or may lead, to other pages.
    pub links: Vec<RunbookLink>,
}

impl Runbook {
    /// The page as links see it.
    #[must_use]
    pub fn into_page(self) -> Page {
        Page { path: self.path, fixed_anchors: self.fixed_anchors, anchors: self.anchors, links: self.links }
    }
}

/// A page as links see it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path below the output folder.
    pub path: String,
    /// What a link may lead to behind `#` on every page of this kind.
    pub fixed_anchors: &'static [&'static str],
    /// What a link may lead to behind `#` on this page only.
    pub anchors: BTreeSet<String>,
    /// The links on it that lead, or may lead, to other pages.
    pub links: Vec<RunbookLink>,
}

impl Page {
    /// Everything that a link may lead to behind `#`.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        self.fixed_anchors.iter().copied().chain(self.anchors.iter().map(String::as_str))
    }

    /// Whether a link may lead to this behind `#`.
    #[must_use]
    pub fn has_anchor(&self, anchor: &str) -> bool {
        self.fixed_anchors.contains(&anchor) || self.anchors.contains(anchor)
    }
}

/// What is on a page.
#[derive(Clone, Debug)]
pub enum RunbookContent {
    /// An objective and its alerts.
    Slo(Box<SloPage>),
    /// A cause alert.
    Alert(Box<AlertPage>),
}

/// A query to paste.
#[derive(Clone, Debug)]
pub struct RunbookQuery {
    /// What it answers.
    pub title: String,
    /// How to read the answer.
    pub explanation: String,
    /// The query.
    pub expr: Expr,
}

/// A link on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookLink {
    /// Where it leads: a path from the page, a whole address, or `#` and an anchor of the page.
    pub target: String,
    /// Where a person wrote it; `None` on those that are generated.
    pub origin: Option<Span>,
}

/// Hand-written Markdown by section; `None` where nobody wrote any.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunbookTexts {
    /// The file that people write this page's text in.
    pub file: String,
    /// The files that text on this page comes from.
    pub sources: Vec<String>,
    /// Below the title.
    pub introduction: Option<String>,
    /// What to do in the first five minutes.
    pub first_steps: Option<String>,
    /// Below the queries.
    pub queries: Option<String>,
    /// How to find the cause.
    pub diagnosis: Option<String>,
    /// How to stop the damage.
    pub mitigation: Option<String>,
    /// Whom to call.
    pub escalation: Option<String>,
    /// How to know that it is over.
    pub verification: Option<String>,
    /// What to do once it is over.
    pub after_the_incident: Option<String>,
    /// Below the exact conditions.
    pub alerts: Option<String>,
    /// Below the numbers of the budget.
    pub error_budget: Option<String>,
    /// Below the definition of the SLI.
    pub measurement: Option<String>,
    /// Sections of the text's own, in Markdown.
    pub own: Vec<OwnSection>,
}

/// A section of the text's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnSection {
    /// Its heading, in Markdown.
    pub heading: String,
    /// Its text, in Markdown.
    pub text: String,
}

/// Who answers for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerFacts {
    /// The team.
    pub team: String,
    /// The on-call schedule.
    pub oncall: Option<String>,
    /// The chat channel.
    pub slack: Option<String>,
}

/// A link with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedLink {
    /// The words.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// Other pages and boards of the same service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RelatedFacts {
    /// Its other SLOs, by paths from the page.
    pub slos: Vec<NamedLink>,
    /// Its other cause alerts, by paths from the page.
    pub alerts: Vec<NamedLink>,
    /// Its boards, by whole addresses.
    pub boards: Vec<NamedLink>,
    /// The services that it needs, by their places in the index.
    pub needs: Vec<NamedLink>,
}

impl RelatedFacts {
    /// The paths from the page to the other pages.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.slos.iter().chain(&self.alerts).chain(&self.needs).map(|link| link.url.as_str())
    }
}

/// The facts of an SLO's page; numbers and times are text for people.
#[derive(Clone, Debug)]
pub struct SloPage {
    /// The service's name.
    pub service: String,
    /// The SLO's name.
    pub slo: String,
    /// What it promises.
    pub description: Option<String>,
    /// `99.9%`
    pub objective: String,
    /// `30d`
    pub period: String,
    /// What may fail.
    pub budget: BudgetFacts,
    /// Who answers for it.
    pub owner: Option<OwnerFacts>,
    /// How important it is.
    pub tier: Option<String>,
    /// How soon it has to work again.
    pub mttr: Option<String>,
    /// The dashboard and the repository, if known.
    pub links: Vec<NamedLink>,
    /// What else the service has.
    pub related: RelatedFacts,
    /// The file that defines it.
    pub source: String,
    /// What pages.
    pub page: SeverityFacts,
    /// What opens a ticket.
    pub ticket: SeverityFacts,
    /// The burn-rate tiers of both severities.
    pub tiers: Vec<TierFacts>,
    /// Whether any alert is about missing data.
    pub has_no_data_alert: bool,
    /// Failed events below which no burn alert fires.
    pub min_errors: Option<String>,
    /// How fast failures spend the budget, from a total outage down.
    pub consumption: Vec<ConsumptionFacts>,
    /// Budgets by group.
    pub groups: Option<GroupFacts>,
    /// What is measured.
    pub sli: SliFacts,
    /// Time that does not count.
    pub maintenance: Vec<MaintenanceFacts>,
    /// The slices of time that are counted, if events are not.
    pub slices: Option<SliceFacts>,
}

/// Time that does not count, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceFacts {
    /// Its name.
    pub name: String,
    /// `2026-03-03 10:00 to 2026-03-03 11:25 UTC`
    pub when: String,
    /// The recurrence: `FREQ=WEEKLY;BYDAY=SU`.
    pub rule: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A budget by slices of time, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceFacts {
    /// `1m`
    pub length: String,
    /// How many of them may be bad in a period: `43.2`.
    pub affordable: String,
    /// The share of failed events that a good one may have: `0.1%`.
    pub allowed: String,
    /// What one without events is: `bad`, `good` or `ignore`.
    pub missing: &'static str,
}

/// An error budget in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetFacts {
    /// `0.1%`
    pub percent: String,
    /// `1 of 1000`; absent where the fraction has too many digits to help.
    pub events: Option<String>,
    /// How long a total outage may last: `43 minutes 12 seconds`.
    pub outage: String,
}

/// The alerts of one severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeverityFacts {
    /// The labels that routes know it by, as `severity="critical"`.
    pub labels: Vec<String>,
    /// The alerts.
    pub alerts: Vec<AlertFacts>,
}

/// An alert of an SLO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFacts {
    /// The alert's name.
    pub name: String,
    /// Whether this is the first mention of the name on the page, where links to it lead.
    pub is_anchor: bool,
    /// When it fires.
    pub condition: AlertCondition,
}

/// When an alert of an SLO fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertCondition {
    /// The budget burns too fast.
    Burn {
        /// The tiers of this severity.
        tiers: Vec<BurnFacts>,
        /// How long the alert stays after its condition ended.
        keep_firing_for: String,
    },
    /// Little is left of the budget.
    BudgetLow {
        /// `25%`
        below: String,
        /// What to do then.
        action: Option<String>,
    },
    /// Nothing is left of the budget.
    BudgetExhausted {
        /// `0%` or less.
        below: String,
        /// What to do then.
        action: Option<String>,
    },
    /// The budget's end is in sight.
    ExhaustsSoon {
        /// The time left: `3d`.
        less_than: String,
        /// The window whose error rate is taken.
        over: String,
    },
    /// Nothing is recorded.
    NoData {
        /// For how long.
        wait: String,
        /// What is blind then.
        blind: Blind,
    },
}

/// What does not see while data is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// The whole SLI.
    Sli,
    /// The SLI, whose slices of time count as bad ones meanwhile.
    BadSlices,
    /// A component, while the others go on.
    Component,
}

/// A burn rate and its windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BurnFacts {
    /// The burn rate: `14.4`.
    pub factor: String,
    /// The long window.
    pub long: String,
    /// The short window.
    pub short: String,
}

/// A burn-rate tier in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierFacts {
    /// The alert it belongs to.
    pub alert: String,
    /// `page` or `ticket`.
    pub severity: &'static str,
    /// The burn rate: `14.4`.
    pub factor: String,
    /// The error ratio at which it is reached: `1.44%`.
    pub error_ratio: String,
    /// The long window.
    pub long: String,
    /// The short window.
    pub short: String,
    /// What is gone of the budget when the long window reaches the burn rate: `2%`.
    pub budget_gone: String,
    /// How long a full budget lasts at this burn rate.
    pub budget_lasts: String,
    /// How long after its beginning a total outage is noticed.
    pub detected_after: Option<String>,
}

/// How fast a share of failures spends the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumptionFacts {
    /// The share that fails: `10%`.
    pub failing: String,
    /// The burn rate: `100`.
    pub burn_rate: String,
    /// How long a full budget lasts.
    pub budget_lasts: String,
}

/// Budgets by group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFacts {
    /// The labels.
    pub labels: Vec<String>,
    /// Groups with a target of their own.
    pub overrides: Vec<OverrideFacts>,
}

/// A group with a target of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideFacts {
    /// The group, as `region="ap-south"`.
    pub group: String,
    /// Its target.
    pub objective: String,
    /// Its budget.
    pub budget: BudgetFacts,
}

/// What is measured.
#[derive(Clone, Debug)]
pub struct SliFacts {
    /// The family, which decides the words.
    pub family: SliFamily,
    /// The threshold or limit, for families that have one: `300ms`, `< 1000`.
    pub limit: Option<String>,
    /// The expressions it is made of.
    pub parts: Vec<SliPart>,
    /// How often targets are scraped.
    pub scrape_interval: String,
    /// How often failures are counted.
    pub block: String,
    /// The SLOs of a composite; none of other families.
    pub components: Vec<ComponentFacts>,
}

/// An SLO of a composite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentFacts {
    /// `checkout/availability`
    pub path: String,
    /// Its page, from this one.
    pub page: String,
    /// What it weighs, where that matters.
    pub weight: Option<String>,
}

/// The families of SLIs, as pages tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliFamily {
    /// All events, and the failed ones.
    RatioBad,
    /// All events, and the good ones.
    RatioGood,
    /// A classic histogram and a bound.
    Latency,
    /// A native histogram and a threshold.
    NativeLatency,
    /// A gauge that is 1 when all is well, each series on its own.
    UpAverage,
    /// The same, up while any series is.
    UpAny,
    /// The same, up while all series are.
    UpAll,
    /// The same, up while more than half of the series are.
    UpQuorum,
    /// A gauge with a limit.
    Value,
    /// An error ratio from raw data.
    ErrorRatio,
    /// SLOs that are all needed.
    CompositeAll,
    /// SLOs by weight.
    CompositeWeighted,
    /// The worst of several SLOs.
    CompositeWorst,
}

/// An expression of an SLI.
#[derive(Clone, Debug)]
pub struct SliPart {
    /// What it is: `All events`.
    pub name: &'static str,
    /// The expression, as the source has it.
    pub expr: Expr,
}

/// The facts of a cause alert's page.
#[derive(Clone, Debug, Serialize)]
pub struct AlertPage {
    /// The alert's name.
    pub name: String,
    /// The service's name.
    pub service: String,
    /// `page` or `ticket`.
    pub severity: &'static str,
    /// The labels that routes know the severity by, and the rule's own, as `severity="critical"`.
    pub labels: Vec<String>,
    /// Whether it always fires, so that its end is what calls somebody.
    pub is_heartbeat: bool,
    /// The annotation `summary`.
    pub summary: Vec<Phrase>,
    /// The annotation `description`.
    pub description: Vec<Phrase>,
    /// What the placeholders of both are, in words.
    pub placeholders: Option<String>,
    /// The condition in words, if it has any.
    pub condition: Option<String>,
    /// The other annotations: name and template.
    pub annotations: Vec<(String, String)>,
    /// How long the condition has to hold.
    pub wait: Option<String>,
    /// How long the alert stays after its condition ended.
    pub keep_firing_for: Option<String>,
    /// Who answers for it.
    pub owner: Option<OwnerFacts>,
    /// How important the service is.
    pub tier: Option<String>,
    /// How soon it has to work again.
    pub mttr: Option<String>,
    /// The dashboard and the repository, if known.
    pub links: Vec<NamedLink>,
    /// What else the service has.
    pub related: RelatedFacts,
    /// The file that defines it; `None` if the alert comes with slosmith.
    pub source: Option<String>,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// The condition.
    #[serde(skip)]
    pub expr: Expr,
    /// A selector whose absence fires the alert too.
    #[serde(skip)]
    pub or_absent: Option<Expr>,
}

/// A part of what an alert says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Phrase {
    /// Words.
    Words(String),
    /// The name of what is filled in when the alert fires.
    Placeholder(String),
    /// A template of Prometheus, as it is written.
    Template(String),
}
