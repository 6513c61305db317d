//! The one test binary: a module for each thing that is tested.

mod support;

mod examples;
mod parse;
mod promtool;
mod reference;
