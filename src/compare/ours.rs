//! The rules of one SLO among many.

use std::collections::BTreeSet;

use super::rules::{Rule, RuleSet};
use crate::model::Slo;
use crate::promql::visit::selectors;
use crate::promql::{MatchOp, Matcher};

/// The labels that name an SLO: ours, Sloth's, Pyrra's.
const ID_LABELS: [&str; 3] = ["slo_id", "sloth_id", "slo"];

/// Which rules are about an SLO.
#[derive(Clone, Debug)]
pub enum Match {
    /// Those of a set in which nothing else has an SLO's name.
    Found(RuleSet),
    /// None; the names of SLOs that there are.
    Others(Vec<Other>),
}

/// The name of another SLO: a label and its value.
pub type Other = (&'static str, String);

/// The rules that name an SLO in a label or a matcher, and what they read; all rules if none names any SLO.
#[must_use]
pub fn of_slo(set: &RuleSet, slo: &Slo, wanted: Option<&str>) -> Match {
    let (service, name) = (slo.service.as_str(), slo.name.as_str());
    let ids: BTreeSet<String> = wanted.map_or_else(
        || BTreeSet::from([slo.id.to_string(), format!("{service}-{name}"), name.to_owned()]),
        |id| BTreeSet::from([id.to_owned()]),
    );
    let rules: Vec<&Rule> = set.groups.iter().flat_map(|group| &group.rules).collect();
    let named: BTreeSet<Other> = rules.iter().flat_map(|rule| names(rule)).collect();
    let is_wanted = |(label, id): &Other| {
        // A name alone is enough for Pyrra, whose objects have no service.
        ids.contains(id) && (*label == "slo" || wanted.is_some() || id != name)
    };
    if named.is_empty() && wanted.is_none() {
        return Match::Found(set.clone());
    }
    if !named.iter().any(&is_wanted) {
        return Match::Others(named.into_iter().collect());
    }
    let mut kept: Vec<bool> = rules.iter().map(|rule| names(rule).iter().any(&is_wanted)).collect();
    // What no SLO's name is on, and what is read nevertheless.
    loop {
        let read: BTreeSet<&str> =
            rules.iter().zip(&kept).filter(|(_, kept)| **kept).flat_map(|(rule, _)| reads(rule)).collect();
        let more: Vec<usize> = (0..rules.len())
            .filter(|index| !kept[*index] && !rules[*index].is_alert())
            .filter(|index| read.contains(rules[*index].name.as_str()) && names(rules[*index]).is_empty())
            .collect();
        if more.is_empty() {
            break;
        }
        for index in more {
            kept[index] = true;
        }
    }
    let mut kept = kept.into_iter();
    let mut found = set.clone();
    for group in &mut found.groups {
        group.rules.retain(|_| kept.next().unwrap_or(false));
    }
    found.groups.retain(|group| !group.rules.is_empty());
    Match::Found(found)
}

/// The names of SLOs that a rule has in its labels and in the matchers of its expression.
fn names(rule: &Rule) -> BTreeSet<Other> {
    let mut found = BTreeSet::new();
    let selectors = selectors(&rule.expr);
    for label in ID_LABELS {
        found.extend(rule.label(label).map(|id| (label, id.to_owned())));
        let is_name = |matcher: &&Matcher| matcher.op == MatchOp::Equal && matcher.label.value == label;
        let matchers = selectors.iter().flat_map(|it| &it.selector.matchers).filter(is_name);
        found.extend(matchers.filter(|it| !it.value.value.is_empty()).map(|it| (label, it.value.value.to_string())));
    }
    found
}

fn reads(rule: &Rule) -> impl Iterator<Item = &str> {
    selectors(&rule.expr).into_iter().filter_map(|it| it.selector.name.as_ref()).map(|name| name.value.as_str())
}
