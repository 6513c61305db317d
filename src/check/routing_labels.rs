//! Labels of cause alerts that would send the alert somewhere else than its spec says.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Profile, Service};

/// By which routes, inhibitions and boards know an alert.
const ROUTING: [&str; 5] = ["slo_alert", "slo_id", "slo_name", "slo_service", "slo_component"];
/// The same with the profile of Sloth.
const ROUTING_OF_SLOTH: [&str; 4] = ["sloth_severity", "sloth_id", "sloth_slo", "sloth_service"];

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let labels = services.iter().flat_map(|service| {
        let of_sloth: &[&str] = if let Profile::Sloth(_) = &*service.profile { &ROUTING_OF_SLOTH } else { &[] };
        let labels = service.alerts.iter().flat_map(|alert| &alert.labels);
        labels.filter(move |(name, _)| ROUTING.contains(&name.as_str()) || of_sloth.contains(&name.as_str()))
    });
    for (name, value) in labels {
        let message = format!("the label `{name}` is set by slosmith itself");
        let problem = Diagnostic::new(Code::BadLabel, value.span, message);
        let problem = problem.note("routes, inhibitions and boards know the alert by it");
        sink.push(match name.as_str() {
            "slo_alert" | "sloth_severity" => problem.help("say `severity: page` or `severity: ticket` instead"),
            _ => problem.help("choose another name"),
        });
    }
}
