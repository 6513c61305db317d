//! slosmith: a compiler for observability as code.

pub mod promql;
