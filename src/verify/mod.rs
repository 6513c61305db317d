//! What was lowered, checked as a whole before anything is written.

mod links;
mod asked_series;
mod recorded;
mod rules;
mod runbooks;
mod dashboards;
mod kubernetes;
mod routes;

pub use asked_series::asked_series;
pub use dashboards::{BoardNames, asked_dashboard, dashboard, dashboard_faults, dashboard_set, dashboard_set_faults};
pub use kubernetes::object_size;
pub use links::links;
pub use recorded::Recorded;
pub use routes::{AlertLabels, End, Reached, RoutedAlert, Way, ends, routed, routes};
pub use rules::rules;
pub use runbooks::runbook_queries;
