//! What will be written, as plain data.

mod rules;

pub use rules::{AlertRule, Rule, RuleFile, RuleGroup, RuleKind};
