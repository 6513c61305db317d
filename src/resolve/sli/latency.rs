//! Latency from a histogram, classic or native.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::counter::{range_on_selector, selector_expr, warn_without_matcher};
use super::ranges::first_selector;
use super::ratio::extended;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Latency, NativeLatency, Sli, decimal_text};
use crate::promql::contradiction;
use crate::promql::{Dialect, Expr, ExprKind, MatchOp, Matcher, Ranged, Selector, build};
use crate::resolve::durations::positive_duration;
use crate::resolve::promql::{expression, matchers, place, quoted, slice, unbracketed};
use crate::source::Text;

/// The two kinds of histograms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Histogram {
    /// One series for each bucket.
    Classic,
    /// All buckets in one series.
    Native,
}

/// Reads a latency SLI.
pub(super) fn latency(
    latency: &Text,
    under: &Text,
    histogram: Option<&Text>,
    bad_when: Option<&Text>,
    sink: &mut Sink,
) -> Option<Sli> {
    let kind = histogram.map_or(Some(Histogram::Classic), |text| histogram_kind(text, sink));
    let selector = selector(latency, sink);
    let threshold = positive_duration(under, "under", sink);
    let added = bad_when.map(|text| (text, matchers(text, "bad_when", sink)));
    let (selector, name) = selector?;
    let added = match added {
        None => None,
        Some((text, added)) => {
            let added = added?;
            if let Some(problem) = added_problem(&added, &selector, text, latency) {
                sink.push(problem);
                return None;
            }
            Some(added)
        }
    };
    let under = (Decimal::from(threshold?.millis()) / Decimal::ONE_THOUSAND).normalize();
    Some(match kind? {
        Histogram::Classic => Sli::Latency(classic(&selector, &name, under, added)),
        Histogram::Native => Sli::NativeLatency(NativeLatency {
            bad: added.map(|added| selector_expr(extended(&selector, added))),
            histogram: selector_expr(selector),
            under,
        }),
    })
}

fn histogram_kind(text: &Text, sink: &mut Sink) -> Option<Histogram> {
    match text.value.as_str() {
        "classic" => Some(Histogram::Classic),
        "native" => Some(Histogram::Native),
        word => {
            let message = format!("expected `classic` or `native`, found `{word}`");
            let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
            sink.push(match suggest(word, ["classic", "native"]) {
                Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
                None => diagnostic.note("a classic histogram has series that end in `_bucket`; a native one has none"),
            });
            None
        }
    }
}

/// The `_count` and `_bucket` series of a classic histogram.
fn classic(selector: &Selector, name: &str, under: Decimal, added: Option<Vec<Matcher>>) -> Latency {
    let named = |suffix: &str| Selector {
        name: Some(Ranged::built(SmolStr::from(format!("{name}_{suffix}")))),
        ..selector.clone()
    };
    let bucket = extended(&named("bucket"), vec![bound(under)]);
    Latency {
        count: selector_expr(named("count")),
        bad: added.map(|added| selector_expr(extended(&bucket, added))),
        bucket: selector_expr(bucket),
        under,
    }
}

/// The matcher of a bucket's upper bound; Prometheus 3 writes `1` as `1.0`.
fn bound(under: Decimal) -> Matcher {
    let text = decimal_text(under);
    if text.contains('.') {
        return build::matcher("le", MatchOp::Equal, text);
    }
    build::matcher("le", MatchOp::Regex, format!("{text}|{text}[.]0"))
}

/// Reads the histogram's selector, and its name without the suffix of a series.
fn selector(text: &Text, sink: &mut Sink) -> Option<(Selector, SmolStr)> {
    let typed = expression(text, Dialect::Sli, sink)?;
    let selector = match &unbracketed(&typed.expr).kind {
        ExprKind::Selector(selector) => selector,
        ExprKind::Matrix(matrix) => {
            sink.push(range_on_selector(text, "latency", slice(text, matrix.selector_range)));
            return None;
        }
        _ => {
            sink.push(no_selector(text, &typed.expr));
            return None;
        }
    };
    let Some(name) = &selector.name else {
        sink.push(
            Diagnostic::new(Code::HistogramName, text.span, "`latency` needs the histogram's name before the braces")
                .note("the rules read the series `<name>_bucket` and `<name>_count`"),
        );
        return None;
    };
    if let Some(problem) = suffix_problem(name, text).or_else(|| bound_problem(selector, text)) {
        sink.push(problem);
        return None;
    }
    warn_without_matcher(selector, text, "latency", sink);
    Some(((**selector).clone(), name.value.clone()))
}

fn no_selector(text: &Text, expr: &Expr) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::NotASelector, text.span, "`latency` has to be the selector of a histogram")
        .note("the share of events under the threshold is exact; a quantile or an average is not a share of events");
    match first_selector(expr).map(|range| without_suffix(slice(text, range))) {
        Some(selector) => diagnostic.replace(format!("write `{selector}`"), text.span, quoted(&selector)),
        None => diagnostic,
    }
}

/// A selector's text with the suffix of its name removed.
fn without_suffix(selector: &str) -> String {
    let (name, rest) = selector.split_at(selector.find('{').unwrap_or(selector.len()));
    let base = SUFFIXES.iter().find_map(|suffix| name.trim_end().strip_suffix(suffix)).unwrap_or(name);
    format!("{base}{rest}")
}

/// What the names of a classic histogram's series end in.
const SUFFIXES: [&str; 3] = ["_bucket", "_count", "_sum"];

fn suffix_problem(name: &Ranged<SmolStr>, text: &Text) -> Option<Diagnostic> {
    let (suffix, base) = SUFFIXES.iter().find_map(|suffix| Some((suffix, name.value.strip_suffix(suffix)?)))?;
    let message = format!("`{}` is a series of a histogram, not the histogram", name.value);
    Some(
        Diagnostic::new(Code::HistogramName, place(text, name.range), message)
            .note(format!("the rules add `_bucket` and `_count` themselves, so the name stands without `{suffix}`"))
            .replace(format!("write `{base}`"), place(text, name.range), base),
    )
}

fn bound_problem(selector: &Selector, text: &Text) -> Option<Diagnostic> {
    let bound = selector.matchers.iter().find(|matcher| matcher.label.value == "le")?;
    Some(
        Diagnostic::new(Code::HistogramName, place(text, bound.range), "the matcher on `le` is written by the rules")
            .note("the bucket is chosen by `under`; the count of all events has no `le`")
            .help(format!("remove the matcher, and write the threshold as a duration: `under: {}`", threshold(bound))),
    )
}

/// A bucket's bound as a duration.
fn threshold(bound: &Matcher) -> String {
    let seconds = Decimal::from_str_exact(&bound.value.value).ok().filter(|seconds| *seconds > Decimal::ZERO);
    match seconds {
        Some(seconds) if seconds < Decimal::ONE => format!("{}ms", (seconds * Decimal::ONE_THOUSAND).normalize()),
        Some(seconds) => format!("{}s", seconds.normalize()),
        None => "300ms".to_owned(),
    }
}

fn added_problem(added: &[Matcher], selector: &Selector, text: &Text, latency: &Text) -> Option<Diagnostic> {
    if let Some(bound) = added.iter().find(|matcher| matcher.label.value == "le") {
        return Some(
            Diagnostic::new(
                Code::HistogramName,
                place(text, bound.range),
                "the matcher on `le` is written by the rules",
            )
            .help("the bucket is chosen by `under`; remove this matcher"),
        );
    }
    let (one, other) = contradiction(added, &selector.matchers)?;
    let message = format!("`bad_when` and `latency` exclude each other on the label `{}`", one.label.value);
    Some(
        Diagnostic::new(Code::DisjointMatchers, place(text, one.range), message)
            .label("no series can have both")
            .secondary(place(latency, other.range), "and this")
            .help("remove one of the two matchers, or make them agree"),
    )
}
