//! Whether the folder already is what a build would leave, by the checksums of the outputs alone.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::owned::is_unfinished;
use super::plan::linked_folders;
use crate::Fingerprint;

/// Whether every file is there with these bytes, and nothing else is left to do: what takes words to tell is not settled.
///
/// As the manifest is among the files, its bytes are known, and it lists nothing that would be stale.
#[must_use]
pub fn is_settled(folder: &Path, files: &[Fingerprint]) -> bool {
    !is_unfinished(folder)
        && linked_folders(folder, files.iter().map(|file| file.path.as_str())).is_empty()
        // Lengths cost little to compare, and nearly every change is seen from them.
        && files.par_iter().all(|file| has_length(folder, file))
        && files.par_iter().all(|file| has_bytes(folder, file))
}

fn has_length(folder: &Path, file: &Fingerprint) -> bool {
    let metadata = fs::symlink_metadata(folder.join(&file.path));
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.length)
}

fn has_bytes(folder: &Path, file: &Fingerprint) -> bool {
    fs::read(folder.join(&file.path)).is_ok_and(|bytes| Fingerprint::digest(&bytes) == file.sha256)
}
