//! Durations as Prometheus writes them, exact to the millisecond.

use std::fmt;

/// A length of time in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// Nothing there.
    Empty,
    /// Digits without a unit.
    MissingUnit,
    /// A unit that does not exist, at this byte.
    UnknownUnit(usize),
    /// Units out of order or twice, at this byte.
    UnitOrder(usize),
    /// Something that is neither digit nor unit, at this byte.
    Unexpected(usize),
    /// More than 64 bits of milliseconds.
    TooLong,
}

/// Units from large to small, in milliseconds.
const UNITS: [(&str, u64); 7] =
    [("y", 365 * DAY), ("w", 7 * DAY), ("d", DAY), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

const DAY: u64 = 86_400_000;

impl Duration {
    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// So many seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1_000)
    }

    /// So many minutes.
    #[must_use]
    pub const fn from_mins(minutes: u64) -> Self {
        Self(minutes * 60_000)
    }

    /// So many hours.
    #[must_use]
    pub const fn from_hours(hours: u64) -> Self {
        Self(hours * 3_600_000)
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn from_days(days: u64) -> Self {
        Self(days * DAY)
    }

    /// Reads `90s`, `1h30m`, `4w`, `1500ms`: units from large to small, each at most once, as Prometheus does.
    ///
    /// # Errors
    /// With the reason and the byte it is about.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        if text.is_empty() {
            return Err(DurationError::Empty);
        }
        let bytes = text.as_bytes();
        let (mut at, mut total, mut next_unit) = (0, 0u64, 0);
        while at < bytes.len() {
            let digits = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            if digits == at {
                return Err(DurationError::Unexpected(at));
            }
            let amount: u64 = text[digits..at].parse().map_err(|_| DurationError::TooLong)?;
            let unit = at;
            while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
                at += 1;
            }
            if unit == at {
                return Err(if at == bytes.len() { DurationError::MissingUnit } else { DurationError::Unexpected(at) });
            }
            let index =
                UNITS.iter().position(|(name, _)| *name == &text[unit..at]).ok_or(DurationError::UnknownUnit(unit))?;
            if index < next_unit {
                return Err(DurationError::UnitOrder(unit));
            }
            next_unit = index + 1;
            total = amount
                .checked_mul(UNITS[index].1)
                .and_then(|part| total.checked_add(part))
                .ok_or(DurationError::TooLong)?;
        }
        Ok(Self(total))
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Whole seconds, rounded down.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0 / 1_000
    }

    /// The text in the largest unit that divides it (`28d`, `90m`), as windows are named.
    #[must_use]
    pub fn in_largest_unit(self) -> String {
        UNITS[2..]
            .iter()
            .find(|(_, length)| self.0 >= *length && self.0.is_multiple_of(*length))
            .map_or_else(|| "0s".to_owned(), |(name, length)| (self.0 / length).to_string() + name)
    }
}

impl fmt::Display for Duration {
    /// Days, hours, minutes, seconds and milliseconds, those that are not zero: `4m57s500ms`, `2d23h58m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (name, length) in &UNITS[2..] {
            if rest >= *length {
                write!(f, "{}{name}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [("1h30m", "1h30m"), ("4w", "28d"), ("90s", "1m30s"), ("297500ms", "4m57s500ms")] {
            assert_eq!(Duration::parse(text).map(|duration| duration.to_string()), Ok(printed.to_owned()));
        }
        assert_eq!(Duration::from_mins(90).in_largest_unit(), "90m");
    }

    #[test]
    fn refuses_what_prometheus_refuses() {
        assert_eq!(Duration::parse("5"), Err(DurationError::MissingUnit));
        assert_eq!(Duration::parse("1m1h"), Err(DurationError::UnitOrder(3)));
        assert_eq!(Duration::parse("1min"), Err(DurationError::UnknownUnit(1)));
        assert_eq!(Duration::parse("99999999999999999999d"), Err(DurationError::TooLong));
    }
}
