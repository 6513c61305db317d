//! PromQL in scalars: text to typed trees, with diagnostics that point into the scalar.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::lint::{Context, Role};
use crate::promql::{
    self, CheckOptions, Dialect, Error, ErrorKind, Expr, ExprKind, Matcher, ParseOptions, Selector, TextRange,
    ValueType,
};
use crate::resolve::lint;
use crate::source::{Span, Text};

/// An expression and what it evaluates to.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The tree.
    pub(crate) expr: Expr,
    /// Its type.
    pub(crate) value_type: ValueType,
}

/// The place of a range of an expression.
pub(crate) fn place(text: &Text, range: TextRange) -> Span {
    text.part(range.start..range.end)
}

/// The text of a range of an expression.
pub(super) fn slice(text: &Text, range: TextRange) -> &str {
    text.value.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// Reads, type-checks and lints an indicator or a part that stands for itself.
pub(super) fn expression(text: &Text, dialect: Dialect, sink: &mut Sink) -> Option<Typed> {
    let typed = typed(text, dialect, sink)?;
    let role = match dialect {
        Dialect::Sli => Role::Indicator,
        Dialect::Rule | Dialect::Dashboard => Role::Query,
    };
    lint::expression(&typed.expr, text, &Context::new(role), sink);
    Some(typed)
}

/// Reads and type-checks an expression, whichever Prometheus it needs.
pub(super) fn typed(text: &Text, dialect: Dialect, sink: &mut Sink) -> Option<Typed> {
    typed_for(text, dialect, &CheckOptions::everything(), sink)
}

/// Reads and type-checks an expression for a Prometheus.
pub(crate) fn typed_for(text: &Text, dialect: Dialect, options: &CheckOptions, sink: &mut Sink) -> Option<Typed> {
    let parsed = promql::parse(&text.value, &ParseOptions::new(dialect));
    let typed = parsed.and_then(|expr| {
        let value_type = promql::check(&expr, options)?;
        Ok(Typed { expr, value_type })
    });
    match typed {
        Ok(typed) => Some(typed),
        Err(errors) => {
            for error in errors {
                let error = if dialect == Dialect::Sli { following_window(error) } else { error };
                sink.push(diagnostic(&error, text));
            }
            None
        }
    }
}

/// The fault with `[$window]` where a way out proposes the range `[5m]`.
fn following_window(mut error: Error) -> Error {
    let follow = |text: String| text.replace("[5m]", "[$window]");
    if error.kind == ErrorKind::WrongArgument {
        error.help = error.help.map(follow);
        error.replacement = error.replacement.map(|(range, text)| (range, follow(text)));
    }
    error
}

/// The diagnostic of a fault in an expression.
pub(super) fn diagnostic(error: &Error, text: &Text) -> Diagnostic {
    let place = |range| place(text, range);
    let mut diagnostic = Diagnostic::new(code(error.kind), place(error.range), error.message.as_str());
    if let Some((range, message)) = &error.related {
        diagnostic = diagnostic.secondary(place(*range), message.as_str());
    }
    match (&error.help, &error.replacement) {
        (Some(help), Some((range, replacement))) => {
            diagnostic.replace(help.as_str(), place(*range), text.written(replacement))
        }
        (None, Some((range, replacement))) => {
            let is_insertion = range.start == range.end;
            let help =
                if is_insertion { format!("write `{replacement}` here") } else { format!("write `{replacement}`") };
            diagnostic.replace(help, place(*range), text.written(replacement))
        }
        (Some(help), None) => diagnostic.help(help.as_str()),
        (None, None) => diagnostic,
    }
}

fn code(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::Syntax | ErrorKind::Depth => Code::PromqlSyntax,
        ErrorKind::Type => Code::PromqlType,
        ErrorKind::UnknownFunction => Code::UnknownFunction,
        ErrorKind::WrongArgument => Code::WrongArgument,
        ErrorKind::Version => Code::PromqlVersion,
        ErrorKind::InvalidRegex => Code::InvalidRegex,
        ErrorKind::EmptySelector => Code::EmptySelector,
    }
}

/// What is put before matchers, so that they can be read as part of a selector.
const FRAME: &str = "x{";

/// Reads label matchers, the inside of a selector's braces: `code=~"5..",route="/x"`.
pub(super) fn matchers(text: &Text, key: &str, sink: &mut Sink) -> Option<Vec<Matcher>> {
    if text.value.contains('{') && !text.value.contains('"') || text.value.trim_end().ends_with('}') {
        sink.push(whole_selector(text, key));
        return None;
    }
    // A comment at the end must not swallow the closing brace.
    let framed = format!("{FRAME}{}\n}}", text.value);
    let parsed = promql::parse(&framed, &ParseOptions::new(Dialect::Rule));
    let checked = parsed.and_then(|expr| promql::check(&expr, &CheckOptions::everything()).map(|_| expr));
    match checked {
        Ok(expr) => only_matchers(expr, text, key, sink),
        Err(errors) => {
            for error in &errors {
                sink.push(diagnostic(&unframed(error, text), text));
            }
            None
        }
    }
}

/// The matchers of a framed selector, unless the text breaks out of the frame or holds none.
fn only_matchers(expr: Expr, text: &Text, key: &str, sink: &mut Sink) -> Option<Vec<Matcher>> {
    let selector = match expr.kind {
        ExprKind::Selector(selector) => Some(*selector),
        _ => None,
    };
    let Some(Selector { matchers, .. }) = selector.filter(|selector| {
        !text.value.contains('}') || selector.matchers.iter().any(|matcher| matcher.value.value.contains('}'))
    }) else {
        sink.push(whole_selector(text, key));
        return None;
    };
    if matchers.is_empty() {
        let message = format!("`{key}` has no label matcher");
        sink.push(
            Diagnostic::new(Code::PromqlSyntax, text.span, message).help("write matchers, as in `code=~\"5..\"`"),
        );
        return None;
    }
    let matchers: Vec<_> = matchers.into_iter().map(unframed_matcher).collect();
    for matcher in &matchers {
        lint::matcher(matcher, text, sink);
    }
    Some(matchers)
}

fn whole_selector(text: &Text, key: &str) -> Diagnostic {
    let message = format!("`{key}` takes label matchers without a metric name and braces");
    let diagnostic = Diagnostic::new(Code::PromqlSyntax, text.span, message)
        .note("they are added to the selector of `total` or `latency`");
    let inside = text.value.split_once('{').map(|(_, inside)| inside.trim_end().trim_end_matches('}').trim());
    match inside.filter(|inside| !inside.is_empty() && !inside.contains(['{', '}', '\n'])) {
        Some(inside) => diagnostic.replace(format!("write `{inside}`"), text.span, quoted(inside)),
        None => diagnostic,
    }
}

/// A text as a YAML scalar in single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[expect(clippy::cast_possible_truncation, reason = "the frame has two bytes, and no source has four gigabytes")]
fn unframed_range(range: TextRange, length: usize) -> TextRange {
    let shift = |offset: u32| offset.saturating_sub(FRAME.len() as u32).min(length as u32);
    TextRange { start: shift(range.start), end: shift(range.end) }
}

fn unframed(error: &Error, text: &Text) -> Error {
    let length = text.value.len();
    let mut error = error.clone();
    error.range = unframed_range(error.range, length);
    error.related = error.related.map(|(range, message)| (unframed_range(range, length), message));
    error.replacement = error.replacement.map(|(range, message)| (unframed_range(range, length), message));
    error
}

fn unframed_matcher(mut matcher: Matcher) -> Matcher {
    let unframe = |range: TextRange| unframed_range(range, usize::MAX >> 32);
    matcher.range = unframe(matcher.range);
    matcher.label.range = unframe(matcher.label.range);
    matcher.value.range = unframe(matcher.value.range);
    matcher
}

/// The expression without brackets around it.
pub(super) fn unbracketed(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => unbracketed(inner),
        _ => expr,
    }
}
