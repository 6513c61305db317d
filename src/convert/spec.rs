//! A spec: its keys in the order of the language.

use super::Buckets;
use super::factor::factored;
use super::inherited::{links, owner, window};
use super::slo;
use super::tree::{Entry, Value, optional, pairs};
use crate::model::{SLOTH_SPEC, Service};
use crate::parse::decl::{DefaultsDecl, ProfileDecl, SpecDecl};

/// The version of the language that is written.
const API_VERSION: &str = "slosmith/v1";

/// The entries of a spec. Front ends declare neither cause alerts nor boards nor maintenance, and none are written.
pub(super) fn entries(
    spec: &SpecDecl,
    resolved: Option<&Service>,
    project: &DefaultsDecl,
    buckets: Buckets,
) -> Vec<Entry> {
    let slos = spec.slos.iter().map(|decl| {
        let name = decl.name.as_ref().map(|name| name.value.as_str());
        let model = resolved.and_then(|service| service.slos.iter().find(|slo| Some(slo.name.as_str()) == name));
        slo::entries(decl, model, (&spec.defaults, project), buckets)
    });
    let slos: Vec<Vec<Entry>> = slos.collect();
    let version = spec.defaults.profile.as_ref().map(|profile| profile.name.span);
    let mut entries = vec![Entry::new("apiVersion", Value::Text(API_VERSION.to_owned()), version)];
    entries.extend(optional("service", spec.service.as_ref()));
    entries.extend(optional("description", spec.description.as_ref()));
    entries.extend(spec.owner.as_ref().map(owner));
    entries.extend(optional("tier", spec.tier.as_ref()));
    entries.extend(optional("mttr", spec.mttr.as_ref()));
    if !spec.depends_on.is_empty() {
        let names = spec.depends_on.iter().map(|text| text.value.clone()).collect();
        entries.push(Entry::new("depends_on", Value::Texts(names), spec.depends_on.first().map(|text| text.span)));
    }
    entries.extend(pairs("labels", &spec.labels));
    entries.extend(links(&spec.links));
    let (common, slos) = factored(entries, defaults(&spec.defaults, project), slos);
    let place = slos.first().and_then(|slo| slo.first()).and_then(|entry| entry.place);
    let mut entries = common;
    if !slos.is_empty() {
        let items = Value::List(slos.into_iter().map(Value::Map).collect());
        entries.push(Entry { is_derived: true, ..Entry::new("slos", items, place) });
    }
    entries
}

/// What the spec itself declares under `defaults`.
fn defaults(decl: &DefaultsDecl, project: &DefaultsDecl) -> Vec<Entry> {
    let mut entries = Vec::new();
    entries.extend(decl.profile.as_ref().and_then(|own| profile(own, project.profile.as_ref())));
    entries.extend(decl.window.as_ref().map(window));
    entries.extend(decl.scrape_interval.as_ref().map(|text| Entry::word("scrape_interval", text)));
    if let Some(labels) = &decl.severity_labels {
        let both = [pairs("page", &labels.page), pairs("ticket", &labels.ticket)];
        entries.extend(super::tree::some_map("severity_labels", both.into_iter().flatten().collect(), None));
    }
    entries.extend(decl.owner.as_ref().map(owner));
    entries.extend(optional("tier", decl.tier.as_ref()));
    entries.extend(optional("mttr", decl.mttr.as_ref()));
    entries.extend(pairs("labels", &decl.labels));
    entries.extend(links(&decl.links));
    entries
}

/// `profile`, unless the project says it anyway, which goes before what the format of a spec implies.
fn profile(decl: &ProfileDecl, project: Option<&ProfileDecl>) -> Option<Entry> {
    let name = || Value::Text(decl.name.value.clone());
    let spec = decl.spec.as_ref().filter(|spec| spec.value != SLOTH_SPEC);
    let value = match (spec, project) {
        (_, Some(project)) if project.name.value != decl.name.value => return None,
        (Some(spec), _) => {
            Value::Flow(vec![("name".to_owned(), name()), ("spec".to_owned(), Value::Text(spec.value.clone()))])
        }
        (None, Some(_)) if decl.spec.is_some() => return None,
        (None, _) => name(),
    };
    Some(Entry::new("profile", value, None))
}
