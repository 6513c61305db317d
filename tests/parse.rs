//! YAML text to declarations: trees, places, messages, limits, and no panic whatever the bytes.

mod messages;
mod trees;

use std::fmt::Write as _;

use slosmith::diag::{Diagnostic, Sink};
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
    let mut out = String::new();
    for diagnostic in sink.as_slice() {
        out.push_str(&render(&sources, diagnostic));
    }
    (spec, out)
}

/// A diagnostic as plain text: the message, and the marked text of each place.
fn render(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut out = format!("[{}] {}\n", diagnostic.code.slug(), diagnostic.message);
    let label = |out: &mut String, name: &str, span: Span, message: &str| {
        let text = &sources.file(span.file).text;
        assert!(span.end as usize <= text.len(), "{diagnostic:?}");
        let line = text[..span.start as usize].matches('\n').count() + 1;
        writeln!(out, "  {name} {line}: {:?} {message}", sources.slice(span)).expect("a string");
    };
    label(&mut out, "at", diagnostic.primary.span, &diagnostic.primary.message);
    for secondary in &diagnostic.secondary {
        label(&mut out, "and", secondary.span, &secondary.message);
    }
    for note in &diagnostic.notes {
        writeln!(out, "  note: {note}").expect("a string");
    }
    for help in &diagnostic.helps {
        writeln!(out, "  help: {}", help.message).expect("a string");
        if let Some((span, replacement)) = &help.replacement {
            let text = &sources.file(span.file).text;
            let mut fixed = text.clone();
            fixed.replace_range(span.start as usize..span.end as usize, replacement);
            let start = fixed[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let end = span.start as usize + replacement.len();
            let end = fixed[end..].find('\n').map_or(fixed.len(), |at| end + at);
            for line in fixed[start..end].lines() {
                writeln!(out, "      | {line}").expect("a string");
            }
        }
    }
    out
}
