//! What stands in the place of an output, what is no longer made, and what nobody may overwrite.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::MANIFEST;
use super::owned::{Owned, is_absent, is_marked};
use super::place::{folders_above, is_below, unreadable};

/// What stands in the place of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Refuses to follow links out of the folder.
pub(super) fn refuse_links(folder: &Path, made: &BTreeSet<&str>) -> Result<()> {
    if let Some(link) = linked_folders(folder, made.iter().copied()).first() {
        bail!(
            "`{}` is a symbolic link or no folder, and files have to be written below it\n\
             help: remove it, or choose another folder with --output",
            folder.join(link).display()
        );
    }
    Ok(())
}

/// Refuses to overwrite what is not ours.
pub(super) fn refuse_foreign<'p>(folder: &Path, foreign: impl Iterator<Item = &'p str>) -> Result<()> {
    let foreign: Vec<&str> = foreign.collect();
    if foreign.is_empty() { Ok(()) } else { bail!(refusal(folder, &foreign)) }
}

/// What stands in the place of an output with this text.
pub(super) fn state(folder: &Path, path: &str, text: &str, owned: &Owned) -> Result<State> {
    debug_assert!(is_below(path), "a bug in slosmith: an output at `{path}`");
    let disk = folder.join(path);
    let metadata = match fs::symlink_metadata(&disk) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => return Ok(State::Missing),
        Err(error) => return Err(unreadable(&disk, &error)),
    };
    let is_owned = owned.contains(path);
    let ours = |is_ours| if is_ours { State::Ours } else { State::Foreign };
    if !metadata.is_file() {
        return Ok(ours(metadata.is_symlink() && is_owned));
    }
    if is_owned && metadata.len() != text.len() as u64 {
        return Ok(State::Ours);
    }
    let bytes = fs::read(&disk).map_err(|error| unreadable(&disk, &error))?;
    if bytes == text.as_bytes() {
        return Ok(State::Same);
    }
    Ok(ours(is_owned || path != MANIFEST && is_marked(&bytes)))
}

/// The files of earlier builds that are there and no longer made, sorted.
pub(super) fn stale(folder: &Path, made: &BTreeSet<&str>, owned: &Owned) -> Vec<String> {
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
