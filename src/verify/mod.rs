//! What was lowered, checked as a whole before anything is written.

mod links;
mod rules;
mod runbooks;

pub use links::links;
pub use rules::{recorded_names, rules};
pub use runbooks::runbook_queries;
