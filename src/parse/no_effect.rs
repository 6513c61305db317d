//! Keys of other formats that mean nothing here.

use super::read::Reader;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;

/// The warning of keys that have no effect here, at the first of them; `why` says what does, or why nothing can.
pub(super) fn no_effect(keys: &[(String, Span)], why: &str) -> Option<Diagnostic> {
    let (_, span) = keys.first()?;
    let names: Vec<String> = keys.iter().map(|(key, _)| format!("`{key}`")).collect();
    let message = match names.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last} have no effect here", all.join(", ")),
        [one] => format!("{one} has no effect here"),
        [..] => return None,
    };
    Some(Diagnostic::new(Code::NoEffect, *span, message).note(why))
}

impl Reader<'_> {
    /// Warns of keys that have no effect here.
    pub(super) fn no_effect(&mut self, keys: &[(String, Span)], why: &str) {
        if let Some(diagnostic) = no_effect(keys, why) {
            self.report(diagnostic);
        }
    }
}
