//! A metric catalogue as YAML: sorted, one fact a line, so that a change is readable in a diff.

use std::fmt::Write as _;

use super::yaml::{is_plain_expression, push_scalar};
use crate::catalogue::{Catalogue, Kind, Metric, Remarks, Values};

/// The text of a catalogue, with the comments that stood in its file.
#[must_use]
pub fn metrics(catalogue: &Catalogue, remarks: &Remarks) -> String {
    let mut out = String::new();
    for line in &remarks.header {
        push_line(&mut out, 0, line);
    }
    out.push_str("apiVersion: slosmith/v1\n");
    if let Some(labels) = &catalogue.target_labels {
        push_list(&mut out, "target_labels", labels.iter());
    }
    if !catalogue.complete.is_empty() {
        push_list(&mut out, "complete", catalogue.complete.iter());
    }
    out.push_str(if catalogue.metrics.is_empty() { "metrics: {}\n" } else { "metrics:\n" });
    for (name, metric) in &catalogue.metrics {
        for line in remarks.metrics.get(name).into_iter().flatten() {
            push_line(&mut out, 2, line);
        }
        push_metric(&mut out, name, metric);
    }
    out
}

fn push_line(out: &mut String, indent: usize, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:indent$}{line}", "");
}

fn push_metric(out: &mut String, name: &str, metric: &Metric) {
    out.push_str("  ");
    push_scalar(out, name);
    out.push_str(":\n");
    if metric.kind != Kind::Unknown || metric.help.is_none() {
        push_pair(out, "    type: ", metric.kind.as_str());
    }
    if let Some(kind) = metric.histogram {
        push_pair(out, "    histogram: ", kind.as_str());
    }
    if let Some(unit) = &metric.unit {
        push_pair(out, "    unit: ", unit);
    }
    if let Some(help) = &metric.help {
        out.push_str("    help: ");
        if is_plain_expression(help) {
            out.push_str(help);
        } else {
            push_scalar(out, help);
        }
        out.push('\n');
    }
    if !metric.labels.is_empty() {
        out.push_str("    labels:\n");
    }
    for (label, values) in &metric.labels {
        out.push_str("      ");
        push_scalar(out, label);
        match values {
            Values::Seen(values) => push_items(out, ": ", values.iter(), "\n"),
            Values::Only(values) => push_items(out, ": {only: ", values.iter(), "}\n"),
        }
    }
    if !metric.buckets.is_empty() {
        let bounds: Vec<String> = metric.buckets.iter().map(f64::to_string).collect();
        let _ = writeln!(out, "    buckets: [{}]", bounds.join(", "));
    }
}

fn push_pair(out: &mut String, key: &str, value: &str) {
    out.push_str(key);
    push_scalar(out, value);
    out.push('\n');
}

fn push_list<'a>(out: &mut String, key: &str, items: impl Iterator<Item = &'a String>) {
    out.push_str(key);
    push_items(out, ": ", items, "\n");
}

fn push_items<'a>(out: &mut String, before: &str, items: impl Iterator<Item = &'a String>, after: &str) {
    out.push_str(before);
    out.push('[');
    let mut separator = "";
    for item in items {
        out.push_str(separator);
        push_scalar(out, item);
        separator = ", ";
    }
    out.push(']');
    out.push_str(after);
}
