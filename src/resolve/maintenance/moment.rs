//! Moments: with an offset from UTC, or by the clocks of a zone, where they exist and are there only once.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;

use super::Place;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::Text;

/// Reads a moment to Unix seconds; `zone` is that of the entry, for moments without an offset.
pub(super) fn moment(text: &Text, zone: Option<&Place>, sink: &mut Sink) -> Option<i64> {
    if let Ok(moment) = text.value.parse::<Timestamp>() {
        return Some(moment.as_second());
    }
    let Some(local) = parsed(&text.value) else {
        sink.push(unreadable(text, "2026-03-03T10:00Z"));
        return None;
    };
    let Some(place) = zone else {
        let written = format!("{}Z", text.value);
        let message = format!("`{}` does not say by whose clocks", text.value);
        let diagnostic = Diagnostic::new(Code::BadTime, text.span, message).note("with `timezone`, it is local time");
        sink.push(diagnostic.replace(format!("write `{written}` if it is UTC"), text.span, written));
        return None;
    };
    exists(text, local, place, sink).then(|| at(local, place)).flatten()
}

/// Reads a date and time of local clocks, those of this zone.
pub(super) fn local(text: &Text, place: &Place, sink: &mut Sink) -> Option<DateTime> {
    if let Ok(moment) = text.value.parse::<Timestamp>() {
        let local = moment.to_zoned(place.clock.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
        let message = format!("`{}` has an offset, where local time is expected", text.value);
        let diagnostic = Diagnostic::new(Code::BadTime, text.span, message).note(
            "what comes back keeps its time of day when clocks change, by the clocks of `timezone`, or UTC without it",
        );
        let help = format!("write `{local}`, what clocks show then in {}", place.zone.name);
        sink.push(diagnostic.replace(help, text.span, local));
        return None;
    }
    let local = parsed(&text.value);
    if local.is_none() {
        sink.push(unreadable(text, "2026-01-04T02:00"));
    }
    local
}

/// A date and time, both written out.
fn parsed(text: &str) -> Option<DateTime> {
    let is_plain = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-T: ".contains(&byte));
    is_plain.then(|| text.parse::<DateTime>().ok()).flatten()
}

/// Unix seconds; where clocks change, a skipped time by the clocks before, the first one of two.
pub(super) fn at(local: DateTime, place: &Place) -> Option<i64> {
    let moment = place.clock.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(moment.as_second())
}

/// Whether local clocks show a time, and only once; if not, reports it.
pub(super) fn exists(text: &Text, local: DateTime, place: &Place, sink: &mut Sink) -> bool {
    let moment = place.clock.to_ambiguous_timestamp(local);
    let zone = &place.zone.name;
    let (date, time) = (local.date(), local.time().strftime("%H:%M"));
    let diagnostic = match moment.offset() {
        AmbiguousOffset::Unambiguous { .. } => return true,
        AmbiguousOffset::Gap { before, after } => {
            let later = local.checked_add(jiff::Span::new().seconds(i64::from(after.seconds() - before.seconds())));
            let message = format!("there is no {time} on {date} in {zone}: clocks go forward over it");
            let diagnostic = Diagnostic::new(Code::BadTime, text.span, message);
            let Ok(later) = later else {
                sink.push(diagnostic);
                return false;
            };
            let later = later.strftime("%Y-%m-%dT%H:%M").to_string();
            diagnostic.replace(format!("write `{later}`, what clocks show then"), text.span, later)
        }
        AmbiguousOffset::Fold { .. } => {
            let message = format!("{time} is there twice on {date} in {zone}: clocks go back over it");
            let written = at(local, place).and_then(|second| Timestamp::from_second(second).ok());
            let diagnostic = Diagnostic::new(Code::BadTime, text.span, message);
            match written.map(|moment| moment.strftime("%Y-%m-%dT%H:%MZ").to_string()) {
                Some(first) => diagnostic
                    .help(format!("the first one is `{first}`; write another time of day where one comes back")),
                None => diagnostic,
            }
        }
    };
    sink.push(diagnostic);
    false
}

fn unreadable(text: &Text, example: &str) -> Diagnostic {
    let message = format!("`{}` is no date with a time", text.value);
    let diagnostic = Diagnostic::new(Code::BadTime, text.span, message);
    let spaced = text.value.trim().replacen(' ', "T", 1);
    let is_date = text.value.trim().parse::<jiff::civil::Date>().is_ok() && text.value.trim().len() == 10;
    if is_date {
        let end = &example[10..];
        let written = format!("{}{}", text.value.trim(), if end.ends_with('Z') { "T00:00Z" } else { "T00:00" });
        return diagnostic.replace(format!("write `{written}` for its midnight"), text.span, written);
    }
    if spaced != text.value && (spaced.parse::<Timestamp>().is_ok() || parsed(&spaced).is_some()) {
        return diagnostic.replace(format!("write `{spaced}`"), text.span, spaced);
    }
    diagnostic.help(format!("write it as in `{example}`"))
}
