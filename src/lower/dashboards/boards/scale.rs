//! The limit of an alert in the unit of a panel, which may show the same in percent, in days or from the other side.

use rust_decimal::Decimal;

use super::alert::{Limit, constant};
use crate::promql::{BinaryOp, Expr, ExprKind, UnaryOp, build, print_line, visit};

/// An expression as `core * factor + offset`.
#[derive(Clone, Copy)]
struct Linear<'a> {
    core: &'a Expr,
    factor: Decimal,
    offset: Decimal,
}

/// The limit of an alert on an expression, as the values of a panel's query show it.
///
/// Queries that measure something else keep the limit as it is: what is compared there only people know.
pub(super) fn scaled(limit: Limit, of_alert: &Expr, of_panel: &Expr) -> Limit {
    let (Some(alert), Some(panel)) = (linear(of_alert), linear(of_panel)) else { return limit };
    if !names(alert.core).iter().any(|name| names(panel.core).contains(name)) {
        return limit;
    }
    transferred(limit, &alert, &panel).unwrap_or(limit)
}

/// With the same cores the whole line counts; otherwise only positive factors around what may be cut or summed otherwise.
fn transferred(limit: Limit, alert: &Linear<'_>, panel: &Linear<'_>) -> Option<Limit> {
    let is_same = skeleton(alert.core) == skeleton(panel.core);
    let is_factor = |line: &Linear<'_>| line.offset.is_zero() && line.factor > Decimal::ZERO;
    let is_certain = is_same || is_factor(alert) && is_factor(panel);
    if !is_certain {
        return None;
    }
    let ratio = panel.factor.checked_div(alert.factor)?;
    let value = limit.value.checked_sub(alert.offset)?.checked_mul(ratio)?.checked_add(panel.offset)?;
    let side = if ratio < Decimal::ZERO { limit.side.turned() } else { limit.side };
    // Dividing can leave digits that nobody wrote.
    Some(Limit { value: value.round_dp(12).normalize(), side })
}

/// The constants around an expression; `None` if there is nothing but constants, or they make no line.
fn linear(expr: &Expr) -> Option<Linear<'_>> {
    let itself = Linear { core: expr, factor: Decimal::ONE, offset: Decimal::ZERO };
    match &expr.kind {
        ExprKind::Paren(inner) => linear(inner),
        ExprKind::Unary(op, inner) => {
            let line = linear(inner)?;
            Some(match op {
                UnaryOp::Plus => line,
                UnaryOp::Minus => Linear { factor: -line.factor, offset: -line.offset, ..line },
            })
        }
        ExprKind::Binary(binary) => match (constant(&binary.lhs), constant(&binary.rhs)) {
            (Some(_), Some(_)) => None,
            (None, None) => Some(itself),
            (Some(number), None) => {
                around(linear(&binary.rhs)?, binary.op.value, number, Operand::Left).or(Some(itself))
            }
            (None, Some(number)) => {
                around(linear(&binary.lhs)?, binary.op.value, number, Operand::Right).or(Some(itself))
            }
        },
        _ => Some(itself),
    }
}

/// The side of an operator that a constant stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Left,
    Right,
}

/// A line with one more constant around it.
fn around(line: Linear<'_>, op: BinaryOp, number: Decimal, side: Operand) -> Option<Linear<'_>> {
    let Linear { core, factor, offset } = line;
    let (factor, offset) = match (op, side) {
        (BinaryOp::Add, _) => (factor, offset.checked_add(number)?),
        (BinaryOp::Sub, Operand::Right) => (factor, offset.checked_sub(number)?),
        (BinaryOp::Sub, Operand::Left) => (-factor, number.checked_sub(offset)?),
        (BinaryOp::Mul, _) => (factor.checked_mul(number)?, offset.checked_mul(number)?),
        (BinaryOp::Div, Operand::Right) => (factor.checked_div(number)?, offset.checked_div(number)?),
        _ => return None,
    };
    (!factor.is_zero()).then_some(Linear { core, factor, offset })
}

/// The names of the series that an expression reads.
fn names(expr: &Expr) -> Vec<&str> {
    let selected = visit::selectors(expr).into_iter();
    selected.filter_map(|selected| Some(selected.selector.name.as_ref()?.value.as_str())).collect()
}

/// What an expression computes, whichever series it picks and however long it looks back.
fn skeleton(expr: &Expr) -> String {
    let mut bare = expr.clone();
    visit::selectors_mut(&mut bare, &mut |selector| selector.matchers.clear());
    visit::walk_mut(&mut bare, &mut |part| match &mut part.kind {
        ExprKind::Matrix(matrix) => matrix.window = build::duration(60_000),
        ExprKind::Aggregate(aggregate) => aggregate.grouping = None,
        _ => {}
    });
    print_line(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::dashboards::boards::alert::{self, Side};
    use crate::promql::{Dialect, ParseOptions, parse};

    #[test]
    fn limits_follow_the_unit_of_the_panel() {
        for (alert, panel, value, side) in [
            ("a / b > 0.9", "100 * (a / b)", "90", Side::Above),
            ("a / b * 100 > 90", "a{x=~\"$y\"} / b{x=~\"$y\"}", "0.9", Side::Above),
            ("rate(a_bytes_total[5m]) > 1000", "rate(a_bytes_total[$__rate_interval]) * 8", "8000", Side::Above),
            ("a - time() < 14 * 86400", "(a - time()) / 86400", "14", Side::Below),
            ("avg by (x) (a) < 0.1", "1 - avg(a)", "0.9", Side::Above),
            ("1 - a / b > 0.9", "(1 - a / b) * 100", "90", Side::Above),
            // Another measure of the same series: only the factor is certain.
            ("1 - a / b > 0.9", "c / b", "0.9", Side::Above),
            ("a > 5", "sum(a) * 2", "10", Side::Above),
            ("a > 5", "other * 100", "5", Side::Above),
            ("a > 5", "a / 0", "5", Side::Above),
        ] {
            let read = |text: &str| parse(text, &ParseOptions::new(Dialect::Dashboard)).unwrap();
            let condition = read(alert);
            let (limit, measured) = alert::limit(&condition).unwrap();
            let found = scaled(limit, measured, &read(panel));
            assert_eq!(found, Limit { value: Decimal::from_str_exact(value).unwrap(), side }, "{alert} on {panel}");
        }
    }
}
