//! Remembers which files unchanged sources compile to, so that they can be compared with the disk without compiling again.
//!
//! Nothing depends on it: an entry that is missing, broken or not readable means to compile, and one that cannot be written is
//! not kept. Entries hold checksums, never texts, and only of compilations without any problem to report.

#![expect(clippy::disallowed_methods, reason = "the cache is a place on the disk of its own")]

mod entry;

use std::fs::{self, DirEntry};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::source::Sources;

pub use entry::Entry;

/// The most entries that are kept; the oldest ones go first.
const MAX_ENTRIES: usize = 64;

/// How the names of entries end.
const ENDING: &str = "compiled";

/// Tells backup programs that the folder can be left out: <https://bford.info/cachedir/>.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n# slosmith writes these files anew when they are gone.\n",
);

/// A folder of entries.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Where the entries lie.
    folder: PathBuf,
    /// What tells this compiler from every other one.
    compiler: String,
}

/// What an entry is found by: a checksum of the compiler's identity and of all sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Cache {
    /// The cache in a folder, which need not exist; `compiler` has to differ when the same sources may compile to other files.
    #[must_use]
    pub fn new(folder: PathBuf, compiler: String) -> Self {
        Self { folder, compiler }
    }

    /// The key of some sources.
    ///
    /// It covers everything that [`compile`](crate::compile) depends on: every path, kind, text and problem.
    #[must_use]
    pub fn key(&self, sources: &Sources) -> Key {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        add(self.compiler.as_bytes());
        for (_, file) in sources.iter() {
            add(format!("{:?} {:?}", file.kind, file.problem).as_bytes());
            add(file.path.as_bytes());
            add(file.text.as_bytes());
        }
        Key(entry::hexadecimal(&hash.finalize()))
    }

    /// The entry of a key; nothing if there is none, or none that is whole.
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<Entry> {
        entry::parse(&fs::read_to_string(self.path(key)).ok()?, &key.0)
    }

    /// Keeps an entry; one that cannot be written is not kept.
    ///
    /// It comes into its place at once, so that other runs find all of it or nothing.
    pub fn keep(&self, key: &Key, entry: &Entry) {
        // Without an entry, the next run compiles.
        let _ = self.write(key, entry);
    }

    fn write(&self, key: &Key, entry: &Entry) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let tag = self.folder.join(TAG.0);
        if !tag.exists() {
            fs::write(tag, TAG.1)?;
        }
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(entry::print(entry, &key.0).as_bytes())?;
        file.persist(self.path(key)).map_err(|error| error.error)?;
        self.prune()
    }

    /// Removes the oldest entries.
    fn prune(&self) -> io::Result<()> {
        let is_entry = |entry: &DirEntry| entry.path().extension().is_some_and(|ending| ending == ENDING);
        let entries = fs::read_dir(&self.folder)?.filter_map(Result::ok).filter(is_entry);
        let written = |entry: DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
        let mut entries: Vec<_> = entries.filter_map(written).collect();
        entries.sort_unstable();
        let surplus = entries.len().saturating_sub(MAX_ENTRIES);
        entries.iter().take(surplus).try_for_each(|(_, path)| remove(path))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(&key.0).with_extension(ENDING)
    }
}

/// Removes an entry; another run may have done so just before.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
