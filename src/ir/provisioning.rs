//! What Grafana reads when it starts: its data sources, and where its boards lie.

use smol_str::SmolStr;

use crate::promql::Version;

/// The provisioning of a Grafana.
#[derive(Clone, Debug)]
pub struct Provisioning {
    /// The data sources; the first one is chosen unless a person chooses another.
    pub sources: Vec<DataSource>,
}

/// A data source.
#[derive(Clone, Debug)]
pub struct DataSource {
    /// What people choose it by.
    pub name: SmolStr,
    /// What boards and rules refer to it by.
    pub uid: SmolStr,
    /// Its address; `$NAME` and `${NAME}` are variables of the environment.
    pub url: SmolStr,
    /// What it is.
    pub kind: DataSourceKind,
}

/// What a data source is.
#[derive(Clone, Debug)]
pub enum DataSourceKind {
    /// A Prometheus.
    Prometheus {
        /// How often it scrapes, as Prometheus writes durations: `$__rate_interval` is at least four times that.
        interval: SmolStr,
        /// Its version, if it is known.
        version: Option<Version>,
    },
    /// Prometheus's Alertmanager.
    Alertmanager,
}
