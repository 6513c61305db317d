//! What stands in the place of every output: found out while they are made, from several threads, judged when all are there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Error, Result};

use super::owned::Owned;
use super::plan::{State, refuse_links, stale};

/// What was found so far; after the first failure nothing more is looked for.
#[derive(Debug)]
pub(super) struct Survey {
    /// The folder of the outputs.
    pub(super) folder: PathBuf,
    progress: Mutex<Result<Vec<Found>>>,
}

/// What stands in the place of one output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// The path of the output.
    pub(super) path: String,
    /// What is there.
    pub(super) state: State,
}

/// The judgement over all outputs.
#[derive(Debug)]
pub(super) struct Verdict {
    /// What stands in the place of every output, sorted by path.
    pub(super) found: Vec<Found>,
    /// Files of earlier builds that are no longer made, sorted.
    pub(super) stale: Vec<String>,
}

impl Verdict {
    /// The paths of the outputs in whose place this is.
    pub(super) fn paths(&self, is_wanted: impl Fn(State) -> bool) -> impl Iterator<Item = &str> {
        self.found.iter().filter(move |found| is_wanted(found.state)).map(|found| found.path.as_str())
    }
}

impl Survey {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), progress: Mutex::new(Ok(Vec::new())) }
    }

    /// Notes what was found, or why it could not be; of several failures the first counts.
    pub(super) fn note(&self, path: &str, state: Result<State>) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(found) = progress.as_mut() {
            match state {
                Ok(state) => found.push(Found { path: path.to_owned(), state }),
                Err(error) => *progress = Err(error),
            }
        }
    }

    /// Whether something failed, so that it is in vain to go on.
    pub(super) fn has_failed(&self) -> bool {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).is_err()
    }

    /// Takes what was found, or what failed; links out of the folder are refused.
    pub(super) fn verdict(&self, owned: &Owned) -> Result<Verdict> {
        let mut found = self.take()?;
        found.sort_unstable();
        let made: BTreeSet<&str> = found.iter().map(|found| found.path.as_str()).collect();
        refuse_links(&self.folder, &made)?;
        let stale = stale(&self.folder, &made, owned);
        Ok(Verdict { found, stale })
    }

    /// Takes what failed; it is the caller who knows that something did.
    pub(super) fn failure(&self) -> Error {
        let failure = self.take().err();
        failure.unwrap_or_else(|| Error::msg("a bug in slosmith: an operation failed and did not say how"))
    }

    fn take(&self) -> Result<Vec<Found>> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *progress, Ok(Vec::new()))
    }
}
