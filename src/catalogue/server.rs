//! What the HTTP API of Prometheus answers, as a catalogue.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::exposition::{Family, Sample, metrics};
use super::{Catalogue, HistogramKind, Kind};

/// The answers of a server, put together one after the other.
#[derive(Default)]
pub struct Answers {
    families: BTreeMap<String, Family>,
    samples: Vec<Sample>,
    target_labels: BTreeSet<String>,
}

impl Answers {
    /// Adds the `data` of `/api/v1/metadata`.
    pub fn metadata(&mut self, data: &Value) {
        for (name, entries) in data.as_object().into_iter().flatten() {
            let Some(entry) = entries.get(0) else { continue };
            let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            let family = Family {
                kind: text("type").and_then(Kind::parse),
                help: text("help").map(|help| help.split_whitespace().collect::<Vec<_>>().join(" ")),
                unit: text("unit").map(str::to_owned),
            };
            self.families.insert(name.clone(), family);
        }
    }

    /// The name of the metric that a series of this name belongs to, as far as the metadata tells.
    #[must_use]
    pub fn metric_of<'a>(&self, series: &'a str) -> &'a str {
        let bases =
            ["_bucket", "_count", "_sum"].iter().filter_map(|suffix| Some((series.strip_suffix(suffix)?, suffix)));
        let known = |name: &str| self.families.get(name).and_then(|family| family.kind);
        let mut found = bases.filter(|(base, suffix)| known(base).is_some_and(|kind| kind.has_series(suffix)));
        found.next().map_or(series, |(base, _)| base)
    }

    /// Adds the `data` of `/api/v1/series` for the series `up`, which have the labels of the targets and no others.
    pub fn targets(&mut self, data: &Value) {
        let series = data.as_array().into_iter().flatten().filter_map(Value::as_object);
        self.target_labels.extend(series.flat_map(|labels| labels.keys().cloned()));
        self.target_labels.remove("__name__");
    }

    /// Adds the `data` of `/api/v1/series`; how many series that are.
    pub fn series(&mut self, data: &Value) -> usize {
        let before = self.samples.len();
        for labels in data.as_array().into_iter().flatten().filter_map(Value::as_object) {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let Some(name) = labels.get("__name__").map(text) else { continue };
            let own = labels.iter().filter(|(label, _)| *label != "__name__" && !self.target_labels.contains(*label));
            let labels = own.map(|(label, value)| (label.clone(), text(value))).collect();
            self.samples.push(Sample { name, labels });
        }
        self.samples.len() - before
    }

    /// The catalogue of the metrics that have series.
    #[must_use]
    pub fn catalogue(mut self) -> Catalogue {
        let seen: BTreeSet<String> = self.samples.iter().map(|sample| sample.name.clone()).collect();
        let has_series = |name: &String| {
            let suffixes = ["", "_bucket", "_count", "_sum", "_gcount", "_gsum", "_total", "_info"];
            suffixes.iter().any(|suffix| seen.contains(&format!("{name}{suffix}")))
        };
        self.families.retain(|name, _| has_series(name));
        let mut metrics = metrics(&self.families, &self.samples, false);
        for (name, metric) in metrics.iter_mut().filter(|(_, metric)| metric.kind == Kind::Histogram) {
            let is_classic = seen.contains(&format!("{name}_bucket"));
            metric.histogram = match (is_classic, seen.contains(name)) {
                (true, true) => Some(HistogramKind::Both),
                (true, false) => Some(HistogramKind::Classic),
                (false, true) => Some(HistogramKind::Native),
                (false, false) => None,
            };
        }
        let target_labels = Some(self.target_labels).filter(|labels| !labels.is_empty());
        Catalogue { target_labels, metrics, ..Catalogue::default() }
    }
}
