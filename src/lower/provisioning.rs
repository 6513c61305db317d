//! The provisioning of Grafana.

use crate::ir::{DataSourceKind, Provisioning};
use crate::model::{DataSource, DataSources, Duration, Service};
use crate::{ir, promql::Version};

/// How often Prometheus scrapes unless somebody says otherwise.
const USUAL_INTERVAL: Duration = Duration::from_mins(1);

/// What Grafana reads when it starts.
#[must_use]
pub fn provisioning(sources: &DataSources, services: &[Service]) -> Provisioning {
    let prometheus = prometheus(sources, services, sources.version);
    let prometheus = source(&sources.prometheus, prometheus);
    let alertmanager = sources.alertmanager.as_ref().map(|decl| source(decl, DataSourceKind::Alertmanager));
    Provisioning { sources: [prometheus].into_iter().chain(alertmanager).collect() }
}

/// What the project scrapes by decides; without a word of it, the slowest SLO, of whose series a rate then has enough samples.
fn prometheus(sources: &DataSources, services: &[Service], version: Option<Version>) -> DataSourceKind {
    let slowest = || services.iter().flat_map(|service| &service.slos).map(|slo| slo.blocks.scrape()).max();
    let interval = sources.scrape_interval.or_else(slowest).unwrap_or(USUAL_INTERVAL);
    DataSourceKind::Prometheus { interval: interval.to_string().into(), version }
}

fn source(source: &DataSource, kind: DataSourceKind) -> ir::DataSource {
    let DataSource { name, uid, url } = source;
    ir::DataSource { name: name.into(), uid: uid.into(), url: url.into(), kind }
}
