//! An SLO's outlook as a JSON object, described in docs/show.md.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use slosmith::forecast::{
    BurnOutlook, Cost, Counting, ErrorRate, Notice, Outlook, RateOutlook, Silence, TargetOutlook, WindowFacts,
};
use slosmith::model::{LabelName, Slo, decimal_text};

use crate::cli::quantity::{number, slices_of};

/// The whole object.
pub(super) fn object(slo: &Slo, outlook: &Outlook) -> Value {
    json!({
        "type": "slo",
        "service": slo.service.as_str(),
        "slo": slo.name.as_str(),
        "slo_id": slo.id.as_str(),
        "description": slo.description,
        "period": slo.period(),
        "period_seconds": slo.window.seconds(),
        "calendar": slo.calendar.as_ref().map(|it| json!({"unit": it.unit.as_str(), "timezone": it.zone.name})),
        "group_by": slo.grouping.iter().flat_map(|it| &it.labels).map(LabelName::as_str).collect::<Vec<_>>(),
        "scrape_interval_seconds": number(seconds(slo.blocks.scrape())),
        "counts": counts(outlook.counting),
        "events_per_second": outlook.events.map(number),
        "min_errors": slo.alerting.min_errors.filter(|_| outlook.counting.has_blocks()),
        "windows": outlook.windows.iter().map(|it| window(it, outlook.counting)).collect::<Vec<_>>(),
        "targets": outlook.targets.iter().map(|it| target(slo, it)).collect::<Vec<_>>(),
        "other_alerts": other_alerts(slo),
        "cost": cost(&outlook.cost),
    })
}

fn counts(counting: Counting) -> &'static str {
    match counting {
        Counting::Events => "events",
        Counting::SamplesOfEach(_) => "samples of each series",
        Counting::SamplesOfAll(_) => "samples of all series together",
        Counting::Slices(_) => "slices of time",
        Counting::Moments(_) => "moments",
        Counting::Nothing => "nothing",
    }
}

fn window(facts: &WindowFacts, counting: Counting) -> Value {
    let block = counting.has_blocks().then(|| number(seconds(facts.block)));
    json!({
        "window": facts.window.in_largest_unit(),
        "block_seconds": block,
        "blocks": counting.has_blocks().then_some(facts.blocks),
    })
}

fn target(slo: &Slo, target: &TargetOutlook) -> Value {
    let group: serde_json::Map<_, _> =
        target.group.iter().map(|(label, value)| (label.clone(), json!(value))).collect();
    json!({
        "group": group,
        "objective_percent": number(target.objective.percent()),
        "error_budget": number(target.objective.budget()),
        "slices": slo.slices.as_ref().map(|slices| slices_of(slices, target.objective)),
        "budget_seconds": target.seconds.map(number),
        "budget_events": target.fraction.map(|(failed, all)| json!({"may_fail": failed.to_string(), "of": all.to_string()})),
        "period_events": target.events.map(|it| json!({"may_fail": number(it.may_fail), "of": number(it.all)})),
        "tiers": target.tiers.iter().map(tier).collect::<Vec<_>>(),
        "error_rates": target.rates.iter().map(|rate| error_rate(slo, target, rate)).collect::<Vec<_>>(),
    })
}

fn tier(tier: &BurnOutlook) -> Value {
    json!({
        "alert": tier.alert,
        "severity": tier.severity.as_str(),
        "short": tier.short.in_largest_unit(),
        "long": tier.long.in_largest_unit(),
        "burn_rate_above": number(tier.factor),
        "error_ratio_above": tier.error_ratio.map(number),
        "reachable": tier.error_ratio.is_some_and(|ratio| ratio < Decimal::ONE),
        "budget_share": tier.budget_share.map(number),
        "keep_firing_for_seconds": tier.keep_firing_for.seconds(),
    })
}

fn error_rate(slo: &Slo, target: &TargetOutlook, outlook: &RateOutlook) -> Value {
    let (share, is_limit) = match outlook.rate {
        ErrorRate::Exactly(share) => (share, false),
        ErrorRate::JustAbove(limit) => (limit, true),
    };
    json!({
        "error_ratio": number(share),
        "just_above": is_limit,
        "page": notice(slo, target, &outlook.page),
        "ticket": notice(slo, target, &outlook.ticket),
        "budget_lasts_seconds": outlook.exhausted_seconds.map(number),
    })
}

fn notice(slo: &Slo, target: &TargetOutlook, notice: &Notice) -> Value {
    match notice {
        Notice::Fires { tier, after, budget_gone, reset_after, resolved_after } => json!({
            "fires": true,
            "alert": target.tiers.get(*tier).map(|it| &it.alert),
            "windows": slo.alerting.tiers.get(*tier).map(|it| [it.short.in_largest_unit(), it.long.in_largest_unit()]),
            "after_seconds": number(seconds(*after)),
            "budget_gone": number(*budget_gone),
            "reset_after_seconds": number(seconds(*reset_after)),
            "resolved_after_seconds": number(seconds(*resolved_after)),
        }),
        Notice::Silent(silence) => json!({
            "fires": false,
            "reason": match silence {
                Silence::NoTier => "no burn-rate alert of this severity",
                Silence::Allowed => "at or below every limit",
                Silence::TooFew => "fewer failures than min_errors",
            },
        }),
    }
}

fn other_alerts(slo: &Slo) -> Vec<Value> {
    let alerting = &slo.alerting;
    let left = alerting.budget_left.iter().map(|alert| {
        let name = alert.name();
        json!({"alert": name, "severity": alert.severity.as_str(), "budget_left_below_percent": decimal_text(alert.below_percent).parse::<f64>().ok()})
    });
    let exhausts = alerting.exhausts_in.iter().map(|alert| {
        json!({"alert": slosmith::model::BUDGET_EXHAUSTS_SOON, "severity": alert.severity.as_str(),
            "exhausted_within": alert.less_than.to_string(), "over": alert.over.in_largest_unit()})
    });
    let no_data = alerting.no_data.iter().map(|alert| {
        json!({"alert": slosmith::model::NO_DATA, "severity": alert.severity.as_str(), "for": alert.wait.to_string()})
    });
    left.chain(exhausts).chain(no_data).collect()
}

fn cost(cost: &Cost) -> Value {
    json!({
        "series": cost.series,
        "groups": cost.groups,
        "samples_per_hour": cost.total(),
        "raw_samples_per_hour": cost.raw,
        "recorded_samples_per_hour": cost.recorded,
        "usual_samples_per_hour": cost.usual,
    })
}

fn seconds(duration: slosmith::model::Duration) -> Decimal {
    Decimal::from(duration.millis()) / Decimal::ONE_THOUSAND
}
