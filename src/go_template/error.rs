//! What is wrong with a template, and where.

use std::ops::Range;

/// A fault in a template; ranges are bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which sort of fault.
    pub kind: ErrorKind,
    /// The smallest range that shows it.
    pub range: Range<u32>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Another place that takes part, and what is there.
    pub related: Option<(Range<u32>, String)>,
    /// The text to put in place of a range, if that does it.
    pub replacement: Option<(Range<u32>, String)>,
}

/// The sorts of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// `{{` without its `}}`, a comment without its end.
    UnclosedAction,
    /// A string or a parenthesis that does not end.
    UnclosedOperand,
    /// `if`, `range`, `with`, `define` or `block` without its `end`.
    UnclosedBlock,
    /// An `end` or `else` without a block, or a block where none may begin.
    UnexpectedBlock,
    /// A character, number, string or word that cannot stand where it does.
    Syntax,
    /// A function that Prometheus does not have.
    UnknownFunction,
    /// A variable that is not set.
    UnknownVariable,
    /// A field that an alert does not have.
    UnknownField,
    /// A template that is not defined.
    UnknownTemplate,
    /// A label name that cannot be written as a field.
    LabelName,
    /// Too few or too many arguments.
    Arguments,
    /// Blocks or parentheses that are nested too deeply.
    TooDeep,
}

impl ErrorKind {
    /// Whether Prometheus refuses to load it; otherwise it fails whenever the template is filled in.
    #[must_use]
    pub fn is_refused(self) -> bool {
        match self {
            Self::UnclosedAction
            | Self::UnclosedOperand
            | Self::UnclosedBlock
            | Self::UnexpectedBlock
            | Self::Syntax
            | Self::UnknownFunction
            | Self::UnknownVariable
            | Self::LabelName
            | Self::TooDeep => true,
            Self::UnknownField | Self::UnknownTemplate | Self::Arguments => false,
        }
    }
}

impl Error {
    /// A fault without a way out.
    pub(super) fn new(kind: ErrorKind, range: Range<u32>, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into(), help: None, related: None, replacement: None }
    }

    /// Adds a way out.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    pub(super) fn related(mut self, range: Range<u32>, message: impl Into<String>) -> Self {
        self.related = Some((range, message.into()));
        self
    }

    /// Adds the text that would be right.
    pub(super) fn replace(mut self, range: Range<u32>, text: impl Into<String>) -> Self {
        self.replacement = Some((range, text.into()));
        self
    }
}
