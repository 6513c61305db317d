//! The linter's file `.lint`: which faults it leaves out, as the linter reads it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Fault, RULES, text};

/// What a `.lint` leaves out, by rule.
#[derive(Clone, Debug, Default)]
pub struct Exclusions(BTreeMap<String, Vec<Entry>>);

/// Places at which a rule is left out; a rule without any is left out everywhere.
#[derive(Clone, Debug)]
struct Entry {
    dashboard: String,
    panel: String,
}

impl Exclusions {
    /// Reads the file; every rule has to exist, and every exclusion has to have a reason.
    pub fn read(file: &str) -> Self {
        let file: Value = serde_yaml::from_str(file).unwrap();
        let keys: Vec<_> = file.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["exclusions"]);
        let rules = file["exclusions"].as_object().unwrap().iter().map(|(rule, exclusion)| {
            assert!(RULES.contains(&rule.as_str()), "{rule}");
            assert!(!text(&exclusion["reason"]).is_empty(), "{rule}");
            let entries = exclusion["entries"].as_array().into_iter().flatten().map(|entry| {
                let keys = entry.as_object().unwrap().keys();
                assert!(
                    keys.into_iter().all(|key| ["dashboard", "panel", "reason"].contains(&key.as_str())),
                    "{entry}"
                );
                assert!(!text(&entry["reason"]).is_empty(), "{entry}");
                Entry { dashboard: text(&entry["dashboard"]).to_owned(), panel: text(&entry["panel"]).to_owned() }
            });
            (rule.clone(), entries.collect())
        });
        Self(rules.collect())
    }

    /// Whether it leaves out a fault of a board.
    pub fn leaves_out(&self, board: &Value, fault: &Fault) -> bool {
        let title = text(&board["title"]);
        let panel = fault.panel.as_deref().unwrap_or_default();
        self.0.get(fault.rule).is_some_and(|entries| {
            entries.is_empty() || entries.iter().any(|entry| entry.dashboard == title && entry.panel == panel)
        })
    }

    /// Rules and places that leave out nothing of these boards.
    pub fn unused(&self, boards: &[(&Value, Vec<Fault>)]) -> Vec<String> {
        let mut unused = Vec::new();
        for (rule, entries) in &self.0 {
            let faults =
                || boards.iter().flat_map(|(board, faults)| faults.iter().map(|fault| (text(&board["title"]), fault)));
            let broken = |entry: Option<&Entry>| {
                faults().any(|(title, fault)| {
                    let panel = fault.panel.as_deref().unwrap_or_default();
                    fault.rule == rule && entry.is_none_or(|entry| entry.dashboard == title && entry.panel == panel)
                })
            };
            if entries.is_empty() && !broken(None) {
                unused.push(rule.clone());
            }
            unused
                .extend(entries.iter().filter(|entry| !broken(Some(entry))).map(|entry| format!("{rule}: {entry:?}")));
        }
        unused
    }
}
