//! What was lowered to text: decides *how it looks*, and cannot fail.

pub mod prometheus;
mod yaml;
