//! Hours of a week as people write them: `Mon-Fri 09:00-18:00 Europe/Paris`.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Hours;
use crate::resolve::{part, zone};
use crate::source::Text;

/// The minutes of a day.
const DAY: u16 = 24 * 60;

/// A word of the text, and where it begins.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    at: usize,
}

/// Reads days, times and, unless it is UTC, a time zone.
pub(super) fn hours(text: &Text, sink: &mut Sink) -> Option<Hours> {
    let words = words(&text.value);
    let ([days, times] | [days, times, _]) = words.as_slice() else {
        let message = format!("expected days, times and a time zone, found `{}`", text.value);
        sink.push(Diagnostic::new(Code::BadHours, text.span, message).help(form()));
        return None;
    };
    let timezone = match words.get(2) {
        Some(word) => Some(zone::zone(&slice(text, *word), sink)?.name).filter(|name| name != "UTC"),
        None => None,
    };
    let days = ranges(*days).map(|word| self::days(word, text, sink)).collect::<Vec<_>>();
    let times = ranges(*times).map(|word| self::times(word, text, sink)).collect::<Vec<_>>();
    let (days, times) = (days.into_iter().collect::<Option<_>>(), times.into_iter().collect::<Option<Vec<_>>>());
    sink.extend(times.as_deref().and_then(|times| too_short(times, text)));
    Some(Hours { days: days?, times: times?, timezone })
}

/// How often tickets are told, in minutes: in shorter hours, it may never be their turn.
const TOLD_EVERY: u16 = 15;

/// The problem of hours of which none is as long as it takes to tell tickets.
fn too_short(times: &[(u16, u16)], text: &Text) -> Option<Diagnostic> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<(u16, u16)> = Vec::new();
    for (from, to) in sorted {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    let longest = joined.iter().map(|(from, to)| to - from).max()?;
    let goes_over_midnight =
        joined.first().is_some_and(|(from, _)| *from == 0) && joined.last().is_some_and(|(_, to)| *to == DAY);
    if longest >= TOLD_EVERY || goes_over_midnight {
        return None;
    }
    let message = format!("hours of no more than {longest} minutes");
    let problem = Diagnostic::new(Code::BadHours, text.span, message);
    let problem =
        problem.note(format!("tickets are told every {TOLD_EVERY} minutes, so that none may come within these hours"));
    Some(problem.help("make them an hour or longer"))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| Word { text: word, at: start(word) }).collect()
}

/// The parts of a word between its commas.
fn ranges(word: Word<'_>) -> impl Iterator<Item = Word<'_>> {
    word.text.split(',').scan(word.at, |at, text| {
        let range = Word { text, at: *at };
        *at += text.len() + 1;
        Some(range)
    })
}

/// `Mon-Fri` or `Sat`.
fn days(word: Word<'_>, text: &Text, sink: &mut Sink) -> Option<(u8, u8)> {
    let (from, to) = word.text.split_once('-').unwrap_or((word.text, word.text));
    let (Some(first), Some(last)) = (day(from), day(to)) else {
        let message = format!("expected days such as `Mon-Fri`, found `{}`", word.text);
        sink.push(problem(word, text, message).help(form()));
        return None;
    };
    if first > last {
        let message = format!("`{}` goes over the end of the week", word.text);
        let parts = Hours { days: vec![(first, 6), (0, last)], times: Vec::new(), timezone: None };
        let parts = parts.in_words();
        let help = format!("write `{}`", parts.split(' ').next().unwrap_or_default());
        sink.push(problem(word, text, message).help(help));
        return None;
    }
    Some((first, last))
}

fn day(name: &str) -> Option<u8> {
    const LONG: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.to_ascii_lowercase();
    let found = (0_u8..).zip(LONG).find(|(_, long)| *long == name || (name.len() == 3 && long.starts_with(&name)));
    found.map(|(index, _)| index)
}

/// `09:00-18:00`
fn times(word: Word<'_>, text: &Text, sink: &mut Sink) -> Option<(u16, u16)> {
    let read = word.text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
    let Some((from, to)) = read else {
        let message = format!("expected times such as `09:00-18:00`, found `{}`", word.text);
        sink.push(problem(word, text, message).help(form()));
        return None;
    };
    if from >= to {
        let message = format!("`{}` ends before it begins", word.text);
        let help = match to {
            0 => format!("write `{}-24:00`", Hours::clock(from)),
            _ => format!("over midnight, write `{}-24:00,00:00-{}`", Hours::clock(from), Hours::clock(to)),
        };
        sink.push(problem(word, text, message).help(help));
        return None;
    }
    Some((from, to))
}

fn minute(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.split_once(':')?;
    let number = |digits: &str, most: usize| {
        let is_short = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_short.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour, 2)?, number(minute, 2).filter(|_| minute.len() == 2)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY).then_some(total)
}

fn problem(word: Word<'_>, text: &Text, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadHours, part(text, word.at..word.at + word.text.len()), message)
}

fn form() -> String {
    format!("write `{}`, or `always`", super::example().in_words())
}

#[expect(clippy::cast_possible_truncation, reason = "no source has four gigabytes")]
fn slice(text: &Text, word: Word<'_>) -> Text {
    text.slice(word.at as u32..(word.at + word.text.len()) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Quotes, SourceFile, SourceKind, Sources, Span, TextMap};

    fn read(value: &str) -> Option<Hours> {
        let mut sources = Sources::default();
        let text = value.to_owned();
        let file: FileId =
            sources.add(SourceFile { path: "a".to_owned(), kind: SourceKind::Project, text, problem: None });
        let end = u32::try_from(value.len()).unwrap();
        let span = Span::new(file, 0, end);
        let text = Text { value: value.to_owned(), span, map: TextMap::Linear(0), quotes: Quotes::None };
        hours(&text, &mut Sink::default())
    }

    #[test]
    fn hours_have_one_form() {
        for (written, form) in [
            ("Mon-Fri 09:00-18:00 Europe/Paris", "Mon-Fri 09:00-18:00 Europe/Paris"),
            ("monday-thursday,Sat 8:30-12:00,13:00-24:00", "Mon-Thu,Sat 08:30-12:00,13:00-24:00 UTC"),
            ("Sun 00:00-24:00 UTC", "Sun 00:00-24:00 UTC"),
        ] {
            assert_eq!(read(written).unwrap().in_words(), form);
        }
        for wrong in [
            "",
            "Mon-Fri",
            "Mon-Fri 9-18",
            "Fri-Mon 09:00-18:00",
            "Mon 18:00-09:00",
            "Mon 09:00-24:01",
            "M 09:00-10:00",
            "Mon 09:00-18:00 Paris/Europe",
            "Mon 09:00-18:00 UTC x",
            "Mon 09:0-18:00",
            "Mon +9:00-18:00",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
