//! Objectives of OpenSLO: a target, perhaps with a limit, slices of time, or an indicator of its own.

use super::object::{Version, optional, optional_text};
use super::sli::{Given, Measured, Sli, ratio_metric};
use super::slo::{Method, given_sli, keys};
use super::target::{percent, ratio_as_percent};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::Node;
use crate::source::{Span, Text};

/// An objective.
pub(super) struct Objective {
    /// The whole entry.
    pub(super) span: Span,
    /// Its first key.
    pub(super) head: Span,
    /// Its name for people.
    pub(super) display: Option<Text>,
    /// The comparison with the limit, as an operator of PromQL.
    pub(super) op: Option<Text>,
    /// The limit.
    pub(super) value: Option<Text>,
    /// The target in percent.
    pub(super) target: Option<Text>,
    /// The target of a slice in percent.
    pub(super) slice_target: Option<Text>,
    /// How long a slice is.
    pub(super) slice_window: Option<Text>,
    /// Where it says itself what is measured, if it does.
    pub(super) own: Option<Span>,
    /// Its own SLI.
    pub(super) indicator: Option<Given<Sli>>,
    /// Its own ratio, as v1alpha has it.
    pub(super) measured: Option<Measured>,
    /// How much it weighs in a composite.
    pub(super) weight: Option<Text>,
}

/// Reads an objective.
pub(super) fn objective(
    reader: &mut Reader<'_>,
    node: Node,
    (version, method): (Version, Option<Method>),
) -> Option<Objective> {
    let span = node.span;
    let mut fields = reader.fields(node, "an objective")?;
    let own = keys(version).into_iter().chain(["ratioMetrics"]).find_map(|key| fields.key_span(key));
    let display = optional_text(reader, &mut fields, "displayName");
    if version == Version::V2Alpha
        && let Some(labels) = optional(&mut fields, "labels")
    {
        reader.no_effect(
            &[(labels.key.value, labels.key.span)],
            "alerts have the labels of their SLO and of its service",
        );
    }
    let op = operator(reader, &mut fields, "op");
    let value = optional_text(reader, &mut fields, "value");
    let target = target(reader, &mut fields);
    let (slice_target, slice_window) = slices(reader, &mut fields, version, method);
    let (indicator, measured) = match version {
        Version::V1Alpha => (None, ratio_metrics(reader, &mut fields)),
        Version::V1 | Version::V2Alpha => (given_sli(reader, &mut fields, version), None),
    };
    let weight = optional_text(reader, &mut fields, "compositeWeight");
    let head = fields.head();
    reader.finish(&fields);
    Some(Objective {
        span,
        head,
        display,
        op,
        value,
        target,
        slice_target,
        slice_window,
        own,
        indicator,
        measured,
        weight,
    })
}

fn ratio_metrics(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Measured> {
    let entry = optional(fields, "ratioMetrics")?;
    let mut inner = reader.mapping_of(entry, "ratio metrics")?;
    let measured = ratio_metric(reader, &mut inner, Version::V1Alpha);
    reader.finish(&inner);
    measured
}

/// The operators, and how PromQL writes them.
const OPERATORS: [(&str, &str); 4] = [("lt", "<"), ("lte", "<="), ("gt", ">"), ("gte", ">=")];

/// Reads an operator.
pub(super) fn operator(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<Text> {
    let text = optional_text(reader, fields, key)?;
    if let Some((_, written)) = OPERATORS.iter().find(|(word, _)| *word == text.value) {
        return Some(text.instead(*written));
    }
    let message = format!("`{}` is no operator of OpenSLO", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let by_sign = OPERATORS.iter().find(|(_, written)| *written == text.value).map(|(word, _)| *word);
    reader.report(match by_sign.or_else(|| suggest(&text.value, OPERATORS.map(|(word, _)| word))) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.help("write `lt`, `lte`, `gt` or `gte`"),
    });
    None
}

/// `target`, a ratio, or `targetPercent`.
fn target(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let ratio = optional(fields, "target");
    let in_percent = optional(fields, "targetPercent");
    match (ratio, in_percent) {
        (Some(ratio), Some(in_percent)) => {
            let message = "`target` and `targetPercent` in one objective";
            let diagnostic = Diagnostic::new(Code::DuplicateKey, in_percent.key.span, message)
                .secondary(ratio.key.span, "given here already");
            reader.report(diagnostic.help("keep one of the two"));
            None
        }
        (Some(ratio), None) => {
            let key = ratio.key.span;
            let text = reader.text_of(ratio, "a target")?;
            ratio_as_percent(reader, &text, key)
        }
        (None, Some(entry)) => {
            let text = reader.text_of(entry, "a target")?;
            percent(reader, &text)
        }
        (None, None) => {
            if !["target", "targetPercent"].iter().any(|key| fields.is_misspelt(key)) {
                reader.missing(fields, "target", "target: 0.99");
            }
            None
        }
    }
}

/// The slices of time that an objective counts: target and length of one.
fn slices(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    version: Version,
    method: Option<Method>,
) -> (Option<Text>, Option<Text>) {
    let wants_target = method == Some(Method::Timeslices);
    let wants_length = wants_target || method == Some(Method::RatioTimeslices);
    for (key, is_wanted, example) in [
        ("timeSliceTarget", wants_target, "timeSliceTarget: 0.95"),
        ("timeSliceWindow", wants_length, "timeSliceWindow: 1m"),
    ] {
        // In v1alpha, the target of a slice is often left out, and there is no key for its length.
        if is_wanted && version != Version::V1Alpha && fields.key_span(key).is_none() {
            reader.missing(fields, key, example);
        }
    }
    let target = optional(fields, "timeSliceTarget");
    let length = optional(fields, "timeSliceWindow");
    if method == Some(Method::Occurrences) {
        let keys = target.iter().chain(&length).map(|entry| (entry.key.value.clone(), entry.key.span));
        reader.no_effect(&keys.collect::<Vec<_>>(), "with `budgetingMethod: Occurrences`, events are counted");
        return (None, None);
    }
    let target = target.and_then(|entry| {
        let key = entry.key.span;
        let text = reader.text_of(entry, "a target")?;
        ratio_as_percent(reader, &text, key)
    });
    let length = length.and_then(|entry| reader.text_of(entry, "a duration"));
    // A number without a unit is one of minutes.
    let is_number = |text: &Text| !text.value.is_empty() && text.value.bytes().all(|byte| byte.is_ascii_digit());
    (target, length.map(|text| if is_number(&text) { text.instead(format!("{}m", text.value)) } else { text }))
}
