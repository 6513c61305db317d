//! The runbook: a page for every SLO and every cause alert, and an index of them.

mod alert_page;
mod condition;
mod index;
mod maintenance;
mod phrases;
mod queries;
mod related;
mod slo_page;
mod texts;
mod words;

use std::collections::BTreeSet;

use crate::ir::{RelatedFacts, Runbook, RunbookContent, RunbookLink, RunbookQuery};
use crate::model::{Name, RunbookTexts, Service, heading_anchor};
use crate::source::Span;
use texts::Texts;

pub use index::runbook_index;

/// The pages of a service: its SLOs, then its cause alerts, in the order written.
#[must_use]
pub fn runbook_pages(service: &Service, texts: &RunbookTexts) -> Vec<Runbook> {
    let slos = service.slos.iter().map(|slo| slo_page::page(service, slo, texts));
    let alerts = service.alerts.iter().map(|alert| alert_page::page(service, alert, texts));
    slos.chain(alerts).collect()
}

/// What links to the page of an SLO may lead to, whatever the SLO: both severities and all headings.
const SLO_ANCHORS: &[&str] = &[
    "page",
    "ticket",
    "if-it-pages",
    "if-it-opens-a-ticket",
    "first-steps",
    "queries",
    "diagnosis",
    "mitigation",
    "escalation",
    "verification",
    "after-the-incident",
    "related",
    "alerts",
    "error-budget",
    "how-it-is-measured",
    "about-this-page",
];

/// What links to the page of a cause alert may lead to, whatever the alert.
const ALERT_ANCHORS: &[&str] = &[
    "page",
    "ticket",
    "what-fired",
    "first-steps",
    "queries",
    "diagnosis",
    "mitigation",
    "escalation",
    "verification",
    "after-the-incident",
    "related",
    "about-this-page",
];

/// What links to the page may lead to as well: its alerts, and the headings of its texts.
fn anchors<'a>(alerts: impl Iterator<Item = &'a str>, texts: &Texts<'_>) -> BTreeSet<String> {
    let own = texts.own_headings().map(heading_anchor);
    let within = texts.pieces().flat_map(|piece| piece.anchors.iter().cloned());
    alerts.map(str::to_owned).chain(own).chain(within).collect()
}

/// The links of a page that may lead to other pages: the generated ones to the index and to related pages, and those that
/// people wrote.
fn page_links(service: &Name, related: &RelatedFacts, texts: &Texts<'_>) -> Vec<RunbookLink> {
    let generated = |target: String| RunbookLink { target, origin: None };
    let index = generated(format!("../README.md#service-{service}"));
    let related = related.paths().map(|path| generated(path.to_owned()));
    let written = texts.pieces().flat_map(|piece| &piece.links);
    let written = written.map(|link| RunbookLink { target: link.value.clone(), origin: Some(link.span) });
    [index].into_iter().chain(related).chain(written).collect()
}

/// A page from its parts.
struct Parts<'a> {
    /// The path below `runbooks/`, of the page and of its text.
    file: String,
    origin: Span,
    content: RunbookContent,
    queries: Vec<RunbookQuery>,
    prometheus: Option<String>,
    texts: &'a Texts<'a>,
    fixed_anchors: &'static [&'static str],
    anchors: BTreeSet<String>,
    links: Vec<RunbookLink>,
}

impl Parts<'_> {
    fn page(self) -> Runbook {
        Runbook {
            path: format!("runbooks/{}", self.file),
            origin: self.origin,
            content: self.content,
            queries: self.queries,
            prometheus: self.prometheus,
            texts: self.texts.lower(&self.file),
            fixed_anchors: self.fixed_anchors,
            anchors: self.anchors,
            links: self.links,
        }
    }
}
