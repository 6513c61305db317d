//! The texts of a project in the order in which they become known: the project file names the rest.

use crate::diag::Sink;
use crate::parse;
use crate::source::{SourceFile, SourceKind, Sources, Wanted};

/// The alerts on rule evaluation that come with every project, in slosmith's own language.
const WATCH: &str = include_str!("../templates/slosmith.yaml");

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
    let mut sources = Sources::default();
    let files: Vec<_> = read(&Wanted::Project)?.into_iter().map(|file| sources.add(file)).collect();
    let project = files.first().map(|file| parse::project(&sources, *file, &mut Sink::default())).unwrap_or_default();
    let declared = project.output.map(|output| output.value);
    let output = output.map(str::to_owned).or(declared).unwrap_or_else(|| "generated".to_owned());
    let mut inputs: Vec<String> = project.inputs.into_iter().map(|input| input.value).collect();
    if inputs.is_empty() {
        inputs.push("slos".to_owned());
    }
    let wanted = Wanted::Inputs { inputs, except: output.clone() };
    for file in read(&wanted)? {
        sources.add(file);
    }
    sources.add(watch());
    Ok(Gathered { sources, output })
}

/// The definition of the alerts on rule evaluation, as a source like any other.
fn watch() -> SourceFile {
    SourceFile {
        path: "slosmith's own slosmith.yaml".to_owned(),
        kind: SourceKind::BuiltIn,
        text: WATCH.to_owned(),
        problem: None,
    }
}
