//! The index of all runbook pages and the catalogue of objectives: what they list, still without Markdown.

use std::collections::BTreeSet;

use serde::Serialize;

use super::runbook::{BudgetFacts, OwnerFacts, Page, Phrase, RunbookLink};

/// The index of all pages.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunbookIndex {
    /// Every service, by name.
    pub services: Vec<IndexService>,
    /// The cause alerts of all services, by name.
    pub alerts: Vec<IndexAlert>,
    /// Names of the alerts of SLOs, and what they mean.
    pub slo_alerts: Vec<IndexSloAlert>,
}

impl RunbookIndex {
    /// The path below the output folder.
    pub const PATH: &'static str = "runbooks/README.md";
    /// The path of the catalogue of objectives, below the output folder.
    pub const CATALOGUE_PATH: &'static str = "runbooks/catalogue.md";

    /// The index as links see it.
    #[must_use]
    pub fn page(&self) -> Page {
        let services = self.services.iter();
        let anchors = services.clone().map(|service| format!("service-{}", service.name));
        let paths = services.flat_map(|service| {
            let slos = service.slos.iter().map(|slo| &slo.path);
            slos.chain(service.alerts.iter().map(|alert| &alert.path))
        });
        let catalogue = "catalogue.md".to_owned();
        let paths = paths.cloned().chain([catalogue]);
        let links = paths.map(|target| RunbookLink { target, origin: None });
        let fixed_anchors = &["by-service", "by-alert", "by-severity"];
        Page { path: Self::PATH.to_owned(), fixed_anchors, anchors: anchors.collect(), links: links.collect() }
    }

    /// The catalogue as links see it.
    #[must_use]
    pub fn catalogue(&self) -> Page {
        let slos = self.services.iter().flat_map(|service| &service.slos).map(|slo| slo.path.clone());
        let services = self.services.iter().filter(|service| !service.slos.is_empty());
        let services = services.map(|service| format!("README.md#service-{}", service.name));
        let links = slos.chain(services).map(|target| RunbookLink { target, origin: None }).collect();
        Page { path: Self::CATALOGUE_PATH.to_owned(), fixed_anchors: &[], anchors: BTreeSet::new(), links }
    }
}

/// A service in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexService {
    /// The service's name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<OwnerFacts>,
    /// How important it is.
    pub tier: Option<String>,
    /// How soon it has to work again.
    pub mttr: Option<String>,
    /// Its SLOs.
    pub slos: Vec<IndexSlo>,
    /// Its cause alerts.
    pub alerts: Vec<IndexAlert>,
    /// Whether any of its alerts pages.
    pub pages: bool,
    /// Whether any of its alerts opens a ticket.
    pub tickets: bool,
}

/// An SLO in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexSlo {
    /// The SLO's name.
    pub name: String,
    /// The path of its page from the index.
    pub path: String,
    /// What it promises.
    pub description: Option<String>,
    /// `99.9%`
    pub objective: String,
    /// `30d`
    pub period: String,
    /// Whether any of its alerts pages.
    pub pages: bool,
    /// Whether any of its alerts opens a ticket.
    pub tickets: bool,
    /// What may fail in the period.
    pub budget: BudgetFacts,
    /// Who answers for it.
    pub team: Option<String>,
    /// When it pages, condition by condition.
    pub pages_when: Vec<String>,
    /// When it opens a ticket, condition by condition.
    pub tickets_when: Vec<String>,
    /// What the team does when little of the budget is left.
    pub policy: Vec<String>,
}

/// A cause alert in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexAlert {
    /// The alert's name.
    pub name: String,
    /// The path of its page from the index.
    pub path: String,
    /// The service's name.
    pub service: String,
    /// `page` or `ticket`.
    pub severity: &'static str,
    /// The annotation `summary`.
    pub summary: Vec<Phrase>,
}

/// A name that alerts of SLOs have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexSloAlert {
    /// The alert's name.
    pub name: String,
    /// `page`, `ticket` or both.
    pub severities: Vec<&'static str>,
    /// What it means.
    pub meaning: &'static str,
}
