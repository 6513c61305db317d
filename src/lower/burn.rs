//! Burn rates and the conditions of burn-rate alerts.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::blocks::over;
use super::overrides;
use super::recording::decimal;
use super::series::{ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, Series};
use super::windows::{self, Group};
use crate::model::{Blocks, BurnTier, Duration, Severity, decimal_text};
use crate::promql::{BinaryOp, Expr, ExprKind, build};

/// An error ratio divided by the budget: how many times faster than allowed it goes.
pub(super) fn rate(series: &Series<'_>, ratio: &SmolStr) -> Expr {
    overrides::each_target(series, ratio, &[], |ratio, objective| {
        build::binary(ratio, BinaryOp::Div, decimal(objective.budget()))
    })
}

/// The condition of all tiers of a severity: any of them.
pub(super) fn condition(series: &Series<'_>, severity: Severity) -> Option<Expr> {
    let tiers = series.slo.alerting.tiers.iter().filter(|tier| tier.severity == severity);
    let conditions = tiers.map(|tier| match severity {
        Severity::Page => page(series, tier),
        Severity::Ticket => ticket(series, tier),
    });
    // Brackets that only help the reader.
    conditions.reduce(|left, right| build::binary(bracketed(left), BinaryOp::Or, build::paren(right)))
}

/// In brackets, unless it is an alternative of several tiers that are.
fn bracketed(expr: Expr) -> Expr {
    match &expr.kind {
        ExprKind::Binary(binary) if binary.op.value == BinaryOp::Or => expr,
        _ => build::paren(expr),
    }
}

/// Both windows burn faster than the factor, the long one scaled by how much of it has data: a service that is one minute
/// old has not burned for an hour.
fn page(series: &Series<'_>, tier: &BurnTier) -> Expr {
    let short = faster(rate(series, &series.names.ratio(tier.short)), decimal(tier.burn.factor()));
    let long = rate(series, &series.names.ratio(tier.long));
    let long = if series.slo.has_blocks() {
        let block = windows::block(series.slo, tier.long);
        let present = over(series.all(EVENTS_FAST), Blocks::range_over(tier.long, block));
        let present = build::call("count_over_time", vec![present]);
        let all = build::number(Blocks::count(tier.long, block).to_string());
        let wanted = build::binary(decimal(tier.burn.factor()), BinaryOp::Mul, all);
        faster(build::binary(long, BinaryOp::Mul, present), wanted)
    } else {
        faster(long, decimal(tier.burn.factor()))
    };
    guarded(series, build::binary(short, BinaryOp::And, long), tier.long)
}

/// Both windows burn faster than the factor.
fn ticket(series: &Series<'_>, tier: &BurnTier) -> Expr {
    let window = |window| faster(rate(series, &series.names.ratio(window)), decimal(tier.burn.factor()));
    guarded(series, build::binary(window(tier.short), BinaryOp::And, window(tier.long)), tier.long)
}

fn faster(burn_rate: Expr, factor: Expr) -> Expr {
    build::binary(burn_rate, BinaryOp::Greater, factor)
}

/// With at least `min_errors` failed events in the window. Counts are extrapolated, hence half an event less.
pub(super) fn guarded(series: &Series<'_>, condition: Expr, window: Duration) -> Expr {
    let Some(least) = series.slo.alerting.min_errors.filter(|_| series.slo.has_blocks()) else {
        return condition;
    };
    let errors = match windows::group(series.slo, window) {
        Group::Fast => ERRORS_FAST,
        Group::Slow => ERRORS_SLOW,
    };
    let range = Blocks::range_over(window, windows::block(series.slo, window));
    let sum = build::call("sum_over_time", vec![over(series.all(errors), range)]);
    let bound = Decimal::from(least) - Decimal::new(5, 1);
    build::binary(condition, BinaryOp::And, build::binary(sum, BinaryOp::Greater, build::number(decimal_text(bound))))
}

/// The condition that the budget ends within the alert's time if errors go on as in its window.
pub(super) fn exhausts(series: &Series<'_>, less_than: Duration, window: Duration) -> Expr {
    let remaining = series.all(super::series::BUDGET_REMAINING);
    let remaining = build::call("clamp_min", vec![remaining, build::number("0")]);
    let period = build::number(series.slo.window.seconds().to_string());
    let burning = build::binary(rate(series, &series.names.ratio(window)), BinaryOp::Greater, build::number("0"));
    let left = build::binary(build::binary(remaining, BinaryOp::Mul, period), BinaryOp::Div, burning);
    let soon = build::binary(left, BinaryOp::Less, build::number(less_than.seconds().to_string()));
    guarded(series, soon, window)
}
