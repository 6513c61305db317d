//! A comparison for people: a table for each incident, then what it comes to.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use slosmith::compare::{Incident, Spell};
use slosmith::model::{Duration, decimal_text};

use super::Setting;
use super::outcome::{Comparison, Cost, Played, Ratio};
use crate::cli::quantity::{percent, rounded, scaled};
use crate::cli::table::{Align, Cell, Column, Table};
use crate::cli::terminal::{counted, harmless};

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const RESET: &str = "\x1b[0m";
const SIDES: [&str; 2] = ["A", "B"];

/// The whole text.
pub(super) fn page(setting: &Setting, comparison: &Comparison, width: usize) -> String {
    let slo = &setting.slo;
    let target = percent(slo.objective.ratio());
    let mut text = format!("{BOLD}{}/{}{RESET}  {target} over {}\n", slo.service, slo.name, slo.period_in_words());
    text.push_str(&assumptions(setting, comparison));
    for (name, side) in SIDES.iter().zip(&setting.sides) {
        let rules = side.rules.groups.iter().map(|group| group.rules.len()).sum();
        let rules = counted(rules, "rule");
        text.push_str(&[name, "  ", &harmless(&side.name), ", ", &rules, "\n"].concat());
    }
    for (incident, played) in setting.incidents.iter().zip(&comparison.played) {
        let what = incident.describe(setting.traffic);
        text.push_str(&["\n", BOLD, incident.name(), RESET, "  ", &what, "\n"].concat());
        text.push_str(&alerts(played).render(width).0);
    }
    text.push_str(&["\n", BOLD, "error ratio of the period", RESET, "  at the end of each incident\n"].concat());
    text.push_str(&ratios(&setting.incidents, &comparison.played).render(width).0);
    if let Some(played) = comparison.played.first() {
        text.push_str(&cost([played[0].cost, played[1].cost], setting.series, width));
    }
    text.push_str(&failures(comparison));
    text
}

fn assumptions(setting: &Setting, comparison: &Comparison) -> String {
    let traffic = setting.traffic;
    let events = if traffic.varies {
        let rate = decimal_text(rounded(traffic.events));
        format!("{rate}/s events, {} of which fail at all times", percent(traffic.background))
    } else {
        "an event is a sample, and none fails at other times".to_owned()
    };
    format!("{events}; {} of data before; Prometheus {}\n\n", setting.history, harmless(&comparison.version))
}

fn column(head: &'static str, align: Align) -> Column {
    Column { head, align, spare: 0 }
}

/// Who fires when, counted from the beginning of the incident.
fn alerts(played: &[Played; 2]) -> Table {
    let columns = vec![
        column("", Align::Left),
        column("ALERT", Align::Left),
        column("SEVERITY", Align::Left),
        column("FIRES AFTER", Align::Right),
        column("RESOLVED AFTER", Align::Right),
        column("TIMES", Align::Right),
    ];
    let mut table = Table::new(columns);
    for (side, played) in SIDES.iter().zip(played) {
        let mut rows: Vec<_> = played.alerts.iter().collect();
        // In the order in which they fire; what never does comes last.
        rows.sort_by_key(|(key, spells)| (spells.first().map_or(i64::MAX, |spell| spell.from), (*key).clone()));
        for ((name, severity), spells) in rows {
            let colour = match (spells.is_empty(), severity.contains("page") || severity == "critical") {
                (true, _) => DIM,
                (false, true) => RED,
                (false, false) => YELLOW,
            };
            let (first, last) = moments(spells);
            let times = if spells.is_empty() { "-".to_owned() } else { spells.len().to_string() };
            table.row(vec![
                (*side).to_owned().into(),
                Cell::coloured(harmless(name), colour),
                harmless(severity).into(),
                first.into(),
                last.into(),
                times.into(),
            ]);
        }
        if played.alerts.is_empty() {
            table.row(vec![(*side).to_owned().into(), Cell::coloured("no alerts", DIM)]);
        }
    }
    table
}

/// When alerts fire first, and are over at last.
fn moments(spells: &[Spell]) -> (String, String) {
    let (Some(first), Some(last)) = (spells.first(), spells.last()) else {
        return ("never".to_owned(), "-".to_owned());
    };
    let fires = if first.from < 0 { "before".to_owned() } else { time(first.from) };
    (fires, last.until.map_or_else(|| "fires still".to_owned(), time))
}

fn time(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    format!("{sign}{}", Duration::from_millis(millis.unsigned_abs()))
}

fn ratios(incidents: &[Incident], played: &[[Played; 2]]) -> Table {
    let columns = vec![
        column("INCIDENT", Align::Left),
        column("TRUTH", Align::Right),
        column("A", Align::Right),
        column("OFF BY", Align::Right),
        column("B", Align::Right),
        column("OFF BY", Align::Right),
    ];
    let mut table = Table::new(columns);
    for (incident, played) in incidents.iter().zip(played) {
        let truth = played[0].truth;
        let mut cells: Vec<Cell> = vec![incident.name().to_owned().into(), truth.map_or("-".to_owned(), five).into()];
        for side in played {
            let (ratio, off) = ratio(side.ratio, truth);
            cells.extend([ratio.into(), off.into()]);
        }
        table.row(cells);
    }
    table
}

/// A ratio, and how far it is off.
fn ratio(ratio: Ratio, truth: Option<Decimal>) -> (String, String) {
    let none = |text: &str| (text.to_owned(), "-".to_owned());
    let value = match ratio {
        Ratio::Unknown => return none("unknown"),
        Ratio::Nothing => return none("no value"),
        Ratio::Value(value) => value,
    };
    let Some(value) = Decimal::from_f64(value) else { return none(&value.to_string()) };
    let off = truth.filter(|truth| !truth.is_zero()).map(|truth| (value - truth) / truth);
    let off = off.map(|off| {
        let off = (off * Decimal::ONE_HUNDRED).round_dp(2).normalize();
        let sign = if off > Decimal::ZERO { "+" } else { "" };
        if off.is_zero() { "0%".to_owned() } else { format!("{sign}{}%", decimal_text(off)) }
    });
    (five(value), off.unwrap_or_else(|| "-".to_owned()))
}

/// A ratio in percent with four digits behind the point, which tells a hundredth of most budgets.
fn five(ratio: Decimal) -> String {
    format!("{:.4}%", ratio * Decimal::ONE_HUNDRED)
}

fn cost(costs: [Cost; 2], series: u64, width: usize) -> String {
    let mut table = Table::new(vec![
        column("", Align::Left),
        column("RULES", Align::Right),
        column("PER EVALUATION", Align::Right),
        column("PER HOUR", Align::Right),
    ]);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of samples")]
    let samples = |count: f64| scaled(count.round() as u64);
    for (side, cost) in SIDES.iter().zip(costs) {
        let cells = [(*side).to_owned(), cost.rules.to_string(), samples(cost.samples), samples(cost.per_hour)];
        table.row(cells.into_iter().map(Cell::from).collect());
    }
    let [one, other] = costs.map(|cost| Decimal::from_f64(cost.per_hour).unwrap_or_default());
    let factor = match (one.checked_div(other), other.checked_div(one)) {
        (Some(factor), _) if factor > Decimal::ONE => {
            format!("A reads {} times as much as B\n", decimal_text(rounded(factor)))
        }
        (_, Some(factor)) if factor > Decimal::ONE => {
            format!("B reads {} times as much as A\n", decimal_text(rounded(factor)))
        }
        _ => String::new(),
    };
    let head = format!("\n{BOLD}samples read{RESET}  if a selector of raw data matches {}\n", counted_series(series));
    head + &table.render(width).0 + &factor
}

fn counted_series(series: u64) -> String {
    format!("{series} series")
}

/// What Prometheus could not evaluate.
fn failures(comparison: &Comparison) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (side, played) in comparison.played.iter().flat_map(|played| SIDES.iter().zip(played)) {
        for (rule, reason) in &played.failures {
            let line = format!("{side}: Prometheus cannot evaluate `{}`: {}\n", harmless(rule), harmless(reason));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}
