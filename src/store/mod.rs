//! Disk, outward: writes the outputs that differ, removes the ones that are no longer made, or lists the drift.

#![expect(clippy::disallowed_methods, reason = "this is where the disk belongs to")]

mod owned;
mod place;
mod plan;
mod settled;
mod write;

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::Output;

use owned::Owned;
use plan::State;

pub use settled::is_settled;
pub use write::{Written, create, replace, write};

/// The output that lists all others, from the folder of the outputs.
pub const MANIFEST: &str = "manifest.json";

/// How the folder of the outputs differs from the outputs; every list is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Outputs that are not there.
    pub missing: Vec<String>,
    /// Outputs with other bytes.
    pub changed: Vec<String>,
    /// Files of an earlier build that are no longer made.
    pub stale: Vec<String>,
}

impl Drift {
    /// Whether the folder is what a build would leave.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.stale.is_empty()
    }
}

/// Compares the folder with the outputs; writes nothing.
///
/// # Errors
/// When something there cannot be read.
pub fn drift(folder: &Path, outputs: &[Output]) -> Result<Drift> {
    let owned = Owned::read(folder)?;
    let mut drift = Drift { stale: plan::stale(folder, outputs, &owned), ..Drift::default() };
    for (output, state) in plan::states(folder, outputs, &owned)? {
        match state {
            State::Same => {}
            State::Missing => drift.missing.push(output.path.clone()),
            State::Ours | State::Foreign => drift.changed.push(output.path.clone()),
        }
    }
    Ok(drift)
}

/// The text that stands in the folder in place of an output, for a diff; empty for what is no file.
///
/// # Errors
/// When it cannot be read.
pub fn current(folder: &Path, path: &str) -> Result<String> {
    let disk = folder.join(path);
    if !fs::symlink_metadata(&disk).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(String::new());
    }
    let bytes = fs::read(&disk).map_err(|error| place::unreadable(&disk, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
