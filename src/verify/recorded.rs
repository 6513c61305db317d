//! What the generated rules record: the series and labels that a board may name.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ir::{RuleFile, RuleKind};

/// Prometheus's own series of alerts.
const ALERT_SERIES: [&str; 2] = ["ALERTS", "ALERTS_FOR_STATE"];
/// Labels of these, and labels of `slo_info` that only some SLOs have.
const COMMON_LABELS: [&str; 7] =
    ["alertname", "alertstate", "slo_alert", "sloth_severity", "team", "tier", "runbook_url"];

/// The names of series and labels that rules record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    names: BTreeSet<SmolStr>,
    labels: BTreeSet<SmolStr>,
}

impl Recorded {
    /// What a rule file records.
    #[must_use]
    pub fn of(file: &RuleFile) -> Self {
        let mut recorded = Self::default();
        let mut before: &[(SmolStr, SmolStr)] = &[];
        for rule in file.groups.iter().flat_map(|group| &group.rules) {
            if let RuleKind::Record(name) = &rule.kind
                && !recorded.names.contains(name)
            {
                recorded.names.insert(name.clone());
            }
            // Most rules have the labels of the one before.
            let known = before.iter().zip(&rule.labels).take_while(|(before, label)| before.0 == label.0).count();
            before = &rule.labels;
            for (label, _) in &rule.labels[known..] {
                if !recorded.labels.contains(label) {
                    recorded.labels.insert(label.clone());
                }
            }
        }
        recorded
    }

    /// Adds what another file records.
    pub fn append(&mut self, mut other: Self) {
        self.names.append(&mut other.names);
        self.labels.append(&mut other.labels);
    }

    /// The names of all series.
    pub(super) fn series(&self) -> impl Iterator<Item = &SmolStr> {
        self.names.iter()
    }

    /// Whether a series of this name is there.
    pub(super) fn has_series(&self, name: &str) -> bool {
        self.names.contains(name) || ALERT_SERIES.contains(&name)
    }

    /// Whether some series can have this label.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.labels.contains(label) || COMMON_LABELS.contains(&label)
    }
}
