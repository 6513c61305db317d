//! Writes single files and folders: a text beside its place and then renamed, so that it is whole at any moment, old or new.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use tempfile::{Builder, NamedTempFile};

use super::owned::{UNFINISHED, is_absent};
use super::place::{folders_above, unwritable};

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

/// Creates a folder and those above it, unless they are there.
pub(super) fn create_folder(folder: &Path) -> Result<()> {
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
    Builder::new().prefix(UNFINISHED).permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn unfinished_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    Builder::new().prefix(UNFINISHED).tempfile_in(folder)
}

/// Removes files, then the folders that nothing is left in.
pub(super) fn remove(folder: &Path, paths: &[String]) -> Result<()> {
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
pub(super) fn remove_file(path: &Path) -> Result<()> {
    fs::remove_file(path).or_else(|error| if is_absent(&error) { Ok(()) } else { Err(unwritable(path, &error)) })
}
