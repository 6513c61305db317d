//! The lints and their names.

/// A lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// A counter that is compared with a limit.
    CounterWithoutRate,
    /// A regular expression that is a plain text.
    PlainRegex,
    /// A quantile of buckets that have lost their label `le`.
    QuantileWithoutLe,
    /// The rate of something that looks like a gauge.
    RateOfGauge,
    /// A range that holds fewer than two scrapes.
    ShortRange,
    /// An operation whose two sides never have the same labels.
    UnmatchedOperands,
}

impl Lint {
    /// All lints.
    pub const ALL: [Self; 6] = [
        Self::CounterWithoutRate,
        Self::PlainRegex,
        Self::QuantileWithoutLe,
        Self::RateOfGauge,
        Self::ShortRange,
        Self::UnmatchedOperands,
    ];

    /// The word that names it.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::CounterWithoutRate => "counter-without-rate",
            Self::PlainRegex => "plain-regex",
            Self::QuantileWithoutLe => "quantile-without-le",
            Self::RateOfGauge => "rate-of-gauge",
            Self::ShortRange => "short-range",
            Self::UnmatchedOperands => "unmatched-operands",
        }
    }
}
