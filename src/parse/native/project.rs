//! The project file, `slosmith.yaml`.

use super::{api_version, defaults};
use crate::diag::Sink;
use crate::parse::decl::{ProjectDecl, TargetsDecl};
use crate::parse::document::{self, Document};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::NodeKind;
use crate::source::{FileId, Sources, Text};

/// Reads the project file; an empty one is as good as none.
#[must_use]
pub fn project(sources: &Sources, file: FileId, sink: &mut Sink) -> ProjectDecl {
    let node = match document::read(sources, file, sink) {
        Document::Node(node) => node,
        Document::Broken | Document::Empty => return ProjectDecl::default(),
    };
    let mut reader = Reader { source: &sources.file(file).text, sink };
    let Some(mut fields) = reader.fields(node, "the project file") else {
        return ProjectDecl::default();
    };
    if let Some(entry) = fields.take("apiVersion")
        && api_version(&mut reader, entry).is_none()
    {
        return ProjectDecl::default();
    }
    let project = ProjectDecl {
        inputs: paths(&mut reader, &mut fields, "inputs"),
        output: reader.text(&mut fields, "output"),
        metrics: paths(&mut reader, &mut fields, "metrics"),
        targets: targets(&mut reader, &mut fields),
        defaults: defaults::defaults(&mut reader, &mut fields),
        lint: reader.word_map(&mut fields, "lint"),
    };
    reader.finish(&fields);
    project
}

/// `targets: {prometheus, features}`
fn targets(reader: &mut Reader<'_>, fields: &mut Fields) -> TargetsDecl {
    let Some(mut inner) = reader.inner(fields, "targets", "`targets`") else {
        return TargetsDecl::default();
    };
    let prometheus = reader.text(&mut inner, "prometheus");
    let features = reader.texts(&mut inner, "features");
    reader.finish(&inner);
    TargetsDecl { prometheus, features }
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
