//! Durations as text.

use crate::promql::number::UNITS;

/// A duration in days, hours, minutes, seconds and milliseconds, the largest first: `30d`, `4m57s500ms`, `-1h`.
///
/// Weeks and years are not used, so that `4w` and `28d` read the same.
#[must_use]
pub fn format_millis(millis: i64) -> String {
    let mut text = String::new();
    write_millis(&mut text, millis);
    text
}

/// Appends a duration as [`format_millis`] writes it.
pub(crate) fn write_millis(out: &mut String, millis: i64) {
    if millis == 0 {
        out.push_str("0s");
        return;
    }
    if millis < 0 {
        out.push('-');
    }
    let mut rest = millis.unsigned_abs();
    for (unit, factor) in &UNITS[2..] {
        let factor = factor.unsigned_abs();
        let count = rest / factor;
        rest %= factor;
        if count > 0 {
            push_number(out, count);
            out.push_str(unit);
        }
    }
}

/// Appends a number in decimal digits; durations are so frequent that the machinery of `write!` shows.
fn push_number(out: &mut String, number: u64) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_units_first() {
        for (millis, text) in [
            (0, "0s"),
            (297_500, "4m57s500ms"),
            (2_592_000_000, "30d"),
            (259_080_000, "2d23h58m"),
            (-3_600_000, "-1h"),
            (1, "1ms"),
        ] {
            assert_eq!(format_millis(millis), text);
        }
    }
}
