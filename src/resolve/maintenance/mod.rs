//! Maintenance: what is written of it, and which SLOs it is for.

mod clocks;
mod moment;
mod recurrence;
mod rrule;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::durations::whole_seconds;
use super::names::{Named, name};
use super::zone;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{CauseAlerts, Duration, Interval, Maintenance, MaintenanceTime, Name, Slo, Zone};
use crate::parse::decl::{MaintenanceDecl, SloDecl};
use crate::source::{Span, Text};
use crate::suggest::suggest;

/// The longest that may be taken out at once.
const LONGEST: Duration = Duration::from_days(7);

/// A zone for the rules, and the same for arithmetic.
struct Place {
    /// With its table of clock changes.
    zone: Zone,
    /// With all of them.
    clock: TimeZone,
}

/// Reads all entries; skips those with problems, and reports every problem.
pub(super) fn maintenance(decls: &[MaintenanceDecl], slos: &[SloDecl], sink: &mut Sink) -> Vec<Arc<Maintenance>> {
    duplicate_names(decls, sink);
    let read: Vec<_> = decls.iter().filter_map(|decl| entry(decl, slos, sink)).collect();
    overlapping(&read, sink);
    read.into_iter().map(Arc::new).collect()
}

/// Gives each SLO what is for it.
pub(super) fn apply(maintenance: &[Arc<Maintenance>], slos: &mut [Slo]) {
    for slo in slos {
        let own = |entry: &&Arc<Maintenance>| entry.slos.as_ref().is_none_or(|names| names.contains(&slo.name));
        slo.maintenance = maintenance.iter().filter(own).cloned().collect();
    }
}

fn entry(decl: &MaintenanceDecl, slos: &[SloDecl], sink: &mut Sink) -> Option<Maintenance> {
    let entry_name = decl.name.as_ref().and_then(|text| name(text, Named::Maintenance, sink));
    let time = time(decl, sink);
    let names = decl.slos.as_ref().map(|names| known(names, slos, sink));
    let nobody = decl.slos.as_ref().is_some_and(Vec::is_empty);
    if nobody {
        let span = decl.name.as_ref().map_or(decl.span, |name| name.span);
        let diagnostic = Diagnostic::new(Code::BadMaintenance, span, "maintenance for no SLO: its `slos` are empty");
        sink.push(diagnostic.help("name some, or leave out `slos` for all of the service"));
    }
    effect(decl.effect.as_ref(), sink);
    let cause_alerts = cause_alerts(decl.mute_alerts.as_ref(), sink);
    let (name, time) = (entry_name?, time?);
    if nobody {
        return None;
    }
    if let (MaintenanceTime::Once(_), None) = (&time, &decl.reason) {
        let message = format!("`{name}` takes time out and does not say why");
        let diagnostic = Diagnostic::new(Code::UnexplainedMaintenance, decl.name.as_ref()?.span, message);
        sink.push(
            diagnostic
                .note("whoever reads a budget later sees that time is missing, on the runbook page with its reason")
                .help("add it, as in `reason: Outage of the card network (INC-4711).`"),
        );
    }
    Some(Maintenance {
        span: decl.span,
        name,
        name_span: decl.name.as_ref()?.span,
        reason: decl.reason.as_ref().map(|text| text.value.clone()),
        time,
        slos: match names {
            None => None,
            Some(names) => Some(names?),
        },
        cause_alerts,
    })
}

/// Once with `from` and `to`, or again and again with `start`, `duration` and `rrule`.
fn time(decl: &MaintenanceDecl, sink: &mut Sink) -> Option<MaintenanceTime> {
    let head = decl.name.as_ref().map_or(decl.span, |name| name.span);
    let single = [("from", &decl.from), ("to", &decl.to)];
    let again = [("start", &decl.start), ("duration", &decl.duration), ("rrule", &decl.rrule)];
    let first = |keys: &[(&'static str, &Option<Text>)]| {
        keys.iter().find_map(|(key, text)| text.as_ref().map(|text| (*key, text.span)))
    };
    let diagnostic = match (first(&single), first(&again)) {
        (None, None) => Diagnostic::new(Code::BadMaintenance, head, "maintenance without a time")
            .help("write `from` and `to` for a single one, or `start`, `duration` and `rrule` for one that comes back"),
        (Some((one, span)), Some((other, other_span))) => {
            let message = format!("`{one}` is for a single time, `{other}` for one that comes back");
            Diagnostic::new(Code::BadMaintenance, span, message).secondary(other_span, "comes back").help(
                "keep `from` and `to`, or `start`, `duration` and `rrule`; write the other one as an entry of its own",
            )
        }
        (Some(_), None) => {
            let place = place(decl.timezone.as_ref(), sink)?;
            let given = required([("from", &decl.from), ("to", &decl.to)], head, sink)?;
            return interval(given, &place, decl.timezone.is_some(), sink).map(MaintenanceTime::Once);
        }
        (None, Some(_)) => {
            let place = place(decl.timezone.as_ref(), sink)?;
            let given = required(again, head, sink)?;
            return recurrence(given, place, sink);
        }
    };
    sink.push(diagnostic);
    None
}

/// The values of keys that go together; reports those that are not there.
fn required<'a, const N: usize>(
    keys: [(&'static str, &'a Option<Text>); N],
    head: Span,
    sink: &mut Sink,
) -> Option<[&'a Text; N]> {
    let missing: Vec<_> = keys.iter().filter(|(_, text)| text.is_none()).map(|(key, _)| format!("`{key}`")).collect();
    if !missing.is_empty() {
        let message = format!("maintenance without {}", missing.join(" and "));
        let (all, _): (Vec<_>, Vec<_>) = keys.iter().map(|(key, _)| (format!("`{key}`"), ())).unzip();
        let diagnostic = Diagnostic::new(Code::MissingKey, head, message);
        sink.push(diagnostic.help(format!("{} go together", all.join(", "))));
        return None;
    }
    let texts: Vec<&Text> = keys.into_iter().filter_map(|(_, text)| text.as_ref()).collect();
    texts.try_into().ok()
}

fn place(timezone: Option<&Text>, sink: &mut Sink) -> Option<Place> {
    let Some(text) = timezone else {
        return Some(Place { zone: Zone::utc(), clock: TimeZone::UTC });
    };
    let zone = zone::zone(text, sink)?;
    let clock = TimeZoneDatabase::bundled().get(&zone.name).ok()?;
    Some(Place { zone, clock })
}

fn interval([from, to]: [&Text; 2], place: &Place, has_zone: bool, sink: &mut Sink) -> Option<Interval> {
    let zone = has_zone.then_some(place);
    let (begin, end) = (moment::moment(from, zone, sink), moment::moment(to, zone, sink));
    let interval = Interval { from: begin?, to: end? };
    if interval.from >= interval.to {
        let message = if interval.from == interval.to {
            "it is over the moment it begins".to_owned()
        } else {
            format!("it is over {} before it begins", length(-interval.seconds()))
        };
        let diagnostic = Diagnostic::new(Code::BadMaintenance, to.span, message).secondary(from.span, "begins");
        sink.push(diagnostic.help("write the earlier moment as `from` and the later one as `to`"));
        return None;
    }
    if !within_a_week(interval.seconds(), to.span, sink) {
        return None;
    }
    Some(interval)
}

fn within_a_week(seconds: i64, span: Span, sink: &mut Sink) -> bool {
    let fits = seconds.unsigned_abs() <= LONGEST.seconds();
    if !fits {
        let message = format!("maintenance of {} is longer than 7d", length(seconds));
        let diagnostic = Diagnostic::new(Code::BadMaintenance, span, message);
        sink.push(
            diagnostic
                .note("what is left of a period of weeks says little about the service")
                .help("split it into several entries if it really has to be taken out"),
        );
    }
    fits
}

fn recurrence([start, duration, rule]: [&Text; 3], place: Place, sink: &mut Sink) -> Option<MaintenanceTime> {
    let local = moment::local(start, &place, sink);
    let length = whole_seconds(duration, "duration", sink);
    let rule_of = local.and_then(|local: DateTime| rrule::rrule(rule, local, sink));
    let (local, length, dates) = (local?, length?, rule_of?);
    let seconds = i64::try_from(length.seconds()).ok()?;
    if !within_a_week(seconds, duration.span, sink) || !moment::exists(start, local, &place, sink) {
        return None;
    }
    let texts = recurrence::Texts { start, duration, rule };
    let recurrence = recurrence::recurrence(texts, local, seconds, dates, place, sink)?;
    Some(MaintenanceTime::Recurring(Box::new(recurrence)))
}

/// Seconds as people read them.
fn length(seconds: i64) -> String {
    Duration::from_secs(seconds.unsigned_abs()).to_string()
}

/// The SLOs of a list; reports those that there are not.
fn known(names: &[Text], slos: &[SloDecl], sink: &mut Sink) -> Option<Vec<Name>> {
    let all = || slos.iter().filter_map(|slo| slo.name.as_ref()).map(|name| name.value.as_str());
    let mut found = Some(Vec::new());
    for text in names {
        if all().any(|name| name == text.value) {
            if let (Some(found), Ok(name)) = (&mut found, Name::parse(&text.value)) {
                found.push(name);
            }
            continue;
        }
        found = None;
        let message = format!("the service has no SLO `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownReference, text.span, message);
        sink.push(match suggest(&text.value, all()) {
            Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), text.span, close),
            None => diagnostic.help("without `slos`, it is for all SLOs of the service"),
        });
    }
    found
}

fn effect(text: Option<&Text>, sink: &mut Sink) {
    if let Some(text) = text.filter(|text| text.value != "exclude") {
        let message = format!("expected `exclude`, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        sink.push(diagnostic.help("maintenance is excluded from budgets and alerts; `effect` can be left out"));
    }
}

fn cause_alerts(text: Option<&Text>, sink: &mut Sink) -> CauseAlerts {
    match text.map(|text| (text, text.value.as_str())) {
        None | Some((_, "false")) => CauseAlerts::Heard,
        Some((_, "true")) => CauseAlerts::Muted,
        Some((text, other)) => {
            let message = format!("expected `true` or `false`, found `{other}`");
            let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
            sink.push(diagnostic.help("`mute_alerts: true` silences the cause alerts of the service meanwhile"));
            CauseAlerts::Heard
        }
    }
}

fn duplicate_names(decls: &[MaintenanceDecl], sink: &mut Sink) {
    let mut first_of: BTreeMap<&str, &Text> = BTreeMap::new();
    for name in decls.iter().filter_map(|decl| decl.name.as_ref()) {
        match first_of.get(name.value.as_str()) {
            Some(first) => {
                let message = format!("two entries of `maintenance` are named `{}`", name.value);
                let diagnostic = Diagnostic::new(Code::OverlappingMaintenance, name.span, message);
                sink.push(diagnostic.secondary(first.span, "the first one").help("rename one of them"));
            }
            None => drop(first_of.insert(&name.value, name)),
        }
    }
}

/// Reports single times that an SLO would have taken out twice.
fn overlapping(entries: &[Maintenance], sink: &mut Sink) {
    for (index, entry) in entries.iter().enumerate() {
        let MaintenanceTime::Once(time) = &entry.time else { continue };
        let earlier = entries[..index].iter().find_map(|other| match &other.time {
            MaintenanceTime::Once(other_time) if share_slos(entry, other) => {
                time.and(*other_time).map(|both| (other, both))
            }
            MaintenanceTime::Once(_) | MaintenanceTime::Recurring(_) => None,
        });
        if let Some((other, both)) = earlier {
            let message = format!("`{}` and `{}` have {} in common", other.name, entry.name, length(both.seconds()));
            let diagnostic = Diagnostic::new(Code::OverlappingMaintenance, entry.name_span, message);
            sink.push(
                diagnostic
                    .secondary(other.name_span, "the other one")
                    .note("events of that time would be taken out of the budget twice")
                    .help(format!("make one entry of them, or let `{}` begin where the other one is over", entry.name)),
            );
        }
    }
}

fn share_slos(one: &Maintenance, other: &Maintenance) -> bool {
    match (&one.slos, &other.slos) {
        (Some(one), Some(other)) => one.iter().any(|name| other.contains(name)),
        (None, _) | (_, None) => true,
    }
}
