//! Pairings with several series where one is needed, and `group_left` where none is.

use crate::promql::lint::shape::grouped_by;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Binary, Expr, ExprKind, Matching, MatchingKind, Side, ValueType, labels};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let matching = binary.matching.as_ref()?;
    let are_vectors = [&binary.lhs, &binary.rhs].into_iter().all(|side| side.value_type() == ValueType::Vector);
    if binary.op.value.is_set() || !are_vectors || matching.kind != MatchingKind::On {
        return None;
    }
    let (one, many) = match matching.group.as_ref().map(|group| group.side) {
        Some(Side::Left) => (vec![(&binary.rhs, "right")], Some(&binary.lhs)),
        Some(Side::Right) => (vec![(&binary.lhs, "left")], Some(&binary.rhs)),
        None => (vec![(&binary.lhs, "left"), (&binary.rhs, "right")], None),
    };
    one.into_iter()
        .find_map(|(side, name)| ambiguous(binary, matching, side, name))
        .or_else(|| many.and_then(|many| needless(matching, many)))
}

/// A side that must be unique, and has a label of its own that tells series apart.
fn ambiguous(binary: &Binary, matching: &Matching, side: &Expr, name: &str) -> Option<Finding> {
    let taken = matching.group.as_ref().map_or(&[][..], |group| &group.labels);
    let extra = grouped_by(side)?.into_iter().find(|label| {
        let is_known = matching.labels.iter().chain(taken).any(|listed| listed.value == label.value);
        let is_variable = label.value.contains(['$', '[']);
        !is_known
            && !is_variable
            && labels::fixed(side, &label.value).is_none()
            && labels::of(side).may_have(&label.value)
    })?;
    let has_variable = matching.labels.iter().chain(taken).any(|label| label.value.contains(['$', '[']));
    if has_variable {
        return None;
    }
    let label = &extra.value;
    let help = match &matching.group {
        Some(_) => format!("leave `{label}` out of that side's `by (...)`, or add it to `on (...)`"),
        None => format!(
            "add `{label}` to `on (...)`, leave it out of `by (...)`, or say which side has many: `group_{name} ()`"
        ),
    };
    Some(
        Finding::new(
            Lint::AmbiguousMatch,
            binary.op.range,
            format!("the {name} side of `{}` can have several series for one match", binary.op.value.as_str()),
        )
        .label("fails as soon as there are two")
        .related(extra.range, format!("tells them apart by `{label}`"))
        .related(matching.range, format!("does not look at `{label}`"))
        .help(help),
    )
}

/// A `group_left` without labels to copy, whose side of many is unique already.
fn needless(matching: &Matching, many: &Expr) -> Option<Finding> {
    let group = matching.group.as_ref().filter(|group| group.labels.is_empty())?;
    let by = grouped_by(many)?;
    if !by.iter().all(|label| matching.labels.iter().any(|listed| listed.value == label.value)) {
        return None;
    }
    let word = match group.side {
        Side::Left => "group_left",
        Side::Right => "group_right",
    };
    Some(
        Finding::new(Lint::NeedlessGroup, group.range, format!("`{word}` is not needed"))
            .related(many.range, "has one series for each match already")
            .note("it would hide a second series that should not be there")
            .help("remove it"),
    )
}
