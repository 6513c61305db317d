//! A metric catalogue, `metrics.yaml`.

use std::collections::BTreeSet;

use super::document::{self, Document};
use super::native::api_version;
use super::read::{Fields, Reader};
use super::yaml::{Entry, NodeKind};
use crate::catalogue::{Catalogue, HistogramKind, Kind, Metric, Remarks, Values};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::{FileId, Sources, Text};

/// Reads a catalogue; an empty file is an empty one.
#[must_use]
pub fn catalogue(sources: &Sources, file: FileId, sink: &mut Sink) -> Catalogue {
    let node = match document::read(sources, file, sink) {
        Document::Node(node) => node,
        Document::Broken | Document::Empty => return Catalogue::default(),
    };
    let mut reader = Reader::new(&sources.file(file).text, sink);
    let Some(mut fields) = reader.fields(node, "a metric catalogue") else {
        return Catalogue::default();
    };
    match fields.take("apiVersion").map(|entry| api_version(&mut reader, entry, &fields)) {
        Some(None) => return Catalogue::default(),
        Some(Some(())) => {}
        None => reader.missing_first(&fields, "apiVersion", "apiVersion: slosmith/v1"),
    }
    let target_labels = fields.key_span("target_labels").map(|_| set(reader.texts(&mut fields, "target_labels")));
    let complete = set(reader.texts(&mut fields, "complete"));
    let metrics = reader.entries(&mut fields, "metrics").into_iter();
    let metrics = metrics.filter_map(|entry| metric(&mut reader, entry)).collect();
    fields.take("target_labels");
    reader.finish(&fields);
    Catalogue { target_labels, complete, metrics }
}

fn set(texts: Vec<Text>) -> BTreeSet<String> {
    texts.into_iter().map(|text| text.value).collect()
}

fn metric(reader: &mut Reader<'_>, entry: Entry) -> Option<(String, Metric)> {
    let name = entry.key.value.clone();
    let mut fields = reader.mapping_of(entry, "a metric")?;
    let kinds = Kind::ALL.map(Kind::as_str);
    let kind = reader.text(&mut fields, "type").and_then(|text| word(reader, &text, Kind::parse, &kinds));
    let forms = ["classic", "native", "both"];
    let histogram =
        reader.text(&mut fields, "histogram").and_then(|text| word(reader, &text, HistogramKind::parse, &forms));
    let mut metric = Metric { kind: kind.unwrap_or_default(), histogram, ..Metric::default() };
    metric.unit = reader.text(&mut fields, "unit").map(|text| text.value);
    metric.help = reader.text(&mut fields, "help").map(|text| text.value);
    metric.labels =
        reader.entries(&mut fields, "labels").into_iter().filter_map(|entry| values(reader, entry)).collect();
    for text in reader.texts(&mut fields, "buckets") {
        bound(reader, &text, &mut metric);
    }
    reader.finish(&fields);
    Some((name, metric))
}

/// The value of a word, or a problem that lists the words.
fn word<T>(reader: &mut Reader<'_>, text: &Text, parse: fn(&str) -> Option<T>, words: &[&str]) -> Option<T> {
    let value = parse(&text.value);
    if value.is_none() {
        let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let message = format!("expected one of {}, found `{}`", listed.join(", "), text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        reader.report(match suggest(&text.value, words.iter().copied()) {
            Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
            None => diagnostic,
        });
    }
    value
}

/// `label: [values]`, or `label: {only: [values]}`.
fn values(reader: &mut Reader<'_>, entry: Entry) -> Option<(String, Values)> {
    let name = entry.key.value.clone();
    if let NodeKind::Mapping(_) = entry.value.kind {
        let mut fields: Fields = reader.mapping_of(entry, "the values of a label")?;
        let only = set(reader.texts(&mut fields, "only"));
        reader.finish(&fields);
        return Some((name, Values::Only(only)));
    }
    let items = reader.list_of(entry).into_iter().filter_map(|item| reader.scalar(item, "a value"));
    Some((name, Values::Seen(items.map(|text| text.value).collect())))
}

fn bound(reader: &mut Reader<'_>, text: &Text, metric: &mut Metric) {
    match text.value.parse::<f64>() {
        Ok(bound) if !bound.is_nan() => metric.add_bound(bound),
        Ok(_) | Err(_) => {
            let message = format!("expected the upper bound of a bucket, found `{}`", text.value);
            reader.report(Diagnostic::new(Code::BadNumber, text.span, message).help("write a number, as in `0.25`"));
        }
    }
}

/// The comments of a catalogue, for a new text of it: whole lines and ends of lines alike, by the metric they belong to.
#[must_use]
pub fn remarks(text: &str) -> Remarks {
    let mut remarks = Remarks::default();
    let mut pending: Vec<String> = Vec::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        let content = line.trim();
        if content.starts_with('#') {
            pending.push(content.to_owned());
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let key = content.split_once(':').map(|(key, _)| key.trim_matches(['"', '\'']));
        match (indent, key) {
            (_, _) if content.is_empty() => {}
            (0, _) => {
                current = None;
                remarks.header.append(&mut pending);
            }
            (2, Some(key)) => {
                current = Some(key.to_owned());
                let name = key.to_owned();
                if !pending.is_empty() {
                    remarks.metrics.entry(name).or_default().append(&mut pending);
                }
            }
            _ => {}
        }
        pending.extend(end_of_line(line).map(str::to_owned));
        keep(&mut remarks, current.as_deref(), &mut pending);
    }
    keep(&mut remarks, current.as_deref(), &mut pending);
    remarks
}

fn keep(remarks: &mut Remarks, metric: Option<&str>, pending: &mut Vec<String>) {
    if pending.is_empty() {
        return;
    }
    let lines = match metric {
        Some(name) => remarks.metrics.entry(name.to_owned()).or_default(),
        None => &mut remarks.header,
    };
    lines.append(pending);
}

/// The comment at the end of a line that holds something else as well.
fn end_of_line(line: &str) -> Option<&str> {
    line.match_indices(" #").find_map(|(at, _)| {
        let before = line[..at].replace("\\\"", "");
        let is_outside = |quote: char| before.matches(quote).count().is_multiple_of(2);
        (is_outside('"') && is_outside('\'')).then(|| line[at + 1..].trim_end())
    })
}
