//! Hand-written runbook text, by the page that it belongs to.

use std::collections::BTreeMap;

use crate::source::{Span, Spanned};

/// The folder that hand-written runbook text lies in, from the project's root.
pub const RUNBOOK_TEXTS: &str = "slos/runbooks";

/// All hand-written runbook text.
#[derive(Clone, Debug, Default)]
pub struct RunbookTexts {
    /// Of one SLO's page, by service and SLO.
    pub slos: BTreeMap<(String, String), PageText>,
    /// Of one cause alert's page, by alert.
    pub alerts: BTreeMap<String, PageText>,
    /// Of every page that names the topic.
    pub topics: BTreeMap<String, PageText>,
}

/// The text of a page or topic.
#[derive(Clone, Debug)]
pub struct PageText {
    /// The file's path from the project's root.
    pub path: String,
    /// The whole file.
    pub span: Span,
    /// Markdown that stands before the first section; empty if nothing does.
    pub introduction: Markdown,
    /// The sections in the order written; no two for one heading.
    pub sections: Vec<PageSection>,
}

/// A section of hand-written text.
#[derive(Clone, Debug)]
pub struct PageSection {
    /// The section of the page that it is for.
    pub heading: SectionHeading,
    /// Its text; never empty.
    pub body: Markdown,
}

/// Markdown as a person wrote it: whole blocks, every fence closed, no headings of level 1 or 2.
#[derive(Clone, Debug, Default)]
pub struct Markdown {
    /// The lines, without blank ones at either end.
    pub text: String,
    /// The targets of its links, as written.
    pub links: Vec<Spanned<String>>,
    /// What a link may lead to within it, behind `#`.
    pub anchors: Vec<String>,
}

/// What a link to a heading says behind `#`: lower case, without punctuation, `-` for spaces.
///
/// As GitHub and most renderers of Markdown name headings.
#[must_use]
pub fn heading_anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Which section of a page a text is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionHeading {
    /// One that every page has.
    Known(Section),
    /// One of the text's own, in Markdown; it stands behind those that people are asked to write.
    Own(String),
}

/// The sections that every page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What to do in the first five minutes.
    FirstSteps,
    /// What to paste; text is added below.
    Queries,
    /// How to find the cause.
    Diagnosis,
    /// How to stop the damage, by scenario.
    Mitigation,
    /// Whom to call, and when.
    Escalation,
    /// How to know that it is over.
    Verification,
    /// What to do once it is over.
    AfterTheIncident,
    /// Exact conditions; text is added below.
    Alerts,
    /// Numbers; text is added below.
    ErrorBudget,
    /// What counts as an event; text is added below.
    Measurement,
}

impl Section {
    /// Every section, in the order of the page.
    pub const ALL: [Self; 10] = [
        Self::FirstSteps,
        Self::Queries,
        Self::Diagnosis,
        Self::Mitigation,
        Self::Escalation,
        Self::Verification,
        Self::AfterTheIncident,
        Self::Alerts,
        Self::ErrorBudget,
        Self::Measurement,
    ];

    /// The heading on the page and in the text.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::FirstSteps => "First steps",
            Self::Queries => "Queries",
            Self::Diagnosis => "Diagnosis",
            Self::Mitigation => "Mitigation",
            Self::Escalation => "Escalation",
            Self::Verification => "Verification",
            Self::AfterTheIncident => "After the incident",
            Self::Alerts => "Alerts",
            Self::ErrorBudget => "Error budget",
            Self::Measurement => "How it is measured",
        }
    }
}

impl PageText {
    /// The text for a section that every page has.
    #[must_use]
    pub fn section(&self, wanted: Section) -> Option<&Markdown> {
        let found = self.sections.iter().find(|section| section.heading == SectionHeading::Known(wanted));
        found.map(|section| &section.body)
    }
}
