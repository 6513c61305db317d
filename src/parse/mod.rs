//! YAML text to declarations with a place on every value; knows no meaning.

pub mod decl;
pub mod yaml;
pub mod document;
mod places;
mod keys;
mod identifier;
mod outside_quotes;
mod selector;
mod no_effect;
mod traps;
pub mod read;
mod native;
mod sloth;
mod openslo;
mod pyrra;
mod formats;
mod ignored;
pub mod foreign;
mod json;
pub mod prometheus_rules;
pub mod grafana_dashboard;
mod comments;
pub mod metrics;
pub mod runbook_text;
pub mod shell;

pub use comments::{Remark, Standing, comments, remarks};
pub use formats::{Declared, Foreign, Format, declared, foreign_specs, spec, specs};
pub use identifier::identifier;
pub use native::project;
pub use outside_quotes::outside_quotes;
pub use runbook_text::runbook_texts;
pub use sloth::unused as unused_windows;
