//! slosmith's own format: one service per document, and the project file.

mod alert;
mod alerting;
mod board;
mod maintenance;
mod defaults;
mod on_call;
mod panel;
mod project;
mod sli;
mod slo;

use super::decl::SpecDecl;
use super::read::{Fields, Reader};
use super::yaml::{Entry, Node, NodeKind};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Span, Text};

pub use project::project;

/// The version of the language that this front end reads.
const API_VERSION: &str = "slosmith/v1";

/// A file that a new user can start from.
const FIRST_SPEC: &str = "\
apiVersion: slosmith/v1
service: cart
slos:
- name: availability
  target: 99.9%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
";

/// Reports a file without any document.
pub(super) fn empty(file: FileId, sink: &mut Sink) {
    let place = Span::new(file, 0, 0);
    let diagnostic = Diagnostic::new(Code::MissingKey, place, "a file without a service");
    sink.push(diagnostic.replace("begin with", place, FIRST_SPEC));
}

/// Reads a spec; problems go to the sink, and `None` means that not even its service is known.
pub(super) fn spec(source: &str, node: Node, sink: &mut Sink) -> Option<SpecDecl> {
    let reader = &mut Reader::new(source, sink);
    let span = node.span;
    let mut fields = reader.fields(node, "a spec")?;
    if let Some(diagnostic) = foreign(&fields) {
        reader.report(diagnostic);
        return None;
    }
    if let Some(entry) = fields.take("apiVersion") {
        api_version(reader, entry, &fields)?;
    } else {
        reader.missing_first(&fields, "apiVersion", "apiVersion: slosmith/v1");
        let ours = ["service", "slos", "alerts", "dashboards"].iter().any(|key| fields.key_span(key).is_some());
        if !ours {
            return None;
        }
    }
    let service = reader.required_text(&mut fields, "service", "service: cart");
    let description = reader.text(&mut fields, "description");
    let owner = defaults::owner(reader, &mut fields);
    let tier = reader.text(&mut fields, "tier");
    let mttr = reader.text(&mut fields, "mttr");
    let depends_on = reader.texts(&mut fields, "depends_on");
    let labels = reader.text_map(&mut fields, "labels");
    let links = defaults::links(reader, &mut fields);
    let defaults = defaults::defaults(reader, &mut fields);
    let slos = reader.list(&mut fields, "slos").into_iter().filter_map(|node| slo::slo(reader, node)).collect();
    let alerts = reader.list(&mut fields, "alerts").into_iter().filter_map(|node| alert::alert(reader, node)).collect();
    let items = reader.list(&mut fields, "dashboards");
    let dashboards = items.into_iter().filter_map(|node| board::board(reader, node)).collect();
    let items = reader.list(&mut fields, "maintenance");
    let maintenance = items.into_iter().filter_map(|node| maintenance::maintenance(reader, node)).collect();
    reader.finish(&fields);
    let unfinished = std::mem::take(&mut reader.unfinished);
    Some(SpecDecl {
        span,
        service,
        description,
        owner,
        tier,
        mttr,
        depends_on,
        labels,
        links,
        defaults,
        slos,
        alerts,
        dashboards,
        maintenance,
        unfinished,
    })
}

/// Checks the version; `None` if the file is in another format, so that its keys mean nothing here.
pub(super) fn api_version(reader: &mut Reader<'_>, entry: Entry, fields: &Fields) -> Option<()> {
    let Some(version) = reader.text_of(entry, "a version") else {
        return Some(());
    };
    if version.value == API_VERSION {
        return Some(());
    }
    if version.value.starts_with("monitoring.coreos.com/") {
        let message = "an object of the Prometheus operator, where a slosmith spec is expected";
        let diagnostic = Diagnostic::new(Code::ApiVersion, version.span, message);
        reader.report(diagnostic.help(format!("write it as `{API_VERSION}`")));
        return None;
    }
    if let Some(kind) = fields.key_span("kind") {
        let message = format!("an object of `{}`, where a spec is expected", version.value);
        let diagnostic = Diagnostic::new(Code::ApiVersion, version.span, message).secondary(kind, "its kind");
        reader.report(diagnostic.help("keep it in another folder, or name the folders of specs under `inputs`"));
        return None;
    }
    let message = format!("expected version `{API_VERSION}`, found `{}`", version.value);
    let diagnostic = Diagnostic::new(Code::ApiVersion, version.span, message);
    reader.report(diagnostic.replace("use this version", version.span, API_VERSION));
    Some(())
}

/// A file that is plainly meant for another tool and has no `apiVersion` of ours.
fn foreign(fields: &Fields) -> Option<Diagnostic> {
    if fields.key_span("apiVersion").is_some() || fields.key_span("slos").is_some() {
        return None;
    }
    let span = fields.key_span("groups")?;
    Some(
        Diagnostic::new(Code::ApiVersion, span, "a Prometheus rule file, where a slosmith spec is expected")
            .help("copy its alerting rules into the list `alerts` of a spec, unchanged"),
    )
}

/// The one word of a scalar, without its entry; for values that are a word or a collection.
fn word(node: &Node) -> Option<&Text> {
    match &node.kind {
        NodeKind::Scalar(scalar) if !scalar.is_null() => Some(&scalar.text),
        NodeKind::Scalar(_) | NodeKind::Mapping(_) | NodeKind::Sequence(_) => None,
    }
}
