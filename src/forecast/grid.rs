//! Blocks on paper: which there are, and what windows over them hold.

use super::counting::Counting;
use super::traffic::{Count, Traffic};
use crate::model::{Blocks, Duration, Slo};

/// The blocks of one group: one at each evaluation.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// Milliseconds from one block to the next.
    pub(super) step: i64,
    /// The first evaluation that is not negative.
    pub(super) phase: i64,
    /// Evaluations from and until which there are blocks, ascending.
    present: Vec<(i64, i64)>,
}

impl Grid {
    /// The fast blocks of some traffic.
    pub(super) fn fast(slo: &Slo, traffic: &Traffic, step: i64, phase: i64) -> Self {
        let scrape = millis(slo.blocks.scrape());
        // A rate needs two scrapes, and sees the last two for the rest of its range. Samples of gauges are there at once.
        let (lead, lag) = match Counting::of(slo) {
            Counting::Events => (scrape, step - scrape),
            Counting::SamplesOfEach(every) if millis(every) == step => (0, -1),
            Counting::Slices(_) | Counting::Moments(_) => (1, -1),
            Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) => (0, step - scrape),
            Counting::Nothing => (scrape, -1),
        };
        Self::new(traffic, step, phase, (lead, lag))
    }

    /// The slow blocks of some traffic, which there are as long as the catch-up sees anything.
    pub(super) fn slow(slo: &Slo, traffic: &Traffic, step: i64, phase: i64) -> Self {
        let scrape = millis(slo.blocks.scrape());
        let lead = match Counting::of(slo) {
            Counting::Events | Counting::Nothing => scrape,
            Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Slices(_) | Counting::Moments(_) => 0,
        };
        Self::new(traffic, step, phase, (lead, millis(Blocks::CATCH_UP) - scrape))
    }

    fn new(traffic: &Traffic, step: i64, phase: i64, (lead, lag): (i64, i64)) -> Self {
        let mut present: Vec<(i64, i64)> = Vec::new();
        for (from, until) in traffic.present() {
            let (from, until) = (from + lead, until + lag);
            match present.last_mut() {
                Some((_, last)) if from <= *last => *last = until,
                Some(_) | None => present.push((from, until)),
            }
        }
        Self { step, phase: phase.rem_euclid(step), present }
    }

    /// The last evaluation at or before a moment.
    pub(super) fn last(&self, at: i64) -> i64 {
        (at - self.phase).div_euclid(self.step) * self.step + self.phase
    }

    /// Whether an evaluation yields a block.
    pub(super) fn is_present(&self, at: i64) -> bool {
        self.present.iter().any(|(from, until)| (*from..=*until).contains(&at))
    }

    /// The first block there ever is.
    pub(super) fn first_present(&self) -> Option<i64> {
        let (from, _) = self.present.first()?;
        Some(self.last(*from + self.step - 1))
    }

    /// How many evaluations a range holds that ends at a moment, its beginning included.
    fn evaluations(&self, at: i64, range: i64) -> i64 {
        let late = at - self.last(at);
        if range < late { 0 } else { (range - late) / self.step + 1 }
    }

    /// How many blocks a range holds that ends at a moment.
    pub(super) fn blocks(&self, at: i64, range: i64) -> i64 {
        let (last, count) = (self.last(at), self.evaluations(at, range));
        let within = |(from, until): &(i64, i64)| {
            let newest =
                (last - until).max(0).div_euclid(self.step) + i64::from((last - until).max(0) % self.step != 0);
            let oldest = (last - from).div_euclid(self.step).min(count - 1);
            (oldest - newest + 1).max(0)
        };
        self.present.iter().map(within).sum()
    }

    /// The sum of the blocks in a range that ends at a moment; `None` without any.
    pub(super) fn sum(&self, traffic: &Traffic, at: i64, range: i64) -> Option<Count> {
        if self.blocks(at, range) == 0 {
            return None;
        }
        let last = self.last(at);
        Some(traffic.between(last - self.evaluations(at, range) * self.step, last))
    }
}

/// Milliseconds with a sign.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.millis()).unwrap_or(i64::MAX / 4)
}
