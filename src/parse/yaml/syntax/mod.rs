//! What is wrong with text that is no YAML, in words of the user, with the way out where the cause is known.

mod brackets;
mod lines;
mod quotes;

use granit_parser::{ErrorKind, ScanError};

use super::quote::{line_at, quoted, value_end};
use super::{CollectionStyle, MAX_DEPTH, span};
use crate::diag::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// What was read before the error.
pub(super) struct Surroundings<'s> {
    pub(in crate::parse::yaml) source: &'s str,
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
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => brackets::block_header(around, at),
        ErrorKind::CommentInterceptedScalar => cut_by_comment(around, at),
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => lines::colon_in_value(around, at),
        ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed => lines::unexpected_line(around, at),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            brackets::separator(around, at)
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::BlockEntryInFlowCollection => brackets::unclosed(around, at),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            around.error(at, at + 1, format!("`{open}` is closed by `{close}`"))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            let bracket = around.after(at).chars().next().unwrap_or('}');
            around.error(at, at + 1, format!("`{bracket}` closes nothing"))
        }
        kind => quotes::quoted_scalar(kind, around, at).unwrap_or_else(|| other(kind, around, at)),
    }
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
