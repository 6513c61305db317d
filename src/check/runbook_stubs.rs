//! Alerts that page somebody whose runbook page has no word that a person wrote.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{RUNBOOK_TEXTS, RunbookTexts, Service, Severity};
use crate::source::Span;

/// Reports them once a project keeps text for any page: until then it may have its runbooks elsewhere.
pub(super) fn check<'a>(services: impl Iterator<Item = &'a Service>, texts: &RunbookTexts, sink: &mut Sink) {
    let mut has_texts = false;
    let mut stubs = Vec::new();
    for service in services {
        for slo in &service.slos {
            let key = (slo.service.to_string(), slo.name.to_string());
            let has_words = slo.runbook_topic.is_some() || texts.slos.contains_key(&key);
            has_texts |= has_words;
            if !has_words && slo.alerting.severities().any(|severity| severity == Severity::Page) {
                let path = format!("{}/{}.md", slo.service, slo.name);
                stubs.push(stub(slo.name_span, &format!("the SLO `{}` pages", slo.name), &path));
            }
        }
        for alert in &service.alerts {
            let has_text = alert.runbook.topic.is_some() || texts.alerts.contains_key(&alert.name.value);
            has_texts |= has_text;
            if !has_text && alert.runbook.steps.is_empty() && alert.severity == Severity::Page {
                let path = format!("alerts/{}.md", alert.name.value);
                stubs.push(stub(alert.name.span, &format!("the alert `{}` pages", alert.name.value), &path));
            }
        }
    }
    if has_texts {
        sink.extend(stubs);
    }
}

fn stub(span: Span, who: &str, path: &str) -> Diagnostic {
    let message = format!("{who}, and nobody has written what to do then");
    let problem = Diagnostic::new(Code::RunbookStub, span, message);
    problem.help(format!("write `{RUNBOOK_TEXTS}/{path}`, or name a text that several pages share: `runbook: <topic>`"))
}
