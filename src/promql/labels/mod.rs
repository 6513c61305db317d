//! Which labels the series of an expression can, must and cannot carry, and what took a label away.
//!
//! Nothing is claimed that is not certain: where a variable, an unknown function or the data decide, a label is possible.
//!
//! ```
//! use slosmith::promql::{ParseOptions, labels, parse};
//!
//! let expr = parse(r#"sum by (job) (rate(http_requests_total{env="prod"}[5m]))"#, &ParseOptions::default()).unwrap();
//! let labels = labels::of(&expr);
//! assert!(labels.may_have("job") && !labels.must_have("job"));
//! assert!(!labels.may_have("env"));
//! assert_eq!(labels.removed("env").map(|removal| (removal.range.start, removal.range.end)), Some((4, 12)));
//! ```

mod binary;
mod call;
mod fixed;
mod selector;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::promql::name::METRIC_NAME;
use crate::promql::{Aggregate, Expr, ExprKind, GroupingKind, Matching, MatchingKind, TextRange, UnaryOp};

pub(crate) use fixed::differs;
pub use fixed::{are_apart, fixed, matchers};

/// What is known of the labels of all series that an expression can return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// What is known of single labels.
    listed: BTreeMap<SmolStr, Presence>,
    /// What is known of all others.
    others: Presence,
}

/// Whether series carry a label; an empty value counts as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// All do.
    Must,
    /// Some can.
    May,
    /// None does, for this reason.
    Cannot(Removal),
}

/// What took a label away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The part of the expression that did.
    pub range: TextRange,
    /// How.
    pub cause: Cause,
}

/// How a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An aggregation without `by` or `without` makes one series of all.
    Aggregated,
    /// It is not among the labels of `by (...)`.
    NotInBy,
    /// It is among the labels of `without (...)`.
    InWithout,
    /// It is not among the labels of `on (...)`, between one series and one.
    NotInOn,
    /// It is among the labels of `ignoring (...)`, between one series and one.
    InIgnoring,
    /// The selector asks for series without it.
    MatchedEmpty,
    /// A function or operator leaves it out: `le` of `histogram_quantile`, the metric name of most.
    Function,
    /// The value is a number, which has no labels.
    Scalar,
    /// `absent` knows only the labels its selector asks for by value.
    Absent,
    /// `label_replace` or `label_join` empties it.
    Emptied,
}

impl Cause {
    /// What happened, in words that fit behind the label's name.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Aggregated => "is lost here: the aggregation makes one series of all",
            Self::NotInBy => "is lost here: it is not in `by (...)`",
            Self::InWithout => "is lost here: it is in `without (...)`",
            Self::NotInOn => "is lost here: it is not in `on (...)`",
            Self::InIgnoring => "is lost here: it is in `ignoring (...)`",
            Self::MatchedEmpty => "is absent: the selector asks for series without it",
            Self::Function => "is lost here: the result leaves it out",
            Self::Scalar => "is absent: a number has no labels",
            Self::Absent => "is absent: only labels with `=` in the selector are known here",
            Self::Emptied => "is lost here: it is set to nothing",
        }
    }
}

impl Labels {
    /// Whether any series of the expression can carry the label.
    #[must_use]
    pub fn may_have(&self, label: &str) -> bool {
        !matches!(self.get(label), Presence::Cannot(_))
    }

    /// Whether every series of the expression carries the label.
    #[must_use]
    pub fn must_have(&self, label: &str) -> bool {
        matches!(self.get(label), Presence::Must)
    }

    /// What took the label away, if no series can carry it.
    #[must_use]
    pub fn removed(&self, label: &str) -> Option<Removal> {
        match self.get(label) {
            Presence::Cannot(removal) => Some(removal),
            Presence::Must | Presence::May => None,
        }
    }

    /// The labels that every series carries, sorted.
    pub fn certain(&self) -> impl Iterator<Item = &SmolStr> {
        self.listed.iter().filter(|(_, presence)| **presence == Presence::Must).map(|(label, _)| label)
    }

    /// The labels that no series carries although they are named or were there, each with what took it away, sorted.
    pub fn lost(&self) -> impl Iterator<Item = (&SmolStr, Removal)> {
        self.listed.iter().filter_map(|(label, presence)| match presence {
            Presence::Cannot(removal) => Some((label, *removal)),
            Presence::Must | Presence::May => None,
        })
    }

    /// Labels that some series can carry and others not, as far as they are named, sorted.
    pub fn uncertain(&self) -> impl Iterator<Item = &SmolStr> {
        self.listed.iter().filter(|(_, presence)| **presence == Presence::May).map(|(label, _)| label)
    }

    /// All labels that any series can carry, sorted; nothing if the expression does not bound them.
    #[must_use]
    pub fn possible(&self) -> Option<Vec<SmolStr>> {
        match self.others {
            Presence::Must | Presence::May => None,
            Presence::Cannot(_) => Some(self.listed.keys().filter(|label| self.may_have(label)).cloned().collect()),
        }
    }

    fn all(others: Presence) -> Self {
        Self { listed: BTreeMap::new(), others }
    }

    /// No labels, for one reason.
    fn none(range: TextRange, cause: Cause) -> Self {
        Self::all(Presence::Cannot(Removal { range, cause }))
    }

    fn get(&self, label: &str) -> Presence {
        self.listed.get(label).copied().unwrap_or(self.others)
    }

    fn set(&mut self, label: impl Into<SmolStr>, presence: Presence) {
        self.listed.insert(label.into(), presence);
    }

    /// Takes a label away, unless it is away already.
    fn remove(&mut self, label: &str, range: TextRange, cause: Cause) {
        if self.may_have(label) {
            self.set(label, Presence::Cannot(Removal { range, cause }));
        }
    }

    /// Takes the metric name away.
    fn remove_name(&mut self, range: TextRange) {
        self.remove(METRIC_NAME, range, Cause::Function);
    }

    /// Both merged label by label.
    fn merge(&self, other: &Self, merge: impl Fn(Presence, Presence) -> Presence) -> Self {
        let labels = self.listed.keys().chain(other.listed.keys());
        Self {
            listed: labels.map(|label| (label.clone(), merge(self.get(label), other.get(label)))).collect(),
            others: merge(self.others, other.others),
        }
    }
}

impl Presence {
    /// Of series that come from either side.
    fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::Must, Self::Must) => Self::Must,
            (Self::Cannot(removal), Self::Cannot(_)) => Self::Cannot(removal),
            (Self::Must | Self::May | Self::Cannot(_), Self::Must | Self::May | Self::Cannot(_)) => Self::May,
        }
    }

    /// Of series whose value is the same on both sides.
    fn same(self, other: Self) -> Self {
        match (self, other) {
            (Self::Cannot(removal), _) | (_, Self::Cannot(removal)) => Self::Cannot(removal),
            (Self::Must, _) | (_, Self::Must) => Self::Must,
            (Self::May, Self::May) => Self::May,
        }
    }
}

/// What is known of the labels of an expression's series.
#[must_use]
pub fn of(expr: &Expr) -> Labels {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => Labels::none(expr.range, Cause::Scalar),
        ExprKind::Variable(_) => Labels::all(Presence::May),
        ExprKind::Selector(selector) => selector::labels(selector),
        ExprKind::Matrix(matrix) => selector::labels(&matrix.selector),
        ExprKind::Subquery(subquery) => of(&subquery.expr),
        ExprKind::Call(call) => call::labels(call, expr.range),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate, expr.range),
        ExprKind::Binary(binary) => binary::labels(binary, expr.range),
        ExprKind::Unary(UnaryOp::Plus, inner) | ExprKind::Paren(inner) => of(inner),
        ExprKind::Unary(UnaryOp::Minus, inner) => {
            let mut labels = of(inner);
            labels.remove_name(expr.range);
            labels
        }
    }
}

/// Whether a label takes part in the pairing of two sides.
#[must_use]
pub fn is_compared(label: &str, matching: Option<&Matching>) -> bool {
    let Some(matching) = matching else {
        return label != METRIC_NAME;
    };
    let listed = matching.labels.iter().any(|listed| listed.value == label);
    match matching.kind {
        MatchingKind::On => listed,
        MatchingKind::Ignoring => !listed && label != METRIC_NAME,
    }
}

fn of_aggregate(aggregate: &Aggregate, range: TextRange) -> Labels {
    let inner = of(&aggregate.expr);
    if aggregate.op.value.keeps_series() {
        return inner;
    }
    let mut labels = match &aggregate.grouping {
        None => {
            let range = if aggregate.op.range.end > 0 { aggregate.op.range } else { range };
            keep(&inner, &[], range, Cause::Aggregated)
        }
        Some(grouping) => {
            let names: Vec<&str> = grouping.labels.iter().map(|label| label.value.as_str()).collect();
            match grouping.kind {
                GroupingKind::By => keep(&inner, &names, grouping.range, Cause::NotInBy),
                GroupingKind::Without => {
                    let mut labels = inner;
                    for name in names.iter().copied().chain([METRIC_NAME]) {
                        labels.remove(name, grouping.range, Cause::InWithout);
                    }
                    labels
                }
            }
        }
    };
    if let Some(Expr { kind: ExprKind::String(label), .. }) = &aggregate.param {
        labels.set(label.clone(), Presence::Must);
    }
    labels
}

/// Only these labels, the rest gone; what was gone before keeps its reason.
fn keep(inner: &Labels, names: &[&str], range: TextRange, cause: Cause) -> Labels {
    let gone = |presence: Presence| match presence {
        Presence::Cannot(removal) => Presence::Cannot(removal),
        Presence::Must | Presence::May => Presence::Cannot(Removal { range, cause }),
    };
    let mut labels = Labels {
        listed: inner.listed.iter().map(|(label, presence)| (label.clone(), gone(*presence))).collect(),
        others: gone(inner.others),
    };
    for name in names {
        if name.contains(['$', '[']) {
            return Labels::all(Presence::May);
        }
        labels.set(*name, inner.get(name));
    }
    labels
}
