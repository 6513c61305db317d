//! Days on which no ticket is told: `12-25` of every year, `2027-03-29`, `2026-12-24/2027-01-01`.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::DayRange;
use crate::source::Text;

/// A year with all days that a year can have.
const LEAP_YEAR: i16 = 2024;

/// Reads days and ranges of days; those that are none are reported and left out.
pub(super) fn holidays(texts: &[Text], sink: &mut Sink) -> Vec<DayRange> {
    let mut found: Vec<DayRange> = Vec::new();
    for text in texts {
        match range(&text.value) {
            Ok(ranges) => found.extend(ranges),
            Err(problem) => sink.push(fault(text, &problem)),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Why a text is no range of days.
enum Problem {
    Form,
    Order,
    Length,
}

/// A day as it is written; the year of one that comes every year is [`LEAP_YEAR`].
fn day(text: &str) -> Option<(Date, bool)> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |text: &&str, width| text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = match parts.as_slice() {
        [month, day] => (None, month, day),
        [year, month, day] if is_number(year, 4) => (Some(year.parse::<i16>().ok()?), month, day),
        _ => return None,
    };
    if !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let date = Date::new(year.unwrap_or(LEAP_YEAR), month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((date, year.is_some()))
}

/// The parts of a range that lie within one month each.
fn range(text: &str) -> Result<Vec<DayRange>, Problem> {
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let ((first, is_dated), (last, is_last_dated)) = day(from).zip(day(to)).ok_or(Problem::Form)?;
    if is_dated != is_last_dated {
        return Err(Problem::Form);
    }
    // A yearly range may go over the end of the year.
    let last = if !is_dated && last < first { last.checked_add(1.year()).map_err(|_| Problem::Form)? } else { last };
    if last < first {
        return Err(Problem::Order);
    }
    let mut months = Vec::new();
    let mut start = first;
    loop {
        let end = last.min(start.last_of_month());
        months.push(DayRange {
            year: is_dated.then(|| start.year().unsigned_abs()),
            month: start.month().unsigned_abs(),
            from: start.day().unsigned_abs(),
            to: end.day().unsigned_abs(),
        });
        if months.len() > 12 {
            return Err(Problem::Length);
        }
        match end.tomorrow() {
            Ok(next) if end < last => start = next,
            _ => return Ok(months),
        }
    }
}

fn fault(text: &Text, problem: &Problem) -> Diagnostic {
    let value = &text.value;
    let message = match problem {
        Problem::Form => format!("expected a day or a range of days, found `{value}`"),
        Problem::Order => format!("`{value}` ends before it begins"),
        Problem::Length => format!("`{value}` is longer than a year"),
    };
    let problem = Diagnostic::new(Code::BadHours, text.span, message);
    problem.help("write `12-25` for a day of every year, `2027-03-29` for one day, `2026-12-24/2027-01-01` for several")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Year, month, first and last day.
    type Part = (Option<u16>, u8, u8, u8);

    fn read(text: &str) -> Option<Vec<Part>> {
        let ranges = range(text).ok()?;
        Some(ranges.iter().map(|range| (range.year, range.month, range.from, range.to)).collect())
    }

    #[test]
    fn ranges_are_cut_at_the_ends_of_months() {
        assert_eq!(read("12-25").unwrap(), [(None, 12, 25, 25)]);
        assert_eq!(read("02-29").unwrap(), [(None, 2, 29, 29)]);
        assert_eq!(read("12-30/01-02").unwrap(), [(None, 12, 30, 31), (None, 1, 1, 2)]);
        assert_eq!(read("2026-12-24/2027-01-01").unwrap(), [(Some(2026), 12, 24, 31), (Some(2027), 1, 1, 1)]);
        assert_eq!(read("2027-01-30/2027-03-01").unwrap().len(), 3);
        for text in [
            "",
            "12-32",
            "2027-02-29",
            "25.12.",
            "12-25/2026-12-26",
            "2026-12-26/2026-12-25",
            "2020-01-01/2027-01-01",
            "1-1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
