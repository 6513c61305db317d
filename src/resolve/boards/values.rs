//! Words and numbers of boards.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::resolve::percent;
use crate::source::Text;

/// Named colours of Grafana, each of which has shades.
const HUES: [&str; 6] = ["red", "orange", "yellow", "green", "blue", "purple"];
/// The shades.
const SHADES: [&str; 4] = ["dark-", "semi-dark-", "light-", "super-light-"];
/// Colours without shades.
const PLAIN: [&str; 6] = ["text", "transparent", "white", "black", "gray", "grey"];

/// Reads `true` or `false`; absent is `false`.
pub(super) fn truth(text: Option<&Text>, key: &str, sink: &mut Sink) -> bool {
    let Some(text) = text else { return false };
    word(text, key, &[("true", true), ("false", false)], sink).unwrap_or(false)
}

/// Reads one of some words.
pub(super) fn word<T: Copy>(text: &Text, key: &str, words: &[(&'static str, T)], sink: &mut Sink) -> Option<T> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
        return Some(*value);
    }
    let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let message = format!("`{}` is none of the values of `{key}`", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let meant = match text.value.as_str() {
        "yes" | "on" | "True" | "TRUE" => words.iter().find(|(word, _)| *word == "true").map(|(word, _)| *word),
        "no" | "off" | "False" | "FALSE" => words.iter().find(|(word, _)| *word == "false").map(|(word, _)| *word),
        value => suggest(value, words.iter().map(|(word, _)| *word)),
    };
    sink.push(match meant {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.note(format!("the values are {list}")),
    });
    None
}

/// Reads a number, or a percentage as the ratio it is.
pub(super) fn number(text: &Text, key: &str, sink: &mut Sink) -> Option<Decimal> {
    let trimmed = text.value.trim();
    let value = match trimmed.strip_suffix('%') {
        Some(digits) => percent::decimal(digits.trim_end()).and_then(|value| value.checked_div(Decimal::ONE_HUNDRED)),
        None => percent::decimal(trimmed),
    };
    if value.is_none() {
        let message = format!("expected a number for `{key}`, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::BadNumber, text.span, message);
        sink.push(diagnostic.help("write it as `0.9`, `90%` or `250000`"));
    }
    value
}

/// Reads a whole number between two others, both included.
pub(super) fn whole(text: &Text, key: &str, (least, most): (u32, u32), sink: &mut Sink) -> Option<u32> {
    let value = text.value.trim().parse::<u32>().ok().filter(|value| (least..=most).contains(value));
    if value.is_none() {
        let message = format!("expected a whole number from {least} to {most} for `{key}`, found `{}`", text.value);
        sink.push(Diagnostic::new(Code::BadNumber, text.span, message));
    }
    value
}

/// Whether a word is a colour.
pub(super) fn is_color(word: &str) -> bool {
    let shade = SHADES.iter().find_map(|shade| word.strip_prefix(shade));
    let is_hex = |digits: &str| matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|it| it.is_ascii_hexdigit());
    HUES.contains(&shade.unwrap_or(word)) || PLAIN.contains(&word) || word.strip_prefix('#').is_some_and(is_hex)
}

/// Reads a colour.
pub(super) fn color(text: &Text, sink: &mut Sink) -> Option<SmolStr> {
    if is_color(&text.value) {
        return Some(if text.value == "grey" { "gray".into() } else { text.value.as_str().into() });
    }
    let message = format!("`{}` is no colour", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    sink.push(match suggest(&text.value, HUES.iter().chain(&PLAIN).copied()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic
            .note("the colours are `red`, `orange`, `yellow`, `green`, `blue`, `purple`, each with `dark-` or `light-` before it, and `gray`")
            .help("or write it as `\"#1f60c4\"`"),
    });
    None
}

/// Reads colours with the values they begin at, which have to ascend.
pub(super) fn thresholds(decls: &[(Text, Text)], sink: &mut Sink) -> Vec<(SmolStr, Decimal)> {
    let mut steps: Vec<(SmolStr, Decimal)> = Vec::with_capacity(decls.len());
    let mut before: Option<(&Text, Decimal)> = None;
    for (name, value) in decls {
        let color = color(name, sink);
        let Some(from) = number(value, "thresholds", sink) else { continue };
        if let Some((earlier, least)) = before
            && from <= least
        {
            let message = format!("`{}` begins at {}, which is not above {}", name.value, value.value, earlier.value);
            let diagnostic = Diagnostic::new(Code::BadThresholds, value.span, message);
            let mut sorted: Vec<&(Text, Text)> = decls.iter().collect();
            let key = |pair: &&(Text, Text)| number(&pair.1, "thresholds", &mut Sink::default());
            sorted.sort_by_key(key);
            let list: Vec<String> =
                sorted.iter().map(|(name, value)| format!("{}: {}", name.value, value.value)).collect();
            let diagnostic = diagnostic.secondary(earlier.span, "the colour before begins here");
            sink.push(diagnostic.help(format!("write them from the least to the greatest: `{{{}}}`", list.join(", "))));
            return steps;
        }
        before = Some((value, from));
        steps.extend(color.map(|color| (color, from)));
    }
    steps
}
