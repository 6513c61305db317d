//! A simulation as a JSON object, described in docs/simulate.md.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use slosmith::forecast::{AlertCourse, FastPoint, Simulation, SlowPoint};
use slosmith::model::{Blocks, Duration, Objective, Slo};

use super::story::Story;
use crate::cli::args::Failure;
use crate::cli::quantity::{number, slices_of};

/// The whole object.
pub(super) fn object(slo: &Slo, story: &Story, objective: Objective, simulation: &Simulation) -> Value {
    json!({
        "type": "simulation",
        "service": slo.service.as_str(),
        "slo": slo.name.as_str(),
        "slo_id": slo.id.as_str(),
        "objective_percent": number(objective.percent()),
        "period": slo.period(),
        "start": Timestamp::from_second(story.start).map(|it| it.to_string()).ok(),
        "end_seconds": seconds(simulation.end),
        "events_per_second": story.events.map(number),
        "background_error_ratio": number(story.background),
        "incidents": story.incidents.iter().map(|it| json!({
            "from_seconds": seconds(it.from),
            "until_seconds": seconds(it.until),
            "error_ratio": match it.failure {
                Failure::Share(share) => number(share),
                Failure::Gone => Value::Null,
            },
            "component_error_ratio": it.of_component.map(number),
        })).collect::<Vec<_>>(),
        "component": story.component,
        "slices": slo.slices.as_ref().map(|slices| slices_of(slices, objective)),
        "maintenance_left_out": slo.maintenance.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(),
        "alerts": simulation.alerts.iter().map(alert).collect::<Vec<_>>(),
        "fast": {
            "interval_seconds": number(Decimal::from(slo.blocks.fast().millis()) / Decimal::ONE_THOUSAND),
            "points": simulation.fast.iter().map(fast).collect::<Vec<_>>(),
        },
        "slow": {
            "interval_seconds": Blocks::SLOW.seconds(),
            "points": simulation.slow.iter().map(slow).collect::<Vec<_>>(),
        },
    })
}

fn alert(course: &AlertCourse) -> Value {
    json!({
        "alert": course.name,
        "severity": course.severity.as_str(),
        "budget_left_below_percent": course.below_percent.map(number),
        "fires": course.spells.iter().map(|spell| json!({
            "from_seconds": seconds(spell.from),
            "until_seconds": spell.until.map(seconds),
        })).collect::<Vec<_>>(),
    })
}

fn fast(point: &FastPoint) -> Value {
    json!({
        "seconds": seconds(point.at),
        "events": point.block.map(|(events, _)| number(events)),
        "errors": point.block.map(|(_, errors)| number(errors)),
        "burn_rate": point.burn_rate.map(number),
        "ratios": ratios(&point.ratios),
    })
}

fn slow(point: &SlowPoint) -> Value {
    json!({
        "seconds": seconds(point.at),
        "events": point.block.map(|(events, _)| number(events)),
        "errors": point.block.map(|(_, errors)| number(errors)),
        "ratios": ratios(&point.ratios),
        "period_ratio": point.period_ratio.map(number),
        "period_elapsed": point.elapsed.map(number),
        "budget_left": point.budget_left.map(number),
    })
}

/// By the names of windows; those without events are left out.
fn ratios(ratios: &[(Duration, Option<Decimal>)]) -> Map<String, Value> {
    let known = ratios.iter().filter_map(|(window, ratio)| Some((window.in_largest_unit(), number((*ratio)?))));
    known.collect()
}

fn seconds(millis: i64) -> Value {
    number(Decimal::from(millis) / Decimal::ONE_THOUSAND)
}
