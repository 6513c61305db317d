//! Two SLOs of one name in a service, whether or not something else is wrong with them.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::SloDecl;
use crate::source::Text;

/// Reports every SLO whose name an earlier one has.
pub(super) fn slo_names(service: &Text, slos: &[SloDecl], sink: &mut Sink) {
    let mut first_of: BTreeMap<String, &Text> = BTreeMap::new();
    for name in slos.iter().filter_map(|slo| slo.name.as_ref()) {
        // Runbook pages of names that differ in case alone would be one file on some systems.
        let key = name.value.to_ascii_lowercase();
        match first_of.get(&key) {
            Some(first) => sink.push(duplicate(&service.value, first, name)),
            None => drop(first_of.insert(key, name)),
        }
    }
}

fn duplicate(service: &str, first: &Text, name: &Text) -> Diagnostic {
    if first.value != name.value {
        let message = format!("the SLOs `{}` and `{}` of `{service}` differ in case alone", name.value, first.value);
        return Diagnostic::new(Code::DuplicateSlo, name.span, message)
            .secondary(first.span, "the first one")
            .note("their runbook pages would be one file on some systems")
            .help("rename one of them");
    }
    let message = format!("the service `{service}` has two SLOs named `{}`", name.value);
    Diagnostic::new(Code::DuplicateSlo, name.span, message)
        .secondary(first.span, "the first one")
        .note(format!("both would record the series with `slo_id=\"{service}-{}\"`", name.value))
        .help("rename one of them")
}
