//! Keys of other formats that have no effect here, which is worth a warning, and those that must be there.

use super::read::{Fields, Reader};
use super::yaml::{Entry, Node};
use crate::diag::{Code, Diagnostic, suggest};
use crate::source::Span;

/// A key that has no effect, with the reason.
#[must_use]
pub(super) fn no_effect(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, span, message)
}

impl Reader<'_> {
    /// The entries of a mapping that are more than nothing: other tools take a key without a value for no key.
    pub(super) fn written(&mut self, node: Node, noun: &'static str) -> Option<Fields> {
        let mut fields = self.fields(node, noun)?;
        fields.entries.retain(|entry| !is_nothing(&entry.value));
        Some(fields)
    }

    /// The same of the mapping under a key.
    pub(super) fn written_in(&mut self, fields: &mut Fields, key: &'static str, noun: &'static str) -> Option<Fields> {
        self.written(fields.take(key)?.value, noun)
    }

    /// Says of every entry that nobody took that it has no effect: `reader` is the tool that passes over keys it does not know.
    pub(super) fn pass_over(&mut self, fields: &Fields, reader: &str) {
        for entry in &fields.entries {
            let key = entry.key.value.as_str();
            let message = format!("`{key}` has no effect in {}", fields.noun);
            let diagnostic = no_effect(entry.key.span, message)
                .note(format!("{reader} does not know this key, and passes over it without a word"));
            let diagnostic = match suggest(key, fields.asked.iter().copied()) {
                Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), entry.key.span, close),
                None => diagnostic.help("remove it"),
            };
            self.report(diagnostic);
        }
    }

    /// The entry of a key that has to be there; names a key that was probably meant, since [`Self::pass_over`] only warns of it.
    pub(super) fn demanded(&mut self, fields: &mut Fields, key: &'static str, example: &str) -> Option<Entry> {
        let entry = fields.take(key);
        if entry.is_some() {
            return entry;
        }
        let meant = fields.keys().find(|(name, _)| suggest(name, [key]).is_some());
        let meant = meant.map(|(name, span)| (name.to_owned(), span));
        match meant {
            Some((name, span)) => {
                fields.entries.retain(|entry| entry.key.span != span);
                let message = format!("unknown key `{name}` in {}", fields.noun);
                let diagnostic = Diagnostic::new(Code::UnknownKey, span, message);
                self.report(diagnostic.replace(format!("did you mean `{key}`?"), span, key));
            }
            None => self.missing(fields, key, example),
        }
        None
    }
}

/// Whether a value is nothing at all, as templates leave it behind.
fn is_nothing(node: &Node) -> bool {
    node.noun() == "nothing"
}
