//! Services with names that the tool keeps for its own files.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Service;

/// Reserved names, and what they are kept for.
const RESERVED: [(&str, &str); 3] = [
    ("alerts", "runbooks/alerts/ holds the pages of cause alerts"),
    ("topics", "slos/runbooks/topics/ holds texts that several pages share"),
    ("slosmith", "rules/slosmith.yaml holds the rules that watch the rules"),
];

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    for service in services.iter().copied() {
        let Some((name, reason)) = RESERVED.iter().find(|(name, _)| *name == service.name.as_str()) else {
            continue;
        };
        let message = format!("the service name `{name}` is reserved");
        let diagnostic = Diagnostic::new(Code::ReservedName, service.name_span, message).note(*reason);
        sink.push(diagnostic.help(format!("choose another name, as in `{name}-service`")));
    }
}
