//! Maintenance: time that does not count, planned beforehand or taken out afterwards.

use smol_str::SmolStr;

use super::{Name, Zone};
use crate::source::Span;

/// How often the rules look whether there is maintenance, in seconds. What they record stands for that long ahead.
pub const MAINTENANCE_STEP: i64 = 30;

/// Time of a service that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// Its entry.
    pub span: Span,
    /// Unique within the service; the label `maintenance`.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub time: MaintenanceTime,
    /// The SLOs that it is for; all of the service if absent.
    pub slos: Option<Vec<Name>>,
    /// What becomes of the service's cause alerts meanwhile.
    pub cause_alerts: CauseAlerts,
}

/// What becomes of cause alerts during maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseAlerts {
    /// They fire as ever.
    Heard,
    /// They are silent.
    Muted,
}

/// When maintenance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaintenanceTime {
    /// Once; blocks that are recorded already are taken out of long windows.
    Once(Interval),
    /// Again and again; blocks are not recorded meanwhile.
    Recurring(Box<Recurrence>),
}

/// A stretch of time in Unix seconds, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The first second.
    pub from: i64,
    /// The second after the last one; above `from`.
    pub to: i64,
}

impl Interval {
    /// Its seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.to - self.from
    }

    /// What both have in common.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from < both.to).then_some(both)
    }
}

/// Maintenance that comes back, by the clocks of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// The rule as written: `FREQ=WEEKLY;BYDAY=SU`.
    pub rule: SmolStr,
    /// The time of day at which each one starts, in seconds after midnight.
    pub time_of_day: i64,
    /// The seconds that each one lasts; a week at most, and never into the next one.
    pub seconds: i64,
    /// Whose clocks.
    pub zone: Zone,
    /// On which dates.
    pub dates: Dates,
    /// When the first one starts, in Unix seconds.
    pub first: i64,
    /// When the last one is over, if there is a last one.
    pub over: Option<i64>,
    /// How many there are in the year after the first one starts.
    pub in_a_year: i64,
    /// What dates and time of day alone miss where clocks change, as samples of the rules: a [`MAINTENANCE_STEP`] ahead.
    pub missed: Vec<Interval>,
    /// What dates and time of day alone have too much there.
    pub surplus: Vec<Interval>,
}

/// The dates of a recurrence: all conditions hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// What `every` counts.
    pub frequency: Frequency,
    /// Every how many days, weeks, months or years; 1 at least.
    pub every: u32,
    /// The date from which `every` counts, in days since 1970-01-01: for weeks their Monday.
    pub origin: i64,
    /// The year and month of the first date, from which months and years are counted.
    pub origin_month: (i64, i64),
    /// Months, 1 to 12; any if empty.
    pub months: Vec<i64>,
    /// Days of the month, from its end if negative; any if empty.
    pub month_days: Vec<i64>,
    /// Days of the week; any if empty.
    pub week_days: Vec<WeekDay>,
}

/// A frequency of a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// `DAILY`
    Daily,
    /// `WEEKLY`, from Monday.
    Weekly,
    /// `MONTHLY`
    Monthly,
    /// `YEARLY`
    Yearly,
}

/// A day of the week, or one of them within a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekDay {
    /// 0 is Sunday.
    pub day: i64,
    /// Which one in the month, from its end if negative; each of them if absent.
    pub nth: Option<i64>,
}

/// A date with all that conditions ask of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDate {
    /// Days since 1970-01-01.
    pub number: i64,
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// The days of its month.
    pub month_length: i64,
    /// 0 is Sunday.
    pub week_day: i64,
}

impl Dates {
    /// Whether a date is one of them.
    #[must_use]
    pub fn contain(&self, date: CivilDate) -> bool {
        let every = i64::from(self.every);
        let counted = match self.frequency {
            Frequency::Daily => (date.number - self.origin) % every == 0,
            Frequency::Weekly => (date.number - self.origin).div_euclid(7) % every == 0,
            Frequency::Monthly => {
                let (year, month) = self.origin_month;
                ((date.year - year) * 12 + date.month - month) % every == 0
            }
            Frequency::Yearly => (date.year - self.origin_month.0) % every == 0,
        };
        let from_end = date.day - date.month_length - 1;
        counted
            && (self.months.is_empty() || self.months.contains(&date.month))
            && (self.month_days.is_empty() || self.month_days.iter().any(|day| *day == date.day || *day == from_end))
            && (self.week_days.is_empty() || self.week_days.iter().any(|day| day.is(date)))
    }
}

impl WeekDay {
    fn is(self, date: CivilDate) -> bool {
        self.day == date.week_day
            && match self.nth {
                None => true,
                Some(nth) if nth > 0 => (date.day - 1) / 7 + 1 == nth,
                Some(nth) => (date.month_length - date.day) / 7 + 1 == -nth,
            }
    }
}
