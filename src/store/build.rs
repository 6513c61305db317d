//! Brings the folder of the outputs to them: what differs is written into a folder of its own there as soon as it is made,
//! and comes into its place when everything is known to be well.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Result;
use rayon::prelude::*;
use tempfile::{Builder, TempDir};

use super::MANIFEST;
use super::owned::{JOURNAL, Owned, UNFINISHED, is_absent};
use super::place::unwritable;
use super::plan::{State, refuse_foreign, state};
use super::survey::{Survey, Verdict};
use super::write::{create_folder, remove, remove_file, replace};
use crate::Destination;

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

/// A build under way. Dropped before it is finished, it leaves the folder as it was.
///
/// Files that slosmith did not write are neither overwritten nor removed. Killed at any moment, every file is whole, old or
/// new, and the next build goes on from there: the manifest comes last, and a journal lists what is under way.
#[derive(Debug)]
pub struct Build {
    survey: Survey,
    /// What the folder was when the first output came; nothing if that failed.
    opened: OnceLock<Option<Opened>>,
    /// Where texts wait for their place; nothing if it cannot be made.
    staged: OnceLock<Option<TempDir>>,
}

/// The folder of the outputs, while no other build works in it.
#[derive(Debug)]
struct Opened {
    owned: Owned,
    /// Folders that were not there, the innermost first.
    new_folders: Vec<PathBuf>,
    /// Lets no other build work in the folder; without effect where the system has no such lock.
    _lock: Option<File>,
}

impl Build {
    /// A build into a folder, which need not exist; touches nothing yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { survey: Survey::new(folder), opened: OnceLock::new(), staged: OnceLock::new() }
    }

    /// Puts everything in its place, and removes what an earlier build made and this one does not.
    ///
    /// # Errors
    /// When a file that is not ours is in the way, or something could not be written, before anything changes; when
    /// something cannot be moved or removed, with every file whole.
    pub fn finish(mut self) -> Result<Written> {
        let Some(opened) = self.opened() else { return Err(self.survey.failure()) };
        let verdict = self.survey.verdict(&opened.owned)?;
        refuse_foreign(&self.survey.folder, verdict.paths(|state| state == State::Foreign))?;
        let unchanged = verdict.paths(|state| state == State::Same).count();
        let written = verdict.found.len() - unchanged;
        let done = Written { written, unchanged, removed: verdict.stale.len() };
        if done.written > 0 || done.removed > 0 || opened.owned.unfinished {
            self.settle(&opened.owned, &verdict)?;
        }
        // The folders are there to stay, and the lock is the last thing to go.
        drop(self.staged.take());
        drop(self.opened.take());
        Ok(done)
    }

    fn settle(&self, owned: &Owned, verdict: &Verdict) -> Result<()> {
        let (folder, staged) = (&self.survey.folder, self.staged.get().and_then(Option::as_ref));
        if owned.unfinished {
            sweep(folder, staged);
        }
        begin(folder, verdict, owned)?;
        staged.map_or(Ok(()), |staged| place_all(staged.path(), folder, Some(MANIFEST)))?;
        remove(folder, &verdict.stale)?;
        staged.map_or(Ok(()), |staged| place_all(staged.path(), folder, None))?;
        remove_file(&folder.join(JOURNAL))
    }

    fn opened(&self) -> Option<&Opened> {
        let open = || open(&self.survey.folder).map_err(|error| self.survey.note("", Err(error))).ok();
        self.opened.get_or_init(open).as_ref()
    }

    /// Writes a text to where it waits for its place.
    fn stage(&self, path: &str, text: &str) -> Result<()> {
        let staged =
            self.staged.get_or_init(|| match Builder::new().prefix(UNFINISHED).tempdir_in(&self.survey.folder) {
                Ok(staged) => Some(staged),
                Err(error) => {
                    self.survey.note("", Err(unwritable(&self.survey.folder, &error)));
                    None
                }
            });
        let Some(staged) = staged else { return Err(self.survey.failure()) };
        let failed = |error| unwritable(&self.survey.folder.join(path), &error);
        let disk = staged.path().join(path);
        let mut file = create_below(&disk).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)
    }
}

impl Destination for Build {
    fn take(&self, path: &str, text: String) {
        if self.survey.has_failed() {
            return;
        }
        let Some(opened) = self.opened() else { return };
        let state = state(&self.survey.folder, path, &text, &opened.owned).and_then(|state| {
            match state {
                State::Missing | State::Ours => self.stage(path, &text)?,
                State::Same | State::Foreign => {}
            }
            Ok(state)
        });
        self.survey.note(path, state);
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        drop(self.staged.take());
        let opened = self.opened.take().flatten();
        // A folder that something is in by now stays.
        for folder in opened.iter().flat_map(|opened| &opened.new_folders) {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Creates the folder if need be, waits until no other build works in it, and reads what is ours.
fn open(folder: &Path) -> Result<Opened> {
    let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err();
    let new_folders = folder.ancestors().take_while(is_new).map(Path::to_owned).collect();
    create_folder(folder)?;
    let lock = lock(folder);
    Ok(Opened { owned: Owned::read(folder)?, new_folders, _lock: lock })
}

fn lock(folder: &Path) -> Option<File> {
    let handle = File::open(folder).ok()?;
    handle.lock().ok()?;
    Some(handle)
}

/// Creates a file that is not there, and the folders above it.
fn create_below(path: &Path) -> std::io::Result<File> {
    match File::create_new(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            File::create_new(path)
        }
        result => result,
    }
}

/// Lists what is about to be written, so that whatever happens the next build knows it for ours.
fn begin(folder: &Path, verdict: &Verdict, owned: &Owned) -> Result<()> {
    let is_written = |state| matches!(state, State::Missing | State::Ours);
    let mut paths: BTreeSet<&str> = verdict.paths(is_written).collect();
    paths.extend(owned.iter().map(String::as_str));
    let mut text = String::new();
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    replace(&folder.join(JOURNAL), &text)
}

/// Removes what killed builds left in the folder; what cannot be removed is left to the next build.
fn sweep(folder: &Path, staged: Option<&TempDir>) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let is_left = |entry: &DirEntry| {
        let name = entry.file_name();
        let is_ours = staged.is_some_and(|staged| staged.path().file_name() == Some(&name));
        name.to_string_lossy().starts_with(UNFINISHED) && !is_ours
    };
    for entry in entries.filter(is_left) {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
    }
}

/// Moves what is in one folder into another, file by file, but a folder that is not there yet with all that is in it.
fn place_all(from: &Path, to: &Path, except: Option<&str>) -> Result<()> {
    let entries: std::io::Result<Vec<DirEntry>> = fs::read_dir(from).and_then(Iterator::collect);
    let entries = entries.map_err(|error| unwritable(to, &error))?;
    let wanted = entries.into_par_iter().filter(|entry| except.is_none_or(|name| entry.file_name() != name));
    wanted.try_for_each(|entry| place(&entry, &to.join(entry.file_name())))
}

fn place(entry: &DirEntry, to: &Path) -> Result<()> {
    let failed = |error| unwritable(to, &error);
    if !entry.file_type().map_err(failed)?.is_dir() {
        return fs::rename(entry.path(), to).map_err(failed);
    }
    let is_new = fs::symlink_metadata(to).is_err_and(|error| is_absent(&error));
    if is_new && fs::rename(entry.path(), to).is_ok() {
        return Ok(());
    }
    create_folder(to)?;
    place_all(&entry.path(), to, None)
}
