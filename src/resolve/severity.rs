//! Severities, and the labels that bring them to the routes.

use std::collections::BTreeMap;

use super::labels::labels_of_severity;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{LabelName, Profile, Severity, SeverityLabels};
use crate::parse::decl::{DefaultsDecl, SeverityLabelsDecl};
use crate::source::Text;

/// What other tools call a page.
const PAGES: [&str; 9] = ["critical", "crit", "high", "urgent", "emergency", "fatal", "error", "p1", "pager"];

/// What other tools call a ticket.
const TICKETS: [&str; 9] = ["warning", "warn", "medium", "low", "info", "minor", "notice", "p2", "p3"];

/// Reads `page` or `ticket`.
pub(super) fn severity(text: &Text, sink: &mut Sink) -> Option<Severity> {
    match text.value.as_str() {
        "page" => Some(Severity::Page),
        "ticket" => Some(Severity::Ticket),
        other => {
            sink.push(no_severity(text, other));
            None
        }
    }
}

fn no_severity(text: &Text, word: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::BadSeverity, text.span, format!("expected `page` or `ticket`, found `{word}`"))
            .note("a page wakes somebody up now, a ticket waits for the working day");
    let lower = word.to_ascii_lowercase();
    let meant = if PAGES.contains(&lower.as_str()) || lower == "page" || lower == "pages" {
        "page"
    } else if TICKETS.contains(&lower.as_str()) || lower == "ticket" || lower == "tickets" {
        "ticket"
    } else {
        return diagnostic;
    };
    let diagnostic = diagnostic.replace(format!("write `{meant}`"), text.span, meant);
    diagnostic.help(format!("the label that alerts carry for it is set by `defaults.severity_labels.{meant}`"))
}

/// Reads the labels of page and ticket: each from the nearest layer that has it, else `severity: critical` and `warning`.
///
/// With Sloth's names there are none by default: its alerts are told apart by `sloth_severity`.
pub(super) fn severity_labels(layers: &[&DefaultsDecl], profile: &Profile, sink: &mut Sink) -> SeverityLabels {
    let mut nearest = |labels: fn(&SeverityLabelsDecl) -> &Vec<(Text, Text)>| {
        let decls = layers.iter().filter_map(|layer| layer.severity_labels.as_ref()).map(labels);
        decls.into_iter().find(|decl| !decl.is_empty()).map(|decl| labels_of_severity(decl, sink))
    };
    let page = nearest(|decl| &decl.page).unwrap_or_else(|| default_labels("critical", profile));
    let ticket = nearest(|decl| &decl.ticket).unwrap_or_else(|| default_labels("warning", profile));
    let labels = SeverityLabels { page, ticket };
    if let Some(diagnostic) = indistinguishable(&labels, layers) {
        sink.push(diagnostic);
    }
    labels
}

fn default_labels(value: &str, profile: &Profile) -> BTreeMap<LabelName, String> {
    if let Profile::Sloth(_) = profile {
        return BTreeMap::new();
    }
    LabelName::parse("severity").map(|name| (name, value.to_owned())).into_iter().collect()
}

/// The problem of a page and a ticket that routes cannot tell apart.
fn indistinguishable(labels: &SeverityLabels, layers: &[&DefaultsDecl]) -> Option<Diagnostic> {
    if labels.page != labels.ticket {
        return None;
    }
    let decl = layers.iter().find_map(|layer| layer.severity_labels.as_ref())?;
    let (key, value) = decl.page.first().or(decl.ticket.first())?;
    let message = "a page and a ticket have the same labels";
    Some(
        Diagnostic::new(Code::BadLabel, key.span.to(value.span), message)
            .note("the Alertmanager could not send them to different receivers")
            .help("give one of them another value, as in `severity: critical` and `severity: warning`"),
    )
}
