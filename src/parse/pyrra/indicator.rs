//! What an object of Pyrra measures.

use super::super::decl::{RatioPartDecl, SliDecl, SliFamilyDecl, SloDecl, UnfinishedDecl};
use super::super::read::{Fields, Reader};
use super::super::selector::{Selector, is_expression, selector};
use crate::diag::{Code, Diagnostic};
use crate::source::{Span, Spanned, Text};

/// The kinds of indicators.
const KINDS: [&str; 4] = ["ratio", "latency", "latencyNative", "bool_gauge"];

/// Reads `indicator` with its groups.
pub(super) fn indicator(reader: &mut Reader<'_>, fields: &mut Fields, slo: &mut SloDecl) {
    let Some(entry) = reader.required(fields, "indicator", "indicator:") else { return };
    let (key, span) = (entry.key.span, entry.value.span);
    let Some(mut inner) = reader.mapping_of(entry, "`indicator`") else { return };
    let found: Vec<(&'static str, Span)> =
        KINDS.iter().filter_map(|kind| inner.key_span(kind).map(|span| (*kind, span))).collect();
    match found.as_slice() {
        [(kind, _)] => {
            slo.sli = of_kind(reader, &mut inner, kind, slo).map(|family| SliDecl { span, family, raw: None });
        }
        [] => {
            if !KINDS.iter().any(|kind| inner.is_misspelt(kind)) {
                let diagnostic = Diagnostic::new(Code::SliFamily, key, "an indicator of no kind");
                reader.report(diagnostic.help("choose one of `ratio`, `latency`, `latencyNative` and `bool_gauge`"));
            }
            // Asked for all the same, so that a misspelt key finds its suggestion.
            inner.skip(&KINDS);
        }
        [(first, first_span), (second, second_span), ..] => {
            let message = format!("`{first}` and `{second}` in one indicator");
            let diagnostic = Diagnostic::new(Code::SliFamily, *second_span, message)
                .secondary(*first_span, format!("`{first}` says already what is measured"));
            reader.report(diagnostic.help("keep one of the two, and make an object of its own from the other"));
            inner.skip(&KINDS);
        }
    }
    reader.finish(&inner);
}

fn of_kind(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    kind: &'static str,
    slo: &mut SloDecl,
) -> Option<SliFamilyDecl> {
    let entry = fields.take(kind)?;
    let noun = match kind {
        "ratio" => "a ratio",
        "latency" => "a latency",
        "latencyNative" => "a native latency",
        _ => "a boolean gauge",
    };
    let mut inner = reader.mapping_of(entry, noun)?;
    let family = match kind {
        "ratio" => ratio(reader, &mut inner),
        "latency" => latency(reader, &mut inner),
        "latencyNative" => native_latency(reader, &mut inner),
        _ => metric(reader, &mut inner).map(|up| SliFamilyDecl::Up { up, across: None }),
    };
    if let Some(entry) = inner.take("grouping").filter(|entry| entry.value.noun() != "nothing") {
        slo.group_by = reader.texts_of(entry);
    }
    reader.finish(&inner);
    family
}

fn ratio(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let errors = query(reader, fields, "errors", "errors: {metric: 'http_requests_total{code=~\"5..\"}'}");
    let total = query(reader, fields, "total", "total: {metric: http_requests_total}");
    let (errors, total) = both(reader, errors, total)?;
    let part = Spanned::new(RatioPartDecl::Bad(errors.clone()), errors.span);
    Some(SliFamilyDecl::Ratio { total, part })
}

/// Both of two expressions; one alone is left for its problems.
fn both(reader: &mut Reader<'_>, one: Option<Text>, other: Option<Text>) -> Option<(Text, Text)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one, other)),
        (one, other) => {
            reader.unfinished.extend(one.into_iter().chain(other).map(UnfinishedDecl::Indicator));
            None
        }
    }
}

/// The selector in `{metric: ...}` under a key.
fn query(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str, example: &str) -> Option<Text> {
    let entry = reader.required(fields, key, example)?;
    let mut inner = reader.mapping_of(entry, "a query")?;
    let text = metric(reader, &mut inner);
    reader.finish(&inner);
    text
}

fn metric(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let entry = reader.required(fields, "metric", "metric: http_requests_total")?;
    let text = reader.expression_of(entry)?;
    if text.value.trim().is_empty() {
        let message = "expected a selector for `metric`, found an empty text";
        reader.report(Diagnostic::new(Code::WrongType, text.span, message));
        return None;
    }
    if is_expression(&text) {
        let message = "`metric` is an expression, where Pyrra takes a selector";
        let diagnostic = Diagnostic::new(Code::NotASelector, text.span, message);
        reader.report(
            diagnostic
                .note("the rules take the rate of each series themselves, and add them up by the labels of `grouping`")
                .help("write the metric with its matchers alone, as in `http_requests_total{job=\"api\"}`"),
        );
        return None;
    }
    Some(text)
}

fn latency(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let success =
        query(reader, fields, "success", "success: {metric: 'http_request_duration_seconds_bucket{le=\"1\"}'}");
    let total = query(reader, fields, "total", "total: {metric: http_request_duration_seconds_count}");
    let (success, total) = both(reader, success, total)?;
    if let Some(bucket) = selector(&success) {
        if !has_bound(reader, &bucket, &success) {
            return None;
        }
        if let Some(family) = histogram(&bucket, &success, &total) {
            return Some(family);
        }
    }
    let part = Spanned::new(RatioPartDecl::Good(success.clone()), success.span);
    Some(SliFamilyDecl::Ratio { total, part })
}

/// Whether a selector chooses a bucket by its bound; if not, reports it.
fn has_bound(reader: &mut Reader<'_>, bucket: &Selector<'_>, success: &Text) -> bool {
    let diagnostic = match bucket.equal("le") {
        Some(bound) if is_number(bound) => return true,
        Some(bound) => {
            let message = format!("the bucket's bound `{bound}` is no number");
            Diagnostic::new(Code::BadNumber, success.span, message)
        }
        None if bucket.matchers().any(|matcher| label(matcher) == "le") => return true,
        None => Diagnostic::new(Code::SliFamily, success.span, "`success` of a latency has no matcher on `le`")
            .note("without it, the selector is of all buckets, each of which counts the same events again"),
    };
    reader.report(diagnostic.help("choose the bucket of the longest good duration, as in `le=\"0.5\"`"));
    false
}

/// The label of a matcher.
fn label(matcher: &str) -> &str {
    matcher.split(['=', '!']).next().unwrap_or_default().trim_end()
}

fn is_number(text: &str) -> bool {
    text == "+Inf" || text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The histogram of which `success` is a bucket and `total` the count; `None` if they differ in more than that.
fn histogram(bucket: &Selector<'_>, success: &Text, total: &Text) -> Option<SliFamilyDecl> {
    let count = selector(total)?;
    let base = count.name.strip_suffix("_count").filter(|base| base.ends_with("_seconds"))?;
    if bucket.name.strip_suffix("_bucket") != Some(base) {
        return None;
    }
    let mut matchers: Vec<&str> = bucket.matchers().filter(|matcher| label(matcher) != "le").collect();
    let mut wanted: Vec<&str> = count.matchers().collect();
    matchers.sort_unstable();
    wanted.sort_unstable();
    if matchers != wanted {
        return None;
    }
    let under = success.instead(milliseconds(bucket.equal("le")?)?);
    let latency = count.without_suffix("_count")?;
    Some(SliFamilyDecl::Latency { latency, under, histogram: None, bad_when: None })
}

/// Seconds in decimal digits as a duration; `None` if they are no whole milliseconds above zero.
fn milliseconds(seconds: &str) -> Option<String> {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    let part = part.trim_end_matches('0');
    let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(whole) || !is_plain(part) || part.len() > 3 {
        return None;
    }
    let millis: u64 = format!("{whole}{part:0<3}").parse().ok()?;
    (millis > 0).then(|| format!("{millis}ms"))
}

fn native_latency(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let under = reader.required_text(fields, "latency", "latency: 200ms");
    let total = query(reader, fields, "total", "total: {metric: http_request_duration_seconds}");
    let (Some(under), Some(latency)) = (under, total.clone()) else {
        reader.unfinished.extend(total.map(UnfinishedDecl::Indicator));
        return None;
    };
    let histogram = Some(latency.instead("native"));
    Some(SliFamilyDecl::Latency { latency, under, histogram, bad_when: None })
}
