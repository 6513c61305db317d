//! Lint: PromQL that stands elsewhere than in specs, checked by the same functions as theirs.

mod dashboards;
mod expression;
mod files;
mod rules;

pub use expression::{Expression, Known, expression};
pub use files::{Counts, Linted, files};

use crate::diag::Sink;
use crate::parse::decl::ProjectDecl;
use crate::promql::CheckOptions;

/// What files are held to.
struct Settings {
    /// The Prometheus that runs them.
    options: CheckOptions,
}

impl Settings {
    /// What the project file says; without a word of it, the newest Prometheus with every feature.
    fn new(_project: &ProjectDecl, _sink: &mut Sink) -> Self {
        Self { options: CheckOptions::everything() }
    }
}
