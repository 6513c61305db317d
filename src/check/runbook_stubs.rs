//! Alerts that page somebody whose runbook page has no word that a person wrote.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{CauseAlert, RUNBOOK_TEXTS, RunbookTexts, Service, Severity, Slo};
use crate::source::{BUILT_IN, Span};

/// Reports them once a project keeps any text: until then it may have its runbooks elsewhere.
pub(super) fn check<'a>(services: impl Iterator<Item = &'a Service>, texts: &RunbookTexts, sink: &mut Sink) {
    let written = texts.slos.values().chain(texts.alerts.values()).chain(texts.topics.values());
    if written.filter(|text| !text.path.starts_with(BUILT_IN)).count() == 0 {
        return;
    }
    for service in services {
        for slo in service.slos.iter().filter(|slo| pages(slo)) {
            let key = (slo.service.to_string(), slo.name.to_string());
            if slo.runbook_topic.is_none() && !texts.slos.contains_key(&key) {
                let path = format!("{}/{}.md", slo.service, slo.name);
                sink.push(stub(slo.name_span, &format!("the SLO `{}` pages", slo.name), &path));
            }
        }
        for alert in service.alerts.iter().filter(|alert| alert.severity == Severity::Page) {
            if !has_words(alert) && !texts.alerts.contains_key(&alert.name.value) {
                let path = format!("alerts/{}.md", alert.name.value);
                sink.push(stub(alert.name.span, &format!("the alert `{}` pages", alert.name.value), &path));
            }
        }
    }
}

fn pages(slo: &Slo) -> bool {
    slo.alerting.severities().any(|severity| severity == Severity::Page)
}

fn has_words(alert: &CauseAlert) -> bool {
    alert.runbook.topic.is_some() || !alert.runbook.steps.is_empty()
}

fn stub(span: Span, who: &str, path: &str) -> Diagnostic {
    let message = format!("{who}, and nobody has written what to do then");
    let problem = Diagnostic::new(Code::RunbookStub, span, message);
    problem.help(format!("write `{RUNBOOK_TEXTS}/{path}`, or name a text that several pages share: `runbook: <topic>`"))
}
