//! An SLO's outlook for people.

use rust_decimal::Decimal;

use slosmith::forecast::{Counting, ErrorRate, Notice, Outlook, Silence, TargetOutlook, USUAL_INTERVAL, WindowFacts};
use slosmith::model::{BUDGET_EXHAUSTS_SOON, Duration, NO_DATA, Severity, Slo, decimal_text};

use crate::cli::quantity::{about, grouped, percent, rounded, scaled, slice_rule, span};
use crate::cli::table::{Align, Cell, Column, Table};
use crate::cli::terminal::harmless;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const RESET: &str = "\x1b[0m";

/// Everything, in lines of at most so many characters where columns can be left out.
pub(super) fn page(slo: &Slo, outlook: &Outlook, width: usize) -> String {
    let mut text = head(slo, outlook);
    for target in &outlook.targets {
        text.push_str(&target_text(slo, outlook, target, width));
    }
    text.push_str(&others(slo));
    text.push_str(&windows(slo, outlook));
    text.push_str(&cost(slo, outlook));
    text
}

/// A line with what it is about in front.
fn fact(name: &str, value: &str) -> String {
    format!("{BOLD}{name:<8}{RESET} {value}\n")
}

fn head(slo: &Slo, outlook: &Outlook) -> String {
    let target = percent(slo.objective.ratio());
    let title = format!("{BOLD}{}/{}{RESET}  {target} over {}\n", slo.service, slo.name, slo.period_in_words());
    let description = slo.description.as_deref().map(|it| harmless(it.trim()) + "\n").unwrap_or_default();
    let zone = slo.calendar.as_ref().map(|calendar| {
        let usual = slo.window.in_largest_unit();
        fact(
            "period",
            &format!("a {} of {}; numbers are for its usual {usual}", calendar.unit.as_str(), calendar.zone.name),
        )
    });
    let events = match (outlook.counting, outlook.events) {
        (Counting::Events, Some(events)) => format!("as counted, {}/s", decimal_text(rounded(events))),
        (Counting::Events, None) => "as counted; with `--requests 100/s` also what `min_errors` delays".to_owned(),
        (Counting::SamplesOfEach(every), _) => {
            format!("a sample of each of {} each {every}", series(outlook.cost.series))
        }
        (Counting::SamplesOfAll(every), _) => format!("a sample of all series together each {every}"),
        (Counting::Slices(every), _) => format!("a slice of {every} is one, good or bad as a whole"),
        (Counting::Moments(every), _) => {
            format!("a moment of {every} is one, of which the components make a part fail")
        }
        (Counting::Nothing, _) => "none: an error ratio alone, so that nothing depends on their number".to_owned(),
    };
    format!("{title}{description}\n{}{}", zone.unwrap_or_default(), fact("events", &events))
}

fn series(count: u64) -> String {
    if count == 1 { "1 series".to_owned() } else { format!("{} series", grouped(Decimal::from(count))) }
}

fn target_text(slo: &Slo, outlook: &Outlook, target: &TargetOutlook, width: usize) -> String {
    let mut text = String::new();
    if !target.group.is_empty() {
        let labels: Vec<_> = target.group.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
        let title = format!("{}  {}", harmless(&labels.join(",")), percent(target.objective.ratio()));
        text += &["\n", BOLD, &title, RESET, "\n"].concat();
    }
    text.push_str(&fact("budget", &budget(slo, outlook.counting, target)));
    if let Some(slices) = &slo.slices {
        text.push_str(&fact("", &slice_rule(slices, target.objective)));
    }
    if let Some(events) = target.events {
        let all = grouped(events.all.round());
        let may_fail = grouped(events.may_fail.round());
        let noun = match outlook.counting {
            Counting::Events => "events",
            Counting::Slices(_) => "slices",
            Counting::Moments(_) => "moments",
            Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Nothing => "samples",
        };
        text.push_str(&fact("", &format!("{may_fail} of {all} {noun} in {}", slo.window.in_largest_unit())));
    }
    if target.tiers.is_empty() {
        text.push_str("\nNo burn-rate alerts: `burn: none`, or none that this target can reach.\n");
    } else {
        text.push('\n');
        text.push_str(&fitted(&tiers(slo, outlook, target), width));
    }
    text.push('\n');
    text.push_str(&fitted(&rates(outlook.counting, target), width));
    text
}

fn budget(slo: &Slo, counting: Counting, target: &TargetOutlook) -> String {
    let noun = match counting {
        Counting::Events => Some("events"),
        Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) => Some("samples"),
        Counting::Slices(_) => Some("slices"),
        Counting::Moments(_) => Some("moments"),
        Counting::Nothing => None,
    };
    let whole = |number| grouped(Decimal::from_i128_with_scale(number, 0));
    let mut parts = vec![percent(target.objective.budget())];
    let fraction = target.fraction.zip(noun);
    parts.extend(fraction.map(|((failed, all), noun)| format!("{} of {} {noun}", whole(failed), whole(all))));
    let outage =
        target.seconds.map(|seconds| format!("{} of total outage in {}", span(seconds), slo.window.in_largest_unit()));
    parts.extend(outage);
    parts.join(", ")
}

/// A table with what did not fit below.
fn fitted(table: &Table, width: usize) -> String {
    let (mut text, left_out) = table.render(width);
    if !left_out.is_empty() {
        text += &[DIM, "left out for want of room: ", &left_out.join(", "), RESET, "\n"].concat();
    }
    text
}

fn is_sliced(counting: Counting) -> bool {
    matches!(counting, Counting::Slices(_))
}

fn column(head: &'static str, align: Align, spare: u8) -> Column {
    Column { head, align, spare }
}

fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Page => RED,
        Severity::Ticket => YELLOW,
    }
}

fn tiers(slo: &Slo, outlook: &Outlook, target: &TargetOutlook) -> Table {
    let mut table = Table::new(vec![
        column("ALERT", Align::Left, 0),
        column("WINDOWS", Align::Left, 0),
        column("BURN", Align::Right, 0),
        column(if is_sliced(outlook.counting) { "BAD SLICES" } else { "ERROR RATIO" }, Align::Right, 0),
        column("BUDGET", Align::Right, 1),
        column("FAILURES", Align::Right, 2),
        column("KEPT FOR", Align::Right, 3),
    ]);
    for tier in &target.tiers {
        let limit = match tier.error_ratio {
            Some(ratio) if ratio < Decimal::ONE => format!("> {}", percent(ratio)),
            Some(_) | None => "never".to_owned(),
        };
        let share = tier.budget_share.map(|share| format!("{} in {}", about(share), tier.long.in_largest_unit()));
        let least = slo.alerting.min_errors.filter(|_| outlook.counting.has_blocks());
        table.row(vec![
            Cell::coloured(harmless(&tier.alert), colour(tier.severity)),
            format!("{} and {}", tier.short.in_largest_unit(), tier.long.in_largest_unit()).into(),
            format!("> {}", decimal_text(tier.factor)).into(),
            limit.into(),
            share.unwrap_or_default().into(),
            least.map_or("-".to_owned(), |least| format!(">= {least}")).into(),
            tier.keep_firing_for.in_largest_unit().into(),
        ]);
    }
    table
}

fn rates(counting: Counting, target: &TargetOutlook) -> Table {
    let mut table = Table::new(vec![
        column(if is_sliced(counting) { "BAD SLICES" } else { "ERROR RATE" }, Align::Right, 0),
        column("PAGE AFTER", Align::Right, 0),
        column("BUDGET GONE", Align::Right, 0),
        column("ENDS AFTER", Align::Right, 1),
        column("TICKET AFTER", Align::Right, 0),
        column("BUDGET GONE", Align::Right, 3),
        column("ENDS AFTER", Align::Right, 4),
        column("BUDGET LASTS", Align::Right, 2),
    ]);
    for outlook in &target.rates {
        let rate = match outlook.rate {
            ErrorRate::Exactly(share) => percent(share),
            ErrorRate::JustAbove(limit) => format!("> {}", percent(limit)),
        };
        let mut cells: Vec<Cell> = vec![rate.into()];
        cells.extend(notice(&outlook.page, Severity::Page));
        cells.extend(notice(&outlook.ticket, Severity::Ticket));
        cells.push(outlook.exhausted_seconds.map_or(String::new(), span).into());
        table.row(cells);
    }
    table
}

/// When an alert fires, what of the budget is gone by then, and when it ends.
fn notice(notice: &Notice, severity: Severity) -> [Cell; 3] {
    match notice {
        Notice::Fires { after, budget_gone, resolved_after, .. } => [
            Cell::coloured(after.to_string(), colour(severity)),
            about(*budget_gone).into(),
            resolved_after.to_string().into(),
        ],
        Notice::Silent(silence) => {
            let why = match silence {
                Silence::NoTier => "-",
                Silence::Allowed => "never",
                Silence::TooFew => "too few",
            };
            [Cell::coloured(why, DIM), "".into(), "".into()]
        }
    }
}

/// The alerts that do not depend on burn rates.
fn others(slo: &Slo) -> String {
    let alerting = &slo.alerting;
    let mut table = Table::new(vec![
        column("OTHER ALERTS", Align::Left, 0),
        column("", Align::Left, 0),
        column("", Align::Left, 0),
    ]);
    let mut count = 0;
    let mut add = |name: &str, severity: Severity, when: String| {
        count += 1;
        table.row(vec![Cell::coloured(name, colour(severity)), severity.as_str().into(), when.into()]);
    };
    for alert in &alerting.budget_left {
        add(
            alert.name(),
            alert.severity,
            format!("less than {}% of the budget is left", decimal_text(alert.below_percent)),
        );
    }
    if let Some(alert) = &alerting.exhausts_in {
        let (less_than, over) = (alert.less_than.in_largest_unit(), alert.over.in_largest_unit());
        add(
            BUDGET_EXHAUSTS_SOON,
            alert.severity,
            format!("at the rate of the last {over} the rest lasts less than {less_than}"),
        );
    }
    if let Some(alert) = &alerting.no_data {
        add(NO_DATA, alert.severity, format!("nothing was recorded for {}", alert.wait.in_largest_unit()));
    }
    if count == 0 { String::new() } else { format!("\n{}", table.render(usize::MAX / 2).0) }
}

fn windows(slo: &Slo, outlook: &Outlook) -> String {
    let from = |windows: &[String], source: &str| fact("windows", &format!("{} {source}", windows.join(", ")));
    let names = |wanted: &dyn Fn(&WindowFacts) -> bool| -> Vec<String> {
        outlook.windows.iter().filter(|facts| wanted(facts)).map(|facts| facts.window.in_largest_unit()).collect()
    };
    let calendar = slo.calendar.as_ref().map(|calendar| format!("the {}", calendar.unit.as_str()));
    let mut lines = String::from("\n");
    if !outlook.counting.has_blocks() {
        let period = slo.period();
        lines.push_str(&from(&names(&|facts| facts.window.in_largest_unit() != period), "from raw data"));
        lines.push_str(&fact("", &format!("{} as the mean of all 5m", calendar.unwrap_or(period))));
        return lines;
    }
    let mut blocks: Vec<Duration> = outlook.windows.iter().map(|facts| facts.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let longest = blocks.last().copied();
    for block in blocks {
        let mut own = names(&|facts| facts.block == block);
        own.extend(calendar.clone().filter(|_| Some(block) == longest));
        lines.push_str(&from(&own, &format!("from blocks of {block}")));
    }
    lines
}

fn cost(slo: &Slo, outlook: &Outlook) -> String {
    let cost = &outlook.cost;
    let groups = match &slo.grouping {
        Some(_) => {
            format!(" in {}", if cost.groups == 1 { "1 group".to_owned() } else { format!("{} groups", cost.groups) })
        }
        None => String::new(),
    };
    let ratio = Decimal::from(cost.usual).checked_div(Decimal::from(cost.total())).map_or(Decimal::ONE, rounded);
    let beside = if ratio > Decimal::ONE { format!(", {} times as many", grouped(ratio)) } else { String::new() };
    fact("cost", &format!("{} samples an hour for {}{groups} per selector", scaled(cost.total()), series(cost.series)))
        + &fact(
            "",
            &format!("{}{beside}, if every window were read from raw data each {USUAL_INTERVAL}", scaled(cost.usual)),
        )
}
