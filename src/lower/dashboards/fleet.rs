//! The board of all SLOs: how many are in trouble, which, and since when.

use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use super::facts::Facts;
use super::panels::{
    PERCENT, SECONDS, TIMES, background_stat, burn_thresholds, colored, drawn, field, fields, legend, lines, now,
    one_color, over_time, panel, rows, severity_mappings, stat, steps, text,
};
use super::queries::{ALERTS, ALERTS_FOR_STATE, Condition, Overall, Scope, count, equal, firing, regex};
use super::{board, fleet_table, panels};
use crate::ir::Dashboard;
use crate::ir::dashboard::{
    Annotation, BoardLink, BoardTarget, Calculation, Cell, Color, Fields, LegendMode, Order, Panel, Placement,
    Property, Row, Selection, Sort, Table, Target, ThresholdStyle, Thresholds, TimeSeries, Transformation, Variable,
    VariableKind, Visibility, Visual,
};
use crate::lower::names::Names;
use crate::lower::series::{BUDGET_REMAINING, ERRORS_FAST, ratio_name};
use crate::model::{Duration, Severity};
use crate::promql::{AggregateOp, At, BinaryOp, Expr, GroupingKind, build};

/// The label of the team, on `slo_info` and alerts.
pub(super) const TEAM: SmolStr = SmolStr::new_static("team");

/// The queries of all SLOs that the variables let through.
pub(super) struct Fleet {
    /// SLOs of the chosen services.
    pub(super) scope: Scope,
}

impl Fleet {
    fn new(facts: &Facts) -> Self {
        let overall = if facts.has_groups { Overall::LikePeriod } else { Overall::Only };
        let names = facts.names;
        Self { scope: Scope { names, conditions: vec![chosen_service(names)], identity: &names.identity, overall } }
    }

    /// What is known of the SLOs of the chosen teams.
    fn info(&self) -> Expr {
        build::selector(self.names().info.clone(), self.chosen())
    }

    /// The name of a line: `{{slo_service}} / {{slo_name}}`.
    fn legend(&self) -> SmolStr {
        let [_, service, slo] = &self.names().identity;
        format_smolstr!("{{{{{service}}}}} / {{{{{slo}}}}}")
    }

    fn names(&self) -> &'static Names {
        self.scope.names
    }

    /// The matchers of what is chosen.
    fn chosen(&self) -> [Condition; 2] {
        [chosen_service(self.names()), chosen_team()]
    }

    /// A value of each SLO of the chosen teams, with labels of what is known of it.
    pub(super) fn known(&self, expr: Expr, labels: &[SmolStr]) -> Expr {
        build::binary(expr, BinaryOp::Mul, self.info()).on(&[self.names().id()]).group_left(labels)
    }

    /// The share of the budget that each SLO has left, by its worst group.
    pub(super) fn budget_left(&self) -> Expr {
        self.known(self.scope.budget_left(), &[])
    }

    /// How many SLOs have a share of their budget left that compares like this.
    fn count_budget(&self, op: BinaryOp, limit: &str) -> Expr {
        count(build::binary(self.budget_left(), op, build::number(limit)))
    }

    /// How many SLOs have budget left, but less than a quarter.
    fn count_at_risk(&self) -> Expr {
        let some = build::binary(self.budget_left(), BinaryOp::GreaterEqual, build::number("0"));
        count(build::binary(some, BinaryOp::Less, build::number("0.25")))
    }

    fn count_firing(&self, severity: Severity) -> Expr {
        let severity = equal(self.names().severity.clone(), severity.as_str());
        count(build::selector(ALERTS, [firing(), severity].into_iter().chain(self.chosen())))
    }

    /// How many SLOs recorded neither failures nor a ratio in a quarter of an hour; idle ones record failures: none.
    fn count_without_data(&self, facts: &Facts) -> Expr {
        let last = |name| build::call("last_over_time", vec![build::matrix(self.scope.recorded(name), 15 * 60_000)]);
        let ratio = last(ratio_name(Duration::from_mins(5)));
        let recorded = if facts.has_events { build::binary(last(ERRORS_FAST), BinaryOp::Or, ratio) } else { ratio };
        count(build::binary(self.info(), BinaryOp::Unless, recorded).on(&[self.names().id()]))
    }

    fn fastest(&self) -> Expr {
        let burn = self.known(self.scope.burn(Duration::from_hours(1)), &[]);
        build::aggregate_with(AggregateOp::Topk, None, Some(build::number("10")), burn)
    }

    /// The ten SLOs with the least budget at the end of the range, over the whole range.
    fn lowest(&self) -> Expr {
        let at_end = |name| build::selector(name, [chosen_service(self.names())]).at(At::End);
        let budget = self.scope.least(at_end(BUDGET_REMAINING));
        let info = self.info().at(At::End);
        let known = build::binary(budget, BinaryOp::Mul, info).on(&[self.names().id()]).group_left(&[]);
        let lowest = build::aggregate_with(AggregateOp::Bottomk, None, Some(build::number("10")), known);
        build::binary(self.scope.budget_left(), BinaryOp::And, lowest).on(&[self.names().id()])
    }

    /// For how many seconds each alert that fires has been active.
    fn active_seconds(&self) -> Expr {
        let names = self.names();
        let any = || [regex(names.severity.clone(), "page|ticket")].into_iter().chain(self.chosen());
        let since = build::selector(ALERTS_FOR_STATE, any());
        let alerts = build::selector(ALERTS, std::iter::once(firing()).chain(any()));
        let since = build::binary(since, BinaryOp::And, alerts).ignoring(&[text("alertstate")]);
        let seconds = build::binary(build::call("time", Vec::new()), BinaryOp::Sub, since);
        let by = [text("alertname"), names.severity.clone(), names.service(), names.slo(), TEAM];
        build::aggregate(AggregateOp::Max, Some((GroupingKind::By, &by)), seconds)
    }
}

fn chosen_service(names: &Names) -> Condition {
    regex(names.service(), "$service")
}

fn chosen_team() -> Condition {
    regex(TEAM, "$team")
}

/// The board of all SLOs.
pub(super) fn dashboard(facts: &Facts) -> Dashboard {
    let fleet = Fleet::new(facts);
    let names = facts.names;
    let title = format_smolstr!("SLO / Fleet overview{}", names.board_suffix);
    let mut board = board(names.fleet_uid, title, "All services and SLOs: error budget left, burn rate now, alerts.");
    board.from = text("now-30d");
    board.tags.push(text("overview"));
    board.variables.extend(variables(names));
    board.annotations.push(annotation(names, "SLO pages", (Severity::Page, Visibility::Shown), fleet.chosen()));
    board.links.push(BoardLink { title: text("SLO dashboards"), target: BoardTarget::Tagged(text("slo")) });
    let mut panels = counts(&fleet, facts);
    panels.push(fleet_table::panel(&fleet, facts));
    panels.push(fastest_burners(&fleet));
    panels.push(lowest_budgets(&fleet));
    panels.push(alerts(&fleet));
    board.rows.push(Row { header: None, panels, origin: None });
    board
}

fn variables(names: &Names) -> [Variable; 2] {
    let many = |name, label, selector, values_of| Variable {
        name: text(name),
        label: text(label),
        kind: VariableKind::LabelValues {
            selector,
            label: values_of,
            current: None,
            selection: Selection::Many { all: text(".*") },
        },
    };
    [
        many("team", "Team", build::selector(names.info.clone(), []), TEAM),
        many("service", "Service", build::selector(names.info.clone(), [chosen_team()]), names.service()),
    ]
}

/// Marks in every graph while alerts of a severity fire.
pub(super) fn annotation(
    names: &Names,
    name: &'static str,
    (severity, visibility): (Severity, Visibility),
    conditions: impl IntoIterator<Item = Condition>,
) -> Annotation {
    let severity_is = equal(names.severity.clone(), severity.as_str());
    let [_, service, slo] = &names.identity;
    Annotation {
        name: text(name),
        expr: build::selector(ALERTS, [firing(), severity_is].into_iter().chain(conditions)),
        color: text(panels::severity_color(severity)),
        visibility,
        title: format_smolstr!("{{{{alertname}}}} ({{{{{}}}}})", names.severity),
        text: format_smolstr!("{{{{{service}}}}} {{{{{slo}}}}}"),
        tags: vec![names.severity.clone(), TEAM],
        panels: Vec::new(),
    }
}

/// The seven numbers at the top.
fn counts(fleet: &Fleet, facts: &Facts) -> Vec<Panel> {
    let all = build::aggregate(AggregateOp::Count, None, fleet.info());
    let all =
        count_panel(1, [0, 3], ("SLOs", "How many SLOs match the filters above."), stat(), one_color("blue"), all);
    std::iter::once(all).chain(budget_counts(fleet)).chain(alert_counts(fleet, facts)).collect()
}

fn count_panel(
    id: u32,
    [x, width]: [u32; 2],
    texts: (&'static str, &'static str),
    visual: Visual,
    thresholds: Thresholds,
    expr: Expr,
) -> Panel {
    let fields = Fields { no_value: Some(text("0")), thresholds, ..fields(panels::NONE) };
    panel(id, [x, 0, width, 4], texts, visual, fields, vec![now("A", None, expr)])
}

/// Green at zero, and this colour from one on.
fn from_one(color: &'static str) -> Thresholds {
    steps("green", &[(Decimal::ONE, color)])
}

fn budget_counts(fleet: &Fleet) -> [Panel; 3] {
    [
        count_panel(
            2,
            [3, 4],
            ("Within budget", "SLOs that have error budget left over their whole window."),
            stat(),
            one_color("green"),
            fleet.count_budget(BinaryOp::GreaterEqual, "0"),
        ),
        count_panel(
            3,
            [7, 4],
            ("At risk (< 25 %)", "SLOs that still have error budget, but less than a quarter of it."),
            background_stat(),
            from_one("orange"),
            fleet.count_at_risk(),
        ),
        count_panel(
            4,
            [11, 4],
            (
                "Budget exhausted",
                "SLOs that have spent more than the error budget of their window: the objective is missed.",
            ),
            background_stat(),
            from_one("red"),
            fleet.count_budget(BinaryOp::Less, "0"),
        ),
    ]
}

fn alert_counts(fleet: &Fleet, facts: &Facts) -> [Panel; 3] {
    [
        count_panel(
            5,
            [15, 3],
            ("Pages firing", "Alerts that page and fire now, on SLOs and on causes; the list is at the bottom."),
            background_stat(),
            from_one("red"),
            fleet.count_firing(Severity::Page),
        ),
        count_panel(
            6,
            [18, 3],
            (
                "Tickets firing",
                "Alerts that open a ticket and fire now, on SLOs and on causes; the list is at the bottom.",
            ),
            background_stat(),
            from_one("orange"),
            fleet.count_firing(Severity::Ticket),
        ),
        count_panel(
            7,
            [21, 3],
            (
                "No data",
                "SLOs for which nothing was recorded in the last 15 minutes. \
                 An SLO without traffic has data: no failures.",
            ),
            background_stat(),
            from_one("purple"),
            fleet.count_without_data(facts),
        ),
    ]
}

fn fastest_burners(fleet: &Fleet) -> Panel {
    let fields = Fields { min: Some(Decimal::ZERO), ..colored(TIMES, 1, burn_thresholds()) };
    let target = Target { legend: Some(fleet.legend()), ..now("A", None, fleet.fastest()) };
    let texts = (
        "Fastest burners (1 h)",
        "The ten highest burn rates of the last hour. 1x spends exactly the whole budget over the window.",
    );
    let mut panel = panel(9, [0, 16, 12, 9], texts, Visual::BarGauge, fields, vec![target]);
    panel.transformations.push(Transformation::SortBy(Sort { field: text("Value"), order: Order::Descending }));
    panel
}

fn lowest_budgets(fleet: &Fleet) -> Panel {
    let graph = TimeSeries {
        line_width: 1,
        thresholds: ThresholdStyle::Area,
        soft_min: Some(Decimal::ZERO),
        legend: crate::ir::dashboard::Legend {
            placement: Placement::Right,
            sort: Some(Sort { field: text("Last *"), order: Order::Ascending }),
            ..legend(LegendMode::Table, vec![Calculation::Last])
        },
        ..lines()
    };
    let thresholds = steps("red", &[(Decimal::ZERO, "transparent")]);
    let fields = Fields { max: Some(Decimal::ONE), color: Color::Palette, ..drawn(PERCENT, thresholds) };
    let texts = (
        "Error budget left, lowest ten",
        "The course of the ten SLOs that have the least error budget at the end of the time range. Below zero, on red, the objective is missed.",
    );
    let target = over_time("A", fleet.legend(), fleet.lowest());
    panel(10, [12, 16, 12, 9], texts, Visual::TimeSeries(graph), fields, vec![target])
}

fn alerts(fleet: &Fleet) -> Panel {
    let texts = (
        "Alerts firing now",
        "Every alert that fires, on SLOs and on causes, and for how long its condition has held.",
    );
    let labels = fleet.names();
    let [_, service, slo] = &labels.identity;
    let names = [
        ("alertname", "Alert"),
        (labels.severity.as_str(), "Severity"),
        (service.as_str(), "Service"),
        (slo.as_str(), "SLO"),
        ("team", "Team"),
        ("Value", "Active for"),
    ];
    let sort = Sort { field: text("Active for"), order: Order::Descending };
    let table = Visual::Table(Table { sort: Some(sort) });
    let fields = Fields { no_value: Some(text("none")), ..colored(text("short"), 0, one_color("text")) };
    let mut panel = panel(11, [0, 25, 24, 7], texts, table, fields, vec![rows("A", fleet.active_seconds())]);
    panel.overrides = vec![
        field(
            "Severity",
            vec![Property::Mappings(severity_mappings()), Property::Cell(Cell::ColoredText), Property::Width(110)],
        ),
        field("Active for", vec![Property::Unit(SECONDS), Property::Decimals(1), Property::Width(140)]),
    ];
    panel.transformations.push(Transformation::Organize {
        exclude: vec![text("Time")],
        columns: names.map(|(name, shown)| (name.into(), text(shown))).to_vec(),
    });
    panel
}
