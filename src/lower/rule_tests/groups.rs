//! The groups that a test of a grouped SLO plays through.

use smol_str::SmolStr;

use crate::model::{LabelName, Latency, Objective, Ratio, RatioPart, Sli, Slo};
use crate::promql::{self, Expr, LabelValues, MatchOp, Matcher, build, visit};

/// A group with its target.
#[derive(Clone)]
pub(super) struct Group {
    /// The group's labels; none for an SLO without groups.
    pub(super) labels: LabelValues,
    /// Its target.
    pub(super) objective: Objective,
}

/// The only group of an SLO without any; else one with the SLO's target, a second one if the selectors allow it, and one for each
/// override.
pub(super) fn of(slo: &Slo) -> Vec<Group> {
    let Some(grouping) = &slo.grouping else {
        return vec![Group { labels: Vec::new(), objective: slo.objective }];
    };
    let matchers = matchers(&slo.sli);
    let mut groups = Vec::new();
    for index in 0..2 {
        let values = grouping.labels.iter().enumerate().map(|(position, label)| {
            let overridden = grouping.overrides.iter().flat_map(|entry| &entry.matches);
            let overridden: Vec<_> =
                overridden.filter(|(known, _)| known == label).map(|(_, value)| equal(label, value)).collect();
            let wanted = if position == 0 { index } else { 0 };
            value(label, &matchers, &overridden, wanted)
        });
        let labels: Option<LabelValues> = values.collect();
        groups.extend(labels.map(|labels| Group { labels, objective: slo.objective }));
    }
    for entry in &grouping.overrides {
        let values = grouping.labels.iter().map(|label| {
            let own = entry.matches.iter().find(|(known, _)| known == label);
            own.map_or_else(
                || value(label, &matchers, &[], 0),
                |(label, value)| Some((SmolStr::new(label.as_str()), SmolStr::new(value))),
            )
        });
        let labels: Option<LabelValues> = values.collect();
        groups.extend(labels.map(|labels| Group { labels, objective: entry.objective }));
    }
    groups
}

/// A value of a group label that is not empty: the first one that fits, or the second.
fn value(label: &LabelName, matchers: &[Matcher], refused: &[Matcher], index: usize) -> Option<(SmolStr, SmolStr)> {
    let not_empty = build::matcher(label.as_str(), MatchOp::NotEqual, "");
    let matchers: Vec<Matcher> = matchers.iter().cloned().chain([not_empty]).collect();
    let is_refused = |value: &SmolStr| refused.iter().any(|matcher| matcher.value.value == *value);
    let values = promql::values(label.as_str(), &matchers, &[]);
    let value = values.into_iter().filter(|value| !is_refused(value)).nth(index)?;
    Some((SmolStr::new(label.as_str()), value))
}

fn equal(label: &LabelName, value: &str) -> Matcher {
    build::matcher(label.as_str(), MatchOp::Equal, value)
}

/// All matchers of an SLI's selectors.
fn matchers(sli: &Sli) -> Vec<Matcher> {
    let exprs: Vec<&Expr> = match sli {
        Sli::Ratio(Ratio { total, part: RatioPart::Bad(part) | RatioPart::Good(part) }) => vec![total, part],
        Sli::Latency(Latency { count, bucket, .. }) => vec![count, bucket],
        Sli::NativeLatency(latency) => vec![&latency.histogram],
        Sli::Up { gauge, .. } => vec![gauge],
        Sli::Value(value) => vec![&value.expr],
        Sli::ErrorRatio(ratio) => vec![ratio],
        Sli::Composite(_) => Vec::new(),
    };
    let selectors = exprs.into_iter().flat_map(visit::selectors);
    selectors.flat_map(|selected| &selected.selector.matchers).cloned().collect()
}
