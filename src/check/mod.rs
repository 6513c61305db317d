//! Problems that only the whole input shows, one file each.

mod alert_names;
mod boards;
mod dependencies;
mod inhibition_cycles;
mod inhibitions;
mod maintenance_share;
mod named_labels;
mod reserved_names;
mod routing_labels;
mod runbook_stubs;
mod service_names;
mod slo_ids;
mod teams;

use std::collections::BTreeSet;

use crate::diag::Sink;
use crate::model::{OnCall, RunbookTexts, Service};
use crate::source::{SourceKind, Sources};

/// Runs every check on all services that users define, and on who is told of their alerts. `lost` are the paths of SLOs that have
/// problems: whoever names them is told no more.
pub fn all(all: &[Service], lost: &BTreeSet<String>, on_call: Option<&OnCall>, sources: &Sources, sink: &mut Sink) {
    let is_users = |service: &&Service| sources.file(service.file).kind == SourceKind::Spec;
    let services: Vec<&Service> = all.iter().filter(is_users).collect();
    reserved_names::check(&services, sink);
    service_names::check(&services, sink);
    slo_ids::check(&services, sink);
    alert_names::check(&services, sink);
    routing_labels::check(&services, sink);
    boards::check(&services, (all, lost), sink);
    dependencies::check(&services, sink);
    inhibitions::check(&services, sink);
    inhibition_cycles::check(&services, sink);
    teams::check(&services, on_call, sink);
    maintenance_share::check(&services, sink);
}

/// Reports pages of paging alerts that nobody has written for.
pub fn runbooks(services: &[Service], texts: &RunbookTexts, sources: &Sources, sink: &mut Sink) {
    let is_users = |service: &&Service| sources.file(service.file).kind == SourceKind::Spec;
    runbook_stubs::check(services.iter().filter(is_users), texts, sink);
}
