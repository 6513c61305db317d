//! Composites, once all SLOs are known: what is recorded of their components, and whether they go in circles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Component, ComponentForm, ComponentSeries, Composite, Duration, Service, Sli, Slo};
use crate::parse::decl::SpecDecl;
use crate::source::Text;

/// Where an SLO stands: its service, and its place in that.
type Place = (usize, usize);

/// The paths of the SLOs of a spec that have problems, and so are in no service.
#[must_use]
pub fn lost_slos(spec: &SpecDecl, service: Option<&Service>) -> Vec<String> {
    let Some(of) = spec.service.as_ref().filter(|_| service.is_none_or(|it| it.slos.len() < spec.slos.len())) else {
        return Vec::new();
    };
    let names = spec.slos.iter().filter_map(|slo| slo.name.as_ref());
    names.map(|name| format!("{}/{}", of.value, name.value)).collect()
}

/// Looks up the components of all composites. `lost` are the paths of SLOs that have problems; nothing is said of these.
pub fn composites(services: &mut [Service], lost: &BTreeSet<String>, sink: &mut Sink) {
    let mut slos = services.iter().flat_map(|service| &service.slos);
    if !slos.any(|slo| matches!(slo.sli, Sli::Composite(_))) {
        return;
    }
    let known = known(services);
    let declared: BTreeSet<String> = lost.iter().chain(known.keys()).cloned().collect();
    let before = sink.as_slice().len();
    for place in known.values() {
        if let Some(composite) = composite_at(services, *place) {
            references(composite, &declared, sink);
        }
    }
    cycles(services, &known, sink);
    if sink.as_slice().len() > before {
        return;
    }
    let lengths: BTreeMap<Place, Duration> =
        known.values().map(|place| (*place, block(services, &known, *place))).collect();
    let recorded: BTreeMap<String, ComponentSeries> =
        known.iter().map(|(path, place)| (path.clone(), series(services, &lengths, *place))).collect();
    for place in known.values() {
        let slo = slo_at(services, *place);
        let Sli::Composite(composite) = &slo.sli else { continue };
        problems(slo, composite, &recorded, sink);
        too_short(slo, composite, (&known, &lengths), sink);
        let slo = &mut services[place.0].slos[place.1];
        if slo.slices.is_none() {
            slo.blocks = slo.blocks.with_fast(lengths[place]);
        }
        if let Sli::Composite(composite) = &mut slo.sli {
            for part in &mut composite.parts {
                part.recorded = recorded.get(&part.path()).cloned().unwrap_or_default();
            }
        }
    }
}

/// All SLOs by `service/slo`.
fn known(services: &[Service]) -> BTreeMap<String, Place> {
    let mut known = BTreeMap::new();
    for (outer, service) in services.iter().enumerate() {
        for (inner, slo) in service.slos.iter().enumerate() {
            known.entry(format!("{}/{}", slo.service, slo.name)).or_insert((outer, inner));
        }
    }
    known
}

fn slo_at(services: &[Service], place: Place) -> &Slo {
    &services[place.0].slos[place.1]
}

fn composite_at(services: &[Service], place: Place) -> Option<&Composite> {
    match &slo_at(services, place).sli {
        Sli::Composite(composite) => Some(composite),
        Sli::Ratio(_)
        | Sli::Latency(_)
        | Sli::NativeLatency(_)
        | Sli::Up { .. }
        | Sli::Value(_)
        | Sli::ErrorRatio(_) => None,
    }
}

fn references(composite: &Composite, declared: &BTreeSet<String>, sink: &mut Sink) {
    for part in composite.parts.iter().filter(|part| !declared.contains(&part.path())) {
        sink.push(unknown(part, declared));
    }
}

fn unknown(part: &Component, declared: &BTreeSet<String>) -> Diagnostic {
    let Text { value, span, .. } = &part.reference;
    let diagnostic = if value.contains('/') {
        Diagnostic::new(Code::UnknownReference, *span, format!("there is no SLO `{value}`"))
    } else {
        let message = format!("there is no SLO `{value}` in the service `{}`", part.service);
        Diagnostic::new(Code::UnknownReference, *span, message)
    };
    let names = || declared.iter().map(String::as_str);
    let own = format!("{}/", part.service);
    let local = names().filter_map(|name| name.strip_prefix(own.as_str()));
    let by_end = || names().find(|name| name.rsplit_once('/').is_some_and(|(_, end)| end == value));
    let meant = if value.contains('/') { suggest(value, names()) } else { suggest(value, local).or_else(by_end) };
    match meant {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), *span, part.reference.written(meant)),
        None => diagnostic.help("name an SLO of this service, or of another one as `service/slo`"),
    }
}

/// Reports composites that are components of themselves, each circle once.
fn cycles(services: &[Service], known: &BTreeMap<String, Place>, sink: &mut Sink) {
    let mut done: BTreeSet<Place> = BTreeSet::new();
    for place in known.values() {
        let mut path = Vec::new();
        follow(services, known, *place, (&mut path, &mut done), sink);
    }
}

fn follow(
    services: &[Service],
    known: &BTreeMap<String, Place>,
    place: Place,
    (path, done): (&mut Vec<Place>, &mut BTreeSet<Place>),
    sink: &mut Sink,
) {
    let Some(composite) = composite_at(services, place).filter(|_| !done.contains(&place)) else { return };
    path.push(place);
    for part in &composite.parts {
        let Some(next) = known.get(&part.path()) else { continue };
        match path.iter().position(|place| place == next) {
            Some(start) => {
                let names: Vec<String> =
                    path[start..].iter().chain([next]).map(|place| named(services, *place)).collect();
                let message = format!("the composite `{}` is a component of itself", named(services, *next));
                let diagnostic = Diagnostic::new(Code::CompositeCycle, part.reference.span, message);
                sink.push(diagnostic.note(names.join(" -> ")).help("leave one of these components out"));
            }
            None => follow(services, known, *next, (path, done), sink),
        }
    }
    path.pop();
    done.insert(place);
}

fn named(services: &[Service], place: Place) -> String {
    let slo = slo_at(services, place);
    format!("{}/{}", slo.service, slo.name)
}

/// The length of the blocks of an SLO. There are no circles.
fn block(services: &[Service], known: &BTreeMap<String, Place>, place: Place) -> Duration {
    let slo = slo_at(services, place);
    let own = slo.blocks.fast();
    match composite_at(services, place) {
        Some(composite) if slo.slices.is_none() => {
            let places = composite.parts.iter().filter_map(|part| known.get(&part.path()));
            Composite::block(own, places.map(|place| block(services, known, *place)))
        }
        Some(_) | None => own,
    }
}

type Known<'a> = (&'a BTreeMap<String, Place>, &'a BTreeMap<Place, Duration>);

fn series(services: &[Service], lengths: &BTreeMap<Place, Duration>, place: Place) -> ComponentSeries {
    let slo = slo_at(services, place);
    let form = match (&slo.slices, slo.has_blocks()) {
        (Some(_), _) => ComponentForm::Slices,
        (None, true) => ComponentForm::Blocks,
        (None, false) => ComponentForm::Ratio,
    };
    let groups = slo.grouping.iter().flat_map(|grouping| grouping.labels.iter().cloned()).collect();
    let block = lengths.get(&place).copied().unwrap_or_else(|| slo.blocks.fast());
    let (maintenance, profile) = (slo.maintenance.clone(), Arc::clone(&slo.profile));
    ComponentSeries { form, block, groups, maintenance, profile }
}

/// A ratio by group has no overall series.
fn problems(slo: &Slo, composite: &Composite, recorded: &BTreeMap<String, ComponentSeries>, sink: &mut Sink) {
    for part in &composite.parts {
        let Some(series) = recorded.get(&part.path()) else { continue };
        if series.form == ComponentForm::Ratio && !series.groups.is_empty() {
            let message = format!("`{}` is an error ratio by group, which has no overall series", part.reference.value);
            let diagnostic = Diagnostic::new(Code::BadComposite, part.reference.span, message);
            let help = "give it `budget: {by: timeslices}`, or measure it with `total` and `bad`";
            sink.push(diagnostic.secondary(slo.name_span, "of this composite").help(help));
        }
    }
}

/// A slice shorter than the blocks of a component would often see none of them.
fn too_short(slo: &Slo, composite: &Composite, (known, lengths): Known<'_>, sink: &mut Sink) {
    let Some(slices) = &slo.slices else { return };
    for part in &composite.parts {
        let length = known.get(&part.path()).and_then(|place| lengths.get(place));
        if let Some(length) = length.filter(|length| **length > slices.length) {
            let (value, slice) = (&part.reference.value, slices.length);
            let message = format!("`{value}` is recorded every {length}, less often than the slices of {slice}");
            let diagnostic = Diagnostic::new(Code::BadSlice, part.reference.span, message);
            sink.push(diagnostic.help(format!("write slices of {length} or more")));
        }
    }
}
