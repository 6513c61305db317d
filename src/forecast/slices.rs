//! Slices of time on paper: each is an event at its end, good or bad as a whole.

use rust_decimal::Decimal;

use super::traffic::{Count, Flow, Segment, Traffic};
use crate::model::{MissingSlice, Objective, Slices};

/// The slices of some traffic up to a moment, as traffic of their own: an event is what flows in the last millisecond of a slice.
pub(super) fn sliced(
    slices: &Slices,
    objective: Objective,
    traffic: &Traffic,
    (length, phase): (i64, i64),
    until: i64,
) -> Traffic {
    let nothing = Flow { events: Decimal::ZERO, errors: Decimal::ZERO };
    let begin = traffic.begin();
    let mut segments = vec![Segment { from: begin, flow: Some(nothing) }];
    let mut end = (begin - phase).div_euclid(length) * length + phase + length;
    while end <= until {
        let has_data = traffic.has_data(end - length, end);
        let count = traffic.between(end - length, end);
        let slice = slice(slices, objective, count, has_data);
        let flow = slice.map(|(events, errors)| Flow { events: thousand(events), errors: thousand(errors) });
        segments.push(Segment { from: end - 1, flow });
        segments.push(Segment { from: end, flow: slice.map(|_| nothing) });
        end += length;
    }
    Traffic::new(segments)
}

/// Whether there is a slice, and whether it is a bad one.
fn slice(slices: &Slices, objective: Objective, count: Count, has_data: bool) -> Option<(bool, bool)> {
    if count.events > Decimal::ZERO {
        return Some((true, count.errors > count.events * slices.allowed(objective)));
    }
    match slices.missing {
        MissingSlice::Ignored => has_data.then_some((false, false)),
        MissingSlice::Bad => Some((true, true)),
        MissingSlice::Good => Some((true, false)),
    }
}

/// One event in a millisecond, per second.
fn thousand(is_event: bool) -> Decimal {
    if is_event { Decimal::ONE_THOUSAND } else { Decimal::ZERO }
}
