//! Markdown that is being written, line by line.

use std::fmt::{Arguments, Write as _};

use super::escape::fence;

/// A page that is being written.
pub(super) struct Page {
    text: String,
}

impl Page {
    /// An empty page, with room for this many bytes.
    pub(super) fn new(capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity) }
    }

    /// The text of the page.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Text within a line.
    pub(super) fn words(&mut self, words: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(words);
    }

    /// The same, as it is.
    pub(super) fn raw(&mut self, words: &str) {
        self.text.push_str(words);
    }

    /// A line, or the rest of one.
    pub(super) fn line(&mut self, words: Arguments<'_>) {
        self.words(words);
        self.text.push('\n');
    }

    /// A paragraph, or the rest of one, with the empty line behind it.
    pub(super) fn paragraph(&mut self, words: Arguments<'_>) {
        self.words(words);
        self.text.push_str("\n\n");
    }

    /// A paragraph of Markdown that is written already.
    pub(super) fn block(&mut self, markdown: &str) {
        self.text.push_str(markdown);
        self.text.push_str("\n\n");
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A block of PromQL.
    pub(super) fn promql(&mut self, expr: &str) {
        self.block(&fence(expr, "promql"));
    }

    /// Pieces with something between them.
    pub(super) fn joined(&mut self, pieces: impl Iterator<Item = impl AsRef<str>>, between: &str) {
        for (at, piece) in pieces.enumerate() {
            if at > 0 {
                self.text.push_str(between);
            }
            self.text.push_str(piece.as_ref());
        }
    }
}

/// A text, if there is anything in it.
pub(super) fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
