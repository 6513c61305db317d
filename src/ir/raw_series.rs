//! Raw series that an SLI reads, made up from its selectors.

use smol_str::SmolStr;

/// A raw series, and what it shows of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawSeries {
    /// The series as PromQL writes it.
    pub series: String,
    /// What it shows.
    pub shape: RawShape,
}

/// What a raw series shows of good and of bad events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawShape {
    /// A counter of all events.
    All,
    /// A counter of good events.
    Good,
    /// A counter of bad events.
    Bad,
    /// A counter that does not move.
    Flat,
    /// A gauge: its values while all is well, and while it is not.
    Gauge(SmolStr, SmolStr),
}
