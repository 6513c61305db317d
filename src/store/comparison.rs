//! How the folder of the outputs differs from them; writes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Result;

use super::owned::Owned;
use super::plan::{State, state};
use super::survey::Survey;
use crate::Destination;

/// How many texts are kept for diffs: more than anybody is shown.
const MAX_TEXTS: usize = 200;

/// How the folder of the outputs differs from the outputs; every list is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Outputs that are not there.
    pub missing: Vec<String>,
    /// Outputs with other bytes.
    pub changed: Vec<String>,
    /// Files of an earlier build that are no longer made.
    pub stale: Vec<String>,
    /// The texts of the first changed outputs, by path.
    pub texts: BTreeMap<String, String>,
}

impl Drift {
    /// Whether the folder is what a build would leave.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.stale.is_empty()
    }
}

/// Compares every output with the folder as soon as it is made.
#[derive(Debug)]
pub struct Comparison {
    survey: Survey,
    /// What is ours; nothing if that cannot be read.
    owned: OnceLock<Option<Owned>>,
    texts: Mutex<BTreeMap<String, String>>,
}

impl Comparison {
    /// A comparison with a folder, which need not exist.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { survey: Survey::new(folder), owned: OnceLock::new(), texts: Mutex::default() }
    }

    /// The result, when every output was taken.
    ///
    /// # Errors
    /// When something there cannot be read, or a link leads out of the folder.
    pub fn finish(self) -> Result<Drift> {
        let Some(owned) = self.owned() else { return Err(self.survey.failure()) };
        let verdict = self.survey.verdict(owned)?;
        let paths = |is_wanted: fn(State) -> bool| verdict.paths(is_wanted).map(str::to_owned).collect();
        Ok(Drift {
            missing: paths(|state| state == State::Missing),
            changed: paths(|state| matches!(state, State::Ours | State::Foreign)),
            stale: verdict.stale,
            texts: self.texts.into_inner().unwrap_or_else(PoisonError::into_inner),
        })
    }

    fn owned(&self) -> Option<&Owned> {
        let read = || Owned::read(&self.survey.folder).map_err(|error| self.survey.note("", Err(error))).ok();
        self.owned.get_or_init(read).as_ref()
    }

    /// Keeps a text for a diff, if it is among the first.
    fn keep(&self, path: &str, text: String) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.insert(path.to_owned(), text);
        if texts.len() > MAX_TEXTS {
            texts.pop_last();
        }
    }
}

impl Destination for Comparison {
    fn take(&self, path: &str, text: String) {
        if self.survey.has_failed() {
            return;
        }
        let Some(owned) = self.owned() else { return };
        let state = state(&self.survey.folder, path, &text, owned);
        if let Ok(State::Ours | State::Foreign) = state {
            self.keep(path, text);
        }
        self.survey.note(path, state);
    }
}
