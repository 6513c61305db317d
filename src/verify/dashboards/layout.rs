//! Uids, ids and places.

use std::collections::BTreeSet;

use crate::ir::Dashboard;
use crate::ir::dashboard::{Grid, Panel, Row, RowState};

/// The longest uid that Grafana takes, in bytes.
const MAX_UID: usize = 40;

/// Checks that everything has its own id and its own place.
pub(super) fn check(board: &Dashboard, faults: &mut Vec<String>) {
    uid(&board.uid, faults);
    let mut ids = BTreeSet::new();
    let headers = board.rows.iter().filter_map(|row| row.header.as_ref()).map(|header| header.id);
    for id in headers.chain(board.panels().map(|panel| panel.id)) {
        if !ids.insert(id) {
            faults.push(format!("the panel id {id} is used twice"));
        }
    }
    let mut bottom = 0;
    for row in &board.rows {
        bottom = row_bottom(row, bottom, faults);
    }
    for panel in board.panels() {
        if panel.title.is_empty() || panel.description.is_empty() {
            faults.push(format!("the panel {} has no title or no description", panel.id));
        }
    }
}

fn uid(uid: &str, faults: &mut Vec<String>) {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if uid.is_empty() || uid.len() > MAX_UID || !uid.bytes().all(is_allowed) {
        faults.push(format!("`{uid}` is no uid: 1 to {MAX_UID} of `[a-zA-Z0-9_-]` are"));
    }
}

/// Where the next row may begin: below this one, or right below its header if it is collapsed.
fn row_bottom(row: &Row, top: u32, faults: &mut Vec<String>) -> u32 {
    let mut first = top;
    if let Some(header) = &row.header {
        if header.y < top {
            faults.push(format!("the row `{}` stands within the one above it", header.title));
        }
        first = header.y + 1;
    }
    for (index, panel) in row.panels.iter().enumerate() {
        place(panel, first, faults);
        for other in row.panels[..index].iter().filter(|other| other.grid.overlaps(&panel.grid)) {
            faults.push(format!("the panels `{}` and `{}` overlap", other.title, panel.title));
        }
    }
    match &row.header {
        Some(header) if header.state == RowState::Collapsed => first,
        Some(_) | None => row.panels.iter().map(|panel| panel.grid.y + panel.grid.height).max().unwrap_or(first),
    }
}

fn place(panel: &Panel, top: u32, faults: &mut Vec<String>) {
    let Grid { x, y, width, height } = panel.grid;
    if width == 0 || height == 0 || x + width > Grid::COLUMNS {
        faults.push(format!("the panel `{}` is not within the {} columns", panel.title, Grid::COLUMNS));
    }
    if y < top {
        faults.push(format!("the panel `{}` stands above its row", panel.title));
    }
}
