//! Two services of one name.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Service;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let mut first_of = BTreeMap::new();
    for service in services.iter().copied() {
        let Some(first) = first_of.insert(&service.name, service) else {
            continue;
        };
        first_of.insert(&service.name, first);
        let message = format!("the service `{}` is defined twice", service.name);
        sink.push(
            Diagnostic::new(Code::DuplicateService, service.name_span, message)
                .secondary(first.name_span, "first defined here")
                .note(format!("both would write rules/{}.yaml", service.name))
                .help("put all its SLOs into one file, or rename one of the services"),
        );
    }
}
