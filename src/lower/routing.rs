//! Who is told of which alert: the tree of routes, and what silences what.

mod channels;
mod inhibitions;

use smol_str::SmolStr;

use crate::ir::{Days, Grouping, Holidays, Interval, Matcher, Receiver, Route, Routing};
use crate::model::{Hours, OnCall, Service, Severity, Team, TicketHours, WATCHDOG};

/// What Alertmanager is told.
#[must_use]
pub fn routing(on_call: &OnCall, services: &[Service]) -> Routing {
    let mut routes: Vec<Route> = on_call.watchdog.iter().map(|receiver| heartbeat(on_call, receiver)).collect();
    routes.push(severity_route(on_call, Severity::Page));
    routes.push(severity_route(on_call, Severity::Ticket));
    let root = Route {
        comment: None,
        matchers: Vec::new(),
        receiver: Some(on_call.other.as_str().into()),
        grouping: Some(grouping(on_call, &["alertname"], ["30s", "5m", "12h"])),
        active: None,
        muted: None,
        routes,
    };
    Routing {
        receivers: on_call.receivers.iter().map(receiver).collect(),
        root,
        inhibitions: inhibitions::inhibitions(on_call, services),
        intervals: intervals(on_call),
        holidays: holidays(on_call),
        origin: on_call.span,
        is_decided: on_call.is_decided,
    }
}

fn receiver(receiver: &crate::model::Receiver) -> Receiver {
    let channels = receiver.channels.iter().map(channels::channel).collect();
    Receiver { name: receiver.name.as_str().into(), channels, origin: receiver.span }
}

/// The alert that always fires, told again and again for as long as anything can be told.
fn heartbeat(on_call: &OnCall, receiver: &str) -> Route {
    Route {
        comment: Some("A heartbeat: whoever gets it raises the alarm when it stops."),
        matchers: vec![Matcher::is("alertname", WATCHDOG)],
        receiver: Some(receiver.into()),
        grouping: Some(grouping(on_call, &["alertname"], ["0s", "1m", "1m"])),
        active: None,
        muted: None,
        routes: Vec::new(),
    }
}

/// The route of all pages or tickets, and below it those of teams with something of their own.
fn severity_route(on_call: &OnCall, severity: Severity) -> Route {
    let (comment, times, receiver) = match severity {
        Severity::Page => {
            ("Pages: one notification for each service in trouble, at once.", ["30s", "5m", "4h"], &on_call.page)
        }
        Severity::Ticket => {
            ("Tickets: one notification for each service, a day at the most.", ["5m", "15m", "24h"], &on_call.ticket)
        }
    };
    let hours = match severity {
        Severity::Page => None,
        Severity::Ticket => on_call.hours.as_ref(),
    };
    let muted = usual_muted(on_call, severity);
    let teams = on_call.teams.iter().filter_map(|team| team_route(on_call, team, severity, receiver.as_deref()));
    Route {
        comment: Some(comment),
        matchers: vec![Matcher::is("slo_alert", severity.as_str())],
        receiver: receiver.as_deref().map(SmolStr::from),
        grouping: Some(grouping(on_call, &["slo_service"], times)),
        active: hours.map(|hours| hours.in_words().into()),
        muted,
        routes: teams.collect(),
    }
}

/// The days on which tickets wait; pages never do.
fn usual_muted(on_call: &OnCall, severity: Severity) -> Option<SmolStr> {
    let waits = severity == Severity::Ticket && !on_call.holidays.is_empty();
    waits.then(|| SmolStr::new_static(Holidays::NAME))
}

fn holidays(on_call: &OnCall) -> Option<Holidays> {
    let days = on_call.holidays.iter();
    let days = days.map(|range| Days { year: range.year, month: range.month, days: (range.from, range.to) });
    let timezone = on_call.hours.as_ref().and_then(|hours| hours.timezone.as_deref()).map(SmolStr::from);
    (!on_call.holidays.is_empty()).then(|| Holidays { days: days.collect(), timezone })
}

/// The route of a team; `None` where it has nothing of its own.
fn team_route(on_call: &OnCall, team: &Team, severity: Severity, usual: Option<&str>) -> Option<Route> {
    let (receiver, hours, usual_hours) = match severity {
        Severity::Page => (&team.page, None, None),
        Severity::Ticket => {
            let usual = on_call.hours.as_ref();
            let own = match &team.hours {
                None => usual,
                Some(TicketHours::Always) => None,
                Some(TicketHours::Within(hours)) => Some(hours),
            };
            (&team.ticket, own, usual)
        }
    };
    let receiver = receiver.as_deref().or(usual);
    let usual_muted = usual_muted(on_call, severity);
    let muted = usual_muted.clone().filter(|_| team.hours != Some(TicketHours::Always));
    (receiver != usual || hours != usual_hours || muted != usual_muted).then(|| Route {
        comment: None,
        matchers: vec![Matcher::is("team", team.name.value.as_str())],
        receiver: receiver.map(SmolStr::from),
        grouping: None,
        active: hours.map(|hours| hours.in_words().into()),
        muted,
        routes: Vec::new(),
    })
}

/// By some labels and by those that tell servers apart.
fn grouping(on_call: &OnCall, by: &[&'static str], times: [&'static str; 3]) -> Grouping {
    let [wait, interval, repeat] = times;
    let own = by.iter().map(|label| SmolStr::new_static(label));
    Grouping { by: own.chain(external(on_call)).collect(), wait, interval, repeat }
}

/// The labels that tell servers apart.
fn external(on_call: &OnCall) -> impl Iterator<Item = SmolStr> {
    on_call.external_labels.iter().map(|label| SmolStr::from(label.as_str()))
}

/// All hours that are named, each once.
fn intervals(on_call: &OnCall) -> Vec<Interval> {
    let of_teams = on_call.teams.iter().filter_map(|team| match &team.hours {
        Some(TicketHours::Within(hours)) => Some(hours),
        Some(TicketHours::Always) | None => None,
    });
    let mut intervals: Vec<Interval> = on_call.hours.iter().chain(of_teams).map(interval).collect();
    intervals.sort_by(|left, right| left.name.cmp(&right.name));
    intervals.dedup();
    intervals
}

fn interval(hours: &Hours) -> Interval {
    let clock = |minute: u16| SmolStr::from(Hours::clock(minute));
    Interval {
        name: hours.in_words().into(),
        days: hours.days.clone(),
        times: hours.times.iter().map(|(from, to)| (clock(*from), clock(*to))).collect(),
        timezone: hours.timezone.as_deref().map(SmolStr::from),
    }
}
