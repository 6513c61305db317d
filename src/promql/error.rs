//! What is wrong with an expression, and where.

use crate::promql::TextRange;

/// A fault in an expression; ranges are bytes of the text that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What sort of fault it is.
    pub kind: ErrorKind,
    /// The smallest range that shows it; empty where something is missing.
    pub range: TextRange,
    /// What is the case: lower case, no full stop, user text in backticks.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Where the cause lies, if elsewhere, and what is there.
    pub related: Option<(TextRange, String)>,
    /// The bytes to replace, and with what.
    pub replacement: Option<(TextRange, String)>,
}

/// The sort of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The text is no expression.
    Syntax,
    /// A value of the wrong type, or an operator on values it does not take.
    Type,
    /// A function that does not exist.
    UnknownFunction,
    /// Too many arguments, too few, or one of the wrong type.
    WrongArgument,
    /// More nesting than is accepted.
    Depth,
    /// Something the targeted Prometheus does not have, or only behind a feature flag.
    Version,
    /// A regular expression that is none.
    InvalidRegex,
    /// A selector without a condition, which would select every series.
    EmptySelector,
}

impl Error {
    /// A fault without help.
    pub fn new(kind: ErrorKind, range: TextRange, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into(), help: None, related: None, replacement: None }
    }

    /// A fault in the grammar.
    pub fn syntax(range: TextRange, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, range, message)
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with the place of its cause.
    #[must_use]
    pub fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related = Some((range, message.into()));
        self
    }

    /// The same with the text that would be right.
    #[must_use]
    pub fn replacement(mut self, range: TextRange, text: impl Into<String>) -> Self {
        self.replacement = Some((range, text.into()));
        self
    }
}
