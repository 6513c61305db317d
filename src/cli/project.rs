//! A project, read and compiled, for the commands that look at all of it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use slosmith::cache::Entry;
use slosmith::diag::Severity;
use slosmith::source::Sources;
use slosmith::{Compiled, Destination, compile_into, gather, load, store};

use super::args::{Caching, Common};
use super::cache;

/// A project and what came of it.
pub(crate) struct Project {
    /// Its texts.
    pub(crate) sources: Sources,
    /// What came of compiling them, which gave the outputs away; only counts if that was not necessary.
    pub(crate) compiled: Compiled,
    /// How many files there are.
    pub(crate) files: usize,
    /// Where the outputs go.
    pub(crate) folder: PathBuf,
    /// The same as the user named it.
    pub(crate) output: String,
}

impl Project {
    /// Reads the project of the command line; compiles it into what `destination` makes of the folder of the outputs, unless
    /// the cache knows all files, and they are there: then there is no destination.
    pub(crate) fn open<D: Destination>(
        caching: &Caching,
        common: &Common,
        destination: impl FnOnce(&Path) -> D,
    ) -> Result<(Self, Option<D>)> {
        let root = &common.directory;
        let gathered = gather(common.output.as_deref(), |wanted| load::read(root, wanted))?;
        let (sources, output) = (gathered.sources, gathered.output);
        let folder = root.join(&output);
        let cache = cache::open(caching).map(|cache| (cache.key(&sources), cache));
        let known = cache.as_ref().and_then(|(key, cache)| cache.find(key));
        if let Some(entry) = known.filter(|entry| store::is_settled(&folder, &entry.files)) {
            let compiled = Compiled { counts: entry.counts, ..Compiled::default() };
            return Ok((Self { sources, compiled, files: entry.files.len(), folder, output }, None));
        }
        let destination = destination(&folder);
        let compiled = compile_into(&sources, &destination);
        if let Some((key, cache)) = cache.filter(|_| compiled.diagnostics.is_empty()) {
            cache.keep(&key, &Entry { counts: compiled.counts, files: compiled.fingerprints.clone() });
        }
        let files = compiled.fingerprints.len();
        Ok((Self { sources, compiled, files, folder, output }, Some(destination)))
    }
}

/// Whether problems keep the outputs from being used.
pub(crate) fn is_refused(compiled: &Compiled, common: &Common) -> bool {
    compiled.diagnostics.iter().any(|diagnostic| common.deny_warnings || diagnostic.severity == Severity::Error)
}
