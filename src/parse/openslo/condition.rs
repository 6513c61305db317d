//! Conditions of alerts: a burn rate over a time.

use super::metadata::Metadata;
use super::object::{description, optional_text};
use super::objective::operator;
use super::window::{Length, optional_shorthand, shorthand};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::read::{Fields, Reader};
use crate::source::{Span, Text};

/// A condition.
pub(super) struct Condition {
    /// Where it stands.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: Option<Text>,
    /// The burn rate; `None` after a problem that is reported.
    pub(super) burn: Option<Burn>,
}

/// A burn rate that alerts.
pub(super) struct Burn {
    /// How bad it is.
    pub(super) severity: Text,
    /// The factor.
    pub(super) threshold: Text,
    /// How far it looks back.
    pub(super) lookback: Length,
    /// How long it has to last.
    pub(super) alert_after: Option<Length>,
}

/// What others call a page.
const PAGES: [&str; 14] = [
    "page",
    "critical",
    "crit",
    "high",
    "urgent",
    "emergency",
    "fatal",
    "error",
    "pager",
    "sev1",
    "sev-1",
    "p1",
    "s1",
    "major",
];

/// What others call a ticket.
const TICKETS: [&str; 17] = [
    "ticket", "warning", "warn", "medium", "low", "info", "minor", "notice", "sev2", "sev-2", "sev3", "sev-3", "p2",
    "p3", "s2", "s3", "moderate",
];

/// Reads a condition by its spec.
pub(super) fn condition(reader: &mut Reader<'_>, fields: &mut Fields, metadata: Metadata) -> Condition {
    description(reader, fields);
    let severity = reader.required_text(fields, "severity", "severity: page").map(|text| severity(&text));
    let entry =
        reader.required(fields, "condition", "condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h}");
    let inner = entry.and_then(|entry| reader.mapping_of(entry, "a condition"));
    let burn = inner.and_then(|mut inner| {
        let burn = burn(reader, &mut inner, severity);
        reader.finish(&inner);
        burn
    });
    Condition { span: metadata.place(fields.head()), name: metadata.name, burn }
}

/// `page` or `ticket` for what means one of them; other words are judged later.
fn severity(text: &Text) -> Text {
    let word = text.value.to_ascii_lowercase();
    if PAGES.contains(&word.as_str()) {
        return text.instead("page");
    }
    if TICKETS.contains(&word.as_str()) { text.instead("ticket") } else { text.clone() }
}

fn burn(reader: &mut Reader<'_>, fields: &mut Fields, severity: Option<Text>) -> Option<Burn> {
    if let Some(kind) = optional_text(reader, fields, "kind").filter(|kind| kind.value != "burnrate") {
        let message = format!("`{}` is no kind of condition", kind.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, kind.span, message);
        let name = kind.value.to_ascii_lowercase().replace(['-', '_'], "");
        reader.report(match suggest(&name, ["burnrate"]).or_else(|| (name == "burnrate").then_some("burnrate")) {
            Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), kind.span, meant),
            None => diagnostic.help("write `burnrate`, the only one"),
        });
    }
    if let Some(op) = operator(reader, fields, "op").filter(|op| op.value.starts_with('<')) {
        let why = "an alert on a burn rate fires when the rate is above its threshold; `op: gte` says so";
        reader.no_effect(&[("op".to_owned(), op.span)], why);
    }
    let threshold = reader.required_text(fields, "threshold", "threshold: 2");
    let lookback = reader.required_text(fields, "lookbackWindow", "lookbackWindow: 1h");
    let lookback = lookback.and_then(|text| shorthand(reader, &text));
    let alert_after = optional_shorthand(reader, fields, "alertAfter");
    Some(Burn { severity: severity?, threshold: threshold?, lookback: lookback?, alert_after })
}
