//! Errors within and behind quotes.

use granit_parser::ErrorKind;

use super::Surroundings;
use crate::diag::Diagnostic;
use crate::parse::yaml::decode;
use crate::parse::yaml::quote::line_at;

/// Errors within quotes.
pub(super) fn quoted_scalar(kind: &ErrorKind, around: &Surroundings<'_>, at: usize) -> Option<Diagnostic> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            let quote = around.after(at).chars().next().unwrap_or('"');
            around.error(at, at + 1, "this quote is not closed").help(format!("write `{quote}` where the text ends"))
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => behind_quote(around, at, '\''),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => behind_quote(around, at, '"'),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => bad_escape(around, at),
        ErrorKind::InvalidQuotedScalarIndent => around
            .error(at, at + 1, "a line of quoted text begins left of its key")
            .help("indent it deeper than the key"),
        _ => return None,
    })
}

/// Text behind a closing quote: an apostrophe within single quotes, or a value that only begins with quotes.
fn behind_quote(around: &Surroundings<'_>, at: usize, quote: char) -> Diagnostic {
    let diagnostic = around.error(at, at + 1, "text behind the closing quote");
    let (line_start, line) = line_at(around.source, at);
    let rest = line.get(at - line_start..).unwrap_or("");
    if quote == '\'' && rest.contains('\'') {
        return diagnostic.help("a single quote within single quotes is written twice: `''`");
    }
    match opening_quote(around.source, at, quote) {
        Some(start) => around.quote(diagnostic, start),
        None => diagnostic.help("put the whole value in quotes of the other kind"),
    }
}

/// The quote that opens the value whose closing quote stands before `at`.
fn opening_quote(source: &str, at: usize, quote: char) -> Option<usize> {
    let (line_start, line) = line_at(source, at);
    let before = line.get(..at - line_start)?;
    let opens = |index: usize| before[..index].ends_with([' ', '{', '[']) || index == 0;
    let start = before.match_indices(quote).map(|(index, _)| index).find(|index| opens(*index))?;
    Some(line_start + start)
}

/// A backslash in double quotes with something behind it that it cannot escape.
fn bad_escape(around: &Surroundings<'_>, quote: usize) -> Diagnostic {
    let mut characters = around.after(quote + 1).char_indices();
    while let Some((index, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        let Some((next, letter)) = characters.next() else {
            break;
        };
        let (start, end) = (quote + 1 + index, quote + 1 + next + letter.len_utf8());
        if letter == '\n' || letter == '\r' || decode::simple_escape(letter).is_some() {
            continue;
        }
        if let 'x' | 'u' | 'U' = letter {
            if decode::unescape(around.source, start).is_some() {
                continue;
            }
            return around
                .error(start, end, "an escape without the digits of a character")
                .help("write `\\x` with two, `\\u` with four or `\\U` with eight hexadecimal digits");
        }
        return around
            .error(start, end, format!("`\\{letter}` is no escape of YAML"))
            .note("double quotes read backslashes, single quotes leave them alone")
            .replace("write the backslash twice", around.span(start, end), format!("\\\\{letter}"));
    }
    around.error(quote, quote + 1, "an escape that stands for no character")
}
