//! The lints and their names.

/// A lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// `absent` of an aggregation, which has no labels.
    AbsentOfAggregation,
    /// An alert that fires whatever the values are.
    AlwaysFiring,
    /// A pairing in which a side that must be unique need not be.
    AmbiguousMatch,
    /// Anchors in a regular expression that is anchored anyway.
    AnchoredRegex,
    /// A sum or average of quantiles.
    AverageOfQuantiles,
    /// An average of ratios.
    AverageOfRatios,
    /// Matchers of one selector that no series can satisfy together.
    ContradictingMatchers,
    /// A counter that is compared with a limit.
    CounterWithoutRate,
    /// A change of a counter that does not know restarts.
    DeltaOfCounter,
    /// A numerator that leaves out a matcher of its denominator.
    DriftingNumerator,
    /// Equality with an extrapolated value.
    EqualToRate,
    /// A rule that looks into the future.
    FutureOffset,
    /// A regular expression that is written like a file name pattern.
    GlobRegex,
    /// An operation of something with itself.
    IdenticalOperands,
    /// A comparison that no value can satisfy.
    ImpossibleComparison,
    /// A regular expression that accepts nothing.
    ImpossibleRegex,
    /// `irate` or `idelta` in an alert.
    IrateInAlert,
    /// A label that is asked for although it was aggregated away.
    LostLabel,
    /// A matcher that accepts every series.
    MatchAllRegex,
    /// An operation whose two sides are grouped by different labels.
    MismatchedGrouping,
    /// A replacement that uses a group which is not there.
    MissingGroup,
    /// A comparison with NaN.
    NanComparison,
    /// An average over time of what is NaN without traffic.
    NanInAverage,
    /// `group_left` or `group_right` without need.
    NeedlessGroup,
    /// A regular expression that is a plain text.
    PlainRegex,
    /// A quantile over buckets without a rate.
    QuantileOfTotals,
    /// A quantile that is not between 0 and 1.
    QuantileOutOfRange,
    /// A quantile of buckets that have lost their label `le`.
    QuantileWithoutLe,
    /// The rate of something that looks like a gauge.
    RateOfGauge,
    /// The rate of a rate.
    RateOfRate,
    /// The rate of a sum of counters.
    RateOfSum,
    /// A matcher that another one implies.
    RedundantMatcher,
    /// A range that holds fewer than two scrapes.
    ShortRange,
    /// An age that no sample can have.
    StaleTimestamp,
    /// A sum over the buckets of a histogram.
    SummedBuckets,
    /// `topk` or `bottomk` in a rule.
    TopkInRule,
    /// A label with a value for each user or request, in a rule.
    UnboundedLabel,
    /// A host name as a regular expression.
    UnescapedDot,
    /// An `unless` that takes nothing away.
    UnlessWithoutEffect,
    /// An operation whose two sides never have the same labels.
    UnmatchedOperands,
}

impl Lint {
    /// All lints.
    pub const ALL: [Self; 40] = [
        Self::AbsentOfAggregation,
        Self::AlwaysFiring,
        Self::AmbiguousMatch,
        Self::AnchoredRegex,
        Self::AverageOfQuantiles,
        Self::AverageOfRatios,
        Self::ContradictingMatchers,
        Self::CounterWithoutRate,
        Self::DeltaOfCounter,
        Self::DriftingNumerator,
        Self::EqualToRate,
        Self::FutureOffset,
        Self::GlobRegex,
        Self::IdenticalOperands,
        Self::ImpossibleComparison,
        Self::ImpossibleRegex,
        Self::IrateInAlert,
        Self::LostLabel,
        Self::MatchAllRegex,
        Self::MismatchedGrouping,
        Self::MissingGroup,
        Self::NanComparison,
        Self::NanInAverage,
        Self::NeedlessGroup,
        Self::PlainRegex,
        Self::QuantileOfTotals,
        Self::QuantileOutOfRange,
        Self::QuantileWithoutLe,
        Self::RateOfGauge,
        Self::RateOfRate,
        Self::RateOfSum,
        Self::RedundantMatcher,
        Self::ShortRange,
        Self::StaleTimestamp,
        Self::SummedBuckets,
        Self::TopkInRule,
        Self::UnboundedLabel,
        Self::UnescapedDot,
        Self::UnlessWithoutEffect,
        Self::UnmatchedOperands,
    ];

    /// The word that names it.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::AbsentOfAggregation => "absent-of-aggregation",
            Self::AlwaysFiring => "always-firing",
            Self::AmbiguousMatch => "ambiguous-match",
            Self::AnchoredRegex => "anchored-regex",
            Self::AverageOfQuantiles => "average-of-quantiles",
            Self::AverageOfRatios => "average-of-ratios",
            Self::ContradictingMatchers => "contradicting-matchers",
            Self::CounterWithoutRate => "counter-without-rate",
            Self::DeltaOfCounter => "delta-of-counter",
            Self::DriftingNumerator => "drifting-numerator",
            Self::EqualToRate => "equal-to-rate",
            Self::FutureOffset => "future-offset",
            Self::GlobRegex => "glob-regex",
            Self::IdenticalOperands => "identical-operands",
            Self::ImpossibleComparison => "impossible-comparison",
            Self::ImpossibleRegex => "impossible-regex",
            Self::IrateInAlert => "irate-in-alert",
            Self::LostLabel => "lost-label",
            Self::MatchAllRegex => "match-all-regex",
            Self::MismatchedGrouping => "mismatched-grouping",
            Self::MissingGroup => "missing-group",
            Self::NanComparison => "nan-comparison",
            Self::NanInAverage => "nan-in-average",
            Self::NeedlessGroup => "needless-group",
            Self::PlainRegex => "plain-regex",
            Self::QuantileOfTotals => "quantile-of-totals",
            Self::QuantileOutOfRange => "quantile-out-of-range",
            Self::QuantileWithoutLe => "quantile-without-le",
            Self::RateOfGauge => "rate-of-gauge",
            Self::RateOfRate => "rate-of-rate",
            Self::RateOfSum => "rate-of-sum",
            Self::RedundantMatcher => "redundant-matcher",
            Self::ShortRange => "short-range",
            Self::StaleTimestamp => "stale-timestamp",
            Self::SummedBuckets => "summed-buckets",
            Self::TopkInRule => "topk-in-rule",
            Self::UnboundedLabel => "unbounded-label",
            Self::UnescapedDot => "unescaped-dot",
            Self::UnlessWithoutEffect => "unless-without-effect",
            Self::UnmatchedOperands => "unmatched-operands",
        }
    }
}
