//! The entries of a mapping: keys are text, stand once, and `<<` brings in those of other mappings.

use std::collections::BTreeMap;

use super::{Entry, Node, NodeKind, ScalarStyle};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Span, Text};

/// Turns pairs of nodes into entries; reports keys that are no text or stand twice, and leaves these out.
pub(super) fn entries(pairs: Vec<(Node, Node)>, sink: &mut Sink) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(pairs.len());
    let mut merged = Vec::new();
    for (key, value) in pairs {
        let (text, style) = match key.kind {
            NodeKind::Scalar(scalar) => (scalar.text, scalar.style),
            NodeKind::Mapping(_) => {
                sink.push(not_text(key.span, "a mapping"));
                continue;
            }
            NodeKind::Sequence(_) => {
                sink.push(not_text(key.span, "a list"));
                continue;
            }
        };
        if style == ScalarStyle::Plain && text.value == "<<" {
            merge(text.span, value, &mut merged, sink);
        } else {
            entries.push(Entry { key: text, value });
        }
    }
    let entries = without_duplicates(entries, sink);
    if merged.is_empty() { entries } else { with_merged(entries, merged) }
}

fn not_text(span: Span, noun: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("expected text as a key, found {noun}"))
        .help("put the key in quotes if it is meant as text")
}

/// Collects what a merge key brings in.
fn merge(key: Span, value: Node, merged: &mut Vec<Entry>, sink: &mut Sink) {
    let sources = match value.kind {
        NodeKind::Sequence(nodes) => nodes,
        NodeKind::Mapping(_) | NodeKind::Scalar(_) => vec![value],
    };
    for source in sources {
        let noun = source.noun();
        match source.kind {
            NodeKind::Mapping(mapping) => merged.extend(mapping.entries),
            NodeKind::Scalar(_) | NodeKind::Sequence(_) => sink.push(
                Diagnostic::new(Code::WrongType, source.span, format!("expected a mapping to merge, found {noun}"))
                    .secondary(key, "`<<` takes in the entries of a mapping"),
            ),
        }
    }
}

/// Entries up to this many are compared with one another rather than sorted.
const FEW: usize = 12;

fn without_duplicates(entries: Vec<Entry>, sink: &mut Sink) -> Vec<Entry> {
    let any = if entries.len() <= FEW {
        entries.iter().enumerate().any(|(index, entry)| has_key(&entries[..index], &entry.key))
    } else {
        let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.value.as_str()).collect();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    };
    if !any {
        return entries;
    }
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some(span) = first.get(&entry.key.value) {
            sink.push(
                Diagnostic::new(Code::DuplicateKey, entry.key.span, format!("key `{}` stands twice", entry.key.value))
                    .secondary(*span, "first here")
                    .help("remove one of the two: a reader of YAML may take either"),
            );
            continue;
        }
        first.insert(entry.key.value.clone(), entry.key.span);
        kept.push(entry);
    }
    kept
}

fn has_key(entries: &[Entry], key: &Text) -> bool {
    entries.iter().any(|entry| entry.key.value == key.value)
}

/// Adds merged entries; those of the mapping itself win, then those merged first.
fn with_merged(entries: Vec<Entry>, merged: Vec<Entry>) -> Vec<Entry> {
    let mut seen: std::collections::BTreeSet<String> = entries.iter().map(|entry| entry.key.value.clone()).collect();
    let mut all = entries;
    for entry in merged {
        if seen.insert(entry.key.value.clone()) {
            all.push(entry);
        }
    }
    all
}
