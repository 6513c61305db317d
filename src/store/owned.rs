//! Which files in the folder of the outputs are ours: those that the manifest of the last build lists, and those that an
//! unfinished build was about to write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{MANIFEST, place};

/// Lists what a running build writes; it is gone when the build is done.
pub(super) const JOURNAL: &str = ".slosmith-unfinished";

/// How the names of files and folders that are not in their place begin.
pub(super) const UNFINISHED: &str = ".slosmith-tmp-";

/// The word that every generated file has somewhere.
const MARK: &str = "slosmith";

/// The files that are ours.
#[derive(Debug, Default)]
pub(super) struct Owned {
    paths: BTreeSet<String>,
    /// Whether an earlier build was killed.
    pub(super) unfinished: bool,
}

impl Owned {
    /// Reads the manifest and the journal. One that is missing or broken lists nothing; paths out of the folder are left out.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let manifest = text(&folder.join(MANIFEST))?;
        let journal = text(&folder.join(JOURNAL))?;
        let mut owned = Self { unfinished: is_unfinished(folder), ..Self::default() };
        if let Some(text) = manifest.filter(|text| text.is_empty() || text.contains(MARK)) {
            owned.add(listed(&text).into_iter().chain([MANIFEST.to_owned()]));
        }
        owned.add(journal.iter().flat_map(|text| text.lines().map(str::to_owned)));
        Ok(owned)
    }

    fn add(&mut self, paths: impl Iterator<Item = String>) {
        self.paths.extend(paths.filter(|path| place::is_below(path)));
    }

    /// The paths, sorted.
    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        self.paths.iter()
    }

    /// Whether a file at this path is known to be ours.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.paths.contains(path)
    }
}

/// Whether an earlier build was killed, and left something that nobody has cleared up.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.any(|entry| {
        let name = entry.file_name();
        name == JOURNAL || name.to_string_lossy().starts_with(UNFINISHED)
    })
}

/// Whether a file without a manifest that lists it is ours by what it says.
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes())
}

/// A manifest, as far as it matters here.
#[derive(Default, Deserialize)]
#[expect(clippy::zero_sized_map_values, reason = "a set cannot be read from a JSON object")]
struct Manifest {
    files: BTreeMap<String, IgnoredAny>,
}

/// The paths that a manifest lists.
fn listed(text: &str) -> Vec<String> {
    let manifest: Manifest = serde_json::from_str(text).unwrap_or_default();
    manifest.files.into_keys().collect()
}

/// The text of a file; `None` if it is not there or no file.
fn text(path: &Path) -> Result<Option<String>> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Ok(None);
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(lossy(bytes))),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(place::unreadable(path, &error)),
    }
}

/// The bytes as text; not copied unless they have to be mended.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Whether an error says that nothing is there.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
