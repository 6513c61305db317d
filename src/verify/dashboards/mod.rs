//! Generated boards: what Grafana's schema does not say, and what Prometheus has to know.

mod fields;
mod layout;
mod links;
mod properties;
mod queries;

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Recorded;
use crate::ir::Dashboard;

pub use links::BoardNames;

/// Checks a board, and says what others have to know of it.
///
/// # Panics
/// When something is wrong with it, which is a bug in slosmith.
#[must_use]
pub fn dashboard(board: &Dashboard, recorded: &Recorded) -> BoardNames {
    let faults = dashboard_faults(board, recorded);
    assert!(faults.is_empty(), "a bug in slosmith: the dashboard `{}` is wrong: {faults:#?}", board.uid);
    links::names(board)
}

/// Checks a board that somebody asked for: its queries are his own, and its links are checked where they are written.
///
/// # Panics
/// When something is wrong with it, which is a bug in slosmith.
#[must_use]
pub fn asked_dashboard(board: &Dashboard) -> BoardNames {
    let mut faults = Vec::new();
    layout::check(board, &mut faults);
    for panel in board.panels() {
        fields::check(panel, &mut faults);
        properties::check(panel, &mut faults);
    }
    assert!(faults.is_empty(), "a bug in slosmith: the dashboard `{}` is wrong: {faults:#?}", board.uid);
    BoardNames { leads_to: BTreeSet::new(), ..links::names(board) }
}

/// Everything that is wrong with a board, a sentence each.
#[must_use]
pub fn dashboard_faults(board: &Dashboard, recorded: &Recorded) -> Vec<String> {
    let mut faults = Vec::new();
    layout::check(board, &mut faults);
    queries::check(board, recorded, &mut faults);
    for panel in board.panels() {
        fields::check(panel, &mut faults);
        properties::check(panel, &mut faults);
    }
    faults
}

/// Checks all boards together.
///
/// # Panics
/// When two have the same uid or title, or a link leads nowhere, which is a bug in slosmith.
pub fn dashboard_set(boards: &[BoardNames]) {
    let faults = dashboard_set_faults(boards);
    assert!(faults.is_empty(), "a bug in slosmith: the dashboards do not fit together: {faults:#?}");
}

/// Everything that is wrong with all boards together, a sentence each.
#[must_use]
pub fn dashboard_set_faults(boards: &[BoardNames]) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut uids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for board in boards {
        if !uids.insert(board.uid.as_str()) {
            faults.push(format!("the uid `{}` is used twice", board.uid));
        }
        if !titles.insert((&board.folder, &board.title)) {
            faults.push(format!("the title `{}` is used twice in the folder `{}`", board.title, board.folder));
        }
    }
    for board in boards {
        let missing = board.leads_to.iter().filter(|uid| !links::exists(uid, &uids));
        faults.extend(missing.map(|uid| format!("`{}` links to `{uid}`, which is no dashboard", board.uid)));
    }
    faults
}

/// The text in backticks, for faults.
fn of(panel: &SmolStr) -> String {
    format!("of `{panel}`")
}
