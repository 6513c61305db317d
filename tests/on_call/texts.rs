//! How notifications read.
