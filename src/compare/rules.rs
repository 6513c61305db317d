//! Rules of files, whoever wrote them, with their expressions as trees.

use crate::diag::Sink;
use crate::model::Duration;
use crate::parse::foreign::{self, Foreign};
use crate::parse::prometheus_rules::{self, GroupDecl, RuleDecl, RuleKind};
use crate::promql::{Dialect, Expr, ParseOptions, parse};
use crate::source::{FileId, Sources, Text};

/// All groups of some files, in the order of these.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// The groups.
    pub groups: Vec<Group>,
}

/// Rules that are evaluated in order, at one time.
#[derive(Clone, Debug)]
pub struct Group {
    /// How often; `None` if the group leaves that to Prometheus.
    pub interval: Option<Duration>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it makes.
    pub kind: Kind,
    /// The name of the series or the alert.
    pub name: String,
    /// The expression.
    pub expr: Expr,
    /// The labels it sets; templates as they are written.
    pub labels: Vec<(String, String)>,
}

/// What a rule makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A series.
    Record,
    /// An alert that waits for so long, and is kept for so long.
    Alert {
        /// `for`
        wait: Duration,
        /// `keep_firing_for`
        keep: Duration,
    },
}

impl Rule {
    /// A label that it sets.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }

    /// Whether it alerts.
    #[must_use]
    pub fn is_alert(&self) -> bool {
        matches!(self.kind, Kind::Alert { .. })
    }
}

/// Reads the rules among some files; other files are passed over.
///
/// # Errors
/// What Prometheus would not load, each with its file.
pub fn read(sources: &Sources, files: &[FileId]) -> Result<RuleSet, Vec<String>> {
    let (mut set, mut problems) = (RuleSet::default(), Vec::new());
    for id in files {
        let file = sources.file(*id);
        let Foreign::Documents(documents) = foreign::read(file, *id) else { continue };
        for document in &documents {
            let mut sink = Sink::default();
            for group in prometheus_rules::groups(document, &mut sink).unwrap_or_default() {
                match self::group(&group) {
                    Ok(group) => set.groups.push(group),
                    Err(problem) => problems.push(format!("{}: {problem}", file.path)),
                }
            }
            if sink.has_errors() {
                problems.push(format!("{}: Prometheus does not load it: `slosmith lint` tells why", file.path));
            }
        }
    }
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}

fn group(decl: &GroupDecl) -> Result<Group, String> {
    let interval = decl.interval.as_ref().map(time).transpose()?;
    let rules = decl.rules.iter().map(rule).collect::<Result<_, _>>()?;
    // Zero is what is left to Prometheus.
    Ok(Group { interval: interval.filter(|interval| interval.millis() > 0), rules })
}

fn rule(decl: &RuleDecl) -> Result<Rule, String> {
    let name = decl.name.value.clone();
    let text = decl.expr.as_ref().map_or("", |expr| expr.value.as_str());
    let expr = parse(text, &ParseOptions::new(Dialect::default()))
        .map_err(|_| format!("the expression of `{name}` is no PromQL: `slosmith lint` tells why"))?;
    let optional = |text: &Option<Text>| text.as_ref().map_or(Ok(Duration::from_millis(0)), time);
    let kind = match decl.kind {
        RuleKind::Record => Kind::Record,
        RuleKind::Alert => Kind::Alert { wait: optional(&decl.wait)?, keep: optional(&decl.keep_firing_for)? },
    };
    let labels = decl.labels.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect();
    Ok(Rule { kind, name, expr, labels })
}

/// A duration as Prometheus reads it, where zero needs no unit.
fn time(text: &Text) -> Result<Duration, String> {
    if text.value == "0" {
        return Ok(Duration::from_millis(0));
    }
    Duration::parse(&text.value).map_err(|_| format!("`{}` is no duration", text.value))
}
