//! YAML text to declarations with a place on every value; knows no meaning.

pub mod decl;
pub mod yaml;
pub mod document;
mod places;
mod keys;
mod traps;
pub mod read;
mod native;

pub use native::{project, spec};
