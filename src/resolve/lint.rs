//! What the lints of PromQL find, as diagnostics.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::lint::{Context, Finding, Lint, lint, lint_matcher};
use crate::promql::{Expr, Matcher};
use crate::resolve::promql::place;
use crate::source::Text;

/// Looks at every part of an expression.
pub(crate) fn expression(expr: &Expr, text: &Text, context: &Context, sink: &mut Sink) {
    sink.extend(lint(expr, context).into_iter().map(|finding| diagnostic(finding, text)));
}

/// Looks at one matcher that stands alone.
pub(super) fn matcher(matcher: &Matcher, text: &Text, sink: &mut Sink) {
    sink.extend(lint_matcher(matcher).into_iter().map(|finding| diagnostic(finding, text)));
}

fn diagnostic(finding: Finding, text: &Text) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(code(finding.lint), place(text, finding.range), finding.message).label(finding.label);
    for (range, message) in finding.related {
        diagnostic = diagnostic.secondary(place(text, range), message);
    }
    for note in finding.notes {
        diagnostic = diagnostic.note(note);
    }
    match (finding.help, finding.replacement) {
        (Some(help), Some((range, replacement))) => diagnostic.replace(help, place(text, range), replacement),
        (Some(help), None) => diagnostic.help(help),
        (None, _) => diagnostic,
    }
}

/// The code of a lint: the one of the same slug.
fn code(lint: Lint) -> Code {
    match lint {
        Lint::CounterWithoutRate => Code::CounterWithoutRate,
        Lint::PlainRegex => Code::PlainRegex,
        Lint::QuantileWithoutLe => Code::QuantileWithoutLe,
        Lint::RateOfGauge => Code::RateOfGauge,
        Lint::ShortRange => Code::ShortRange,
        Lint::UnmatchedOperands => Code::UnmatchedOperands,
    }
}
