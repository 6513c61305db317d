//! Who is told of which alert: receivers, teams, hours.

mod holidays;
mod hours;
mod receivers;
mod secrets;
mod version;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Channel, Hours, LabelName, OnCall, Receiver, Team, TicketHours};
use crate::parse::decl::{OnCallDecl, ProjectDecl, TeamDecl};
use crate::source::Text;

use super::names::label_name;

/// Labels that rules set themselves, and that so tell no servers apart.
const OF_RULES: [&str; 11] = [
    "alertname",
    "slo_service",
    "slo_name",
    "slo_id",
    "slo_alert",
    "sloth_service",
    "sloth_slo",
    "sloth_id",
    "sloth_severity",
    "team",
    "tier",
];

/// Reads the receivers of the project file and who gets what; `None` without a receiver, and after a problem.
pub fn on_call(project: &ProjectDecl, sink: &mut Sink) -> Option<OnCall> {
    let version = version::version(project.targets.alertmanager.as_ref(), sink);
    let receivers = receivers::receivers(&project.receivers, version, sink);
    let names: Vec<&str> = project.receivers.iter().map(|receiver| receiver.name.value.as_str()).collect();
    let Some(decl) = &project.on_call else {
        return by_default(receivers, &names, project, sink);
    };
    let mut reference = |text: &Option<Text>| text.as_ref().and_then(|text| referenced(text, &names, sink));
    let (page, ticket) = (reference(&decl.page), reference(&decl.ticket));
    let (other, watchdog) = (reference(&decl.other), reference(&decl.watchdog));
    let teams = decl.teams.iter().map(|team| self::team(team, &names, sink)).collect();
    let hours = decl.hours.as_ref().and_then(|text| read_hours(text, sink));
    let hours = hours.and_then(|hours| match hours {
        TicketHours::Always => None,
        TicketHours::Within(hours) => Some(hours),
    });
    let holidays = holidays::holidays(&decl.holidays, sink);
    let external_labels = external_labels(decl, sink);
    let Some(other) = other.or_else(|| ticket.clone()).or_else(|| page.clone()) else {
        sink.extend(without_other(decl, &names));
        return None;
    };
    sink.extend(decl.watchdog.as_ref().and_then(|text| calling_watchdog(text, &receivers)));
    let (span, is_decided) = (decl.span, true);
    Some(OnCall { receivers, span, is_decided, page, ticket, other, hours, holidays, watchdog, external_labels, teams })
}

/// Without a word of who gets what, the only receiver gets everything.
fn by_default(receivers: Vec<Receiver>, names: &[&str], project: &ProjectDecl, sink: &mut Sink) -> Option<OnCall> {
    let span = project.receivers.first()?.name.span;
    if let [_, second, ..] = names {
        let first = names.first().copied().unwrap_or_default();
        let message = "there are receivers, and nothing says who gets what";
        let diagnostic = Diagnostic::new(Code::MissingKey, span, message);
        sink.push(diagnostic.help(format!("add `on_call: {{page: {first}, ticket: {second}}}` to the project file")));
        return None;
    }
    let only = receivers.first()?.name.clone();
    Some(OnCall {
        receivers,
        span,
        is_decided: false,
        page: Some(only.clone()),
        ticket: Some(only.clone()),
        other: only,
        hours: None,
        holidays: Vec::new(),
        watchdog: None,
        external_labels: Vec::new(),
        teams: Vec::new(),
    })
}

/// The problem of alerts that no team owns and that would be lost; none where a word for them is misspelt.
fn without_other(decl: &OnCallDecl, names: &[&str]) -> Option<Diagnostic> {
    if decl.other.is_some() || decl.ticket.is_some() || decl.page.is_some() {
        return None;
    }
    let first = names.first().copied().unwrap_or("ops");
    let message = "`on_call` without `ticket`: alerts of nobody's would be lost";
    let diagnostic = Diagnostic::new(Code::MissingKey, decl.span, message);
    let note = "alerts that slosmith does not write, and those of teams that are not listed, need a receiver too";
    Some(diagnostic.note(note).help(format!("add `ticket: {first}` to `on_call`")))
}

/// The problem of a heartbeat that somebody is called for, every minute.
fn calling_watchdog(text: &Text, receivers: &[Receiver]) -> Option<Diagnostic> {
    let receiver = receivers.iter().find(|receiver| receiver.name == text.value)?;
    let calls = |channel: &&Channel| matches!(channel, Channel::PagerDuty(_) | Channel::Opsgenie { .. });
    let name = match receiver.channels.iter().find(calls)? {
        Channel::Opsgenie { .. } => "Opsgenie",
        _ => "PagerDuty",
    };
    let message = format!("the heartbeat goes to `{}`, which calls somebody by {name}", text.value);
    let problem = Diagnostic::new(Code::WatchdogCalls, text.span, message);
    let problem = problem.note("it always fires, and is told every minute; the alarm has to be its end");
    Some(problem.help("name a `webhook` of a service that raises the alarm when it no longer hears of it"))
}

fn team(decl: &TeamDecl, names: &[&str], sink: &mut Sink) -> Team {
    let mut reference = |text: &Option<Text>| text.as_ref().and_then(|text| referenced(text, names, sink));
    let (page, ticket) = (reference(&decl.page), reference(&decl.ticket));
    let hours = decl.hours.as_ref().and_then(|text| read_hours(text, sink));
    Team { name: decl.name.clone(), page, ticket, hours }
}

/// The name of a receiver that is there.
fn referenced(text: &Text, names: &[&str], sink: &mut Sink) -> Option<String> {
    if names.contains(&text.value.as_str()) {
        return Some(text.value.clone());
    }
    let message = format!("there is no receiver `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownReference, text.span, message);
    sink.push(match suggest(&text.value, names.iter().copied()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, text.written(meant)),
        None if names.is_empty() => diagnostic.help("receivers are written under `receivers` of the project file"),
        None => diagnostic.help(format!("the receivers are {}", quoted(names))),
    });
    None
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// `always`, or hours of a week.
fn read_hours(text: &Text, sink: &mut Sink) -> Option<TicketHours> {
    if text.value == "always" {
        return Some(TicketHours::Always);
    }
    hours::hours(text, sink).map(TicketHours::Within)
}

fn external_labels(decl: &OnCallDecl, sink: &mut Sink) -> Vec<LabelName> {
    let mut labels: Vec<LabelName> = Vec::new();
    for text in &decl.external_labels {
        let Some(name) = label_name(text, Code::BadLabel, sink) else { continue };
        if OF_RULES.contains(&name.as_str()) {
            let message = format!("the label `{name}` is set by rules, and tells no servers apart");
            let help = "name labels of `external_labels` in prometheus.yml, as in `cluster`";
            sink.push(Diagnostic::new(Code::BadLabel, text.span, message).help(help));
        } else if !labels.contains(&name) {
            labels.push(name);
        }
    }
    labels
}

/// How messages show hours.
pub(super) fn example() -> Hours {
    Hours { days: vec![(0, 4)], times: vec![(9 * 60, 18 * 60)], timezone: Some("Europe/Paris".to_owned()) }
}
