//! Thresholds that are no bucket.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::catalogue::{Found, HistogramKind, Known};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Duration, decimal_text};
use crate::promql::{MatchOp, Selector};
use crate::resolve::durations::positive_duration;
use crate::resolve::promql::place;
use crate::source::Text;

/// Checks the threshold of a latency SLI from a classic histogram.
pub(super) fn under(selector: &Selector, under: &Text, histogram: Option<&Text>, known: &Known, sink: &mut Sink) {
    if histogram.is_some_and(|text| text.value == "native") {
        return;
    }
    let Some(found) = selector.name.as_ref().and_then(|name| known.find(&name.value)) else { return };
    let Some(threshold) = positive_duration(under, "under", &mut Sink::default()) else { return };
    let seconds = (Decimal::from(threshold.millis()) / Decimal::ONE_THOUSAND).normalize();
    let Some([below, above]) = neighbours(&found, seconds.to_f64().unwrap_or(f64::NAN)) else { return };
    let message = format!("`{}` has no bucket at {threshold}", found.name);
    let near: Vec<String> = [below, above].into_iter().flatten().filter_map(threshold_text).collect();
    let diagnostic = Diagnostic::new(Code::NoSuchBucket, under.span, message)
        .note(listed(&found))
        .note("only at the bound of a bucket is it known how many events were faster");
    let configure = format!("give the histogram a bucket at {}", decimal_text(seconds));
    sink.push(match near.as_slice() {
        [] => diagnostic.help(configure),
        near => diagnostic.help(format!("write {}, or {configure}", near.join(" or "))),
    });
}

/// Checks a matcher on `le`.
pub(super) fn matcher(selector: &Selector, text: &Text, known: &Known, sink: &mut Sink) {
    let Some(found) =
        selector.name.as_ref().filter(|name| name.value.ends_with("_bucket")).and_then(|name| known.find(&name.value))
    else {
        return;
    };
    let bounds = selector.matchers.iter().filter(|matcher| matcher.label.value == "le" && matcher.op == MatchOp::Equal);
    for matcher in bounds {
        let written = &matcher.value.value;
        let Some([below, above]) = written.parse().ok().and_then(|bound| neighbours(&found, bound)) else { continue };
        let near: Vec<String> = [below, above].into_iter().flatten().map(|bound| format!("`{bound}`")).collect();
        let message = format!("`{}` has no bucket at {written}", found.name);
        sink.push(
            Diagnostic::new(Code::NoSuchBucket, place(text, matcher.value.range), message)
                .note(listed(&found))
                .help(format!("the nearest are {}", near.join(" and "))),
        );
    }
}

/// The bounds next to one that is none; `None` if it is one, or if nothing is known of bounds.
fn neighbours(found: &Found<'_>, bound: f64) -> Option<[Option<f64>; 2]> {
    let bounds = &found.metric.buckets;
    let is_same = |known: &f64| (known - bound).abs() <= known.abs() * 1e-9;
    let is_classic = found.metric.histogram != Some(HistogramKind::Native);
    if bounds.is_empty() || !bound.is_finite() || !is_classic || bounds.iter().any(is_same) {
        return None;
    }
    let above = bounds.iter().position(|known| *known > bound);
    let below = above.unwrap_or(bounds.len()).checked_sub(1).and_then(|at| bounds.get(at));
    Some([below.copied(), above.and_then(|at| bounds.get(at)).copied()])
}

fn listed(found: &Found<'_>) -> String {
    let bounds: Vec<String> = found.metric.buckets.iter().map(f64::to_string).collect();
    format!("`{}` lists its buckets: {}", found.file, bounds.join(", "))
}

/// A bound in seconds as a threshold; `None` where it is no whole number of milliseconds.
fn threshold_text(seconds: f64) -> Option<String> {
    let millis = Decimal::from_f64_retain(seconds)?.round_dp(9) * Decimal::ONE_THOUSAND;
    let whole =
        millis.normalize().to_u64().filter(|whole| Decimal::from(*whole) == millis.normalize() && *whole > 0)?;
    Some(format!("`{}`", Duration::from_millis(whole)))
}
