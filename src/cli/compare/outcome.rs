//! What came of a comparison.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use slosmith::compare::{RuleSet, Spell};

/// One of the two sets of rules.
pub(super) struct Side {
    /// As the command line names it.
    pub(super) name: String,
    /// The rules of the SLO.
    pub(super) rules: RuleSet,
    /// The expression of the period's error ratio, if it is known.
    pub(super) ratio: Option<String>,
}

/// All incidents in their order, with both sides.
pub(super) struct Comparison {
    /// The version of Prometheus.
    pub(super) version: String,
    /// What came of each incident.
    pub(super) played: Vec<[Played; 2]>,
}

/// What came of one incident with one side.
#[derive(Default)]
pub(super) struct Played {
    /// The alerts by name and severity, also those that never fired.
    pub(super) alerts: BTreeMap<(String, String), Vec<Spell>>,
    /// The period's error ratio at the end, as the rules have it.
    pub(super) ratio: Ratio,
    /// The same in truth.
    pub(super) truth: Option<Decimal>,
    /// What the rules cost.
    pub(super) cost: Cost,
    /// Rules that Prometheus could not evaluate, with its reasons.
    pub(super) failures: Vec<(String, String)>,
}

/// An error ratio as rules tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Ratio {
    /// No expression is known.
    #[default]
    Unknown,
    /// The expression gives nothing.
    Nothing,
    /// What it gives; the sum of all series has no meaning, so it is one.
    Value(f64),
}

/// What rules cost a Prometheus.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// How many rules there are.
    pub(super) rules: usize,
    /// Samples that one evaluation of each of them reads.
    pub(super) samples: f64,
    /// Samples that all evaluations of an hour read.
    pub(super) per_hour: f64,
}
