//! The documentation is true: every YAML example compiles without a diagnostic.

use std::fs;
use std::path::Path;

use slosmith::compile;
use slosmith::source::{SourceFile, SourceKind, Sources};

/// The bodies of the fenced YAML blocks of a page.
fn examples(page: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut rest = page;
    while let Some((_, body)) = rest.split_once("```yaml\n") {
        let (example, tail) = body.split_once("```").unwrap();
        examples.push(example.to_owned());
        rest = tail;
    }
    examples
}

#[test]
fn examples_of_the_language_compile() {
    for (page, count) in [
        ("docs/language.md", 11),
        ("docs/dashboards.md", 3),
        ("docs/provisioning.md", 2),
        ("docs/on-call.md", 3),
        ("docs/openslo.md", 1),
        ("docs/pyrra.md", 1),
        ("docs/sloth-profile.md", 1),
        ("docs/convert.md", 2),
    ] {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        compiles(&examples(&fs::read_to_string(page).unwrap()), count);
    }
}

fn compiles(examples: &[String], count: usize) {
    assert_eq!(examples.len(), count);
    for example in examples {
        let (path, kind) = if example.starts_with("# slosmith.yaml") {
            ("slosmith.yaml", SourceKind::Project)
        } else {
            ("slos/example.yaml", SourceKind::Spec)
        };
        let mut sources = Sources::default();
        sources.add(SourceFile { path: path.to_owned(), kind, text: example.clone(), problem: None });
        let diagnostics = compile(&sources).diagnostics;
        assert!(diagnostics.is_empty(), "{example}\n{diagnostics:#?}");
    }
}
