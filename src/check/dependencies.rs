//! Services that others depend on, and that are not there.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::Service;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    if services.iter().all(|service| service.depends_on.is_empty()) {
        return;
    }
    let names: BTreeSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
    for service in services {
        for needed in &service.depends_on {
            if needed.value == service.name.as_str() {
                let message = format!("the service `{}` depends on itself", needed.value);
                let diagnostic = Diagnostic::new(Code::UnknownReference, needed.span, message);
                sink.push(diagnostic.help("name the services that it cannot do without"));
            } else if !names.contains(needed.value.as_str()) {
                let message = format!("there is no service `{}`", needed.value);
                let diagnostic = Diagnostic::new(Code::UnknownReference, needed.span, message);
                sink.push(match suggest(&needed.value, names.iter().copied()) {
                    Some(meant) => {
                        diagnostic.replace(format!("did you mean `{meant}`?"), needed.span, needed.written(meant))
                    }
                    None => diagnostic.help("a service is the `service` of a spec"),
                });
            }
        }
    }
}
