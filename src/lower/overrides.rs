//! Groups with a target of their own: one literal per target, no joins.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::recording::{decimal, vector};
use super::series::{Series, period_ratio_name};
use crate::model::{Objective, Override, decimal_text};
use crate::promql::{BinaryOp, Expr, MatchOp, build};

/// A matcher to be built.
type Condition = (SmolStr, MatchOp, SmolStr);

/// `by_target` of the series of a name, for each target: that of the SLO, and those of its overrides.
///
/// An override of one label is excluded from the others by `!=`. One of several labels comes first, since no set of matchers
/// excludes it, and `or` keeps the first of two series with the same labels.
pub(super) fn each_target(
    series: &Series<'_>,
    name: &SmolStr,
    everywhere: &[Condition],
    by_target: impl Fn(Expr, Objective) -> Expr,
) -> Expr {
    let overrides = series.slo.grouping.as_ref().map_or(&[][..], |grouping| &grouping.overrides);
    let (single, several): (Vec<_>, Vec<_>) = overrides.iter().partition(|entry| entry.matches.len() == 1);
    let others = single.iter().flat_map(|entry| conditions(entry, MatchOp::NotEqual));
    let others: Vec<_> = everywhere.iter().cloned().chain(others).collect();
    let own = |entry: &&Override| (conditions(entry, MatchOp::Equal).collect(), entry.objective);
    let terms = several
        .iter()
        .map(own)
        .chain([(others, series.slo.objective)])
        .chain(single.iter().map(own))
        .map(|(matchers, objective): (Vec<_>, _)| by_target(series.matching(name.clone(), matchers), objective));
    terms
        .reduce(|left, right| build::binary(left, BinaryOp::Or, right))
        .unwrap_or_else(|| unreachable!("a bug in slosmith: an SLO without a target"))
}

/// A number that follows from the target, as a series for each group and overall.
pub(super) fn constant(series: &Series<'_>, number: impl Fn(Objective) -> Decimal) -> Expr {
    let overall = vector(decimal_text(number(series.slo.objective)));
    if !series.is_grouped() {
        return overall;
    }
    let not_overall: Vec<_> =
        series.groups.iter().map(|label| (label.clone(), MatchOp::NotEqual, SmolStr::default())).collect();
    let groups = each_target(series, &period_ratio_name(series.slo), &not_overall, |ratio, objective| {
        build::binary(super::blocks::zero(ratio), BinaryOp::Add, decimal(number(objective)))
    });
    build::binary(groups, BinaryOp::Or, overall)
}

fn conditions(entry: &Override, op: MatchOp) -> impl Iterator<Item = Condition> {
    entry.matches.iter().map(move |(label, value)| (SmolStr::new(label.as_str()), op, SmolStr::new(value)))
}
