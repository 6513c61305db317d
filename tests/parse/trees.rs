//! What is read from input that is right: trees with their places, and declarations.

use std::fmt::Write as _;

use slosmith::diag::Sink;
use slosmith::parse::yaml::{self, Node, NodeKind};

use super::{read, report, sources};

/// Every scalar style, aliases and merge keys, documents, line ends: values and the text that each was read from.
#[test]
fn trees_of_tricky_yaml() {
    let cases = include_str!("trees.txt").split("\n=====\n");
    let trees: Vec<String> = cases.map(|case| format!("{case}\n-----\n{}=====\n", tree(case))).collect();
    let trees = trees.concat();
    insta::assert_snapshot!(trees);
}

/// Windows line ends and a byte-order mark change places, never values.
#[test]
fn line_ends_and_byte_order_mark_change_no_value() {
    for case in include_str!("trees.txt").split("\n=====\n") {
        let values = |text: &str| {
            let (_, file) = sources(text);
            let documents = yaml::documents(text, file, &mut Sink::default()).expect("a tree");
            let mut values = Vec::new();
            for node in &documents {
                collect(node, &mut values);
            }
            values
        };
        assert_eq!(values(case), values(&case.replace('\n', "\r\n")), "{case}");
        assert_eq!(values(case), values(&format!("\u{feff}{case}")), "{case}");
    }
}

/// A spec with every key of the language is read completely and without a word.
#[test]
fn a_spec_with_every_key() {
    let (spec, report) = read(include_str!("everything.yaml"));
    assert_eq!(report, "");
    let spec = spec.expect("a spec");
    insta::with_settings!({filters => vec![
        (r#"Text \{\s+value: ("(?:[^"\\]|\\.)*"),\s+span: Span \{[^}]*\},\s+map: (?:Linear\([^)]*\)|Whole|Pieces\([^)]*\)),\s+quotes: \w+,\s+\}"#, "$1"),
        (r"Span \{[^}]*\}", "@"),
        (r"\(\s+([^()\n]*),\s+\)", "($1)"),
    ]}, {
        insta::assert_debug_snapshot!(spec);
    });
}

fn tree(text: &str) -> String {
    let (sources, file) = sources(text);
    let mut sink = Sink::default();
    let documents = yaml::documents(text, file, &mut sink);
    let mut out = report(&sources, &sink);
    for document in documents.into_iter().flatten() {
        draw(&document, text, 0, &mut out);
    }
    out
}

fn draw(node: &Node, source: &str, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let written = &source[node.span.start as usize..node.span.end as usize];
    let mut line = |text: String| writeln!(out, "{indent}{text}").unwrap_or_default();
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let null = if scalar.is_null() { " (nothing)" } else { "" };
            line(format!("{:?} {:?}{null} <- {written:?}", scalar.style, scalar.text.value));
        }
        NodeKind::Sequence(items) => {
            line(format!("list <- {written:?}"));
            for item in items {
                draw(item, source, depth + 1, out);
            }
        }
        NodeKind::Mapping(mapping) => {
            line(format!("{:?} mapping <- {written:?}", mapping.style));
            for entry in &mapping.entries {
                writeln!(out, "{indent}  key {:?}", entry.key.value).unwrap_or_default();
                draw(&entry.value, source, depth + 2, out);
            }
        }
    }
}

fn collect(node: &Node, values: &mut Vec<String>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => values.push(scalar.text.value.clone()),
        NodeKind::Sequence(items) => {
            for item in items {
                collect(item, values);
            }
        }
        NodeKind::Mapping(mapping) => {
            for entry in &mapping.entries {
                values.push(entry.key.value.clone());
                collect(&entry.value, values);
            }
        }
    }
}
