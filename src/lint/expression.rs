//! One expression by itself: its type, its labels, its form, or what is wrong with it.

use super::Settings;
use crate::diag::{self, Diagnostic, Levels, Severity, Sink};
use crate::promql::labels::{self, Labels};
use crate::promql::lint::{Context, Lint, Role};
use crate::promql::{Dialect, ValueType, print};
use crate::resolve::promql::typed_for;
use crate::resolve::{catalogue, lint};
use crate::source::{FileId, Quotes, SourceFile, SourceKind, Sources, Span, Text, TextMap};

/// What is known of an expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The expression as the only source, for rendering the diagnostics; their bytes are those of the expression.
    pub sources: Sources,
    /// What is wrong or worth a look, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What it evaluates to; nothing after an error.
    pub known: Option<Known>,
}

/// What is known of an expression without errors.
#[derive(Clone, Debug)]
pub struct Known {
    /// The type of its value.
    pub value_type: ValueType,
    /// The labels of its series.
    pub labels: Labels,
    /// The expression as the printer writes it.
    pub formatted: String,
}

/// Looks at an expression; `name` is what messages call its place.
#[must_use]
pub fn expression(text: &str, name: &str, dialect: Dialect, settings: &Settings) -> Expression {
    let mut sources = Sources::default();
    let source = SourceFile { path: name.to_owned(), kind: SourceKind::Spec, text: text.to_owned(), problem: None };
    let file = sources.add(source);
    let mut sink = Sink::default();
    let text = whole(text, file);
    let typed = typed_for(&text, dialect, &settings.options, &mut sink);
    if let Some(typed) = &typed {
        lint::expression(&typed.expr, &text, &Context::new(role(dialect)), &mut sink);
        catalogue::expression(&typed.expr, &text, &settings.known, &mut sink);
    }
    let finished = diag::finish(sink, &sources, &Levels::default(), &[]);
    let diagnostics: Vec<Diagnostic> = finished.into_iter().map(lint_as_warning).collect();
    let is_wrong = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let known = typed.filter(|_| !is_wrong).map(|typed| Known {
        value_type: typed.value_type,
        labels: labels::of(&typed.expr),
        formatted: print(&typed.expr),
    });
    Expression { sources, diagnostics, known }
}

/// What never has a value is wrong in a rule, and still PromQL that Prometheus evaluates.
fn lint_as_warning(diagnostic: Diagnostic) -> Diagnostic {
    let is_lint = Lint::ALL.iter().any(|lint| lint.slug() == diagnostic.code.slug());
    if is_lint { Diagnostic { severity: Severity::Warning, ..diagnostic } } else { diagnostic }
}

/// A file as one text.
fn whole(text: &str, file: FileId) -> Text {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    Text { value: text.to_owned(), span: Span::new(file, 0, end), map: TextMap::Linear(0), quotes: Quotes::None }
}

fn role(dialect: Dialect) -> Role {
    match dialect {
        Dialect::Rule | Dialect::Dashboard => Role::Query,
        Dialect::Sli => Role::Indicator,
    }
}
