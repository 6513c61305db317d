//! SLOs of whose period much does not count.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Duration, Interval, Maintenance, MaintenanceTime, Service, Slo};

/// More than this share of the period is said to be much, in percent.
const MUCH: i64 = 10;
const YEAR: i64 = 365 * 86_400;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    for service in services {
        // Once for each entry that has the greatest part in it.
        let mut named = BTreeSet::new();
        for slo in &service.slos {
            if let Some((largest, seconds)) = excluded(slo)
                && named.insert(largest.name_span)
            {
                sink.push(much(slo, largest, seconds));
            }
        }
    }
}

/// What is taken out of a period where it is more than a tenth, and the entry with the greatest part in it.
fn excluded(slo: &Slo) -> Option<(&Maintenance, i64)> {
    let period = i64::try_from(slo.window.seconds()).ok()?;
    let once: Vec<Interval> = slo.maintenance.iter().filter_map(|entry| once(entry)).collect();
    let of = |entry: &Maintenance| match &entry.time {
        MaintenanceTime::Recurring(recurrence) => recurrence.in_a_year * recurrence.seconds * period / YEAR,
        MaintenanceTime::Once(time) => time.seconds().min(period),
    };
    let recurring: i64 =
        slo.maintenance.iter().filter(|entry| self::once(entry).is_none()).map(|entry| of(entry)).sum();
    let in_period = |end: i64| -> i64 {
        let window = Interval { from: end - period, to: end };
        once.iter().filter_map(|time| time.and(window)).map(Interval::seconds).sum()
    };
    let worst = once.iter().map(|time| in_period(time.to)).max().unwrap_or(0);
    let largest = slo.maintenance.iter().max_by_key(|entry| of(entry))?;
    let seconds = recurring + worst;
    (seconds * 100 > period * MUCH).then_some((largest, seconds))
}

fn once(entry: &Maintenance) -> Option<Interval> {
    match &entry.time {
        MaintenanceTime::Once(time) => Some(*time),
        MaintenanceTime::Recurring(_) => None,
    }
}

fn much(slo: &Slo, largest: &Maintenance, seconds: i64) -> Diagnostic {
    let minutes = |seconds: i64| Duration::from_mins(seconds.unsigned_abs() / 60);
    let period = slo.window.seconds();
    let permille = seconds.unsigned_abs() * 1_000 / period;
    let share = format!("{}.{} %", permille / 10, permille % 10);
    let message = format!("maintenance takes {share} out of the period of `{}/{}`", slo.service, slo.name);
    Diagnostic::new(Code::LongMaintenance, largest.name_span, message)
        .label("has the greatest part in it")
        .note(format!("that is {} of {}", minutes(seconds), slo.window))
        .help("shorten it, or name the SLOs that it is for in `slos`")
}
