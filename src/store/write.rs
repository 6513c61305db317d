//! Writes: every file beside its place and then renamed, so that it is whole at any moment, old or new.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use rayon::prelude::*;
use tempfile::{Builder, NamedTempFile};

use super::MANIFEST;
use super::owned::{JOURNAL, Owned, is_absent};
use super::place::{folders_above, unwritable};
use super::plan::{Plan, plan};
use crate::Output;

/// How the names of files that are not yet in their place begin.
const UNFINISHED_FILE: &str = ".slosmith-tmp-";

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files of earlier builds that are no longer made.
    pub removed: usize,
}

/// Brings the folder to the outputs: writes what differs, removes what an earlier build made and this one does not.
///
/// Files that slosmith did not write are neither overwritten nor removed. Killed at any moment, every file is whole, old or
/// new, and the next build goes on from there: the manifest is written last, and a journal lists what is under way.
///
/// # Errors
/// When a file that is not ours is in the way, before anything is written; when something cannot be written, with every
/// file whole.
pub fn write(folder: &Path, outputs: &[Output]) -> Result<Written> {
    create_folder(folder)?;
    let _lock = lock(folder);
    let owned = Owned::read(folder)?;
    let planned = plan(folder, outputs, &owned)?;
    let done = Written { written: planned.write.len(), unchanged: planned.unchanged, removed: planned.remove.len() };
    if planned.write.is_empty() && planned.remove.is_empty() && !owned.unfinished {
        return Ok(done);
    }
    if owned.unfinished {
        sweep(folder, outputs, &owned);
    }
    begin(folder, &planned, &owned)?;
    create_folders(folder, &planned)?;
    let (manifest, files): (Vec<&Output>, Vec<&Output>) =
        planned.write.iter().partition(|output| output.path == MANIFEST);
    files.par_iter().try_for_each(|output| replace(&folder.join(&output.path), &output.text))?;
    remove(folder, &planned.remove)?;
    manifest.iter().try_for_each(|output| replace(&folder.join(&output.path), &output.text))?;
    remove_file(&folder.join(JOURNAL))?;
    Ok(done)
}

/// Writes new files; refuses if one of them is there already, before anything is written.
///
/// # Errors
/// When a file is there, or cannot be written.
pub fn create(folder: &Path, files: &[(&str, &str)]) -> Result<()> {
    for (path, _) in files {
        let disk = folder.join(path);
        if fs::symlink_metadata(&disk).is_ok() {
            bail!("`{}` is there already, and is left as it is\nhelp: choose another folder", disk.display());
        }
    }
    for (path, text) in files {
        let disk = folder.join(path);
        disk.parent().map_or(Ok(()), create_folder)?;
        let mut file = File::create_new(&disk).map_err(|error| unwritable(&disk, &error))?;
        file.write_all(text.as_bytes()).map_err(|error| unwritable(&disk, &error))?;
    }
    Ok(())
}

/// Lets no other build work in the folder until the handle is dropped; without effect where the system has no such lock.
fn lock(folder: &Path) -> Option<File> {
    let handle = File::open(folder).ok()?;
    handle.lock().ok()?;
    Some(handle)
}

/// Lists what is about to be written, so that whatever happens the next build knows it for ours.
fn begin(folder: &Path, plan: &Plan<'_>, owned: &Owned) -> Result<()> {
    let mut paths: BTreeSet<&str> = plan.write.iter().map(|output| output.path.as_str()).collect();
    paths.extend(owned.iter().map(String::as_str));
    let mut text = String::new();
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    replace(&folder.join(JOURNAL), &text)
}

/// Removes what a killed build left beside the places of its files.
fn sweep(folder: &Path, outputs: &[Output], owned: &Owned) {
    let paths = outputs.iter().map(|output| &output.path).chain(owned.iter());
    let mut folders: BTreeSet<&str> = paths.flat_map(|path| folders_above(path)).collect();
    folders.insert("");
    for below in folders {
        let disk = folder.join(below);
        if !fs::symlink_metadata(&disk).is_ok_and(|metadata| metadata.is_dir()) {
            continue;
        }
        let entries = fs::read_dir(&disk).into_iter().flatten().filter_map(Result::ok);
        let left = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED_FILE));
        left.for_each(|entry| drop(fs::remove_file(entry.path())));
    }
}

fn create_folders(folder: &Path, plan: &Plan<'_>) -> Result<()> {
    let parents: BTreeSet<PathBuf> =
        plan.write.iter().filter_map(|output| folder.join(&output.path).parent().map(Path::to_owned)).collect();
    parents.iter().try_for_each(|parent| create_folder(parent))
}

fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

/// Puts a text in its place at once: written beside it, then renamed.
///
/// # Errors
/// When it cannot be written; then what was there is left.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let failed = |error| unwritable(path, &error);
    let mut file = unfinished_file(folder_of(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The folder that a file lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn unfinished_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    // Not for the owner alone, as temporary files usually are: the umask decides, as for every other file.
    Builder::new().prefix(UNFINISHED_FILE).permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn unfinished_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    Builder::new().prefix(UNFINISHED_FILE).tempfile_in(folder)
}

/// Removes files, then the folders that nothing is left in.
fn remove(folder: &Path, paths: &[String]) -> Result<()> {
    for path in paths {
        remove_file(&folder.join(path))?;
    }
    for path in paths {
        for above in folders_above(path) {
            if fs::remove_dir(folder.join(above)).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Removes a file; one that is gone already is as good.
fn remove_file(path: &Path) -> Result<()> {
    fs::remove_file(path).or_else(|error| if is_absent(&error) { Ok(()) } else { Err(unwritable(path, &error)) })
}
