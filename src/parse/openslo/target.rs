//! Targets of OpenSLO: ratios, which become percentages digit by digit.

use crate::diag::{Code, Diagnostic};
use crate::parse::read::Reader;
use crate::source::{Span, Text};

/// A ratio as a percentage: `0.9995` is `99.95`; reports what is none.
pub(super) fn ratio_as_percent(reader: &mut Reader<'_>, text: &Text, key: Span) -> Option<Text> {
    let Some(percent) = shifted(&text.value) else {
        let message = format!("expected a ratio, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::BadTarget, text.span, message);
        reader.report(diagnostic.help("write a number between 0 and 1, as in `0.99`"));
        return None;
    };
    let is_ratio = text.value.trim().parse::<f64>().is_ok_and(|ratio| (0.0..=1.0).contains(&ratio));
    if is_ratio {
        return Some(text.instead(percent));
    }
    let written = reader.slice(key);
    let message = format!("`{}` is no ratio, which `{written}` has to be", text.value);
    let diagnostic = Diagnostic::new(Code::BadTarget, text.span, message);
    let is_percent = text.value.trim().parse::<f64>().is_ok_and(|percent| (1.0..100.0).contains(&percent));
    reader.report(match written {
        "target" if is_percent => diagnostic.replace("a percentage is written as", key, "targetPercent"),
        _ => diagnostic.help("write a number between 0 and 1, as in `0.99`"),
    });
    None
}

/// A percentage as it is; reports what is none.
pub(super) fn percent(reader: &mut Reader<'_>, text: &Text) -> Option<Text> {
    if shifted(&text.value).is_some() {
        // With its sign, a percentage below one is not taken for a ratio.
        return Some(text.instead(format!("{}%", text.value.trim())));
    }
    let message = format!("expected a percentage, found `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::BadTarget, text.span, message);
    reader.report(diagnostic.help("write a number below 100 without `%`, as in `99.9`"));
    None
}

/// A number of plain digits times a hundred; with a sign, if it has one.
fn shifted(number: &str) -> Option<String> {
    let number = number.trim();
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || !is_plain(whole) || !is_plain(part) {
        return None;
    }
    let padded = format!("{part:0<2}");
    let (shifted, rest) = padded.split_at(2);
    let whole = format!("{whole}{shifted}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = rest.trim_end_matches('0');
    Some(if rest.is_empty() { format!("{sign}{whole}%") } else { format!("{sign}{whole}.{rest}%") })
}

#[cfg(test)]
mod tests {
    use super::shifted;

    #[test]
    fn shifts_digits_exactly() {
        for (ratio, percent) in [
            ("0.99", "99%"),
            ("0.9995", "99.95%"),
            ("0.999990", "99.999%"),
            ("1", "100%"),
            ("1.0", "100%"),
            (".5", "50%"),
            ("0.001", "0.1%"),
            ("0", "0%"),
            ("-0.5", "-50%"),
        ] {
            assert_eq!(shifted(ratio).as_deref(), Some(percent), "{ratio}");
        }
        for text in ["", ".", "9e-1", "99%", "0,9", "x"] {
            assert_eq!(shifted(text), None, "{text}");
        }
    }
}
