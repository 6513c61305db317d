//! The texts of a project in the order in which they become known: the project file names the rest.

use std::collections::BTreeSet;

use crate::catalogue::{exporter, is_file};
use crate::diag::Sink;
use crate::parse::{self, decl::ProjectDecl};
use crate::source::{BUILT_IN, SourceFile, SourceKind, Sources, Wanted};

/// What messages call the definition of these alerts.
const WATCH_PATH: &str = "slosmith.yaml";
/// What messages call their runbook text; the end makes it a topic.
const WATCH_TEXT_PATH: &str = "runbooks/topics/slosmith-rules.md";
/// The alerts on rule evaluation that come with every project, in slosmith's own language.
const WATCH: &str = include_str!("../templates/slosmith.yaml");

/// One more of them, where the project names somebody who notices when it stops.
const WATCHDOG: &str = include_str!("../templates/watchdog.yaml");

/// Its runbook text, and what messages call it.
const WATCHDOG_TEXT_PATH: &str = "runbooks/topics/slosmith-watchdog.md";
const WATCHDOG_TEXT: &str = include_str!("../templates/runbooks/topics/slosmith-watchdog.md");

/// What is on the runbook pages of these alerts.
const WATCH_TEXT: &str = include_str!("../templates/runbooks/topics/slosmith-rules.md");

/// The sources of a project, and where its outputs go.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The project file, if there is one, then the specs and texts by path.
    pub sources: Sources,
    /// The folder of the outputs, from the project's root.
    pub output: String,
}

/// Asks the reader for the project file, then for the inputs that it names; `output` goes before what the file says.
///
/// Problems of the project file are left for [`compile`](crate::compile) to report.
///
/// # Errors
/// Those of the reader.
pub fn gather<E>(
    output: Option<&str>,
    mut read: impl FnMut(&Wanted) -> Result<Vec<SourceFile>, E>,
) -> Result<Gathered, E> {
    let (mut sources, project) = surroundings(&[], &mut read)?;
    let has_watchdog = project.on_call.as_ref().is_some_and(|on_call| on_call.watchdog.is_some());
    let catalogues: BTreeSet<String> = project.metrics.iter().map(|name| name.value.clone()).collect();
    let declared = project.output.map(|output| output.value);
    let output = output.map(str::to_owned).or(declared).unwrap_or_else(|| "generated".to_owned());
    let mut inputs: Vec<String> = project.inputs.into_iter().map(|input| input.value).collect();
    if inputs.is_empty() {
        inputs.push("slos".to_owned());
    }
    let wanted = Wanted::Inputs { inputs, except: output.clone() };
    let specs = read(&wanted)?.into_iter().filter(|file| !catalogues.contains(&file.path));
    for file in specs {
        sources.add(file);
    }
    let watch = if has_watchdog { format!("{WATCH}{WATCHDOG}") } else { WATCH.to_owned() };
    sources.add(built_in(WATCH_PATH, SourceKind::BuiltIn, &watch));
    sources.add(built_in(WATCH_TEXT_PATH, SourceKind::RunbookText, WATCH_TEXT));
    if has_watchdog {
        sources.add(built_in(WATCHDOG_TEXT_PATH, SourceKind::RunbookText, WATCHDOG_TEXT));
    }
    Ok(Gathered { sources, output })
}

/// The project file, if there is one, and the metric catalogues: those of these entries first, then those that it names.
///
/// # Errors
/// Those of the reader.
pub fn catalogues<E>(
    entries: &[String],
    mut read: impl FnMut(&Wanted) -> Result<Vec<SourceFile>, E>,
) -> Result<Sources, E> {
    Ok(surroundings(entries, &mut read)?.0)
}

/// The same with what the project file declares.
fn surroundings<E>(
    entries: &[String],
    read: &mut impl FnMut(&Wanted) -> Result<Vec<SourceFile>, E>,
) -> Result<(Sources, ProjectDecl), E> {
    let mut sources = Sources::default();
    let files: Vec<_> = read(&Wanted::Project)?.into_iter().map(|file| sources.add(file)).collect();
    let project = files.first().map(|file| parse::project(&sources, *file, &mut Sink::default())).unwrap_or_default();
    let declared = project.metrics.iter().map(|name| &name.value);
    for file in metrics(entries.iter().chain(declared), read)? {
        sources.add(file);
    }
    Ok((sources, project))
}

/// Something that comes with slosmith, as a source like any other.
fn built_in(path: &str, kind: SourceKind, text: &str) -> SourceFile {
    SourceFile { path: format!("{BUILT_IN}{path}"), kind, text: text.to_owned(), problem: None }
}

/// Metric catalogues in the order of their entries; names of exporters that do not exist are left for the compiler.
fn metrics<'a, E>(
    entries: impl Iterator<Item = &'a String>,
    read: &mut impl FnMut(&Wanted) -> Result<Vec<SourceFile>, E>,
) -> Result<Vec<SourceFile>, E> {
    let mut files = Vec::new();
    for name in entries {
        if is_file(name) {
            files.extend(read(&Wanted::Metrics(vec![name.clone()]))?);
        } else if let Some(text) = exporter(name) {
            files.push(built_in(name, SourceKind::Metrics, text));
        }
    }
    Ok(files)
}
