//! Targets of single groups.

use super::labels::is_label_value;
use super::target::objective;
use super::{Read, Reported};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Duration, LabelName, Override};
use crate::parse::decl::OverrideDecl;
use crate::source::Text;

/// Reports overrides of an SLO without groups.
pub(super) fn without_groups(decls: &[OverrideDecl], sink: &mut Sink) -> Read<()> {
    let Some(first) = decls.first() else {
        return Ok(());
    };
    let label = first.matches.first().map_or("region", |(key, _)| key.value.as_str());
    sink.push(
        Diagnostic::new(Code::BadOverride, first.span, "`overrides` without `group_by`")
            .note("an override gives single groups another target, and this SLO has no groups")
            .help(format!("add `group_by: [{label}]`")),
    );
    Err(Reported)
}

/// Reads the targets of single groups.
pub(super) fn overrides(
    decls: &[OverrideDecl],
    labels: &[LabelName],
    period: Duration,
    sink: &mut Sink,
) -> Read<Vec<Override>> {
    let read: Vec<_> = decls.iter().map(|decl| one_override(decl, labels, period, sink)).collect();
    let overrides = read.into_iter().collect::<Option<Vec<_>>>().ok_or(Reported)?;
    if let Some(diagnostic) = overlap(&overrides) {
        sink.push(diagnostic);
        return Err(Reported);
    }
    Ok(overrides)
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
