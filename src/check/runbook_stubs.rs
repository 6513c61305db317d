//! Alerts that page somebody whose runbook page has no word that a person wrote.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{PageText, RUNBOOK_TEXTS, RunbookTexts, Service, Severity};
use crate::source::{Span, Text};

/// Reports them once a project keeps text for any page: until then it may have its runbooks elsewhere.
pub(super) fn check<'a>(services: impl Iterator<Item = &'a Service>, texts: &RunbookTexts, sink: &mut Sink) {
    let mut has_texts = false;
    let mut stubs = Vec::new();
    for service in services {
        for slo in &service.slos {
            let own = texts.slos.get(&(slo.service.to_string(), slo.name.to_string()));
            let words = Words::of(own, slo.runbook_topic.as_ref(), &[], texts);
            has_texts |= own.is_some() || slo.runbook_topic.is_some();
            if slo.alerting.severities().any(|severity| severity == Severity::Page) {
                let path = format!("{}/{}.md", slo.service, slo.name);
                stubs.extend(words.stub(slo.name_span, &format!("the SLO `{}` pages", slo.name), &path));
            }
        }
        for alert in &service.alerts {
            let own = texts.alerts.get(&alert.name.value);
            let words = Words::of(own, alert.runbook.topic.as_ref(), &alert.runbook.steps, texts);
            has_texts |= own.is_some() || alert.runbook.topic.is_some();
            if alert.severity == Severity::Page {
                let path = format!("alerts/{}.md", alert.name.value);
                stubs.extend(words.stub(alert.name.span, &format!("the alert `{}` pages", alert.name.value), &path));
            }
        }
    }
    if has_texts {
        sink.extend(stubs);
    }
}

/// What people have written for a page.
#[derive(Clone, Copy)]
enum Words<'a> {
    None,
    /// Nothing but notes that something is to be written, in this text if it is one.
    ToDo(Option<&'a PageText>),
    Some,
}

impl<'a> Words<'a> {
    fn of(own: Option<&'a PageText>, topic: Option<&Text>, steps: &[String], texts: &'a RunbookTexts) -> Self {
        // A topic that is not there is reported where it is named.
        let shared = topic.map(|topic| texts.topics.get(topic.value.as_str()));
        let is_unknown = shared.is_some_and(|text| text.is_none());
        let mut all = own.into_iter().chain(shared.flatten());
        if is_unknown || steps.iter().any(|step| says_something(step)) || all.clone().any(has_words) {
            return Self::Some;
        }
        match all.next() {
            None if steps.is_empty() => Self::None,
            first => Self::ToDo(first),
        }
    }

    fn stub(self, span: Span, who: &str, path: &str) -> Option<Diagnostic> {
        let problem = |message: String| Diagnostic::new(Code::RunbookStub, span, message);
        match self {
            Self::Some => None,
            Self::None => {
                let problem = problem(format!("{who}, and nobody has written what to do then"));
                Some(problem.help(format!(
                    "write `{RUNBOOK_TEXTS}/{path}`, or name a text that several pages share: `runbook: <topic>`"
                )))
            }
            Self::ToDo(text) => {
                let problem = problem(format!("{who}, and what to do then is still to be written"));
                let place = text.map_or_else(|| "its `steps`".to_owned(), |text| format!("`{}`", text.path));
                Some(problem.help(format!("write what somebody has to do at night in place of the notes in {place}")))
            }
        }
    }
}

/// Whether a text says something.
fn has_words(text: &PageText) -> bool {
    let bodies = text.sections.iter().map(|section| &section.body).chain([&text.introduction]);
    bodies.flat_map(|body| body.text.lines()).any(says_something)
}

/// Words that stand where others are to be written.
const NOTES: [&str; 8] = ["todo", "tbd", "tba", "fixme", "xxx", "wip", "coming soon", "to be written"];

/// Whether a line is more than a heading, a comment, a mark, or a note that something is to be written.
fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with('#') || line.starts_with("<!--") {
        return false;
    }
    let words = line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // `1. todo: x` is a note, `todos` is a word.
    let words = words.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
    let is_note = |note: &&str| words.strip_prefix(*note).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    !(words.is_empty() || NOTES.iter().any(is_note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_say_nothing() {
        for line in [
            "",
            "ToDo",
            "- ToDo: write",
            "1. tbd",
            "**TBD**",
            "...",
            "### Later",
            "<!-- x -->",
            "Coming soon!",
            "_wip_",
        ] {
            assert!(!says_something(line), "{line}");
        }
        for line in ["Restart it.", "1. Look.", "todos are listed", "| exit code |", "5 minutes"] {
            assert!(says_something(line), "{line}");
        }
    }
}
