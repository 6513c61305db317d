//! Alerts that silence one another, so that nobody is told of any.

use std::collections::BTreeMap;

use crate::circle::{Step, circle};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{CauseAlert, Service};
use crate::source::Text;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let alerts = services.iter().flat_map(|service| &service.alerts).filter(|alert| alert.inhibits.is_some());
    let sources: BTreeMap<&str, &CauseAlert> = alerts.map(|alert| (alert.name.value.as_str(), alert)).collect();
    let mut told: Vec<&str> = Vec::new();
    for name in sources.keys() {
        let cycle = cycle(name, &sources).filter(|cycle| cycle.iter().all(|(name, _)| !told.contains(name)));
        let Some(cycle) = cycle else { continue };
        told.extend(cycle.iter().map(|(name, _)| *name));
        sink.extend(report(&cycle));
    }
}

/// The shortest way from an alert back to itself; each step with the place that names the next one.
fn cycle<'a>(start: &'a str, sources: &BTreeMap<&'a str, &'a CauseAlert>) -> Option<Vec<Step<'a, &'a Text>>> {
    circle(start, |name| {
        let inhibits = sources.get(name).and_then(|alert| alert.inhibits.as_ref());
        let targets = inhibits.into_iter().flat_map(|inhibits| &inhibits.alerts);
        // An alert that inhibits itself is reported as such.
        targets.map(|target| (target.value.as_str(), target)).filter(|(next, _)| *next != name).collect()
    })
}

fn report(cycle: &[Step<'_, &Text>]) -> Option<Diagnostic> {
    let ((first, target), rest) = cycle.split_first()?;
    let names: Vec<String> = cycle.iter().map(|(name, _)| format!("`{name}`")).chain([format!("`{first}`")]).collect();
    let message = format!("alerts silence one another: {}", names.join(" -> "));
    let mut diagnostic = Diagnostic::new(Code::InhibitionCycle, target.span, message);
    for (name, target) in rest {
        diagnostic = diagnostic.secondary(target.span, format!("`{name}` silences `{}`", target.value));
    }
    let note = "while all of them fire, Alertmanager tells of none";
    Some(diagnostic.note(note).help("let the cause silence what follows from it, and not the other way round"))
}
