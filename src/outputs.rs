//! From services to texts: lower, verify, emit, one service after the other on all cores.

mod alertmanager;
mod kubernetes;

use std::collections::BTreeMap;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::diag::Sink;
use crate::ir::dashboard::LintException;
use crate::ir::{Dashboard, Page, Provisioning, Routing, RuleFile, RuleKind, RuleTestFile, Runbook, RunbookIndex};
use crate::model::{Backfill, Board, DataSources, GrafanaAlerts, Kubernetes, OnCall, RuleTests, RunbookTexts, Service};
use crate::promql::Expr;
use crate::source::Text;
use crate::verify::{BoardNames, Reached, Recorded};
use crate::{Counts, Destination, Made, Origin, emit, lower, verify};

use kubernetes::Carried;

/// What one service, or the fleet, adds to the outputs.
struct Part<'d> {
    destination: &'d dyn Destination,
    made: Vec<Made>,
    counts: Counts,
    pages: Vec<Page>,
    recorded: Recorded,
    reached: Reached,
    boards: Vec<BoardNames>,
    exceptions: BTreeMap<SmolStr, Vec<LintException>>,
}

impl<'d> Part<'d> {
    /// What lies beside the boards: exceptions for Grafana's linter, and what Grafana reads when it starts.
    fn add_beside_boards(&mut self, provisioning: &Provisioning) {
        self.give(emit::grafana::LINT_PATH, emit::grafana::lint_exclusions(), Vec::new());
        for (folder, exceptions) in std::mem::take(&mut self.exceptions) {
            let path = format!("grafana/dashboards/{folder}/.lint");
            self.give(path, emit::grafana::lint_exceptions(&exceptions), Vec::new());
        }
        self.add_provisioning(provisioning);
    }

    fn new(destination: &'d dyn Destination) -> Self {
        Self {
            destination,
            made: Vec::new(),
            counts: Counts::default(),
            pages: Vec::new(),
            recorded: Recorded::default(),
            reached: Reached::default(),
            boards: Vec::new(),
            exceptions: BTreeMap::new(),
        }
    }

    /// Gives the text of an output away.
    fn give(&mut self, path: impl Into<String>, text: String, origins: Vec<Origin>) {
        self.made.push(Made::of(path.into(), text, origins, self.destination));
    }

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
        self.give(board.path(), emit::grafana::dashboard(board), board_origins(board));
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
    /// Whether rules that fill the history of new SLOs are written.
    pub(crate) backfill: Backfill,
    /// Who is told of which alert, if the project says it.
    pub(crate) on_call: Option<OnCall>,
    /// Whether alerts are written for Grafana to evaluate.
    pub(crate) grafana_alerts: GrafanaAlerts,
}

/// What every service is written with.
struct Surroundings<'a> {
    texts: &'a RunbookTexts,
    rule_tests: RuleTests,
    backfill: Backfill,
    routing: Option<&'a Routing>,
    /// The data source that Grafana asks, if it evaluates the alerts.
    grafana: Option<&'a str>,
}

/// Gives all files to write away, except the manifest; they are sorted by path. A service is dropped when its texts are there.
pub(crate) fn outputs(
    services: Vec<Service>,
    texts: &RunbookTexts,
    runbook_queries: Vec<(Text, Expr)>,
    settings: &Settings,
    destination: &dyn Destination,
    sink: &mut Sink,
) -> (Vec<Made>, Counts) {
    let provisioning = lower::provisioning(&settings.sources, &services);
    let fleet = lower::fleet_dashboards(&services);
    let asked = lower::boards(&services);
    let queries = services.iter().flat_map(|service| &service.boards).flat_map(Board::queries);
    let mut queries: Vec<_> = queries.map(|series| (series.text.clone(), series.expr.clone())).collect();
    queries.extend(runbook_queries);
    let index = lower::runbook_index(&services);
    let carried = Carried::new(&settings.kubernetes, destination);
    let routing = settings.on_call.as_ref().map(|on_call| lower::routing(on_call, &services));
    let grafana = match settings.grafana_alerts {
        GrafanaAlerts::Written => Some(settings.sources.prometheus.uid.as_str()),
        GrafanaAlerts::Skipped => None,
    };
    let with = Surroundings {
        texts,
        rule_tests: settings.rule_tests,
        backfill: settings.backfill,
        routing: routing.as_ref(),
        grafana,
    };
    let one = |entry: Service| service(&entry, &with, &carried);
    let (parts, mut all): (Vec<Part>, Part) =
        rayon::join(|| services.into_par_iter().map(one).collect(), || runbook_lists(&index, &carried));
    for part in parts {
        all.append(part);
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
        all.add_beside_boards(&provisioning);
    }
    if let Some(routing) = &routing {
        verify::routes(routing, std::mem::take(&mut all.reached), sink);
        for (path, text, origins) in alertmanager::files(routing) {
            all.give(path, text, origins);
        }
        if with.grafana.is_some() {
            for (path, text) in emit::grafana::notifications(routing) {
                all.give(path, text, Vec::new());
            }
        }
    }
    for (path, text, origins) in kubernetes::objects(&all.made, &all.boards, &carried, sink) {
        all.give(path, text, origins);
    }
    verify::links(&all.pages, &index, sink);
    all.made.sort_by(|left, right| left.path().cmp(right.path()));
    (all.made, all.counts)
}

/// The index of the runbook pages and the catalogue: long pages that would be waited for, were they not made beside the services.
fn runbook_lists<'d>(index: &RunbookIndex, destination: &'d dyn Destination) -> Part<'d> {
    let mut part = Part::new(destination);
    part.give(RunbookIndex::PATH, emit::markdown::runbook_index(index), Vec::new());
    part.give(RunbookIndex::CATALOGUE_PATH, emit::markdown::catalogue(index), Vec::new());
    part
}

fn service<'d>(service: &Service, with: &Surroundings<'_>, destination: &'d dyn Destination) -> Part<'d> {
    let mut part = Part::new(destination);
    part.counts.slos = service.slos.len();
    part.add_rules(service, with);
    part.add_backfill(service, with.backfill);
    if let Some(board) = lower::service_dashboard(service) {
        part.add_dashboard(&board);
    }
    part.add_runbooks(lower::runbook_pages(service, with.texts));
    part
}

fn test_origins(file: &RuleTestFile) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for test in &file.tests {
        if origins.last().is_none_or(|origin| origin.span != test.origin) {
            let part = test.name.split(": ").next().unwrap_or_default().to_owned();
            origins.push(Origin { part, span: test.origin });
        }
    }
    origins
}

fn board_origins(board: &Dashboard) -> Vec<Origin> {
    let origins = board.rows.iter().filter_map(|row| {
        let part = row.header.as_ref().map_or(&board.title, |header| &header.title);
        row.origin.map(|span| Origin { part: part.to_string(), span })
    });
    origins.collect()
}

impl Part<'_> {
    /// The rules, and what follows from them.
    fn add_rules(&mut self, service: &Service, with: &Surroundings<'_>) {
        let file = lower::rule_file(service);
        verify::rules(&file);
        self.recorded = Recorded::of(&file);
        if let Some(routing) = with.routing {
            self.reached = Reached::by(&verify::routed(routing, &file), alertmanager::place(service, routing));
        }
        self.counts.count_rules(&file);
        let origins = file.groups.iter().map(|group| Origin { part: group.name.to_string(), span: group.origin });
        self.give(file.path.as_str(), emit::prometheus::rule_file(&file), origins.collect());
        if let Some(alerts) = with.grafana.and_then(|uid| lower::grafana_alerts(&file, service.name.as_str(), uid)) {
            let origins = alerts.groups.iter().map(|group| Origin { part: group.name.to_string(), span: group.origin });
            self.give(alerts.path.as_str(), emit::grafana::alerts(&alerts), origins.collect());
        }
        match with.rule_tests {
            RuleTests::Written => {
                for tests in lower::rule_tests(service, &file) {
                    let origins = test_origins(&tests);
                    self.give(tests.path.as_str(), emit::prometheus_tests::rule_test_file(&tests), origins);
                }
            }
            RuleTests::Skipped => {}
        }
    }

    /// The rules that fill the history of new SLOs.
    fn add_backfill(&mut self, service: &Service, wanted: Backfill) {
        let file = match wanted {
            Backfill::Written => lower::backfill(service),
            Backfill::Skipped => None,
        };
        if let Some(file) = file {
            verify::rules(&file);
            let origins = file.groups.iter().map(|group| Origin { part: group.name.to_string(), span: group.origin });
            self.give(file.path.as_str(), emit::prometheus::rule_file(&file), origins.collect());
        }
    }

    fn add_runbooks(&mut self, runbooks: Vec<Runbook>) {
        verify::runbook_queries(&runbooks);
        self.counts.runbooks += runbooks.len();
        for runbook in runbooks {
            let origins = vec![Origin { part: runbook.path.clone(), span: runbook.origin }];
            self.give(runbook.path.as_str(), emit::markdown::runbook(&runbook), origins);
            self.pages.push(runbook.into_page());
        }
    }

    /// The files that Grafana reads when it starts.
    fn add_provisioning(&mut self, provisioning: &Provisioning) {
        self.give(emit::grafana::DATASOURCES_PATH, emit::grafana::datasources(provisioning), Vec::new());
        self.give(emit::grafana::PROVIDERS_PATH, emit::grafana::providers(), Vec::new());
    }

    fn append(&mut self, other: Self) {
        self.made.extend(other.made);
        self.counts.add(other.counts);
        self.pages.extend(other.pages);
        self.recorded.append(other.recorded);
        self.reached.append(other.reached);
        self.boards.extend(other.boards);
        for (folder, exceptions) in other.exceptions {
            self.exceptions.entry(folder).or_default().extend(exceptions);
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
