//! Group labels, and targets of single groups.

use super::labels::{LabelDecls, is_label_value};
use super::names::label_name;
use super::target::objective;
use super::{Read, Reported};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Duration, Grouping, LabelName, Override};
use crate::parse::decl::{OverrideDecl, SloDecl};
use crate::source::Text;

/// Labels that a group cannot have, and why.
const RESERVED: [(&str, &str); 8] = [
    ("slo_id", "recorded series carry it to say which SLO they belong to"),
    ("slo_service", "recorded series carry it to say which SLO they belong to"),
    ("slo_name", "recorded series carry it to say which SLO they belong to"),
    ("slo_alert", "alerts carry it to tell page from ticket"),
    ("slo_budget_below", "alerts carry it to tell thresholds apart"),
    ("alertname", "alerts carry it as their name"),
    ("le", "it tells the buckets of a histogram apart, not events"),
    ("quantile", "it tells the quantiles of a summary apart, not events"),
];

/// Reads the groups of an SLO; `None` within the answer if there are none.
pub(super) fn grouping(
    decl: &SloDecl,
    label_layers: &[&LabelDecls],
    period: Duration,
    sink: &mut Sink,
) -> Read<Option<Grouping>> {
    if decl.group_by.is_empty() {
        if let Some(first) = decl.overrides.first() {
            sink.push(overrides_without_groups(first));
            return Err(Reported);
        }
        return Ok(None);
    }
    let labels = group_labels(decl, label_layers, sink).ok_or(Reported)?;
    let overrides = decl.overrides.iter().map(|decl| one_override(decl, &labels, period, sink));
    let overrides = overrides.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().ok_or(Reported)?;
    if let Some(diagnostic) = overlap(&overrides) {
        sink.push(diagnostic);
        return Err(Reported);
    }
    Ok(Some(Grouping { labels, overrides }))
}

fn group_labels(decl: &SloDecl, label_layers: &[&LabelDecls], sink: &mut Sink) -> Option<Vec<LabelName>> {
    let mut labels: Vec<(LabelName, &Text)> = Vec::new();
    let mut complete = true;
    for text in &decl.group_by {
        let label = label_name(text, Code::BadGrouping, sink).filter(|label| {
            let problem = group_label_problem(label, text, &labels, label_layers);
            let fine = problem.is_none();
            sink.extend(problem);
            fine
        });
        match label {
            Some(label) => labels.push((label, text)),
            None => complete = false,
        }
    }
    complete.then(|| labels.into_iter().map(|(label, _)| label).collect())
}

fn group_label_problem(
    label: &LabelName,
    text: &Text,
    earlier: &[(LabelName, &Text)],
    label_layers: &[&LabelDecls],
) -> Option<Diagnostic> {
    let name = label.as_str();
    if let Some((_, reason)) = RESERVED.iter().find(|(reserved, _)| *reserved == name) {
        let message = format!("`{name}` cannot be a group label");
        return Some(Diagnostic::new(Code::BadGrouping, text.span, message).note(*reason));
    }
    if let Some((_, first)) = earlier.iter().find(|(other, _)| other == label) {
        let message = format!("the group label `{name}` is listed twice");
        return Some(Diagnostic::new(Code::BadGrouping, text.span, message).secondary(first.span, "first listed here"));
    }
    let (key, _) = label_layers.iter().copied().flatten().find(|(key, _)| key.value == name)?;
    let message = format!("`{name}` is a group label and a fixed label of the SLO");
    Some(
        Diagnostic::new(Code::BadGrouping, text.span, message)
            .secondary(key.span, "set to one value here")
            .help("remove it from `labels`: every group's alerts carry their own value"),
    )
}

fn overrides_without_groups(first: &OverrideDecl) -> Diagnostic {
    let label = first.matches.first().map_or("region", |(key, _)| key.value.as_str());
    Diagnostic::new(Code::BadOverride, first.span, "`overrides` without `group_by`")
        .note("an override gives single groups another target, and this SLO has no groups")
        .help(format!("add `group_by: [{label}]`"))
}

fn one_override(decl: &OverrideDecl, labels: &[LabelName], period: Duration, sink: &mut Sink) -> Option<Override> {
    let target = objective(&decl.target, period, sink);
    if decl.matches.is_empty() {
        let message = "an override that matches no label";
        sink.push(Diagnostic::new(Code::BadOverride, decl.span, message).help("change the SLO's own `target` instead"));
        return None;
    }
    let mut matches = Vec::with_capacity(decl.matches.len());
    for (key, value) in &decl.matches {
        let label = labels.iter().find(|label| label.as_str() == key.value);
        if label.is_none() {
            sink.push(not_grouped_by(key, labels));
        }
        let is_value = is_label_value(key, value, sink);
        if let Some(label) = label.filter(|_| is_value) {
            matches.push((label.clone(), value.value.clone()));
        }
    }
    let complete = matches.len() == decl.matches.len();
    matches.sort();
    Some(Override { span: decl.span, matches, objective: target? }).filter(|_| complete)
}

fn not_grouped_by(key: &Text, labels: &[LabelName]) -> Diagnostic {
    let listed = labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
    let message = format!("the SLO is not grouped by `{}`", key.value);
    let diagnostic = Diagnostic::new(Code::BadOverride, key.span, message);
    match suggest(&key.value, labels.iter().map(LabelName::as_str)) {
        Some(label) => diagnostic.replace(format!("did you mean `{label}`?"), key.span, label),
        None => diagnostic.note(format!("it is grouped by {listed}")),
    }
}

/// The problem of two overrides that can match one group.
fn overlap(overrides: &[Override]) -> Option<Diagnostic> {
    for (index, later) in overrides.iter().enumerate() {
        let Some(earlier) = overrides[..index].iter().find(|earlier| can_meet(earlier, later)) else {
            continue;
        };
        let message = if earlier.matches == later.matches {
            "two overrides of the same groups"
        } else {
            "two overrides can match the same group"
        };
        let diagnostic =
            Diagnostic::new(Code::BadOverride, later.span, message).secondary(earlier.span, "the other one");
        return Some(if earlier.matches == later.matches {
            diagnostic.help("keep one of them")
        } else {
            diagnostic.help("give both a value for every label they share, so that no group has two targets")
        });
    }
    None
}

/// Whether a group exists that both match: no label has two values.
fn can_meet(one: &Override, other: &Override) -> bool {
    one.matches.iter().all(|(label, value)| {
        other.matches.iter().find(|(same, _)| same == label).is_none_or(|(_, other_value)| other_value == value)
    })
}
