//! Calendar periods: days, weeks, months, quarters and years, in a time zone with its clock changes.

use super::Duration;

/// A unit of the calendar, as a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarUnit {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// 28 to 31 days.
    Month,
    /// Three months, from January, April, July or October.
    Quarter,
    /// 365 or 366 days.
    Year,
}

impl CalendarUnit {
    /// Every unit, from short to long.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word in specs, and in the names of series.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The unit of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// The length that burn rates are computed with: 30d for a month, 90d for a quarter.
    #[must_use]
    pub const fn usual_length(self) -> Duration {
        Duration::from_days(match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        })
    }

    /// The greatest length, without clock changes.
    #[must_use]
    pub const fn longest(self) -> Duration {
        Duration::from_days(match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
        })
    }
}

/// A calendar period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What a period is.
    pub unit: CalendarUnit,
    /// Whose midnight it begins at.
    pub zone: Zone,
}

/// A time zone: an offset from UTC, and when it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The name in the IANA database, or `UTC`.
    pub name: String,
    /// The seconds that clocks are ahead of UTC before the first change.
    pub offset: i64,
    /// Clock changes, ascending.
    pub changes: Vec<ClockChange>,
}

/// A moment at which the clocks of a zone change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// Unix seconds.
    pub at: i64,
    /// The seconds that clocks are ahead of UTC from then on.
    pub offset: i64,
}

impl Zone {
    /// UTC, which never changes.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), offset: 0, changes: Vec::new() }
    }

    /// Whether its clocks always show UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.offset == 0 && self.changes.is_empty()
    }
}
