//! slosmith: a compiler for observability as code.
//!
//! The stages, each a module: *load* reads files, *parse* turns YAML into declarations, *resolve* turns these into the model,
//! *check* finds problems that need meaning, *lower* decides what to write, *verify* checks all of that as a whole, *emit*
//! decides how it looks, *store* writes files.

pub mod source;
pub mod diag;
pub mod promql;
pub mod parse;
pub mod model;
pub mod resolve;
pub mod check;
pub mod ir;
pub mod lower;
pub mod emit;

use diag::Diagnostic;
use source::Span;

/// What came of a compilation. Complete in memory; nothing is written yet.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The files to write, sorted by path; empty if any diagnostic is an error.
    pub outputs: Vec<Output>,
    /// What was compiled.
    pub counts: Counts,
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct Output {
    /// The path below the output folder, with `/` on every system.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// What in the sources its parts come from, in the order of the text.
    pub origins: Vec<Origin>,
}

/// Where a part of an output comes from; the manifest turns it into lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The part: the name of a rule group, an alert, a dashboard row or a page.
    pub part: String,
    /// What in the sources it comes from.
    pub span: Span,
}

/// What was compiled, for the summary line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Services.
    pub services: usize,
    /// Objectives.
    pub slos: usize,
    /// Recording rules.
    pub recording_rules: usize,
    /// Alerting rules.
    pub alerts: usize,
    /// Dashboards.
    pub dashboards: usize,
    /// Runbook pages.
    pub runbooks: usize,
}
