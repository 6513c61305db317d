//! Objects that are linked by their names, as services with SLOs.

mod family;
mod objectives;

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Condition;
use super::metadata::Metadata;
use super::object::{DataSource, Objects, Service};
use super::policy::Policy;
use super::sli::{Given, Sli};
use super::slo::Method;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::parse::decl::SpecDecl;
use crate::parse::identifier::{identifier, is_usual, renamed};
use crate::source::{Span, Text};

/// The names of objects that something refers to.
#[derive(Default)]
pub(super) struct Names {
    pub(super) slis: BTreeSet<String>,
    pub(super) policies: BTreeSet<String>,
    pub(super) conditions: BTreeSet<String>,
    pub(super) data_sources: BTreeSet<String>,
}

/// The objects that others refer to, by their names.
pub(super) struct Index<'o> {
    pub(super) slis: BTreeMap<&'o str, &'o Sli>,
    pub(super) policies: BTreeMap<&'o str, &'o Policy>,
    pub(super) conditions: BTreeMap<&'o str, &'o Condition>,
    pub(super) data_sources: BTreeMap<&'o str, &'o DataSource>,
}

/// The services of all objects.
pub(super) fn specs(objects: &Objects, sink: &mut Sink) -> Vec<SpecDecl> {
    duplicates(objects, sink);
    let index = Index {
        slis: by_name(&objects.slis, |sli| sli.name.as_ref()),
        policies: by_name(&objects.policies, |policy| policy.name.as_ref()),
        conditions: by_name(&objects.conditions, |condition| condition.name.as_ref()),
        data_sources: by_name(&objects.data_sources, |source| source.name.as_ref()),
    };
    let mut names = Names::default();
    let mut specs: Vec<SpecDecl> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let declared = by_name(&objects.services, |service| service.metadata.name.as_ref());
    for slo in &objects.slos {
        let name = slo.service.as_ref().map(renamed);
        let known = name.as_ref().and_then(|name| places.get(&name.value)).copied();
        let place = known.unwrap_or(specs.len());
        if known.is_none() {
            let declared = slo.service.as_ref().and_then(|name| declared.get(name.value.as_str()).copied());
            places.extend(name.as_ref().map(|name| (name.value.clone(), place)));
            specs.push(spec(slo.span, name, declared));
        }
        let spec = &mut specs[place];
        let slos = objectives::slos(slo, &index, &mut names, sink);
        match &slo.method {
            Some((Method::RatioTimeslices, text)) => sink.push(ratio_timeslices(text)),
            Some((Method::Occurrences | Method::Timeslices, _)) | None => spec.slos.extend(slos),
        }
    }
    unused(objects, &names, &specs, sink);
    specs
}

/// Objects by their names; of two of one name, the first one.
fn by_name<'o, T>(objects: &'o [T], name: impl Fn(&'o T) -> Option<&'o Text>) -> BTreeMap<&'o str, &'o T> {
    let mut named = BTreeMap::new();
    for object in objects {
        if let Some(name) = name(object) {
            named.entry(name.value.as_str()).or_insert(object);
        }
    }
    named
}

fn spec(span: Span, name: Option<Text>, declared: Option<&Service>) -> SpecDecl {
    let mut spec = SpecDecl::new(span, name);
    if let Some(Service { metadata, description, .. }) = declared {
        spec.description = described(&[metadata.display.as_ref()], description.as_ref());
        spec.labels.clone_from(&metadata.labels);
        spec.owner.clone_from(&metadata.owner);
        spec.tier.clone_from(&metadata.tier);
        spec.links = metadata.links.clone();
    }
    spec
}

/// Titles and a description as one text.
fn described(titles: &[Option<&Text>], description: Option<&Text>) -> Option<Text> {
    let titles: Vec<&Text> = titles.iter().flatten().copied().collect();
    let title: Vec<&str> = titles.iter().map(|text| text.value.as_str()).collect();
    let title = title.join(" / ");
    match (titles.first(), description) {
        (None, description) => description.cloned(),
        (Some(first), None) => Some(first.instead(title)),
        (Some(_), Some(description)) => Some(description.instead(format!("{title}: {}", description.value))),
    }
}

fn ratio_timeslices(text: &Text) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedFeature, text.span, "the budgeting method `RatioTimeslices` is not computed here")
        .note("it is the mean of the ratios of all slices, so that a slice of one event weighs as much as one of thousands")
        .help("use `Timeslices` with a `timeSliceTarget`, or `Occurrences`")
}

/// The object that is written out or referred to, and its name among those that are used.
pub(super) fn find<'o, T>(
    given: &'o Given<T>,
    kind: &str,
    known: &BTreeMap<&'o str, &'o T>,
    used: &mut BTreeSet<String>,
    sink: &mut Sink,
) -> Option<&'o T> {
    let reference = match given {
        Given::Here(object) => return Some(object),
        Given::Named(reference) => reference,
    };
    used.insert(reference.value.clone());
    let found = known.get(reference.value.as_str()).copied();
    if found.is_none() {
        sink.push(unknown(kind, reference, known));
    }
    found
}

/// A reference to an object that is not there.
fn unknown<T>(kind: &str, reference: &Text, known: &BTreeMap<&str, T>) -> Diagnostic {
    let name = &reference.value;
    let message = format!("there is no `{kind}` named `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownReference, reference.span, message);
    match suggest(name, known.keys().copied()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), reference.span, reference.written(meant)),
        None => diagnostic.help("add it to the input, in this file or in any other"),
    }
}

/// Reports objects of one kind and one name.
fn duplicates(objects: &Objects, sink: &mut Sink) {
    let kinds: [(&str, Vec<&Text>); 5] = [
        ("SLI", objects.slis.iter().filter_map(|sli| sli.name.as_ref()).collect()),
        ("AlertPolicy", objects.policies.iter().filter_map(|policy| policy.name.as_ref()).collect()),
        ("AlertCondition", objects.conditions.iter().filter_map(|condition| condition.name.as_ref()).collect()),
        ("DataSource", objects.data_sources.iter().filter_map(|source| source.name.as_ref()).collect()),
        ("Service", objects.services.iter().filter_map(|service| service.metadata.name.as_ref()).collect()),
    ];
    for (kind, names) in kinds {
        let mut sorted = names;
        sorted.sort_by(|one, other| (&one.value, one.span).cmp(&(&other.value, other.span)));
        for pair in sorted.windows(2).filter(|pair| pair[0].value == pair[1].value) {
            let message = format!("two objects of kind `{kind}` are named `{}`", pair[1].value);
            let diagnostic = Diagnostic::new(Code::DuplicateObject, pair[1].span, message);
            sink.push(diagnostic.secondary(pair[0].span, "the other one").help("rename or remove one of them"));
        }
    }
}

/// Warns of objects that nothing refers to; nothing after an error, which may keep a reference from being seen.
fn unused(objects: &Objects, names: &Names, specs: &[SpecDecl], sink: &mut Sink) {
    sink.extend(objects.services.iter().filter_map(|service| bad_name(&service.metadata, "service")));
    if sink.has_errors() {
        return;
    }
    let mut found = Vec::new();
    let mut warn = |kind: &str, name: Option<&Text>, is_used: bool, by: &str| {
        let Some(name) = name.filter(|_| !is_used) else { return };
        let message = format!("the {kind} `{}` has no effect here", name.value);
        found.push(Diagnostic::new(Code::NoEffect, name.span, message).note(format!("no {by} refers to it")));
    };
    for sli in &objects.slis {
        let is_used = sli.name.as_ref().is_none_or(|name| names.slis.contains(&name.value));
        warn("SLI", sli.name.as_ref(), is_used, "SLO");
    }
    for policy in &objects.policies {
        let is_used = policy.name.as_ref().is_none_or(|name| names.policies.contains(&name.value));
        warn("AlertPolicy", policy.name.as_ref(), is_used, "SLO");
    }
    for condition in &objects.conditions {
        let is_used = condition.name.as_ref().is_none_or(|name| names.conditions.contains(&name.value));
        warn("AlertCondition", condition.name.as_ref(), is_used, "`AlertPolicy` of an SLO");
    }
    for source in &objects.data_sources {
        let is_used = source.name.as_ref().is_none_or(|name| names.data_sources.contains(&name.value));
        warn("DataSource", source.name.as_ref(), is_used, "SLI of an SLO");
    }
    let services: BTreeSet<&str> =
        specs.iter().filter_map(|spec| spec.service.as_ref()).map(|name| name.value.as_str()).collect();
    for Service { metadata, .. } in &objects.services {
        let is_used = metadata.name.as_ref().is_none_or(|name| services.contains(renamed(name).value.as_str()));
        warn("Service", metadata.name.as_ref(), is_used, "SLO");
    }
    sink.extend(found);
}

/// The problem of a name of a service or SLO that cannot become one of ours.
pub(super) fn bad_name(metadata: &Metadata, what: &str) -> Option<Diagnostic> {
    let name = metadata.name.as_ref()?;
    let at = name.value.find(|c: char| !is_usual(c))?;
    let found = name.value[at..].chars().next()?;
    let found = if found == ' ' { "a space".to_owned() } else { format!("a `{}`", found.escape_debug()) };
    let message = format!("the {what}'s name `{}` has {found}", name.value);
    let meant = identifier(&name.value);
    let diagnostic = Diagnostic::new(Code::BadName, name.span, message)
        .note("names become file names, dashboard uids and label values: letters, digits, `-`, `_` and `.`");
    Some(diagnostic.replace(format!("write `{meant}`"), name.span, name.written(&meant)))
}
