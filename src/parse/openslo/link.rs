//! Objects that are linked by their names, as services with SLOs.

mod family;
mod objectives;

use std::collections::BTreeSet;

use super::metadata::Metadata;
use super::object::{Objects, Service};
use super::slo::{Method, Slo};
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

/// The services of all objects.
pub(super) fn specs(objects: &Objects, sink: &mut Sink) -> Vec<SpecDecl> {
    duplicates(objects, sink);
    let mut names = Names::default();
    let mut specs: Vec<SpecDecl> = Vec::new();
    for slo in &objects.slos {
        let service = slo.service.as_ref();
        let spec = spec_of(&mut specs, slo, service, &objects.services);
        let slos = objectives::slos(slo, objects, &mut names, sink);
        match &slo.method {
            Some((Method::RatioTimeslices, text)) => sink.push(ratio_timeslices(text)),
            Some((Method::Occurrences | Method::Timeslices, _)) | None => spec.slos.extend(slos),
        }
    }
    unused(objects, &names, &specs, sink);
    specs
}

/// The spec of an SLO's service, which is added if it is the first one.
fn spec_of<'s>(
    specs: &'s mut Vec<SpecDecl>,
    slo: &Slo,
    service: Option<&Text>,
    services: &[Service],
) -> &'s mut SpecDecl {
    let name = service.map(renamed);
    let is_of = |spec: &SpecDecl| match (&spec.service, &name) {
        (Some(known), Some(name)) => known.value == name.value,
        (None, Some(_)) | (Some(_) | None, None) => false,
    };
    let index = specs.iter().position(is_of).unwrap_or_else(|| {
        let declared = services.iter().find(|declared| {
            declared.metadata.name.as_ref().zip(service).is_some_and(|(known, name)| known.value == name.value)
        });
        specs.push(spec(slo.span, name.clone(), declared));
        specs.len() - 1
    });
    &mut specs[index]
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

/// A reference to an object that is not there.
pub(super) fn unknown<'n>(kind: &str, reference: &Text, known: impl Iterator<Item = &'n Text>) -> Diagnostic {
    let name = &reference.value;
    let message = format!("there is no `{kind}` named `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownReference, reference.span, message);
    match suggest(name, known.map(|name| name.value.as_str())) {
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
    for Service { metadata, .. } in &objects.services {
        let name = metadata.name.as_ref().map(|name| (name, renamed(name)));
        let is_of =
            |spec: &SpecDecl, name: &Text| spec.service.as_ref().is_some_and(|service| service.value == name.value);
        let is_used = name.as_ref().is_none_or(|(_, name)| specs.iter().any(|spec| is_of(spec, name)));
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
