//! What the rules count as an event, for each family of SLIs.

use rust_decimal::Decimal;

use crate::model::{Across, Blocks, Duration, RatioPart, Severity, Sli, Slo};
use crate::promql::visit::selectors;

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// What counters count: as many as there is traffic.
    Events,
    /// A sample of each series, so often.
    SamplesOfEach(Duration),
    /// A sample of all series together, so often.
    SamplesOfAll(Duration),
    /// A slice of time of this length.
    Slices(Duration),
    /// A moment of this length, of which a part may fail.
    Moments(Duration),
    /// Nothing: there is a ratio alone.
    Nothing,
}

impl Counting {
    /// What the rules of an SLO count.
    #[must_use]
    pub fn of(slo: &Slo) -> Self {
        if let Some(slices) = &slo.slices {
            return Self::Slices(slices.length);
        }
        Self::of_sli(slo)
    }

    /// What is counted within slices, if the budget counts these, and what the rules count otherwise.
    #[must_use]
    pub fn of_sli(slo: &Slo) -> Self {
        match &slo.sli {
            Sli::Ratio(_) | Sli::Latency(_) | Sli::NativeLatency(_) => Self::Events,
            Sli::Up { across: Across::Average, .. } => Self::SamplesOfEach(slo.blocks.scrape()),
            Sli::Up { across: Across::Any | Across::All | Across::Quorum, .. } => {
                Self::SamplesOfAll(slo.blocks.scrape())
            }
            Sli::Value(_) => Self::SamplesOfEach(slo.blocks.fast()),
            Sli::ErrorRatio(_) => Self::Nothing,
            Sli::Composite(_) => Self::Moments(slo.blocks.fast()),
        }
    }

    /// Events per second, where they follow from the number of series.
    #[must_use]
    pub fn sampled_rate(self, series: u64) -> Option<Decimal> {
        let (samples, every) = match self {
            Self::Events | Self::Nothing => return None,
            Self::SamplesOfEach(every) => (series, every),
            Self::SamplesOfAll(every) | Self::Slices(every) | Self::Moments(every) => (1, every),
        };
        Decimal::from(samples).checked_mul(Decimal::ONE_THOUSAND)?.checked_div(Decimal::from(every.millis()))
    }

    /// Whether events are recorded in blocks, which coverage and `min_errors` need.
    #[must_use]
    pub fn has_blocks(self) -> bool {
        self != Self::Nothing
    }
}

/// How many selectors of raw series an error ratio is made of.
pub(super) fn raw_selectors(sli: &Sli) -> usize {
    match sli {
        Sli::Ratio(ratio) => {
            let part = match &ratio.part {
                RatioPart::Bad(part) | RatioPart::Good(part) => part,
            };
            selectors(&ratio.total).len() + selectors(part).len()
        }
        Sli::Latency(latency) => 2 + usize::from(latency.bad.is_some()),
        Sli::NativeLatency(latency) => 1 + usize::from(latency.bad.is_some()),
        Sli::Up { .. } => 1,
        Sli::Value(value) => selectors(&value.expr).len(),
        Sli::ErrorRatio(ratio) => selectors(ratio).len(),
        Sli::Composite(_) => 0,
    }
}

/// The evaluation interval of the alerts of a severity.
pub(super) fn interval(slo: &Slo, severity: Severity) -> Duration {
    match severity {
        Severity::Page => slo.blocks.fast(),
        Severity::Ticket => Blocks::SLOW,
    }
}
