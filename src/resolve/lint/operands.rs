//! Operations whose two sides never have the same labels.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::{Binary, BinaryOp, Expr, ExprKind, Matching, MatchingKind, ValueType, labels};
use crate::resolve::promql::{place, slice};
use crate::source::Text;

pub(super) fn check(part: &Expr, text: &Text, sink: &mut Sink) {
    let ExprKind::Binary(binary) = &part.kind else {
        return;
    };
    let pairs = !matches!(binary.op.value, BinaryOp::Or | BinaryOp::Unless) && binary.fill.is_none();
    let are_vectors = binary.lhs.value_type() == ValueType::Vector && binary.rhs.value_type() == ValueType::Vector;
    if !pairs || !are_vectors {
        return;
    }
    let (left, right) = (labels::of(&binary.lhs), labels::of(&binary.rhs));
    let sides = [(&left, &right, "left", "right"), (&right, &left, "right", "left")];
    for (has, lacks, one, other) in sides {
        let mut compared = has.certain().filter(|label| is_compared(label, binary.matching.as_ref()));
        let found = compared.find_map(|label| Some((label, lacks.removed(label)?)));
        if let Some((label, removal)) = found {
            sink.push(never_paired(binary, text, label, removal, [one, other]));
            return;
        }
    }
}

/// Whether a label takes part in the pairing.
fn is_compared(label: &str, matching: Option<&Matching>) -> bool {
    let Some(matching) = matching else {
        return label != "__name__";
    };
    let listed = matching.labels.iter().any(|listed| listed.value == label);
    match matching.kind {
        MatchingKind::On => listed,
        MatchingKind::Ignoring => !listed && label != "__name__",
    }
}

fn never_paired(binary: &Binary, text: &Text, label: &str, removal: labels::Removal, sides: [&str; 2]) -> Diagnostic {
    let [one, other] = sides;
    let op = slice(text, binary.op.range);
    let message = format!("the two sides of `{op}` never have the same labels");
    let help = match &binary.matching {
        Some(matching) if matching.kind == MatchingKind::On => {
            format!("remove `{label}` from `on (...)`, or keep it on both sides")
        }
        _ => format!("keep `{label}` on both sides, or leave it out of the pairing: `{op} ignoring ({label})`"),
    };
    Diagnostic::new(Code::UnmatchedOperands, place(text, binary.op.range), message)
        .label("never has a value")
        .secondary(place(text, removal.range), format!("`{label}` {}", removal.cause.describe()))
        .note(format!("every series on the {one} has the label `{label}`, none on the {other} has"))
        .help(help)
}
