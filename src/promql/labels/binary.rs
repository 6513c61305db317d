//! What pairing series does to labels.

use crate::promql::labels::{Cause, Labels, Presence, keep, of};
use crate::promql::name::METRIC_NAME;
use crate::promql::{Binary, BinaryOp, ExprKind, MatchGroup, Matching, MatchingKind, Side, TextRange, ValueType};

pub(super) fn labels(binary: &Binary, range: TextRange) -> Labels {
    let (lhs, rhs) = (of(&binary.lhs), of(&binary.rhs));
    let scalar = |side: &crate::promql::Expr| {
        side.value_type() == ValueType::Scalar && !matches!(side.kind, ExprKind::Variable(_))
    };
    let mut labels = match (scalar(&binary.lhs), scalar(&binary.rhs), binary.op.value) {
        (true, true, _) => return Labels::none(range, Cause::Scalar),
        (true, false, _) => rhs,
        (false, true, _) => lhs,
        (false, false, BinaryOp::Or) => return lhs.merge(&rhs, Presence::either),
        (false, false, BinaryOp::Unless) => return lhs,
        (false, false, BinaryOp::And) => {
            let mut labels = narrow(&lhs, &rhs, binary.matching.as_ref());
            labels.set(METRIC_NAME, lhs.get(METRIC_NAME));
            return labels;
        }
        (false, false, _) => paired(binary, &lhs, &rhs),
    };
    drop_name(&mut labels, binary, range);
    labels
}

/// Arithmetic and `bool` drop the metric name; of the histogram operators it is not certain.
fn drop_name(labels: &mut Labels, binary: &Binary, range: TextRange) {
    let range = if binary.op.range.end > 0 { binary.op.range } else { range };
    if binary.op.value.is_trim() {
        labels.set(METRIC_NAME, Presence::May);
    } else if !binary.op.value.is_comparison() || binary.returns_bool {
        labels.remove_name(range);
    }
}

fn paired(binary: &Binary, lhs: &Labels, rhs: &Labels) -> Labels {
    let matching = binary.matching.as_ref();
    if binary.fill.is_some() {
        return filled(matching, lhs, rhs);
    }
    match matching.and_then(|matching| matching.group.as_ref()) {
        Some(group) => {
            let (many, one) = match group.side {
                Side::Left => (lhs, rhs),
                Side::Right => (rhs, lhs),
            };
            let mut labels = narrow(many, one, matching);
            labels.set(METRIC_NAME, many.get(METRIC_NAME));
            take(&mut labels, one, group);
            labels
        }
        None => one_to_one(matching, lhs, rhs),
    }
}

/// Series that may come from one side alone.
fn filled(matching: Option<&Matching>, lhs: &Labels, rhs: &Labels) -> Labels {
    let mut labels = lhs.merge(rhs, Presence::either);
    match matching {
        Some(matching) if matching.group.is_some() => return Labels::all(Presence::May),
        Some(matching) => cut(&mut labels, matching),
        None => {}
    }
    labels
}

fn one_to_one(matching: Option<&Matching>, lhs: &Labels, rhs: &Labels) -> Labels {
    let mut labels = narrow(lhs, rhs, matching);
    labels.set(METRIC_NAME, lhs.get(METRIC_NAME));
    if let Some(matching) = matching {
        cut(&mut labels, matching);
    }
    labels
}

/// Between one and one, only the labels that were compared are left.
fn cut(labels: &mut Labels, matching: &Matching) {
    let names = names(matching);
    match matching.kind {
        MatchingKind::On => *labels = keep(labels, &names, matching.range, Cause::NotInOn),
        MatchingKind::Ignoring => {
            for name in names {
                labels.remove(name, matching.range, Cause::InIgnoring);
            }
        }
    }
}

fn names(matching: &Matching) -> Vec<&str> {
    matching.labels.iter().map(|label| label.value.as_str()).collect()
}

/// The labels of `kept`; those that are compared are the same on the other side.
fn narrow(kept: &Labels, other: &Labels, matching: Option<&Matching>) -> Labels {
    let Some(matching) = matching else {
        return kept.merge(other, Presence::same);
    };
    match matching.kind {
        MatchingKind::On => {
            let mut labels = kept.clone();
            for name in names(matching) {
                labels.set(name, kept.get(name).same(other.get(name)));
            }
            labels
        }
        MatchingKind::Ignoring => {
            let mut labels = kept.merge(other, Presence::same);
            for name in names(matching) {
                labels.set(name, kept.get(name));
            }
            labels
        }
    }
}

/// The labels of `group_left (...)` come from the side with one series, empty ones too.
fn take(labels: &mut Labels, one: &Labels, group: &MatchGroup) {
    for label in &group.labels {
        if label.value.contains(['$', '[']) {
            *labels = Labels::all(Presence::May);
            return;
        }
        labels.set(label.value.clone(), one.get(&label.value));
    }
}
