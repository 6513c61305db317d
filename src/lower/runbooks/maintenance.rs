//! Maintenance on a runbook page: when, and why.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::words;
use crate::ir::MaintenanceFacts;
use crate::model::{Maintenance, MaintenanceTime, Recurrence};

/// What is said of an entry.
pub(super) fn facts(entry: &Maintenance) -> MaintenanceFacts {
    let (when, rule) = match &entry.time {
        MaintenanceTime::Once(time) => (format!("{} to {} UTC", moment(time.from), moment(time.to)), None),
        MaintenanceTime::Recurring(recurrence) => (recurring(recurrence), Some(recurrence.rule.to_string())),
    };
    MaintenanceFacts { name: entry.name.to_string(), when, rule, reason: entry.reason.clone() }
}

/// `at 02:00 in Europe/Paris for 1 hour 30 minutes`
fn recurring(recurrence: &Recurrence) -> String {
    let minutes = recurrence.time_of_day / 60;
    let long = words::in_words(Decimal::from(recurrence.seconds));
    format!("at {:02}:{:02} in {} for {long}", minutes / 60, minutes % 60, recurrence.zone.name)
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |moment| moment.strftime("%Y-%m-%d %H:%M").to_string())
}
