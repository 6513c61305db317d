//! The files of Alertmanager.

use crate::ir::Routing;
use crate::model::Service;
use crate::source::Span;
use crate::{Origin, emit};

/// The service of the alerts that come with slosmith; no other one may have its name.
const BUILT_IN: &str = "slosmith";

/// The configuration and its templates: path, text and origins of each.
pub(super) fn files(routing: &Routing) -> [(&'static str, String, Vec<Origin>); 2] {
    let receivers = routing.receivers.iter();
    let origins = receivers.map(|receiver| Origin { part: receiver.name.to_string(), span: receiver.origin });
    let origins = [Origin { part: "route".to_owned(), span: routing.origin }].into_iter().chain(origins).collect();
    [
        (emit::alertmanager::CONFIG_PATH, emit::alertmanager::config(routing), origins),
        (emit::alertmanager::TEMPLATES_PATH, emit::alertmanager::TEMPLATES.to_owned(), Vec::new()),
    ]
}

/// What stands for a service in messages about its alerts; what comes with slosmith has no place of its own.
pub(super) fn place(service: &Service, routing: &Routing) -> Span {
    if service.name.as_str() == BUILT_IN { routing.origin } else { service.name_span }
}
