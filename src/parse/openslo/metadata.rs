//! Metadata of objects of OpenSLO: names, and labels with one or several values.

use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{LinksDecl, OwnerDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, NodeKind, ScalarStyle};
use crate::source::{Span, Text};

use super::object::optional_text;

/// What the metadata says.
#[derive(Default)]
pub(super) struct Metadata {
    /// Where the metadata stands.
    pub(super) span: Option<Span>,
    /// The name, as other objects refer to it.
    pub(super) name: Option<Text>,
    /// The name for people.
    pub(super) display: Option<Text>,
    /// Labels of alerts.
    pub(super) labels: Vec<(Text, Text)>,
    /// Who answers for it.
    pub(super) owner: Option<OwnerDecl>,
    /// How important it is.
    pub(super) tier: Option<Text>,
    /// Links.
    pub(super) links: LinksDecl,
}

impl Metadata {
    /// Where the object is named, or some other place.
    pub(super) fn place(&self, other: Span) -> Span {
        self.name.as_ref().map_or(other, |name| name.span)
    }
}

/// Reads the metadata of an object whose labels go on to alerts.
pub(super) fn metadata(reader: &mut Reader<'_>, entry: Entry) -> Option<Metadata> {
    let (mut metadata, mut fields) = named(reader, entry)?;
    for (key, value) in labels(reader, &mut fields) {
        match key.value.as_str() {
            "team" | "owner" => metadata.owner = Some(OwnerDecl { team: value, oncall: None, slack: None }),
            "tier" => metadata.tier = Some(value),
            _ => metadata.labels.push((label_name(&key), value)),
        }
    }
    annotations(reader, &mut fields, &mut metadata.links);
    reader.finish(&fields);
    Some(metadata)
}

/// Reads the metadata of an object that is only referred to.
pub(super) fn name_only(reader: &mut Reader<'_>, entry: Entry) -> Option<Metadata> {
    let (metadata, mut fields) = named(reader, entry)?;
    let ineffective: Vec<(String, Span)> =
        ["labels", "annotations"].into_iter().filter_map(|key| fields.take(key)).map(key_of).collect();
    reader.no_effect(&ineffective, "alerts have the labels of their SLO and of its service");
    reader.finish(&fields);
    Some(metadata)
}

fn key_of(entry: Entry) -> (String, Span) {
    (entry.key.value, entry.key.span)
}

fn named(reader: &mut Reader<'_>, entry: Entry) -> Option<(Metadata, Fields)> {
    let mut fields = reader.mapping_of(entry, "`metadata`")?;
    let span = Some(fields.head());
    let name = reader.required_text(&mut fields, "name", "name: cart-availability");
    let name = name.filter(|name| !is_empty(reader, name));
    let display = optional_text(reader, &mut fields, "displayName");
    Some((Metadata { span, name, display, ..Metadata::default() }, fields))
}

fn is_empty(reader: &mut Reader<'_>, name: &Text) -> bool {
    if name.value.trim().is_empty() {
        reader.report(Diagnostic::new(Code::BadName, name.span, "the object's name is empty"));
        return true;
    }
    false
}

/// Reads labels; of several values, Prometheus can have one.
fn labels(reader: &mut Reader<'_>, fields: &mut Fields) -> Vec<(Text, Text)> {
    let mut labels = Vec::new();
    if fields.key_span("labels").is_none() {
        fields.take("labels");
        return labels;
    }
    for entry in reader.entries(fields, "labels") {
        let key = entry.key.clone();
        let items = match entry.value.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Scalar(ref scalar) => {
                let plain = scalar.style == ScalarStyle::Plain;
                if let Some(value) = reader.text_of(entry, "text") {
                    if plain {
                        reader.old_boolean(&value);
                    }
                    labels.push((key, value));
                }
                continue;
            }
            NodeKind::Mapping(_) => {
                reader.text_of(entry, "text or a list");
                continue;
            }
        };
        let mut values =
            items.into_iter().filter_map(|item| reader.scalar(item, "text")).collect::<Vec<_>>().into_iter();
        if let Some(first) = values.next() {
            labels.push((key, first));
        }
        let ineffective: Vec<(String, Span)> = values.map(|value| (value.value, value.span)).collect();
        reader.no_effect(&ineffective, "a label of Prometheus has one value: the first one is taken");
    }
    labels
}

/// A key as the name of a label of Prometheus.
fn label_name(key: &Text) -> Text {
    let name: String = key.value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name == key.value { key.clone() } else { key.instead(name) }
}

fn annotations(reader: &mut Reader<'_>, fields: &mut Fields, links: &mut LinksDecl) {
    let mut ineffective = Vec::new();
    if fields.key_span("annotations").is_none() {
        fields.take("annotations");
        return;
    }
    for (key, value) in reader.word_map(fields, "annotations") {
        let name = key.value.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        match name.replace(['-', '_'], "").as_str() {
            "runbook" | "runbookurl" => links.runbook = Some(value),
            "dashboard" | "dashboardurl" => links.dashboard = Some(value),
            _ => ineffective.push((key.value, key.span)),
        }
    }
    reader.no_effect(&ineffective, "of the annotations, those are read whose name is `runbook` or `dashboard`");
}
