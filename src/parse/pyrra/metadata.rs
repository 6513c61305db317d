//! The metadata of an object of Pyrra: its name, its service, and the labels that Pyrra hands on.

use super::super::decl::{AlertingDecl, OwnerDecl, SloDecl};
use super::super::identifier::renamed;
use super::super::read::{Fields, Reader};
use super::super::yaml::Entry;
use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Text};

/// What the labels and annotations begin with that Pyrra hands on.
const PREFIX: &str = "pyrra.dev/";

/// What Kubernetes itself writes into the metadata of an object.
const OF_KUBERNETES: [&str; 8] = [
    "creationTimestamp",
    "finalizers",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What the metadata says.
pub(super) struct Metadata {
    /// The service.
    pub(super) service: Option<Text>,
    /// The SLO, as far as the metadata describes it.
    pub(super) slo: SloDecl,
}

pub(super) fn metadata(reader: &mut Reader<'_>, entry: Entry, head: Span) -> Option<Metadata> {
    let mut fields = reader.mapping_of(entry, "`metadata`")?;
    let name = reader.required_text(&mut fields, "name", "name: api-errors");
    let namespace = reader.text(&mut fields, "namespace").filter(|text| !text.value.is_empty());
    let mut slo = SloDecl::new(fields.span, name.as_ref().map(renamed));
    let own_service = labels(reader, &mut fields, &mut slo);
    annotations(reader, &mut fields, &mut slo);
    let bookkeeping: Vec<(String, Span)> = OF_KUBERNETES
        .into_iter()
        .filter_map(|key| fields.take(key))
        .map(|entry| (entry.key.value, entry.key.span))
        .collect();
    reader.no_effect(&bookkeeping, "Kubernetes writes it into an object for itself");
    reader.finish(&fields);
    let service = match own_service.or(namespace) {
        Some(service) => Some(renamed(&service)),
        None => name.as_ref().map(|name| without_service(reader, &fields, name, head)),
    };
    Some(Metadata { service, slo })
}

/// The service of an SLO that names none: as Kubernetes does with objects, it goes to `default`.
fn without_service(reader: &mut Reader<'_>, fields: &Fields, name: &Text, head: Span) -> Text {
    let place = if name.span.start < name.span.end { name.span } else { head };
    let diagnostic = Diagnostic::new(Code::GuessedService, place, "nothing says which service this SLO is of")
        .label("so it is counted to `default`");
    let diagnostic = reader.with_line(diagnostic, fields, "name its namespace", "namespace: shop");
    reader.report(diagnostic.help("or set the label `pyrra.dev/service`"));
    name.instead("default")
}

/// Reads the labels, which become those of alerts without their prefix; answers the service, if one of them names it.
fn labels(reader: &mut Reader<'_>, fields: &mut Fields, slo: &mut SloDecl) -> Option<Text> {
    let mut service = None;
    let mut ineffective = Vec::new();
    for (key, value) in reader.text_map(fields, "labels") {
        let Some(name) = without_prefix(&key) else {
            ineffective.push((key.value, key.span));
            continue;
        };
        match name.value.as_str() {
            "service" => service = Some(value),
            "team" => slo.owner = Some(OwnerDecl { team: value, oncall: None, slack: None }),
            "tier" => slo.tier = Some(value),
            _ => slo.labels.push((name, value)),
        }
    }
    reader.no_effect(
        &ineffective,
        "only labels that begin with `pyrra.dev/` become labels of alerts; those of objects are set under `targets.kubernetes` in the project file",
    );
    service
}

/// Reads the annotations: links and a description, and the others as those of alerts.
fn annotations(reader: &mut Reader<'_>, fields: &mut Fields, slo: &mut SloDecl) {
    let mut ineffective = Vec::new();
    let mut handed_on = Vec::new();
    for (key, value) in reader.word_map(fields, "annotations") {
        let Some(name) = without_prefix(&key) else {
            ineffective.push((key.value, key.span));
            continue;
        };
        match name.value.as_str() {
            "runbook_url" | "runbook" => slo.links.runbook = Some(value),
            "dashboard_url" | "dashboard" => slo.links.dashboard = Some(value),
            "description" if !value.value.is_empty() => slo.description = Some(value),
            _ => handed_on.push((name, value)),
        }
    }
    reader.no_effect(&ineffective, "only annotations that begin with `pyrra.dev/` become annotations of alerts");
    if !handed_on.is_empty() {
        let mut alerting = AlertingDecl::new(fields.span);
        alerting.extras.annotations = handed_on;
        slo.alerting = Some(alerting);
    }
}

/// The name of a label or annotation that Pyrra hands on.
#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
fn without_prefix(key: &Text) -> Option<Text> {
    key.value.starts_with(PREFIX).then(|| key.slice(PREFIX.len() as u32..key.value.len() as u32))
}
