//! What is measured, one type per family.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::Composite;
use crate::promql::{BinaryOp, Expr};

/// A service level indicator. Its expressions are valid PromQL of the right type.
#[derive(Clone, Debug)]
pub enum Sli {
    /// Failed events among all events.
    Ratio(Ratio),
    /// Events slower than a bucket bound of a classic histogram.
    Latency(Latency),
    /// Events slower than a threshold in a native histogram.
    NativeLatency(NativeLatency),
    /// A gauge that is 1 when all is well; an event is a scrape.
    Up {
        /// The gauge: an instant vector selector.
        gauge: Expr,
        /// How several series become one answer.
        across: Across,
    },
    /// A gauge with a limit, looked at once per block.
    Value(Value),
    /// An error ratio from raw data: an expression over `$window` ranges.
    ErrorRatio(Expr),
    /// Several SLOs as one.
    Composite(Composite),
}

/// Events counted by counters.
#[derive(Clone, Debug)]
pub struct Ratio {
    /// All events.
    pub total: Expr,
    /// Which of them failed, or did not.
    pub part: RatioPart,
}

/// Which events count against the budget.
///
/// Every counter expression here is either an instant vector selector, to be wrapped in `sum(rate(...))`, or an expression over
/// `$window` ranges whose value is events per second.
#[derive(Clone, Debug)]
pub enum RatioPart {
    /// The failed ones; a series that does not exist means none.
    Bad(Expr),
    /// The good ones; a series that does not exist means none.
    Good(Expr),
}

/// Latency from a classic histogram.
#[derive(Clone, Debug)]
pub struct Latency {
    /// The `_count` series.
    pub count: Expr,
    /// The `_bucket` series at the threshold.
    pub bucket: Expr,
    /// The part of `bucket` that is bad however fast.
    pub bad: Option<Expr>,
    /// The threshold in seconds.
    pub under: Decimal,
}

/// Latency from a native histogram.
#[derive(Clone, Debug)]
pub struct NativeLatency {
    /// The histogram.
    pub histogram: Expr,
    /// The part of it that is bad however fast.
    pub bad: Option<Expr>,
    /// The threshold in seconds.
    pub under: Decimal,
}

/// How several gauges become one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// Each sample of each series is an event.
    Average,
    /// Up while any series is.
    Any,
    /// Up while all series are.
    All,
    /// Up while more than half of the series are.
    Quorum,
}

/// A gauge with a limit.
#[derive(Clone, Debug)]
pub struct Value {
    /// The gauge: an instant vector.
    pub expr: Expr,
    /// What makes a good value.
    pub good: Comparison,
}

/// A comparison with a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// One of the six comparison operators.
    pub op: BinaryOp,
    /// The number as written.
    pub limit: SmolStr,
}
