//! Budgets by time slices: a slice is one event, good or bad as a whole.

use rust_decimal::Decimal;

use super::{Blocks, Duration, Objective};

/// A budget that counts slices of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slices {
    /// How long a slice is; also the interval of the rules that record it.
    pub length: Duration,
    /// What a slice without events is.
    pub missing: MissingSlice,
    /// The share of failed events that a good slice may have; the budget of the SLO, or of the group, if absent.
    pub allowed: Option<Decimal>,
}

/// What a slice without a single event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingSlice {
    /// A bad slice.
    Bad,
    /// A good slice.
    Good,
    /// No slice at all.
    Ignored,
}

impl MissingSlice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Bad, Self::Good, Self::Ignored];

    /// The word in specs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Good => "good",
            Self::Ignored => "ignore",
        }
    }

    /// The choice of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == word)
    }
}

impl Slices {
    /// The longest slice: what an instant selector looks back.
    pub const LONGEST: Duration = Duration::from_mins(5);

    /// The share of failed events that a good slice may have, by the target of its SLO or group; never zero, since differences of
    /// two counts are not exact.
    #[must_use]
    pub fn allowed(&self, target: Objective) -> Decimal {
        self.allowed.unwrap_or_else(|| target.budget()).max(Decimal::new(1, 9))
    }

    /// How many slices a period has.
    #[must_use]
    pub fn count(&self, period: Duration) -> u64 {
        Blocks::count(period, self.length)
    }
}
