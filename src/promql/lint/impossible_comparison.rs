//! Comparisons that no value can satisfy.

use crate::promql::lint::shape::{aggregate_of, has_series, has_variable, number};
use crate::promql::lint::{Finding, Lint, bounds};
use crate::promql::{AggregateOp, BinaryOp, Expr, ExprKind, print_line};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Binary(binary) = &part.kind else {
        return None;
    };
    let op = binary.op.value;
    if !op.is_comparison() || has_variable(part) || binary.fill.is_some() {
        return None;
    }
    let (left, right) = (bounds::of(&binary.lhs), bounds::of(&binary.rhs));
    // Between two constants, the result is meant to be known.
    if !has_series(part) && left.only().is_some() && right.only().is_some() {
        return None;
    }
    let never = bounds::never(op, left, right);
    // An impossible side within makes bounds that cross: it is reported there.
    if !never || left.least > left.greatest || right.least > right.greatest {
        return None;
    }
    let counted = aggregate_of(&binary.lhs).filter(|aggregate| aggregate.op.value == AggregateOp::Count);
    let finding = Finding::new(
        Lint::ImpossibleComparison,
        binary.op.range,
        format!("the comparison `{}` never holds", op.as_str()),
    )
    .label("never has a value");
    let is_zero = number(&binary.rhs) == Some(0.0) || number(&binary.rhs) == Some(1.0) && op == BinaryOp::Less;
    let finding = match counted.filter(|_| is_zero) {
        Some(_) => finding
            .related(binary.lhs.range, "at least 1, or nothing at all")
            .note("`count` of no series is not 0 but nothing, which no comparison can find"),
        None => finding.related(binary.lhs.range, described(left)),
    };
    Some(match counted.filter(|_| is_zero) {
        Some(aggregate) if aggregate.grouping.is_none() => {
            let count = print_line(&binary.lhs);
            finding.help(format!("write `absent(...)`, or give it a zero: `({count} or vector(0)) == 0`"))
        }
        Some(_) => {
            finding.help("for what is missing write `absent(...)`; a sum can be 0: `sum by (...) (up == bool 1) == 0`")
        }
        None => finding.help("compare with a value that can occur"),
    })
}

fn described(bounds: bounds::Bounds) -> String {
    let bounds::Bounds { least, greatest } = bounds;
    match (least.is_finite(), greatest.is_finite()) {
        (true, true) if bounds.only().is_some() => format!("always {least}"),
        (true, true) => format!("between {least} and {greatest}"),
        (true, false) => format!("at least {least}"),
        (false, true) => format!("at most {greatest}"),
        (false, false) => "any value".to_owned(),
    }
}
