//! Prometheus rule files.

use smol_str::SmolStr;

use crate::promql::Expr;
use crate::source::Span;

/// A rule file.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// The path below the output folder.
    pub path: String,
    /// Comment lines at the top, without `#`.
    pub header: Vec<String>,
    /// The groups.
    pub groups: Vec<RuleGroup>,
}

/// A group of rules that are evaluated in order, at one time.
#[derive(Clone, Debug)]
pub struct RuleGroup {
    /// Unique in the whole output.
    pub name: SmolStr,
    /// A comment line above it, without `#`.
    pub comment: Option<String>,
    /// How often, as Prometheus writes durations; Prometheus's own default if absent.
    pub interval: Option<SmolStr>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// What in the source it comes from.
    pub origin: Span,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Whether it records or alerts.
    pub kind: RuleKind,
    /// The expression.
    pub expr: Expr,
    /// Labels in output order.
    pub labels: Vec<(SmolStr, SmolStr)>,
    /// What in the source it comes from.
    pub origin: Span,
}

/// Whether a rule records or alerts.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// Records a series of this name.
    Record(SmolStr),
    /// Alerts.
    Alert(AlertRule),
}

/// What only alerting rules have.
#[derive(Clone, Debug)]
pub struct AlertRule {
    /// The alert's name.
    pub name: SmolStr,
    /// `for`
    pub wait: Option<SmolStr>,
    /// `keep_firing_for`
    pub keep_firing_for: Option<SmolStr>,
    /// Annotations (Prometheus templates) in output order.
    pub annotations: Vec<(SmolStr, String)>,
}
