//! Generated rules: every expression has the type that Prometheus wants.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ir::{Rule, RuleFile, RuleKind};
use crate::promql::{CheckOptions, ValueType, check, print};

/// Checks every expression of a rule file.
///
/// # Panics
/// When one is wrong: users' faults were reported before anything was lowered, so this one is ours.
pub fn rules(file: &RuleFile) {
    for rule in file.groups.iter().flat_map(|group| &group.rules) {
        match check(&rule.expr, &CheckOptions::everything()) {
            Ok(ValueType::Vector | ValueType::Scalar) => {}
            wrong => panic!("a bug in slosmith: a rule of {} is wrong: {wrong:?} in\n{}", file.path, print(&rule.expr)),
        }
    }
}

/// The names of all series that rule files record.
#[must_use]
pub fn recorded_names<'a>(files: impl IntoIterator<Item = &'a RuleFile>) -> BTreeSet<SmolStr> {
    let rules = files.into_iter().flat_map(|file| &file.groups).flat_map(|group| &group.rules);
    rules.filter_map(recorded_name).collect()
}

fn recorded_name(rule: &Rule) -> Option<SmolStr> {
    match &rule.kind {
        RuleKind::Record(name) => Some(name.clone()),
        RuleKind::Alert(_) => None,
    }
}
