//! Ids of panels: made of titles, so that a new panel changes no other one's.

use std::collections::BTreeSet;

/// Ids are below this, so that people can read them.
const RANGE: u32 = 1_000_000;

/// The ids of a board that are taken.
#[derive(Default)]
pub(super) struct Ids {
    taken: BTreeSet<u32>,
}

impl Ids {
    /// An id for what stands under a row of a title and has a title itself, with room for some more behind it.
    pub(super) fn take(&mut self, row: &str, title: &str, count: u32) -> u32 {
        let hash = row
            .bytes()
            .chain([0])
            .chain(title.bytes())
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mut first = 1 + hash % RANGE;
        while (first..first + count).any(|id| self.taken.contains(&id)) {
            first += 1;
        }
        self.taken.extend(first..first + count);
        first
    }
}
