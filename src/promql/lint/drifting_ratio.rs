//! Ratios whose numerator counts what the denominator does not.

use crate::promql::lint::{Finding, Lint};
use crate::promql::{BinaryOp, Expr, ExprKind, Selector, visit};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    if binary.op.value != BinaryOp::Div {
        return None;
    }
    let (part, all) = (only_rate(&binary.lhs)?, only_rate(&binary.rhs)?);
    let (name, other) = (part.name.as_ref()?, all.name.as_ref()?);
    // A numerator without matchers of its own is the whole, not a part.
    let narrows =
        part.matchers.iter().any(|matcher| all.matchers.iter().all(|wanted| wanted.label.value != matcher.label.value));
    if name.value != other.value || !narrows {
        return None;
    }
    let is_missing = |label: &str| part.matchers.iter().all(|matcher| matcher.label.value != label);
    let missing = all.matchers.iter().find(|wanted| is_missing(&wanted.label.value))?;
    let label = &missing.label.value;
    Some(
        Finding::new(
            Lint::DriftingNumerator,
            name.range,
            format!("the numerator counts events that the denominator does not: it lacks the matcher on `{label}`"),
        )
        .related(missing.range, "the denominator has it")
        .help(format!("match `{label}` on both sides")),
    )
}

/// The one selector of an expression that has a rate.
fn only_rate(expr: &Expr) -> Option<&Selector> {
    let selected = visit::selectors(expr);
    match selected.as_slice() {
        [only] if only.window.is_some() => Some(only.selector),
        _ => None,
    }
}
