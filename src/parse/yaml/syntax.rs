//! What is wrong with text that is no YAML, in words of the user, with the way out where the cause is known.

use granit_parser::{ErrorKind, ScanError};

use super::quote::{colon_without_space, line_at, quoted, value_end};
use super::{CollectionStyle, MAX_DEPTH, decode, span};
use crate::diag::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// What was read before the error.
pub(super) struct Surroundings<'s> {
    pub(super) source: &'s str,
    pub(super) file: FileId,
    /// Where the last scalar or flow collection begins and ends.
    pub(super) last_value: Option<(usize, usize)>,
    /// Where the collections begin that are not closed yet.
    pub(super) open: Vec<(usize, CollectionStyle)>,
}

impl Surroundings<'_> {
    /// A span that stays within the text and between its characters.
    fn span(&self, start: usize, end: usize) -> Span {
        let start = self.boundary(start);
        span(self.file, start, self.boundary(end.max(start)))
    }

    fn boundary(&self, at: usize) -> usize {
        let at = at.min(self.source.len());
        (at..=self.source.len()).find(|at| self.source.is_char_boundary(*at)).unwrap_or(at)
    }

    fn after(&self, at: usize) -> &str {
        self.source.get(at..).unwrap_or("")
    }

    fn style(&self) -> CollectionStyle {
        self.open.last().map_or(CollectionStyle::Block, |open| open.1)
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::YamlSyntax, self.span(start, end), message)
    }

    /// The help to put the value from `start` on in quotes.
    fn quote(&self, diagnostic: Diagnostic, start: usize) -> Diagnostic {
        let end = value_end(self.source, start, self.style());
        let text = self.source.get(start..end).unwrap_or("");
        if text.is_empty() {
            return diagnostic.help("put the value in quotes");
        }
        diagnostic.replace("put the value in quotes", self.span(start, end), quoted(text))
    }
}

/// The diagnostic of a syntax error.
pub(super) fn diagnostic(error: &ScanError, around: &Surroundings<'_>) -> Diagnostic {
    let at = around.boundary(error.marker().byte_offset().unwrap_or(0));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(around.span(at, at + 1)),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab(around.source, around.file, at),
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("an unquoted value cannot begin with `{character}`");
            around.quote(around.error(at, at + 1, message), at)
        }
        ErrorKind::UnknownAnchor => {
            let name = value_end(around.source, at, around.style());
            let word = around.after(at).find(char::is_whitespace).map_or(name, |length| (at + length).min(name));
            let message = format!("alias `{}` has no anchor above it", around.source.get(at..word).unwrap_or("*"));
            around.quote(around.error(at, word, message).note("`*` at the start of a value makes it an alias"), at)
        }
        ErrorKind::MissingAnchorOrAliasName => {
            let sign = around.after(at).chars().next().unwrap_or('*');
            let message = format!("`{sign}` at the start of a value wants a name behind it");
            around.quote(around.error(at, at + 1, message), at)
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => block_header(around, at),
        ErrorKind::CommentInterceptedScalar => cut_by_comment(around, at),
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => colon_in_value(around, at),
        ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed => unexpected_line(around, at),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => separator(around, at),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::BlockEntryInFlowCollection => unclosed(around, at),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            around.error(at, at + 1, format!("`{open}` is closed by `{close}`"))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            let bracket = around.after(at).chars().next().unwrap_or('}');
            around.error(at, at + 1, format!("`{bracket}` closes nothing"))
        }
        kind => quoted_scalar(kind, around, at).unwrap_or_else(|| other(kind, around, at)),
    }
}

/// Errors within quotes.
fn quoted_scalar(kind: &ErrorKind, around: &Surroundings<'_>, at: usize) -> Option<Diagnostic> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            let quote = around.after(at).chars().next().unwrap_or('"');
            around.error(at, at + 1, "this quote is not closed").help(format!("write `{quote}` where the text ends"))
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => around
            .error(at, at + 1, "text behind the closing quote")
            .help("a single quote within single quotes is written twice: `''`"),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            let diagnostic = around.error(at, at + 1, "text behind the closing quote");
            match opening_quote(around.source, at) {
                Some(start) => around.quote(diagnostic, start),
                None => diagnostic.help("put the whole value in single quotes"),
            }
        }
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

/// Errors that are rare, each in a sentence.
fn other(kind: &ErrorKind, around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let message = match kind {
        ErrorKind::UnexpectedEof | ErrorKind::UnexpectedEofBlockMapping | ErrorKind::UnexpectedEofBlockSequence => {
            "the file ends where a value is expected".to_owned()
        }
        ErrorKind::BomInsideDocument => "a byte-order mark stands within the text".to_owned(),
        ErrorKind::ExpectedNodeContent => "a value is expected here".to_owned(),
        ErrorKind::InvalidBlockScalarIndent => {
            "an empty line above has more spaces than this first line of the block".to_owned()
        }
        ErrorKind::CommentNotSeparated => "`#` begins a comment only behind a space".to_owned(),
        ErrorKind::UndeclaredTagHandle => "this tag's handle is not declared".to_owned(),
        ErrorKind::DuplicateVersionDirective => "`%YAML` stands twice".to_owned(),
        ErrorKind::UnsupportedYamlMajorVersion => "this version of YAML is not known".to_owned(),
        kind => format!("not YAML: {kind}"),
    };
    around.error(at, at + 1, message)
}

/// Nesting beyond the limit.
pub(super) fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlLimits, place, format!("more than {MAX_DEPTH} mappings and lists within one another"))
}

/// A value that YAML reads as a mapping.
pub(in crate::parse) fn unquoted(place: Span, text: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(Code::UnquotedValue, place, format!("{noun} without quotes is a mapping to YAML"))
        .label("begins with `{`")
        .replace("put it in quotes", place, quoted(text))
}

/// A tag that means nothing here.
pub(super) fn unknown_tag(place: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownTag, place, format!("tag `{written}` has no meaning here"))
        .help("remove the tag; a text that begins with `!` needs quotes")
}

/// A tab as indentation on the line of `at`, or the first one behind.
pub(super) fn tab(source: &str, file: FileId, at: usize) -> Diagnostic {
    let (line_start, line) = line_at(source, at);
    let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let start = match blanks.find('\t') {
        Some(tab) => line_start + tab,
        None => source.get(at..).and_then(|rest| rest.find('\t')).map_or(at, |tab| at + tab),
    };
    let tabs = source.get(start..).map_or(1, |rest| rest.len() - rest.trim_start_matches('\t').len()).max(1);
    let end = (start + tabs).min(source.len());
    let place = span(file, start, end);
    let diagnostic = Diagnostic::new(Code::Tab, place, "a tab where YAML wants spaces");
    if start == end {
        return diagnostic;
    }
    diagnostic.replace("indent with spaces", place, "  ".repeat(tabs.min(64)))
}

/// `good: > 1000`: the comparison begins a folded block.
fn block_header(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let sign = around.after(at).chars().next().unwrap_or('>');
    if !matches!(sign, '|' | '>') {
        return after_collection(around, at)
            .unwrap_or_else(|| around.error(at, at + 1, "not the start of a text block"));
    }
    if let Some(diagnostic) = after_collection(around, at) {
        return diagnostic;
    }
    let message = format!("an unquoted `{sign}` begins a block of text on the lines below");
    around.quote(around.error(at, at + 1, message), at)
}

/// Text behind a flow collection on its line: the collection was meant as the start of a text.
fn after_collection(around: &Surroundings<'_>, at: usize) -> Option<Diagnostic> {
    let (start, end) = around.last_value?;
    let begins = around.after(start).starts_with(['{', '[']);
    let gap = around.source.get(end..at)?;
    if !begins || gap.contains(['\n', '\r', ':', ',']) {
        return None;
    }
    let noun = if around.after(start).starts_with("{{") { "a template" } else { "a selector" };
    let diagnostic = Diagnostic::new(
        Code::UnquotedValue,
        around.span(start, end),
        format!("{noun} without quotes is a mapping to YAML"),
    )
    .label("begins with `{`");
    Some(around.quote(diagnostic, start))
}

/// ` #` in the middle of a value of several lines.
fn cut_by_comment(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::CutByComment, around.span(at, at + 1), "` #` begins a comment in the middle of a value");
    match around.last_value {
        Some((start, end)) => diagnostic
            .secondary(around.span(start, end), "the value")
            .help("put the value in quotes if `#` belongs to it, or the comment on a line above it"),
        None => diagnostic.help("put the value in quotes if `#` belongs to it"),
    }
}

/// A colon that YAML takes for a key's.
fn colon_in_value(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let Some((start, end)) = around.last_value else {
        return around.error(at, at + 1, "a key cannot stand here");
    };
    let text = around.source.get(start..end).unwrap_or("");
    let (line_start, line) = line_at(around.source, start);
    if !text.contains(['\n', '\r']) {
        let message = "`: ` within an unquoted value";
        return around.quote(around.error(at, at + 1, message).label("looks like another key"), start);
    }
    if let Some(colon) = colon_without_space(line) {
        return missing_space(around, line_start + colon);
    }
    let (last_start, last) = line_at(around.source, at);
    let indent = last.len() - last.trim_start().len();
    let word = last_start + indent;
    let key = line.trim_start_matches([' ', '-']);
    let key_at = line_start + line.len() - key.len();
    let key = key.split(':').next().unwrap_or(key);
    let found = around.source.get(word..at).unwrap_or("");
    around
        .error(word, at, format!("`{found}` is indented deeper than `{key}`, which makes it part of its text"))
        .secondary(around.span(key_at, key_at + key.len()), "belongs to this line")
        .help(format!("indent it by {}, like `{key}`", spaces(key_at - line_start)))
}

fn missing_space(around: &Surroundings<'_>, colon: usize) -> Diagnostic {
    around.error(colon, colon + 1, "a key's colon without a space behind it").replace(
        "put a space behind it",
        around.span(colon, colon + 1),
        ": ",
    )
}

/// A line that is neither an entry nor an item of what is open.
fn unexpected_line(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let (line_start, line) = line_at(around.source, at);
    if let Some(diagnostic) = after_collection(around, at) {
        return diagnostic;
    }
    if let Some(colon) = colon_without_space(line) {
        return missing_space(around, line_start + colon);
    }
    let content = line.trim_start_matches([' ', '\t']);
    if line[..line.len() - content.len()].contains('\t') {
        return tab(around.source, around.file, at);
    }
    let content_start = line_start + line.len() - content.len();
    let content = content.trim_end();
    let has_entry = content.starts_with("- ") || content == "-" || content.contains(": ") || content.ends_with(':');
    if !has_entry {
        return around
            .error(content_start, content_start + content.len(), "a line that is neither `key: value` nor `- item`")
            .help("write `: ` behind a key, `- ` before an item, and indent the further lines of a text deeper");
    }
    let Some((open, _)) = around.open.iter().rev().find(|open| open.1 == CollectionStyle::Block) else {
        return around.error(at, at + 1, "an entry where none can stand");
    };
    let column = |offset: usize| offset - line_at(around.source, offset).0;
    let (found, expected) = (column(content_start), column(*open));
    let first = around.after(*open).split([':', '\n', ' ']).next().unwrap_or("").len().max(1);
    let message = if found == expected {
        "a list item and a `key: value` in one place".to_owned()
    } else {
        format!("indented by {}, as no line above is", spaces(found))
    };
    around
        .error(content_start, content_start + 1, message)
        .secondary(around.span(*open, open + first), format!("entries here are indented by {}", spaces(expected)))
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}

/// Something other than `,` or a closing bracket within brackets.
fn separator(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    if let Some((start, end)) = around.last_value
        && end == at
        && around.after(at).starts_with(['{', '['])
    {
        let bracket = &around.source[at..=at];
        let message = format!("`{bracket}` within an unquoted value between braces");
        let diagnostic = Diagnostic::new(Code::UnquotedValue, around.span(at, at + 1), message)
            .label("begins a value of its own to YAML");
        return around.quote(diagnostic, start);
    }
    unclosed(around, at)
}

/// Brackets that are not closed, or are closed too late.
fn unclosed(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let open = around.open.iter().rev().find(|open| open.1 == CollectionStyle::Flow).map_or(at, |open| open.0);
    let bracket = around.after(open).chars().next().unwrap_or('{');
    let close = if bracket == '[' { ']' } else { '}' };
    let same_line = line_at(around.source, open).0 == line_at(around.source, at).0;
    if open != at && same_line && around.after(at).chars().next().is_some_and(|found| !found.is_whitespace()) {
        return around
            .error(at, at + 1, format!("expected `,` or `{close}`"))
            .secondary(around.span(open, open + 1), format!("within this `{bracket}`"));
    }
    let diagnostic = around.error(open, open + 1, format!("`{bracket}` is not closed"));
    let diagnostic =
        if open == at { diagnostic } else { diagnostic.secondary(around.span(at, at + 1), "still within it") };
    diagnostic.help(format!("write `{close}` where it ends; a text that holds `{bracket}` needs quotes"))
}

/// The quote that opens the value whose closing quote stands before `at`.
fn opening_quote(source: &str, at: usize) -> Option<usize> {
    let (line_start, line) = line_at(source, at);
    let before = line.get(..at - line_start)?;
    let start = [": \"", "- \"", "[\"", "{\"", ", \""]
        .iter()
        .filter_map(|opening| before.find(opening).map(|found| found + opening.len() - 1))
        .min()?;
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
