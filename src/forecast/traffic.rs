//! What happens over time on paper: so many events per second, so many of them failed, or no data at all.

use rust_decimal::Decimal;

use super::digits::significant;

/// Events per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// All of them.
    pub events: Decimal,
    /// The failed ones.
    pub errors: Decimal,
}

/// A time in which nothing changes: from this moment until the next segment, the last one for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// In milliseconds from the beginning of the simulation; negative for what was before it.
    pub from: i64,
    /// What happens; `None` while there are no series.
    pub flow: Option<Flow>,
}

/// Events and failed events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) events: Decimal,
    pub(super) errors: Decimal,
}

impl Count {
    fn minus(self, other: Self) -> Self {
        Self { events: self.events - other.events, errors: self.errors - other.errors }
    }

    /// Failed events over all events; `None` without any.
    pub(super) fn ratio(self) -> Option<Decimal> {
        if self.events <= Decimal::ZERO {
            return None;
        }
        // What a quotient that goes on and on lost must not look like more than a limit.
        Some(significant(self.errors.checked_div(self.events)?, 24))
    }
}

/// All segments, ascending, each with what was counted before it.
#[derive(Clone, Debug)]
pub struct Traffic {
    segments: Vec<(Segment, Count)>,
}

impl Traffic {
    /// The traffic of segments in any order; of two with the same beginning the later one counts.
    #[must_use]
    pub fn new(mut segments: Vec<Segment>) -> Self {
        segments.sort_by_key(|segment| segment.from);
        segments.reverse();
        segments.dedup_by_key(|segment| segment.from);
        segments.reverse();
        let mut counted: Vec<(Segment, Count)> = Vec::with_capacity(segments.len());
        for segment in segments {
            let before = counted.last().map_or(Count::default(), |(last, count)| added(*count, last, segment.from));
            counted.push((segment, before));
        }
        Self { segments: counted }
    }

    /// What was counted from the first moment to this one.
    fn until(&self, at: i64) -> Count {
        let index = self.segments.partition_point(|(segment, _)| segment.from <= at);
        match index.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some((segment, count)) => added(*count, segment, at),
            None => Count::default(),
        }
    }

    /// What is counted between two moments.
    pub(super) fn between(&self, from: i64, to: i64) -> Count {
        self.until(to).minus(self.until(from))
    }

    /// The times with data, from and until, ascending.
    pub(super) fn present(&self) -> Vec<(i64, i64)> {
        let mut times: Vec<(i64, i64)> = Vec::new();
        for (index, (segment, _)) in self.segments.iter().enumerate() {
            let end = self.segments.get(index + 1).map_or(i64::MAX / 4, |(next, _)| next.from);
            match times.last_mut() {
                Some((_, last)) if segment.flow.is_some() && *last == segment.from => *last = end,
                Some(_) | None => times.extend(segment.flow.map(|_| (segment.from, end))),
            }
        }
        times
    }

    /// Whether there are series at any time between two moments.
    pub(super) fn has_data(&self, from: i64, to: i64) -> bool {
        let first = self.segments.partition_point(|(segment, _)| segment.from <= from).saturating_sub(1);
        let within = self.segments.iter().skip(first).take_while(|(segment, _)| segment.from < to);
        within.into_iter().any(|(segment, _)| segment.flow.is_some())
    }

    /// The first moment.
    pub(super) fn begin(&self) -> i64 {
        self.segments.first().map_or(0, |(segment, _)| segment.from)
    }
}

fn added(count: Count, segment: &Segment, at: i64) -> Count {
    let Some(flow) = segment.flow else { return count };
    let seconds = Decimal::from(at - segment.from) / Decimal::ONE_THOUSAND;
    Count { events: count.events + flow.events * seconds, errors: count.errors + flow.errors * seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_over_segments() {
        let flow = |events: i64, errors: i64| Some(Flow { events: events.into(), errors: errors.into() });
        let segment = |from, flow| Segment { from, flow };
        let traffic = Traffic::new(vec![
            segment(10_000, None),
            segment(-5_000, flow(10, 0)),
            segment(0, flow(10, 0)),
            segment(0, flow(10, 5)),
            segment(12_000, flow(1, 1)),
        ]);
        let count = |events: i64, errors: i64| Count { events: events.into(), errors: errors.into() };
        assert_eq!(traffic.between(-9_000, 0), count(50, 0));
        assert_eq!(traffic.between(-1_000, 11_000), count(110, 50));
        assert_eq!(traffic.between(9_000, 14_000), count(12, 7));
        assert_eq!(traffic.present()[..1], [(-5_000, 10_000)]);
        assert_eq!(traffic.present()[1].0, 12_000);
        assert_eq!(count(110, 55).ratio(), Some(Decimal::new(5, 1)));
        assert_eq!(Count::default().ratio(), None);
    }
}
