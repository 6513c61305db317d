//! Diagnostics for programs: one JSON object on a line for each.

use serde::Serialize;

use super::lines::{Index, Position};
use super::severity_word;
use crate::diag::{Diagnostic, Help, Label};
use crate::source::{Sources, Span};

/// Renders each diagnostic as a JSON object on a line of its own.
///
/// The keys are stable: later versions add some, but never remove or rename one.
///
/// - `type`: `diagnostic`; `code`: the slug; `severity`: `error` or `warning`; `message`: one sentence, without a full stop
/// - `file`, `start`, `end`: the place; `label`: the words beside the carets, or `null`
/// - `labels`: other places that take part, each `{file, start, end, message}`
/// - `notes`: facts that explain, as text
/// - `helps`: ways out, each `{message, replacement}`; a `replacement` is `null` or `{file, start, end, text}`
///
/// `start` and `end` are `{byte, line, column}`: the byte in the file from 0, the line and the column from 1, the column in
/// characters. `end` lies behind the last character.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut index = Index::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&serialize(&object(diagnostic, &mut index)));
        out.push('\n');
    }
    out
}

#[derive(Serialize)]
struct Object<'d> {
    r#type: &'static str,
    code: &'static str,
    severity: &'static str,
    message: &'d str,
    #[serde(flatten)]
    place: Place<'d>,
    label: Option<&'d str>,
    labels: Vec<PlaceWith<'d>>,
    notes: &'d [String],
    helps: Vec<HelpObject<'d>>,
}

#[derive(Serialize)]
struct Place<'s> {
    file: &'s str,
    start: Offset,
    end: Offset,
}

#[derive(Serialize)]
struct Offset {
    byte: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct PlaceWith<'d> {
    #[serde(flatten)]
    place: Place<'d>,
    message: &'d str,
}

#[derive(Serialize)]
struct HelpObject<'d> {
    message: &'d str,
    replacement: Option<Replacement<'d>>,
}

#[derive(Serialize)]
struct Replacement<'d> {
    #[serde(flatten)]
    place: Place<'d>,
    text: &'d str,
}

#[expect(clippy::expect_used, reason = "strings and numbers always have a JSON form")]
fn serialize(object: &Object<'_>) -> String {
    serde_json::to_string(object).expect("a diagnostic of strings and numbers")
}

fn object<'d>(diagnostic: &'d Diagnostic, index: &mut Index<'d>) -> Object<'d> {
    let label = diagnostic.primary.message.as_str();
    Object {
        r#type: "diagnostic",
        code: diagnostic.code.slug(),
        severity: severity_word(diagnostic.severity),
        message: &diagnostic.message,
        place: place(diagnostic.primary.span, index),
        label: if label.is_empty() { None } else { Some(label) },
        labels: diagnostic.secondary.iter().map(|label| labelled(label, index)).collect(),
        notes: &diagnostic.notes,
        helps: diagnostic.helps.iter().map(|it| help(it, index)).collect(),
    }
}

fn labelled<'d>(label: &'d Label, index: &mut Index<'d>) -> PlaceWith<'d> {
    PlaceWith { place: place(label.span, index), message: &label.message }
}

fn help<'d>(help: &'d Help, index: &mut Index<'d>) -> HelpObject<'d> {
    let replacement = help.replacement.as_ref().map(|(span, text)| Replacement { place: place(*span, index), text });
    HelpObject { message: &help.message, replacement }
}

fn place<'d>(span: Span, index: &mut Index<'d>) -> Place<'d> {
    let lines = index.lines(span.file);
    let range = lines.clamp(span);
    let offset = |byte: usize| {
        let Position { line, column } = lines.position(byte);
        Offset { byte, line, column }
    };
    let (start, end) = (offset(range.start), offset(range.end));
    Place { file: index.path(span.file), start, end }
}
