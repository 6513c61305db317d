//! The ratio of five minutes, looked at every five minutes of the clock: what periods without events are the mean of.

use rust_decimal::Decimal;

use super::digits::significant;

/// How far looks are apart, in milliseconds.
const STEP: i64 = 300_000;

/// Looks at a ratio; those before the simulation found the same.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    /// The moment of the first look that is recorded, on the clock.
    first: i64,
    /// Sum and number of what was found up to each look.
    sums: Vec<(Decimal, u32)>,
    /// What was found before.
    before: Option<Decimal>,
    /// Since when.
    begin: i64,
}

impl Looks {
    /// No looks yet: `start` is the clock's time at the beginning of the simulation, in milliseconds.
    pub(super) fn new(start: i64, before: Option<Decimal>, begin: i64) -> Self {
        Self { first: next(start, STEP), sums: Vec::new(), before, begin }
    }

    /// Takes in a ratio that is there from one moment until the next evaluation.
    pub(super) fn add(&mut self, from: i64, until: i64, ratio: Option<Decimal>) {
        let count = i64::try_from(self.sums.len()).unwrap_or(i64::MAX / STEP);
        let mut look = self.first + count * STEP;
        while look < until {
            let (sum, count) = self.sums.last().copied().unwrap_or_default();
            let found = ratio.filter(|_| look >= from);
            self.sums.push((sum + found.unwrap_or_default(), count + u32::from(found.is_some())));
            look += STEP;
        }
    }

    /// The mean of looks after a moment, up to another, so far apart; `None` if nothing was found.
    pub(super) fn mean(&self, after: i64, until: i64, apart: i64) -> Option<Decimal> {
        let apart = apart.max(STEP) / STEP * STEP;
        let (mut sum, mut count) = (Decimal::ZERO, 0_u32);
        if let Some(before) = self.before {
            let from = next(after.max(self.begin) + 1, apart);
            let looks = (until.min(self.first - 1) - from).div_euclid(apart) + 1;
            count = u32::try_from(looks).unwrap_or(0);
            sum = before * Decimal::from(count);
        }
        let mut look = next(after.max(self.first - 1) + 1, apart);
        if apart == STEP && look <= until {
            let (until, from) = (self.total(until), self.total(look - STEP));
            sum += until.0 - from.0;
            count += until.1 - from.1;
            look = i64::MAX;
        }
        while look <= until {
            let (here, earlier) = (self.total(look), self.total(look - STEP));
            sum += here.0 - earlier.0;
            count += here.1 - earlier.1;
            look += apart;
        }
        Some(significant(sum.checked_div(Decimal::from(count))?, 24))
    }

    /// Sum and number up to a moment.
    fn total(&self, at: i64) -> (Decimal, u32) {
        let index = (at - self.first).div_euclid(STEP);
        let last = self.sums.len().checked_sub(1).map_or(-1, |last| i64::try_from(last).unwrap_or(i64::MAX));
        let index = usize::try_from(index.min(last));
        index.ok().and_then(|index| self.sums.get(index)).copied().unwrap_or_default()
    }
}

/// The first multiple at or after a moment.
fn next(at: i64, step: i64) -> i64 {
    -(-at).div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_all_looks() {
        let mut looks = Looks::new(600_000, Some(Decimal::ZERO), 0);
        let ratio = |tenths: i64| Some(Decimal::new(tenths, 1));
        for (from, ratio) in [(600_000, ratio(2)), (900_000, None), (1_200_000, ratio(6)), (1_500_000, ratio(6))] {
            looks.add(from, from + 300_000, ratio);
        }
        assert_eq!(looks.mean(0, 1_500_000, STEP), Some(Decimal::new(35, 2)));
        assert_eq!(looks.mean(600_000, 1_500_000, STEP), ratio(6));
        assert_eq!(looks.mean(-600_000, 600_000, STEP), ratio(1));
        assert_eq!(looks.mean(600_000, 1_500_000, 3 * STEP), None);
        assert_eq!(looks.mean(0, 1_200_000, 2 * STEP), ratio(4));
    }
}
