//! What an objective measures, as a family of SLIs.

use std::collections::BTreeMap;

use super::super::metric::Metric;
use super::super::object::{DataSource, Version};
use super::super::objective::Objective;
use super::super::sli::{Measured, Ratio, Share};
use super::Names;
use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::{RatioPartDecl, SliFamilyDecl};
use crate::parse::no_effect::no_effect;
use crate::parse::selector::{fixed_ranges, part, selector, summed, with_open_ranges};
use crate::source::{Span, Spanned, Text};

/// The family of what is measured; the objective has the limit of a value.
pub(super) fn family(
    measured: &Measured,
    (objective, version): (&Objective, Version),
    (sources, names): (&BTreeMap<&str, &DataSource>, &mut Names),
    sink: &mut Sink,
) -> Option<SliFamilyDecl> {
    let mut query = |metric: &Metric, sink: &mut Sink| {
        names.data_sources.extend(metric.reference().map(|reference| reference.value.clone()));
        metric.promql(sources, sink)
    };
    if !matches!(measured, Measured::Threshold(_)) {
        sink.extend(without_limit(objective, version));
    }
    match measured {
        Measured::Threshold(metric) => {
            let value = query(metric, sink);
            let good = limit(objective, sink);
            Some(SliFamilyDecl::Value { value: value?, good: good? })
        }
        Measured::Ratio(ratio) => {
            let Ratio { share, part, total, not_counters } = ratio.as_ref();
            let (part, total) = (query(part, sink), query(total, sink));
            let part = part.and_then(|text| counter(text, *not_counters, sink));
            let total = total.and_then(|text| counter(text, *not_counters, sink));
            let (part, total) = (part?, total?);
            let span = part.span;
            let part = match share {
                Share::Good => RatioPartDecl::Good(part),
                Share::Bad => RatioPartDecl::Bad(part),
            };
            Some(SliFamilyDecl::Ratio { total, part: Spanned::new(part, span) })
        }
        Measured::Raw { share, metric } => {
            let text = query(metric, sink)?;
            Some(SliFamilyDecl::ErrorRatio { error_ratio: error_ratio(&text, *share, sink) })
        }
    }
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

/// A counter: a selector, its sum, or a rate, whose own range makes way for those of the rules.
fn counter(text: Text, not_counters: Option<Span>, sink: &mut Sink) -> Option<Text> {
    let inner = summed(&text).filter(|inner| selector(inner).is_some());
    let found = inner.unwrap_or(text);
    if selector(&found).is_none() {
        return Some(with_open(&found, sink));
    }
    if let Some(place) = not_counters {
        let message = "a ratio of numbers that go up and down is not computed here";
        let diagnostic = Diagnostic::new(Code::UnsupportedFeature, place, message).secondary(found.span, "this one");
        sink.push(
            diagnostic
                .note("how much of them falls into a window depends on how they are sampled, which nothing here says")
                .help("if these are counters, write `counter: true`; if not, give their ratio over `{{.window}}` as `raw`"),
        );
        return None;
    }
    Some(found)
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
