//! Problems that only the whole input shows, one file each.

mod alert_names;
mod reserved_names;
mod service_names;
mod slo_ids;

use crate::diag::Sink;
use crate::model::Service;

/// Runs every check on all services.
pub fn all(services: &[Service], sink: &mut Sink) {
    reserved_names::check(services, sink);
    service_names::check(services, sink);
    slo_ids::check(services, sink);
    alert_names::check(services, sink);
}
