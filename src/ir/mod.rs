//! What will be written, as plain data.

pub mod dashboard;
mod rules;

pub use dashboard::Dashboard;
pub use rules::{AlertRule, Rule, RuleFile, RuleGroup, RuleKind};
