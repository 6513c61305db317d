//! Labels of alerts and of `slo_info`, merged key by key.

use std::collections::BTreeMap;

use super::names::label_name;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{LabelName, Profile, SeverityLabels};
use crate::source::Text;

/// Labels as written.
pub(crate) type LabelDecls = [(Text, Text)];

/// Labels that the rules set themselves, and the key that sets them where there is one.
const GENERATED: [(&str, Option<&str>); 11] = [
    ("alertname", None),
    ("slo_id", None),
    ("slo_service", None),
    ("slo_name", None),
    ("slo_alert", None),
    ("slo_budget_below", None),
    ("objective", Some("target")),
    ("window", Some("window")),
    ("team", Some("owner")),
    ("tier", Some("tier")),
    ("le", None),
];

/// Merges labels of several layers, the farthest first; a nearer one replaces the value of its key.
pub(super) fn labels<'a>(
    layers: impl IntoIterator<Item = &'a LabelDecls>,
    severity_labels: &SeverityLabels,
    profile: &Profile,
    sink: &mut Sink,
) -> BTreeMap<LabelName, String> {
    let mut merged = BTreeMap::new();
    for (key, value) in layers.into_iter().flatten() {
        let Some(name) = label_name(key, Code::BadLabel, sink) else {
            continue;
        };
        if let Some(diagnostic) = generated(key, severity_labels, profile) {
            sink.push(diagnostic);
            continue;
        }
        if is_label_value(key, value, sink) {
            merged.insert(name, value.value.clone());
        }
    }
    merged
}

/// Reads the labels of the alerts of a severity; the last one of a name wins.
pub(super) fn labels_of_severity(labels: &LabelDecls, sink: &mut Sink) -> BTreeMap<LabelName, String> {
    let mut read = BTreeMap::new();
    for (key, value) in labels {
        let name = label_name(key, Code::BadLabel, sink);
        let is_value = is_label_value(key, value, sink);
        let generated = set_by_rules(key);
        let is_free = generated.is_none();
        sink.extend(generated);
        if let Some(name) = name.filter(|_| is_value && is_free) {
            read.insert(name, value.value.clone());
        }
    }
    read
}

/// Whether a value can stand on a label; if not, reports it.
pub(super) fn is_label_value(key: &Text, value: &Text, sink: &mut Sink) -> bool {
    if value.value.is_empty() {
        let message = format!("the label `{}` has an empty value", key.value);
        let diagnostic = Diagnostic::new(Code::BadLabel, value.span, message);
        sink.push(diagnostic.note("to Prometheus, a label with an empty value is no label").help("leave the key out"));
        return false;
    }
    true
}

/// The problem of a label that the rules set themselves, whatever the severities are.
pub(super) fn set_by_rules(key: &Text) -> Option<Diagnostic> {
    let name = key.value.as_str();
    let (_, setter) = GENERATED.iter().find(|(generated, _)| *generated == name)?;
    let problem = Diagnostic::new(Code::BadLabel, key.span, format!("the label `{name}` is set by slosmith itself"));
    Some(match setter {
        Some(setter) => problem.help(format!("set the key `{setter}` instead")),
        None => problem.help("choose another name"),
    })
}

/// The problem of a label that the rules set themselves with the names of Sloth; `team`, `tier` and the like are free there.
pub(super) fn set_with_sloth_names(key: &Text) -> Option<Diagnostic> {
    const FIXED: [&str; 3] = ["alertname", "slo_budget_below", "le"];
    let name = key.value.as_str();
    let is_set = name.starts_with("sloth_") || FIXED.contains(&name);
    is_set.then(|| {
        let message = format!("the label `{name}` is set by slosmith itself");
        Diagnostic::new(Code::BadLabel, key.span, message).help("choose another name")
    })
}

/// The problem of a label that the rules set themselves.
fn generated(key: &Text, severity_labels: &SeverityLabels, profile: &Profile) -> Option<Diagnostic> {
    let name = key.value.as_str();
    if let Profile::Sloth(_) = profile {
        return set_with_sloth_names(key);
    }
    let problem = || Diagnostic::new(Code::BadLabel, key.span, format!("the label `{name}` is set by slosmith itself"));
    if let Some(found) = set_by_rules(key) {
        return Some(found);
    }
    let of_severity = |labels: &BTreeMap<LabelName, String>| labels.keys().any(|label| label.as_str() == name);
    if of_severity(&severity_labels.page) || of_severity(&severity_labels.ticket) {
        let help = "a page and a ticket have their own values of it: set them under `defaults.severity_labels`";
        return Some(problem().help(help));
    }
    None
}
