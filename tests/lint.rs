//! `slosmith promql` and `slosmith lint` through the binary, over Prometheus's own expressions, and rules and boards from the wild.

mod files;
mod promql;
