//! Numbers with units that PromQL does not have, and what to write instead.

use crate::promql::duration::format_millis;
use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::number::{self, UNITS};
use crate::promql::parser::Parser;
use crate::promql::parser::unexpected::quote;
use crate::promql::{Error, TextRange};

/// Sizes as other tools write them, and what they multiply by.
const SIZES: [(&str, &str); 12] = [
    ("K", "* 1e3"),
    ("k", "* 1e3"),
    ("KB", "* 1e3"),
    ("M", "* 1e6"),
    ("MB", "* 1e6"),
    ("G", "* 1e9"),
    ("GB", "* 1e9"),
    ("T", "* 1e12"),
    ("Ki", "* 1024"),
    ("Mi", "* 1024 ^ 2"),
    ("Gi", "* 1024 ^ 3"),
    ("Ti", "* 1024 ^ 4"),
];

impl Parser<'_> {
    /// The fault of a token that begins like a number and is neither number nor duration.
    pub(super) fn bad_number(&self, token: Token) -> Error {
        let text = self.slice(token);
        let error = Error::syntax(token.range(), format!("{} is neither a number nor a duration", quote(text)));
        let split = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (digits, unit) = text.split_at(split);
        let size = SIZES.iter().find(|(size, _)| *size == unit).map(|(_, factor)| *factor);
        let right = match (unit_of_time(unit), size) {
            (_, Some(factor)) if !self.is_time_expected() && number::value(digits).is_some() => {
                Some(format!("{digits} {factor}"))
            }
            (Some(unit), _) => exact_duration(digits, unit),
            (None, _) => None,
        };
        match right {
            Some(right) => error.help(format!("write `{right}`")).replacement(token.range(), right),
            None if unit == "i" => error.help("`i`, the step, is a unit of MetricsQL"),
            None if unit.starts_with(['m', 'h', 'd', 'w', 'y'])
                && unit.ends_with(|last: char| last.is_ascii_digit()) =>
            {
                error.help("the last number has no unit")
            }
            None => error.help("the units of durations are ms, s, m, h, d, w and y"),
        }
    }

    /// Whether a duration has to stand where the next token stands.
    fn is_time_expected(&self) -> bool {
        let before = self.position.checked_sub(1).map(|before| self.tokens[before]);
        before.is_some_and(|before| {
            matches!(before.kind, TokenKind::LeftBracket | TokenKind::Colon)
                || before.keyword() == Some(Keyword::Offset)
        })
    }

    /// Whether `5%` stands before the next token.
    pub(super) fn is_percent(&self) -> bool {
        let Some([number, percent]) = self.two_before() else { return false };
        number.kind == TokenKind::Number && percent.kind == TokenKind::Mod && number.end == percent.start
    }

    /// The fault of `5%`, with the number it means.
    pub(super) fn percent(&self, error: Error) -> Error {
        let Some([number, percent]) = self.two_before() else { return error };
        let digits = self.slice(number);
        let range = TextRange { start: number.start, end: percent.end };
        let error = Error::syntax(range, "`%` is the remainder of a division, there is no sign for percent");
        let share = number::value(digits).map(|value| (value / 100.0).to_string());
        match share.filter(|share| share.len() <= digits.len() + 4) {
            Some(share) => error.help(format!("write `{share}`")).replacement(range, share),
            None => error,
        }
    }

    fn two_before(&self) -> Option<[Token; 2]> {
        let before = self.position.checked_sub(2)?;
        self.tokens.get(before..self.position)?.try_into().ok()
    }
}

/// The unit that a word in the place of one means.
pub(super) fn unit_of_time(word: &str) -> Option<&'static str> {
    let unit = match word {
        "ms" | "MS" | "millis" | "msec" | "milliseconds" => "ms",
        "s" | "S" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "M" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "H" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "D" | "day" | "days" => "d",
        "w" | "W" | "week" | "weeks" => "w",
        "y" | "Y" | "year" | "years" => "y",
        _ => return None,
    };
    Some(unit)
}

/// `1.5` and `h` as `1h30m`, if that is exact; whole numbers keep their unit.
fn exact_duration(digits: &str, unit: &str) -> Option<String> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{digits}{unit}"));
    }
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let millis = number::value(digits)? * number::seconds(*factor) * 1000.0;
    let whole = number::millis_of_seconds(millis / 1000.0)?;
    ((number::seconds(whole) * 1000.0 - millis).abs() < 1e-6 && whole > 0).then(|| format_millis(whole))
}
