//! The words of people: which text stands in which section of a page.

use crate::ir;
use crate::model::{Markdown, PageText, RUNBOOK_TEXTS, RunbookTexts, Section, SectionHeading, heading_anchor};

/// The texts of one page: its own file first, then its topic.
pub(super) struct Texts<'a> {
    sources: Vec<&'a PageText>,
}

impl<'a> Texts<'a> {
    /// The texts of an SLO's page.
    pub(super) fn of_slo(texts: &'a RunbookTexts, service: &str, slo: &str, topic: Option<&str>) -> Self {
        let own = if texts.slos.is_empty() { None } else { texts.slos.get(&(service.to_owned(), slo.to_owned())) };
        Self::new(texts, own, topic)
    }

    /// The texts of a cause alert's page.
    pub(super) fn of_alert(texts: &'a RunbookTexts, alert: &str, topic: Option<&str>) -> Self {
        Self::new(texts, texts.alerts.get(alert), topic)
    }

    fn new(texts: &'a RunbookTexts, own: Option<&'a PageText>, topic: Option<&str>) -> Self {
        let topic = topic.and_then(|topic| texts.topics.get(topic));
        Self { sources: own.into_iter().chain(topic).collect() }
    }

    /// The pieces that stand on the page.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &'a Markdown> {
        let known = Section::ALL.into_iter().filter_map(|section| self.section(section));
        let own = self.own().map(|(_, body)| body);
        self.introduction().into_iter().chain(known).chain(own)
    }

    /// The headings of sections that only the texts have.
    pub(super) fn own_headings(&self) -> impl Iterator<Item = &'a str> {
        self.own().map(|(heading, _)| heading)
    }

    /// What the page says.
    pub(super) fn lower(&self, file: &str) -> ir::RunbookTexts {
        let text = |section| self.section(section).map(|body| body.text.clone());
        let own =
            self.own().map(|(heading, body)| ir::OwnSection { heading: heading.to_owned(), text: body.text.clone() });
        ir::RunbookTexts {
            file: format!("{RUNBOOK_TEXTS}/{file}"),
            sources: self.sources.iter().map(|source| source.path.clone()).collect(),
            introduction: self.introduction().map(|body| body.text.clone()),
            first_steps: text(Section::FirstSteps),
            queries: text(Section::Queries),
            diagnosis: text(Section::Diagnosis),
            mitigation: text(Section::Mitigation),
            escalation: text(Section::Escalation),
            verification: text(Section::Verification),
            after_the_incident: text(Section::AfterTheIncident),
            alerts: text(Section::Alerts),
            error_budget: text(Section::ErrorBudget),
            measurement: text(Section::Measurement),
            own: own.collect(),
        }
    }

    fn introduction(&self) -> Option<&'a Markdown> {
        self.sources.iter().map(|source| &source.introduction).find(|body| !body.text.is_empty())
    }

    fn section(&self, wanted: Section) -> Option<&'a Markdown> {
        self.sources.iter().find_map(|source| source.section(wanted))
    }

    /// Sections of the texts' own: those of the first file, then those of the topic that the first one does not have.
    fn own(&self) -> impl Iterator<Item = (&'a str, &'a Markdown)> {
        let mut seen: Vec<String> = Vec::new();
        let sections = self.sources.iter().flat_map(|source| &source.sections);
        sections.filter_map(move |section| match &section.heading {
            SectionHeading::Known(_) => None,
            SectionHeading::Own(heading) => {
                let anchor = heading_anchor(heading);
                let is_new = !seen.contains(&anchor);
                seen.push(anchor);
                is_new.then_some((heading.as_str(), &section.body))
            }
        })
    }
}
