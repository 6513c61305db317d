//! Operations whose two sides are grouped by different labels, so that they pair only where those are empty.

use smol_str::SmolStr;

use crate::promql::labels::{self, Cause, Removal};
use crate::promql::lint::shape::grouped_by;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Binary, BinaryOp, Expr, ExprKind, Matching, MatchingKind, Ranged, ValueType};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else { return None };
    let pairs = !matches!(binary.op.value, BinaryOp::Or | BinaryOp::Unless) && binary.fill.is_none();
    let are_vectors = [&binary.lhs, &binary.rhs].into_iter().all(|side| side.value_type() == ValueType::Vector);
    let is_grouped = |side: &Expr| grouped_by(side).is_some_and(|labels| !labels.is_empty());
    if !is_grouped(&binary.lhs) && !is_grouped(&binary.rhs) {
        return None;
    }
    let has_variable = |matching: &Matching| matching.labels.iter().any(|label| label.value.contains(['$', '[']));
    if !pairs || !are_vectors || binary.matching.as_ref().is_some_and(has_variable) {
        return None;
    }
    let (left, right) = (labels::of(&binary.lhs), labels::of(&binary.rhs));
    if super::operands::check(part).is_some() {
        return None;
    }
    let sides = [(&binary.lhs, &left, &right, "left", "right"), (&binary.rhs, &right, &left, "right", "left")];
    sides.into_iter().find_map(|(side, own, other, one, another)| {
        let label = grouped_by(side)?.into_iter().find(|label| {
            let name = label.value.as_str();
            own.may_have(name)
                && labels::is_compared(name, binary.matching.as_ref())
                && other.removed(name).is_some_and(|removal| is_aggregation(removal.cause))
        })?;
        Some(finding(binary, label, other.removed(&label.value)?, [one, another]))
    })
}

fn is_aggregation(cause: Cause) -> bool {
    match cause {
        Cause::Aggregated | Cause::NotInBy | Cause::InWithout => true,
        Cause::NotInOn
        | Cause::InIgnoring
        | Cause::MatchedEmpty
        | Cause::Function
        | Cause::Scalar
        | Cause::Absent
        | Cause::Emptied => false,
    }
}

fn finding(binary: &Binary, label: &Ranged<SmolStr>, removal: Removal, [one, other]: [&str; 2]) -> Finding {
    let (op, name) = (binary.op.value.as_str(), &label.value);
    let group = if one == "left" { "group_left" } else { "group_right" };
    let message = format!("the {one} of `{op}` is grouped by `{name}`, the {other} is not");
    let finding = Finding::new(Lint::MismatchedGrouping, binary.op.range, message)
        .label("pairs only series without it")
        .related(label.range, format!("kept on the {one}"))
        .related(removal.range, format!("`{name}` {}", removal.cause.describe()))
        .note(format!("two series pair only if they have the same labels, so only where `{name}` is empty"));
    let is_on = binary.matching.as_ref().is_some_and(|matching| matching.kind == MatchingKind::On);
    if is_on {
        finding.help(format!("group both sides by `{name}`, or take it out of `on (...)`"))
    } else if binary.op.value == BinaryOp::And {
        finding.help(format!("group both sides by `{name}`, or pair with `and on (...)`"))
    } else {
        finding.help(format!(
            "group both sides by `{name}`, or leave it out of the pairing: `{op} ignoring ({name}) {group} ...`"
        ))
    }
}
