//! The front end for Sloth: its own format, its Kubernetes resource, and its catalogues of alert windows.

mod alerting;
mod indicator;
mod plugins;
mod collection;
mod chain;
mod slo;
mod windows;

use std::sync::Arc;

use rayon::prelude::*;

use super::decl::{AlertWindowsDecl, ProfileDecl, SpecDecl};
use super::read::{Fields, Reader};
use super::yaml::{Entry, Node};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::{Quotes, Sources, Span, Text, TextMap};

/// The version of Sloth's own format.
const VERSION: &str = "prometheus/v1";
/// The version of its resources of Kubernetes.
const API_VERSION: &str = "sloth.slok.dev/v1";

/// The keys that Sloth's two formats write differently.
struct Keys {
    chain: &'static str,
    override_previous: &'static str,
    error_query: &'static str,
    total_query: &'static str,
    error_ratio_query: &'static str,
    page_alert: &'static str,
    ticket_alert: &'static str,
}

const PLAIN: Keys = Keys {
    chain: "slo_plugins",
    override_previous: "override_previous",
    error_query: "error_query",
    total_query: "total_query",
    error_ratio_query: "error_ratio_query",
    page_alert: "page_alert",
    ticket_alert: "ticket_alert",
};

const KUBERNETES: Keys = Keys {
    chain: "sloPlugins",
    override_previous: "overridePrevious",
    error_query: "errorQuery",
    total_query: "totalQuery",
    error_ratio_query: "errorRatioQuery",
    page_alert: "pageAlert",
    ticket_alert: "ticketAlert",
};

/// What a document is read with.
struct Dialect<'a> {
    keys: &'static Keys,
    windows: &'a Arc<Vec<AlertWindowsDecl>>,
}

/// Reads all documents of Sloth in the whole input, in the order of the files.
pub(super) fn specs(sources: &Sources, documents: Vec<Node>, sink: &mut Sink) -> Vec<SpecDecl> {
    let is_catalogue =
        |node: &Node| super::formats::scalar(node, "kind").is_some_and(|kind| kind.value == "AlertWindows");
    let (catalogues, documents): (Vec<_>, Vec<_>) = documents.into_iter().partition(is_catalogue);
    let windows = Arc::new(windows::all(sources, catalogues, sink));
    if documents.is_empty() {
        sink.extend(windows.iter().map(unused));
    }
    let read: Vec<_> = documents
        .into_par_iter()
        .map(|node| {
            let mut sink = Sink::default();
            let mut reader = Reader::new(&sources.file(node.span.file).text, &mut sink);
            (document(&mut reader, node, &windows), sink)
        })
        .collect();
    let mut specs = Vec::with_capacity(read.len());
    for (spec, problems) in read {
        specs.extend(spec);
        sink.append(problems);
    }
    specs
}

/// The warning of a catalogue for a period that no SLO of Sloth has.
#[must_use]
pub fn unused(windows: &AlertWindowsDecl) -> Diagnostic {
    let period = &windows.period;
    let message = format!("no SLO of Sloth has a period of {}", period.value);
    super::ignored::no_effect(period.span, message)
        .label("so the catalogue has no effect")
        .help(format!("the period of all SLOs is `defaults: {{window: {}}}` in slosmith.yaml", period.value))
}

fn document(reader: &mut Reader<'_>, node: Node, windows: &Arc<Vec<AlertWindowsDecl>>) -> Option<SpecDecl> {
    let span = node.span;
    let mut fields = reader.written(node, "a spec of Sloth")?;
    let Some(version) = fields.take("apiVersion") else {
        let version = version(reader, &mut fields, "version", VERSION)?;
        let dialect = Dialect { keys: &PLAIN, windows };
        return Some(service(reader, fields, (span, version), &dialect));
    };
    let version = version_of(reader, version, API_VERSION)?;
    kind(reader, &mut fields)?;
    metadata(reader, &mut fields);
    // Written by the cluster.
    fields.take("status");
    let entry = reader.demanded(&mut fields, "spec", "spec: {service: cart, slos: []}");
    reader.pass_over(&fields, "Sloth");
    let fields = reader.written(entry?.value, "`spec`")?;
    let dialect = Dialect { keys: &KUBERNETES, windows };
    Some(service(reader, fields, (span, version), &dialect))
}

/// The version under a key, if it is the one that is read.
fn version(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str, known: &str) -> Option<Text> {
    let entry = reader.demanded(fields, key, &format!("{key}: {known}"))?;
    version_of(reader, entry, known)
}

fn version_of(reader: &mut Reader<'_>, entry: Entry, known: &str) -> Option<Text> {
    let version = reader.text_of(entry, "a version")?;
    if version.value == known {
        return Some(version);
    }
    let message = format!("expected version `{known}` of Sloth, found `{}`", version.value);
    let diagnostic = Diagnostic::new(Code::ApiVersion, version.span, message);
    reader.report(diagnostic.replace("use this version", version.span, known));
    None
}

/// Checks the kind of a resource.
fn kind(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<()> {
    const KNOWN: &str = "PrometheusServiceLevel";
    let entry = reader.demanded(fields, "kind", "kind: PrometheusServiceLevel")?;
    let kind = reader.text_of(entry, "a kind")?;
    if kind.value == KNOWN {
        return Some(());
    }
    let message = format!("a resource of kind `{}`, which Sloth does not have", kind.value);
    let diagnostic = Diagnostic::new(Code::ApiVersion, kind.span, message);
    reader.report(match suggest(&kind.value, [KNOWN, "AlertWindows"]) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), kind.span, meant),
        None => diagnostic.note(format!("the kinds of `{API_VERSION}` are `{KNOWN}` and `AlertWindows`")),
    });
    None
}

/// `metadata`: the identity of the resource is nothing to say a word about, but what Sloth would copy onto its rules is.
fn metadata(reader: &mut Reader<'_>, fields: &mut Fields) {
    const NOTE: &str = "Sloth copies it onto the object that holds its rules";
    const HELP: &str = "set it for all objects under `targets.kubernetes` in slosmith.yaml";
    /// What identifies the resource, and what the cluster adds.
    const IDENTITY: [&str; 9] = [
        "name",
        "namespace",
        "generateName",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "managedFields",
        "ownerReferences",
    ];
    let Some(mut inner) = reader.written_in(fields, "metadata", "`metadata`") else { return };
    for key in IDENTITY {
        inner.take(key);
    }
    for key in ["labels", "annotations"] {
        if let Some(entry) = inner.take(key) {
            let message = format!("`{key}` in `metadata` has no effect here");
            reader.report(super::ignored::no_effect(entry.key.span, message).note(NOTE).help(HELP));
        }
    }
    reader.pass_over(&inner, "Sloth");
}

/// `service`, `labels`, `slo_plugins` and `slos`.
fn service(
    reader: &mut Reader<'_>,
    mut fields: Fields,
    (span, version): (Span, Text),
    dialect: &Dialect<'_>,
) -> SpecDecl {
    let entry = reader.demanded(&mut fields, "service", "service: cart");
    let service = entry.and_then(|entry| reader.text_of(entry, "text"));
    let labels = reader.text_map(&mut fields, "labels");
    chain::chain(reader, &mut fields, dialect.keys.chain, dialect);
    let slos = match reader.demanded(&mut fields, "slos", "slos: []") {
        Some(entry) => {
            let place = entry.key.span;
            let items = reader.list_of(entry);
            if items.is_empty() {
                let diagnostic = Diagnostic::new(Code::MissingKey, place, "a spec of Sloth without an SLO");
                reader.report(diagnostic.help("add one with `name`, `objective` and `sli`, or remove the document"));
            }
            items.into_iter().filter_map(|node| slo::slo(reader, node, dialect)).collect()
        }
        None => Vec::new(),
    };
    reader.pass_over(&fields, "Sloth");
    let name = Text { value: "sloth".to_owned(), span: version.span, map: TextMap::Whole, quotes: Quotes::None };
    let profile = ProfileDecl { name, spec: Some(version) };
    let mut spec = SpecDecl::new(span, service);
    spec.labels = labels;
    spec.defaults.profile = Some(profile);
    spec.slos = slos;
    spec.unfinished = std::mem::take(&mut reader.unfinished);
    spec
}
