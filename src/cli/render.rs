//! `slosmith render`: prints what one spec compiles to.

use std::io::Read;

use anyhow::{Context, Result};

use slosmith::source::{FileId, SourceFile, SourceKind, Sources, Wanted};
use slosmith::{Output, compile, gather, load};

use super::Outcome;
use super::args::{Common, Kind};
use super::project::is_refused;
use super::terminal::Terminal;

/// The name that a spec from standard input has in messages.
const STANDARD_INPUT: &str = "<stdin>";

/// Prints the outputs of one kind; problems go to standard error, and an error prints nothing else.
pub(crate) fn render(file: &str, kind: Kind, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let spec = spec(file, common)?;
    let gathered = gather(common.output.as_deref(), |wanted| match wanted {
        Wanted::Project | Wanted::Metrics(_) => load::read(&common.directory, wanted),
        Wanted::Inputs { .. } => {
            Ok(with_texts(spec.clone(), load::read(&common.directory, wanted).unwrap_or_default()))
        }
    })?;
    let mut compiled = compile(&gathered.sources);
    let rendered = |id| is_rendered(&gathered.sources, id);
    compiled.diagnostics.retain(|diagnostic| rendered(diagnostic.primary.span.file));
    terminal.problems_aside(&compiled.diagnostics, &gathered.sources)?;
    if is_refused(&compiled, common) {
        return Ok(Outcome::Problems);
    }
    let mut separator = "";
    for output in compiled.outputs.iter().filter(|output| is_wanted(output, kind, &gathered.sources)) {
        terminal.print(separator)?;
        terminal.print(&output.text)?;
        separator = "\n";
    }
    Ok(Outcome::Fine)
}

fn spec(file: &str, common: &Common) -> Result<SourceFile> {
    if file != "-" {
        return load::spec(&common.directory, file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(load::text(STANDARD_INPUT, bytes))
}

/// The spec with the project's runbook texts, but none of its other specs.
fn with_texts(spec: SourceFile, inputs: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut files = vec![spec];
    files.extend(inputs.into_iter().filter(|file| file.kind == SourceKind::RunbookText));
    files
}

/// Whether a file's problems matter: texts are for other specs as well, and their problems belong to a build.
fn is_rendered(sources: &Sources, id: FileId) -> bool {
    match sources.file(id).kind {
        SourceKind::Project | SourceKind::Spec | SourceKind::BuiltIn => true,
        SourceKind::RunbookText | SourceKind::Metrics => false,
    }
}

/// Whether an output is of the kind and comes from the spec, rather than from the fleet.
fn is_wanted(output: &Output, kind: Kind, sources: &Sources) -> bool {
    let folder = match kind {
        Kind::Rules => "prometheus/rules/",
        Kind::Dashboard => "grafana/dashboards/",
        Kind::Runbook => "runbooks/",
    };
    let is_spec = |file: FileId| sources.file(file).kind == SourceKind::Spec;
    output.path.starts_with(folder) && output.origins.iter().any(|origin| is_spec(origin.span.file))
}
