//! Files of rules and dashboards: which they are, and all that is wrong in them.

use rayon::prelude::*;

use super::{Settings, dashboards, nan, rules};
use crate::diag::{self, Diagnostic, Levels, Sink};
use crate::parse::decl::ProjectDecl;
use crate::parse::foreign::{self, Foreign};
use crate::parse::prometheus_rules::{GroupDecl, RuleDecl, RuleKind};
use crate::parse::{self, document, grafana_dashboard, prometheus_rules};
use crate::source::{FileId, SourceKind, Sources, Text};

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
    let mut settings = Settings::of_project(&project, sources, &mut sink);
    let ids: Vec<FileId> = sources.iter().filter(|(_, file)| file.kind == SourceKind::Spec).map(|(id, _)| id).collect();
    let read: Vec<Read> = ids.into_par_iter().map(|id| read(sources, id)).collect();
    settings.known.record(read.iter().flat_map(Read::recorded));
    settings.nan = read.par_iter().flat_map_iter(|file| file.all_rules().filter_map(nan::recorded)).collect();
    let checked: Vec<Read> = read.into_par_iter().map(|file| file.checked(&settings)).collect();
    let mut linted = Linted::default();
    for Read { id, kind, expressions, problems, .. } in checked {
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

/// A file and what is in it.
struct Read {
    id: FileId,
    kind: Kind,
    expressions: usize,
    /// The groups of each document with rules.
    rules: Vec<Vec<GroupDecl>>,
    queries: Vec<Text>,
    problems: Sink,
}

impl Read {
    fn new(id: FileId, kind: Kind, problems: Sink) -> Self {
        Self { id, kind, expressions: 0, rules: Vec::new(), queries: Vec::new(), problems }
    }

    fn all_rules(&self) -> impl Iterator<Item = &RuleDecl> {
        self.rules.iter().flatten().flat_map(|group| &group.rules)
    }

    /// The names of the series that its rules record.
    fn recorded(&self) -> impl Iterator<Item = String> {
        self.all_rules().filter(|rule| rule.kind == RuleKind::Record).map(|rule| rule.name.value.clone())
    }

    /// The same with all problems of its rules and queries.
    fn checked(mut self, settings: &Settings) -> Self {
        for groups in &self.rules {
            rules::check(groups, settings, &mut self.problems);
        }
        for query in &self.queries {
            dashboards::check(query, settings, &mut self.problems);
        }
        self
    }
}

/// Reads a file.
fn read(sources: &Sources, id: FileId) -> Read {
    let source = sources.file(id);
    let mut file = Read::new(id, Kind::Other, Sink::default());
    if source.problem.is_some() {
        let _ = document::read(sources, id, &mut file.problems);
        return Read { kind: Kind::Broken, ..file };
    }
    let documents = match foreign::read(source, id) {
        Foreign::Documents(documents) => documents,
        Foreign::Template => return Read { kind: Kind::Template, ..file },
        Foreign::Broken(problems) if is_claimed(&source.text) => return Read::new(id, Kind::Broken, problems),
        Foreign::Broken(_) => return file,
    };
    for document in &documents {
        if let Some(groups) = prometheus_rules::groups(document, &mut file.problems) {
            file.kind = Kind::Rules;
            let rules = groups.iter().flat_map(|group| &group.rules);
            file.expressions += rules.filter(|rule| rule.expr.is_some()).count();
            file.rules.push(groups);
        } else if let Some(queries) = grafana_dashboard::queries(document) {
            file.kind = Kind::Dashboard;
            file.expressions += queries.len();
            file.queries.extend(queries);
        }
    }
    file
}

/// Whether a text that cannot be read says that it holds rules or a dashboard.
fn is_claimed(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "groups:" || line.trim() == "kind: PrometheusRule")
        || text.contains("\"panels\"") && text.trim_start().starts_with('{')
}
