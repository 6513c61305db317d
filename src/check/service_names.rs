//! Two services of one name.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Service;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let mut first_of: BTreeMap<String, &Service> = BTreeMap::new();
    for service in services.iter().copied() {
        // Files of names that differ in case alone would be one file on some systems.
        let key = service.name.as_str().to_ascii_lowercase();
        let Some(first) = first_of.get(&key).copied() else {
            first_of.insert(key, service);
            continue;
        };
        let message = if first.name == service.name {
            format!("the service `{}` is defined twice", service.name)
        } else {
            format!("the services `{}` and `{}` differ in case alone", service.name, first.name)
        };
        sink.push(
            Diagnostic::new(Code::DuplicateService, service.name_span, message)
                .secondary(first.name_span, "first defined here")
                .note(format!("both would write rules/{}.yaml", service.name))
                .help("put all its SLOs into one file, or rename one of the services"),
        );
    }
}
