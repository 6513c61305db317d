//! Catalogues of alert windows that no SLO has the period for.

use std::collections::BTreeSet;

use crate::diag::Sink;
use crate::model::{Duration, Service};
use crate::parse::decl::{BurnDecl, SpecDecl};
use crate::parse::unused_windows as unused;

/// Warns of the catalogues in these specs for periods that none of their SLOs has; nothing of SLOs that cannot be read.
pub fn unused_windows(specs: &[SpecDecl], services: &[Option<&Service>], sink: &mut Sink) {
    let alerting = specs.iter().flat_map(|spec| &spec.slos).filter_map(|slo| slo.alerting.as_ref());
    let catalogue = alerting.filter_map(|alerting| alerting.burn.as_ref()).find_map(|burn| match burn {
        BurnDecl::Catalogue(catalogue) => Some(catalogue),
        BurnDecl::Standard(_) | BurnDecl::None(_) | BurnDecl::Tiers(_) => None,
    });
    let Some(catalogue) = catalogue.filter(|catalogue| !catalogue.windows.is_empty()) else { return };
    let slos = services.iter().flatten().flat_map(|service| &service.slos);
    let periods: BTreeSet<Duration> = slos.map(|slo| slo.window).collect();
    let is_unused = |period: &str| Duration::parse(period).is_ok_and(|period| !periods.contains(&period));
    if periods.is_empty() {
        return;
    }
    sink.extend(catalogue.windows.iter().filter(|windows| is_unused(&windows.period.value)).map(unused));
}
