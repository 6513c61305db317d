//! Diagnostics as workflow commands of GitHub Actions, which become annotations on the lines of a pull request.

use std::fmt::Write as _;

use super::lines::Index;
use super::severity_word;
use crate::diag::Diagnostic;
use crate::source::Sources;

/// Renders each diagnostic as a workflow command on a line of its own.
///
/// Columns are left out of places over several lines, since GitHub refuses such annotations. Notes and helps are part of the
/// message. The format: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
#[must_use]
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut index = Index::new(sources);
    diagnostics.iter().map(|diagnostic| command(diagnostic, &mut index)).collect()
}

fn command(diagnostic: &Diagnostic, index: &mut Index<'_>) -> String {
    let span = diagnostic.primary.span;
    let (start, end) = index.positions(span);
    let mut out = format!(
        "::{} file={},line={}",
        severity_word(diagnostic.severity),
        property(index.path(span.file)),
        start.line
    );
    let columns = if start.line == end.line {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        write!(out, ",endLine={}", end.line)
    };
    let written = columns
        .and_then(|()| writeln!(out, ",title={}::{}", property(diagnostic.code.slug()), data(&message(diagnostic))));
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    out
}

/// The message with all that explains it.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    if !diagnostic.primary.message.is_empty() {
        lines.push(diagnostic.primary.message.clone());
    }
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.helps.iter().map(|help| match &help.replacement {
        Some((_, text)) if !help.message.contains(text.as_str()) => format!("help: {}: {text}", help.message),
        Some(_) | None => format!("help: {}", help.message),
    }));
    lines.join("\n")
}

/// The message of a command, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
