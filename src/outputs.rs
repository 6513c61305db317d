//! From services to texts: lower, verify, emit, one service after the other on all cores.

mod kubernetes;

use std::collections::BTreeMap;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::diag::Sink;
use crate::ir::dashboard::LintException;
use crate::ir::{Dashboard, Page, Provisioning, RuleFile, RuleKind, RuleTestFile, Runbook, RunbookIndex};
use crate::model::{Board, DataSources, Kubernetes, RuleTests, RunbookTexts, Service};
use crate::promql::Expr;
use crate::source::Text;
use crate::verify::{BoardNames, Recorded};
use crate::{Counts, Origin, Output, emit, lower, verify};

/// What one service, or the fleet, adds to the outputs.
#[derive(Default)]
struct Part {
    outputs: Vec<Output>,
    counts: Counts,
    pages: Vec<Page>,
    recorded: Recorded,
    boards: Vec<BoardNames>,
    exceptions: BTreeMap<SmolStr, Vec<LintException>>,
}

impl Part {
    fn add_dashboard(&mut self, board: &Dashboard) {
        let names = verify::dashboard(board, &self.recorded);
        self.add_verified(board, names);
    }

    fn add_verified(&mut self, board: &Dashboard, names: BoardNames) {
        self.boards.push(names);
        self.counts.dashboards += 1;
        let exceptions = lower::lint_exceptions(board);
        if !exceptions.is_empty() {
            self.exceptions.entry(board.folder.clone()).or_default().extend(exceptions);
        }
        self.outputs.push(dashboard(board));
    }
}

/// What the project file says of the outputs as a whole.
pub(crate) struct Settings {
    /// The data sources of Grafana.
    pub(crate) sources: DataSources,
    /// The objects of Kubernetes beside the files.
    pub(crate) kubernetes: Kubernetes,
    /// Whether tests of the rules are written.
    pub(crate) rule_tests: RuleTests,
}

/// All files to write, sorted by path, and what they hold; a service is dropped when its texts are there.
pub(crate) fn outputs(
    services: Vec<Service>,
    texts: &RunbookTexts,
    runbook_queries: Vec<(Text, Expr)>,
    settings: &Settings,
    sink: &mut Sink,
) -> (Vec<Output>, Counts) {
    let provisioning = lower::provisioning(&settings.sources, &services);
    let fleet = lower::fleet_dashboards(&services);
    let asked = lower::boards(&services);
    let queries = services.iter().flat_map(|service| &service.boards).flat_map(Board::queries);
    let mut queries: Vec<_> = queries.map(|series| (series.text.clone(), series.expr.clone())).collect();
    queries.extend(runbook_queries);
    let index = lower::runbook_index(&services);
    let parts: Vec<Part> = services.into_par_iter().map(|entry| service(&entry, texts, settings.rule_tests)).collect();
    let mut all = Part::default();
    for part in parts {
        all.outputs.extend(part.outputs);
        all.counts.add(part.counts);
        all.pages.extend(part.pages);
        all.recorded.append(part.recorded);
        all.boards.extend(part.boards);
        for (folder, exceptions) in part.exceptions {
            all.exceptions.entry(folder).or_default().extend(exceptions);
        }
    }
    for board in &fleet {
        all.add_dashboard(board);
    }
    verify::asked_series(&queries, &all.recorded, sink);
    for board in &asked {
        let names = verify::asked_dashboard(board);
        all.add_verified(board, names);
    }
    verify::dashboard_set(&all.boards);
    if !all.boards.is_empty() {
        let (path, text) = (emit::grafana::LINT_PATH.to_owned(), emit::grafana::lint_exclusions());
        all.outputs.push(Output { path, text, origins: Vec::new() });
        all.outputs.extend(all.exceptions.iter().map(|(folder, exceptions)| Output {
            path: format!("grafana/dashboards/{folder}/.lint"),
            text: emit::grafana::lint_exceptions(exceptions),
            origins: Vec::new(),
        }));
        all.outputs.extend(provisioned(&provisioning));
    }
    all.outputs.extend(kubernetes::objects(&all.outputs, &all.boards, &settings.kubernetes, sink));
    all.outputs.push(runbook_index(&index, &all.pages, sink));
    all.outputs.sort_by(|left, right| left.path.cmp(&right.path));
    (all.outputs, all.counts)
}

/// The files that Grafana reads when it starts.
fn provisioned(provisioning: &Provisioning) -> [Output; 2] {
    let output = |path: &str, text| Output { path: path.to_owned(), text, origins: Vec::new() };
    let sources = emit::grafana::datasources(provisioning);
    [
        output(emit::grafana::DATASOURCES_PATH, sources),
        output(emit::grafana::PROVIDERS_PATH, emit::grafana::providers()),
    ]
}

/// The index of runbooks; all links between pages are checked on the way.
fn runbook_index(index: &RunbookIndex, pages: &[Page], sink: &mut Sink) -> Output {
    verify::links(pages, index, sink);
    Output { path: RunbookIndex::PATH.to_owned(), text: emit::markdown::runbook_index(index), origins: Vec::new() }
}

fn service(service: &Service, texts: &RunbookTexts, wanted: RuleTests) -> Part {
    let file = lower::rule_file(service);
    verify::rules(&file);
    let mut part = Part { recorded: Recorded::of(&file), ..Part::default() };
    part.counts.slos = service.slos.len();
    part.counts.count_rules(&file);
    let origins = file.groups.iter().map(|group| Origin { part: group.name.to_string(), span: group.origin });
    part.outputs.push(Output {
        path: file.path.clone(),
        text: emit::prometheus::rule_file(&file),
        origins: origins.collect(),
    });
    match wanted {
        RuleTests::Written => part.outputs.extend(lower::rule_tests(service, &file).iter().map(rule_tests)),
        RuleTests::Skipped => {}
    }
    if let Some(board) = lower::service_dashboard(service) {
        part.add_dashboard(&board);
    }
    part.add_runbooks(lower::runbook_pages(service, texts));
    // Printers leave up to half of a text's room empty, which adds up over thousands of files; a copy has no such room,
    // while allocators shrink in place only by much.
    part.outputs.iter_mut().for_each(|output| output.text = output.text.clone());
    part
}

fn rule_tests(file: &RuleTestFile) -> Output {
    let mut origins: Vec<Origin> = Vec::new();
    for test in &file.tests {
        if origins.last().is_none_or(|origin| origin.span != test.origin) {
            let part = test.name.split(": ").next().unwrap_or_default().to_owned();
            origins.push(Origin { part, span: test.origin });
        }
    }
    Output { path: file.path.clone(), text: emit::prometheus_tests::rule_test_file(file), origins }
}

fn dashboard(board: &Dashboard) -> Output {
    let origins = board.rows.iter().filter_map(|row| {
        let part = row.header.as_ref().map_or(&board.title, |header| &header.title);
        row.origin.map(|span| Origin { part: part.to_string(), span })
    });
    Output { path: board.path(), text: emit::grafana::dashboard(board), origins: origins.collect() }
}

impl Part {
    fn add_runbooks(&mut self, runbooks: Vec<Runbook>) {
        verify::runbook_queries(&runbooks);
        self.counts.runbooks += runbooks.len();
        for runbook in runbooks {
            self.outputs.push(Output {
                path: runbook.path.clone(),
                text: emit::markdown::runbook(&runbook),
                origins: vec![Origin { part: runbook.path.clone(), span: runbook.origin }],
            });
            self.pages.push(runbook.into_page());
        }
    }
}

impl Counts {
    fn count_rules(&mut self, file: &RuleFile) {
        for rule in file.groups.iter().flat_map(|group| &group.rules) {
            match rule.kind {
                RuleKind::Record(_) => self.recording_rules += 1,
                RuleKind::Alert(_) => self.alerts += 1,
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.slos += other.slos;
        self.recording_rules += other.recording_rules;
        self.alerts += other.alerts;
        self.dashboards += other.dashboards;
        self.runbooks += other.runbooks;
    }
}
