//! YAML text to declarations: trees, places, messages, limits, and no panic whatever the bytes.

mod limits;
mod map;
mod messages;
mod mutation;
mod trees;

use slosmith::diag::{Diagnostic, Label, Sink};
use slosmith::parse::decl::SpecDecl;
use slosmith::source::{FileId, SourceFile, SourceKind, Sources, Span};

/// Sources of one file.
fn sources(text: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file =
        SourceFile { path: "spec.yaml".to_owned(), kind: SourceKind::Spec, text: text.to_owned(), problem: None };
    let id = sources.add(file);
    (sources, id)
}

/// Reads a spec and renders its problems.
fn read(text: &str) -> (Option<SpecDecl>, String) {
    let (sources, file) = sources(text);
    let mut sink = Sink::default();
    let spec = slosmith::parse::spec(&sources, file, &mut sink);
    (spec, report(&sources, &sink))
}

/// All problems as plain text.
fn report(sources: &Sources, sink: &Sink) -> String {
    sink.as_slice().iter().flat_map(|diagnostic| render(sources, diagnostic)).map(|line| line + "\n").collect()
}

/// A diagnostic as plain text: the message, and the marked text of each place.
fn render(sources: &Sources, diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines = vec![format!("[{}] {}", diagnostic.code.slug(), diagnostic.message)];
    let place = |name: &str, label: &Label| {
        let text = &sources.file(label.span.file).text;
        let before = &text[..label.span.start as usize];
        assert!(text.is_char_boundary(label.span.end as usize), "{diagnostic:?}");
        let line = before.matches('\n').count() + 1;
        format!("  {name} {line}: {:?} {}", sources.slice(label.span), label.message).trim_end().to_owned()
    };
    lines.push(place("at", &diagnostic.primary));
    lines.extend(diagnostic.secondary.iter().map(|label| place("and", label)));
    lines.extend(diagnostic.notes.iter().map(|note| format!("  note: {note}")));
    for help in &diagnostic.helps {
        lines.push(format!("  help: {}", help.message));
        let Some((span, replacement)) = &help.replacement else {
            continue;
        };
        lines.extend(replaced(&sources.file(span.file).text, *span, replacement));
    }
    lines
}

/// The lines that a replacement leads to.
fn replaced(text: &str, span: Span, replacement: &str) -> Vec<String> {
    let mut fixed = text.to_owned();
    fixed.replace_range(span.start as usize..span.end as usize, replacement);
    let start = fixed[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let end = span.start as usize + replacement.len();
    let end = fixed[end..].find('\n').map_or(fixed.len(), |at| end + at);
    fixed[start..end].lines().map(|line| format!("      | {line}")).collect()
}
