//! Objects of OpenSLO: which version and kind they are of, and all of them by kind.

use super::metadata::{self, Metadata};
use super::metric::data_source_type;
use super::policy::{self, Policy};
use super::sli::{self, Sli};
use super::slo::{self, Slo};
use super::{condition, condition::Condition};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, Node};
use crate::source::{Span, Text};

/// The versions of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// The first one: SLOs and services alone, with queries in the objectives.
    V1Alpha,
    /// The one in use.
    V1,
    /// The next one, with `sli` in place of `indicator`.
    V2Alpha,
}

/// The kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Slo,
    Sli,
    AlertPolicy,
    AlertCondition,
    AlertNotificationTarget,
    DataSource,
    Service,
    BudgetAdjustment,
}

impl Kind {
    const ALL: [(&'static str, Self); 8] = [
        ("SLO", Self::Slo),
        ("SLI", Self::Sli),
        ("AlertPolicy", Self::AlertPolicy),
        ("AlertCondition", Self::AlertCondition),
        ("AlertNotificationTarget", Self::AlertNotificationTarget),
        ("DataSource", Self::DataSource),
        ("Service", Self::Service),
        ("BudgetAdjustment", Self::BudgetAdjustment),
    ];

    fn is_in(self, version: Version) -> bool {
        match self {
            Self::Slo | Self::Service => true,
            Self::Sli | Self::AlertPolicy | Self::AlertCondition | Self::AlertNotificationTarget | Self::DataSource => {
                version != Version::V1Alpha
            }
            Self::BudgetAdjustment => version == Version::V2Alpha,
        }
    }

    /// What the spec of such an object is called.
    fn noun(self) -> &'static str {
        match self {
            Self::Slo => "the spec of an SLO",
            Self::Sli => "the spec of an SLI",
            Self::AlertPolicy => "the spec of an AlertPolicy",
            Self::AlertCondition => "the spec of an AlertCondition",
            Self::AlertNotificationTarget => "the spec of an AlertNotificationTarget",
            Self::DataSource => "the spec of a DataSource",
            Self::Service => "the spec of a Service",
            Self::BudgetAdjustment => "the spec of a BudgetAdjustment",
        }
    }
}

/// A source of data: where queries are sent.
pub(super) struct DataSource {
    /// Its name.
    pub(super) name: Option<Text>,
    /// What kind of source it is.
    pub(super) kind: Option<Text>,
}

/// A service.
pub(super) struct Service {
    /// Name and labels.
    pub(super) metadata: Metadata,
    /// What it is.
    pub(super) description: Option<Text>,
}

/// All objects of the input by kind, in the order of the files.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) slos: Vec<Slo>,
    pub(super) slis: Vec<Sli>,
    pub(super) policies: Vec<Policy>,
    pub(super) conditions: Vec<Condition>,
    pub(super) data_sources: Vec<DataSource>,
    pub(super) services: Vec<Service>,
}

/// Reads an object.
pub(super) fn object(reader: &mut Reader<'_>, node: Node, objects: &mut Objects) -> Option<()> {
    let span = node.span;
    let mut fields = reader.fields(node, "an object of OpenSLO")?;
    let version = version(reader, &mut fields)?;
    let kind = kind(reader, &mut fields, version)?;
    let entry = reader.required(&mut fields, "metadata", "metadata: {name: cart}");
    let metadata = entry.and_then(|entry| match kind {
        Kind::Slo | Kind::Service => metadata::metadata(reader, entry),
        Kind::Sli
        | Kind::AlertPolicy
        | Kind::AlertCondition
        | Kind::AlertNotificationTarget
        | Kind::DataSource
        | Kind::BudgetAdjustment => metadata::name_only(reader, entry),
    });
    let entry = match kind {
        // A service may be nothing but its name.
        Kind::Service => fields.take("spec").filter(|entry| entry.value.noun() != "nothing"),
        _ => reader.required(&mut fields, "spec", "spec:"),
    };
    reader.finish(&fields);
    let mut metadata = metadata.unwrap_or_default();
    if metadata.span.is_none() {
        metadata.span = Some(fields.head());
    }
    let spec = entry.and_then(|entry| reader.mapping_of(entry, kind.noun()));
    let Some(mut spec) = spec else {
        if kind == Kind::Service {
            objects.services.push(Service { metadata, description: None });
        }
        return None;
    };
    match kind {
        Kind::Slo => objects.slos.push(slo::slo(reader, &mut spec, version, (span, metadata))),
        Kind::Sli => objects.slis.push(sli::sli(reader, &mut spec, version, metadata)),
        Kind::AlertPolicy => objects.policies.push(policy::policy(reader, &mut spec, metadata)),
        Kind::AlertCondition => objects.conditions.push(condition::condition(reader, &mut spec, metadata)),
        Kind::AlertNotificationTarget => {
            notification_target(reader, &mut spec);
            without_effect(reader, &metadata);
        }
        Kind::DataSource => {
            let kind = data_source_type(reader, &mut spec);
            objects.data_sources.push(DataSource { name: metadata.name, kind });
        }
        Kind::Service => {
            let description = description(reader, &mut spec);
            objects.services.push(Service { metadata, description });
        }
        Kind::BudgetAdjustment => {
            adjustment(reader, &metadata);
            return None;
        }
    }
    reader.finish(&spec);
    Some(())
}

fn version(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Version> {
    let text = reader.required_text(fields, "apiVersion", "apiVersion: openslo/v1")?;
    match text.value.split_once('/').map_or("", |(_, version)| version) {
        "v1alpha" => Some(Version::V1Alpha),
        "v1" => Some(Version::V1),
        "v2alpha" => Some(Version::V2Alpha),
        _ => {
            let message = format!("`{}` is no version of OpenSLO that can be read", text.value);
            let diagnostic = Diagnostic::new(Code::ApiVersion, text.span, message);
            reader.report(diagnostic.help("write `openslo/v1alpha`, `openslo/v1` or `openslo.com/v2alpha`"));
            None
        }
    }
}

fn kind(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<Kind> {
    let text = reader.required_text(fields, "kind", "kind: SLO")?;
    let found = Kind::ALL.iter().find(|(name, _)| *name == text.value).map(|(_, kind)| *kind);
    if let Some(kind) = found.filter(|kind| kind.is_in(version)) {
        return Some(kind);
    }
    if found.is_some() {
        let message = format!("there is no `{}` in this version of OpenSLO", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        reader.report(match version {
            Version::V1Alpha => diagnostic.help("write `apiVersion: openslo/v1`"),
            Version::V1 | Version::V2Alpha => diagnostic.help("write `apiVersion: openslo.com/v2alpha`"),
        });
        return None;
    }
    let names: Vec<&str> = Kind::ALL.iter().filter(|(_, kind)| kind.is_in(version)).map(|(name, _)| *name).collect();
    let message = format!("`{}` is no kind of object of OpenSLO", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let by_case = names.iter().copied().find(|name| name.eq_ignore_ascii_case(&text.value));
    reader.report(match by_case.or_else(|| suggest(&text.value, names.iter().copied())) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.note(format!("the kinds are {}", names.join(", "))),
    });
    None
}

/// The most characters of a description.
const LONGEST_DESCRIPTION: usize = 1050;

/// Reads `description`, which may be nothing.
pub(super) fn description(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let text = optional_text(reader, fields, "description")?;
    let length = text.value.chars().count();
    if length > LONGEST_DESCRIPTION {
        let message = format!("a description of {length} characters, where OpenSLO allows {LONGEST_DESCRIPTION}");
        let diagnostic = Diagnostic::new(Code::InvalidObject, text.span, message);
        reader.report(diagnostic.help("keep the first sentences, and put the rest into a runbook"));
        return None;
    }
    Some(text)
}

/// The text of a key that may be absent, nothing or empty.
pub(super) fn optional_text(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<Text> {
    let entry = optional(fields, key)?;
    reader.text_of(entry, "text").filter(|text| !text.value.is_empty())
}

/// The entry of a key that may be absent or nothing.
pub(super) fn optional(fields: &mut Fields, key: &'static str) -> Option<Entry> {
    fields.take(key).filter(|entry| entry.value.noun() != "nothing")
}

/// Reads `true` or `false`.
pub(super) fn switch(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<(bool, Span)> {
    let entry = optional(fields, key)?;
    let place = entry.key.span;
    let text = reader.text_of(entry, "`true` or `false`")?;
    match text.value.as_str() {
        "true" | "True" | "TRUE" => Some((true, place)),
        "false" | "False" | "FALSE" => Some((false, place)),
        other => {
            let message = format!("expected `true` or `false` for `{key}`, found `{other}`");
            reader.report(Diagnostic::new(Code::UnknownValue, text.span, message));
            None
        }
    }
}

/// Whom notifications go to; also within an `AlertPolicy`.
pub(super) fn notification_target(reader: &mut Reader<'_>, fields: &mut Fields) {
    reader.required_text(fields, "target", "target: email");
    description(reader, fields);
}

fn without_effect(reader: &mut Reader<'_>, metadata: &Metadata) {
    if let Some(name) = &metadata.name {
        let message = format!("the AlertNotificationTarget `{}` has no effect here", name.value);
        reader.report(Diagnostic::new(Code::NoEffect, name.span, message).note(NOTIFICATIONS));
    }
}

/// Who decides instead of notification targets.
pub(super) const NOTIFICATIONS: &str =
    "who is told of an alert is decided by `receivers` and `on_call` in the project file, which also has the addresses";

fn adjustment(reader: &mut Reader<'_>, metadata: &Metadata) {
    let Some(place) = metadata.name.as_ref().map(|name| name.span).or(metadata.span) else { return };
    let message = "a `BudgetAdjustment` is not read";
    let diagnostic = Diagnostic::new(Code::UnsupportedFeature, place, message);
    reader.report(
        diagnostic
            .note("it takes time out of a budget by the name of an SLI; here, that is said of SLOs")
            .help("write it as an entry of `maintenance` in a spec of slosmith, with `effect: exclude`"),
    );
}
