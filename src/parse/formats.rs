//! The formats of specs: every document of a file goes to the front end that its version and kind name.

use std::collections::BTreeMap;

use super::decl::{SloDecl, SpecDecl};
use super::yaml::{Entry, Node, NodeKind};
use super::{document, native, openslo, pyrra, sloth};
use crate::diag::Sink;
use crate::source::{FileId, Sources, Text};

/// What one file declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// Services in slosmith's own language, each whole in itself.
    pub specs: Vec<SpecDecl>,
    /// What is read together with the documents of other files.
    pub foreign: Foreign,
}

/// Documents of other formats, which refer to each other across files, and of which several make one service.
#[derive(Debug, Default)]
pub struct Foreign {
    sloth: Vec<Node>,
    openslo: Vec<Node>,
    pyrra: Vec<Node>,
}

impl Foreign {
    /// The formats that documents are in.
    #[must_use]
    pub fn formats(&self) -> Vec<Format> {
        let all = [(Format::Sloth, &self.sloth), (Format::OpenSlo, &self.openslo), (Format::Pyrra, &self.pyrra)];
        all.into_iter().filter(|(_, nodes)| !nodes.is_empty()).map(|(format, _)| format).collect()
    }

    /// Adds the documents of another file.
    pub fn append(&mut self, other: Self) {
        self.sloth.extend(other.sloth);
        self.openslo.extend(other.openslo);
        self.pyrra.extend(other.pyrra);
    }
}

/// Which front end reads a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// slosmith's own.
    Native,
    /// That of Sloth.
    Sloth,
    /// That of OpenSLO.
    OpenSlo,
    /// That of Pyrra.
    Pyrra,
}

/// Reads a file: services of slosmith's own, and what is to be given to [`foreign_specs`] with that of all other files.
#[must_use]
pub fn declared(sources: &Sources, file: FileId, sink: &mut Sink) -> Declared {
    let mut declared = Declared::default();
    let Some(documents) = document::all(sources, file, sink) else {
        return declared;
    };
    if documents.is_empty() {
        native::empty(file, sink);
    }
    for node in documents.into_iter().flat_map(unpacked) {
        match format(&node) {
            Format::Native => declared.specs.extend(native::spec(&sources.file(file).text, node, sink)),
            Format::Sloth => declared.foreign.sloth.push(node),
            Format::OpenSlo => declared.foreign.openslo.push(node),
            Format::Pyrra => declared.foreign.pyrra.push(node),
        }
    }
    declared
}

/// Reads the documents of other formats, of all files at once, into one spec for each service.
#[must_use]
pub fn foreign_specs(sources: &Sources, foreign: Foreign, sink: &mut Sink) -> Vec<SpecDecl> {
    let mut specs = sloth::specs(sources, foreign.sloth, sink);
    specs.extend(openslo::specs(sources, foreign.openslo, sink));
    specs.extend(pyrra::specs(sources, foreign.pyrra, sink));
    by_service(specs)
}

/// Reads some files by themselves.
#[must_use]
pub fn specs(sources: &Sources, files: impl IntoIterator<Item = FileId>, sink: &mut Sink) -> Vec<SpecDecl> {
    let (mut specs, mut foreign) = (Vec::new(), Foreign::default());
    for file in files {
        let declared = declared(sources, file, sink);
        specs.extend(declared.specs);
        foreign.append(declared.foreign);
    }
    specs.extend(foreign_specs(sources, foreign, sink));
    specs
}

/// Reads the first spec of a file; `None` means that not even its service is known.
#[must_use]
pub fn spec(sources: &Sources, file: FileId, sink: &mut Sink) -> Option<SpecDecl> {
    specs(sources, [file], sink).into_iter().next()
}

/// The objects of a list of Kubernetes, as `kubectl get` prints them, or of a plain list of objects; any other document is itself.
fn unpacked(node: Node) -> Vec<Node> {
    if let NodeKind::Sequence(items) = &node.kind
        && items.iter().any(|item| scalar(item, "apiVersion").is_some())
    {
        return items.clone();
    }
    if !scalar(&node, "kind").is_some_and(|kind| kind.value.ends_with("List")) {
        return vec![node];
    }
    let NodeKind::Mapping(mapping) = &node.kind else { return vec![node] };
    let is_items = |entry: &&Entry| entry.key.value == "items";
    let items = mapping.entries.iter().find(is_items).map(|entry| &entry.value.kind);
    match items {
        Some(NodeKind::Sequence(items)) => items.clone(),
        Some(NodeKind::Scalar(_) | NodeKind::Mapping(_)) | None => vec![node],
    }
}

fn format(node: &Node) -> Format {
    let Some(version) = scalar(node, "apiVersion") else {
        return match scalar(node, "version") {
            Some(version) if !version.value.starts_with("slosmith/") => Format::Sloth,
            Some(_) | None => Format::Native,
        };
    };
    match version.value.split('/').next() {
        Some("sloth.slok.dev") => Format::Sloth,
        Some("openslo" | "openslo.com") => Format::OpenSlo,
        Some("pyrra.dev") => Format::Pyrra,
        Some(_) | None => Format::Native,
    }
}

/// The text of a key at the top of a document.
pub(super) fn scalar<'n>(node: &'n Node, key: &str) -> Option<&'n Text> {
    let NodeKind::Mapping(mapping) = &node.kind else { return None };
    match &mapping.entries.iter().find(|entry| entry.key.value == key)?.value.kind {
        NodeKind::Scalar(scalar) => Some(&scalar.text),
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => None,
    }
}

/// One spec for each service, in the order of their first documents.
fn by_service(specs: Vec<SpecDecl>) -> Vec<SpecDecl> {
    let mut services: Vec<SpecDecl> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for spec in specs {
        let Some(name) = spec.service.as_ref().map(|service| service.value.clone()) else {
            services.push(spec);
            continue;
        };
        if let Some(place) = places.get(&name) {
            join(&mut services[*place], spec);
            continue;
        }
        places.insert(name, services.len());
        services.push(spec);
    }
    services
}

/// Adds what another document says of a service. What one of them says of all its SLOs stays with these.
fn join(service: &mut SpecDecl, mut other: SpecDecl) {
    for spec in [&mut *service, &mut other] {
        let labels = std::mem::take(&mut spec.labels);
        spec.slos.iter_mut().for_each(|slo| add_labels(slo, &labels));
    }
    service.description = service.description.take().or(other.description);
    service.slos.append(&mut other.slos);
    service.alerts.append(&mut other.alerts);
    service.unfinished.append(&mut other.unfinished);
}

/// Adds labels that the SLO does not have itself.
fn add_labels(slo: &mut SloDecl, labels: &[(Text, Text)]) {
    for (name, value) in labels {
        if !slo.labels.iter().any(|(own, _)| own.value == name.value) {
            slo.labels.push((name.clone(), value.clone()));
        }
    }
}
