//! How Grafana reaches what it draws, and where boards and rules are written to beside the files.

use std::collections::{BTreeMap, BTreeSet};

use super::Duration;
use crate::promql::Version;

/// The data sources of Grafana.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSources {
    /// Prometheus, the one that boards choose at first.
    pub prometheus: DataSource,
    /// Its version, if the project says which one it is.
    pub version: Option<Version>,
    /// How often it scrapes, if the project says it.
    pub scrape_interval: Option<Duration>,
    /// Alertmanager, for silences and the state of alerts.
    pub alertmanager: Option<DataSource>,
}

/// A data source of Grafana.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSource {
    /// What people choose it by; unique.
    pub name: String,
    /// What boards and rules refer to it by: 1 to 40 of `[a-zA-Z0-9_-]`; unique.
    pub uid: String,
    /// Its address as Grafana's server sees it; `$NAME` and `${NAME}` are variables of that server's environment.
    pub url: String,
}

/// The objects of Kubernetes that are written beside the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kubernetes {
    /// Their kinds.
    pub objects: BTreeSet<KubernetesObject>,
    /// Where they live; where they are applied to if absent.
    pub namespace: Option<String>,
    /// Labels of each of them.
    pub labels: BTreeMap<String, String>,
    /// The labels of the Grafana instances that load boards.
    pub instances: BTreeMap<String, String>,
}

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KubernetesObject {
    /// A `ConfigMap` for each board, which a sidecar of Grafana finds by its label.
    ConfigMap,
    /// A `GrafanaDashboard` for each board and a `GrafanaFolder` for each folder, for the Grafana operator.
    GrafanaOperator,
    /// A `PrometheusRule` for each rule file, for the Prometheus operator.
    PrometheusOperator,
}

impl KubernetesObject {
    /// All kinds, as the project file names them.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("configmap", Self::ConfigMap),
        ("grafana-operator", Self::GrafanaOperator),
        ("prometheus-operator", Self::PrometheusOperator),
    ];
}
