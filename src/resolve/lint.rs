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
        (Some(help), Some((range, replacement))) => {
            diagnostic.replace(help, place(text, range), text.written(&replacement))
        }
        (Some(help), None) => diagnostic.help(help),
        (None, _) => diagnostic,
    }
}

/// The code of a lint: the one of the same slug.
fn code(lint: Lint) -> Code {
    match lint {
        Lint::AbsentOfAggregation => Code::AbsentOfAggregation,
        Lint::AlwaysFiring => Code::AlwaysFiring,
        Lint::AmbiguousMatch => Code::AmbiguousMatch,
        Lint::AnchoredRegex => Code::AnchoredRegex,
        Lint::AverageOfQuantiles => Code::AverageOfQuantiles,
        Lint::AverageOfRatios => Code::AverageOfRatios,
        Lint::ContradictingMatchers => Code::ContradictingMatchers,
        Lint::CounterWithoutRate => Code::CounterWithoutRate,
        Lint::DeltaOfCounter => Code::DeltaOfCounter,
        Lint::DriftingNumerator => Code::DriftingNumerator,
        Lint::EqualToRate => Code::EqualToRate,
        Lint::FutureOffset => Code::FutureOffset,
        Lint::GlobRegex => Code::GlobRegex,
        Lint::IdenticalOperands => Code::IdenticalOperands,
        Lint::ImpossibleComparison => Code::ImpossibleComparison,
        Lint::ImpossibleRegex => Code::ImpossibleRegex,
        Lint::IrateInAlert => Code::IrateInAlert,
        Lint::LostLabel => Code::LostLabel,
        Lint::MatchAllRegex => Code::MatchAllRegex,
        Lint::MismatchedGrouping => Code::MismatchedGrouping,
        Lint::MissingGroup => Code::MissingGroup,
        Lint::NanComparison => Code::NanComparison,
        Lint::NanInAverage => Code::NanInAverage,
        Lint::NeedlessGroup => Code::NeedlessGroup,
        Lint::PlainRegex => Code::PlainRegex,
        Lint::QuantileOfTotals => Code::QuantileOfTotals,
        Lint::QuantileOutOfRange => Code::QuantileOutOfRange,
        Lint::QuantileWithoutLe => Code::QuantileWithoutLe,
        Lint::RateOfGauge => Code::RateOfGauge,
        Lint::RateOfRate => Code::RateOfRate,
        Lint::RateOfSum => Code::RateOfSum,
        Lint::RedundantMatcher => Code::RedundantMatcher,
        Lint::ShortRange => Code::ShortRange,
        Lint::StaleTimestamp => Code::StaleTimestamp,
        Lint::SummedBuckets => Code::SummedBuckets,
        Lint::TopkInRule => Code::TopkInRule,
        Lint::UnboundedLabel => Code::UnboundedLabel,
        Lint::UnescapedDot => Code::UnescapedDot,
        Lint::UnlessWithoutEffect => Code::UnlessWithoutEffect,
        Lint::UnmatchedOperands => Code::UnmatchedOperands,
    }
}
