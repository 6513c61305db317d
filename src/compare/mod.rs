//! What two sets of rules make of the same incidents, as far as no Prometheus is needed: what happens, which rules there are, in which
//! order they are evaluated, and when alerts fire.

mod alert;
mod incident;
mod ours;
mod plan;
mod ratio;
mod rules;
mod samples;

pub use alert::{Courses, Spell, joined};
pub use incident::{Incident, Scene, Traffic};
pub use ours::{Match, Other, of_slo};
pub use plan::{Demand, How, Step, plan, raw_selectors};
pub use ratio::period_ratio;
pub use rules::{Group, Kind, Rule, RuleSet, read};
pub use samples::{Samples, Truth, samples};

/// Label names with their values, sorted by name.
pub type Labels = Vec<(String, String)>;
