//! The alerts of an SLO: burn rate, missing data, budget.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::annotations as texts;
use super::names::NATIVE;
use super::recording::decimal;
use super::series::{BUDGET_REMAINING, ERRORS_FAST, SLICE_ERRORS, SLO_ALERT, Series, ratio_name};
use super::{burn, composite, maintenance};
use crate::ir::{AlertRule, Rule, RuleKind};
use crate::model::{
    AlertRoutes, BUDGET_EXHAUSTS_SOON, BURN_PAGE, BURN_TICKET, BudgetAlert, Duration, ExhaustsAlert, LabelName,
    NO_DATA, NoDataAlert, Owner, Profile, Severity, SeverityLabels, Sli, decimal_text,
};
use crate::promql::{BinaryOp, Expr, build};
use crate::source::Span;

/// What the fast group alerts on.
pub(super) fn fast(series: &Series<'_>) -> Vec<Rule> {
    burn_alert(series, Severity::Page).into_iter().collect()
}

/// What the slow group alerts on.
pub(super) fn slow(series: &Series<'_>) -> Vec<Rule> {
    let alerting = &series.slo.alerting;
    let mut rules: Vec<_> = burn_alert(series, Severity::Ticket).into_iter().collect();
    rules.extend(alerting.no_data.as_ref().map(|alert| no_data(series, alert)));
    rules.extend(alerting.budget_left.iter().map(|alert| budget_left(series, alert)));
    rules.extend(alerting.exhausts_in.as_ref().map(|alert| exhausts_in(series, alert)));
    rules
}

/// How long an alert stays after its condition ended, so that it does not flap.
pub(super) fn keep_firing_for(severity: Severity) -> Duration {
    match severity {
        Severity::Page => Duration::from_mins(5),
        Severity::Ticket => Duration::from_hours(1),
    }
}

/// The name of the burn-rate alert of a severity.
pub(super) fn burn_alert_name(series: &Series<'_>, severity: Severity) -> SmolStr {
    let standard = match severity {
        Severity::Page => BURN_PAGE,
        Severity::Ticket => BURN_TICKET,
    };
    series.slo.alerting.name.as_deref().map_or_else(|| SmolStr::new_static(standard), SmolStr::new)
}

fn burn_alert(series: &Series<'_>, severity: Severity) -> Option<Rule> {
    let condition = burn::condition(series, severity)?;
    let alert = Alert {
        name: burn_alert_name(series, severity),
        severity,
        wait: None,
        keep_firing_for: Some(keep_firing_for(severity).in_largest_unit().into()),
        summary: texts::burn_summary(series),
        description: texts::burn_description(series, severity),
        origin: series.slo.span,
    };
    let mut rule = alert.rule(series, condition);
    if let RuleKind::Alert(alert) = &mut rule.kind {
        texts::add_own(series, severity, &mut alert.annotations);
    }
    Some(rule)
}

fn no_data(series: &Series<'_>, alert: &NoDataAlert) -> Rule {
    let marker = match (&series.slo.sli, &series.slo.slices) {
        // Of slices without data there may be records.
        (_, Some(_)) => SLICE_ERRORS,
        (Sli::ErrorRatio(_), None) => ratio_name(Duration::from_mins(5)),
        (_, None) => ERRORS_FAST,
    };
    let absent = match &series.slo.sli {
        Sli::Composite(parts) => composite::absent(series, parts),
        _ => build::call("absent", vec![series.recorded(marker)]),
    };
    // Blocks come back two of them after it.
    let range = Duration::from_millis(2 * series.slo.blocks.fast_range().millis() + maintenance::STEP.millis());
    let expr = maintenance::unless_active(series, absent, range);
    let alert = Alert {
        name: SmolStr::new_static(NO_DATA),
        severity: alert.severity,
        wait: Some(alert.wait.to_string().into()),
        keep_firing_for: None,
        summary: format!("{} has no data", texts::subject(series)),
        description: texts::no_data_description(series, alert.wait),
        origin: series.slo.span,
    };
    let mut rule = alert.rule(series, expr);
    if let (Profile::Sloth(_), RuleKind::Alert(alert)) = (&*series.slo.profile, &mut rule.kind) {
        alert.annotations.retain(|(name, _)| name != "description");
    }
    rule
}

fn budget_left(series: &Series<'_>, alert: &BudgetAlert) -> Rule {
    let below = decimal(alert.below_percent / Decimal::ONE_HUNDRED);
    let expr = build::binary(series.all(BUDGET_REMAINING), BinaryOp::Less, below);
    let below = format!("{}%", decimal_text(alert.below_percent));
    let mut rule = Alert {
        name: SmolStr::new_static(alert.name()),
        severity: alert.severity,
        wait: None,
        keep_firing_for: None,
        summary: texts::budget_left_summary(series),
        description: alert.action.clone().unwrap_or_else(|| texts::budget_left_description(series, &below)),
        origin: alert.span,
    }
    .rule(series, expr);
    rule.labels.push((SmolStr::new_static("slo_budget_below"), below.into()));
    rule
}

fn exhausts_in(series: &Series<'_>, alert: &ExhaustsAlert) -> Rule {
    let expr = burn::exhausts(series, alert.less_than, alert.over);
    let alert = Alert {
        name: SmolStr::new_static(BUDGET_EXHAUSTS_SOON),
        severity: alert.severity,
        wait: None,
        keep_firing_for: None,
        summary: texts::exhausts_summary(series),
        description: texts::exhausts_description(series, alert),
        origin: alert.span,
    };
    alert.rule(series, expr)
}

/// An alert before its labels and links are filled in.
struct Alert {
    name: SmolStr,
    severity: Severity,
    wait: Option<SmolStr>,
    keep_firing_for: Option<SmolStr>,
    summary: String,
    description: String,
    origin: Span,
}

impl Alert {
    fn rule(self, series: &Series<'_>, expr: Expr) -> Rule {
        let slo = series.slo;
        let mut annotations = vec![
            (SmolStr::new_static("summary"), self.summary),
            (SmolStr::new_static("description"), self.description),
        ];
        let values = slo.link_values(self.severity);
        let links = [("runbook_url", &slo.links.runbook), ("dashboard_url", &slo.links.dashboard)];
        for (name, link) in links {
            annotations.extend(link.as_ref().map(|link| (SmolStr::new_static(name), link.fill(&values))));
        }
        let kind = AlertRule { name: self.name, wait: self.wait, keep_firing_for: self.keep_firing_for, annotations };
        Rule { kind: RuleKind::Alert(kind), expr, labels: labels(series, self.severity), origin: self.origin }
    }
}

/// The labels of an alert: identity, then those of its severity and owner.
fn labels(series: &Series<'_>, severity: Severity) -> Vec<(SmolStr, SmolStr)> {
    let slo = series.slo;
    let mut labels = series.labels();
    match &*slo.profile {
        Profile::Native => {
            add_routing_labels(&mut labels, severity, &slo.severity_labels, slo.owner.as_ref(), slo.tier.as_deref());
            add(&mut labels, &slo.labels);
        }
        Profile::Sloth(profile) => add_sloth_labels(series, severity, profile.routes, &mut labels),
    }
    add(&mut labels, &slo.alerting.extras(severity).labels);
    labels
}

/// What the routes of Sloth's users go by, and what ours do where there are some.
fn add_sloth_labels(
    series: &Series<'_>,
    severity: Severity,
    routes: AlertRoutes,
    labels: &mut Vec<(SmolStr, SmolStr)>,
) {
    let slo = series.slo;
    if routes == AlertRoutes::Ours {
        let values = [slo.id.as_str(), slo.service.as_str(), slo.name.as_str()];
        labels.extend(NATIVE.identity.iter().cloned().zip(values.map(SmolStr::new)));
        set(labels, SLO_ALERT.as_str(), severity.as_str());
    }
    if let Some(owner) = &slo.owner {
        set(labels, "team", &owner.team);
    }
    if let Some(tier) = &slo.tier {
        set(labels, "tier", tier);
    }
    add(labels, &slo.labels);
    set(labels, series.names.severity.as_str(), severity.as_str());
    add(labels, slo.severity_labels.of(severity));
}

fn add(labels: &mut Vec<(SmolStr, SmolStr)>, more: &BTreeMap<LabelName, String>) {
    for (name, value) in more {
        set(labels, name.as_str(), value);
    }
}

/// The labels that routes and dashboards go by.
pub(super) fn add_routing_labels(
    labels: &mut Vec<(SmolStr, SmolStr)>,
    severity: Severity,
    severity_labels: &SeverityLabels,
    owner: Option<&Owner>,
    tier: Option<&str>,
) {
    set(labels, SLO_ALERT.as_str(), severity.as_str());
    for (name, value) in severity_labels.of(severity) {
        set(labels, name.as_str(), value);
    }
    if let Some(owner) = owner {
        set(labels, "team", &owner.team);
    }
    if let Some(tier) = tier {
        set(labels, "tier", tier);
    }
}

/// Adds a label, or gives it another value.
pub(super) fn set(labels: &mut Vec<(SmolStr, SmolStr)>, name: &str, value: &str) {
    match labels.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value.into(),
        None => labels.push((name.into(), value.into())),
    }
}
