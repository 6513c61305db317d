//! Error ratios from raw data: an expression that is computed for each window.

use super::counter::{fixed_range, no_vector, range_on_selector};
use super::ranges::{bare_counters, ranges};
use super::survival::{check_survival, is_aggregated, surplus_labels};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{LabelName, Sli};
use crate::promql::{Dialect, Expr, ExprKind, ValueType};
use crate::resolve::promql::{expression, place, slice, unbracketed};
use crate::source::Text;

/// Reads an error ratio.
pub(super) fn error_ratio(text: &Text, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
    let typed = expression(text, Dialect::Sli, sink)?;
    if let ExprKind::Matrix(matrix) = &unbracketed(&typed.expr).kind {
        sink.push(range_on_selector(text, "error_ratio", slice(text, matrix.selector_range)));
        return None;
    }
    if typed.value_type != ValueType::Vector {
        sink.push(no_vector(text, "error_ratio", typed.value_type));
        return None;
    }
    let problems = window_problems(&typed.expr, text);
    if !problems.is_empty() {
        sink.extend(problems);
        return None;
    }
    check_survival(&typed.expr, text, groups, sink)?;
    if !is_aggregated(&typed.expr, groups) {
        sink.push(unaggregated(&typed.expr, text, groups));
        return None;
    }
    Some(Sli::ErrorRatio(typed.expr))
}

/// Ranges that should follow `$window` and do not.
fn window_problems(expr: &Expr, text: &Text) -> Vec<Diagnostic> {
    let ranges = ranges(expr);
    if ranges.is_empty() {
        let message = "`error_ratio` does not contain `$window`";
        return vec![
            Diagnostic::new(Code::MissingWindow, text.span, message)
                .note("the ratio is computed over several windows, from 5m up to 3d")
                .help("put `[$window]` where the range belongs, as in `sum(rate(failed_total[$window])) / sum(rate(all_total[$window]))`"),
        ];
    }
    let any_follows = ranges.iter().any(super::ranges::Range::follows_window);
    let is_rate = |function: &str| matches!(function, "rate" | "increase" | "irate");
    let bare = bare_counters(expr).into_iter().map(|range| {
        let (counter, written) = (place(text, range), slice(text, range));
        Diagnostic::new(Code::MissingWindow, counter, "a counter without a range")
            .note("its value is everything since the process started, and no share of the window")
            .replace("take its rate over the window", counter, text.written(&format!("rate({written}[$window])")))
    });
    let fixed = ranges
        .iter()
        .filter(|range| !range.follows_window())
        .filter(|range| !any_follows || range.function.is_some_and(|function| is_rate(&function.value)))
        .map(|range| fixed_range(range, text));
    bare.chain(fixed).collect()
}

fn unaggregated(expr: &Expr, text: &Text, groups: &[LabelName]) -> Diagnostic {
    let by = groups.iter().map(LabelName::as_str).collect::<Vec<_>>().join(", ");
    let (wanted, example) = if groups.is_empty() {
        ("one series".to_owned(), "sum(rate(failed_total[$window])) / sum(rate(all_total[$window]))".to_owned())
    } else {
        (
            format!("one series for each `{by}`"),
            format!("sum by ({by}) (rate(failed_total[$window])) / sum by ({by}) (rate(all_total[$window]))"),
        )
    };
    let surplus = surplus_labels(expr, groups);
    let labels = if surplus.is_empty() { "any label".to_owned() } else { surplus.join(", ") };
    Diagnostic::new(Code::UnaggregatedSli, text.span, format!("`error_ratio` can have more than {wanted}"))
        .label(format!("its series are told apart by {labels}"))
        .note("ratios cannot be added up later: each series would be an SLO of its own under one name")
        .help(format!("aggregate both sides, as in `{example}`"))
}
