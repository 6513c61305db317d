//! Slices of time as events: how many events and errors a slice had, whether that makes it a good one, and sums of slices.
//!
//! A slice is a fast block. What is counted within it is recorded under names of its own; as an event, it is 1 or 0.

use super::blocks::{self, Pair, over, zero};
use super::recording::{decimal, overall, record, vector};
use super::series::{
    ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, EVENTS_SLOW, SLICE_ERRORS, SLICE_EVALUATION, SLICE_EVENTS, Series,
};
use super::sources::over_window;
use super::{maintenance, overrides};
use crate::ir::Rule;
use crate::model::{Blocks, Duration, MissingSlice, Sli, Slices};
use crate::promql::{BinaryOp, Expr, MatchOp, build};

/// How long a group whose data is gone counts as one that should be there.
const REMEMBERED: Duration = Duration::from_days(1);

/// What the fast group records of slices.
pub(super) fn fast(series: &Series<'_>, slices: &Slices) -> Vec<Rule> {
    let mut rules = counts(series);
    match slices.missing {
        MissingSlice::Ignored => {
            let events = build::binary(series.all(SLICE_EVENTS), BinaryOp::Greater, build::number("0")).bool();
            rules.push(record(series, EVENTS_FAST, events));
        }
        MissingSlice::Bad | MissingSlice::Good => rules.extend(every_slice(series)),
    }
    rules.push(record(series, ERRORS_FAST, errors(series, slices)));
    if slices.missing != MissingSlice::Ignored {
        let now = build::call("vector", vec![build::call("time", Vec::new())]);
        rules.push(record(series, SLICE_EVALUATION, now));
    }
    rules
}

/// Slow blocks: sums of the slices that ended within them, and of those that a gap has left out.
pub(super) fn slow(series: &Series<'_>) -> Pair {
    let none = || {
        if series.is_grouped() { zero(series.all(EVENTS_FAST)) } else { vector("0".to_owned()) }
    };
    let sum = |fast, slow| {
        let parts = [series.all(fast), series.all(slow), none()];
        blocks::sum_of_fast(series, parts, Duration::from_millis(1))
    };
    Pair { events: sum(EVENTS_FAST, EVENTS_SLOW), errors: sum(ERRORS_FAST, ERRORS_SLOW) }
}

/// Events and errors within a slice, by group and overall.
fn counts(series: &Series<'_>) -> Vec<Rule> {
    let [events, errors] = if let Sli::ErrorRatio(ratio) = &series.slo.sli {
        // The ratio, and one event where there is one.
        let raw = over_window(ratio, series.slo.blocks.fast_range());
        let number = build::binary(raw, BinaryOp::GreaterEqual, build::number("0"));
        let ratio = build::call("clamp_max", vec![number, build::number("1")]);
        let ratio = outside_maintenance(series, ratio);
        let one = build::binary(zero(series.by_group(SLICE_ERRORS)), BinaryOp::Add, build::number("1"));
        [(SLICE_ERRORS, super::sources::named(series, ratio)), (SLICE_EVENTS, one)]
    } else {
        let Some(pair) = blocks::counted(series, &SLICE_EVENTS) else { return Vec::new() };
        [(SLICE_EVENTS, pair.events), (SLICE_ERRORS, pair.errors)]
    };
    let mut rules = Vec::new();
    for (name, expr) in [events, errors] {
        rules.push(record(series, name.clone(), expr));
        if series.is_grouped() {
            rules.push(overall(series, name));
        }
    }
    rules
}

/// One event for each slice, whether there is data or not, from the second evaluation after a start or a gap on: before that,
/// data may not be there yet.
fn every_slice(series: &Series<'_>) -> Vec<Rule> {
    let has_data = |events| build::binary(events, BinaryOp::Greater, build::number("0"));
    let before = Duration::from_millis(series.slo.blocks.fast().millis() * 3 / 2);
    let watched = || build::call("count_over_time", vec![over(series.all(SLICE_EVALUATION), before)]);
    let one = |expr| build::call("sgn", vec![expr]);
    let whole = |events| {
        let slice = one(build::binary(has_data(events), BinaryOp::Or, watched()));
        let slice = build::binary(slice, BinaryOp::Or, vector("0".to_owned())).on(&[]);
        record(series, EVENTS_FAST, outside_maintenance(series, slice))
    };
    if !series.is_grouped() {
        return vec![whole(series.all(SLICE_EVENTS))];
    }
    let known = build::call("count_over_time", vec![remembered(series)]);
    let known = build::binary(known, BinaryOp::And, watched()).on(&[]);
    let groups = one(build::binary(has_data(series.by_group(SLICE_EVENTS)), BinaryOp::Or, known));
    let no_group = series.groups.iter().map(|label| (label.clone(), MatchOp::Equal, "".into()));
    let mut all = whole(series.matching(SLICE_EVENTS, no_group));
    all.labels.extend(series.groups.iter().map(|label| (label.clone(), "".into())));
    vec![record(series, EVENTS_FAST, outside_maintenance(series, groups)), all]
}

/// Nothing where there was maintenance within the slice.
fn outside_maintenance(series: &Series<'_>, expr: Expr) -> Expr {
    let range = series.slo.blocks.fast_range().millis() + maintenance::STEP.millis();
    maintenance::unless_active(series, expr, Duration::from_millis(range))
}

/// The groups that had data within a day.
#[expect(clippy::cast_possible_wrap, reason = "a day")]
fn remembered(series: &Series<'_>) -> Expr {
    // As long as a slow block, so that no slice lies between the lookbacks of two steps.
    build::subquery(series.by_group(SLICE_EVENTS), REMEMBERED.millis() as i64, Some(Blocks::SLOW.millis() as i64))
}

/// 1 for a bad slice: one with more failed events than a slice may have, or where missing ones are bad, one without events.
fn errors(series: &Series<'_>, slices: &Slices) -> Expr {
    let allowed = if slices.allowed.is_some() {
        build::binary(series.all(SLICE_EVENTS), BinaryOp::Mul, decimal(slices.allowed(series.slo.objective)))
    } else {
        overrides::each_target(series, &SLICE_EVENTS, &[], |events, objective| {
            build::binary(events, BinaryOp::Mul, decimal(slices.allowed(objective)))
        })
    };
    let bad = build::binary(series.all(SLICE_ERRORS), BinaryOp::Greater, allowed).bool();
    let missing = match slices.missing {
        MissingSlice::Ignored => return bad,
        MissingSlice::Bad => series.all(EVENTS_FAST),
        MissingSlice::Good => zero(series.all(EVENTS_FAST)),
    };
    let has_data = build::binary(series.all(SLICE_EVENTS), BinaryOp::Greater, build::number("0"));
    build::binary(build::binary(bad, BinaryOp::And, has_data), BinaryOp::Or, missing)
}
