//! SLOs that cannot be told apart: one `slo_id` in two services.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Service, Slo};

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let mut first_of: BTreeMap<&str, &Slo> = BTreeMap::new();
    for slo in services.iter().flat_map(|service| &service.slos) {
        match first_of.get(slo.id.as_str()) {
            None => {
                first_of.insert(&slo.id, slo);
            }
            Some(first) if first.service != slo.service => sink.push(ambiguous(first, slo)),
            // Two SLOs or services of one name are reported as such.
            Some(_) => {}
        }
    }
}

fn ambiguous(first: &Slo, slo: &Slo) -> Diagnostic {
    let message =
        format!("`{}/{}` and `{}/{}` have the same `slo_id`", slo.service, slo.name, first.service, first.name);
    Diagnostic::new(Code::AmbiguousSloId, slo.name_span, message)
        .secondary(first.name_span, "the other one")
        .note(format!("service and name are joined with `-`: both are `{}`, and one id is one set of series", slo.id))
        .help("rename one of the two SLOs")
}
