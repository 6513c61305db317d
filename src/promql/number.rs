//! Numbers and durations: their forms, their values.

use crate::promql::Number;

/// What a text that begins with a digit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `12`, `1_000`, `0x1F`, `1.5e-3`
    Number,
    /// `1h30m`
    Duration,
    /// Neither.
    Bad,
}

/// The length and form of the number or duration at the start of the text.
pub(crate) fn scan(text: &[u8]) -> (usize, Form) {
    if let Some(length) = scan_number(text) {
        return (length, Form::Number);
    }
    let mut position = count_digits(text, 0);
    while let Some(unit_end) = unit_end(text, position).filter(|_| position > 0) {
        let next = count_digits(text, unit_end);
        if next == unit_end {
            let bad = text.get(unit_end).is_some_and(|&byte| is_alphanumeric(byte));
            return if bad { (bad_end(text), Form::Bad) } else { (unit_end, Form::Duration) };
        }
        position = next;
    }
    (bad_end(text), Form::Bad)
}

fn count_digits(text: &[u8], start: usize) -> usize {
    start + text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn unit_end(text: &[u8], start: usize) -> Option<usize> {
    match (text.get(start)?, text.get(start + 1)) {
        (b'm', Some(b's')) => Some(start + 2),
        (b'm' | b's' | b'h' | b'd' | b'w' | b'y', _) => Some(start + 1),
        _ => None,
    }
}

/// Where a run of letters, digits, dots and underscores ends.
fn bad_end(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_alphanumeric(byte) || byte == b'.').count()
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of a number, if there is one: digits, one dot, one exponent, single underscores between digits.
fn scan_number(text: &[u8]) -> Option<usize> {
    if let [b'0', b'x' | b'X', ..] = text {
        return scan_hexadecimal(text);
    }
    let at = |position: usize| text.get(position).copied().unwrap_or(0);
    let mut position = 0;
    let (mut dot, mut exponent) = (false, false);
    loop {
        match at(position) {
            b'0'..=b'9' => position += 1,
            b'_' if position > 0 && at(position - 1).is_ascii_digit() && at(position + 1).is_ascii_digit() => {
                position += 1;
            }
            b'.' if !dot && !matches!(at(position + 1), b'.' | b'_') && !exponent => {
                dot = true;
                position += 1;
            }
            b'e' | b'E' if !exponent => {
                exponent = true;
                position += 1 + usize::from(matches!(at(position + 1), b'+' | b'-'));
                if !at(position).is_ascii_digit() {
                    return None;
                }
            }
            byte if is_alphanumeric(byte) || byte == b'.' => return None,
            _ => return Some(position),
        }
    }
}

fn scan_hexadecimal(text: &[u8]) -> Option<usize> {
    let at = |position: usize| text.get(position).copied().unwrap_or(0);
    let mut position = 2 + usize::from(at(2) == b'_');
    if !at(position).is_ascii_hexdigit() {
        return None;
    }
    loop {
        match at(position) {
            byte if byte.is_ascii_hexdigit() => position += 1,
            b'_' if at(position + 1).is_ascii_hexdigit() && at(position - 1) != b'_' => position += 1,
            byte if is_alphanumeric(byte) || byte == b'.' => return None,
            _ => return Some(position),
        }
    }
}

impl Number {
    /// The value as Prometheus reads it; `NaN` for a text that was built and is no number.
    #[must_use]
    pub fn value(&self) -> f64 {
        let (negative, digits) = match self.text.as_bytes().first() {
            Some(b'-') => (true, &self.text[1..]),
            Some(b'+') => (false, &self.text[1..]),
            _ => (false, &*self.text),
        };
        let value = value(digits).unwrap_or(f64::NAN);
        if negative { -value } else { value }
    }
}

/// The value of a number or duration without a sign; infinite when it is out of range, nothing when it is no number.
pub(crate) fn value(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("inf") {
        return Some(f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let (length, form) = scan(text.as_bytes());
    if length != text.len() {
        return None;
    }
    match form {
        Form::Duration => millis(text).ok().map(seconds),
        Form::Number => number_value(text),
        Form::Bad => None,
    }
}

fn number_value(text: &str) -> Option<f64> {
    let plain: String;
    let text = if text.contains('_') {
        plain = text.chars().filter(|character| *character != '_').collect();
        &plain
    } else {
        text
    };
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(float);
    }
    let octal = text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    if octal && let Ok(value) = i64::from_str_radix(text, 8) {
        return Some(float(value));
    }
    text.parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of PromQL are floats")]
fn float(value: i64) -> f64 {
    value as f64
}

/// Milliseconds as seconds.
pub(crate) fn seconds(millis: i64) -> f64 {
    float(millis) / 1000.0
}

/// The most milliseconds a duration can have: 2^63 nanoseconds.
pub(crate) const MOST_MILLIS: i64 = i64::MAX / 1_000_000;

/// Seconds as whole milliseconds, at least one where there is any; nothing when out of range.
pub(crate) fn millis_of_seconds(seconds: f64) -> Option<i64> {
    let millis = seconds * 1000.0;
    if millis.is_nan() || millis.abs() > float(MOST_MILLIS) {
        return None;
    }
    let rounded = if millis.abs() < 1.0 && millis != 0.0 { millis.signum() } else { millis.round() };
    #[expect(clippy::cast_possible_truncation, reason = "rounded and bounded above")]
    Some(rounded as i64)
}

/// Why a duration is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DurationFault {
    /// The units are not in the order y, w, d, h, m, s, ms, each at most once.
    Order,
    /// More than 292 years.
    Range,
}

/// The units from the largest, with their milliseconds.
pub(crate) const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// The milliseconds of a duration that was scanned as one.
pub(crate) fn millis(text: &str) -> Result<i64, DurationFault> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = count_digits(rest.as_bytes(), 0);
        let unit_end = unit_end(rest.as_bytes(), digits).ok_or(DurationFault::Order)?;
        let (_, factor) = units.find(|(unit, _)| *unit == &rest[digits..unit_end]).ok_or(DurationFault::Order)?;
        let count: i64 = rest[..digits].parse().map_err(|_| DurationFault::Range)?;
        total = count.checked_mul(*factor).and_then(|part| total.checked_add(part)).ok_or(DurationFault::Range)?;
        rest = &rest[unit_end..];
    }
    if total > MOST_MILLIS { Err(DurationFault::Range) } else { Ok(total) }
}

/// The sum of the parts of a duration whose units are in any order.
pub(crate) fn sum_of_parts(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = count_digits(rest.as_bytes(), 0);
        let unit_end = unit_end(rest.as_bytes(), digits)?;
        total = total.checked_add(millis(&rest[..unit_end]).ok()?)?;
        rest = &rest[unit_end..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_prometheus() {
        for (text, expected) in [
            ("0x1F", 31.0),
            ("0755", 493.0),
            ("089", 89.0),
            ("1_000.5", 1000.5),
            (".5e-1", 0.05),
            ("5m", 300.0),
            ("1h30m", 5400.0),
            ("1e400", f64::INFINITY),
            ("5.", 5.0),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        for text in ["1__0", "1_", "0x", "5mm", "1.2.3", "1e", "5m1h", "1d2", "0x1.5", "1.5d"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
