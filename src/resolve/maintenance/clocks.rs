//! Where clocks change: what a time of day and a length on the clock get wrong, as a table.
//!
//! The rules compare what clocks show with the time of day at which maintenance starts. Where clocks change meanwhile, they show an
//! hour too much or too little.

use super::recurrence::Start;
use crate::model::{Interval, MAINTENANCE_STEP, Zone};

/// A recurrence by the clocks of a zone.
pub(super) struct Shown<'a> {
    pub(super) starts: &'a [Start],
    pub(super) seconds: i64,
    pub(super) zone: &'a Zone,
}

/// What the clocks miss, and what they have too much, ascending.
pub(super) fn corrections(shown: &Shown<'_>) -> (Vec<Interval>, Vec<Interval>) {
    let (mut missed, mut surplus) = (Vec::new(), Vec::new());
    let mut before = shown.zone.offset;
    for change in &shown.zone.changes {
        let reach = shown.seconds + MAINTENANCE_STEP + (change.offset - before).abs();
        let begin = shown.starts.partition_point(|start| start.moment < change.at - reach);
        let near: Vec<&Start> =
            shown.starts[begin..].iter().take_while(|start| start.moment <= change.at + reach).collect();
        let real: Vec<Interval> = near.iter().map(|start| ahead(start.moment, shown.seconds)).collect();
        let by_clock: Vec<Interval> = near
            .iter()
            .flat_map(|start| {
                let local = local_seconds(start);
                let old = ahead(local - before, shown.seconds).and(Interval { from: i64::MIN, to: change.at });
                let new = ahead(local - change.offset, shown.seconds).and(Interval { from: change.at, to: i64::MAX });
                old.into_iter().chain(new)
            })
            .collect();
        missed.extend(without(&real, &by_clock));
        surplus.extend(without(&by_clock, &real));
        before = change.offset;
    }
    (missed, surplus)
}

/// The samples that stand for it, each for the time until the next one.
fn ahead(from: i64, seconds: i64) -> Interval {
    Interval { from: from - MAINTENANCE_STEP, to: from + seconds }
}

/// What clocks show, as if it were UTC.
fn local_seconds(start: &Start) -> i64 {
    start.local.to_zoned(jiff::tz::TimeZone::UTC).map_or(start.moment, |zoned| zoned.timestamp().as_second())
}

/// What of the first is in none of the others.
fn without(all: &[Interval], others: &[Interval]) -> Vec<Interval> {
    let mut rest = all.to_vec();
    for other in others {
        rest = rest
            .iter()
            .flat_map(|one| {
                let left = one.and(Interval { from: i64::MIN, to: other.from });
                let right = one.and(Interval { from: other.to, to: i64::MAX });
                left.into_iter().chain(right)
            })
            .collect();
    }
    rest
}
