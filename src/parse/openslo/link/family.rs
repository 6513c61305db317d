//! What an objective measures, as a family of SLIs.

use std::collections::BTreeMap;

use super::super::metric::Metric;
use super::super::object::{DataSource, Version};
use super::super::objective::Objective;
use super::super::sli::{Measured, Ratio, Share};
use super::Names;
use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::{RatioPartDecl, SliDecl, SliFamilyDecl};
use crate::parse::no_effect::no_effect;
use crate::parse::selector::{fixed_ranges, part, selector, summed, with_open_ranges};
use crate::source::{Span, Spanned, Text};

/// What is measured, as the family with its keys; the objective has the limit of a value.
pub(super) fn sli(
    (measured, span): (&Measured, Span),
    (objective, version): (&Objective, Version),
    (sources, names): (&BTreeMap<&str, &DataSource>, &mut Names),
    sink: &mut Sink,
) -> Option<SliDecl> {
    let mut query = |metric: &Metric, sink: &mut Sink| {
        names.data_sources.extend(metric.reference().map(|reference| reference.value.clone()));
        metric.promql(sources, sink)
    };
    if !matches!(measured, Measured::Threshold(_)) {
        sink.extend(without_limit(objective, version));
    }
    let of_family = |family| SliDecl { span, family, raw: None };
    match measured {
        Measured::Threshold(metric) => {
            let value = query(metric, sink);
            let good = limit(objective, sink);
            Some(of_family(SliFamilyDecl::Value { value: value?, good: good? }))
        }
        Measured::Ratio(of) => {
            let (part, total) = (query(&of.part, sink), query(&of.total, sink));
            Some(ratio(of, (part?, total?), span, sink))
        }
        Measured::Raw { share, metric } => {
            let error_ratio = error_ratio(&query(metric, sink)?, *share, sink);
            Some(of_family(SliFamilyDecl::ErrorRatio { error_ratio }))
        }
    }
}

/// A ratio of counters; of numbers that go up and down, the ratio of the sums of their samples.
fn ratio(of: &Ratio, (part, total): (Text, Text), span: Span, sink: &mut Sink) -> SliDecl {
    if !of.counters
        && let (Some(part), Some(total)) = (bare(&part), bare(&total))
    {
        let error_ratio = quotient((&part, &total), of.share, ["sum(sum_over_time(", "[$window]))"]);
        return SliDecl { span, family: SliFamilyDecl::ErrorRatio { error_ratio }, raw: None };
    }
    let (part, total) = (counter(&part, sink), counter(&total, sink));
    // What is no rate of a counter is still a ratio over each window.
    let raw = quotient((&part, &total), of.share, ["(", "\n)"]);
    let place = part.span;
    let part = match of.share {
        Share::Good => RatioPartDecl::Good(part),
        Share::Bad => RatioPartDecl::Bad(part),
    };
    SliDecl { span, family: SliFamilyDecl::Ratio { total, part: Spanned::new(part, place) }, raw: Some(raw) }
}

/// The ratio of bad events as one expression, with something around both sides.
fn quotient((part, total): (&Text, &Text), share: Share, [open, close]: [&str; 2]) -> Text {
    let before = |text: &Text, written: String| text.slice(0..0).instead(written);
    let (one, end) = match share {
        Share::Good => ("1 - (", ")"),
        Share::Bad => ("", ""),
    };
    let texts = [
        before(part, format!("{one}{open}")),
        part.clone(),
        before(total, format!("{close} / {open}")),
        total.clone(),
        before(total, format!("{close}{end}")),
    ];
    Text::joined(&texts, part.span.to(total.span))
}

/// The limit of a value, such as `< 500`.
fn limit(objective: &Objective, sink: &mut Sink) -> Option<Text> {
    for (key, is_there, example) in
        [("op", objective.op.is_some(), "op: lt"), ("value", objective.value.is_some(), "value: 500")]
    {
        if !is_there {
            let message = format!("an objective of a `thresholdMetric` without `{key}`");
            let diagnostic = Diagnostic::new(Code::MissingKey, objective.head, message);
            sink.push(diagnostic.help(format!("say which values are good: `{example}`")));
        }
    }
    let (op, value) = (objective.op.as_ref()?, objective.value.as_ref()?);
    Some(value.instead(format!("{} {}", op.value, value.value)))
}

/// Warns of a limit where no value is compared; v1alpha wants one everywhere.
fn without_limit(objective: &Objective, version: Version) -> Option<Diagnostic> {
    let value = objective.value.as_ref().filter(|_| version != Version::V1Alpha);
    let keys = [("op", objective.op.as_ref()), ("value", value)];
    let keys: Vec<(String, Span)> =
        keys.into_iter().filter_map(|(key, text)| text.map(|text| (key.to_owned(), text.span))).collect();
    no_effect(&keys, "a ratio is good or bad by its events; only a `thresholdMetric` is compared with a value")
}

/// The selector that a text is, or that it is the sum of.
fn bare(text: &Text) -> Option<Text> {
    let inner = summed(text).filter(|inner| selector(inner).is_some());
    inner.or_else(|| selector(text).is_some().then(|| text.clone()))
}

/// A counter: a selector, its sum, or a rate, whose own range makes way for those of the rules.
fn counter(text: &Text, sink: &mut Sink) -> Text {
    bare(text).unwrap_or_else(|| with_open(text, sink))
}

/// An expression with its fixed ranges open, of which a warning tells.
fn with_open(text: &Text, sink: &mut Sink) -> Text {
    let ranges = fixed_ranges(text);
    for range in &ranges {
        let written = part(text, range.clone());
        let message = format!("the range `{}` has no effect here", written.value);
        let diagnostic = Diagnostic::new(Code::NoEffect, written.span, message)
            .note("the rules read the same counter over windows from 5m up to the whole period")
            .help("leave the counter alone, without `rate`, or write `{{.window}}` as the range");
        sink.push(diagnostic);
    }
    if ranges.is_empty() { text.clone() } else { with_open_ranges(text, &ranges) }
}

/// A ratio of good or bad events as one of bad events over a window.
fn error_ratio(text: &Text, share: Share, sink: &mut Sink) -> Text {
    let stored = selector(text).is_some();
    let open = if stored { text.clone() } else { with_open(text, sink) };
    let before = text.slice(0..0);
    let end = u32::try_from(open.value.len()).unwrap_or(u32::MAX);
    let behind = open.slice(end..end);
    // A stored ratio is one sample per scrape: over a window, its mean.
    let (opening, closing) = if stored { ("avg(avg_over_time(", "[$window]))") } else { ("", "") };
    let (one, bracket) = match share {
        Share::Good => ("1 - (", ")"),
        Share::Bad => ("", ""),
    };
    if opening.is_empty() && one.is_empty() {
        return open;
    }
    let span = open.span;
    Text::joined(
        &[before.instead(format!("{one}{opening}")), open, behind.instead(format!("{closing}{bracket}"))],
        span,
    )
}
