//! One metric: its type, labels and bucket bounds.

use std::collections::{BTreeMap, BTreeSet};

use super::{MAX_SAMPLE, MAX_VALUE_BYTES};

/// What is known of a metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metric {
    /// Its type.
    pub kind: Kind,
    /// How its buckets are stored; `None` if unknown, as after reading an exposition.
    pub histogram: Option<HistogramKind>,
    /// The unit, as `OpenMetrics` names it.
    pub unit: Option<String>,
    /// What it tells.
    pub help: Option<String>,
    /// The labels of its own, without `le` of buckets and `quantile` of summaries.
    pub labels: BTreeMap<String, Values>,
    /// The upper bounds of its buckets, ascending, without infinity.
    pub buckets: Vec<f64>,
}

/// The type of a metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Only grows, but for restarts.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations counted in buckets.
    Histogram,
    /// Buckets whose counts go up and down.
    GaugeHistogram,
    /// Quantiles computed by the process itself.
    Summary,
    /// Facts as labels of a constant.
    Info,
    /// One series for each state, 1 for those that apply.
    StateSet,
    /// Nobody said.
    #[default]
    Unknown,
}

/// How the buckets of a histogram are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HistogramKind {
    /// One series for each bucket.
    Classic,
    /// All buckets in one series.
    Native,
    /// Both at once, or one here and the other there.
    Both,
}

/// Values of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Some that were seen; there may be others.
    Seen(BTreeSet<String>),
    /// All that can be.
    Only(BTreeSet<String>),
}

impl Kind {
    /// Every type.
    pub const ALL: [Self; 8] = [
        Self::Counter,
        Self::Gauge,
        Self::Histogram,
        Self::GaugeHistogram,
        Self::Summary,
        Self::Info,
        Self::StateSet,
        Self::Unknown,
    ];

    /// The word of the exposition format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::Unknown => "unknown",
        }
    }

    /// The type of a word of the exposition format.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        if word == "untyped" {
            return Some(Self::Unknown);
        }
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What the names of a metric's series end in.
    #[must_use]
    pub fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Histogram => &["", "_bucket", "_count", "_sum"],
            Self::GaugeHistogram => &["", "_bucket", "_gcount", "_gsum"],
            Self::Summary => &["", "_count", "_sum"],
            Self::Counter | Self::Gauge | Self::Info | Self::StateSet | Self::Unknown => &[""],
        }
    }

    /// Whether a metric has series of this suffix, the time of creation included.
    #[must_use]
    pub fn has_series(self, suffix: &str) -> bool {
        let is_created = suffix == "_created" && matches!(self, Self::Counter | Self::Histogram | Self::Summary);
        is_created || self.suffixes().contains(&suffix)
    }
}

impl HistogramKind {
    /// The word of the catalogue.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Native => "native",
            Self::Both => "both",
        }
    }

    /// The kind of a word of the catalogue.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Classic, Self::Native, Self::Both].into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Values {
    /// The values, in the order of the alphabet.
    #[must_use]
    pub fn set(&self) -> &BTreeSet<String> {
        match self {
            Self::Seen(values) | Self::Only(values) => values,
        }
    }

    /// Adds a value that was seen; a sample keeps the first ones of the alphabet.
    pub fn add(&mut self, value: &str) {
        match self {
            Self::Only(values) => {
                values.insert(value.to_owned());
            }
            Self::Seen(values) => {
                if value.is_empty() || value.len() > MAX_VALUE_BYTES || values.contains(value) {
                    return;
                }
                values.insert(value.to_owned());
                if values.len() > MAX_SAMPLE {
                    values.pop_last();
                }
            }
        }
    }
}

impl Metric {
    /// Adds a value of a label.
    pub fn add_label(&mut self, name: &str, value: &str) {
        if !self.labels.contains_key(name) {
            self.labels.insert(name.to_owned(), Values::Seen(BTreeSet::new()));
        }
        if let Some(values) = self.labels.get_mut(name) {
            values.add(value);
        }
    }

    /// Adds a bucket's upper bound; infinity is no bound.
    pub fn add_bound(&mut self, bound: f64) {
        // `0 +` makes of negative zero a zero.
        let bound = 0.0 + bound;
        if !bound.is_finite() {
            return;
        }
        if let Err(place) = self.buckets.binary_search_by(|known| known.total_cmp(&bound)) {
            self.buckets.insert(place, bound);
        }
    }
}
