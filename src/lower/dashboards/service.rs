//! The board of a service: a row for each SLO, with exact lines, and its cause alerts.

use std::fmt::Write as _;

use smol_str::{SmolStr, format_smolstr};

use super::panels::{
    PERCENT, TIMES, alert_mappings, background_stat, budget_thresholds, burn_thresholds, colored, fields, now,
    over_time, panel, stat, steps, text,
};
use super::queries::{ALERTS, Condition, Overall, Scope, count, equal, firing};
use super::{board, fleet, panels, service_row};
use crate::ir::Dashboard;
use crate::ir::dashboard::{
    Annotation, BoardLink, BoardTarget, Fields, Panel, Row, RowHeader, RowState, Visibility, Visual,
};
use crate::lower::names::Names;
use crate::lower::series::{BUDGET_REMAINING, MAINTENANCE, MAINTENANCE_NAME, SLO_SERVICE, ratio_name};
use crate::model::{CauseAlert, Duration, LinkValues, Service, Severity, service_uid};
use crate::promql::{AggregateOp, BinaryOp, Expr, GroupingKind, build};

/// How many ids a row may use, so that a panel more in one does not renumber the others.
const IDS_PER_ROW: u32 = 100;

/// The board of a service.
pub(super) fn dashboard(service: &Service) -> Dashboard {
    let name = service.name.as_str();
    let mut board = board(
        service_uid(name),
        format_smolstr!("SLO / Service / {name}"),
        &format!("The SLOs and cause alerts of {name}, with the exact objectives and alert lines."),
    );
    board.tags.push(text("service"));
    let marks =
        [("SLO pages", Severity::Page, Visibility::Shown), ("SLO tickets", Severity::Ticket, Visibility::Hidden)];
    board.annotations.extend(marks.map(|(title, severity, visibility)| {
        fleet::annotation(names(service), title, (severity, visibility), [of(service)])
    }));
    if !service.maintenance.is_empty() {
        board.annotations.push(maintenance(service));
    }
    if !service.slos.is_empty() {
        let query = Some(format_smolstr!("var-service={name}"));
        let target = BoardTarget::Dashboard { uid: text(names(service).fleet_uid), query };
        board.links.push(BoardLink { title: text("Fleet overview"), target });
    }
    board.links.push(BoardLink { title: text("SLO dashboards"), target: BoardTarget::Tagged(text("slo")) });
    board.rows.push(Row { header: None, panels: numbers(service), origin: Some(service.name_span) });
    let mut y = 4;
    for (slo, index) in service.slos.iter().zip(1..) {
        board.rows.push(service_row::row(slo, IDS_PER_ROW * index, y));
        y += service_row::HEIGHT;
    }
    board.rows.extend(causes(service, y));
    board
}

/// When the service has maintenance.
fn maintenance(service: &Service) -> Annotation {
    Annotation {
        name: text("Maintenance"),
        expr: build::selector(MAINTENANCE, [equal(SLO_SERVICE, service.name.as_str())]),
        color: text("blue"),
        visibility: Visibility::Shown,
        title: text("Maintenance: {{maintenance}}"),
        text: text("Time that does not count"),
        tags: vec![MAINTENANCE_NAME],
        panels: Vec::new(),
    }
}

fn names(service: &Service) -> &'static Names {
    Names::of(&service.profile)
}

fn of(service: &Service) -> Condition {
    equal(names(service).service(), service.name.as_str())
}

/// The numbers at the top: alerts that fire, and the worst of the SLOs.
fn numbers(service: &Service) -> Vec<Panel> {
    let width = if service.slos.is_empty() { 12 } else { 6 };
    let mut numbers = vec![
        alerts_firing(service, Severity::Page, [0, 0, width, 4]),
        alerts_firing(service, Severity::Ticket, [width, 0, width, 4]),
    ];
    if service.slos.is_empty() {
        return numbers;
    }
    let scope = Scope { names: names(service), conditions: vec![of(service)], identity: &[], overall: Overall::Only };
    let worst = |op, expr| build::aggregate(op, None, expr);
    let budget = worst(AggregateOp::Min, scope.all(BUDGET_REMAINING));
    let burn = worst(AggregateOp::Max, scope.each_burn(ratio_name(Duration::from_hours(1))));
    numbers.push(panel(
        3,
        [12, 0, 6, 4],
        ("Lowest budget left", "The least error budget that an SLO of this service, or one of its groups, has left."),
        stat(),
        colored(PERCENT, 1, budget_thresholds()),
        vec![now("A", None, budget)],
    ));
    numbers.push(panel(
        4,
        [18, 0, 6, 4],
        ("Fastest burn (1 h)", "The highest burn rate of the last hour among the SLOs of this service. 1x spends a budget exactly over its window."),
        stat(),
        colored(TIMES, 1, burn_thresholds()),
        vec![now("A", None, burn)],
    ));
    numbers
}

fn alerts_firing(service: &Service, severity: Severity, place: [u32; 4]) -> Panel {
    let severity_is = equal(names(service).severity.clone(), severity.as_str());
    let expr = count(build::selector(ALERTS, [firing(), severity_is, of(service)]));
    let (id, title, description) = match severity {
        Severity::Page => (1, "Pages firing", "Alerts of this service that page and fire now, on SLOs and on causes."),
        Severity::Ticket => {
            (2, "Tickets firing", "Alerts of this service that open a ticket and fire now, on SLOs and on causes.")
        }
    };
    let thresholds = steps("green", &[(rust_decimal::Decimal::ONE, panels::severity_color(severity))]);
    let fields = Fields { thresholds, ..fields(panels::NONE) };
    panel(id, place, (title, description), background_stat(), fields, vec![now("A", None, expr)])
}

/// The row of cause alerts: when they fired, and what they are.
fn causes(service: &Service, y: u32) -> Option<Row> {
    if service.alerts.is_empty() {
        return None;
    }
    let first = 10;
    let lines = u32::try_from(service.alerts.len()).unwrap_or(u32::MAX);
    let height = lines.saturating_add(4).clamp(7, 20);
    Some(Row {
        header: Some(RowHeader { id: first, title: text("Cause alerts"), y, state: RowState::Open, repeat: None }),
        panels: vec![cause_states(service, [0, y + 1, 14, height]), cause_list(service, [14, y + 1, 10, height])],
        origin: Some(service.span),
    })
}

fn cause_states(service: &Service, place: [u32; 4]) -> Panel {
    let alertname = [text("alertname")];
    let no_slo = (!service.slos.is_empty()).then(|| equal(names(service).id(), ""));
    let alerts = |severity: Severity| {
        let conditions = [firing(), equal(names(service).severity.clone(), severity.as_str()), of(service)];
        build::selector(ALERTS, conditions.into_iter().chain(no_slo.clone()))
    };
    let pages = build::binary(build::number("2"), BinaryOp::Mul, alerts(Severity::Page));
    let alerts = build::binary(pages, BinaryOp::Or, alerts(Severity::Ticket));
    let alerts = build::aggregate(AggregateOp::Max, Some((GroupingKind::By, &alertname)), alerts);
    let none = [SmolStr::new_static("alertname"), text("none"), SmolStr::default(), SmolStr::default()];
    let zero = build::call("vector", vec![build::number("0")]);
    let none = build::call("label_replace", std::iter::once(zero).chain(none.map(build::string)).collect());
    let expr: Expr = build::binary(alerts, BinaryOp::Or, none).on(&[]);
    let fields = Fields { mappings: alert_mappings(), ..fields(text("short")) };
    let texts = (
        "Cause alerts over time",
        "When each cause alert of this service fired: red for those that page, orange for tickets. Where none did, the band `none` is green.",
    );
    let target = over_time("A", "{{alertname}}", expr);
    panel(11, place, texts, Visual::StateTimeline, fields, vec![target])
}

/// A table with links to runbooks.
fn cause_list(service: &Service, place: [u32; 4]) -> Panel {
    let mut markdown = String::from("| Alert | Severity |\n| --- | --- |\n");
    for alert in &service.alerts {
        let name = escaped(&alert.name.value);
        let name = match runbook(service, alert) {
            Some(url) => format!("[{name}](<{url}>)"),
            None => name,
        };
        // Writing to a string cannot fail.
        let _ = writeln!(markdown, "| {name} | {} |", alert.severity.as_str());
    }
    let texts = ("Cause alerts of this service", "All cause alerts that are defined, each with a link to its runbook.");
    let fields = fields(text("short"));
    panel(12, place, texts, Visual::Text(markdown.into()), fields, Vec::new())
}

/// Where an alert's runbook is; its own link wins, unless it is a template that only Prometheus can fill.
fn runbook(service: &Service, alert: &CauseAlert) -> Option<String> {
    let own = alert.annotations.iter().find(|(name, _)| name == "runbook_url");
    if let Some((_, url)) = own {
        let is_plain = !url.value.contains(['{', '<', '>', '|', '\n', '\\']);
        return is_plain.then(|| url.value.clone());
    }
    let values = LinkValues {
        service: service.name.as_str(),
        alert: &alert.name.value,
        severity: alert.severity.as_str(),
        slo: "",
    };
    service.links.alert_runbook.as_ref().map(|link| link.fill(&values))
}

/// A name with what Markdown would read as its own signs escaped.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~') {
            text.push('\\');
        }
        text.push(if c.is_control() { ' ' } else { c });
    }
    text
}
