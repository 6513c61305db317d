//! On-call: what Alertmanager itself says of the configuration, and does with it.

mod routes;
mod server;
mod texts;

use std::fs;
use std::path::Path;

use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};

use crate::support::print_diagnostics;

/// Compiles a project file and specs, without a word.
fn project(files: &[(&str, &str)]) -> (Sources, Compiled) {
    let mut sources = Sources::default();
    for (path, text) in files {
        let kind = if *path == "slosmith.yaml" { SourceKind::Project } else { SourceKind::Spec };
        sources.add(SourceFile { path: (*path).to_owned(), kind, text: (*text).to_owned(), problem: None });
    }
    let compiled = compile(&sources);
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    (sources, compiled)
}

fn text<'a>(compiled: &'a Compiled, path: &str) -> &'a str {
    &compiled.outputs.iter().find(|output| output.path == path).unwrap_or_else(|| panic!("no {path}")).text
}

/// Writes the configuration and its templates; says where the configuration lies.
fn write(compiled: &Compiled, folder: &Path) -> String {
    for name in ["alertmanager.yaml", "slosmith.tmpl"] {
        fs::write(folder.join(name), text(compiled, &format!("alertmanager/{name}"))).unwrap();
    }
    folder.join("alertmanager.yaml").to_str().unwrap().to_owned()
}
