//! Places below the folder of the outputs, and the words for what goes wrong there.

use std::io;
use std::path::{Component, Path};

use anyhow::anyhow;

/// Whether a path leads to a place below the folder, whatever it is joined to: names only, without `..` or a root.
pub(super) fn is_below(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// The folders above a path, the nearest first, without the folder of the outputs itself.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.rsplit_once('/')?.0;
        Some(rest)
    })
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "cannot read `{}`: {error}\nhelp: make it readable for the user who runs slosmith, or remove it",
        path.display()
    )
}

pub(super) fn unwritable(path: &Path, error: &io::Error) -> anyhow::Error {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, then build again",
        io::ErrorKind::ReadOnlyFilesystem => "choose a folder that can be written to with --output",
        io::ErrorKind::PermissionDenied => {
            "let the user who runs slosmith write there, or choose another folder with --output"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "something that is no folder stands in the way: move it, or choose another folder with --output"
        }
        _ => "every file there is whole, old or new: mend the cause, then build again",
    };
    anyhow!("cannot write `{}`: {error}\nhelp: {help}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_lead_below() {
        for path in ["a", "a/b.yaml", "a/.b"] {
            assert!(is_below(path), "{path}");
        }
        for path in ["", "/", "/a", "..", "../a", "a/../../b", "a/..", "./a", "a\\..\\b", "a\0"] {
            assert!(!is_below(path), "{path}");
        }
    }

    #[test]
    fn folders_come_nearest_first() {
        assert_eq!(folders_above("a/b/c.md").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(folders_above("c.md").count(), 0);
    }
}
