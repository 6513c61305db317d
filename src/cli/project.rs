//! A project, read and compiled, for the commands that look at all of it.

use std::path::PathBuf;

use anyhow::Result;

use slosmith::cache::Entry;
use slosmith::diag::Severity;
use slosmith::source::Sources;
use slosmith::{Compiled, compile, gather, load, store};

use super::args::{Caching, Common};
use super::cache;

/// A project and what came of it.
pub(crate) struct Project {
    /// Its texts.
    pub(crate) sources: Sources,
    /// What they compile to; without outputs if that is settled.
    pub(crate) compiled: Compiled,
    /// How many files there are, if the cache knows them all and they are up to date.
    pub(crate) settled: Option<usize>,
    /// Where the outputs go.
    pub(crate) folder: PathBuf,
    /// The same as the user named it.
    pub(crate) output: String,
}

impl Project {
    /// Reads the project of the command line; compiles it unless what it compiles to is known, and there already.
    pub(crate) fn open(caching: &Caching, common: &Common) -> Result<Self> {
        let root = &common.directory;
        let gathered = gather(common.output.as_deref(), |wanted| load::read(root, wanted))?;
        let (sources, output) = (gathered.sources, gathered.output);
        let folder = root.join(&output);
        let cache = cache::open(caching).map(|cache| (cache.key(&sources), cache));
        let known = cache.as_ref().and_then(|(key, cache)| cache.find(key));
        if let Some(entry) = known.filter(|entry| store::is_settled(&folder, &entry.files)) {
            let compiled = Compiled { counts: entry.counts, ..Compiled::default() };
            return Ok(Self { sources, compiled, settled: Some(entry.files.len()), folder, output });
        }
        let compiled = compile(&sources);
        if let Some((key, cache)) = cache.filter(|_| compiled.diagnostics.is_empty()) {
            cache.keep(&key, &Entry { counts: compiled.counts, files: compiled.fingerprints.clone() });
        }
        Ok(Self { sources, compiled, settled: None, folder, output })
    }
}

/// Whether problems keep the outputs from being used.
pub(crate) fn is_refused(compiled: &Compiled, common: &Common) -> bool {
    compiled.diagnostics.iter().any(|diagnostic| common.deny_warnings || diagnostic.severity == Severity::Error)
}
