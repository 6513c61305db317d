//! Several catalogues together, in the order of the project file.

use std::collections::BTreeSet;

use super::{Catalogue, Kind, Metric};

/// All catalogues of a project, by the file that each stands in; of two that know a metric, the first is believed.
#[derive(Clone, Debug, Default)]
pub struct Known {
    catalogues: Vec<(String, Catalogue)>,
    recorded: BTreeSet<String>,
}

/// A metric with where it is known from.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The metric's name, without the suffixes of its series.
    pub name: &'a str,
    /// What is known of it.
    pub metric: &'a Metric,
    /// The catalogue's file.
    pub file: &'a str,
    /// The labels that scraping adds; `None` if nobody said so.
    pub target_labels: Option<&'a BTreeSet<String>>,
}

/// Series that Prometheus makes itself.
const BUILT_IN: [&str; 9] = [
    "up",
    "ALERTS",
    "ALERTS_FOR_STATE",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_body_size_bytes",
    "scrape_sample_limit",
];

impl Known {
    /// Adds a catalogue.
    pub fn add(&mut self, file: &str, catalogue: Catalogue) {
        self.catalogues.push((file.to_owned(), catalogue));
    }

    /// Adds series that rules record: they exist, and whatever a catalogue says of the name is not said of them.
    pub fn record(&mut self, names: impl IntoIterator<Item = String>) {
        self.recorded.extend(names);
    }

    /// Whether a rule records the series, or Prometheus makes it, so that no catalogue has it.
    #[must_use]
    pub fn is_made(&self, series: &str) -> bool {
        self.recorded.contains(series) || is_built_in(series)
    }

    /// Whether there is no catalogue at all, so that nothing can be said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.catalogues.is_empty()
    }

    /// The metric of a series.
    #[must_use]
    pub fn find<'a>(&'a self, series: &'a str) -> Option<Found<'a>> {
        if self.recorded.contains(series) {
            return None;
        }
        self.catalogues.iter().find_map(|(file, catalogue)| {
            let (name, metric) = catalogue.find(series)?;
            Some(Found { name, metric, file, target_labels: catalogue.target_labels.as_ref() })
        })
    }

    /// The file whose list of a beginning of names is complete and holds this series, with that beginning.
    #[must_use]
    pub fn complete_for(&self, series: &str) -> Option<(&str, &str)> {
        self.catalogues.iter().find_map(|(file, catalogue)| {
            let prefix = catalogue.complete.iter().find(|prefix| series.starts_with(prefix.as_str()))?;
            Some((file.as_str(), prefix.as_str()))
        })
    }

    /// Every name that a series may have.
    pub fn series(&self) -> impl Iterator<Item = String> {
        self.catalogues.iter().flat_map(|(_, catalogue)| catalogue.series()).chain(self.recorded.iter().cloned())
    }

    /// Every name of a histogram.
    pub fn histograms(&self) -> impl Iterator<Item = &str> {
        let metrics = self.catalogues.iter().flat_map(|(_, catalogue)| &catalogue.metrics);
        metrics.filter(|(_, metric)| metric.kind == Kind::Histogram).map(|(name, _)| name.as_str())
    }
}

/// Whether a series comes from Prometheus itself or from a rule, so that no catalogue has it.
#[must_use]
pub fn is_built_in(series: &str) -> bool {
    series.contains(':') || series.starts_with("slo_") || BUILT_IN.contains(&series)
}
