//! What several tests need: compiling texts, and running the real tools.

use std::path::Path;
use std::process::Command;

use slosmith::diag::render::{Colour, human};
use slosmith::diag::{Diagnostic, Severity};
use slosmith::promql::Version;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile, gather, load};

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
    let sources = gather(None, |wanted| load::read(folder, wanted)).unwrap().sources;
    let compiled = compile(&sources);
    (sources, compiled)
}

/// The problems of a project, or of rule files, which begin with `groups:`.
pub fn diagnostics(sources: &Sources) -> Vec<Diagnostic> {
    if sources.iter().any(|(_, file)| file.text.starts_with("groups:")) {
        return slosmith::lint::files(sources).diagnostics;
    }
    compile(sources).diagnostics
}

/// All problems as people see them.
pub fn print_diagnostics(sources: &Sources, compiled: &Compiled) -> String {
    human(&compiled.diagnostics, sources, Colour::Plain)
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

    /// Its version.
    pub fn version(&self) -> Version {
        let output = Command::new(self.0).arg("--version").output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let words = text.split("version ").nth(1).unwrap();
        words.split(|letter: char| !letter.is_ascii_digit() && letter != '.').next().unwrap().parse().unwrap()
    }
}

/// promtool, or nothing at a desk without it.
pub fn promtool() -> Option<Tool> {
    tool("promtool")
}

/// amtool, or nothing at a desk without it.
pub fn amtool() -> Option<Tool> {
    tool("amtool")
}

/// Prometheus itself, or nothing at a desk without it.
pub fn prometheus() -> Option<Tool> {
    tool("prometheus")
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
