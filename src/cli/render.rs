//! `slosmith render`: prints what one spec compiles to.

use std::collections::BTreeSet;
use std::io::Read;

use anyhow::{Context, Result};

use slosmith::diag::{Diagnostic, Severity, Sink};
use slosmith::source::{FileId, SourceFile, SourceKind, Sources, Wanted};
use slosmith::{Output, compile, gather, load, parse};

use super::Outcome;
use super::args::{Common, Kind};
use super::project::is_refused;
use super::terminal::Terminal;

/// The name that a spec from standard input has in messages.
const STANDARD_INPUT: &str = "<stdin>";

/// Prints the outputs of one kind; problems go to standard error, and an error prints nothing else.
pub(crate) fn render(file: &str, kind: Kind, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let spec = spec(file, common)?;
    let mut sources = gathered(&spec, Beside::Specs, common)?;
    let mut compiled = compile(&sources);
    if compiled.diagnostics.iter().any(|problem| is_anothers_error(problem, &spec, &sources)) {
        // What other specs define cannot be known; this one may do without.
        sources = gathered(&spec, Beside::Texts, common)?;
        compiled = compile(&sources);
    }
    compiled.diagnostics.retain(|problem| is_rendered(&spec, &sources, problem.primary.span.file));
    terminal.problems_aside(&compiled.diagnostics, &sources)?;
    if is_refused(&compiled, common) {
        return Ok(Outcome::Problems);
    }
    let mut separator = "";
    for output in compiled.outputs.iter().filter(|output| is_wanted(output, kind, &spec, &sources)) {
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

/// What of the project's inputs is read beside a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Runbook texts, and the specs of other services, which boards can refer to.
    Specs,
    /// Runbook texts alone.
    Texts,
}

/// The spec with the project around it.
fn gathered(spec: &SourceFile, beside: Beside, common: &Common) -> Result<Sources> {
    let gathered = gather(common.output.as_deref(), |wanted| match wanted {
        Wanted::Project | Wanted::Metrics(_) => load::read(&common.directory, wanted),
        Wanted::Inputs { .. } => {
            let inputs = load::read(&common.directory, wanted).unwrap_or_default();
            let own = service_names(spec);
            let others = inputs.into_iter().filter(|file| match file.kind {
                SourceKind::RunbookText => true,
                // The spec itself, perhaps as it was before it came from standard input.
                SourceKind::Spec => beside == Beside::Specs && file.path != spec.path && !shares(file, &own),
                SourceKind::Project | SourceKind::BuiltIn | SourceKind::Metrics => false,
            });
            Ok(std::iter::once(spec.clone()).chain(others).collect())
        }
    })?;
    Ok(gathered.sources)
}

/// The services that a file is about, as they are written.
fn service_names(spec: &SourceFile) -> BTreeSet<String> {
    let mut sources = Sources::default();
    let file = sources.add(spec.clone());
    let specs = parse::specs(&sources, [file], &mut Sink::default());
    specs.into_iter().filter_map(|spec| spec.service.map(|name| name.value)).collect()
}

/// Whether a file is about one of these services.
fn shares(file: &SourceFile, services: &BTreeSet<String>) -> bool {
    !services.is_disjoint(&service_names(file))
}

/// Whether another spec cannot be compiled.
fn is_anothers_error(problem: &Diagnostic, spec: &SourceFile, sources: &Sources) -> bool {
    let file = sources.file(problem.primary.span.file);
    problem.severity == Severity::Error && file.kind == SourceKind::Spec && file.path != spec.path
}

/// Whether a file's problems matter: those of texts and of other specs belong to a build.
fn is_rendered(spec: &SourceFile, sources: &Sources, id: FileId) -> bool {
    let file = sources.file(id);
    match file.kind {
        SourceKind::Project | SourceKind::BuiltIn => true,
        SourceKind::Spec => file.path == spec.path,
        SourceKind::RunbookText | SourceKind::Metrics => false,
    }
}

/// Whether an output is of the kind and comes from the spec, rather than from another one or the fleet.
fn is_wanted(output: &Output, kind: Kind, spec: &SourceFile, sources: &Sources) -> bool {
    let folder = match kind {
        Kind::Rules => "prometheus/rules/",
        Kind::Dashboard => "grafana/dashboards/",
        Kind::Runbook => "runbooks/",
    };
    let is_spec = |file: FileId| sources.file(file).kind == SourceKind::Spec && sources.file(file).path == spec.path;
    output.path.starts_with(folder) && output.origins.iter().any(|origin| is_spec(origin.span.file))
}
