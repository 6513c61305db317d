//! Queries of OpenSLO: where they are sent, and whether that is Prometheus.

use std::collections::BTreeMap;

use super::object::{DataSource, Version, description, optional, optional_text};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::parse::no_effect::no_effect;
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, NodeKind};
use crate::source::{Span, Text};

/// A query with the source that answers it.
pub(super) struct Metric {
    /// Where it begins.
    pub(super) head: Span,
    /// The name of a data source.
    reference: Option<Text>,
    /// What kind of source it is, if that is written here.
    kind: Option<Text>,
    /// The query; `None` after a problem, or if the source has queries of another form.
    query: Option<Text>,
    /// Where a query would be added.
    missing: Option<Diagnostic>,
    /// Keys of the query that mean nothing to Prometheus.
    others: Vec<(String, Span)>,
}

/// The sources that speak PromQL, in lower case.
const PROMETHEUS: [&str; 8] =
    ["prometheus", "promql", "thanos", "mimir", "cortex", "victoriametrics", "managedprometheus", "amazonprometheus"];

/// Reads a query: in `metricSource` (v1), with a reference beside its spec (v2alpha), or with its source beside it (v1alpha).
pub(super) fn metric(reader: &mut Reader<'_>, entry: Entry, version: Version) -> Option<Metric> {
    let mut fields = reader.mapping_of(entry, "a metric")?;
    let metric = match version {
        _ if fields.key_span("metricSource").is_some() => {
            let mut inner = reader.inner(&mut fields, "metricSource", "a metric source")?;
            let metric = in_source(reader, &mut inner);
            reader.finish(&inner);
            metric
        }
        _ if fields.key_span("query").is_some() || version == Version::V1Alpha => beside_source(reader, &mut fields),
        Version::V1 | Version::V1Alpha => {
            reader.missing(&fields, "metricSource", "metricSource: {type: Prometheus, spec: {query: up}}");
            fields.take("metricSource");
            None
        }
        Version::V2Alpha => beside_spec(reader, &mut fields),
    };
    reader.finish(&fields);
    metric
}

/// `{metricSourceRef, type, spec}`; without the first two, the source is taken for Prometheus.
fn in_source(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Metric> {
    let head = fields.head();
    let reference = optional_text(reader, fields, "metricSourceRef");
    let kind = optional_text(reader, fields, "type");
    let metric = Metric { head, reference, kind, query: None, missing: None, others: Vec::new() };
    spec(reader, fields, metric)
}

/// `{dataSourceRef, dataSourceSpec, spec}`
fn beside_spec(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Metric> {
    let head = fields.head();
    let reference = optional_text(reader, fields, "dataSourceRef");
    let own = optional(fields, "dataSourceSpec");
    let place = own.as_ref().map(|entry| entry.key.span);
    let own = own.and_then(|entry| reader.mapping_of(entry, "the spec of a DataSource"));
    let kind = own.and_then(|mut inner| {
        let kind = data_source_type(reader, &mut inner);
        reader.finish(&inner);
        kind
    });
    match (&reference, place) {
        (None, None) => reader.missing(fields, "dataSourceRef", "dataSourceRef: prometheus"),
        (Some(reference), Some(place)) => {
            let message = "`dataSourceRef` and `dataSourceSpec` in one metric";
            let diagnostic = Diagnostic::new(Code::DuplicateKey, place, message);
            reader.report(diagnostic.secondary(reference.span, "names a source already").help("keep one of the two"));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    let metric = Metric { head, reference, kind, query: None, missing: None, others: Vec::new() };
    spec(reader, fields, metric)
}

/// `{source, queryType, query}`
fn beside_source(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Metric> {
    let head = fields.head();
    let kind = reader.required_text(fields, "source", "source: prometheus");
    optional_text(reader, fields, "queryType");
    let entry = reader.required(fields, "query", "query: http_requests_total");
    let query = entry.and_then(|entry| reader.expression_of(entry));
    Some(Metric { head, reference: None, kind: Some(kind?), query: Some(query?), missing: None, others: Vec::new() })
}

/// The free part of a metric: of Prometheus, a query.
fn spec(reader: &mut Reader<'_>, fields: &mut Fields, mut metric: Metric) -> Option<Metric> {
    let entry = reader.required(fields, "spec", "spec: {query: http_requests_total}")?;
    if let NodeKind::Scalar(scalar) = &entry.value.kind
        && !scalar.is_null()
    {
        metric.query = reader.expression_of(entry);
        return Some(metric);
    }
    let mut inner = reader.mapping_of(entry, "the spec of a metric source")?;
    metric.query =
        ["query", "promql", "expr", "expression"].into_iter().find_map(|key| reader.expression(&mut inner, key));
    optional_text(reader, &mut inner, "queryType");
    if metric.query.is_none() {
        let diagnostic = Diagnostic::new(Code::MissingKey, inner.head(), "a metric of Prometheus without `query`");
        let diagnostic = reader.with_line(diagnostic, &inner, "add `query`", "query: http_requests_total");
        metric.missing = Some(diagnostic);
    }
    metric.others = inner.keys().map(|(key, span)| (key.to_owned(), span)).collect();
    Some(metric)
}

/// Reads the spec of a data source, of which only its type matters.
pub(super) fn data_source_type(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    description(reader, fields);
    let kind = reader.required_text(fields, "type", "type: Prometheus");
    let details = reader.required(fields, "connectionDetails", "connectionDetails: {url: http://prometheus:9090}");
    if let Some(entry) = details {
        let why = "rules are loaded by the Prometheus that has the data; how Grafana reaches it is said under `datasource` in the project file";
        reader.no_effect(&[(entry.key.value, entry.key.span)], why);
    }
    kind
}

impl Metric {
    /// The name of its data source.
    pub(super) fn reference(&self) -> Option<&Text> {
        self.reference.as_ref()
    }

    /// The PromQL of the query; reports every other language, and sources that are not there.
    pub(super) fn promql(&self, sources: &BTreeMap<&str, &DataSource>, sink: &mut Sink) -> Option<Text> {
        let found =
            self.reference.as_ref().map(|reference| (reference, sources.get(reference.value.as_str()).copied()));
        let declared = found.and_then(|(_, source)| source).and_then(|source| source.kind.as_ref());
        let unknown = found.filter(|(_, source)| source.is_none()).map(|(name, _)| self.unknown_source(name, sources));
        let kind = self.kind.as_ref().or(declared);
        if kind.is_none() && self.reference.is_some() {
            sink.extend(unknown);
            return None;
        }
        let is_prometheus = |kind: &Text| PROMETHEUS.contains(&kind.value.to_ascii_lowercase().as_str());
        if let Some(other) = [kind, declared].into_iter().flatten().find(|kind| !is_prometheus(kind)) {
            sink.push(self.unsupported(other));
            return None;
        }
        sink.extend(unknown);
        let why = "of the spec of a metric source, Prometheus is asked the `query`";
        sink.extend(no_effect(&self.others, why));
        sink.extend(self.missing.clone());
        self.query.clone()
    }

    /// A name without a data source: without a type beside it, nothing says what language the query is in.
    fn unknown_source(&self, reference: &Text, sources: &BTreeMap<&str, &DataSource>) -> Diagnostic {
        let name = &reference.value;
        if self.kind.is_some() {
            let message = format!("the data source `{name}` has no effect here");
            return Diagnostic::new(Code::NoEffect, reference.span, message)
                .note("there is no object `DataSource` of that name; the type of the source is written beside it");
        }
        let message = format!("there is no `DataSource` named `{name}`");
        let diagnostic = Diagnostic::new(Code::UnknownReference, reference.span, message);
        match suggest(name, sources.keys().copied()) {
            Some(meant) => {
                diagnostic.replace(format!("did you mean `{meant}`?"), reference.span, reference.written(meant))
            }
            None => diagnostic
                .note("its type says which language the query is in")
                .help("add the object to the input: `kind: DataSource` with `type: Prometheus`"),
        }
    }

    fn unsupported(&self, kind: &Text) -> Diagnostic {
        let message = format!("a query to `{}`, where only Prometheus can be asked", kind.value);
        let mut diagnostic = Diagnostic::new(Code::UnsupportedFeature, kind.span, message);
        if self.head.file != kind.span.file || self.head.start > kind.span.end {
            diagnostic = diagnostic.secondary(self.head, "of this metric");
        }
        diagnostic
            .note("the rules are evaluated by Prometheus, which has only its own series")
            .help("measure the same in PromQL with `type: Prometheus`, or leave this file out of `inputs`")
    }
}
