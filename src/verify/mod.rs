//! What was lowered, checked as a whole before anything is written.

mod links;
mod recorded;
mod rules;
mod runbooks;
mod dashboards;
mod kubernetes;

pub use dashboards::{BoardNames, dashboard, dashboard_faults, dashboard_set, dashboard_set_faults};
pub use kubernetes::object_size;
pub use links::links;
pub use recorded::Recorded;
pub use rules::rules;
pub use runbooks::runbook_queries;
