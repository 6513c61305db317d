//! What was lowered, checked as a whole before anything is written.

mod rules;

pub use rules::{recorded_names, rules};
