//! Alerts that Grafana evaluates itself, on series that Prometheus records.

use smol_str::SmolStr;

use crate::promql::Expr;
use crate::source::Span;

/// A file of alert rules.
#[derive(Clone, Debug)]
pub struct GrafanaAlertFile {
    /// The path below the output folder.
    pub path: String,
    /// The uid of the data source that is asked.
    pub datasource: SmolStr,
    /// The groups.
    pub groups: Vec<GrafanaAlertGroup>,
}

/// A group of alert rules that are evaluated at one time.
#[derive(Clone, Debug)]
pub struct GrafanaAlertGroup {
    /// Unique in the whole output.
    pub name: SmolStr,
    /// How often, in seconds: a multiple of the ten that Grafana counts in.
    pub interval_seconds: u64,
    /// The rules.
    pub rules: Vec<GrafanaAlert>,
    /// What in the source it comes from.
    pub origin: Span,
}

/// An alert rule: it fires for every series that the expression returns, as in Prometheus.
#[derive(Clone, Debug)]
pub struct GrafanaAlert {
    /// 1 to 40 of `[a-zA-Z0-9_-]`, unique in the whole output.
    pub uid: SmolStr,
    /// The label `alertname`; unique in the whole output.
    pub title: SmolStr,
    /// The expression.
    pub expr: Expr,
    /// `for`
    pub wait: Option<SmolStr>,
    /// `keep_firing_for`
    pub keep_firing_for: Option<SmolStr>,
    /// Labels (templates) in output order.
    pub labels: Vec<(SmolStr, SmolStr)>,
    /// Annotations (templates) in output order.
    pub annotations: Vec<(SmolStr, String)>,
}
