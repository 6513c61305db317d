//! Chains of plugins that process an SLO: none of them runs here, and each is told with what it would do.

use super::Dialect;
use crate::diag::{Code, Diagnostic};
use crate::parse::ignored::no_effect;
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Node, NodeKind};

/// The plugins that come with Sloth, why they do nothing here, and what does the same.
const KNOWN: [(&str, &str, &str); 13] = [
    ("sloth.dev/core/debug/v1", "it only writes to Sloth's own log", "remove it"),
    ("sloth.dev/core/noop/v1", "it does nothing in Sloth either", "remove it"),
    ("sloth.dev/core/validate/v1", "everything is checked anyway", "remove it"),
    ("sloth.dev/core/sli_rules/v1", "the rules are written anyway", "remove it"),
    ("sloth.dev/core/metadata_rules/v1", "the rules are written anyway", "remove it"),
    ("sloth.dev/core/alert_rules/v1", "the alerts are written anyway", "remove it"),
    (
        "sloth.dev/contrib/denominator_corrected_rules/v1",
        "slosmith weighs every window by its number of events anyway",
        "remove it",
    ),
    (
        "sloth.dev/contrib/rule_intervals/v1",
        "slosmith evaluates each group as often as its windows need it",
        "set `defaults.scrape_interval` in slosmith.yaml, which the intervals follow",
    ),
    (
        "sloth.dev/contrib/info_labels/v1",
        "its labels are missing on the info series",
        "put them under `labels` of the SLO, if they may be on its alerts too",
    ),
    ("sloth.dev/contrib/remove_labels/v1", "the labels stay", "remove them where they are written"),
    (
        "sloth.dev/contrib/alert_for/v1",
        "burn-rate alerts wait by their two windows",
        "choose longer windows in a catalogue of kind `AlertWindows`, if they fire too soon",
    ),
    (
        "sloth.dev/contrib/error_budget_exhausted_alert/v1",
        "its alert is missing",
        "add `alerting: {budget_left: [{below: 0%, severity: page}]}` to `defaults` in slosmith.yaml",
    ),
    (
        "sloth.dev/contrib/sli_total_amount_rules/v1",
        "its series are missing; the number of events is recorded under slosmith's own names",
        "remove it",
    ),
];

/// Reads a chain, to say that it has no effect.
pub(super) fn chain(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str, dialect: &Dialect<'_>) {
    let Some(entry) = fields.take(key) else { return };
    let Some(mut inner) = reader.written(entry.value, "a chain of plugins") else { return };
    let overrides = inner.take(dialect.keys.override_previous);
    let plugins = reader.list(&mut inner, "chain");
    if let Some(entry) = overrides {
        let (key, place) = (dialect.keys.override_previous, entry.key.span);
        let is_set = matches!(&entry.value.kind, NodeKind::Scalar(scalar) if scalar.text.value == "true");
        reader.report(if is_set && plugins.is_empty() {
            Diagnostic::new(Code::MissingKey, place, format!("`{key}` without a plugin that takes the place of others"))
                .help("add plugins to `chain`, or remove the key")
        } else {
            no_effect(place, format!("`{key}` has no effect here"))
                .note("no plugin runs here, so there is none to leave out")
        });
    }
    for node in plugins {
        plugin(reader, node);
    }
    reader.pass_over(&inner, "Sloth");
}

fn plugin(reader: &mut Reader<'_>, node: Node) {
    let Some(mut fields) = reader.written(node, "a plugin") else { return };
    let entry = reader.demanded(&mut fields, "id", "id: sloth.dev/core/debug/v1");
    let id = entry.and_then(|entry| reader.text_of(entry, "text"));
    fields.take("priority");
    fields.take("config");
    reader.pass_over(&fields, "Sloth");
    let Some(id) = id else { return };
    if id.value.is_empty() {
        reader.report(Diagnostic::new(Code::MissingKey, id.span, "a plugin without its id"));
        return;
    }
    let known = KNOWN.iter().find(|(known, _, _)| *known == id.value);
    let diagnostic = match known {
        Some((_, why, help)) => {
            no_effect(id.span, format!("the plugin `{}` has no effect here", id.value)).note(*why).help(*help)
        }
        None => no_effect(id.span, format!("the plugin `{}` does not run here", id.value))
            .note("plugins of Sloth are Go programs: what this one adds to the rules or takes from them is missing")
            .help("say the same in a spec of slosmith, or remove it"),
    };
    reader.report(diagnostic);
}
