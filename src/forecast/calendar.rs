//! Where the calendar period of a moment begins and ends, by the arithmetic of the rules.

use crate::model::{Calendar, CalendarUnit, Zone};

const DAY: i64 = 86_400;

/// A calendar period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// When it began, in Unix seconds.
    pub(super) start: i64,
    /// When it ends.
    pub(super) end: i64,
}

impl Period {
    /// The period of a moment in Unix seconds.
    pub(super) fn of(calendar: &Calendar, at: i64) -> Self {
        let local = at + offset(&calendar.zone, at, Scale::Utc);
        let today = local.div_euclid(DAY);
        let (year, month, day) = date(today);
        let (first, days) = match calendar.unit {
            CalendarUnit::Day => (today, 1),
            // Day 0 was a Thursday; weeks begin on Monday.
            CalendarUnit::Week => (today - (today + 3).rem_euclid(7), 7),
            CalendarUnit::Month => (today - (day - 1), days_between(year, month, 1)),
            CalendarUnit::Quarter => {
                let month = (month - 1) / 3 * 3 + 1;
                (days_from(year, month), days_between(year, month, 3))
            }
            CalendarUnit::Year => (days_from(year, 1), days_between(year, 1, 12)),
        };
        let utc = |day: i64| day * DAY - offset(&calendar.zone, day * DAY, Scale::Local);
        Self { start: utc(first), end: utc(first + days) }
    }
}

/// When the calendar period of a moment began; both in Unix seconds.
#[must_use]
pub fn period_start(calendar: &Calendar, at: i64) -> i64 {
    Period::of(calendar, at).start
}

/// The days of so many months.
fn days_between(year: i64, month: i64, months: i64) -> i64 {
    let next = month + months;
    days_from(year + (next - 1) / 12, (next - 1) % 12 + 1) - days_from(year, month)
}

/// The day on which a month begins, counted from 1970-01-01.
fn days_from(year: i64, month: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 - 719_468
}

/// The year, month and day of the month of a day.
fn date(day: i64) -> (i64, i64, i64) {
    let mut year = 1970 + day.div_euclid(366);
    while days_from(year + 1, 1) <= day {
        year += 1;
    }
    let mut month = 12;
    while days_from(year, month) > day {
        month -= 1;
    }
    (year, month, day - days_from(year, month) + 1)
}

/// By which clock a moment is given.
#[derive(Clone, Copy)]
enum Scale {
    Utc,
    Local,
}

/// The seconds that clocks are ahead of UTC. A local time that is skipped belongs to the offset before the change, one that is there
/// twice to the first.
fn offset(zone: &Zone, at: i64, scale: Scale) -> i64 {
    let mut offset = zone.offset;
    for change in &zone.changes {
        let moment = match scale {
            Scale::Utc => change.at,
            Scale::Local => change.at + offset.max(change.offset),
        };
        if at < moment {
            break;
        }
        offset = change.offset;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClockChange;

    #[test]
    fn dates_come_and_go() {
        for (day, wanted) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_454, (2026, 1, 1)),
            (21_243, (2028, 2, 29)),
        ] {
            assert_eq!(date(day), wanted);
            assert_eq!(days_from(wanted.0, wanted.1) + wanted.2 - 1, day);
        }
    }

    #[test]
    fn periods_follow_the_clocks_of_their_zone() {
        // Clocks of Paris in spring 2026: from 02:00 to 03:00 on 29 March.
        let change = ClockChange { at: 1_774_746_000, offset: 7_200 };
        let paris = Zone { name: "Europe/Paris".to_owned(), offset: 3_600, changes: vec![change] };
        let of = |unit, at| Period::of(&Calendar { unit, zone: paris.clone() }, at);
        // 2026-03-31T21:59:00Z is the last minute of March; the month began at 2026-02-28T23:00:00Z.
        let march = of(CalendarUnit::Month, 1_774_994_340);
        assert_eq!((march.start, march.end), (1_772_319_600, 1_774_994_400));
        assert_eq!(of(CalendarUnit::Month, 1_774_994_400).start, 1_774_994_400);
        assert_eq!(of(CalendarUnit::Day, 1_774_818_000).start, 1_774_738_800);
        let leap = |unit, at| Period::of(&Calendar { unit, zone: Zone::utc() }, at);
        // 2028-03-31T23:00:00Z.
        let days = |unit| (leap(unit, 1_838_156_400).end - leap(unit, 1_838_156_400).start) / DAY;
        assert_eq!((days(CalendarUnit::Quarter), days(CalendarUnit::Year)), (91, 366));
        // 2026-03-29T23:00:00Z is a Sunday; its week began on the 23rd.
        assert_eq!(leap(CalendarUnit::Week, 1_774_825_200).start, 1_774_224_000);
    }
}
