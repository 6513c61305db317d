//! The files of other tools: what a file holds, and access to its nodes without a word about what else is there.

use super::json;
use super::yaml::{self, Node, NodeKind};
use crate::diag::Sink;
use crate::source::{FileId, SourceFile, Text};

/// What a file holds, by its content.
#[derive(Debug)]
pub enum Foreign {
    /// Documents, of whatever kind.
    Documents(Vec<Node>),
    /// The template of a file, for Helm or another program that fills it in.
    Template,
    /// No YAML and no JSON; the problems are those of YAML.
    Broken(Sink),
}

/// Reads a file as JSON or YAML.
#[must_use]
pub fn read(source: &SourceFile, file: FileId) -> Foreign {
    if is_filled_in(&source.text) {
        return Foreign::Template;
    }
    if let Some(node) = json::node(&source.text, file) {
        return Foreign::Documents(vec![node]);
    }
    let mut sink = Sink::default();
    match yaml::documents(&source.text, file, &mut sink) {
        Some(_) if sink.has_errors() => Foreign::Broken(sink),
        Some(documents) => Foreign::Documents(documents),
        None if has_template_lines(&source.text) => Foreign::Template,
        None => Foreign::Broken(sink),
    }
}

/// Whether a text has what only Helm and the like understand.
fn is_filled_in(text: &str) -> bool {
    const MARKS: [&str; 7] =
        ["{{`", "{{ `", "{{ .Values", "{{ .Release", "{{- include", "{{ include", "{{- if .Values"];
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether lines stand where only a template has them.
fn has_template_lines(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("{{") || line.trim_start().starts_with("{%"))
}

/// The value of a key; of a key that stands twice, as JSON allows, the last one.
#[must_use]
pub fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Mapping(mapping) => {
            mapping.entries.iter().rev().find(|entry| entry.key.value == key).map(|entry| &entry.value)
        }
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => None,
    }
}

/// The items of a list; none of anything else.
#[must_use]
pub fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Sequence(items)) => items,
        Some(NodeKind::Scalar(_) | NodeKind::Mapping(_)) | None => &[],
    }
}

/// The text of a scalar that is not null.
#[must_use]
pub fn text(node: Option<&Node>) -> Option<&Text> {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Scalar(scalar)) if !scalar.is_null() => Some(&scalar.text),
        Some(NodeKind::Scalar(_) | NodeKind::Mapping(_) | NodeKind::Sequence(_)) | None => None,
    }
}

/// The same as a string, empty without one.
#[must_use]
pub fn word(node: Option<&Node>) -> &str {
    text(node).map_or("", |text| text.value.as_str())
}
