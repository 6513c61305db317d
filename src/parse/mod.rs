//! YAML text to declarations with a place on every value; knows no meaning.

pub mod decl;
