//! PromQL: text to tree and back, types, labels. Knows nothing of the rest.

pub mod ast;

pub use ast::*;
