//! The series of what is known of an SLO, for joins: its value is 1, and its labels say it.

use smol_str::SmolStr;

use super::alerting::set;
use super::recording::{record, vector};
use super::series::Series;
use crate::ir::Rule;
use crate::model::{Profile, Severity, SlothProfile, decimal_text};

/// What Sloth's series says made the rules.
const VERSION: &str = "slosmith";

/// The rule of the series.
pub(super) fn rule(series: &Series<'_>) -> Rule {
    let mut rule = record(series, series.names.info.clone(), vector("1".to_owned()));
    match &*series.slo.profile {
        Profile::Native => native(series, &mut rule.labels),
        Profile::Sloth(profile) => sloth(series, profile, &mut rule.labels),
    }
    rule
}

fn native(series: &Series<'_>, labels: &mut Vec<(SmolStr, SmolStr)>) {
    let slo = series.slo;
    let percent = decimal_text(slo.objective.percent());
    labels.push(("objective".into(), percent.into()));
    labels.push(("window".into(), slo.period().into()));
    owned(series, labels);
    labels.extend(slo.labels.iter().map(|(label, value)| (label.as_str().into(), value.into())));
}

/// The labels of Sloth, and what else is known as far as it has no label of the user's.
fn sloth(series: &Series<'_>, profile: &SlothProfile, labels: &mut Vec<(SmolStr, SmolStr)>) {
    let percent = decimal_text(series.slo.objective.percent());
    owned(series, labels);
    for (label, value) in &series.slo.labels {
        set(labels, label.as_str(), value);
    }
    let known = [
        ("sloth_version", VERSION),
        ("sloth_mode", profile.mode()),
        ("sloth_spec", profile.spec.as_str()),
        ("sloth_objective", &percent),
    ];
    labels.extend(known.map(|(label, value)| (label.into(), value.into())));
}

/// Who answers for it, and where its pages are.
fn owned(series: &Series<'_>, labels: &mut Vec<(SmolStr, SmolStr)>) {
    let slo = series.slo;
    let mut add = |label: &str, value: &str| labels.push((label.into(), value.into()));
    if let Some(owner) = &slo.owner {
        add("team", &owner.team);
    }
    if let Some(tier) = &slo.tier {
        add("tier", tier);
    }
    let values = slo.link_values(Severity::Page);
    if let Some(link) = &slo.links.runbook {
        add("runbook_url", &link.fill_without_fragment(&values));
    }
    if let Some(link) = &slo.links.dashboard {
        add("dashboard_url", &link.fill_without_fragment(&values));
    }
}
