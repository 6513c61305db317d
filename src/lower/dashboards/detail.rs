//! The board of one SLO that is chosen: its numbers, its course, its alerts, its traffic.

use smol_str::format_smolstr;

use super::facts::Facts;
use super::fleet::annotation;
use super::panels::{
    PERCENT, SECONDS, TIMES, alert_mappings, background_stat, budget_thresholds, burn_thresholds, colored, decimal,
    fields, now, one_color, panel, share_ends, stat, steps, text,
};
use super::queries::{Overall, Scope, equal};
use super::{board, detail_rows, panels};
use crate::ir::Dashboard;
use crate::ir::dashboard::{
    BoardLink, BoardTarget, Fields, Mapping, MappingResult, Panel, Row, Selection, Variable, VariableKind, Visibility,
    Visual,
};
use crate::lower::names::Names;
use crate::model::{Duration, Severity};
use crate::promql::{Expr, build};

/// The windows that every SLO records and the board offers.
const WINDOWS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/// The board of one SLO that is chosen.
pub(super) fn dashboard(facts: &Facts) -> Dashboard {
    let names = facts.names;
    let conditions = vec![equal(names.service(), "$service"), equal(names.slo(), "$slo")];
    let overall = if facts.has_groups { Overall::LikePeriod } else { Overall::Only };
    let scope = Scope { names, conditions, identity: &[], overall };
    let title = format_smolstr!("SLO / Detail{}", names.board_suffix);
    let mut board = board(names.detail_uid, title, "One SLO: objective, error budget, burn rate, alerts and traffic.");
    board.tags.push(text("detail"));
    board.variables.extend(variables(names));
    let mark = |name, severity, visibility| annotation(names, name, (severity, visibility), scope.conditions.clone());
    board.annotations.push(mark("SLO pages", Severity::Page, Visibility::Shown));
    board.annotations.push(mark("SLO tickets", Severity::Ticket, Visibility::Hidden));
    let fleet = BoardTarget::Dashboard { uid: text(names.fleet_uid), query: None };
    board.links.push(BoardLink { title: text("Fleet overview"), target: fleet });
    let runbook = facts.runbook.as_ref().map(|url| BoardTarget::Page(url.into()));
    board.links.extend(runbook.map(|target| BoardLink { title: text("Runbook"), target }));
    board.rows.push(Row { header: None, panels: numbers(&scope, facts), origin: None });
    board.rows.extend(detail_rows::rows(&scope, facts));
    board
}

fn variables(names: &Names) -> [Variable; 3] {
    let one = |name, label, selector, values_of| Variable {
        name: text(name),
        label: text(label),
        kind: VariableKind::LabelValues { selector, label: values_of, current: None, selection: Selection::One },
    };
    let window =
        VariableKind::Custom { values: WINDOWS.map(text).to_vec(), current: text("1h"), selection: Selection::One };
    [
        one("service", "Service", build::selector(names.info.clone(), []), names.service()),
        one("slo", "SLO", build::selector(names.info.clone(), [equal(names.service(), "$service")]), names.slo()),
        Variable { name: text("sli_window"), label: text("SLI window"), kind: window },
    ]
}

/// The seven numbers at the top.
fn numbers(scope: &Scope, facts: &Facts) -> Vec<Panel> {
    let alert = number(
        7,
        [21, 3],
        ("Alert", "Whether an alert on this SLO fires: PAGE wakes somebody up, TICKET can wait for working hours."),
        background_stat(),
        Fields { mappings: alert_mappings(), thresholds: one_color("green"), ..fields(panels::NONE) },
        scope.alert_state(),
    );
    promise(scope, facts).into_iter().chain(budget(scope)).chain([alert]).collect()
}

fn number(
    id: u32,
    [x, width]: [u32; 2],
    texts: (&'static str, &'static str),
    visual: Visual,
    fields: Fields,
    expr: Expr,
) -> Panel {
    panel(id, [x, 0, width, 4], texts, visual, fields, vec![now("A", None, expr)])
}

/// What is promised, and what is kept.
fn promise(scope: &Scope, facts: &Facts) -> [Panel; 2] {
    [
        number(
            1,
            [0, 3],
            ("Objective", "The share of good events that is promised over the window."),
            stat(),
            Fields {
                mappings: facts.objective_words.clone(),
                ..colored(PERCENT, facts.objective_digits, one_color("blue"))
            },
            scope.objective(),
        ),
        number(
            2,
            [3, 4],
            (
                "SLI over the window",
                "The share of good events over the whole window of the SLO; with groups, over all of them.",
            ),
            stat(),
            Fields { mappings: share_ends(&PERCENT), ..colored(PERCENT, facts.sli_digits, one_color("text")) },
            scope.sli_of_period(),
        ),
    ]
}

/// What is left, and how fast it goes.
fn budget(scope: &Scope) -> [Panel; 4] {
    let left =
        Fields { min: Some(decimal(0, 0)), max: Some(decimal(1, 0)), ..colored(PERCENT, 1, budget_thresholds()) };
    [
        number(
            3,
            [7, 4],
            (
                "Error budget left",
                "The share of the window's error budget that is not spent yet; with groups, that of the worst one. \
                 Below zero the objective is missed.",
            ),
            Visual::Gauge,
            left,
            scope.budget_left(),
        ),
        number(
            4,
            [11, 3],
            (
                "Outage left",
                "The budget that is left as a full outage: for how long everything may fail before it is gone.",
            ),
            stat(),
            Fields {
                mappings: vec![Mapping::Values(vec![panels::value("0", "none", "red")])],
                ..colored(SECONDS, 1, steps("red", &[(decimal(1, 0), "green")]))
            },
            scope.seconds_left(),
        ),
        number(
            5,
            [14, 3],
            (
                "Burn rate (1 h)",
                "How much faster than allowed the budget was spent in the last hour. \
                 1x spends it exactly over the window.",
            ),
            stat(),
            colored(TIMES, 1, burn_thresholds()),
            scope.burn(Duration::from_hours(1)),
        ),
        number(
            6,
            [17, 4],
            ("Budget lasts for", "The time until the budget is gone if the burn rate of the last six hours goes on."),
            stat(),
            lasts(),
            scope.lasts_seconds(),
        ),
    ]
}

fn lasts() -> Fields {
    let day = 86_400;
    let thresholds =
        steps("red", &[(decimal(day, 0), "orange"), (decimal(7 * day, 0), "yellow"), (decimal(30 * day, 0), "green")]);
    let word = |word, color| MappingResult { text: text(word), color: Some(text(color)) };
    let year = Mapping::Range { from: Some(decimal(365 * day, 0)), to: None, result: word("> 1 year", "green") };
    let spent = Mapping::Range { from: None, to: Some(decimal(0, 0)), result: word("spent", "dark-red") };
    Fields { mappings: vec![year, spent], ..colored(SECONDS, 1, thresholds) }
}
