//! A simulation for people: what happens, in the order of time.

use jiff::Timestamp;
use rust_decimal::Decimal;

use slosmith::forecast::Simulation;
use slosmith::model::{Duration, Objective, Severity, Sli, Slo, decimal_text};

use super::story::Story;
use crate::cli::args::Failure;
use crate::cli::quantity::{about, percent, rounded, slice_rule};
use crate::cli::table::{Align, Cell, Column, Table};
use crate::cli::terminal::harmless;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const GREEN: &str = "\x1b[32m";
const RESET: &str = "\x1b[0m";

/// Something that happens.
struct Moment {
    at: i64,
    what: Cell,
    how: Cell,
}

/// The title, the table, and what it comes to.
pub(super) fn page(slo: &Slo, story: &Story, objective: Objective, simulation: &Simulation, width: usize) -> String {
    let target = percent(objective.ratio());
    let mut text = format!("{BOLD}{}/{}{RESET}  {target} over {}\n", slo.service, slo.name, slo.period_in_words());
    text.push_str(&assumptions(slo, story));
    text.push_str(&facts(slo, objective));
    text.push('\n');
    let moments = moments(story, simulation);
    let mut columns = vec![
        column("TIME", Align::Right, 0),
        column("WHAT", Align::Left, 0),
        column("", Align::Left, 0),
        column("BURN RATE", Align::Right, 2),
        column("BUDGET LEFT", Align::Right, 1),
    ];
    if story.has_clock {
        columns.insert(1, column("CLOCK", Align::Left, 3));
    }
    let mut table = Table::new(columns);
    for moment in moments {
        let burn = simulation.fast.iter().rev().find(|point| point.at <= moment.at).and_then(|point| point.burn_rate);
        let left = simulation.slow.iter().rev().find(|point| point.at <= moment.at).and_then(|point| point.budget_left);
        let mut cells = vec![
            time(moment.at).into(),
            moment.what,
            moment.how,
            burn.map_or("-".to_owned(), |burn| decimal_text(rounded(burn))).into(),
            left.map_or("-".to_owned(), about).into(),
        ];
        if story.has_clock {
            cells.insert(1, Cell::coloured(clock(story.start, moment.at), DIM));
        }
        table.row(cells);
    }
    let (rows, left_out) = table.render(width);
    text.push_str(&rows);
    if !left_out.is_empty() {
        text.push_str(&[DIM, "left out for want of room: ", &left_out.join(", "), RESET, "\n"].concat());
    }
    text.push_str(&outcome(simulation));
    text
}

fn column(head: &'static str, align: Align, spare: u8) -> Column {
    Column { head, align, spare }
}

fn assumptions(slo: &Slo, story: &Story) -> String {
    let mut parts = Vec::new();
    match (&story.counts, story.events) {
        (Some(counts), _) => {
            parts.push(format!("{} lines of counts until {}", counts.segments.len(), time(counts.end)));
        }
        (None, Some(_)) if matches!(slo.sli, Sli::Composite(_)) => {
            parts.push(format!("a moment each {}", slo.blocks.fast()));
        }
        (None, Some(events)) => parts.push(format!("{}/s events", decimal_text(rounded(events)))),
        (None, None) => parts.push("a ratio without events".to_owned()),
    }
    if !story.background.is_zero() {
        parts.push(format!("{} fail at all other times", percent(story.background)));
    }
    parts.join(", ") + "\n"
}

/// What is to be known of slices, and of maintenance.
fn facts(slo: &Slo, objective: Objective) -> String {
    let mut text = String::new();
    if let Some(slices) = &slo.slices {
        text += &slice_rule(slices, objective);
        text.push('\n');
    }
    let names: Vec<_> = slo.maintenance.iter().map(|entry| harmless(entry.name.as_str())).collect();
    if !names.is_empty() {
        text += &["maintenance is not simulated: ", &names.join(", "), "\n"].concat();
    }
    text
}

/// A time from the beginning.
pub(super) fn time(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    format!("{sign}{}", Duration::from_millis(millis.unsigned_abs()))
}

fn clock(start: i64, at: i64) -> String {
    Timestamp::from_second(start + at.div_euclid(1_000)).map(|moment| moment.to_string()).unwrap_or_default()
}

/// Everything that happens, in the order of time; what happens in the world before what alerts make of it.
fn moments(story: &Story, simulation: &Simulation) -> Vec<Moment> {
    let mut moments = Vec::new();
    for incident in &story.incidents {
        let (begins, ends) = match incident.failure {
            Failure::Share(share) => {
                let what = match (incident.of_component, &story.component) {
                    (Some(own), Some(component)) => {
                        let (own, all) = (percent(own), percent(rounded(share)));
                        format!("{own} of {} fail, {all} of each moment", harmless(component))
                    }
                    (Some(_) | None, _) => format!("{} of events fail", percent(share)),
                };
                (what, "no more than usual")
            }
            Failure::Gone => ("there is no data".to_owned(), "data is back"),
        };
        moments.push(Moment { at: incident.from, what: begins.into(), how: "".into() });
        moments.push(Moment { at: incident.until, what: ends.into(), how: "".into() });
    }
    if let Some(counts) = &story.counts {
        moments.push(Moment { at: counts.end, what: "the last line of the file".into(), how: "".into() });
    }
    for course in &simulation.alerts {
        let below = course.below_percent.map(|below| format!(" (below {}%)", decimal_text(below))).unwrap_or_default();
        let name = harmless(&course.name) + &below;
        let colour = match course.severity {
            Severity::Page => RED,
            Severity::Ticket => YELLOW,
        };
        for spell in &course.spells {
            let how = format!("fires: {}", course.severity.as_str());
            moments.push(Moment { at: spell.from, what: Cell::coloured(name.clone(), colour), how: how.into() });
            if let Some(until) = spell.until {
                moments.push(Moment { at: until, what: Cell::coloured(name.clone(), GREEN), how: "ends".into() });
            }
        }
    }
    moments.push(Moment { at: simulation.end, what: Cell::coloured("end of the simulation", DIM), how: "".into() });
    moments.sort_by_key(|moment| moment.at);
    moments.retain(|moment| moment.at <= simulation.end);
    moments
}

/// What it comes to, in a line.
fn outcome(simulation: &Simulation) -> String {
    let lefts = || simulation.slow.iter().filter_map(|point| point.budget_left);
    let count = |severity| {
        let courses = simulation.alerts.iter().filter(|course| course.severity == severity);
        courses.map(|course| course.spells.len()).sum::<usize>()
    };
    let firing: Vec<_> =
        simulation.alerts.iter().filter(|it| it.spells.last().is_some_and(|spell| spell.until.is_none())).collect();
    let mut parts = vec![counted(count(Severity::Page), "page"), counted(count(Severity::Ticket), "ticket")];
    if let (Some(first), Some(last)) = (lefts().next(), lefts().next_back()) {
        let lowest = lefts().min().unwrap_or(last);
        parts.push(format!("budget left {} to {}", about(first), about(last)));
        if lowest < last {
            parts.push(format!("{} at the lowest", about(lowest)));
        }
    }
    if !firing.is_empty() {
        let names: Vec<_> = firing.iter().map(|course| harmless(&course.name)).collect();
        parts.push(format!("still firing at the end: {}", names.join(", ")));
    }
    format!("\n{}\n", parts.join(", "))
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// What of a ratio is worth showing beside an axis.
pub(super) fn axis_percent(ratio: Decimal) -> String {
    about(ratio)
}
