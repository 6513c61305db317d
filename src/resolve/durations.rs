//! Durations, and the diagnostics of texts that are none.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Blocks, Duration, DurationError};
use crate::source::Text;

/// Reads a duration of any length.
pub(crate) fn duration(text: &Text, sink: &mut Sink) -> Option<Duration> {
    match Duration::parse(&text.value) {
        Ok(duration) => Some(duration),
        Err(error) => {
            sink.push(no_duration(text, error));
            None
        }
    }
}

/// Reads a duration that is not zero.
pub(super) fn positive_duration(text: &Text, key: &str, sink: &mut Sink) -> Option<Duration> {
    let duration = duration(text, sink)?;
    if duration.millis() > 0 {
        return Some(duration);
    }
    let diagnostic = Diagnostic::new(Code::BadDuration, text.span, format!("`{key}` has to be longer than zero"));
    sink.push(diagnostic.help("write a number above 0 and a unit, as in `300ms`, `5m` or `1h30m`"));
    None
}

/// Reads a duration of whole seconds that is not zero, as windows in series names are.
pub(super) fn whole_seconds(text: &Text, key: &str, sink: &mut Sink) -> Option<Duration> {
    let duration = positive_duration(text, key, sink)?;
    if duration.millis().is_multiple_of(1_000) {
        return Some(duration);
    }
    let message = format!("`{key}` has to be whole seconds, found `{duration}`");
    sink.push(Diagnostic::new(Code::BadDuration, text.span, message));
    None
}

/// Reads how often targets are scraped; Prometheus's own default where nothing is written.
pub(super) fn blocks(text: Option<&Text>, sink: &mut Sink) -> Option<Blocks> {
    let Some(text) = text else {
        return Blocks::new(Duration::from_mins(1));
    };
    let scrape = duration(text, sink)?;
    let blocks = Blocks::new(scrape);
    if blocks.is_none() {
        sink.push(scrape_out_of_range(text, scrape));
    }
    blocks
}

fn scrape_out_of_range(text: &Text, scrape: Duration) -> Diagnostic {
    let (least, most) = (Blocks::MIN_SCRAPE, Blocks::MAX_SCRAPE);
    let message = format!("a scrape interval of `{}` is outside of {least} to {most}", text.value);
    let diagnostic = Diagnostic::new(Code::BadScrapeInterval, text.span, message);
    if scrape < least {
        return diagnostic
            .note("a declared interval above the real one only smooths short peaks; one below it loses events")
            .help(format!("write `{least}`, which also suits targets that are scraped more often"));
    }
    diagnostic
        .note("an instant selector of Prometheus looks back 5m: a series scraped less often has holes")
        .help("scrape these targets every 5m or more often, and write that interval")
}

fn no_duration(text: &Text, error: DurationError) -> Diagnostic {
    let value = &text.value;
    let diagnostic = match error {
        DurationError::Empty => {
            Diagnostic::new(Code::BadDuration, text.span, "expected a duration, found an empty text")
        }
        DurationError::MissingUnit => {
            let message = format!("the duration `{value}` has no unit");
            let units = ["s", "m", "h", "d"].map(|unit| format!("`{value}{unit}`")).join(", ");
            return Diagnostic::new(Code::BadDuration, text.span, message).help(format!("write one of {units}"));
        }
        DurationError::UnknownUnit(at) => {
            let word = word_at(value, at);
            let message = format!("`{word}` is no unit of time");
            Diagnostic::new(Code::BadDuration, part(text, at, at + word.len()), message)
        }
        DurationError::UnitOrder(at) => {
            let span = part(text, at, at + word_at(value, at).len());
            let message = format!("the units of `{value}` are not in order");
            Diagnostic::new(Code::BadDuration, span, message).note("units go from large to small, each at most once")
        }
        DurationError::Unexpected(_)
            if value.trim_end().ends_with(|c: char| c.is_ascii_digit())
                && let Some(seconds) = meant(&format!("{value}s")) =>
        {
            let message = format!("the duration `{value}` has no unit");
            let diagnostic = Diagnostic::new(Code::BadDuration, text.span, message);
            let written = seconds.to_string();
            return diagnostic.replace(format!("write `{written}` if these are seconds"), text.span, written);
        }
        DurationError::Unexpected(at) => {
            let found = value[at..].chars().next().unwrap_or_default();
            let described = if found == ' ' { "space".to_owned() } else { format!("`{}`", found.escape_debug()) };
            let message = format!("unexpected {described} in the duration `{value}`");
            Diagnostic::new(Code::BadDuration, part(text, at, at + found.len_utf8()), message)
        }
        DurationError::TooLong => {
            return Diagnostic::new(Code::BadDuration, text.span, format!("the duration `{value}` is too long"));
        }
    };
    match meant(value) {
        Some(duration) => diagnostic.replace(format!("write `{duration}`"), text.span, duration.to_string()),
        None => diagnostic
            .help("durations are whole numbers with a unit: `ms`, `s`, `m`, `h`, `d`, `w` or `y`, as in `1h30m`"),
    }
}

fn part(text: &Text, start: usize, end: usize) -> crate::source::Span {
    super::part(text, start..end)
}

/// The letters at a byte of the text.
fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    &rest[..end]
}

/// What people write for units, in milliseconds.
const WORDS: [(&[&str], u64); 8] = [
    (&["ms", "msec", "millisecond", "milliseconds"], 1),
    (&["s", "sec", "secs", "second", "seconds"], 1_000),
    (&["m", "min", "mins", "minute", "minutes"], 60_000),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600_000),
    (&["d", "D", "day", "days"], 86_400_000),
    (&["w", "W", "week", "weeks"], 7 * 86_400_000),
    (&["mo", "month", "months"], 30 * 86_400_000),
    (&["y", "Y", "year", "years"], 365 * 86_400_000),
];

/// The duration that a person reads in a text that is none: `1.5h`, `30 days`, `5min`, `30m1h`.
fn meant(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Decimal::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let amount = Decimal::from_str_exact(&rest[..digits]).ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (_, millis) = WORDS.iter().find(|(words, _)| words.contains(&&rest[..letters]))?;
        total = total.checked_add(amount.checked_mul(Decimal::from(*millis))?)?;
        rest = rest[letters..].trim_start();
    }
    let millis = total.is_integer().then(|| total.to_u64())??;
    (millis > 0).then(|| Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_person_means() {
        for (text, meaning) in
            [("1.5h", "1h30m"), ("30 days", "30d"), ("5min", "5m"), ("30m1h", "1h30m"), ("1h 5m", "1h5m")]
        {
            assert_eq!(meant(text).map(|duration| duration.to_string()).as_deref(), Some(meaning), "{text}");
        }
        for text in ["", "h", "5", "5 parsecs", "-5m", "1..5h", "0.0001ms", "99999999999999999999999999999d"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
