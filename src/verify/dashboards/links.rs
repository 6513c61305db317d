//! Links between boards.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ir::Dashboard;
use crate::ir::dashboard::{BoardTarget, DataLink, Override, Property};

/// What other boards have to know of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardNames {
    /// Its uid.
    pub uid: SmolStr,
    /// Its folder.
    pub folder: SmolStr,
    /// Its title.
    pub title: SmolStr,
    /// The uids that its links lead to; `prefix-${variable}` where a link is put together from a value.
    pub leads_to: BTreeSet<SmolStr>,
}

impl BoardNames {
    /// The board's path below the output folder.
    #[must_use]
    pub fn path(&self) -> String {
        Dashboard::path_of(&self.folder, &self.uid)
    }
}

/// What other boards have to know of this one.
pub(super) fn names(board: &Dashboard) -> BoardNames {
    let mut leads_to = BTreeSet::new();
    for link in &board.links {
        if let BoardTarget::Dashboard { uid, .. } = &link.target {
            leads_to.insert(uid.clone());
        }
    }
    for panel in board.panels() {
        let overrides = panel.overrides.iter().flat_map(override_links);
        for link in panel.links.iter().chain(&panel.fields.links).chain(overrides) {
            if let Some(uid) = link.dashboard_uid()
                && !leads_to.contains(uid)
            {
                leads_to.insert(uid.into());
            }
        }
    }
    BoardNames { uid: board.uid.clone(), folder: board.folder.clone(), title: board.title.clone(), leads_to }
}

fn override_links(field: &Override) -> impl Iterator<Item = &DataLink> {
    let links = field
        .properties
        .iter()
        .filter_map(|property| if let Property::Links(links) = property { Some(links) } else { None });
    links.flatten()
}

/// Whether there is such a board; for a uid that is put together, whether there is one that begins like it.
pub(super) fn exists(uid: &str, uids: &BTreeSet<&str>) -> bool {
    match uid.split_once("${") {
        None => uids.contains(uid),
        Some((prefix, _)) => uids.range(prefix..).next().is_some_and(|first| first.starts_with(prefix)),
    }
}
