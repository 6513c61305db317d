//! What specs, defaults and SLOs all have: owner, links, period.

use super::tree::{Entry, Value, optional, some_map};
use crate::parse::decl::{LinksDecl, OwnerDecl, WindowDecl};

/// `owner: team`, or a mapping with more of them.
pub(super) fn owner(decl: &OwnerDecl) -> Entry {
    let more: Vec<(&str, _)> = [("oncall", &decl.oncall), ("slack", &decl.slack)]
        .into_iter()
        .filter_map(|(key, text)| text.as_ref().map(|text| (key, text)))
        .collect();
    let team = Value::Text(decl.team.value.clone());
    let value = if more.is_empty() {
        team
    } else {
        let rest = more.into_iter().map(|(key, text)| (key.to_owned(), Value::Text(text.value.clone())));
        Value::Flow(std::iter::once(("team".to_owned(), team)).chain(rest).collect())
    };
    Entry::new("owner", value, Some(decl.team.span))
}

/// `links`, unless there are none.
pub(super) fn links(decl: &LinksDecl) -> Option<Entry> {
    let keys = [
        ("runbook", &decl.runbook),
        ("alert_runbook", &decl.alert_runbook),
        ("dashboard", &decl.dashboard),
        ("repo", &decl.repo),
        ("prometheus", &decl.prometheus),
    ];
    some_map("links", keys.into_iter().filter_map(|(key, text)| optional(key, text.as_ref())).collect(), None)
}

/// `window`
pub(super) fn window(decl: &WindowDecl) -> Entry {
    match decl {
        WindowDecl::Rolling(text) => Entry::word("window", text),
        WindowDecl::Calendar { span, unit, timezone } => {
            let zone = timezone.iter().map(|zone| ("timezone".to_owned(), Value::Text(zone.value.clone())));
            let unit = ("calendar".to_owned(), Value::Text(unit.value.clone()));
            Entry::new("window", Value::Flow(std::iter::once(unit).chain(zone).collect()), Some(*span))
        }
    }
}
