//! What a lint says.

use crate::promql::TextRange;
use crate::promql::lint::Lint;

/// Something an expression cannot do, and where; ranges are bytes of the text that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which lint says it.
    pub lint: Lint,
    /// The smallest range that shows it.
    pub range: TextRange,
    /// What is the case: lower case, no full stop, user text in backticks.
    pub message: String,
    /// A few words on the range; may be empty.
    pub label: String,
    /// Other places that take part, and what is there.
    pub related: Vec<(TextRange, String)>,
    /// Facts that explain.
    pub notes: Vec<String>,
    /// The way out.
    pub help: Option<String>,
    /// The bytes to replace, and with what.
    pub replacement: Option<(TextRange, String)>,
}

impl Finding {
    /// A finding without more than its message.
    pub(super) fn new(lint: Lint, range: TextRange, message: impl Into<String>) -> Self {
        Self {
            lint,
            range,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            replacement: None,
        }
    }

    /// The same with words on its range.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with another place.
    pub(super) fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push((range, message.into()));
        self
    }

    /// The same with a fact.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same with a way out.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a way out that is a text to write.
    pub(super) fn replace(mut self, help: impl Into<String>, range: TextRange, text: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self.replacement = Some((range, text.into()));
        self
    }
}
