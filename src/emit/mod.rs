//! What was lowered to text: decides *how it looks*, and cannot fail.

pub mod alertmanager;
pub mod grafana;
pub mod kubernetes;
pub mod manifest;
pub mod markdown;
pub mod metrics;
pub mod prometheus;
pub mod prometheus_tests;
pub(crate) mod yaml;
