//! The one test binary: a module for each thing that is tested.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, reads and writes files, and says aloud what it skips"
)]

mod site;
mod support;

mod architecture;
mod backfill;
mod calendar;
mod cli;
mod compare;
mod compose;
mod composite;
mod convert;
mod dashboards;
mod errors;
mod forecast;
mod front_ends;
mod docs;
mod examples;
mod explain;
mod go_template;
mod intervals;
mod lint;
mod maintenance;
mod metrics;
mod native_histograms;
mod on_call;
mod parse;
mod promql;
mod promtool;
mod provisioning;
mod runbooks;
mod readme;
mod reference;
mod rule_tests;
mod runbook_texts;
mod render;
mod warm_up;
mod resolve;
mod sloth;
mod sloth_profile;
mod timeslices;
