//! What silences what: a page its tickets, a service those that depend on it, a cause what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::external;
use crate::ir::{Inhibition, Matcher};
use crate::model::{CauseAlert, LabelName, OnCall, Service};

/// All inhibitions of a project.
pub(super) fn inhibitions(on_call: &OnCall, services: &[Service]) -> Vec<Inhibition> {
    let mut inhibitions: Vec<Inhibition> = page_over_ticket(on_call, services).into_iter().collect();
    inhibitions.extend(dependencies(on_call, services));
    let alerts = services.iter().flat_map(|service| &service.alerts);
    inhibitions.extend(alerts.filter_map(|alert| cause(on_call, alert)));
    inhibitions
}

/// A page of an SLO silences the tickets of the same SLO and group.
fn page_over_ticket(on_call: &OnCall, services: &[Service]) -> Option<Inhibition> {
    let slos = services.iter().flat_map(|service| &service.slos);
    let groups: BTreeSet<&str> = slos
        .clone()
        .filter_map(|slo| slo.grouping.as_ref())
        .flat_map(|grouping| grouping.labels.iter().map(LabelName::as_str))
        .collect();
    slos.clone().next()?;
    // A label that neither alert has counts as equal.
    let equal = ["slo_id"].into_iter().chain(groups).map(SmolStr::from).chain(external(on_call));
    Some(Inhibition {
        comment: "A page says all that the tickets of its SLO, and of its group, would say.".to_owned(),
        source: vec![Matcher::is("slo_alert", "page"), Matcher::present("slo_id")],
        target: vec![Matcher::is("slo_alert", "ticket"), Matcher::present("slo_id")],
        equal: equal.collect(),
    })
}

/// A page of a service silences the tickets of those that depend on it, by way of others too.
fn dependencies(on_call: &OnCall, services: &[Service]) -> Vec<Inhibition> {
    let mut direct: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for service in services {
        for needed in &service.depends_on {
            direct.entry(needed.value.as_str()).or_default().insert(service.name.as_str());
        }
    }
    let dependants = direct.keys().map(|needed| (*needed, all_dependants(needed, &direct)));
    let inhibition = |(needed, dependants): (&str, Vec<SmolStr>)| Inhibition {
        comment: format!("What depends on {needed} has no tickets of its own to tell while {needed} pages."),
        source: vec![Matcher::is("slo_alert", "page"), Matcher::is("slo_service", needed)],
        target: vec![Matcher::is("slo_alert", "ticket"), Matcher::one_of("slo_service", dependants)],
        equal: external(on_call).collect(),
    };
    dependants.map(inhibition).collect()
}

/// Those that cannot do without a service; itself not, even where services depend on one another in a circle.
fn all_dependants(needed: &str, direct: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<SmolStr> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![needed];
    while let Some(service) = open.pop() {
        for dependant in direct.get(service).into_iter().flatten() {
            if *dependant != needed && found.insert(dependant) {
                open.push(dependant);
            }
        }
    }
    found.into_iter().map(SmolStr::from).collect()
}

/// What an alert silences by its own word.
fn cause(on_call: &OnCall, alert: &CauseAlert) -> Option<Inhibition> {
    let inhibits = alert.inhibits.as_ref().filter(|inhibits| !inhibits.alerts.is_empty())?;
    let targets = inhibits.alerts.iter().map(|target| SmolStr::from(target.value.as_str()));
    let mut equal: Vec<SmolStr> = inhibits.equal.iter().map(|label| label.value.as_str().into()).collect();
    equal.extend(external(on_call));
    Some(Inhibition {
        comment: format!("{} explains these.", alert.name.value),
        source: vec![Matcher::is("alertname", alert.name.value.as_str())],
        target: vec![Matcher::one_of("alertname", targets.collect())],
        equal,
    })
}
