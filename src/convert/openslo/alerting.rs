//! Alerts as policies: one for each tier, and one on missing data.

use super::slo::shorthand;
use super::{map, text, word};
use crate::convert::tree::{Entry, Value};
use crate::model::{BurnTier, NoDataAlert, Slo, decimal_text};
use crate::parse::decl::{SloDecl, SpecDecl};

/// `alertPolicies`, unless nothing is said of the alerts: readers then have their own.
pub(super) fn policies(spec: &SpecDecl, decl: &SloDecl, slo: &Slo) -> Option<Entry> {
    let layers = [decl.alerting.as_ref(), spec.defaults.alerting.as_ref()];
    layers.into_iter().flatten().find(|layer| layer.burn.is_some() || layer.no_data.is_some())?;
    let tiers = slo.alerting.tiers.iter().map(|tier| of_tier(slo, tier));
    let no_data = slo.alerting.no_data.iter().map(|alert| of_no_data(slo, alert));
    let policies: Vec<Value> = tiers.chain(no_data).collect();
    let value = if policies.is_empty() { Value::Texts(Vec::new()) } else { Value::List(policies) };
    Some(Entry::new("alertPolicies", value, None))
}

fn of_tier(slo: &Slo, tier: &BurnTier) -> Value {
    let severity = tier.severity.as_str();
    let (long, short) = (shorthand(tier.long), shorthand(tier.short));
    let name = format!("{}-{severity}-{long}", slo.name);
    let factor = decimal_text(tier.burn.factor());
    policy(&name, word("alertWhenBreaching", "true"), severity, [&factor, &long, &short])
}

/// A policy on missing data needs a condition too, which then never alerts; its time is how long data has to be missing.
fn of_no_data(slo: &Slo, alert: &NoDataAlert) -> Value {
    let name = format!("{}-no-data", slo.name);
    let wait = shorthand(alert.wait);
    policy(&name, word("alertWhenNoData", "true"), alert.severity.as_str(), ["1", "1h", &wait])
}

fn policy(name: &str, when: Entry, severity: &str, [threshold, lookback, after]: [&str; 3]) -> Value {
    let condition = vec![
        word("kind", "burnrate"),
        word("op", "gte"),
        word("threshold", threshold),
        word("lookbackWindow", lookback),
        word("alertAfter", after),
    ];
    let condition = vec![
        text("kind", "AlertCondition"),
        map("metadata", vec![text("name", name)]),
        map("spec", vec![text("severity", severity), map("condition", condition)]),
    ];
    let target = Value::Map(vec![text("targetRef", "on-call")]);
    let spec = vec![
        when,
        Entry::new("conditions", Value::List(vec![Value::Map(condition)]), None),
        Entry::new("notificationTargets", Value::List(vec![target]), None),
    ];
    Value::Map(vec![text("kind", "AlertPolicy"), map("metadata", vec![text("name", name)]), map("spec", spec)])
}
