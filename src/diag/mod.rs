//! Diagnostics: what is wrong with the input, where, why, and the way out.

mod allow;
mod codes;
mod finish;
mod levels;
pub mod render;

use crate::source::Span;

pub use crate::suggest::{slip, suggest};

pub use allow::Comment;
pub use codes::Code;
pub use finish::finish;
pub use levels::{Level, Levels};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth a look; an error with `--deny-warnings`.
    Warning,
}

/// A place with a few words on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty on the primary label.
    pub message: String,
}

/// A way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What to do.
    pub message: String,
    /// The text to put in place of a span, if that does it.
    pub replacement: Option<(Span, String)>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of problem.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The smallest range that is wrong.
    pub primary: Label,
    /// Other places that take part.
    pub secondary: Vec<Label>,
    /// Facts that explain.
    pub notes: Vec<String>,
    /// Ways out.
    pub helps: Vec<Help>,
}

impl Diagnostic {
    /// A problem of the code's own severity.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { span, message: String::new() },
            secondary: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// Words beside the carets.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Another place.
    #[must_use]
    pub fn secondary(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label { span, message: message.into() });
        self
    }

    /// A fact that explains.
    #[must_use]
    pub fn note(mut self, message: impl Into<String>) -> Self {
        self.notes.push(message.into());
        self
    }

    /// A way out in words.
    #[must_use]
    pub fn help(mut self, message: impl Into<String>) -> Self {
        self.helps.push(Help { message: message.into(), replacement: None });
        self
    }

    /// A way out as the text to write.
    #[must_use]
    pub fn replace(mut self, message: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.helps.push(Help { message: message.into(), replacement: Some((span, text.into())) });
        self
    }
}

/// Collects the problems of a run.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Takes back what was said of a place, since more is known of it now.
    pub fn withdraw(&mut self, code: Code, span: Span) {
        self.diagnostics.retain(|diagnostic| diagnostic.code != code || diagnostic.primary.span != span);
    }

    /// Adds all problems of another sink.
    pub fn append(&mut self, mut other: Self) {
        self.diagnostics.append(&mut other.diagnostics);
    }

    /// Whether anything in here is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// All problems, sorted by place, each once: a text that stands on several pages is wrong only once.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span, diagnostic.code.slug()));
        self.diagnostics.dedup();
        self.diagnostics
    }

    /// All problems, as they came.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.diagnostics.extend(diagnostics);
    }
}
