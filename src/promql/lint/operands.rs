//! Operations whose two sides never have the same labels.

use crate::promql::lint::{Finding, Lint};
use crate::promql::name::METRIC_NAME;
use crate::promql::{Binary, BinaryOp, Expr, ExprKind, MatchOp, Matcher, Matching, MatchingKind, ValueType, labels};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let pairs = binary.op.value != BinaryOp::Or && binary.fill.is_none();
    let are_vectors = binary.lhs.value_type() == ValueType::Vector && binary.rhs.value_type() == ValueType::Vector;
    let has_variable = |matching: &Matching| matching.labels.iter().any(|label| label.value.contains(['$', '[']));
    if !pairs || !are_vectors || binary.matching.as_ref().is_some_and(has_variable) {
        return None;
    }
    let (left, right) = (labels::of(&binary.lhs), labels::of(&binary.rhs));
    let sides = [(&left, &right, "left", "right"), (&right, &left, "right", "left")];
    let lacking = sides.into_iter().find_map(|(has, lacks, one, other)| {
        let mut compared = has.certain().filter(|label| labels::is_compared(label, binary.matching.as_ref()));
        let (label, removal) = compared.find_map(|label| Some((label, lacks.removed(label)?)))?;
        Some(never_paired(binary, label, removal, [one, other]))
    });
    let finding = lacking.or_else(|| different_values(binary, &left))?;
    Some(if binary.op.value == BinaryOp::Unless { without_effect(finding) } else { finding })
}

/// `unless` takes away series that the other side has too: here, none.
fn without_effect(finding: Finding) -> Finding {
    Finding {
        lint: Lint::UnlessWithoutEffect,
        message: "this `unless` takes nothing away: its two sides never have the same labels".to_owned(),
        label: "changes nothing".to_owned(),
        ..finding
    }
}

/// What to do about a label that keeps the sides apart.
fn way_out(binary: &Binary, label: &str) -> String {
    let op = binary.op.value.as_str();
    match &binary.matching {
        Some(matching) if matching.kind == MatchingKind::On => {
            format!("remove `{label}` from `on (...)`, or let both sides agree on it")
        }
        _ => format!("let both sides agree on `{label}`, or leave it out of the pairing: `{op} ignoring ({label})`"),
    }
}

/// The most labels whose values are compared; nobody writes more by hand.
const MOST_LABELS: usize = 20;

/// The values of a label that is compared are never the same on both sides.
fn different_values(binary: &Binary, left: &labels::Labels) -> Option<Finding> {
    let mut compared = left
        .certain()
        .chain(left.uncertain())
        .take(MOST_LABELS)
        .filter(|label| *label != METRIC_NAME && labels::is_compared(label, binary.matching.as_ref()));
    let (label, (here, there)) =
        compared.find_map(|label| Some((label, labels::differs(&binary.lhs, &binary.rhs, label)?)))?;
    let says = |matcher: &Matcher| match matcher.op {
        MatchOp::Equal => format!("`{label}` is `{}`", matcher.value.value),
        MatchOp::NotEqual => format!("`{label}` is not `{}`", matcher.value.value),
        MatchOp::Regex => format!("`{label}` is one of `{}`", matcher.value.value),
        MatchOp::NotRegex => format!("`{label}` is none of `{}`", matcher.value.value),
    };
    let op = binary.op.value.as_str();
    Some(
        Finding::new(
            Lint::UnmatchedOperands,
            binary.op.range,
            format!("the two sides of `{op}` never have the same labels"),
        )
        .label("never has a value")
        .related(here.range, format!("{} on the left", says(here)))
        .related(there.range, format!("{} on the right", says(there)))
        .help(way_out(binary, label)),
    )
}

fn never_paired(binary: &Binary, label: &str, removal: labels::Removal, sides: [&str; 2]) -> Finding {
    let [one, other] = sides;
    let op = binary.op.value.as_str();
    let message = format!("the two sides of `{op}` never have the same labels");
    let help = match &binary.matching {
        Some(matching) if matching.kind == MatchingKind::On => {
            format!("remove `{label}` from `on (...)`, or keep it on both sides")
        }
        _ => format!("keep `{label}` on both sides, or leave it out of the pairing: `{op} ignoring ({label})`"),
    };
    Finding::new(Lint::UnmatchedOperands, binary.op.range, message)
        .label("never has a value")
        .related(removal.range, format!("`{label}` {}", removal.cause.describe()))
        .note(format!("every series on the {one} has the label `{label}`, none on the {other} has"))
        .help(help)
}
