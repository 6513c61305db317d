//! A comparison as a JSON object, described in docs/compare.md.

use serde_json::{Value, json};

use slosmith::compare::Spell;

use super::Setting;
use super::outcome::{Comparison, Played, Ratio};
use crate::cli::quantity::number;

/// The whole object.
pub(super) fn object(setting: &Setting, comparison: &Comparison) -> Value {
    let Setting { slo, traffic, .. } = setting;
    json!({
        "type": "comparison",
        "service": slo.service.as_str(),
        "slo": slo.name.as_str(),
        "slo_id": slo.id.as_str(),
        "objective_percent": number(slo.objective.percent()),
        "period": slo.period(),
        "prometheus": comparison.version,
        "events_per_second": number(traffic.events),
        "background_error_ratio": number(traffic.background),
        "history_seconds": setting.history.seconds(),
        "raw_series": setting.series,
        "sides": setting.sides.iter().enumerate().map(|(index, side)| {
            let cost = comparison.played.first().map(|played| played[index].cost).unwrap_or_default();
            json!({
                "name": side.name,
                "rules": cost.rules,
                "samples_per_evaluation": cost.samples.round(),
                "samples_per_hour": cost.per_hour.round(),
                "period_error_ratio": side.ratio,
            })
        }).collect::<Vec<_>>(),
        "incidents": setting.incidents.iter().zip(&comparison.played).map(|(incident, played)| json!({
            "incident": incident.name(),
            "description": incident.describe(*traffic),
            "lasts_seconds": seconds(incident.scene(*traffic, setting.history).until),
            "true_error_ratio": played[0].truth.map(number),
            "sides": played.iter().map(side).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn side(played: &Played) -> Value {
    json!({
        "period_error_ratio": match played.ratio {
            Ratio::Value(value) if value.is_finite() => json!(value),
            Ratio::Value(value) => json!(value.to_string()),
            Ratio::Nothing | Ratio::Unknown => Value::Null,
        },
        "alerts": played.alerts.iter().map(|((name, severity), spells)| json!({
            "alert": name,
            "severity": severity,
            "fires": spells.iter().map(spell).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "failures": played.failures.iter().map(|(rule, reason)| json!({"rule": rule, "reason": reason})).collect::<Vec<_>>(),
    })
}

fn spell(spell: &Spell) -> Value {
    json!({"from_seconds": seconds(spell.from), "until_seconds": spell.until.map(seconds)})
}

/// Whole seconds, as every moment is.
fn seconds(millis: i64) -> i64 {
    millis.div_euclid(1_000)
}
