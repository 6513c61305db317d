//! Prometheus's Go templates in alerts: their syntax, the labels they name, and the queries they run.

use std::ops::Range;

use super::labels::LabelDecls;
use super::promql::{diagnostic as promql_diagnostic, place};
use smol_str::SmolStr;

use crate::diag::{Code, Diagnostic, Sink};
use crate::go_template::{self, Error};
use crate::promql::labels::{self, Labels, Removal};
use crate::promql::{self, CheckOptions, Dialect, Expr, ParseOptions, TextRange};
use crate::source::{Span, Text};
use crate::suggest::suggest;

/// What the values of an alert's templates come from.
pub(crate) struct Origin<'a> {
    /// The condition as written.
    condition: &'a Text,
    /// What is known of the labels of its series.
    labels: Labels,
    /// The same of a selector whose absence fires the alert too.
    or_absent: Option<Labels>,
    /// The rule's own labels.
    static_labels: &'a LabelDecls,
    /// The code of what Prometheus loads, and what then fails whenever the alert fires.
    failing: Code,
}

impl<'a> Origin<'a> {
    /// What is known of an alert.
    pub(crate) fn new(condition: (&'a Text, &Expr), or_absent: Option<&Expr>, static_labels: &'a LabelDecls) -> Self {
        let absent = |expr: &Expr| labels::of(&promql::build::call("absent", vec![expr.clone()]));
        Self {
            condition: condition.0,
            labels: labels::of(condition.1),
            or_absent: or_absent.map(absent),
            static_labels,
            failing: Code::TemplateSyntax,
        }
    }

    /// The same for a rule that somebody else wrote: only what Prometheus refuses is an error.
    pub(crate) fn lenient(mut self) -> Self {
        self.failing = Code::TemplateFailure;
        self
    }

    /// What removed a label, if no series of the alert can have it.
    fn removed(&self, label: &str) -> Option<Removal> {
        let removal = self.labels.removed(label)?;
        let elsewhere = self.or_absent.as_ref().is_some_and(|labels| labels.may_have(label));
        (!elsewhere).then_some(removal)
    }
}

/// Reports what is wrong with a template.
pub(crate) fn check(text: &Text, origin: &Origin<'_>, sink: &mut Sink) {
    if !text.value.contains("{{") {
        return;
    }
    let template = match go_template::parse(&text.value) {
        Ok(template) => template,
        Err(errors) => {
            sink.extend(errors.iter().map(|error| syntax(text, error, origin.failing)));
            return;
        }
    };
    for (label, range) in template.label_uses() {
        if let Some(removal) = origin.removed(label) {
            sink.push(missing_label(label, text.part(range.clone()), removal, origin));
        }
    }
    for (query, range) in template.queries() {
        check_query(text, query, range, sink);
    }
}

fn syntax(text: &Text, error: &Error, failing: Code) -> Diagnostic {
    let code = if error.kind.is_refused() { Code::TemplateSyntax } else { failing };
    let mut diagnostic = Diagnostic::new(code, text.part(error.range.clone()), error.message.as_str());
    if let Some((range, message)) = &error.related {
        diagnostic = diagnostic.secondary(text.part(range.clone()), message.as_str());
    }
    match (&error.help, &error.replacement) {
        (help, Some((range, replacement))) => {
            let help = help.clone().unwrap_or_else(|| format!("write `{replacement}`"));
            diagnostic.replace(help, text.part(range.clone()), text.written(replacement))
        }
        (Some(help), None) => diagnostic.help(help.as_str()),
        (None, None) => diagnostic,
    }
}

fn missing_label(label: &str, span: Span, removal: Removal, origin: &Origin<'_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::TemplateLabel, span, format!("no series of the alert has the label `{label}`"))
            .label("always empty")
            .secondary(place(origin.condition, removal.range), format!("`{label}` {}", removal.cause.describe()));
    if let Some((_, value)) = origin.static_labels.iter().find(|(name, _)| name.value == label) {
        return diagnostic
            .secondary(value.span, "set by the rule")
            .note("Prometheus adds the rule's own labels after it has filled the templates")
            .help("write the value itself into the text");
    }
    with_ways_to_a_label(diagnostic, (label, span), &origin.labels)
}

/// Proposes what to do about a label that an expression has lost: a close name among those it has, or to keep it.
pub(super) fn with_ways_to_a_label(
    diagnostic: Diagnostic,
    (label, span): (&str, Span),
    carried: &Labels,
) -> Diagnostic {
    let possible = carried.possible().unwrap_or_default();
    match suggest(label, possible.iter().map(SmolStr::as_str)) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), span, meant),
        None if possible.is_empty() => {
            diagnostic.help(format!("keep it in the expression, as in `sum by ({label}) (...)`"))
        }
        None => {
            let list = possible.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
            diagnostic.help(format!("keep it in the expression, or use one of {list}"))
        }
    }
}

/// Reports what is wrong with the PromQL that a template runs.
fn check_query(text: &Text, query: &str, range: &Range<u32>, sink: &mut Sink) {
    let parsed = promql::parse(query, &ParseOptions::new(Dialect::Rule));
    let Err(errors) = parsed.and_then(|expr| promql::check(&expr, &CheckOptions::everything())) else {
        return;
    };
    let literal = text.slice(range.clone());
    // Escapes make the literal longer than the query it stands for.
    let is_literal = literal.value == query;
    let is_quoted = range.start > 0 && text.value.as_bytes().get(range.start as usize - 1) == Some(&b'"');
    let whole = TextRange { start: 0, end: range.end - range.start };
    sink.extend(errors.into_iter().map(|mut error| {
        if !is_literal {
            error.range = whole;
            error.related = None;
        }
        error.replacement = error
            .replacement
            .filter(|_| is_literal)
            .map(|(part, new)| (part, if is_quoted { new.replace('\\', "\\\\").replace('"', "\\\"") } else { new }));
        promql_diagnostic(&error, &literal)
    }));
}
