//! Percentages as people write them: `99.9%` or `99.9`.

use rust_decimal::Decimal;

/// A number that was meant as a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Percent {
    /// The number.
    pub(super) value: Decimal,
    /// Whether a `%` stood behind it.
    pub(super) sign: Sign,
}

/// Whether a `%` stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It does.
    Present,
    /// It does not.
    Absent,
}

/// Why a text is no percentage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PercentError {
    /// No number, and perhaps what was meant.
    NoNumber(Option<String>),
    /// More digits after the decimal point than kept.
    TooManyDigits,
}

/// The most digits after the decimal point: an allowance of one event in a hundred billion.
pub(super) const MAX_DIGITS: usize = 9;

/// Reads a percentage: digits, at most one point, perhaps a sign before and a `%` behind.
pub(super) fn percent(text: &str) -> Result<Percent, PercentError> {
    let trimmed = text.trim();
    let (digits, sign) = match trimmed.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), Sign::Present),
        None => (trimmed, Sign::Absent),
    };
    let value = decimal(digits).ok_or_else(|| PercentError::NoNumber(meant(digits)))?;
    let behind_point = digits.split_once('.').map_or("", |(_, behind)| behind.trim_end_matches('0'));
    if behind_point.len() > MAX_DIGITS {
        return Err(PercentError::TooManyDigits);
    }
    Ok(Percent { value, sign })
}

/// A decimal of plain digits: no exponent, no group separators.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let framed = digits.contains(|c: char| c.is_ascii_digit()) && !digits.ends_with('.');
    (plain && framed).then(|| Decimal::from_str_exact(text).ok()).flatten()
}

/// The percentage that a person reads in a text that is none: `99,9`, `99.9 percent`.
fn meant(text: &str) -> Option<String> {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace()).replace(',', ".");
    let digits = digits.strip_suffix('.').unwrap_or(&digits);
    decimal(digits).map(|_| format!("{digits}%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_percentages() {
        for text in ["99.9%", "99.9", " 99.9 %", "0099.90%"] {
            let value = percent(text).unwrap().value.normalize().to_string();
            assert_eq!(value, "99.9", "{text}");
        }
        assert_eq!(percent(".5").unwrap().value.to_string(), "0.5");
        assert_eq!(percent("99,9%"), Err(PercentError::NoNumber(Some("99.9%".to_owned()))));
        assert_eq!(percent("99.9 percent"), Err(PercentError::NoNumber(Some("99.9%".to_owned()))));
        assert_eq!(percent("three nines"), Err(PercentError::NoNumber(None)));
        assert_eq!(percent("1e2"), Err(PercentError::NoNumber(None)));
        assert_eq!(percent("99.9999999999"), Err(PercentError::TooManyDigits));
    }
}
