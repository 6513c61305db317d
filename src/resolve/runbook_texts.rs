//! Hand-written runbook text to the pages that it belongs to.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{
    Markdown, PageSection, PageText, RUNBOOK_TEXTS, RunbookTexts, Section, SectionHeading, Service, heading_anchor,
};
use crate::parse::runbook_text::{RunbookText, TextBody, same_heading};
use crate::source::{BUILT_IN, Span, Text};

/// Finds the page or topic of every text, and the text of every topic that an SLO or alert names.
#[must_use]
pub fn runbook_texts(texts: Vec<RunbookText>, services: &[Service], sink: &mut Sink) -> RunbookTexts {
    let mut found = RunbookTexts::default();
    let topics = topics_in_use(services);
    let pages = pages(services);
    for text in texts {
        let place = Place::of(&text.path);
        let exists = match &place {
            Place::Readme => continue,
            Place::Topic(topic) => topics.contains_key(topic.as_str()),
            Place::Alert(_) | Place::Slo(..) | Place::Nowhere => pages.contains(&page_path(&place)),
        };
        // A spec with an error may be the one that names it.
        if !exists && !sink.has_errors() {
            sink.push(unused(&text, &place, &pages, &topics));
        }
        match place {
            Place::Topic(topic) => drop(found.topics.insert(topic, page_text(text))),
            Place::Alert(alert) => drop(found.alerts.insert(alert, page_text(text))),
            Place::Slo(service, slo) => drop(found.slos.insert((service, slo), page_text(text))),
            Place::Readme | Place::Nowhere => {}
        }
    }
    for (topic, uses) in &topics {
        if !found.topics.contains_key(*topic) {
            for used in uses {
                sink.push(unknown_topic(topic, *used, &found));
            }
        }
    }
    found
}

/// What a text is for, by its path.
enum Place {
    Readme,
    Topic(String),
    Alert(String),
    Slo(String, String),
    Nowhere,
}

impl Place {
    fn of(path: &str) -> Self {
        let below = path.strip_prefix(RUNBOOK_TEXTS).and_then(|rest| rest.strip_prefix('/'));
        let below = below.or_else(|| path.split_once("runbooks/").map(|(_, below)| below));
        let below = below.unwrap_or(path);
        if below.eq_ignore_ascii_case("readme.md") {
            return Self::Readme;
        }
        match below.strip_suffix(".md").and_then(|stem| stem.split_once('/')) {
            Some((_, name)) if name.contains('/') => Self::Nowhere,
            Some(("topics", topic)) => Self::Topic(topic.to_owned()),
            Some(("alerts", alert)) => Self::Alert(alert.to_owned()),
            Some((service, slo)) => Self::Slo(service.to_owned(), slo.to_owned()),
            None => Self::Nowhere,
        }
    }
}

/// The path of the text of a page, below the folder of texts.
fn page_path(place: &Place) -> String {
    match place {
        Place::Slo(service, slo) => format!("{service}/{slo}.md"),
        Place::Alert(alert) => format!("alerts/{alert}.md"),
        Place::Topic(topic) => format!("topics/{topic}.md"),
        Place::Readme | Place::Nowhere => String::new(),
    }
}

/// The paths of the texts that pages would take, below the folder of texts.
fn pages(services: &[Service]) -> BTreeSet<String> {
    let slos = services.iter().flat_map(|service| &service.slos);
    let slos = slos.map(|slo| format!("{}/{}.md", slo.service, slo.name));
    let alerts = services.iter().flat_map(|service| &service.alerts);
    slos.chain(alerts.map(|alert| format!("alerts/{}.md", alert.name.value))).collect()
}

/// The topics that SLOs and alerts name, and where.
fn topics_in_use(services: &[Service]) -> BTreeMap<&str, Vec<Span>> {
    let mut uses: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for service in services {
        let slos = service.slos.iter().filter_map(|slo| slo.runbook_topic.as_ref());
        let alerts = service.alerts.iter().filter_map(|alert| alert.runbook.topic.as_ref());
        for Text { value, span, .. } in slos.chain(alerts) {
            uses.entry(value).or_default().push(*span);
        }
    }
    uses
}

fn unused(
    text: &RunbookText,
    place: &Place,
    pages: &BTreeSet<String>,
    topics: &BTreeMap<&str, Vec<Span>>,
) -> Diagnostic {
    let start = Span::new(text.span.file, 0, 0);
    let problem = |message: String| Diagnostic::new(Code::UnusedRunbookText, start, message);
    let path = page_path(place);
    let (problem, close) = match place {
        Place::Topic(topic) => (
            problem(format!("the topic `{topic}` is on no page"))
                .help(format!("an SLO or alert takes it with `runbook: {topic}`")),
            suggest(topic, topics.keys().copied()).map(|topic| format!("topics/{topic}.md")),
        ),
        Place::Slo(service, slo) => (
            problem(format!("there is no SLO `{slo}` in a service `{service}`")),
            suggest(&path, pages.iter().map(String::as_str)).map(str::to_owned),
        ),
        Place::Alert(alert) => (
            problem(format!("there is no cause alert `{alert}`"))
                .note("alerts of an SLO have its page: `slos/runbooks/<service>/<slo>.md`"),
            suggest(&path, pages.iter().map(String::as_str)).map(str::to_owned),
        ),
        Place::Readme | Place::Nowhere => (problem(format!("`{}` belongs to no page", text.path)), None),
    };
    let problem = problem.label("this text is read by nobody");
    match close {
        Some(close) => problem.help(format!("did you mean `{RUNBOOK_TEXTS}/{close}`?")),
        None => problem.help(format!(
            "texts lie in `{RUNBOOK_TEXTS}/<service>/<slo>.md`, `{RUNBOOK_TEXTS}/alerts/<alert>.md` or \
             `{RUNBOOK_TEXTS}/topics/<topic>.md`"
        )),
    }
}

fn unknown_topic(topic: &str, used: Span, found: &RunbookTexts) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownRunbookTopic, used, format!("there is no runbook topic `{topic}`"));
    let problem = problem.label(format!("no `{RUNBOOK_TEXTS}/topics/{topic}.md`"));
    let written = found.topics.iter().filter(|(_, text)| !text.path.starts_with(BUILT_IN));
    let written: Vec<&str> = written.map(|(topic, _)| topic.as_str()).collect();
    if let Some(close) = suggest(topic, written.iter().copied()) {
        return problem.replace(format!("did you mean `{close}`?"), used, close);
    }
    let problem = problem.help("write that file, with sections such as `## First steps` and `## Diagnosis`");
    if written.is_empty() {
        return problem;
    }
    let known: Vec<_> = written.iter().map(|topic| format!("`{topic}`")).collect();
    problem.note(format!("there are {}", known.join(", ")))
}

fn page_text(text: RunbookText) -> PageText {
    let sections = text
        .sections
        .into_iter()
        .map(|section| PageSection { heading: heading(&section.heading.value), body: markdown(section.body) });
    PageText {
        path: text.path,
        span: text.span,
        introduction: markdown(text.introduction),
        sections: sections.collect(),
    }
}

fn heading(words: &str) -> SectionHeading {
    let known = Section::ALL.into_iter().find(|section| same_heading(section.heading(), words));
    known.map_or_else(|| SectionHeading::Own(words.to_owned()), SectionHeading::Known)
}

fn markdown(body: TextBody) -> Markdown {
    let headings = body.headings.iter().map(|heading| heading_anchor(heading));
    let anchors = headings.chain(body.ids).collect();
    Markdown { text: body.markdown, links: body.links, anchors }
}
