//! A file of counts over time: lines of `time,total,bad`.

use jiff::Timestamp;
use rust_decimal::Decimal;

use slosmith::forecast::{Flow, Segment};
use slosmith::model::Duration;

use crate::cli::quantity::{beyond, plain, unknown_date};

/// The most problems that are told.
const MOST_PROBLEMS: usize = 20;
/// The most events of a line.
const MOST_EVENTS: i64 = 1_000_000_000_000;
/// Numbers from here on are Unix seconds, smaller ones seconds from the beginning.
const FIRST_CLOCK: i64 = 100_000_000;

/// Counts over time.
#[derive(Clone, Debug)]
pub(super) struct Events {
    /// The clock's time at the beginning, in Unix seconds, if the file tells.
    pub(super) start: Option<i64>,
    /// What happens, in milliseconds from the beginning.
    pub(super) segments: Vec<Segment>,
    /// When the last line ends.
    pub(super) end: i64,
    /// Events per second on the average of the lines that have any.
    pub(super) per_second: Decimal,
}

/// A line: when its time ends, and what was counted, if anything.
struct Line {
    number: usize,
    time: Time,
    counts: Option<(Decimal, Decimal)>,
}

/// A time in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    Clock(i64),
    Offset(i64),
}

impl Time {
    fn millis(self) -> i64 {
        match self {
            Self::Clock(millis) | Self::Offset(millis) => millis,
        }
    }
}

/// Reads a file.
///
/// # Errors
/// All problems, each with its line from 1.
pub(super) fn read(text: &str) -> Result<Events, Vec<(usize, String)>> {
    let (mut lines, mut problems): (Vec<Line>, _) = (Vec::new(), Vec::new());
    for (index, raw) in text.lines().enumerate() {
        let (number, line) = (index + 1, raw.trim_start_matches('\u{feff}').trim());
        let is_head = lines.is_empty() && line.to_ascii_lowercase().replace(' ', "") == "time,total,bad";
        if line.is_empty() || line.starts_with('#') || is_head {
            continue;
        }
        match read_line(number, line) {
            Ok(found) => {
                let before = lines.last();
                problems.extend(before.and_then(|before| disorder(before, &found)).map(|message| (number, message)));
                lines.push(found);
            }
            Err(message) => problems.push((number, message)),
        }
        if problems.len() >= MOST_PROBLEMS {
            return Err(problems);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let [first, second, ..] = lines.as_slice() else {
        return Err(vec![(
            text.lines().count().max(1),
            "a file of events has two lines at least, whose distance tells what time the first one is of".to_owned(),
        )]);
    };
    let begin = first.time.millis() - (second.time.millis() - first.time.millis());
    Ok(events(&lines, begin))
}

/// What is wrong with a line behind another.
fn disorder(before: &Line, line: &Line) -> Option<String> {
    match (before.time, line.time) {
        (Time::Clock(before), Time::Clock(now)) | (Time::Offset(before), Time::Offset(now)) if now > before => None,
        (Time::Clock(_), Time::Clock(_)) | (Time::Offset(_), Time::Offset(_)) => {
            Some(format!("the time is not after that of line {}", before.number))
        }
        (Time::Clock(_), Time::Offset(_)) | (Time::Offset(_), Time::Clock(_)) => {
            Some("some times are of the clock, and others from the beginning".to_owned())
        }
    }
}

fn read_line(number: usize, line: &str) -> Result<Line, String> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let [time, total, bad] = fields.as_slice() else {
        let semicolons = if line.contains(';') { "; fields are separated by commas" } else { "" };
        return Err(format!("expected `time,total,bad`, found {} fields{semicolons}", fields.len()));
    };
    let time = read_time(time)?;
    if total.is_empty() && bad.is_empty() {
        return Ok(Line { number, time, counts: None });
    }
    let (total, bad) = (count(total)?, count(bad)?);
    if bad > total {
        return Err(format!("{bad} of {total} events failed, which is more than all"));
    }
    Ok(Line { number, time, counts: Some((total, bad)) })
}

fn count(text: &str) -> Result<Decimal, String> {
    let number = plain(text).ok_or_else(|| {
        beyond(text).unwrap_or_else(|| format!("expected a number of events, found `{text}`{}", quoted(text)))
    })?;
    if number > Decimal::from(MOST_EVENTS) {
        Err(format!("`{text}` is above {MOST_EVENTS}, the most that is computed with"))
    } else {
        Ok(number)
    }
}

/// What to say of a field in quotation marks; nothing of others.
fn quoted(text: &str) -> &'static str {
    if text.starts_with(['"', '\'']) { "; fields have no quotation marks" } else { "" }
}

fn read_time(text: &str) -> Result<Time, String> {
    let wrong = || {
        let hint = [quoted(text), &unknown_date(text)].concat();
        format!("expected a time such as `2026-03-01T10:00:00Z`, `1772359200` or `30s`, found `{text}`{hint}")
    };
    if let Some(seconds) = plain(text) {
        let millis = i64::try_from((seconds * Decimal::ONE_THOUSAND).trunc()).map_err(|_| wrong())?;
        if millis > FIRST_CLOCK * 100_000 {
            return Err(wrong());
        }
        return Ok(if millis >= FIRST_CLOCK * 1_000 { Time::Clock(millis) } else { Time::Offset(millis) });
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Time::Clock(moment.as_millisecond()));
    }
    let duration = Duration::parse(text).map_err(|_| beyond(text).unwrap_or_else(wrong))?;
    i64::try_from(duration.millis())
        .ok()
        .filter(|millis| *millis < FIRST_CLOCK * 1_000)
        .map(Time::Offset)
        .ok_or_else(wrong)
}

/// The counts of lines, each spread evenly over the time since the line before.
fn events(lines: &[Line], begin: i64) -> Events {
    let is_clock = lines.iter().any(|line| matches!(line.time, Time::Clock(_)));
    // The clock has whole seconds at the beginning.
    let start = is_clock.then(|| begin.div_euclid(1_000));
    let zero = start.map_or(0, |start| start * 1_000);
    let (mut from, mut segments) = (begin, Vec::new());
    let (mut all, mut time) = (Decimal::ZERO, Decimal::ZERO);
    for line in lines {
        let until = line.time.millis();
        let seconds = Decimal::from(until - from) / Decimal::ONE_THOUSAND;
        let flow = line.counts.map(|(total, bad)| {
            all += total;
            time += seconds;
            Flow { events: total / seconds, errors: bad / seconds }
        });
        segments.push(Segment { from: from - zero, flow });
        from = until;
    }
    Events { start, segments, end: from - zero, per_second: all.checked_div(time).unwrap_or(Decimal::ZERO) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_of_the_time_before_them() {
        let events = read("time,total,bad\n# an outage\n30s,3000,0\n1m,3000,300\n\n2m,,\n").unwrap();
        let found: Vec<_> = events
            .segments
            .iter()
            .map(|it| {
                (it.from, it.flow.map(|it| (it.events.normalize().to_string(), it.errors.normalize().to_string())))
            })
            .collect();
        let flow = |events: &str, errors: &str| Some((events.to_owned(), errors.to_owned()));
        assert_eq!(found, [(0, flow("100", "0")), (30_000, flow("100", "10")), (60_000, None)]);
        assert_eq!((events.start, events.end, events.per_second), (None, 120_000, Decimal::ONE_HUNDRED));
        let clock = read("2026-03-01T10:00:30Z,1,0\n1772359260,1,1\n").unwrap();
        assert_eq!((clock.start, clock.end), (Some(1_772_359_200), 60_000));
    }

    #[test]
    fn problems_have_their_line() {
        for (text, line, words) in [
            ("30s,1,0\n1m,1,2\n", 2, "more than all"),
            ("30s,1,0\n\n20s,1,0\n", 3, "not after that of line 1"),
            ("30s,1\n1m,1,0\n", 1, "found 2 fields"),
            ("30s;1;0\n", 1, "separated by commas"),
            ("noon,1,0\n", 1, "expected a time"),
            ("30s,\"10\",0\n", 1, "found `\"10\"`; fields have no quotation marks"),
            ("\"30s\",10,0\n", 1, "fields have no quotation marks"),
            ("2026-02-30T00:00:00Z,10,0\n", 1, "there is no date `2026-02-30`"),
            ("30s,one,0\n", 1, "expected a number of events, found `one`"),
            ("30s,1,0\n2026-03-01T10:00:30Z,1,0\n", 2, "of the clock"),
            ("30s,1,0\n", 1, "two lines at least"),
            ("", 1, "two lines at least"),
            ("30s,-1,0\n", 1, "expected a number"),
            ("30s,9999999999999,0\n", 1, "most that is computed"),
        ] {
            let problems = read(text).unwrap_err();
            assert!(problems[0].0 == line && problems[0].1.contains(words), "{text}: {problems:?}");
        }
        assert_eq!(read(&"x\n".repeat(99)).unwrap_err().len(), MOST_PROBLEMS);
    }
}
