//! What a build has to do: compares the outputs with the folder before anything is written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::MANIFEST;
use super::owned::{Owned, is_absent, is_marked};
use super::place::{folders_above, is_below, unreadable};
use crate::Output;

/// What stands in the place of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The same bytes.
    Same,
    /// Nothing.
    Missing,
    /// Something else that slosmith wrote.
    Ours,
    /// Something else that slosmith did not write.
    Foreign,
}

/// Everything that a build has to do.
#[derive(Debug, Default)]
pub(super) struct Plan<'o> {
    /// Outputs to write; the manifest is the last one.
    pub(super) write: Vec<&'o Output>,
    /// Files to remove.
    pub(super) remove: Vec<String>,
    /// How many outputs are there already.
    pub(super) unchanged: usize,
}

/// Compares; refuses to overwrite what is not ours, and to follow symbolic links out of the folder.
pub(super) fn plan<'o>(folder: &Path, outputs: &'o [Output], owned: &Owned) -> Result<Plan<'o>> {
    let mut plan = Plan { remove: stale(folder, outputs, owned), ..Plan::default() };
    let mut foreign = Vec::new();
    for (output, state) in states(folder, outputs, owned)? {
        match state {
            State::Same => plan.unchanged += 1,
            State::Missing | State::Ours => plan.write.push(output),
            State::Foreign => foreign.push(output.path.as_str()),
        }
    }
    if !foreign.is_empty() {
        bail!(refusal(folder, &foreign));
    }
    plan.write.sort_by_key(|output| output.path == MANIFEST);
    Ok(plan)
}

/// What stands in the place of every output.
pub(super) fn states<'o>(folder: &Path, outputs: &'o [Output], owned: &Owned) -> Result<Vec<(&'o Output, State)>> {
    let links = linked_folders(folder, outputs.iter().map(|output| output.path.as_str()));
    if let Some(link) = links.first() {
        bail!(
            "`{}` is a symbolic link or no folder, and files have to be written below it\n\
             help: remove it, or choose another folder with --output",
            folder.join(link).display()
        );
    }
    outputs.par_iter().map(|output| Ok((output, state(folder, output, owned)?))).collect()
}

fn state(folder: &Path, output: &Output, owned: &Owned) -> Result<State> {
    debug_assert!(is_below(&output.path), "a bug in slosmith: an output at `{}`", output.path);
    let disk = folder.join(&output.path);
    let metadata = match fs::symlink_metadata(&disk) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => return Ok(State::Missing),
        Err(error) => return Err(unreadable(&disk, &error)),
    };
    let is_owned = owned.contains(&output.path);
    let ours = |is_ours| if is_ours { State::Ours } else { State::Foreign };
    if !metadata.is_file() {
        return Ok(ours(metadata.is_symlink() && is_owned));
    }
    if is_owned && metadata.len() != output.text.len() as u64 {
        return Ok(State::Ours);
    }
    let bytes = fs::read(&disk).map_err(|error| unreadable(&disk, &error))?;
    if bytes == output.text.as_bytes() {
        return Ok(State::Same);
    }
    Ok(ours(is_owned || output.path != MANIFEST && is_marked(&bytes)))
}

/// The files of earlier builds that are there and no longer made, sorted.
pub(super) fn stale(folder: &Path, outputs: &[Output], owned: &Owned) -> Vec<String> {
    let made: BTreeSet<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
    let stale: Vec<&str> = owned.iter().map(String::as_str).filter(|path| !made.contains(path)).collect();
    let links = linked_folders(folder, stale.iter().copied());
    let is_there = |path: &&str| {
        let folder_is_real = folders_above(path).all(|above| !links.contains(above));
        let file = fs::symlink_metadata(folder.join(path));
        folder_is_real && file.is_ok_and(|metadata| metadata.is_file() || metadata.is_symlink())
    };
    stale.into_iter().filter(is_there).map(str::to_owned).collect()
}

/// The folders above some paths that are there but are no folders of their own: nothing below them may be touched.
pub(super) fn linked_folders<'p>(folder: &Path, paths: impl Iterator<Item = &'p str>) -> BTreeSet<&'p str> {
    let folders: BTreeSet<&str> = paths.flat_map(folders_above).collect();
    let is_linked = |path: &&str| fs::symlink_metadata(folder.join(path)).is_ok_and(|metadata| !metadata.is_dir());
    folders.into_iter().filter(is_linked).collect()
}

fn refusal(folder: &Path, foreign: &[&str]) -> String {
    let shown: Vec<String> = foreign.iter().take(5).map(|path| format!("`{}`", folder.join(path).display())).collect();
    let more = match foreign.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{}{more} would be overwritten, and slosmith did not write {}\n\
         help: move or delete what is there, or choose another folder with --output",
        shown.join(", "),
        if foreign.len() == 1 { "it" } else { "them" }
    )
}
