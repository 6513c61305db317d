//! Lint: PromQL that stands elsewhere than in specs, checked by the same functions as theirs.

mod dashboards;
mod expression;
mod files;
mod nan;
mod rules;

pub use expression::{Expression, Known, expression};
pub use files::{Counts, Linted, files};

use crate::catalogue;
use crate::diag::{self, Diagnostic, Levels, Sink};
use crate::parse::decl::ProjectDecl;
use crate::promql::CheckOptions;
use crate::resolve;
use crate::source::Sources;

/// The metrics that there are, and what is wrong with the catalogues that say so.
#[derive(Clone, Debug)]
pub struct KnownMetrics {
    /// The metrics.
    pub metrics: catalogue::Known,
    /// Problems of the catalogues, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the metric catalogues among the sources; problems of a project file are left for others to report.
#[must_use]
pub fn known_metrics(sources: &Sources) -> KnownMetrics {
    let mut sink = Sink::default();
    let metrics = resolve::known_metrics(sources, &ProjectDecl::default(), &mut sink);
    KnownMetrics { metrics, diagnostics: diag::finish(sink, sources, &Levels::default(), &[]) }
}

/// What expressions are held to.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The Prometheus that runs them.
    pub options: CheckOptions,
    /// The metrics that there are, as far as catalogues say.
    pub known: catalogue::Known,
    /// The recorded series that are NaN without traffic.
    nan: nan::NanSeries,
}

impl Settings {
    /// Settings for expressions that stand alone.
    #[must_use]
    pub fn new(options: CheckOptions, known: catalogue::Known) -> Self {
        Self { options, known, nan: nan::NanSeries::new() }
    }

    /// What the project file says; without a word of it, the newest Prometheus with every feature.
    fn of_project(project: &ProjectDecl, sources: &Sources, sink: &mut Sink) -> Self {
        let targets = &project.targets;
        let is_silent = targets.prometheus.is_none() && targets.features.is_empty();
        Self {
            options: if is_silent { CheckOptions::everything() } else { resolve::targets(targets, sink) },
            known: resolve::known_metrics(sources, project, sink),
            nan: nan::NanSeries::new(),
        }
    }
}
