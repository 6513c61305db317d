//! `slosmith routes`: who is told of which alert.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use slosmith::diag::{Severity, suggest};
use slosmith::ir::{Channel, Routing};
use slosmith::verify::{AlertLabels, End, RoutedAlert, Way, ends};
use slosmith::{Routes, gather, load, routes as compile_routes};

use super::Outcome;
use super::args::{Common, Format, RoutesCommand};
use super::table::{Align, Cell, Column, Table};
use super::terminal::{Terminal, counted};

/// Shows the receivers, or where alerts go.
pub(crate) fn routes(command: Option<&RoutesCommand>, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let gathered = gather(common.output.as_deref(), |wanted| load::read(&common.directory, wanted))?;
    let compiled = compile_routes(&gathered.sources);
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let errors: Vec<_> = errors.cloned().collect();
    if !errors.is_empty() {
        terminal.problems_aside(&errors, &gathered.sources)?;
        return Ok(Outcome::Problems);
    }
    let Some(routing) = &compiled.routing else {
        bail!("the project has no receivers\nhelp: write `receivers` and `on_call` into slosmith.yaml");
    };
    match command {
        None => overview(&compiled, routing, terminal),
        Some(RoutesCommand::Test { wanted }) => test(&compiled, routing, wanted, terminal),
    }
}

/// A line for each receiver.
fn overview(compiled: &Routes, routing: &Routing, terminal: &Terminal) -> Result<Outcome> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (alert, end) in compiled.alerts.iter().flat_map(|alert| alert.ends.iter().map(move |end| (alert, end))) {
        *counts.entry((end.receiver.as_str(), label(alert, "slo_alert"))).or_default() += 1;
    }
    let count = |receiver: &str, kind: &str| counts.get(&(receiver, kind)).copied().unwrap_or_default();
    let number = |head, spare| Column { head, align: Align::Right, spare };
    let mut table = Table::new(vec![
        words("receiver", 0),
        words("by", 1),
        number("pages", 0),
        number("tickets", 0),
        words("others", 2),
    ]);
    for receiver in &routing.receivers {
        let name = receiver.name.as_str();
        let channels: Vec<&str> = receiver.channels.iter().map(Channel::name).collect();
        let gets_others = routing.root.receiver.as_deref() == Some(name);
        let heartbeats = compiled.alerts.iter().filter(|alert| !matches!(label(alert, "slo_alert"), "page" | "ticket"));
        let is_heard = heartbeats.flat_map(|alert| &alert.ends).any(|end| end.receiver == name);
        if terminal.format() == Format::Json {
            terminal.object(&json!({
                "type": "receiver", "receiver": name, "channels": channels, "pages": count(name, "page"),
                "tickets": count(name, "ticket"), "others": gets_others,
                "heartbeat": is_heard,
            }))?;
            continue;
        }
        let others = match (gets_others, is_heard) {
            (true, _) => "all",
            (false, true) => "heartbeat",
            (false, false) => "",
        };
        let [pages, tickets] = ["page", "ticket"].map(|kind| count(name, kind).to_string());
        table.row(vec![name.into(), channels.join(", ").into(), pages.into(), tickets.into(), others.into()]);
    }
    print(&table, terminal)?;
    Ok(Outcome::Fine)
}

/// A line for each alert and receiver.
fn test(compiled: &Routes, routing: &Routing, wanted: &[String], terminal: &Terminal) -> Result<Outcome> {
    let (labels, names): (Vec<&String>, Vec<&String>) = wanted.iter().partition(|text| text.contains('='));
    let mut alerts: Vec<RoutedAlert> = Vec::new();
    if names.is_empty() && !labels.is_empty() {
        alerts.push(of_labels(&labels, routing));
    } else {
        for alert in &compiled.alerts {
            let is_named = names.is_empty() || names.iter().any(|name| is_named(alert, name));
            if is_named && labels.iter().all(|text| has_label(alert, text)) {
                alerts.push(alert.clone());
            }
        }
        for name in &names {
            if !compiled.alerts.iter().any(|alert| is_named(alert, name)) {
                terminal.mistake(&format!("there is no service, SLO or alert `{name}`"), &hint(name, compiled));
                return Ok(Outcome::Usage);
            }
        }
    }
    let columns = [("alert", 0), ("of", 0), ("kind", 0), ("team", 3), ("receiver", 0), ("by", 2), ("when", 1)];
    let mut table = Table::new(columns.map(|(head, spare)| words(head, spare)).into());
    for (alert, end) in alerts.iter().flat_map(|alert| alert.ends.iter().map(move |end| (alert, end))) {
        let channels = channels(routing, end);
        match terminal.format() {
            Format::Json => terminal.object(&object(alert, end, &channels))?,
            Format::Human | Format::Github => table.row(row(alert, end, &channels)),
        }
    }
    print(&table, terminal)?;
    terminal.line(&counted(alerts.len(), "alert"))?;
    Ok(Outcome::Fine)
}

fn label<'a>(alert: &'a RoutedAlert, name: &str) -> &'a str {
    alert.labels.get(name).map_or("", |value| value)
}

/// What an alert is of: `service/slo`, or the service.
fn subject(alert: &RoutedAlert) -> String {
    match (label(alert, "slo_service"), label(alert, "slo_name")) {
        (service, "") => service.to_owned(),
        (service, slo) => format!("{service}/{slo}"),
    }
}

fn is_named(alert: &RoutedAlert, name: &str) -> bool {
    label(alert, "slo_service") == name || label(alert, "alertname") == name || subject(alert) == name
}

fn has_label(alert: &RoutedAlert, text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, value)| label(alert, name) == value)
}

/// An alert that has these labels and no others.
fn of_labels(labels: &[&String], routing: &Routing) -> RoutedAlert {
    let pairs = labels.iter().filter_map(|text| text.split_once('='));
    let labels = AlertLabels::known(pairs.map(|(name, value)| (name.into(), value.into())));
    let ends = ends(routing, &labels);
    RoutedAlert { labels, ends, origin: routing.origin }
}

fn hint(name: &str, compiled: &Routes) -> String {
    let subjects: Vec<String> = compiled.alerts.iter().map(subject).collect();
    let names = compiled.alerts.iter().flat_map(|alert| [label(alert, "slo_service"), label(alert, "alertname")]);
    match suggest(name, names.chain(subjects.iter().map(String::as_str))) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`slosmith routes test` shows all of them".to_owned(),
    }
}

fn channels(routing: &Routing, end: &End) -> Vec<&'static str> {
    let receiver = routing.receivers.iter().find(|receiver| receiver.name == end.receiver);
    receiver.into_iter().flat_map(|receiver| &receiver.channels).map(Channel::name).collect()
}

fn object(alert: &RoutedAlert, end: &End, channels: &[&str]) -> Value {
    let labels: BTreeMap<&str, &str> =
        alert.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    json!({
        "type": "route",
        "alert": label(alert, "alertname"),
        "of": subject(alert),
        "labels": labels,
        "receiver": end.receiver.as_str(),
        "channels": channels,
        "hours": end.active.as_deref(),
        "except": end.muted.as_deref(),
        "certain": alert.ends.len() == 1,
    })
}

fn row(alert: &RoutedAlert, end: &End, channels: &[&str]) -> Vec<Cell> {
    let hours = end.active.as_deref().unwrap_or("always");
    let when = end.muted.as_ref().map_or_else(|| hours.to_owned(), |days| format!("{hours}, but on {days}"));
    // Where the data decide, each line is one possibility.
    let possibly = if alert.ends.len() > 1 { "?" } else { "" };
    let left = if end.way == Way::Left { " (nobody's)" } else { "" };
    vec![
        label(alert, "alertname").into(),
        subject(alert).into(),
        label(alert, "slo_alert").into(),
        label(alert, "team").into(),
        format!("{}{possibly}{left}", end.receiver).into(),
        channels.join(", ").into(),
        when.into(),
    ]
}

/// A column of words, of which those with the greatest number leave first where there is no room.
fn words(head: &'static str, spare: u8) -> Column {
    Column { head, align: Align::Left, spare }
}

/// Prints a table as wide as the terminal.
fn print(table: &Table, terminal: &Terminal) -> Result<()> {
    if terminal.format() == Format::Json || terminal.is_quiet() {
        return Ok(());
    }
    terminal.print(&table.render(Terminal::width(None)).0)
}
