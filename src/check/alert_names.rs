//! Alerts of one name: each has a runbook page of that name, and routes and silences know it by its name.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{CauseAlert, Service, is_generated_alert};
use crate::source::Span;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let renamed = renamed_burn_alerts(services);
    let mut first_of: BTreeMap<String, &CauseAlert> = BTreeMap::new();
    for alert in services.iter().flat_map(|service| &service.alerts) {
        let name = alert.name.value.as_str();
        // Runbook pages of names that differ in case alone would be one file on some systems.
        let key = name.to_ascii_lowercase();
        if is_generated_alert(name) {
            sink.push(built_in(alert));
        } else if let Some(span) = renamed.get(&key) {
            sink.push(like_burn_alert(alert, *span));
        }
        match first_of.get(&key) {
            Some(first) => sink.push(duplicate(first, alert)),
            None => {
                first_of.insert(key, alert);
            }
        }
    }
}

/// Names that SLOs give to their burn alerts, in lower case, and one place of each.
fn renamed_burn_alerts(services: &[&Service]) -> BTreeMap<String, Span> {
    let slos = services.iter().flat_map(|service| &service.slos);
    slos.filter_map(|slo| slo.alerting.name.as_ref().map(|name| (name.to_ascii_lowercase(), slo.name_span))).collect()
}

fn built_in(alert: &CauseAlert) -> Diagnostic {
    let message = format!("`{}` is the name of an alert that slosmith writes itself", alert.name.value);
    Diagnostic::new(Code::DuplicateAlert, alert.name.span, message)
        .note("the SLOs' own alerts and the rules that watch the rules begin with `SLO`")
        .help("choose another name")
}

fn like_burn_alert(alert: &CauseAlert, span: Span) -> Diagnostic {
    let message = format!("`{}` is also the name of an SLO's burn alerts", alert.name.value);
    Diagnostic::new(Code::DuplicateAlert, alert.name.span, message)
        .secondary(span, "this SLO sets it as `alerting.name`")
        .help("rename one of them")
}

fn duplicate(first: &CauseAlert, alert: &CauseAlert) -> Diagnostic {
    let (one, other) = (&first.name.value, &alert.name.value);
    let message = if one == other {
        format!("two alerts are named `{other}`")
    } else {
        format!("the alerts `{other}` and `{one}` differ in case alone")
    };
    Diagnostic::new(Code::DuplicateAlert, alert.name.span, message)
        .secondary(first.name.span, "the first one")
        .note("an alert's runbook page, its routes and its silences go by its name")
        .help("rename one of them; if it is one condition on several services, one alert with a wider selector will do")
}
