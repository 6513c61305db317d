//! Specs as objects of OpenSLO v1, for other tools: what its language cannot say is a problem of its own.

mod alerting;
mod losses;
mod metadata;
mod sli;
mod slo;

use super::Document;
use super::tree::{self, Entry, Value, optional, some_map};
use crate::diag::Sink;
use crate::model::Service;
use crate::parse::decl::SpecDecl;

/// Writes specs with what was resolved from them, each as a service and its SLOs; what cannot be said goes to the sink.
#[must_use]
pub fn documents(specs: &[SpecDecl], services: &[Service], sink: &mut Sink) -> Vec<Document> {
    let resolved = |spec: &SpecDecl| services.iter().find(|service| service.span == spec.span);
    specs.iter().filter_map(|spec| Some(document(spec, resolved(spec)?, sink))).collect()
}

fn document(spec: &SpecDecl, service: &Service, sink: &mut Sink) -> Document {
    losses::of_spec(spec, sink);
    let mut texts = vec![object("Service", metadata::of_spec(spec, sink), of_service(spec))];
    for decl in &spec.slos {
        let name = decl.name.as_ref().map(|name| name.value.as_str());
        let model = service.slos.iter().find(|slo| Some(slo.name.as_str()) == name);
        let Some(model) = model else { continue };
        losses::of_slo(decl, sink);
        texts.push(object("SLO", metadata::of_slo(decl, sink), slo::entries(spec, decl, model, sink)));
    }
    Document { service: service.name.to_string(), slos: spec.slos.len(), text: texts.join("---\n") }
}

fn of_service(spec: &SpecDecl) -> Vec<Entry> {
    optional("description", spec.description.as_ref()).into_iter().collect()
}

/// The text of an object.
fn object(kind: &str, metadata: Vec<Entry>, spec: Vec<Entry>) -> String {
    let empty = Entry::new("spec", Value::Flow(Vec::new()), None);
    let entries = [
        Some(text("apiVersion", "openslo/v1")),
        Some(text("kind", kind)),
        some_map("metadata", metadata, None),
        some_map("spec", spec, None).or(Some(empty)),
    ];
    let entries: Vec<Entry> = entries.into_iter().flatten().collect();
    tree::document(&[], &entries, &[])
}

/// An entry of a text that was made up.
fn text(key: &str, text: &str) -> Entry {
    Entry::new(key, Value::Text(text.to_owned()), None)
}

/// An entry of a number, a length of time or a boolean.
fn word(key: &str, word: impl Into<String>) -> Entry {
    Entry::new(key, Value::Word(word.into()), None)
}

/// An entry of a mapping.
fn map(key: &str, entries: Vec<Entry>) -> Entry {
    Entry::new(key, Value::Map(entries), None)
}
