//! Maintenance: a series that is there while a service has some, blocks that are not recorded meanwhile, and what is taken out of
//! blocks that are recorded already.

mod correction;
mod group;
mod recurrence;

use std::sync::Arc;

use smol_str::SmolStr;

use super::blocks::over;
use super::calendar;
use super::series::{MAINTENANCE, MAINTENANCE_NAME, SLO_SERVICE, Series};
use crate::model::{CauseAlerts, Duration, MAINTENANCE_STEP, Maintenance, Name, Service};
use crate::promql::{BinaryOp, Expr, MatchOp, build};

pub(super) use correction::{clock, corrected, corrected_mean, has_corrections, mean, unspoilt};
pub(super) use group::group;

/// The distance of two samples of the series.
pub(super) const STEP: Duration = Duration::from_secs(MAINTENANCE_STEP.unsigned_abs());

/// An expression that yields nothing if there was maintenance within a range.
pub(super) fn unless_active(series: &Series<'_>, expr: Expr, range: Duration) -> Expr {
    match active(series, range) {
        Some(active) => build::binary(expr, BinaryOp::Unless, active).on(&[]),
        None => expr,
    }
}

/// An expression that yields nothing if there was some of this maintenance of a service within a range.
pub(super) fn unless_active_in(service: &Name, maintenance: &[Arc<Maintenance>], expr: Expr, range: Duration) -> Expr {
    match active_of(service, maintenance.iter().map(AsRef::as_ref), range) {
        Some(active) => build::binary(expr, BinaryOp::Unless, active).on(&[]),
        None => expr,
    }
}

/// Holds if there was maintenance of an SLO within a range; `None` if there never is.
pub(super) fn active(series: &Series<'_>, range: Duration) -> Option<Expr> {
    let slo = series.slo;
    active_of(&slo.service, slo.maintenance.iter().map(AsRef::as_ref), range)
}

/// The same where nothing is recorded: an expression that yields nothing if there was to be maintenance within a range.
#[expect(clippy::cast_possible_wrap, reason = "ranges are minutes")]
pub(super) fn unless_scheduled(series: &Series<'_>, expr: Expr, range: Duration) -> Expr {
    let after = range.seconds() as i64;
    let conditions = series.slo.maintenance.iter().map(|entry| group::condition(entry, after, &calendar::shown));
    match conditions.reduce(|one, other| build::binary(one, BinaryOp::Or, other)) {
        Some(any) => build::binary(expr, BinaryOp::Unless, any).on(&[]),
        None => expr,
    }
}

/// The condition of a cause alert, silent during maintenance that mutes.
pub(super) fn unless_muted(service: &Service, expr: Expr) -> Expr {
    let muting = service.maintenance.iter().map(AsRef::as_ref).filter(|entry| entry.cause_alerts == CauseAlerts::Muted);
    let range = Duration::from_millis(2 * STEP.millis());
    match active_of(&service.name, muting, range) {
        Some(active) => build::binary(expr, BinaryOp::Unless, active).on(&[]),
        None => expr,
    }
}

fn active_of<'a>(service: &Name, maintenance: impl Iterator<Item = &'a Maintenance>, range: Duration) -> Option<Expr> {
    let names: Vec<&str> = maintenance.map(|entry| entry.name.as_str()).collect();
    let (op, value) = match names.as_slice() {
        [] => return None,
        [name] => (MatchOp::Equal, SmolStr::new(name)),
        _ => (MatchOp::Regex, SmolStr::from(names.join("|"))),
    };
    let of_service = (SLO_SERVICE, MatchOp::Equal, service.as_str().into());
    let selector = build::selector(MAINTENANCE, [of_service, (MAINTENANCE_NAME, op, value)]);
    Some(build::call("count_over_time", vec![over(selector, range)]))
}

/// `time()` as a vector.
fn now() -> Expr {
    build::call("vector", vec![build::call("time", Vec::new())])
}

/// Holds from a moment on, up to another one, each in Unix seconds.
fn between(from: i64, to: i64) -> Expr {
    let begun = build::binary(now(), BinaryOp::GreaterEqual, build::number(from.to_string()));
    build::binary(begun, BinaryOp::Less, build::number(to.to_string()))
}
