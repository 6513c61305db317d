//! Rule files and dashboards, as YAML and as JSON: linted and rendered, whatever the bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slosmith::diag::render::{Colour, human, json};
use slosmith::lint::files;
use slosmith::source::{SourceFile, SourceKind, Sources};

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let kind = SourceKind::Spec;
    sources.add(SourceFile { path: "file.yaml".to_owned(), kind, text: text.to_owned(), problem: None });
    let linted = files(&sources);
    let _ = human(&linted.diagnostics, &sources, Colour::Plain);
    let _ = json(&linted.diagnostics, &sources);
});
