//! The group of a service that records when it has maintenance.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{STEP, between, now, recurrence};
use crate::ir::{Rule, RuleGroup, RuleKind};
use crate::lower::calendar;
use crate::lower::series::{LOCAL_TIME, MAINTENANCE, MAINTENANCE_NAME, SLO_SERVICE, TIMEZONE};
use crate::model::{MAINTENANCE_STEP, Maintenance, MaintenanceTime, Service, Zone};
use crate::promql::{BinaryOp, Expr, MatchOp, build};

/// The group of a service; `None` if it has no maintenance.
pub(in crate::lower) fn group(service: &Service) -> Option<RuleGroup> {
    if service.maintenance.is_empty() {
        return None;
    }
    let clocks = zones(service).into_iter().map(|zone| local_time(service, zone));
    let rules = service.maintenance.iter().map(|entry| active(service, entry));
    Some(RuleGroup {
        name: format!("maintenance-{}", service.name).into(),
        comment: Some(format!("Maintenance of {}", service.name)),
        interval: Some(STEP.to_string().into()),
        rules: clocks.chain(rules).collect(),
        origin: service.span,
    })
}

/// The zones whose clocks have to be recorded, each once.
fn zones(service: &Service) -> Vec<&Zone> {
    let mut seen = BTreeSet::new();
    let zones = service.maintenance.iter().filter_map(|entry| match &entry.time {
        MaintenanceTime::Recurring(recurrence) => Some(&recurrence.zone),
        MaintenanceTime::Once(_) => None,
    });
    zones.filter(|zone| !zone.is_utc() && seen.insert(zone.name.as_str())).collect()
}

fn local_time(service: &Service, zone: &Zone) -> Rule {
    let labels = vec![(SLO_SERVICE, service.name.as_str().into()), (TIMEZONE, zone.name.as_str().into())];
    Rule { kind: RuleKind::Record(LOCAL_TIME), expr: calendar::shown(zone), labels, origin: service.span }
}

/// 1 during maintenance and a step before, absent otherwise.
fn active(service: &Service, entry: &Maintenance) -> Rule {
    let condition = condition(entry, 0, &|zone| recorded_clock(service, zone));
    let one: Expr = build::call("vector", vec![build::number("1")]);
    Rule {
        kind: RuleKind::Record(MAINTENANCE),
        expr: build::binary(one, BinaryOp::And, condition).on(&[]),
        labels: vec![
            (SLO_SERVICE, service.name.as_str().into()),
            (MAINTENANCE_NAME, SmolStr::new(entry.name.as_str())),
        ],
        origin: entry.span,
    }
}

/// Holds during maintenance, a step before and some seconds after it; `clock` is what the clocks of a zone show.
pub(super) fn condition(entry: &Maintenance, after: i64, clock: &dyn Fn(&Zone) -> Expr) -> Expr {
    match &entry.time {
        MaintenanceTime::Once(time) => between(time.from - MAINTENANCE_STEP, time.to + after),
        MaintenanceTime::Recurring(recurrence) => {
            let clock = if recurrence.zone.is_utc() { now() } else { clock(&recurrence.zone) };
            recurrence::condition(&clock, recurrence, after)
        }
    }
}

fn recorded_clock(service: &Service, zone: &Zone) -> Expr {
    let of_service = (SLO_SERVICE, MatchOp::Equal, service.name.as_str().into());
    build::selector(LOCAL_TIME, [of_service, (TIMEZONE, MatchOp::Equal, SmolStr::new(&zone.name))])
}
