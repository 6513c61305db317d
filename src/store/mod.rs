//! Disk, outward: writes the outputs that differ, removes the ones that are no longer made, or lists the drift.

#![expect(clippy::disallowed_methods, reason = "this is where the disk belongs to")]

mod build;
mod comparison;
mod owned;
mod place;
mod plan;
mod settled;
mod survey;
mod write;

use std::fs;
use std::path::Path;

use anyhow::Result;

pub use build::{Build, Written};
pub use comparison::{Comparison, Drift};
pub use settled::is_settled;
pub use write::{create, replace};

/// The output that lists all others, from the folder of the outputs.
pub const MANIFEST: &str = "manifest.json";

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
