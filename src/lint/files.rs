//! Files of rules and dashboards: which they are, and all that is wrong in them.

use rayon::prelude::*;

use super::{Settings, dashboards, rules};
use crate::diag::{self, Diagnostic, Levels, Sink};
use crate::parse::decl::ProjectDecl;
use crate::parse::foreign::{self, Foreign};
use crate::parse::{self, document, grafana_dashboard, prometheus_rules};
use crate::source::{FileId, SourceKind, Sources};

/// What came of linting.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was looked at.
    pub counts: Counts,
    /// The files that are templates for Helm or another program, which cannot be judged before they are filled in.
    pub templates: Vec<FileId>,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files with rules.
    pub rule_files: usize,
    /// Dashboards.
    pub dashboards: usize,
    /// Expressions of rules and dashboards.
    pub expressions: usize,
    /// Files with neither, templates among them.
    pub skipped: usize,
}

/// Lints the rules and dashboards among the sources, in parallel, as the project file wants it.
#[must_use]
pub fn files(sources: &Sources) -> Linted {
    let mut sink = Sink::default();
    let project_file = sources.iter().find(|(_, file)| file.kind == SourceKind::Project);
    let project = project_file.map_or_else(ProjectDecl::default, |(id, _)| parse::project(sources, id, &mut sink));
    let levels = Levels::read(&project.lint, &mut sink);
    let settings = Settings::new(&project, &mut sink);
    let ids: Vec<FileId> = sources.iter().filter(|(_, file)| file.kind == SourceKind::Spec).map(|(id, _)| id).collect();
    let found: Vec<_> = ids.into_par_iter().map(|id| (id, file(sources, id, &settings))).collect();
    let mut linted = Linted::default();
    for (id, (kind, expressions, problems)) in found {
        match kind {
            Kind::Rules => linted.counts.rule_files += 1,
            Kind::Dashboard => linted.counts.dashboards += 1,
            Kind::Broken => {}
            Kind::Other => linted.counts.skipped += 1,
            Kind::Template => {
                linted.counts.skipped += 1;
                linted.templates.push(id);
            }
        }
        linted.counts.expressions += expressions;
        sink.append(problems);
    }
    linted.diagnostics = diag::finish(sink, sources, &levels, &parse::comments(sources));
    linted
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rules,
    Dashboard,
    /// It says it is one of them, and cannot be read.
    Broken,
    Template,
    Other,
}

/// Lints a file; what it is, how many expressions it has, and its problems.
fn file(sources: &Sources, id: FileId, settings: &Settings) -> (Kind, usize, Sink) {
    let source = sources.file(id);
    let mut sink = Sink::default();
    if source.problem.is_some() {
        let _ = document::read(sources, id, &mut sink);
        return (Kind::Broken, 0, sink);
    }
    let documents = match foreign::read(source, id) {
        Foreign::Documents(documents) => documents,
        Foreign::Template => return (Kind::Template, 0, sink),
        Foreign::Broken(problems) if is_claimed(&source.text) => return (Kind::Broken, 0, problems),
        Foreign::Broken(_) => return (Kind::Other, 0, sink),
    };
    let (mut kind, mut expressions) = (Kind::Other, 0);
    for document in &documents {
        if let Some(groups) = prometheus_rules::groups(document, &mut sink) {
            kind = Kind::Rules;
            expressions += groups.iter().flat_map(|group| &group.rules).filter(|rule| rule.expr.is_some()).count();
            rules::check(&groups, settings, &mut sink);
        } else if let Some(queries) = grafana_dashboard::queries(document) {
            kind = Kind::Dashboard;
            expressions += queries.len();
            for query in &queries {
                dashboards::check(query, settings, &mut sink);
            }
        }
    }
    (kind, expressions, sink)
}

/// Whether a text that cannot be read says that it holds rules or a dashboard.
fn is_claimed(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "groups:" || line.trim() == "kind: PrometheusRule")
        || text.contains("\"panels\"") && text.trim_start().starts_with('{')
}
