//! SLOs of OpenSLO: an indicator, a window, and one or more objectives.

use super::metadata::Metadata;
use super::object::{Version, description, optional, optional_text};
use super::objective::{Objective, objective};
use super::policy::{Policy, given_policy};
use super::sli::{Given, Sli, inline};
use super::window::window;
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::decl::WindowDecl;
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::NodeKind;
use crate::source::{Span, Text};

/// An SLO.
pub(super) struct Slo {
    /// The whole document.
    pub(super) span: Span,
    /// The version it is written in.
    pub(super) version: Version,
    /// Name and labels.
    pub(super) metadata: Metadata,
    /// What it promises.
    pub(super) description: Option<Text>,
    /// The service.
    pub(super) service: Option<Text>,
    /// What is measured, if it is said for all objectives.
    pub(super) indicator: Option<Given<Sli>>,
    /// The period.
    pub(super) window: Option<WindowDecl>,
    /// What the budget counts.
    pub(super) method: Option<(Method, Text)>,
    /// The objectives.
    pub(super) objectives: Vec<Objective>,
    /// Its alerts, with the place of the list; `None` if nothing is said of them.
    pub(super) policies: Option<(Span, Vec<Given<Policy>>)>,
}

/// What a budget counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Events.
    Occurrences,
    /// Good slices of time.
    Timeslices,
    /// The mean of the ratios of all slices of time.
    RatioTimeslices,
}

const METHODS: [(&str, Method); 3] = [
    ("Occurrences", Method::Occurrences),
    ("Timeslices", Method::Timeslices),
    ("RatioTimeslices", Method::RatioTimeslices),
];

/// Reads an SLO by its spec.
pub(super) fn slo(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    version: Version,
    (span, metadata): (Span, Metadata),
) -> Slo {
    let description = description(reader, fields);
    let service = service(reader, fields, version);
    let has_own = keys(version).iter().any(|key| fields.key_span(key).is_some());
    let indicator = given_sli(reader, fields, version);
    let window = window(reader, fields, version);
    let method = method(reader, fields);
    let objectives = reader.required(fields, "objectives", "objectives: [{target: 0.99}]");
    let objectives_key =
        objectives.as_ref().filter(|entry| entry.value.noun() != "nothing").map(|entry| entry.key.span);
    let items = objectives.map_or_else(Vec::new, |entry| reader.list_of(entry));
    if let Some(place) = objectives_key.filter(|_| items.is_empty()) {
        let diagnostic = Diagnostic::new(Code::InvalidObject, place, "an SLO without an objective");
        reader.report(diagnostic.help("add one with a target, as in `- target: 0.99`"));
    }
    let of = (version, method.as_ref().map(|(method, _)| *method));
    let objectives: Vec<Objective> = items.into_iter().filter_map(|node| objective(reader, node, of)).collect();
    let policies = policies(reader, fields);
    one_indicator(reader, fields, has_own, (version, &objectives));
    Slo { span, version, metadata, description, service, indicator, window, method, objectives, policies }
}

/// The keys of an SLI that is written out, and of one that is referred to.
pub(super) fn keys(version: Version) -> [&'static str; 2] {
    match version {
        Version::V1Alpha | Version::V1 => ["indicator", "indicatorRef"],
        Version::V2Alpha => ["sli", "sliRef"],
    }
}

/// Reads an SLI that is written out, or referred to.
pub(super) fn given_sli(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<Given<Sli>> {
    let [here, named] = keys(version);
    let own = optional(fields, here);
    let reference = if version == Version::V1Alpha { None } else { optional(fields, named) };
    match (own, reference) {
        (Some(own), Some(reference)) => {
            let message = format!("`{here}` and `{named}` in one place");
            let diagnostic = Diagnostic::new(Code::DuplicateKey, reference.key.span, message)
                .secondary(own.key.span, "says already what is measured");
            reader.report(diagnostic.help("keep one of the two"));
            inline(reader, own, version).map(Box::new).map(Given::Here)
        }
        (Some(own), None) => inline(reader, own, version).map(Box::new).map(Given::Here),
        (None, Some(reference)) => reader.text_of(reference, "a name").map(Given::Named),
        (None, None) => None,
    }
}

fn service(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<Text> {
    if version == Version::V2Alpha
        && let Some(text) = optional_text(reader, fields, "serviceRef")
    {
        return Some(text);
    }
    reader.required_text(fields, "service", "service: cart")
}

fn method(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<(Method, Text)> {
    let text = reader.required_text(fields, "budgetingMethod", "budgetingMethod: Occurrences")?;
    if let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == text.value) {
        return Some((*method, text));
    }
    let message = format!("`{}` is no budgeting method", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let names = METHODS.map(|(name, _)| name);
    let by_case = names.into_iter().find(|name| name.eq_ignore_ascii_case(&text.value));
    reader.report(match by_case.or_else(|| suggest(&text.value, names)) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.help("write `Occurrences`, `Timeslices` or `RatioTimeslices`"),
    });
    None
}

/// `alertPolicies`: names, references, or policies written out.
fn policies(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<(Span, Vec<Given<Policy>>)> {
    let entry = optional(fields, "alertPolicies")?;
    let span = entry.value.span;
    let mut policies = Vec::new();
    for node in reader.list_of(entry) {
        match &node.kind {
            NodeKind::Scalar(_) => policies.extend(reader.scalar(node, "a policy").map(Given::Named)),
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => policies.extend(given_policy(reader, node)),
        }
    }
    Some((span, policies))
}

/// Reports an SLO that does not say what is measured, or says it twice.
fn one_indicator(
    reader: &mut Reader<'_>,
    fields: &Fields,
    has_own: bool,
    (version, objectives): (Version, &[Objective]),
) {
    let [here, named] = keys(version);
    let of_objective = objectives.iter().find_map(|objective| objective.own);
    match of_objective {
        Some(place) if has_own => {
            let message = "what is measured is said by the SLO and by an objective";
            let diagnostic = Diagnostic::new(Code::SliFamily, place, message);
            reader.report(diagnostic.help("say it in one of the two places"));
        }
        // Without its objectives, nothing is known of those of v1alpha.
        None if version == Version::V1Alpha && objectives.is_empty() => {}
        None if !has_own && !fields.is_misspelt(here) && !fields.is_misspelt(named) => {
            let diagnostic = Diagnostic::new(Code::MissingKey, fields.head(), format!("an SLO without `{here}`"));
            reader.report(match version {
                Version::V1Alpha => diagnostic.help("add `ratioMetrics` to its objectives, or `indicator` to the SLO"),
                Version::V1 | Version::V2Alpha => {
                    diagnostic.help(format!("add `{here}` with an SLI, or `{named}` with the name of one"))
                }
            });
        }
        Some(_) | None => {}
    }
}
