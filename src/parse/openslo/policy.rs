//! Alert policies: when they alert, on which condition, and whom they tell.

use super::condition::{Condition, condition};
use super::metadata::{self, Metadata};
use super::object::{NOTIFICATIONS, description, notification_target, optional, switch};
use super::sli::Given;
use crate::diag::{Code, Diagnostic};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::Node;
use crate::source::{Span, Text};

/// A policy.
pub(super) struct Policy {
    /// Its name.
    pub(super) name: Option<Text>,
    /// Whether it alerts on a burn rate; `None` if nothing is said.
    pub(super) breaching: Option<bool>,
    /// Where it says that it alerts on missing data, if it does.
    pub(super) no_data: Option<Span>,
    /// The condition.
    pub(super) condition: Option<Given<Condition>>,
}

/// Reads a policy by its spec.
pub(super) fn policy(reader: &mut Reader<'_>, fields: &mut Fields, metadata: Metadata) -> Policy {
    description(reader, fields);
    let breaching = switch(reader, fields, "alertWhenBreaching").map(|(value, _)| value);
    let resolved = switch(reader, fields, "alertWhenResolved");
    let no_data = switch(reader, fields, "alertWhenNoData");
    if let Some((true, place)) = resolved {
        let why = "whether the end of an alert is told is a setting of its receiver";
        reader.no_effect(&[("alertWhenResolved".to_owned(), place)], why);
    }
    let says_nothing = breaching.is_none() && resolved.is_none() && no_data.is_none();
    let condition = conditions(reader, fields);
    targets(reader, fields);
    Policy {
        name: metadata.name,
        breaching: breaching.or(says_nothing.then_some(true)),
        no_data: no_data.filter(|(value, _)| *value).map(|(_, place)| place),
        condition,
    }
}

/// Reads a policy within an SLO: a reference, or written out.
pub(super) fn given_policy(reader: &mut Reader<'_>, node: Node) -> Option<Given<Policy>> {
    let mut fields = reader.fields(node, "an alert policy")?;
    let given = match named(reader, &mut fields, "alertPolicyRef", "AlertPolicy") {
        Some(Given::Named(name)) => Some(Given::Named(name)),
        Some(Given::Here(inner)) => {
            let Inline { metadata, mut spec } = *inner;
            let policy = policy(reader, &mut spec, metadata);
            reader.finish(&spec);
            Some(Given::Here(Box::new(policy)))
        }
        None => None,
    };
    reader.finish(&fields);
    given
}

/// An object within another one.
struct Inline {
    metadata: Metadata,
    spec: Fields,
}

/// A reference, or an object written out with its kind.
fn named(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    reference: &'static str,
    kind: &'static str,
) -> Option<Given<Inline>> {
    let name = optional(fields, reference);
    if fields.key_span("spec").is_none()
        && let Some(name) = name
    {
        fields.skip(&["kind", "metadata"]);
        return reader.text_of(name, "a name").map(Given::Named);
    }
    if let Some(name) = name {
        let message = format!("`{reference}` and an object in one place");
        let diagnostic = Diagnostic::new(Code::DuplicateKey, name.key.span, message);
        reader.report(diagnostic.help("keep one of the two"));
    }
    if fields.key_span("spec").is_none() {
        if !fields.is_misspelt(reference) {
            reader.missing(fields, reference, &format!("{reference}: name"));
        }
        fields.skip(&["kind", "metadata", "spec"]);
        return None;
    }
    if let Some(text) = reader.text(fields, "kind").filter(|text| text.value != kind) {
        let message = format!("expected `{kind}` here, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        reader.report(diagnostic.replace(format!("write `{kind}`"), text.span, kind));
    }
    let metadata = reader.required(fields, "metadata", "metadata: {name: fast-burn}");
    let metadata = metadata.and_then(|entry| metadata::name_only(reader, entry));
    let spec = fields.take("spec").and_then(|entry| reader.mapping_of(entry, "a spec"))?;
    Some(Given::Here(Box::new(Inline { metadata: metadata.unwrap_or_default(), spec })))
}

/// `conditions`: exactly one.
fn conditions(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Given<Condition>> {
    let entry = reader.required(fields, "conditions", "conditions: [{conditionRef: fast-burn}]")?;
    let place = entry.key.span;
    let items = reader.list_of(entry);
    if items.len() != 1 {
        let message = format!("a policy of {} conditions, where OpenSLO wants exactly one", items.len());
        let diagnostic = Diagnostic::new(Code::InvalidObject, place, message);
        reader.report(match items.len() {
            0 => diagnostic.help("name one, as in `- conditionRef: fast-burn`"),
            _ => diagnostic.help("make a policy of its own for each of them"),
        });
    }
    let mut fields = reader.fields(items.into_iter().next()?, "a condition of a policy")?;
    if let Some(operator) = fields.take("operator") {
        reader.no_effect(&[(operator.key.value, operator.key.span)], "a policy has one condition");
    }
    let given = match named(reader, &mut fields, "conditionRef", "AlertCondition") {
        Some(Given::Named(name)) => Some(Given::Named(name)),
        Some(Given::Here(inner)) => {
            let Inline { metadata, mut spec } = *inner;
            let condition = condition(reader, &mut spec, metadata);
            reader.finish(&spec);
            Some(Given::Here(Box::new(condition)))
        }
        None => None,
    };
    reader.finish(&fields);
    given
}

/// `notificationTargets`: at least one, none of which has an effect here.
fn targets(reader: &mut Reader<'_>, fields: &mut Fields) {
    let Some(entry) = reader.required(fields, "notificationTargets", "notificationTargets: [{targetRef: on-call}]")
    else {
        return;
    };
    let place = entry.key.span;
    let items = reader.list_of(entry);
    if items.is_empty() {
        let diagnostic = Diagnostic::new(Code::InvalidObject, place, "a policy that tells nobody");
        reader.report(diagnostic.help("name a target, as in `- targetRef: on-call`"));
        return;
    }
    reader.no_effect(&[("notificationTargets".to_owned(), place)], NOTIFICATIONS);
    for node in items {
        let Some(mut fields) = reader.fields(node, "a notification target") else { continue };
        if let Some(Given::Here(inner)) = named(reader, &mut fields, "targetRef", "AlertNotificationTarget") {
            let mut spec = inner.spec;
            notification_target(reader, &mut spec);
            reader.finish(&spec);
        }
        reader.finish(&fields);
    }
}
