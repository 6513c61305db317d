//! The front end for Pyrra: each `ServiceLevelObjective` becomes an SLO of the service that its labels or its namespace name.

mod alerting;
mod indicator;
mod metadata;

use super::decl::{SloDecl, SpecDecl, WindowDecl};
use super::read::{Fields, Reader};
use super::yaml::Node;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::Sources;

/// The version of the format that is read.
const VERSION: &str = "pyrra.dev/v1alpha1";
/// The kind of object that is read.
const KIND: &str = "ServiceLevelObjective";

/// Reads all documents of Pyrra in the whole input, in the order of the files; each node's span says which file it stands in.
///
/// Several specs may be of one service: they are joined afterwards, with the labels of each on its own SLOs.
pub(super) fn specs(sources: &Sources, documents: Vec<Node>, sink: &mut Sink) -> Vec<SpecDecl> {
    let read = |node: Node| {
        let source = &sources.file(node.span.file).text;
        object(&mut Reader::foreign(source, sink), node)
    };
    documents.into_iter().filter_map(read).collect()
}

fn object(reader: &mut Reader<'_>, node: Node) -> Option<SpecDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a `ServiceLevelObjective`")?;
    is_known(reader, &mut fields)?;
    let head = fields.head();
    let metadata = reader.required(&mut fields, "metadata", "metadata: {name: api-errors}");
    let metadata = metadata.and_then(|entry| metadata::metadata(reader, entry, head));
    let spec = reader.required(&mut fields, "spec", "spec:");
    if let Some(status) = fields.take("status") {
        reader.no_effect(&[(status.key.value, status.key.span)], "Pyrra writes it");
    }
    let metadata::Metadata { service, mut slo } =
        metadata.unwrap_or_else(|| metadata::Metadata { service: None, slo: SloDecl::new(span, None) });
    slo.span = span;
    let unfinished = match spec.and_then(|entry| reader.mapping_of(entry, "the spec of an SLO")) {
        Some(mut inner) => {
            read_spec(reader, &mut inner, &mut slo);
            reader.finish(&inner);
            std::mem::take(&mut reader.unfinished)
        }
        None => Vec::new(),
    };
    reader.finish(&fields);
    let mut spec = SpecDecl::new(span, service);
    spec.slos.push(slo);
    spec.unfinished = unfinished;
    Some(spec)
}

/// Whether this is what can be read; if not, reports it.
fn is_known(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<()> {
    if let Some(version) = reader.text(fields, "apiVersion")
        && version.value != VERSION
    {
        let message = format!("expected version `{VERSION}` of Pyrra, found `{}`", version.value);
        let diagnostic = Diagnostic::new(Code::ApiVersion, version.span, message);
        reader.report(diagnostic.replace("use this version", version.span, VERSION));
        return None;
    }
    let kind = reader.required_text(fields, "kind", "kind: ServiceLevelObjective")?;
    if kind.value == KIND {
        return Some(());
    }
    let message = format!("`{}` is no kind of object of Pyrra", kind.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, kind.span, message);
    reader.report(match suggest(&kind.value, [KIND]) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), kind.span, meant),
        None => diagnostic.help(format!("write `kind: {KIND}`")),
    });
    None
}

fn read_spec(reader: &mut Reader<'_>, fields: &mut Fields, slo: &mut SloDecl) {
    let target = reader.required(fields, "target", "target: \"99.9\"");
    slo.target = target.and_then(|entry| reader.text_of(entry, "a target"));
    let window = reader.required(fields, "window", "window: 4w");
    slo.window = window.and_then(|entry| reader.text_of(entry, "a period")).map(WindowDecl::Rolling);
    let description = fields.take("description").filter(|entry| entry.value.noun() != "nothing");
    let description = description.and_then(|entry| reader.text_of(entry, "text"));
    slo.description = description.filter(|text| !text.value.is_empty()).or(slo.description.take());
    indicator::indicator(reader, fields, slo);
    alerting::alerting(reader, fields, slo);
    let ineffective = [
        ("partial_response_strategy", "it is a setting of Thanos's ruler, which the rule files here do not have"),
        (
            "performanceOverAccuracy",
            "rules here always add up recorded increases, which costs little and loses nothing",
        ),
        (
            "ruleOutput",
            "labels of the objects that hold the rules are set under `targets.kubernetes` in the project file",
        ),
    ];
    for (key, why) in ineffective {
        if let Some(entry) = fields.take(key) {
            reader.no_effect(&[(entry.key.value, entry.key.span)], why);
        }
    }
}
