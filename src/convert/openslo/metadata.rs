//! The metadata of objects: names, labels with the owner among them, and links as annotations.

use super::losses::loss;
use crate::convert::tree::{Entry, Value, optional, some_map};
use crate::diag::Sink;
use crate::parse::decl::{LinksDecl, OwnerDecl, SloDecl, SpecDecl};
use crate::source::Text;

/// Labels that readers of OpenSLO take for something else.
const TAKEN: [&str; 3] = ["owner", "team", "tier"];

/// The metadata of a service.
pub(super) fn of_spec(spec: &SpecDecl, sink: &mut Sink) -> Vec<Entry> {
    let defaults = &spec.defaults;
    let owner = spec.owner.as_ref().or(defaults.owner.as_ref());
    let tier = spec.tier.as_ref().or(defaults.tier.as_ref());
    let own = |name: &Text| spec.labels.iter().any(|(known, _)| known.value == name.value);
    let labels = defaults.labels.iter().filter(|(name, _)| !own(name)).chain(&spec.labels);
    let mut entries: Vec<Entry> = optional("name", spec.service.as_ref()).into_iter().collect();
    entries.extend(self::labels(owner, tier, labels, sink));
    entries.extend(annotations([&spec.links, &defaults.links]));
    entries
}

/// The metadata of an SLO.
pub(super) fn of_slo(slo: &SloDecl, sink: &mut Sink) -> Vec<Entry> {
    let mut entries: Vec<Entry> = optional("name", slo.name.as_ref()).into_iter().collect();
    entries.extend(labels(slo.owner.as_ref(), slo.tier.as_ref(), slo.labels.iter(), sink));
    entries.extend(annotations([&slo.links, &slo.links]));
    entries
}

fn labels<'l>(
    owner: Option<&OwnerDecl>,
    tier: Option<&Text>,
    labels: impl Iterator<Item = &'l (Text, Text)>,
    sink: &mut Sink,
) -> Option<Entry> {
    let mut entries = Vec::new();
    if let Some(owner) = owner {
        entries.extend(optional("team", Some(&owner.team)));
        let more = [("owner.oncall", &owner.oncall), ("owner.slack", &owner.slack)];
        sink.extend(more.into_iter().filter_map(|(key, text)| Some(loss(text.as_ref()?.span, key))));
    }
    entries.extend(optional("tier", tier));
    for (name, value) in labels {
        if TAKEN.contains(&name.value.as_str()) {
            sink.push(loss(name.span, &format!("labels.{}", name.value)));
        }
        entries.push(Entry::new(&name.value, Value::Text(value.value.clone()), None));
    }
    some_map("labels", entries, None)
}

/// The links that OpenSLO's readers know, the nearest first.
fn annotations(layers: [&LinksDecl; 2]) -> Option<Entry> {
    let nearest = |key: fn(&LinksDecl) -> Option<&Text>| layers.into_iter().find_map(key);
    let runbook = optional("runbook", nearest(|links| links.runbook.as_ref()));
    let dashboard = optional("dashboard", nearest(|links| links.dashboard.as_ref()));
    some_map("annotations", runbook.into_iter().chain(dashboard).collect(), None)
}
