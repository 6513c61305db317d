//! SLIs of OpenSLO: a ratio of counters, a stored ratio, or a value with a limit.

use super::metadata::{self, Metadata};
use super::metric::{Metric, metric};
use super::object::{Version, description, optional, optional_text, switch};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::Entry;
use crate::source::{Span, Text};

/// An SLI.
pub(super) struct Sli {
    /// Where it stands.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: Option<Text>,
    /// What is measured; `None` after a problem that is reported.
    pub(super) measured: Option<Measured>,
}

/// What is measured.
pub(super) enum Measured {
    /// A value, which the objective compares with a limit.
    Threshold(Box<Metric>),
    /// A part of all events.
    Ratio(Box<Ratio>),
    /// A ratio that is computed or stored already.
    Raw {
        /// What its numerator counts.
        share: Share,
        /// The ratio.
        metric: Box<Metric>,
    },
}

/// A part of all events.
pub(super) struct Ratio {
    /// What the part counts.
    pub(super) share: Share,
    /// The part.
    pub(super) part: Metric,
    /// All events.
    pub(super) total: Metric,
    /// Whether these are counters, as they are unless something else is said.
    pub(super) counters: bool,
}

/// Which events a part of all counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// Those that went well.
    Good,
    /// Those that failed.
    Bad,
}

/// Where an object is: here, or elsewhere under a name.
pub(super) enum Given<T> {
    /// Written out.
    Here(Box<T>),
    /// Referred to.
    Named(Text),
}

/// Reads an SLI by its spec.
pub(super) fn sli(reader: &mut Reader<'_>, fields: &mut Fields, version: Version, metadata: Metadata) -> Sli {
    description(reader, fields);
    let measured = measured(reader, fields, version);
    Sli { span: metadata.place(fields.head()), name: metadata.name, measured }
}

/// Reads an SLI within an SLO or objective: with metadata and spec, or nothing but its spec.
pub(super) fn inline(reader: &mut Reader<'_>, entry: Entry, version: Version) -> Option<Sli> {
    let mut fields = reader.mapping_of(entry, "an indicator")?;
    let is_bare = ["thresholdMetric", "ratioMetric"].iter().any(|key| fields.key_span(key).is_some());
    if is_bare || version == Version::V1Alpha {
        let metadata = Metadata { span: Some(fields.head()), ..Metadata::default() };
        let sli = sli(reader, &mut fields, version, metadata);
        reader.finish(&fields);
        return Some(sli);
    }
    let metadata = optional(&mut fields, "metadata").and_then(|entry| metadata::name_only(reader, entry));
    let spec = reader.required(&mut fields, "spec", "spec: {ratioMetric: {...}}");
    reader.finish(&fields);
    let mut spec = reader.mapping_of(spec?, "the spec of an SLI")?;
    let sli = sli(reader, &mut spec, version, metadata.unwrap_or_default());
    reader.finish(&spec);
    Some(sli)
}

fn measured(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<Measured> {
    let threshold = optional(fields, "thresholdMetric");
    let ratio = optional(fields, "ratioMetric");
    match (threshold, ratio) {
        (Some(threshold), Some(ratio)) => {
            let message = "`thresholdMetric` and `ratioMetric` in one SLI";
            let diagnostic = Diagnostic::new(Code::SliFamily, ratio.key.span, message)
                .secondary(threshold.key.span, "says already what is measured");
            reader.report(diagnostic.help("keep one of the two"));
            None
        }
        (Some(threshold), None) => metric(reader, threshold, version).map(Box::new).map(Measured::Threshold),
        (None, Some(entry)) => {
            let mut inner = reader.mapping_of(entry, "a ratio metric")?;
            let measured = ratio_metric(reader, &mut inner, version);
            reader.finish(&inner);
            measured
        }
        (None, None) => {
            if !["thresholdMetric", "ratioMetric"].iter().any(|key| fields.is_misspelt(key)) {
                let diagnostic = Diagnostic::new(Code::SliFamily, fields.head(), "an SLI that measures nothing");
                reader.report(diagnostic.help("add `ratioMetric` or `thresholdMetric`"));
            }
            None
        }
    }
}

/// `ratioMetric`, or `ratioMetrics` of an objective.
pub(super) fn ratio_metric(reader: &mut Reader<'_>, fields: &mut Fields, version: Version) -> Option<Measured> {
    let counter = switch(reader, fields, "counter").or_else(|| switch(reader, fields, "incremental"));
    let counters = counter.is_none_or(|(is_counter, _)| is_counter);
    let raw = optional(fields, "raw");
    let raw_type = optional_text(reader, fields, "rawType");
    let [good, bad, total] = ["good", "bad", "total"].map(|key| optional(fields, key));
    if let Some(raw) = raw {
        return self::raw(reader, fields, raw, raw_type.as_ref(), &[good, bad, total], version);
    }
    if let Some(raw_type) = raw_type {
        reader.no_effect(&[("rawType".to_owned(), raw_type.span)], "it goes with `raw`");
    }
    if let (Some(good), Some(bad)) = (&good, &bad) {
        let diagnostic = Diagnostic::new(Code::SliFamily, bad.key.span, "`good` and `bad` in one ratio")
            .secondary(good.key.span, "says already which events count");
        reader.report(diagnostic.help("keep one of the two"));
        return None;
    }
    let (share, part) = match (good, bad) {
        (Some(good), _) => (Share::Good, Some(good)),
        (None, bad) => (Share::Bad, bad),
    };
    if part.is_none() && !["good", "bad"].iter().any(|key| fields.is_misspelt(key)) {
        let diagnostic = Diagnostic::new(Code::SliFamily, fields.head(), "a ratio without `good` or `bad`");
        reader.report(diagnostic.help("say which of the events of `total` count"));
    }
    if total.is_none() {
        reader.missing(fields, "total", "total: {...}");
    }
    let part = part.and_then(|entry| metric(reader, entry, version));
    let total = total.and_then(|entry| metric(reader, entry, version));
    Some(Measured::Ratio(Box::new(Ratio { share, part: part?, total: total?, counters })))
}

fn raw(
    reader: &mut Reader<'_>,
    fields: &Fields,
    raw: Entry,
    raw_type: Option<&Text>,
    parts: &[Option<Entry>; 3],
    version: Version,
) -> Option<Measured> {
    if let Some(part) = parts.iter().flatten().next() {
        let message = format!("`raw` and `{}` in one ratio", part.key.value);
        let diagnostic =
            Diagnostic::new(Code::SliFamily, part.key.span, message).secondary(raw.key.span, "is the ratio already");
        reader.report(diagnostic.help("keep one of the two"));
    }
    let share = raw_type.and_then(|text| share(reader, text));
    if raw_type.is_none() {
        reader.missing(fields, "rawType", "rawType: success");
    }
    let metric = metric(reader, raw, version);
    parts.iter().all(Option::is_none).then_some(())?;
    Some(Measured::Raw { share: share?, metric: Box::new(metric?) })
}

fn share(reader: &mut Reader<'_>, text: &Text) -> Option<Share> {
    match text.value.as_str() {
        "success" => Some(Share::Good),
        "failure" => Some(Share::Bad),
        word => {
            let message = format!("expected `success` or `failure`, found `{word}`");
            let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
            reader.report(match suggest(word, ["success", "failure"]) {
                Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
                None => diagnostic.note("`success` is a ratio of good events, `failure` one of bad events"),
            });
            None
        }
    }
}
