//! A spec and its project file: compiled and rendered, whatever the bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slosmith::compile;
use slosmith::diag::render::{Colour, human, json};
use slosmith::source::{SourceFile, SourceKind, Sources};

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let (spec, project) = text.split_once("\n#---\n").unwrap_or((text, ""));
    for (path, kind, text) in
        [("slosmith.yaml", SourceKind::Project, project), ("slos/spec.yaml", SourceKind::Spec, spec)]
    {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    }
    let compiled = compile(&sources);
    let _ = human(&compiled.diagnostics, &sources, Colour::Plain);
    let _ = json(&compiled.diagnostics, &sources);
});
