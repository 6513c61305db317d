//! Labels that are asked for although they are gone.

use smol_str::SmolStr;

use crate::promql::labels::{self, Cause, Labels, Removal};
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Aggregate, Binary, Call, Expr, ExprKind, GroupingKind, MatchingKind, Ranged, Side, ValueType};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    match &part.kind {
        ExprKind::Aggregate(aggregate) => in_grouping(aggregate),
        ExprKind::Binary(binary) => in_matching(binary).or_else(|| in_group(binary)),
        ExprKind::Call(call) => in_replacement(call),
        _ => None,
    }
}

/// The most arguments of `label_join` that are looked at.
const MOST_SOURCES: usize = 100;

/// What took a label away on purpose of nobody: not a matcher or function that says so.
fn lost(expr: &Expr, label: &str) -> Option<Removal> {
    lost_in(&labels::of(expr), label)
}

fn lost_in(labels: &Labels, label: &str) -> Option<Removal> {
    if label.contains(['$', '[']) {
        return None;
    }
    labels.removed(label).filter(|removal| match removal.cause {
        Cause::Aggregated | Cause::NotInBy | Cause::InWithout | Cause::NotInOn | Cause::InIgnoring => true,
        Cause::MatchedEmpty | Cause::Function | Cause::Scalar | Cause::Absent | Cause::Emptied => false,
    })
}

fn finding(label: &Ranged<SmolStr>, removal: Removal, asks: &str) -> Finding {
    Finding::new(Lint::LostLabel, label.range, format!("{asks} `{}`, which no series has", label.value))
        .related(removal.range, format!("`{}` {}", label.value, removal.cause.describe()))
        .help(format!("keep `{0}` there, or leave it out here", label.value))
}

fn in_grouping(aggregate: &Aggregate) -> Option<Finding> {
    let grouping = aggregate.grouping.as_ref().filter(|grouping| grouping.kind == GroupingKind::By)?;
    grouping.labels.iter().find_map(|label| Some(finding(label, lost(&aggregate.expr, &label.value)?, "grouped by")))
}

fn in_matching(binary: &Binary) -> Option<Finding> {
    let matching = binary.matching.as_ref().filter(|matching| matching.kind == MatchingKind::On)?;
    let are_vectors = [&binary.lhs, &binary.rhs].into_iter().all(|side| side.value_type() == ValueType::Vector);
    matching.labels.iter().filter(|_| are_vectors).find_map(|label| {
        let removal = lost(&binary.lhs, &label.value)?;
        lost(&binary.rhs, &label.value)?;
        Some(finding(label, removal, "paired on"))
    })
}

fn in_group(binary: &Binary) -> Option<Finding> {
    let group = binary.matching.as_ref()?.group.as_ref()?;
    let one = match group.side {
        Side::Left => &binary.rhs,
        Side::Right => &binary.lhs,
    };
    group.labels.iter().find_map(|label| Some(finding(label, lost(one, &label.value)?, "copies the label")))
}

/// The sources of `label_replace` and `label_join`.
fn in_replacement(call: &Call) -> Option<Finding> {
    let sources = match call.function.value.as_str() {
        "label_replace" => call.args.get(3..4)?,
        "label_join" => call.args.get(3..)?,
        _ => return None,
    };
    let inner = labels::of(call.args.first()?);
    sources.iter().take(MOST_SOURCES).find_map(|argument| {
        let ExprKind::String(source) = &argument.kind else {
            return None;
        };
        let removal = lost_in(&inner, source).filter(|_| !source.is_empty())?;
        Some(finding(&Ranged { value: source.clone(), range: argument.range }, removal, "reads the label"))
    })
}
