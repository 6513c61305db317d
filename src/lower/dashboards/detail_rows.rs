//! The rows of the board of one SLO, below its numbers.

use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use super::facts::Facts;
use super::fleet_table::runbook_cell;
use super::panels::{
    self, PERCENT, SECONDS, TIMES, budget_lines, budget_thresholds, burn_lines, colored, dashed, decimal, drawn, field,
    fields, firing_mappings, fixed, legend, legend_table, lines, one_color, over_time, panel, rows as table_rows,
    severity_mappings, share_ends, steps, text,
};
use super::queries::{ALERTS, Scope, firing};
use crate::ir::dashboard::{
    Cell, Color, Draw, Fields, LegendMode, Order, Override, Panel, Property, Row, RowHeader, RowState, Sort, Stacking,
    Table, Target, TimeSeries, Transformation, Visual,
};
use crate::lower::recording::decimal as number;
use crate::lower::series::{BUDGET_REMAINING, TIME_PERIOD, ratio_name};
use crate::model::{Duration, STANDARD_TIERS, Severity, StandardTier};
use crate::promql::{AggregateOp, BinaryOp, Expr, GroupingKind, build};

/// The name of the line of the worst group.
pub(super) const WORST: &str = "Worst group";

/// The error ratio over the window that is chosen at the top.
const CHOSEN_RATIO: SmolStr = SmolStr::new_static("slo:sli_error:ratio_rate${sli_window}");

/// The rows.
pub(super) fn rows(scope: &Scope, facts: &Facts) -> Vec<Row> {
    let mut rows = vec![
        row(8, 4, "Objective and error budget", RowState::Open, vec![sli(scope, facts), budget(scope)]),
        row(
            11,
            14,
            "Burn rate and alerts",
            RowState::Open,
            vec![burn(scope, Severity::Page), burn(scope, Severity::Ticket), alert_state(scope)],
        ),
    ];
    let mut spending = vec![alert_time(scope), definition(scope, facts)];
    if facts.has_events {
        spending.push(traffic(scope));
    }
    spending.push(spent(scope, facts));
    rows.push(row(15, 30, "Traffic and spending", RowState::Open, spending));
    if facts.has_groups {
        rows.push(row(20, 45, "Groups, for an SLO that has them", RowState::Collapsed, vec![groups(scope, facts)]));
    }
    rows
}

fn row(id: u32, y: u32, title: &'static str, state: RowState, mut panels: Vec<Panel>) -> Row {
    panels.sort_by_key(|panel| (panel.grid.y, panel.grid.x));
    Row { header: Some(RowHeader { id, title: text(title), y, state, repeat: None }), panels, origin: None }
}

fn sli(scope: &Scope, facts: &Facts) -> Panel {
    let mut targets = vec![
        over_time("A", "SLI ($sli_window)", scope.sli(CHOSEN_RATIO)),
        over_time("B", "Objective", scope.objective()),
    ];
    let mut overrides = vec![dashed("Objective", "orange")];
    if facts.has_groups {
        targets.push(over_time("C", WORST, if_grouped(scope, scope.worst_sli(CHOSEN_RATIO), CHOSEN_RATIO)));
        overrides.push(field(WORST, vec![fixed("purple"), Property::Fill(0)]));
    }
    let color = Color::Fixed(text("blue"));
    let mappings = share_ends(&PERCENT);
    let fields =
        Fields { max: Some(Decimal::ONE), color, mappings, ..colored(PERCENT, facts.sli_digits, one_color("green")) };
    let graph = TimeSeries { fill: 8, legend: legend_table(), ..lines() };
    let texts = (
        "SLI and objective",
        "The share of good events over the last $sli_window at each moment, against the objective (dashed). Gaps mean that there were no events.",
    );
    let mut panel = panel(9, [0, 5, 12, 9], texts, Visual::TimeSeries(graph), fields, targets);
    panel.overrides = overrides;
    panel
}

/// What a query says if the chosen SLO has more series than the overall one.
fn if_grouped(scope: &Scope, expr: Expr, name: SmolStr) -> Expr {
    let series = build::aggregate(AggregateOp::Count, None, scope.all(name));
    build::binary(expr, BinaryOp::And, build::binary(series, BinaryOp::Greater, build::number("1")))
}

fn budget(scope: &Scope) -> Panel {
    let mut targets = vec![over_time("A", "Budget left", scope.overall(BUDGET_REMAINING))];
    let mut overrides = Vec::new();
    if scope.is_grouped() {
        targets.push(over_time("B", WORST, if_grouped(scope, scope.budget_left(), BUDGET_REMAINING)));
        overrides.push(dashed(WORST, "purple"));
    }
    let fields = Fields { max: Some(Decimal::ONE), ..drawn(PERCENT, budget_thresholds()) };
    let graph = TimeSeries { legend: legend_table(), ..budget_lines() };
    let texts = (
        "Error budget left (rolling window)",
        "How much of the budget was left at each moment, over the window that ends there. It falls in incidents and recovers as they leave the window.",
    );
    let mut panel = panel(10, [12, 5, 12, 9], texts, Visual::TimeSeries(graph), fields, targets);
    panel.overrides = overrides;
    panel
}

/// The names of lines that alerts are at, by long window.
fn limit_name(long: Duration) -> &'static str {
    match long.in_largest_unit().as_str() {
        "1h" => "1h limit, standard",
        "6h" => "6h limit, standard",
        "1d" => "1d limit, standard",
        _ => "3d limit, standard",
    }
}

/// The burn rate that a standard tier is at, from the length of the chosen SLO's period: `days * 86400 * 0.02 / 3600`.
fn limit(scope: &Scope, tier: &StandardTier) -> Expr {
    let share = number(Decimal::new(tier.budget_percent.into(), 2));
    let seconds = build::binary(scope.all(TIME_PERIOD), BinaryOp::Mul, build::number("86400"));
    let budget = build::binary(seconds, BinaryOp::Mul, share);
    build::binary(budget, BinaryOp::Div, build::number(tier.long.seconds().to_string()))
}

fn burn(scope: &Scope, severity: Severity) -> Panel {
    let tiers = || STANDARD_TIERS.iter().filter(|tier| tier.severity == severity);
    let windows = tiers().flat_map(|tier| [tier.short, tier.long]);
    let names = ["A", "B", "C", "D", "E", "F"];
    let line = |(name, window): (&'static str, Duration)| over_time(name, window.in_largest_unit(), scope.burn(window));
    let mut targets: Vec<Target> = names.into_iter().zip(windows).map(line).collect();
    let mut overrides = Vec::new();
    for ((name, tier), color) in names[4..].iter().zip(tiers()).zip(["red", "orange"]) {
        let shown = limit_name(tier.long);
        targets.push(over_time(name, shown, limit(scope, tier)));
        overrides.push(limit_line(shown, color));
    }
    let (id, x, title, what) = match severity {
        Severity::Page => (12, 0, "Burn rate, windows that page", "pages"),
        Severity::Ticket => (13, 12, "Burn rate, windows that open a ticket", "opens a ticket"),
    };
    let description = format!(
        "1x spends the budget exactly over the window. The standard alert {what} while a long window and its short one are both above \
         the dashed line of the long one. An SLO with tiers of its own has its exact lines on the board of its service."
    );
    let graph =
        TimeSeries { legend: legend_table(), thresholds: crate::ir::dashboard::ThresholdStyle::Off, ..burn_lines() };
    let fields = Fields { color: Color::Palette, ..drawn(TIMES, one_color("green")) };
    let mut panel = panel(id, [x, 15, 12, 11], (title, description), Visual::TimeSeries(graph), fields, targets);
    panel.overrides = overrides;
    panel
}

fn limit_line(name: &'static str, color: &'static str) -> Override {
    field(name, vec![fixed(color), Property::Dashed, Property::LineWidth(1), Property::Unnamed])
}

/// One union within one aggregation: the same severity must not come out as two series.
fn alert_state(scope: &Scope) -> Panel {
    let zero = |severity: Severity| {
        let arguments = [scope.names.severity.clone(), text(severity.as_str()), SmolStr::default(), SmolStr::default()];
        build::call("label_replace", std::iter::once(scope.zero()).chain(arguments.map(build::string)).collect())
    };
    let alerts = build::selector(ALERTS, std::iter::once(firing()).chain(scope.conditions.iter().cloned()));
    let union = build::binary(alerts, BinaryOp::Or, zero(Severity::Page));
    let union = build::binary(union, BinaryOp::Or, zero(Severity::Ticket));
    let state = build::aggregate(
        AggregateOp::Max,
        Some((GroupingKind::By, std::slice::from_ref(&scope.names.severity))),
        union,
    );
    let fields = Fields { mappings: firing_mappings("red"), ..fields(text("short")) };
    let texts = ("Alert state", "When alerts on this SLO fired: red for those that page, orange for tickets.");
    let target = over_time("A", format_smolstr!("{{{{{}}}}}", scope.names.severity), state);
    let mut panel = panel(14, [0, 26, 24, 4], texts, Visual::StateTimeline, fields, vec![target]);
    panel.overrides.push(field("ticket", vec![Property::Mappings(firing_mappings("orange"))]));
    panel
}

fn traffic(scope: &Scope) -> Panel {
    let targets = vec![over_time("A", "good", scope.good_events()), over_time("B", "bad", scope.bad_events())];
    let fields = Fields { min: Some(Decimal::ZERO), color: Color::Palette, ..panels::fields(text("eps")) };
    let graph = TimeSeries { line_width: 1, fill: 25, stacking: Stacking::Normal, legend: legend_table(), ..lines() };
    let texts = (
        "Events per second",
        "Good and bad events that the SLI counts, in blocks of four minutes. An SLI that is given as a ratio counts none.",
    );
    let mut panel = panel(16, [0, 31, 12, 8], texts, Visual::TimeSeries(graph), fields, targets);
    panel.overrides = vec![field("good", vec![fixed("green")]), field("bad", vec![fixed("red")])];
    panel
}

fn spent(scope: &Scope, facts: &Facts) -> Panel {
    let thresholds = steps("green", &[(decimal(334, 4), "yellow"), (decimal(1, 1), "red")]);
    let fields = Fields { min: Some(Decimal::ZERO), ..drawn(PERCENT, thresholds) };
    let graph = TimeSeries {
        draw: Draw::Bars,
        line_width: 0,
        fill: 70,
        legend: legend(LegendMode::Hidden, Vec::new()),
        ..lines()
    };
    let mut target = over_time("A", "spent", scope.spent_per_day());
    target.step = Some(text("1d"));
    let texts = (
        "Budget spent per day",
        "The share of the whole window's budget that each day spent. Yellow is more than an even share of 30 days, red a tenth of the budget in one day.",
    );
    let place = if facts.has_events { [12, 31, 12, 8] } else { [0, 31, 24, 8] };
    panel(17, place, texts, Visual::TimeSeries(graph), fields, vec![target])
}

fn alert_time(scope: &Scope) -> Panel {
    let alerts = build::selector(ALERTS, std::iter::once(firing()).chain(scope.conditions.iter().cloned()));
    let minute = build::duration(60_000);
    let minutes = build::subquery_over(alerts, build::duration_variable("$__range"), Some(minute));
    let minutes = build::call("count_over_time", vec![minutes]);
    let by = [text("alertname"), scope.names.severity.clone()];
    let minutes = build::aggregate(AggregateOp::Sum, Some((GroupingKind::By, &by)), minutes);
    let seconds = build::binary(minutes, BinaryOp::Mul, build::number("60"));
    let sort = Sort { field: text("Time firing"), order: Order::Descending };
    let table = Visual::Table(Table { sort: Some(sort) });
    let fields = Fields { no_value: Some(text("none")), ..colored(text("short"), 0, one_color("text")) };
    let texts = ("Alert time in the range", "For how long each alert on this SLO fired within the time range.");
    let mut panel = panel(18, [0, 39, 9, 6], texts, table, fields, vec![table_rows("A", seconds)]);
    panel.overrides = vec![
        field("Time firing", vec![Property::Unit(SECONDS), Property::Decimals(1)]),
        field("Severity", vec![Property::Mappings(severity_mappings()), Property::Cell(Cell::ColoredText)]),
    ];
    let names = [("alertname", "Alert"), (scope.names.severity.as_str(), "Severity"), ("Value", "Time firing")];
    panel.transformations.push(organize(&["Time"], &names));
    panel
}

fn definition(scope: &Scope, facts: &Facts) -> Panel {
    let fields = Fields { thresholds: one_color("text"), ..fields(text("short")) };
    let description = format_smolstr!("What the YAML says of this SLO, as recorded in {}.", scope.names.info);
    let texts = ("Definition", description);
    let table = Visual::Table(Table::default());
    let mut panel =
        panel(19, [9, 39, 15, 6], texts, table, fields, vec![table_rows("A", scope.all(scope.names.info.clone()))]);
    let widths = [("Objective %", 110), ("Window", 90), ("Team", 120), ("Tier", 70)];
    panel.overrides = widths.map(|(name, width)| field(name, vec![Property::Width(width)])).to_vec();
    if facts.has_runbooks {
        panel.overrides.push(field("Runbook", runbook_cell()));
    }
    panel.transformations.push(Transformation::Organize {
        exclude: ["Time", "Value", "__name__", &scope.names.id(), "dashboard_url", "job", "instance"]
            .map(SmolStr::from)
            .to_vec(),
        columns: definition_columns(facts),
    });
    panel
}

/// The labels of `slo_info` with their headers: ours, those of users, and the runbook.
fn definition_columns(facts: &Facts) -> Vec<(SmolStr, SmolStr)> {
    let [_, service, slo] = &facts.names.identity;
    let ours = [
        (service.as_str(), "Service"),
        (slo.as_str(), "SLO"),
        (facts.names.objective.as_str(), "Objective %"),
        ("window", "Window"),
        ("team", "Team"),
        ("tier", "Tier"),
    ];
    let mut columns: Vec<(SmolStr, SmolStr)> =
        ours.iter().map(|(label, shown)| ((*label).into(), text(shown))).collect();
    let is_ours = |label: &str| ours.iter().any(|(ours, _)| *ours == label);
    columns.extend(facts.labels.iter().filter(|label| !is_ours(label)).map(|label| (label.clone(), in_words(label))));
    columns.push((text("runbook_url"), text("Runbook")));
    columns
}

/// `cost_center` as `Cost center`.
fn in_words(label: &str) -> SmolStr {
    let words = label.replace('_', " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn groups(scope: &Scope, facts: &Facts) -> Panel {
    let once = |expr| build::binary(scope.groups_only(expr), BinaryOp::Mul, build::number("1"));
    let burn = scope.each_burn(ratio_name(Duration::from_hours(1)));
    let targets = vec![
        table_rows("objective", once(scope.all(crate::lower::series::OBJECTIVE))),
        table_rows("remaining", once(scope.all(BUDGET_REMAINING))),
        table_rows("burn1h", once(burn)),
    ];
    let sort = Sort { field: text("Budget left"), order: Order::Ascending };
    let fields = Fields { thresholds: one_color("text"), no_value: Some(text("no groups")), ..fields(text("short")) };
    let texts =
        ("Groups, worst budget first", "Each group of this SLO with its own objective, error budget and burn rate.");
    let table = Visual::Table(Table { sort: Some(sort.clone()) });
    let mut panel = panel(21, [0, 46, 24, 9], texts, table, fields, targets);
    let ratio = |digits| vec![Property::Unit(PERCENT), Property::Decimals(digits)];
    let mut objective = ratio(facts.objective_digits);
    objective.push(Property::Mappings(facts.objective_words.clone()));
    let mut budget = ratio(1);
    budget.extend([
        Property::Min(decimal(0, 0)),
        Property::Max(decimal(1, 0)),
        Property::Thresholds(budget_thresholds()),
        Property::Cell(Cell::Gauge),
    ]);
    panel.overrides = vec![
        field("Objective", objective),
        field("Budget left", budget),
        field(
            "Burn 1h",
            vec![
                Property::Unit(TIMES),
                Property::Decimals(1),
                Property::Thresholds(panels::burn_thresholds()),
                Property::Cell(Cell::ColoredText),
            ],
        ),
    ];
    let [id, service, slo] = &scope.names.identity;
    let names = [("Value #objective", "Objective"), ("Value #remaining", "Budget left"), ("Value #burn1h", "Burn 1h")];
    panel.transformations =
        vec![Transformation::Merge, organize(&["Time", id, service, slo], &names), Transformation::SortBy(sort)];
    panel
}

fn organize(hidden: &[&str], names: &[(&str, &'static str)]) -> Transformation {
    Transformation::Organize {
        exclude: hidden.iter().map(SmolStr::new).collect(),
        columns: names.iter().map(|(name, shown)| (SmolStr::new(name), text(shown))).collect(),
    }
}
