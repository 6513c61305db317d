//! A project, read and compiled, for the commands that look at all of it.

use std::path::PathBuf;

use anyhow::Result;

use slosmith::diag::Severity;
use slosmith::source::Sources;
use slosmith::{Compiled, compile, gather, load};

use super::args::Common;

/// A project and what came of it.
pub(crate) struct Project {
    /// Its texts.
    pub(crate) sources: Sources,
    /// What they compile to.
    pub(crate) compiled: Compiled,
    /// Where the outputs go.
    pub(crate) folder: PathBuf,
    /// The same as the user named it.
    pub(crate) output: String,
}

impl Project {
    /// Reads and compiles the project of the command line.
    pub(crate) fn open(common: &Common) -> Result<Self> {
        let root = &common.directory;
        let gathered = gather(common.output.as_deref(), |wanted| load::read(root, wanted))?;
        let compiled = compile(&gathered.sources);
        let folder = root.join(&gathered.output);
        Ok(Self { sources: gathered.sources, compiled, folder, output: gathered.output })
    }
}

/// Whether problems keep the outputs from being used.
pub(crate) fn is_refused(compiled: &Compiled, common: &Common) -> bool {
    compiled.diagnostics.iter().any(|diagnostic| common.deny_warnings || diagnostic.severity == Severity::Error)
}
