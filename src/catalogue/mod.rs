//! What is known of metrics: their types, labels and bucket bounds; knows nothing of YAML, specs or files.

mod exporters;
mod exposition;
mod known;
mod merge;
mod metric;
mod server;

use std::collections::{BTreeMap, BTreeSet};

pub use exporters::{EXPORTERS, exporter, is_file};
pub use exposition::{Problem, exposition};
pub use known::{Found, Known, is_built_in};
pub use merge::merge;
pub use metric::{HistogramKind, Kind, Metric, Values};
pub use server::Answers;

/// The most values of a label that are kept as a sample.
pub const MAX_SAMPLE: usize = 10;

/// The longest value of a label, in bytes, that is kept in a sample.
pub const MAX_VALUE_BYTES: usize = 100;

/// Metrics by name; of a histogram or summary, the name without the suffixes of its series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// The labels that scraping adds to every series; `None` if nobody said so, then a label may be one of them.
    pub target_labels: Option<BTreeSet<String>>,
    /// Beginnings of names: every metric that begins so is in here.
    pub complete: BTreeSet<String>,
    /// What is known of each metric.
    pub metrics: BTreeMap<String, Metric>,
}

/// The comments of a catalogue's file, to be written again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Lines above everything else.
    pub header: Vec<String>,
    /// Lines above or within a metric, by its name.
    pub metrics: BTreeMap<String, Vec<String>>,
}

impl Catalogue {
    /// The metric that a series of this name belongs to, with the metric's name.
    #[must_use]
    pub fn find<'a>(&'a self, series: &'a str) -> Option<(&'a str, &'a Metric)> {
        if let Some(metric) = self.metrics.get(series) {
            return Some((series, metric));
        }
        let suffixes = ["_bucket", "_count", "_sum", "_gcount", "_gsum", "_created"];
        suffixes.iter().find_map(|suffix| {
            let (name, metric) = self.metrics.get_key_value(series.strip_suffix(suffix)?)?;
            metric.kind.has_series(suffix).then_some((name.as_str(), metric))
        })
    }

    /// Every name that a series may have.
    pub fn series(&self) -> impl Iterator<Item = String> {
        self.metrics
            .iter()
            .flat_map(|(name, metric)| metric.kind.suffixes().iter().map(move |suffix| format!("{name}{suffix}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_belong_to_their_metric() {
        let text = "# TYPE x histogram\nx_bucket{le=\"1\"} 0\n# TYPE y_total counter\ny_total 1\n";
        let catalogue = exposition(text).0;
        for (series, metric) in [
            ("x", Some("x")),
            ("x_bucket", Some("x")),
            ("x_sum", Some("x")),
            ("x_total", None),
            ("y_total", Some("y_total")),
            ("y_total_count", None),
        ] {
            assert_eq!(catalogue.find(series).map(|(name, _)| name), metric, "{series}");
        }
    }
}
