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
use crate::resolve;

/// What files are held to.
struct Settings {
    /// The Prometheus that runs them.
    options: CheckOptions,
}

impl Settings {
    /// What the project file says; without a word of it, the newest Prometheus with every feature.
    fn new(project: &ProjectDecl, sink: &mut Sink) -> Self {
        let targets = &project.targets;
        let is_silent = targets.prometheus.is_none() && targets.features.is_empty();
        Self { options: if is_silent { CheckOptions::everything() } else { resolve::targets(targets, sink) } }
    }
}
