//! The project file, `slosmith.yaml`.

use super::{api_version, defaults, on_call};
use crate::diag::Sink;
use crate::parse::decl::{DatasourceDecl, KubernetesDecl, ProjectDecl, SourceDecl, TargetsDecl};
use crate::parse::document::{self, Document};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, NodeKind};
use crate::source::{FileId, Sources, Text};

/// Reads the project file; an empty one is as good as none.
#[must_use]
pub fn project(sources: &Sources, file: FileId, sink: &mut Sink) -> ProjectDecl {
    let node = match document::read(sources, file, sink) {
        Document::Node(node) => node,
        Document::Broken | Document::Empty => return ProjectDecl::default(),
    };
    let mut reader = Reader::new(&sources.file(file).text, sink);
    let Some(mut fields) = reader.fields(node, "the project file") else {
        return ProjectDecl::default();
    };
    if let Some(entry) = fields.take("apiVersion")
        && api_version(&mut reader, entry, &fields).is_none()
    {
        return ProjectDecl::default();
    }
    let project = ProjectDecl {
        inputs: paths(&mut reader, &mut fields, "inputs"),
        output: reader.text(&mut fields, "output"),
        metrics: paths(&mut reader, &mut fields, "metrics"),
        targets: targets(&mut reader, &mut fields),
        datasource: datasource(&mut reader, &mut fields),
        defaults: defaults::defaults(&mut reader, &mut fields),
        receivers: on_call::receivers(&mut reader, &mut fields),
        on_call: on_call::on_call(&mut reader, &mut fields),
        lint: reader.word_map(&mut fields, "lint"),
    };
    reader.finish(&fields);
    project
}

/// `targets: {prometheus, features, tests, alertmanager, grafana_alerts, kubernetes}`
fn targets(reader: &mut Reader<'_>, fields: &mut Fields) -> TargetsDecl {
    let Some(mut inner) = reader.inner(fields, "targets", "`targets`") else {
        return TargetsDecl::default();
    };
    let prometheus = reader.text(&mut inner, "prometheus");
    let features = reader.texts(&mut inner, "features");
    let tests = reader.text(&mut inner, "tests");
    let backfill = reader.text(&mut inner, "backfill");
    let alertmanager = reader.text(&mut inner, "alertmanager");
    let grafana_alerts = reader.text(&mut inner, "grafana_alerts");
    let kubernetes = kubernetes(reader, &mut inner);
    reader.finish(&inner);
    TargetsDecl { prometheus, features, tests, alertmanager, grafana_alerts, backfill, kubernetes }
}

/// `kubernetes: {objects, namespace, labels, instances}`
fn kubernetes(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<KubernetesDecl> {
    let mut inner = reader.inner(fields, "kubernetes", "`kubernetes`")?;
    let entry = reader.required(&mut inner, "objects", "objects: [configmap]");
    let objects = entry.map(|entry| reader.texts_of(entry)).unwrap_or_default();
    let kubernetes = KubernetesDecl {
        objects,
        namespace: reader.text(&mut inner, "namespace"),
        labels: reader.text_map(&mut inner, "labels"),
        instances: reader.text_map(&mut inner, "instances"),
    };
    reader.finish(&inner);
    Some(kubernetes)
}

/// `datasource: url` or `datasource: {name, uid, url, alertmanager}`.
fn datasource(reader: &mut Reader<'_>, fields: &mut Fields) -> DatasourceDecl {
    let Some(entry) = fields.take("datasource") else {
        return DatasourceDecl::default();
    };
    if let NodeKind::Scalar(_) = entry.value.kind {
        return DatasourceDecl { prometheus: address(reader, entry), alertmanager: None };
    }
    let Some(mut inner) = reader.mapping_of(entry, "`datasource`") else {
        return DatasourceDecl::default();
    };
    let prometheus = source(reader, &mut inner);
    let alertmanager = inner.take("alertmanager").and_then(|entry| match entry.value.kind {
        NodeKind::Scalar(_) => Some(address(reader, entry)),
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
            let mut fields = reader.mapping_of(entry, "`alertmanager`")?;
            let alertmanager = source(reader, &mut fields);
            reader.finish(&fields);
            Some(alertmanager)
        }
    });
    reader.finish(&inner);
    DatasourceDecl { prometheus, alertmanager }
}

/// A source by its address alone.
fn address(reader: &mut Reader<'_>, entry: Entry) -> SourceDecl {
    SourceDecl { url: reader.text_of(entry, "an address"), ..SourceDecl::default() }
}

fn source(reader: &mut Reader<'_>, fields: &mut Fields) -> SourceDecl {
    SourceDecl { name: reader.text(fields, "name"), uid: reader.text(fields, "uid"), url: reader.text(fields, "url") }
}

/// A list of files or folders, or one of them.
fn paths(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Vec<Text> {
    let Some(entry) = fields.take(key) else {
        return Vec::new();
    };
    if let NodeKind::Scalar(_) = entry.value.kind {
        return reader.text_of(entry, "a list").into_iter().collect();
    }
    reader.list_of(entry).into_iter().filter_map(|item| reader.scalar(item, "a folder or file")).collect()
}
