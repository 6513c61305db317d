//! Quantities on the command line: rates, percentages, numbers for people.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use slosmith::forecast::significant;
use slosmith::model::{Duration, DurationError, Objective, Slices, decimal_text};

/// The most events per second, so that a year of them is far from the limits of decimals.
const MOST_EVENTS: i64 = 1_000_000_000;

/// Reads `100/s`, `3000/m`, `2.5/h` or `80/d` as events per second.
pub(crate) fn rate(text: &str) -> Result<Decimal, String> {
    let wrong =
        || format!("expected a number of events with their time, as in `100/s`, `30/m` or `5/h`, found `{text}`");
    let Some((number, unit)) = text.split_once('/') else {
        let meant = plain(text).map(|_| format!("; did you mean `{}/s`?", text.trim())).unwrap_or_default();
        return Err(wrong() + &meant);
    };
    let seconds = match unit.trim() {
        "s" | "sec" | "second" => 1,
        "m" | "min" | "minute" => 60,
        "h" | "hour" => 3_600,
        "d" | "day" => 86_400,
        _ => return Err(wrong()),
    };
    let number = plain(number.trim()).ok_or_else(|| beyond(number.trim()).unwrap_or_else(wrong))?;
    let rate = number / Decimal::from(seconds);
    if rate > Decimal::from(MOST_EVENTS) {
        return Err(format!("`{text}` is above {MOST_EVENTS}/s, the most that is computed with"));
    }
    Ok(rate)
}

/// Reads `5%` as 0.05.
pub(crate) fn share(text: &str) -> Result<Decimal, String> {
    let Some(number) = text.trim().strip_suffix('%') else {
        let meant = match plain(text.trim()) {
            Some(number) if number < Decimal::ONE => {
                format!("; did you mean `{}%`?", decimal_text(number * Decimal::ONE_HUNDRED))
            }
            Some(number) => format!("; did you mean `{}%`?", decimal_text(number)),
            None => String::new(),
        };
        return Err(format!("expected a percentage such as `5%`, found `{text}`{meant}"));
    };
    let wrong = || format!("expected a percentage such as `5%`, found `{text}`");
    if number.trim_start().starts_with('-') {
        return Err(format!("`{text}` is less than no event at all; expected a percentage such as `5%`"));
    }
    let percent = plain(number.trim()).ok_or_else(|| beyond(number.trim()).unwrap_or_else(wrong))?;
    if percent > Decimal::ONE_HUNDRED {
        return Err(format!("`{text}` is more than all events"));
    }
    Ok((percent / Decimal::ONE_HUNDRED).normalize())
}

/// Reads a count of at least one.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    let digits = text.replace(['_', ','], "");
    match digits.parse::<u64>() {
        Ok(0) => Err("there has to be one at least".to_owned()),
        Ok(number) if number <= 1_000_000_000 => Ok(number),
        Ok(_) => Err("the most that is computed with is 1,000,000,000".to_owned()),
        Err(_) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err("the most that is computed with is 1,000,000,000".to_owned())
        }
        Err(_) => Err(format!("expected a whole number, found `{text}`")),
    }
}

/// Reads `20m` or `1h30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    const MOST: Duration = Duration::from_days(400);
    if text == "0" {
        return Ok(Duration::from_millis(0));
    }
    let duration = Duration::parse(text).map_err(|error| {
        if error == DurationError::TooLong {
            return format!("`{text}` is more than {MOST}, the most that is computed with");
        }
        let meant = plain(text).map(|_| format!("; did you mean `{text}m`?")).unwrap_or_default();
        format!("expected a duration such as `20m` or `1h30m`, found `{text}`{meant}")
    })?;
    if duration > MOST {
        return Err(format!("`{text}` is more than {MOST}, the most that is computed with"));
    }
    Ok(duration)
}

/// Reads how long something lasts: a duration that is not zero.
pub(crate) fn length(text: &str) -> Result<Duration, String> {
    let length = duration(text)?;
    if length.millis() == 0 {
        return Err(format!("`{text}` is no time at all; expected a duration such as `20m` or `1h30m`"));
    }
    Ok(length)
}

/// Reads `2026-03-01T10:00:00Z` as Unix seconds.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    let wrong = || format!("expected a time such as `2026-03-01T10:00:00Z`, found `{text}`{}", unknown_date(text));
    let moment: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(moment.as_second())
}

/// What to say of a time whose date is written well, but is not in the calendar; nothing otherwise.
pub(crate) fn unknown_date(text: &str) -> String {
    let Some(date) = text.get(..10) else { return String::new() };
    let is_written_well = date.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if is_written_well && date.parse::<Date>().is_err() {
        return format!("; there is no date `{date}`");
    }
    String::new()
}

/// What to say of a number of plain digits that is not read; nothing of other texts.
pub(crate) fn beyond(text: &str) -> Option<String> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() < 2 || !is_digits(whole) || !is_digits(behind) {
        return None;
    }
    Some(if behind.len() > 9 {
        format!("`{text}` has more than 9 digits behind the point, the most that is computed with")
    } else {
        format!("`{text}` has more than 18 digits, the most that is computed with")
    })
}

/// What makes a slice of time a bad one.
pub(crate) fn slice_rule(slices: &Slices, objective: Objective) -> String {
    format!(
        "a slice is bad if more than {} of its events fail: at an error rate above that, all slices are",
        percent(slices.allowed(objective))
    )
}

/// The same for programs.
pub(crate) fn slices_of(slices: &Slices, objective: Objective) -> Value {
    json!({
        "seconds": number(Decimal::from(slices.length.millis()) / Decimal::ONE_THOUSAND),
        "bad_above_error_ratio": number(slices.allowed(objective)),
        "no_data": slices.missing.as_str(),
    })
}

/// A decimal of plain digits that is not negative, with at most 9 digits behind the point.
pub(crate) fn plain(text: &str) -> Option<Decimal> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().any(|byte| byte.is_ascii_digit());
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    let whole = text.len() - behind;
    (is_plain && behind <= 9 && whole <= 19)
        .then(|| Decimal::from_str_exact(text).ok())
        .flatten()
        .map(|number| number.normalize())
}

/// A number with its digits in groups of three: `259,200,000`.
pub(crate) fn grouped(number: Decimal) -> String {
    let text = decimal_text(number);
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{rest}")
}

/// A ratio in percent with every digit: `1.44%`.
pub(crate) fn percent(ratio: Decimal) -> String {
    format!("{}%", decimal_text(ratio * Decimal::ONE_HUNDRED))
}

/// A ratio in percent with so many digits as help: `2.31%`.
pub(crate) fn about(ratio: Decimal) -> String {
    let percent = ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(ratio);
    format!("{}%", decimal_text(rounded(percent)))
}

/// A number of JSON: whole ones as such, others with up to 12 significant digits.
pub(crate) fn number(value: Decimal) -> serde_json::Value {
    let value = significant(value, 12);
    if let Some(whole) = i64::try_from(value).ok().filter(|_| value.is_integer()) {
        return whole.into();
    }
    decimal_text(value).parse::<f64>().map_or(serde_json::Value::Null, Into::into)
}

/// Three significant digits, all of those before the point.
pub(crate) fn rounded(value: Decimal) -> Decimal {
    significant(value, 3)
}

/// Seconds as Prometheus writes durations: of those above a minute whole ones, above a day whole minutes.
pub(crate) fn span(seconds: Decimal) -> String {
    let unit = match () {
        () if seconds >= Decimal::from(86_400) && !seconds.fract().is_zero() => Decimal::from(60),
        () if seconds >= Decimal::from(60) && (seconds * Decimal::ONE_THOUSAND).fract() != Decimal::ZERO => {
            Decimal::ONE
        }
        () => Decimal::new(1, 3),
    };
    let millis = (seconds / unit).round() * unit * Decimal::ONE_THOUSAND;
    u64::try_from(millis.normalize()).map_or_else(
        |_| format!("{}s", decimal_text(seconds.round())),
        |millis| Duration::from_millis(millis).to_string(),
    )
}

/// A count with its unit of thousands: `3.5 M`, `980`.
pub(crate) fn scaled(count: u64) -> String {
    let number = Decimal::from(count);
    for (unit, name) in [(1_000_000_000_000_u64, " T"), (1_000_000_000, " G"), (1_000_000, " M"), (1_000, " k")] {
        if count >= unit {
            return format!("{}{name}", decimal_text(rounded(number / Decimal::from(unit))));
        }
    }
    decimal_text(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, read) in [("100/s", "100"), ("30/m", "0.5"), ("3600/h", "1"), ("0.25/s", "0.25"), ("0/s", "0")] {
            assert_eq!(rate(text).map(decimal_text), Ok(read.to_owned()), "{text}");
        }
        assert!(rate("100").unwrap_err().contains("did you mean `100/s`?"));
        for wrong in ["", "/s", "-1/s", "1e9/s", "9999999999/s", "1/fortnight", "99999999999999999999999999999999/s"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
        for (text, read) in [("5%", "0.05"), ("100%", "1"), ("0.02 %", "0.0002")] {
            assert_eq!(share(text).map(decimal_text), Ok(read.to_owned()), "{text}");
        }
        assert!(share("0.05").unwrap_err().contains("did you mean `5%`?"));
        assert!(share("5").unwrap_err().contains("did you mean `5%`?"));
        assert!(share("101%").is_err() && share("-1%").is_err() && count("0").is_err());
        assert_eq!(count("10_000"), Ok(10_000));
        assert!(moment("2026-02-30T00:00:00Z").unwrap_err().ends_with("; there is no date `2026-02-30`"));
        for time in ["2026-02-28T25:00:00Z", "2026-02-28", "tomorrow", "é".repeat(9).as_str()] {
            assert!(moment(time).unwrap_err().ends_with(&format!("found `{time}`")), "{time}");
        }
    }

    #[test]
    fn writes_what_people_read() {
        let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
        assert_eq!(grouped(decimal("259200000")), "259,200,000");
        assert_eq!(grouped(decimal("-1234.5")), "-1,234.5");
        assert_eq!(about(decimal("0.02314814")), "2.31%");
        for (seconds, text) in [
            ("2592", "43m12s"),
            ("1209.6", "20m9s600ms"),
            ("129600", "1d12h"),
            ("1440.33333333", "24m"),
            ("864000.0000001", "10d"),
        ] {
            assert_eq!(span(decimal(seconds)), text, "{seconds}");
        }
        assert_eq!((scaled(3_456_000).as_str(), scaled(980).as_str()), ("3.46 M", "980"));
    }
}
