//! Recurrence rules of RFC 5545, section 3.3.10: those parts that tell dates.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Dates, Frequency, WeekDay};
use crate::resolve::part as place_of;
use crate::source::Text;
use crate::suggest::suggest;

/// What a rule says.
pub(super) struct Rule {
    /// On which dates.
    pub(super) dates: Dates,
    /// How many there are.
    pub(super) count: Option<u32>,
    /// The last moment at which one may start.
    pub(super) until: Option<Until>,
}

/// The value of `UNTIL`.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// By the clocks of the recurrence.
    Local(DateTime),
    /// Unix seconds.
    Utc(i64),
}

/// A part of a rule: its name and value, and where they stand in the text.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a Text,
    name: &'a str,
    value: &'a str,
    /// The byte at which the name begins.
    at: usize,
}

const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const KNOWN: [&str; 7] = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL"];
/// Parts of the RFC that are left out.
const LEFT_OUT: [&str; 7] = ["BYSETPOS", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSECOND", "WKST"];
/// From Sunday.
const DAYS: [&str; 7] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/// Reads a rule; `start` is when the first one starts, from which the rule takes what it does not say.
pub(super) fn rrule(text: &Text, start: DateTime, sink: &mut Sink) -> Option<Rule> {
    if let Some(rest) = text.value.strip_prefix("RRULE:") {
        let diagnostic =
            Diagnostic::new(Code::BadRecurrence, place_of(text, 0..6), "`RRULE:` does not belong to the rule");
        sink.push(diagnostic.replace(format!("write `{rest}`"), text.span, rest));
        return None;
    }
    let parts = parts(text, sink)?;
    let value = |name: &str| parts.iter().copied().find(|part| part.name == name);
    let Some(frequency_part) = value("FREQ") else {
        let diagnostic = Diagnostic::new(Code::BadRecurrence, text.span, "a recurrence without `FREQ`");
        sink.push(diagnostic.help("begin with it, as in `FREQ=WEEKLY;BYDAY=SU`"));
        return None;
    };
    let frequency = frequency(frequency_part, sink);
    let every = value("INTERVAL").map_or(Some(1), |part| number(part, sink));
    let months = list(value("BYMONTH"), sink, |item| ranged(item, 1..=12, false));
    let month_days = list(value("BYMONTHDAY"), sink, |item| ranged(item, 1..=31, true));
    let week_days = list(value("BYDAY"), sink, week_day);
    let count = value("COUNT").map(|part| number(part, sink));
    let until = value("UNTIL").map(|part| until(part, sink));
    if let (Some(count), Some(until)) = (value("COUNT"), value("UNTIL")) {
        let diagnostic = Diagnostic::new(Code::BadRecurrence, until.place(), "`COUNT` and `UNTIL` exclude each other");
        sink.push(diagnostic.secondary(count.place(), "the other one").help("keep the one that you mean"));
        return None;
    }
    let frequency = frequency?;
    if !goes_together(frequency, &parts, week_days.as_deref().unwrap_or_default(), sink) {
        return None;
    }
    let dates = Dates {
        frequency,
        every: every?,
        origin: origin(frequency, start.date()),
        origin_month: (i64::from(start.year()), i64::from(start.month())),
        months: months?,
        month_days: month_days?,
        week_days: week_days?,
    };
    let count = match count {
        Some(count) => Some(count?),
        None => None,
    };
    let until = match until {
        Some(until) => Some(until?),
        None => None,
    };
    Some(Rule { dates: with_start(dates, start.date()), count, until })
}

/// What the rule leaves to the date of the start, as the RFC has it.
fn with_start(mut dates: Dates, start: Date) -> Dates {
    let no_days = dates.month_days.is_empty() && dates.week_days.is_empty();
    match dates.frequency {
        Frequency::Weekly if dates.week_days.is_empty() => {
            dates.week_days.push(WeekDay { day: sunday_first(start.weekday()), nth: None });
        }
        Frequency::Monthly if no_days => dates.month_days.push(i64::from(start.day())),
        Frequency::Yearly if no_days => {
            dates.month_days.push(i64::from(start.day()));
            if dates.months.is_empty() {
                dates.months.push(i64::from(start.month()));
            }
        }
        Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly => {}
    }
    dates
}

fn origin(frequency: Frequency, start: Date) -> i64 {
    let number = day_number(start);
    match frequency {
        Frequency::Weekly => number - i64::from(start.weekday().to_monday_zero_offset()),
        Frequency::Daily | Frequency::Monthly | Frequency::Yearly => number,
    }
}

/// Days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    date.to_datetime(jiff::civil::Time::midnight())
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second().div_euclid(86_400))
}

/// 0 is Sunday.
pub(super) fn sunday_first(day: Weekday) -> i64 {
    i64::from(day.to_sunday_zero_offset())
}

/// The parts, each with a name that there is, none twice.
fn parts<'a>(text: &'a Text, sink: &mut Sink) -> Option<Vec<Part<'a>>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut at = 0;
    let mut fine = true;
    for piece in text.value.split(';') {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        let part = Part { text, name, value, at };
        at += piece.len() + 1;
        let problem = if !piece.contains('=') || value.is_empty() {
            Some(empty(part, piece))
        } else if !KNOWN.contains(&name) {
            Some(unknown(part))
        } else {
            parts.iter().find(|other| other.name == name).map(|other| {
                let message = format!("`{name}` stands twice");
                Diagnostic::new(Code::BadRecurrence, part.place(), message)
                    .secondary(other.place(), "the first one")
                    .help("put several values behind one, with commas, as in `BYDAY=MO,TH`")
            })
        };
        match problem {
            None => parts.push(part),
            Some(diagnostic) => {
                fine = false;
                sink.push(diagnostic);
            }
        }
    }
    fine.then_some(parts)
}

fn empty(part: Part<'_>, piece: &str) -> Diagnostic {
    let message = if piece.is_empty() {
        "nothing between two `;`".to_owned()
    } else {
        format!("`{piece}` is no part of a recurrence: a name, `=` and a value")
    };
    let range = part.at..part.at + piece.len();
    Diagnostic::new(Code::BadRecurrence, place_of(part.text, range), message)
        .help("parts are separated by `;`, as in `FREQ=WEEKLY;BYDAY=SU`")
}

fn unknown(part: Part<'_>) -> Diagnostic {
    let place = place_of(part.text, part.at..part.at + part.name.len());
    let name = part.name;
    let upper = name.trim().to_ascii_uppercase();
    if LEFT_OUT.contains(&upper.as_str()) {
        let message = format!("`{name}` is not supported");
        return Diagnostic::new(Code::BadRecurrence, place, message).help(match upper.as_str() {
            "BYSETPOS" => "write the place of a day in its month with the day, as in `BYDAY=1SU` or `BYDAY=-1FR`",
            "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
                "the time of day is that of `start`; write an entry for each time of day"
            }
            "WKST" => "weeks begin on Monday",
            _ => "tell dates by `BYDAY`, `BYMONTHDAY` and `BYMONTH`",
        });
    }
    let message = format!("`{name}` is no part of a recurrence");
    let diagnostic = Diagnostic::new(Code::BadRecurrence, place, message);
    // What is written in small letters is the nearest one.
    match KNOWN.into_iter().find(|known| *known == upper).or_else(|| suggest(&upper, KNOWN)) {
        Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), place, close),
        None => diagnostic.note(format!("there are {}", KNOWN.map(|name| format!("`{name}`")).join(", "))),
    }
}

impl Part<'_> {
    fn place(self) -> crate::source::Span {
        place_of(self.text, self.at..self.at + self.name.len() + 1 + self.value.len())
    }

    fn value_place(self) -> crate::source::Span {
        let begin = self.at + self.name.len() + 1;
        place_of(self.text, begin..begin + self.value.len())
    }
}

fn frequency(part: Part<'_>, sink: &mut Sink) -> Option<Frequency> {
    let found = match part.value {
        "DAILY" => Some(Frequency::Daily),
        "WEEKLY" => Some(Frequency::Weekly),
        "MONTHLY" => Some(Frequency::Monthly),
        "YEARLY" => Some(Frequency::Yearly),
        _ => None,
    };
    if found.is_none() {
        let place = part.value_place();
        let upper = part.value.trim().to_ascii_uppercase();
        let too_often = ["HOURLY", "MINUTELY", "SECONDLY"].contains(&upper.as_str());
        let diagnostic = if too_often {
            let message = format!("`{}` comes back more often than daily", part.value);
            Diagnostic::new(Code::BadRecurrence, place, message)
                .help("write an entry for each time of day, with `FREQ=DAILY`")
        } else {
            let message = format!("`{}` is no frequency", part.value);
            let diagnostic = Diagnostic::new(Code::BadRecurrence, place, message);
            match FREQUENCIES.into_iter().find(|known| *known == upper).or_else(|| suggest(&upper, FREQUENCIES)) {
                Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), place, close),
                None => diagnostic.help("write `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`"),
            }
        };
        sink.push(diagnostic);
    }
    found
}

/// A number of 1 to 9999.
fn number(part: Part<'_>, sink: &mut Sink) -> Option<u32> {
    let is_plain = part.value.bytes().all(|byte| byte.is_ascii_digit());
    let number = part.value.parse().ok().filter(|number| is_plain && (1..=9_999).contains(number));
    if number.is_none() {
        let message = format!("`{}` is no whole number from 1 to 9999", part.value);
        let help = match part.name {
            "COUNT" => "`COUNT` is how often it happens in all; leave it out for ever",
            _ => "`INTERVAL=2` is every second time; leave it out for every time",
        };
        sink.push(Diagnostic::new(Code::BadRecurrence, part.value_place(), message).help(help));
    }
    number
}

/// The items of a list; none if there is no such part.
fn list<T>(part: Option<Part<'_>>, sink: &mut Sink, read: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
    let Some(part) = part else { return Some(Vec::new()) };
    let mut items = Some(Vec::new());
    let mut at = part.at + part.name.len() + 1;
    for item in part.value.split(',') {
        match (read(item), &mut items) {
            (Ok(value), Some(items)) => items.push(value),
            (Ok(_), None) => {}
            (Err(message), _) => {
                items = None;
                let place = if item.is_empty() { part.value_place() } else { place_of(part.text, at..at + item.len()) };
                sink.push(item_problem(part.name, item, place, message));
            }
        }
        at += item.len() + 1;
    }
    items
}

/// An item that cannot be read, with what it may be.
fn item_problem(name: &str, item: &str, place: crate::source::Span, message: String) -> Diagnostic {
    if item.is_empty() {
        let message = format!("`{name}` has a comma with nothing beside it");
        let diagnostic = Diagnostic::new(Code::BadRecurrence, place, message);
        return diagnostic.help("take out the comma, or write what belongs there");
    }
    let diagnostic = Diagnostic::new(Code::BadRecurrence, place, message);
    let upper = item.trim().to_ascii_uppercase();
    match name {
        "BYDAY" => match near_day(&upper).filter(|day| day != item) {
            Some(day) => diagnostic.replace(format!("did you mean `{day}`?"), place, day),
            None => diagnostic.help("write `MO`, `TU`, `WE`, `TH`, `FR`, `SA` or `SU`; in months also `1SU` to `5SU`, or `-1SU` for the last one"),
        },
        "BYMONTHDAY" => diagnostic.help("write `1` for the first day of the month, `-1` for the last one"),
        _ => diagnostic.help("write `1` for January, `12` for December"),
    }
}

/// The day that `SUN` or `1sunday` means.
fn near_day(upper: &str) -> Option<String> {
    let split = upper.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (nth, word) = upper.split_at(split);
    let names = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];
    let index = names.iter().position(|name| word.len() >= 2 && name.starts_with(word))?;
    let written = format!("{nth}{}", DAYS.get(index)?);
    week_day(&written).is_ok().then_some(written)
}

fn ranged(item: &str, range: std::ops::RangeInclusive<i64>, from_end: bool) -> Result<i64, String> {
    let (least, most) = (*range.start(), *range.end());
    let number = item
        .parse::<i64>()
        .ok()
        .filter(|number| range.contains(number) || from_end && range.contains(&number.saturating_neg()));
    number.ok_or_else(|| {
        let end = if from_end { format!(", or -{most} to -{least} from the end of the month") } else { String::new() };
        format!("`{item}` is no number from {least} to {most}{end}")
    })
}

fn week_day(item: &str) -> Result<WeekDay, String> {
    let word = || format!("`{item}` is no day: `MO` to `SU`, with its place in the month as in `1SU` or `-1FR`");
    let split = item.len().checked_sub(2).filter(|at| item.is_char_boundary(*at)).ok_or_else(word)?;
    let (nth, day) = item.split_at(split);
    let day = DAYS.iter().position(|name| *name == day).ok_or_else(word)?;
    let day = i64::try_from(day).unwrap_or_default();
    if nth.is_empty() {
        return Ok(WeekDay { day, nth: None });
    }
    let nth: i64 = nth.parse().map_err(|_| word())?;
    if nth == 0 || nth.abs() > 5 {
        return Err(format!("`{item}`: no month has a day of the week more than five times"));
    }
    Ok(WeekDay { day, nth: Some(nth) })
}

fn until(part: Part<'_>, sink: &mut Sink) -> Option<Until> {
    let value = part.value;
    let shape: String = value.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let dashed = || Some(format!("{}-{}-{}", value.get(..4)?, value.get(4..6)?, value.get(6..8)?));
    let timed = || Some(format!("{}T{}:{}:{}", dashed()?, value.get(9..11)?, value.get(11..13)?, value.get(13..15)?));
    let read = match shape.as_str() {
        // A date means all of that day.
        "00000000" => dashed().and_then(|date| format!("{date}T23:59:59").parse().ok()).map(Until::Local),
        "00000000T000000" => timed().and_then(|time| time.parse().ok()).map(Until::Local),
        "00000000T000000Z" => {
            let moment = timed().and_then(|time| format!("{time}Z").parse::<Timestamp>().ok());
            moment.map(|moment| Until::Utc(moment.as_second()))
        }
        _ => None,
    };
    if read.is_none() {
        let message = format!("`{value}` is no date or moment");
        let diagnostic = Diagnostic::new(Code::BadRecurrence, part.value_place(), message);
        sink.push(diagnostic.help("write it as in `20261231` or `20261231T225959Z`"));
    }
    read
}

/// Whether the RFC has these parts together.
fn goes_together(frequency: Frequency, parts: &[Part<'_>], week_days: &[WeekDay], sink: &mut Sink) -> bool {
    let part = |name: &str| parts.iter().copied().find(|part| part.name == name);
    if let (Frequency::Weekly, Some(days)) = (frequency, part("BYMONTHDAY")) {
        let message = "`BYMONTHDAY` does not go with `FREQ=WEEKLY`";
        let diagnostic = Diagnostic::new(Code::BadRecurrence, days.place(), message);
        sink.push(diagnostic.help("write `FREQ=MONTHLY` for days of the month, or `BYDAY` for days of the week"));
        return false;
    }
    let nth = week_days.iter().any(|day| day.nth.is_some());
    let (Some(days), true) = (part("BYDAY"), nth) else { return true };
    let within_month = match frequency {
        Frequency::Monthly => true,
        Frequency::Yearly => part("BYMONTH").is_some(),
        Frequency::Daily | Frequency::Weekly => false,
    };
    if !within_month {
        let message = format!("`{}` counts days of a month, and the rule names none", days.value);
        let diagnostic = Diagnostic::new(Code::BadRecurrence, days.value_place(), message);
        sink.push(diagnostic.help("write `FREQ=MONTHLY`, or `FREQ=YEARLY` with `BYMONTH`"));
    }
    within_month
}
