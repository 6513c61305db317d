//! The spec of an SLO.

use rust_decimal::Decimal;

use super::alerting::policies;
use super::{map, sli, text, word};
use crate::convert::tree::{Entry, Value, optional};
use crate::diag::Sink;
use crate::model::{CalendarUnit, Duration, Slo, decimal_text};
use crate::parse::decl::{SloDecl, SpecDecl};

/// A Monday on which a month, a quarter and a year begin too.
const BEGINNING: &str = "2024-01-01 00:00:00";

/// The entries of an SLO's spec.
pub(super) fn entries(spec: &SpecDecl, decl: &SloDecl, slo: &Slo, sink: &mut Sink) -> Vec<Entry> {
    let mut entries: Vec<Entry> = optional("description", decl.description.as_ref()).into_iter().collect();
    entries.push(text("service", slo.service.as_str()));
    let (indicator, limit) = sli::indicator(decl, slo, sink);
    entries.extend(indicator.map(|indicator| {
        map("indicator", vec![map("metadata", vec![text("name", slo.name.as_str())]), map("spec", vec![indicator])])
    }));
    entries.push(Entry::new("timeWindow", Value::List(vec![Value::Map(window(slo))]), None));
    entries.push(text("budgetingMethod", if slo.slices.is_some() { "Timeslices" } else { "Occurrences" }));
    let mut objective = vec![word("target", decimal_text(slo.objective.ratio()))];
    objective.extend(limit);
    if let Some(slices) = &slo.slices {
        let target = Decimal::ONE - slices.allowed.unwrap_or_else(|| slo.objective.budget());
        objective.push(word("timeSliceTarget", decimal_text(target)));
        objective.push(word("timeSliceWindow", slices.length.to_string()));
    }
    entries.push(Entry::new("objectives", Value::List(vec![Value::Map(objective)]), None));
    entries.extend(policies(spec, decl, slo));
    entries
}

fn window(slo: &Slo) -> Vec<Entry> {
    let Some(calendar) = &slo.calendar else {
        return vec![word("duration", shorthand(slo.window)), word("isRolling", "true")];
    };
    let length = match calendar.unit {
        CalendarUnit::Day => "1d",
        CalendarUnit::Week => "1w",
        CalendarUnit::Month => "1M",
        CalendarUnit::Quarter => "1Q",
        CalendarUnit::Year => "1Y",
    };
    vec![
        word("duration", length),
        word("isRolling", "false"),
        map("calendar", vec![text("startTime", BEGINNING), text("timeZone", &calendar.zone.name)]),
    ]
}

/// A length as a number of one unit.
pub(super) fn shorthand(length: Duration) -> String {
    let millis = length.millis();
    let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000)];
    let unit = units.into_iter().find(|(_, unit)| millis.is_multiple_of(*unit));
    unit.map_or_else(|| length.to_string(), |(name, unit)| format!("{}{name}", millis / unit))
}
