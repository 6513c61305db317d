//! The Go templates of Prometheus's alerts: what is wrong with one, and which labels and queries it uses. Knows nothing of the rest.

mod check;
mod error;
mod functions;
mod lexer;
mod operand;
mod outline;
mod parser;
mod quoted;
mod tree;

use std::ops::Range;

pub use error::{Error, ErrorKind};
pub use outline::{Part, outline};

/// A template in which nothing is wrong, as far as that can be known before it is expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    label_uses: Vec<(String, Range<u32>)>,
    queries: Vec<(String, Range<u32>)>,
}

impl Template {
    /// The labels of the alert that it reads, in the order of the text: the name, and the bytes of the name.
    #[must_use]
    pub fn label_uses(&self) -> &[(String, Range<u32>)] {
        &self.label_uses
    }

    /// The literal texts that it passes to `query`: the PromQL, and its bytes between the quotes.
    ///
    /// The bytes stand for the PromQL one by one if they are as many; otherwise the literal holds escapes.
    #[must_use]
    pub fn queries(&self) -> &[(String, Range<u32>)] {
        &self.queries
    }
}

/// Reads the template of an annotation or a label of an alert, as Prometheus 3 expands it.
///
/// # Errors
/// Everything that is wrong with it, by place: what Prometheus refuses to load, and what would fail whenever an alert fires.
pub fn parse(text: &str) -> Result<Template, Vec<Error>> {
    let mut errors = Vec::new();
    let pieces = lexer::pieces(text, &mut errors);
    let nodes = parser::nodes(text, pieces, &mut errors);
    let template = check::check(&nodes, &mut errors);
    if errors.is_empty() {
        return Ok(template);
    }
    errors.sort_by_key(|error| (error.range.start, error.range.end));
    Err(errors)
}
