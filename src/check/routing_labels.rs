//! Labels of cause alerts that would send the alert somewhere else than its spec says.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Service;

/// By which routes, inhibitions and boards know an alert.
const ROUTING: [&str; 5] = ["slo_alert", "slo_id", "slo_name", "slo_service", "slo_component"];

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let labels = services.iter().flat_map(|service| &service.alerts).flat_map(|alert| &alert.labels);
    for (name, value) in labels.filter(|(name, _)| ROUTING.contains(&name.as_str())) {
        let message = format!("the label `{name}` is set by slosmith itself");
        let problem = Diagnostic::new(Code::BadLabel, value.span, message);
        let problem = problem.note("routes, inhibitions and boards know the alert by it");
        sink.push(match name.as_str() {
            "slo_alert" => problem.help("say `severity: page` or `severity: ticket` instead"),
            _ => problem.help("choose another name"),
        });
    }
}
