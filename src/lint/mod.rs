//! Lint: PromQL that stands elsewhere than in specs, checked by the same functions as theirs.

mod expression;

pub use expression::{Expression, Known, expression};
