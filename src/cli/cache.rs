//! Where the cache lies, and what tells this compiler from others.

use std::env;
use std::path::PathBuf;

use slosmith::cache::Cache;

use super::args::Caching;

/// The cache, unless it is not wanted or has no place.
pub(crate) fn open(caching: &Caching) -> Option<Cache> {
    if caching.no_cache {
        return None;
    }
    let folder = caching.cache_dir.clone().or_else(users_folder)?;
    Some(Cache::new(folder, compiler()?))
}

/// The user's folder for caches. It is not in the project: what lies there could come from whoever proposes a change to it.
fn users_folder() -> Option<PathBuf> {
    let folder = |name, below: &str| {
        let path = PathBuf::from(env::var_os(name)?).join(below);
        path.is_absolute().then(|| path.join("slosmith"))
    };
    if cfg!(windows) {
        folder("LOCALAPPDATA", "")
    } else if cfg!(target_os = "macos") {
        folder("HOME", "Library/Caches")
    } else {
        folder("XDG_CACHE_HOME", "").or_else(|| folder("HOME", ".cache"))
    }
}

/// The version, and the executable's place, length and time, as a compiler cache tells compilers apart.
fn compiler() -> Option<String> {
    let path = env::current_exe().ok()?;
    let metadata = path.metadata().ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("{version} {} {} {:?}", path.display(), metadata.len(), metadata.modified().ok()?))
}
