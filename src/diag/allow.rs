//! Comments that silence a lint at their place: `# slosmith: allow(slug): why`.

use super::levels::lint;
use super::{Code, Diagnostic, Severity, Sink};
use crate::source::{Sources, Span};
use crate::suggest::suggest;

/// A comment to the tool, as `parse` finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` to the end of its line.
    pub span: Span,
    /// The line it speaks of: its own, or the next one if nothing else stands on its own; with the rest of a text that begins there.
    pub target: Span,
}

/// A lint that is silenced at a place.
pub(super) struct Allow {
    code: Code,
    /// The slug in the comment.
    span: Span,
    target: Span,
    is_used: bool,
}

/// Reads comments; what is wrong with them goes to the sink.
pub(super) fn read(comments: &[Comment], sources: &Sources, sink: &mut Sink) -> Vec<Allow> {
    let mut allows = Vec::new();
    for comment in comments {
        let text = sources.slice(comment.span);
        match Instruction::parse(text) {
            Instruction::Prose => {}
            Instruction::Malformed(start, end) => sink.push(malformed(comment.span, text, start, end)),
            Instruction::Allow { slugs, reason } => {
                if reason == Reason::None {
                    sink.push(reasonless(comment.span, text));
                }
                for (start, end) in slugs {
                    let span = part(comment.span, start, end);
                    match lint(&text[start..end]) {
                        Ok(code) => allows.push(Allow { code, span, target: comment.target, is_used: false }),
                        Err(problem) => {
                            sink.push(problem.diagnostic(Code::BadAllow, span, "an error cannot be silenced"));
                        }
                    }
                }
            }
        }
    }
    allows
}

/// Whether a warning is silenced.
pub(super) fn silences(allows: &mut [Allow], diagnostic: &Diagnostic) -> bool {
    let place = diagnostic.primary.span;
    let mut is_silenced = false;
    for allow in allows {
        let is_there =
            allow.target.file == place.file && (allow.target.start..=allow.target.end).contains(&place.start);
        if is_there && allow.code == diagnostic.code && diagnostic.code.severity() == Severity::Warning {
            allow.is_used = true;
            is_silenced = true;
        }
    }
    is_silenced
}

/// Reports the allows that silenced nothing.
pub(super) fn report_unused(allows: &[Allow], sink: &mut Sink) {
    for allow in allows.iter().filter(|allow| !allow.is_used) {
        let message = format!("there is no `{}` here that could be allowed", allow.code.slug());
        sink.push(
            Diagnostic::new(Code::UnusedAllow, allow.span, message)
                .help("remove it, or move it to the line of the problem or to the one above"),
        );
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    Some,
    None,
}

/// What a comment says; places are bytes of its text.
enum Instruction {
    /// Words to people that begin with the tool's name.
    Prose,
    /// The bytes that are no instruction.
    Malformed(usize, usize),
    Allow {
        slugs: Vec<(usize, usize)>,
        reason: Reason,
    },
}

impl Instruction {
    fn parse(text: &str) -> Self {
        let start = text.find(':').map_or(text.len(), |at| at + 1);
        let start = start + text[start..].len() - text[start..].trim_start().len();
        let end = text.trim_end().len().max(start);
        let rest = &text[start..end];
        let word_length = rest.find(|it: char| !it.is_alphanumeric() && it != '-' && it != '_').unwrap_or(rest.len());
        let (word, arguments) = rest.split_at(word_length);
        let is_call = arguments.trim_start().starts_with(['(', '[', '{']);
        if word != "allow" {
            let is_meant = is_call || suggest(word, ["allow", "ignore", "disable"]).is_some() || is_other_tool(word);
            return if is_meant { Self::Malformed(start, end) } else { Self::Prose };
        }
        let Some((inner, behind)) = arguments.strip_prefix('(').and_then(|it| it.split_once(')')) else {
            return Self::Malformed(start, end);
        };
        let slugs = slugs(inner, start + word_length + 1);
        let behind = behind.trim();
        let reason = match behind.strip_prefix(':').map(str::trim) {
            Some("") => Reason::None,
            Some(_) => Reason::Some,
            None if behind.is_empty() => Reason::None,
            None => return Self::Malformed(start, end),
        };
        if slugs.iter().any(|(start, end)| start == end) {
            return Self::Malformed(start, end);
        }
        Self::Allow { slugs, reason }
    }
}

/// Words of other linters for the same.
fn is_other_tool(word: &str) -> bool {
    matches!(word, "ignore" | "disable" | "noqa" | "nolint" | "off" | "expect")
}

/// The parts between commas, without white space.
fn slugs(inner: &str, first: usize) -> Vec<(usize, usize)> {
    let mut start = first;
    let mut slugs = Vec::new();
    for part in inner.split(',') {
        let begin = start + part.len() - part.trim_start().len();
        slugs.push((begin, (start + part.trim_end().len()).max(begin)));
        start += part.len() + 1;
    }
    slugs
}

fn malformed(comment: Span, text: &str, start: usize, end: usize) -> Diagnostic {
    let message = format!("expected `allow(lint): why`, found `{}`", &text[start..end]);
    Diagnostic::new(Code::BadAllow, part(comment, start, end), message)
        .help("write `# slosmith: allow(selector-without-matcher): a single job exports it`, with a lint and a reason of your own")
}

fn reasonless(comment: Span, text: &str) -> Diagnostic {
    let end = text.trim_end().len();
    let shown = text[..end].trim_end_matches([':', ' ']);
    Diagnostic::new(Code::ReasonlessAllow, part(comment, 0, end), "a lint is allowed without a reason")
        .help(format!("say why behind a colon: `{shown}: ...`"))
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
fn part(span: Span, start: usize, end: usize) -> Span {
    Span::new(span.file, span.start + start as u32, span.start + end as u32)
}
