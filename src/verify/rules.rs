//! Generated rules: every expression has the type that Prometheus wants.

use crate::ir::RuleFile;
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
