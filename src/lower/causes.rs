//! Cause alerts: one plain group per service.

use smol_str::SmolStr;

use super::alerting::{add_routing_labels, set};
use super::maintenance;
use super::names::Names;
use super::series::SLO_SERVICE;
use crate::ir::{AlertRule, Rule, RuleGroup, RuleKind};
use crate::model::{CauseAlert, LinkValues, Placeholder, Service};
use crate::promql::{BinaryOp, Expr, build};

/// The group of a service's cause alerts; `None` if it has none.
pub(super) fn group(service: &Service) -> Option<RuleGroup> {
    if service.alerts.is_empty() {
        return None;
    }
    Some(RuleGroup {
        name: format!("alerts-{}", service.name).into(),
        comment: Some(format!("Cause alerts of {}", service.name)),
        interval: None,
        rules: service.alerts.iter().map(|alert| rule(service, alert)).collect(),
        origin: service.span,
    })
}

fn rule(service: &Service, alert: &CauseAlert) -> Rule {
    let duration = |duration: crate::model::Duration| SmolStr::from(duration.to_string());
    let kind = AlertRule {
        name: alert.name.value.as_str().into(),
        wait: alert.wait.map(duration),
        keep_firing_for: alert.keep_firing_for.map(duration),
        annotations: annotations(service, alert),
    };
    Rule {
        kind: RuleKind::Alert(kind),
        expr: maintenance::unless_muted(service, condition(alert)),
        labels: labels(service, alert),
        origin: alert.span,
    }
}

/// The expression, or nothing left to evaluate it on.
fn condition(alert: &CauseAlert) -> Expr {
    let expr = alert.expr.clone();
    match &alert.or_absent {
        Some(selector) => build::binary(expr, BinaryOp::Or, build::call("absent", vec![selector.clone()])),
        None => expr,
    }
}

/// Generated labels, and the rule's own, which win.
fn labels(service: &Service, alert: &CauseAlert) -> Vec<(SmolStr, SmolStr)> {
    let mut labels = vec![(SLO_SERVICE, SmolStr::new(service.name.as_str()))];
    let names = Names::of(&service.profile);
    // By whatever name boards and routes know alerts on SLOs, they know these, too.
    set(&mut labels, names.service().as_str(), service.name.as_str());
    set(&mut labels, names.severity.as_str(), alert.severity.as_str());
    let owner = service.owner.as_ref();
    add_routing_labels(&mut labels, alert.severity, &service.severity_labels, owner, service.tier.as_deref());
    for (name, value) in &service.labels {
        set(&mut labels, name.as_str(), value);
    }
    for (name, value) in &alert.labels {
        set(&mut labels, name, &value.value);
    }
    labels
}

/// The rule's own annotations, and links where it has none.
fn annotations(service: &Service, alert: &CauseAlert) -> Vec<(SmolStr, String)> {
    let mut annotations: Vec<(SmolStr, String)> =
        alert.annotations.iter().map(|(name, text)| (name.into(), text.value.clone())).collect();
    let values = LinkValues {
        service: service.name.as_str(),
        alert: &alert.name.value,
        severity: alert.severity.as_str(),
        slo: "",
    };
    // A dashboard of one SLO is none of a cause alert.
    let dashboard = service.links.dashboard.as_ref().filter(|link| !link.mentions(Placeholder::Slo));
    for (name, link) in [("runbook_url", service.links.alert_runbook.as_ref()), ("dashboard_url", dashboard)] {
        let is_given = annotations.iter().any(|(known, _)| known == name);
        annotations.extend(link.filter(|_| !is_given).map(|link| (name.into(), link.fill(&values))));
    }
    annotations
}
