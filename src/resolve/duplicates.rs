//! Two SLOs of one name in a service, whether or not something else is wrong with them.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::SloDecl;
use crate::source::Text;

/// Reports every SLO whose name an earlier one has.
pub(super) fn slo_names(service: &Text, slos: &[SloDecl], sink: &mut Sink) {
    let mut first_of: BTreeMap<&str, &Text> = BTreeMap::new();
    for name in slos.iter().filter_map(|slo| slo.name.as_ref()) {
        match first_of.get(name.value.as_str()) {
            Some(first) => sink.push(duplicate(&service.value, first, name)),
            None => drop(first_of.insert(&name.value, name)),
        }
    }
}

fn duplicate(service: &str, first: &Text, name: &Text) -> Diagnostic {
    let message = format!("the service `{service}` has two SLOs named `{}`", name.value);
    Diagnostic::new(Code::DuplicateSlo, name.span, message)
        .secondary(first.span, "the first one")
        .note(format!("both would record the series with `slo_id=\"{service}-{}\"`", name.value))
        .help("rename one of them")
}
