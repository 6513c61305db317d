//! Time windows of OpenSLO: rolling, or aligned with the calendar.

use super::object::{Version, optional, optional_text, switch};
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::WindowDecl;
use crate::parse::read::{Fields, Reader};
use crate::source::{Span, Text};

/// Reads the one time window; the project's period applies without one.
pub(super) fn window(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<WindowDecl> {
    let key = match version {
        Version::V1Alpha => "timeWindows",
        Version::V1 | Version::V2Alpha => "timeWindow",
    };
    let entry = match version {
        Version::V1Alpha => reader.required(fields, key, "timeWindows: [{count: 28, unit: Day, isRolling: true}]"),
        Version::V1 | Version::V2Alpha => optional(fields, key),
    }?;
    let place = entry.key.span;
    let mut items = reader.list_of(entry).into_iter();
    let first = items.next()?;
    if items.next().is_some() {
        let diagnostic = Diagnostic::new(Code::InvalidObject, place, "several time windows in one SLO");
        reader.report(diagnostic.help("keep one, and make an SLO of its own from each of the others"));
    }
    let span = first.span;
    let mut inner = reader.fields(first, "a time window")?;
    let length = match version {
        Version::V1Alpha => count_and_unit(reader, &mut inner),
        Version::V1 | Version::V2Alpha => duration(reader, &mut inner),
    };
    let rolling = switch(reader, &mut inner, "isRolling");
    let calendar = optional(&mut inner, "calendar");
    let is_aligned = match (&calendar, rolling) {
        (Some(calendar), Some((true, rolling))) => {
            let message = "a rolling window follows no calendar";
            let diagnostic = Diagnostic::new(Code::InvalidObject, calendar.key.span, message);
            reader.report(diagnostic.secondary(rolling, "rolling").help("remove one of the two"));
            return None;
        }
        (Some(_), Some((false, _)) | None) => true,
        (None, Some((true, _))) => false,
        // Sloth's dialect leaves both out.
        (None, None) if version == Version::V1Alpha => false,
        (None, Some((false, _)) | None) => {
            let diagnostic =
                Diagnostic::new(Code::MissingKey, inner.head(), "a window that neither rolls nor follows a calendar");
            let diagnostic = reader.with_line(diagnostic, &inner, "let it roll", "isRolling: true");
            reader.report(diagnostic.help("or add `calendar` with `startTime` and `timeZone`"));
            return None;
        }
    };
    let calendar = calendar.and_then(|entry| reader.mapping_of(entry, "`calendar`"));
    let calendar = calendar.map(|mut inner| {
        let start = reader.required_text(&mut inner, "startTime", "startTime: 2022-01-01 00:00:00");
        let zone = reader.required_text(&mut inner, "timeZone", "timeZone: UTC");
        reader.finish(&inner);
        (start, zone)
    });
    reader.finish(&inner);
    let length = length?;
    if !is_aligned {
        return Some(WindowDecl::Rolling(length.rolling()));
    }
    let (start, timezone) = calendar?;
    aligned(reader, span, &length, &start?, timezone?)
}

/// A number of units.
pub(super) struct Length {
    /// Where it stands.
    text: Text,
    count: u64,
    unit: Unit,
}

/// The units of lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Length {
    /// The length as a duration: a month of 30 days, a quarter of 90, a year of 365.
    pub(super) fn rolling(&self) -> Text {
        let (factor, unit) = match self.unit {
            Unit::Second => (1, "s"),
            Unit::Minute => (1, "m"),
            Unit::Hour => (1, "h"),
            Unit::Day => (1, "d"),
            Unit::Week => (1, "w"),
            Unit::Month => (30, "d"),
            Unit::Quarter => (90, "d"),
            Unit::Year => (365, "d"),
        };
        let written = format!("{}{unit}", self.count.saturating_mul(factor));
        if written == self.text.value { self.text.clone() } else { self.text.instead(written) }
    }

    /// How many minutes it is.
    pub(super) fn minutes(&self) -> u64 {
        let factor = match self.unit {
            Unit::Second => return self.count / 60,
            Unit::Minute => 1,
            Unit::Hour => 60,
            Unit::Day => 1_440,
            Unit::Week => 10_080,
            Unit::Month => 43_200,
            Unit::Quarter => 129_600,
            Unit::Year => 525_600,
        };
        self.count.saturating_mul(factor)
    }

    /// The unit of the calendar that it is.
    fn of_calendar(&self) -> Option<&'static str> {
        match (self.count, self.unit) {
            (1, Unit::Day) => Some("day"),
            (1, Unit::Week) | (7, Unit::Day) => Some("week"),
            (1, Unit::Month) => Some("month"),
            (1, Unit::Quarter) | (3, Unit::Month) => Some("quarter"),
            (1, Unit::Year) | (12, Unit::Month) | (4, Unit::Quarter) => Some("year"),
            _ => None,
        }
    }
}

/// A number with the letter of a unit: `28d`, `1M`.
pub(super) fn shorthand(reader: &mut Reader<'_>, text: &Text) -> Option<Length> {
    let found = text.value.char_indices().next_back().and_then(|(at, letter)| {
        let count = text.value[..at].parse().ok().filter(|count: &u64| *count > 0 || letter == 'm')?;
        let unit = match letter {
            'm' => Unit::Minute,
            'h' => Unit::Hour,
            'd' => Unit::Day,
            'w' => Unit::Week,
            'M' => Unit::Month,
            'Q' => Unit::Quarter,
            'Y' => Unit::Year,
            _ => return None,
        };
        text.value.starts_with(|c: char| c.is_ascii_digit()).then(|| Length { text: text.clone(), count, unit })
    });
    if found.is_none() {
        let message = format!("expected a number and one letter for its unit, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::BadDuration, text.span, message);
        reader.report(diagnostic.note("the units of OpenSLO are `m` minutes, `h`, `d`, `w`, `M` months, `Q` and `Y`"));
    }
    found
}

fn duration(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Length> {
    let text = reader.required_text(fields, "duration", "duration: 28d")?;
    shorthand(reader, &text)
}

/// `count` and `unit` of v1alpha.
fn count_and_unit(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Length> {
    const UNITS: [(&str, Unit); 6] = [
        ("Second", Unit::Second),
        ("Day", Unit::Day),
        ("Week", Unit::Week),
        ("Month", Unit::Month),
        ("Quarter", Unit::Quarter),
        ("Year", Unit::Year),
    ];
    let count = reader.required_text(fields, "count", "count: 28");
    let unit = reader.required_text(fields, "unit", "unit: Day");
    let (count, unit) = (count?, unit?);
    let Some(number) = count.value.parse().ok().filter(|count: &u64| *count > 0) else {
        let message = format!("expected a whole number above 0, found `{}`", count.value);
        reader.report(Diagnostic::new(Code::BadNumber, count.span, message));
        return None;
    };
    let Some((_, found)) = UNITS.iter().find(|(word, _)| *word == unit.value) else {
        let message = format!("`{}` is no unit of a time window", unit.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, unit.span, message);
        let by_case = UNITS
            .iter()
            .map(|(word, _)| *word)
            .find(|word| unit.value.to_lowercase().starts_with(&word.to_lowercase()));
        reader.report(match by_case {
            Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), unit.span, meant),
            None => diagnostic.help("write `Day`, `Week`, `Month` or `Quarter`"),
        });
        return None;
    };
    Some(Length { text: count, count: number, unit: *found })
}

fn aligned(reader: &mut Reader<'_>, span: Span, length: &Length, start: &Text, timezone: Text) -> Option<WindowDecl> {
    let Some(unit) = length.of_calendar() else {
        let message = format!("`{}` is no unit of the calendar", length.text.value);
        let diagnostic = Diagnostic::new(Code::BadWindow, length.text.span, message);
        let diagnostic = if (length.count, length.unit) == (1, Unit::Minute) {
            diagnostic.replace("`m` is a minute; for a month, write", length.text.span, "1M")
        } else {
            diagnostic.help("write `1d`, `1w`, `1M`, `1Q` or `1Y`, or let the window roll")
        };
        reader.report(diagnostic);
        return None;
    };
    let Some(moment) = moment(&start.value) else {
        let message = format!("expected a date and a time, found `{}`", start.value);
        let diagnostic = Diagnostic::new(Code::BadTime, start.span, message);
        reader.report(diagnostic.help("write it as in `2022-01-01 00:00:00`"));
        return None;
    };
    if !moment.begins(unit) {
        let why = format!("each {unit} begins where the calendar begins it, {}", beginning(unit));
        reader.no_effect(&[("startTime".to_owned(), start.span)], &why);
    }
    Some(WindowDecl::Calendar { span, unit: length.text.instead(unit), timezone: Some(timezone) })
}

fn beginning(unit: &str) -> &'static str {
    match unit {
        "day" => "at midnight",
        "week" => "on Monday at midnight",
        "month" => "on the first at midnight",
        "quarter" => "on the first of January, April, July and October",
        _ => "on the first of January",
    }
}

/// A date and a time of day.
struct Moment {
    year: u32,
    month: u32,
    day: u32,
    is_midnight: bool,
}

/// `2022-01-01 12:00:00`
fn moment(text: &str) -> Option<Moment> {
    let (date, time) = text.trim().split_once([' ', 'T'])?;
    let numbers = |text: &str, by: char| -> Option<Vec<u32>> { text.split(by).map(|part| part.parse().ok()).collect() };
    let (date, time) = (numbers(date, '-')?, numbers(time.trim_end_matches('Z'), ':')?);
    let ([year, month, day], [hour, minute, second]) = (date.as_slice(), time.as_slice()) else { return None };
    let is_time = *hour < 24 && *minute < 60 && *second < 60;
    let is_date = (1..=12).contains(month) && (1..=31).contains(day) && (1..=9999).contains(year);
    let is_midnight = (*hour, *minute, *second) == (0, 0, 0);
    (is_date && is_time).then_some(Moment { year: *year, month: *month, day: *day, is_midnight })
}

impl Moment {
    /// Whether a unit of the calendar begins then.
    fn begins(&self, unit: &str) -> bool {
        self.is_midnight
            && match unit {
                "day" => true,
                "week" => self.is_monday(),
                "month" => self.day == 1,
                "quarter" => self.day == 1 && self.month % 3 == 1,
                _ => self.day == 1 && self.month == 1,
            }
    }

    /// By the days since a Monday, counted in years that begin in March.
    fn is_monday(&self) -> bool {
        let (year, month) = if self.month < 3 { (self.year - 1, self.month + 9) } else { (self.year, self.month - 3) };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + self.day - 1;
        days % 7 == 5
    }
}

/// Reads a duration of a condition.
pub(super) fn optional_shorthand(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<Length> {
    let text = optional_text(reader, fields, key)?;
    shorthand(reader, &text)
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn knows_where_units_begin() {
        let begins = |text, unit| moment(text).is_some_and(|moment| moment.begins(unit));
        assert!(begins("2022-01-03 00:00:00", "week") && begins("2024-02-26 00:00:00", "week"));
        assert!(begins("2000-02-28 00:00:00", "week") && begins("2026-11-23 00:00:00", "week"));
        assert!(!begins("2022-01-01 00:00:00", "week") && !begins("2022-01-03 12:00:00", "week"));
        assert!(begins("2022-07-01 00:00:00", "quarter") && !begins("2022-08-01 00:00:00", "quarter"));
        assert!(begins("2022-01-01 00:00:00", "year") && !begins("2022-01-02 00:00:00", "month"));
        assert!(moment("2022-13-01 00:00:00").is_none() && moment("2022-01-01").is_none());
    }
}
