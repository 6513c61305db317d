//! What several tests need: compiling texts, and running the real tools.

use std::fs;
use std::path::Path;
use std::process::Command;

use slosmith::diag::Severity;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};
use walkdir::WalkDir;

/// Compiles one spec as the only one of a project without a project file.
pub fn compile_text(text: &str) -> Compiled {
    let mut sources = Sources::default();
    sources.add(SourceFile {
        path: "slos/spec.yaml".to_owned(),
        kind: SourceKind::Spec,
        text: text.to_owned(),
        problem: None,
    });
    compile(&sources)
}

/// Compiles a project folder; its sources, and what came of it.
pub fn compile_project(folder: &Path) -> (Sources, Compiled) {
    let mut sources = Sources::default();
    let mut add = |path: &Path, kind| {
        let text = fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        sources.add(SourceFile { path, kind, text, problem: None });
    };
    add(&folder.join("slosmith.yaml"), SourceKind::Project);
    for entry in WalkDir::new(folder.join("slos")).sort_by_file_name() {
        let entry = entry.unwrap();
        match entry.path().extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => add(entry.path(), SourceKind::Spec),
            Some("md") => add(entry.path(), SourceKind::RunbookText),
            _ => {}
        }
    }
    let compiled = compile(&sources);
    (sources, compiled)
}

/// All problems, each with its place.
pub fn print_diagnostics(sources: &Sources, compiled: &Compiled) -> String {
    let print = |diagnostic: &slosmith::diag::Diagnostic| {
        let file = sources.file(diagnostic.primary.span.file);
        let before = &file.text[..diagnostic.primary.span.start as usize];
        let line = before.matches('\n').count() + 1;
        let text = sources.slice(diagnostic.primary.span);
        format!("{}:{line}: {}: {} `{text}`\n", file.path, diagnostic.code.slug(), diagnostic.message)
    };
    compiled.diagnostics.iter().map(print).collect()
}

/// The rules of the one service that was compiled.
pub fn rule_text(compiled: &Compiled) -> String {
    let errors: Vec<_> =
        compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let is_service = |path: &str| path.starts_with("prometheus/rules/") && !path.ends_with("/slosmith.yaml");
    compiled.outputs.iter().find(|output| is_service(&output.path)).unwrap().text.clone()
}

/// A tool of Prometheus on the PATH.
pub struct Tool(&'static str);

impl Tool {
    /// Runs it in a folder; what it printed if it failed.
    pub fn run(&self, folder: &Path, args: &[&str]) -> Option<String> {
        let output = Command::new(self.0).args(args).current_dir(folder).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (!output.status.success()).then(|| format!("{args:?}:\n{}{}", text(&output.stdout), text(&output.stderr)))
    }
}

/// promtool, or nothing at a desk without it.
pub fn promtool() -> Option<Tool> {
    tool("promtool")
}

/// A tool of that name; without it, a visible skip at a desk and a failure in CI.
fn tool(name: &'static str) -> Option<Tool> {
    if Command::new(name).arg("--version").output().is_ok() {
        return Some(Tool(name));
    }
    assert!(std::env::var_os("CI").is_none(), "{name} is not on the PATH: run tests/run");
    eprintln!("SKIPPED: {name} is not on the PATH; tests/run installs it");
    None
}
