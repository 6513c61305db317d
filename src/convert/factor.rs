//! What all SLOs of a spec have in common is said once: labels, owner, tier and links of the service, the rest under `defaults`.

use super::tree::{Entry, Value, is_same, some_map};

/// Keys of SLOs that a spec has too, where they mean the same for all of them.
const OF_SPECS: [&str; 4] = ["owner", "tier", "labels", "links"];
/// Their order in a spec.
const ORDER: [&str; 9] =
    ["apiVersion", "service", "description", "owner", "tier", "mttr", "depends_on", "labels", "links"];

/// Moves what all SLOs share out of them; the entries of the spec with `defaults`, and what is left of the SLOs.
pub(super) fn factored(
    mut spec: Vec<Entry>,
    mut defaults: Vec<Entry>,
    mut slos: Vec<Vec<Entry>>,
) -> (Vec<Entry>, Vec<Vec<Entry>>) {
    if slos.len() > 1 {
        for key in OF_SPECS {
            if !has(&spec, key) && !has(&defaults, key) {
                spec.extend(take_shared(key, &mut slos));
            }
        }
        if !has(&defaults, "window") {
            defaults.extend(take_shared("window", &mut slos));
        }
        defaults.extend(shared_alerting(&mut slos));
        spec.sort_by_key(|entry| ORDER.iter().position(|key| *key == entry.key));
    }
    let labels = find(&spec, "labels").cloned();
    for slo in &mut slos {
        drop_repeated(slo, labels.as_ref());
    }
    spec.extend(some_map("defaults", defaults, None));
    (spec, slos)
}

fn has(entries: &[Entry], key: &str) -> bool {
    entries.iter().any(|entry| entry.key == key)
}

fn find<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Entry> {
    entries.iter().find(|entry| entry.key == key)
}

/// Leaves out the labels of an SLO that its spec has alike.
fn drop_repeated(slo: &mut Vec<Entry>, labels: Option<&Entry>) {
    let Some(Value::Map(shared)) = labels.map(|entry| &entry.value) else { return };
    for entry in slo.iter_mut().filter(|entry| entry.key == "labels") {
        if let Value::Map(own) = &mut entry.value {
            own.retain(|label| !find(shared, &label.key).is_some_and(|other| is_same(&label.value, &other.value)));
        }
    }
    slo.retain(|entry| !matches!(&entry.value, Value::Map(own) if own.is_empty()));
}

/// Takes an entry that all mappings have alike.
fn take_shared(key: &str, all: &mut [Vec<Entry>]) -> Option<Entry> {
    let first = find(all.first()?, key)?.clone();
    let is_shared = |entries: &Vec<Entry>| find(entries, key).is_some_and(|entry| is_same(&entry.value, &first.value));
    if !all.iter().all(is_shared) {
        return None;
    }
    for entries in all.iter_mut() {
        entries.retain(|entry| entry.key != key);
    }
    Some(first)
}

/// Takes the keys of `alerting` that all SLOs have alike.
fn shared_alerting(slos: &mut [Vec<Entry>]) -> Option<Entry> {
    let inner = |slo: &Vec<Entry>| match find(slo, "alerting").map(|entry| &entry.value) {
        Some(Value::Map(entries)) => Some(entries.clone()),
        Some(_) | None => None,
    };
    let mut inners: Vec<Vec<Entry>> = slos.iter().map(inner).collect::<Option<_>>()?;
    let keys: Vec<String> = inners.first()?.iter().map(|entry| entry.key.clone()).collect();
    let shared: Vec<Entry> = keys.iter().filter_map(|key| take_shared(key, &mut inners)).collect();
    for (slo, left) in slos.iter_mut().zip(inners) {
        if left.is_empty() {
            slo.retain(|entry| entry.key != "alerting");
        } else if let Some(entry) = slo.iter_mut().find(|entry| entry.key == "alerting") {
            entry.value = Value::Map(left);
        }
    }
    some_map("alerting", shared, None)
}
