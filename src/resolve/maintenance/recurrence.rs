//! Recurrences: when the first one starts and the last one is over, and how many there are.

use jiff::civil::{Date, DateTime};

use super::rrule::{Rule, Until, day_number, sunday_first};
use super::{Place, clocks, length, moment};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{CivilDate, Dates, Recurrence};
use crate::source::Text;

/// What a recurrence was read from.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) start: &'a Text,
    pub(super) duration: &'a Text,
    pub(super) rule: &'a Text,
}

/// As many days as the calendar needs to come round, so that whatever a rule tells is among them.
const DAYS: i64 = 28 * 366;
/// No clock shows a later year in the table of a zone.
const LAST_YEAR: i16 = 2037;

/// A date on which one starts, with the moment.
#[derive(Clone, Copy)]
pub(super) struct Start {
    pub(super) local: DateTime,
    pub(super) moment: i64,
}

/// Puts together what is written; reports what cannot be.
pub(super) fn recurrence(
    texts: Texts<'_>,
    start: DateTime,
    seconds: i64,
    rule: Rule,
    place: Place,
    sink: &mut Sink,
) -> Option<Recurrence> {
    let starts = starts(&rule, start, &place);
    let Some(first) = starts.first().copied() else {
        let diagnostic = Diagnostic::new(Code::BadRecurrence, texts.rule.span, "no date is ever one of these");
        sink.push(
            diagnostic
                .secondary(texts.start.span, "begins")
                .help("every part of the rule has to hold on one date: take out the one that is too much"),
        );
        return None;
    };
    if first.local != start {
        sink.push(no_first(texts.start, texts.rule, start, first.local));
        return None;
    }
    if let Some([one, next]) = starts.array_windows_by_two().find(|[one, next]| next.moment - one.moment < seconds) {
        let message = format!(
            "each one lasts {}, and the next one starts {} later",
            length(seconds),
            length(next.moment - one.moment)
        );
        let diagnostic = Diagnostic::new(Code::BadMaintenance, texts.duration.span, message);
        sink.push(
            diagnostic.secondary(texts.rule.span, "comes back").help("write a shorter `duration`, or a rarer rule"),
        );
        return None;
    }
    let is_finite = rule.count.is_some() || rule.until.is_some();
    let year = 365 * 86_400;
    let in_a_year = starts.iter().take_while(|start| start.moment < first.moment + year).count();
    let shown = clocks::Shown { starts: &starts, seconds, zone: &place.zone };
    let (missed, surplus) = clocks::corrections(&shown);
    Some(Recurrence {
        rule: texts.rule.value.as_str().into(),
        time_of_day: time_of_day(start),
        seconds,
        dates: rule.dates,
        first: first.moment,
        over: starts.last().filter(|_| is_finite).map(|last| last.moment + seconds),
        in_a_year: i64::try_from(in_a_year).unwrap_or(i64::MAX),
        missed,
        surplus,
        zone: place.zone,
    })
}

/// `start` on a date that the rule does not have.
fn no_first(text: &Text, rule: &Text, start: DateTime, first: DateTime) -> Diagnostic {
    let day = start.strftime("%A, %-d %B %Y");
    let message = format!("`start` is a {day}, which the rule leaves out");
    let written = first.strftime("%Y-%m-%dT%H:%M").to_string();
    let help = format!("write `{written}`, the first date of the rule");
    Diagnostic::new(Code::BadRecurrence, text.span, message)
        .secondary(rule.span, "the rule")
        .replace(help, text.span, written)
}

fn time_of_day(start: DateTime) -> i64 {
    i64::from(start.hour()) * 3_600 + i64::from(start.minute()) * 60 + i64::from(start.second())
}

/// When each one starts, up to the last year that zones are known for, or of 28 years.
fn starts(rule: &Rule, start: DateTime, place: &Place) -> Vec<Start> {
    let most = rule.count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
    let may_start = |start: &Start| match rule.until {
        None => true,
        Some(Until::Local(until)) => start.local <= until,
        Some(Until::Utc(until)) => start.moment <= until,
    };
    let first = start.date();
    let days = first.series(jiff::Span::new().days(1)).zip(0..DAYS);
    days.map(|(date, _)| date)
        .take_while(|date| date.year() <= LAST_YEAR.max(first.year()))
        .filter(|date| is_one(&rule.dates, *date))
        .filter_map(|date| {
            let local = date.to_datetime(start.time());
            moment::at(local, place).map(|moment| Start { local, moment })
        })
        .take_while(may_start)
        .take(most)
        .collect()
}

fn is_one(dates: &Dates, date: Date) -> bool {
    dates.contain(CivilDate {
        number: day_number(date),
        year: i64::from(date.year()),
        month: i64::from(date.month()),
        day: i64::from(date.day()),
        month_length: i64::from(date.days_in_month()),
        week_day: sunday_first(date.weekday()),
    })
}

/// Neighbours of a list.
trait Neighbours<T> {
    fn array_windows_by_two(&self) -> impl Iterator<Item = [T; 2]>;
}

impl<T: Copy> Neighbours<T> for Vec<T> {
    fn array_windows_by_two(&self) -> impl Iterator<Item = [T; 2]> {
        self.windows(2).filter_map(|pair| <[T; 2]>::try_from(pair).ok())
    }
}
