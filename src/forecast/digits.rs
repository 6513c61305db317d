//! Decimals with as many digits as matter.

use rust_decimal::Decimal;

/// The most digits behind the point.
const MOST: i64 = 28;

/// A number rounded to so many significant digits, those before the point always among them, and at most 28 behind it.
#[must_use]
pub fn significant(value: Decimal, digits: u32) -> Decimal {
    let value = value.normalize();
    let length = value.mantissa().unsigned_abs().checked_ilog10().map_or(0, |log| i64::from(log) + 1);
    let before_point = length - i64::from(value.scale());
    let behind_point = (i64::from(digits) - before_point).clamp(0, MOST);
    u32::try_from(behind_point).map_or(value, |places| value.round_dp(places)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_too_small_or_too_large() {
        for (value, digits, rounded) in [
            ("0.0231481481", 3, "0.0231"),
            ("12345.678", 3, "12346"),
            ("0.0000000000000000000000000012", 24, "0.0000000000000000000000000012"),
            ("0.0000000000000000000000000001", 1, "0.0000000000000000000000000001"),
            ("79228162514264337593543950335", 3, "79228162514264337593543950335"),
            ("0", 12, "0"),
            ("-0.666666", 2, "-0.67"),
        ] {
            let value = Decimal::from_str_exact(value).unwrap();
            assert_eq!(significant(value, digits).to_string(), rounded);
        }
    }
}
