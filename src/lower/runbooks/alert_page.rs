//! The page of a cause alert: its condition, its steps, what to ask Prometheus.

use super::related::related;
use super::texts::Texts;
use super::{ALERT_ANCHORS, Parts, anchors, condition, page_links, phrases, queries, words};
use crate::ir::{AlertPage, Runbook, RunbookContent};
use crate::model::{CauseAlert, LinkValues, RunbookTexts, Service, WATCHDOG};

/// The service of the alerts that come with slosmith; no spec can have its name.
const WATCH_SERVICE: &str = "slosmith";

/// The page of a cause alert.
pub(super) fn page(service: &Service, alert: &CauseAlert, texts: &RunbookTexts) -> Runbook {
    let topic = alert.runbook.topic.as_ref().map(|topic| topic.value.as_str());
    let texts = Texts::of_alert(texts, &alert.name.value, topic);
    let file = format!("alerts/{}.md", alert.name.value);
    let facts = facts(service, alert, &file);
    let anchors = anchors([alert.name.value.as_str()].into_iter(), &texts);
    let links = page_links(&service.name, &facts.related, &texts);
    let prometheus = words::prometheus(&service.links, &values(service, alert));
    Parts {
        file,
        origin: alert.span,
        content: RunbookContent::Alert(Box::new(facts)),
        queries: queries::of_alert(alert),
        prometheus,
        texts: &texts,
        fixed_anchors: ALERT_ANCHORS,
        anchors,
        links,
    }
    .page()
}

fn values<'a>(service: &'a Service, alert: &'a CauseAlert) -> LinkValues<'a> {
    LinkValues { service: service.name.as_str(), slo: "", alert: &alert.name.value, severity: alert.severity.as_str() }
}

fn facts(service: &Service, alert: &CauseAlert, file: &str) -> AlertPage {
    let [summary, description] = ["summary", "description"].map(|name| phrases::annotation(alert, name));
    let named = ["summary", "description", "runbook_url", "dashboard_url"];
    let others = alert.annotations.iter().filter(|(name, _)| !named.contains(&name.as_str()));
    AlertPage {
        name: alert.name.value.clone(),
        service: service.name.to_string(),
        severity: alert.severity.as_str(),
        labels: labels(service, alert),
        is_heartbeat: alert.name.value == WATCHDOG,
        placeholders: phrases::placeholders(summary.iter().chain(&description)),
        condition: condition::in_words(&alert.expr),
        summary,
        description,
        annotations: others.map(|(name, text)| (name.clone(), text.value.clone())).collect(),
        wait: alert.wait.map(words::duration_in_words),
        keep_firing_for: alert.keep_firing_for.map(words::duration_in_words),
        owner: service.owner.as_ref().map(words::owner),
        tier: service.tier.clone(),
        mttr: service.mttr.map(words::duration_in_words),
        links: words::links(&service.links, &values(service, alert)),
        related: related(service, file),
        source: (service.name.as_str() != WATCH_SERVICE).then(|| service.path.clone()),
        steps: alert.runbook.steps.clone(),
        expr: alert.expr.clone(),
        or_absent: alert.or_absent.clone(),
    }
}

/// The labels of its severity, and the rule's own, which win.
fn labels(service: &Service, alert: &CauseAlert) -> Vec<String> {
    let of_severity = service.severity_labels.of(alert.severity).iter();
    let of_severity = of_severity.filter(|(name, _)| !alert.labels.iter().any(|(own, _)| own == name.as_str()));
    let of_severity = of_severity.map(|(name, value)| words::label(name.as_str(), value));
    of_severity.chain(alert.labels.iter().map(|(name, value)| words::label(name, &value.value))).collect()
}
