//! Objects of Kubernetes that carry a board or a rule file.

use smol_str::SmolStr;

/// An object of Kubernetes.
#[derive(Clone, Debug)]
pub struct KubernetesObject {
    /// Its name: at most 63 of `[a-z0-9-]`, unique among those of its kind.
    pub name: SmolStr,
    /// Where it lives; where it is applied to if absent.
    pub namespace: Option<SmolStr>,
    /// Its labels.
    pub labels: Vec<(SmolStr, SmolStr)>,
    /// What it is.
    pub kind: ObjectKind,
}

/// What an object is.
#[derive(Clone, Debug)]
pub enum ObjectKind {
    /// A board as a file that a sidecar of Grafana writes to disk.
    ConfigMap {
        /// The name of the file.
        file: SmolStr,
        /// The folder that the sidecar puts it into.
        folder: SmolStr,
    },
    /// A board for the Grafana operator.
    GrafanaDashboard {
        /// The name of the `GrafanaFolder` that it lies in.
        folder: SmolStr,
        /// The labels of the Grafana instances that load it.
        instances: Vec<(SmolStr, SmolStr)>,
    },
    /// A folder for the Grafana operator.
    GrafanaFolder {
        /// What people see.
        title: SmolStr,
        /// The labels of the Grafana instances that have it.
        instances: Vec<(SmolStr, SmolStr)>,
    },
    /// A rule file for the Prometheus operator.
    PrometheusRule,
}

impl KubernetesObject {
    /// The path below the output folder.
    #[must_use]
    pub fn path(&self) -> String {
        let folder = match self.kind {
            ObjectKind::ConfigMap { .. } => "config-maps",
            ObjectKind::GrafanaDashboard { .. } => "grafana-dashboards",
            ObjectKind::GrafanaFolder { .. } => "grafana-folders",
            ObjectKind::PrometheusRule => "prometheus-rules",
        };
        format!("kubernetes/{folder}/{}.yaml", self.name)
    }
}
