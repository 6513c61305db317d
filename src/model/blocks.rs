//! The lengths that follow from the scrape interval: blocks, ranges, counts.
//!
//! Increments are recorded in disjoint blocks on two levels, and every window is a sum over blocks; see docs/rules.md.

use super::Duration;

/// All lengths of one SLO's rules, from its scrape interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    scrape: Duration,
    fast: Duration,
}

impl Blocks {
    /// The shortest scrape interval.
    pub const MIN_SCRAPE: Duration = Duration::from_secs(5);
    /// The longest scrape interval.
    pub const MAX_SCRAPE: Duration = Duration::from_mins(5);
    /// A slow block: below the lookback of 5m, so that an instant selector always finds the last one.
    pub const SLOW: Duration = Duration::from_mins(4);
    /// How far back the catch-up after a gap reaches: eight slow blocks.
    pub const CATCH_UP: Duration = Duration::from_mins(32);

    /// The lengths for a scrape interval of 5s to 5m; `None` outside of that.
    #[must_use]
    pub fn new(scrape: Duration) -> Option<Self> {
        let scrapes = 30_000_u64.div_ceil(scrape.millis().max(1)).max(2);
        let fast = scrape.millis().saturating_mul(scrapes).min(Self::SLOW.millis());
        let is_possible = (Self::MIN_SCRAPE..=Self::MAX_SCRAPE).contains(&scrape);
        is_possible.then_some(Self { scrape, fast: Duration::from_millis(fast) })
    }

    /// The same with fast blocks of another length, as those that are slices of time.
    #[must_use]
    pub fn with_fast(self, fast: Duration) -> Self {
        Self { fast, ..self }
    }

    /// The scrape interval.
    #[must_use]
    pub fn scrape(self) -> Duration {
        self.scrape
    }

    /// A fast block: a multiple of the scrape interval of at least 30s and two scrapes, never above 4m, unless it was chosen.
    #[must_use]
    pub fn fast(self) -> Duration {
        self.fast
    }

    /// The range whose `rate` holds a fast block of increments.
    #[must_use]
    pub fn fast_range(self) -> Duration {
        self.range(self.fast())
    }

    /// The range whose `rate` holds a slow block of increments.
    #[must_use]
    pub fn slow_range(self) -> Duration {
        self.range(Self::SLOW)
    }

    /// The range whose `rate` holds the increments of the catch-up.
    #[must_use]
    pub fn catch_up_range(self) -> Duration {
        Duration::from_millis(Self::CATCH_UP.millis() + self.scrape.millis())
    }

    /// One scrape more than the block, since `rate` sees one interval less than it has samples; three scrapes at least.
    fn range(self, block: Duration) -> Duration {
        let scrape = self.scrape.millis();
        Duration::from_millis((block.millis() + scrape).max(3 * scrape))
    }

    /// The fewest fast blocks within two slow ones that mean no gap; one may not be committed yet.
    #[must_use]
    pub fn fast_blocks_without_gap(self) -> u64 {
        2 * Self::SLOW.millis() / self.fast().millis() - 1
    }

    /// How many blocks of a length make up a window.
    #[must_use]
    pub fn count(window: Duration, block: Duration) -> u64 {
        window.millis().div_ceil(block.millis())
    }

    /// The range over recorded blocks of the own group that holds exactly the blocks of a window, closed or half-open.
    #[must_use]
    pub fn range_over(window: Duration, block: Duration) -> Duration {
        Duration::from_millis(Self::count(window, block) * block.millis() - block.millis() / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scrape interval, block, fast range, 5m range and count, 6h range, catch-up range, count without gap.
    const TABLE: [[&str; 8]; 12] = [
        ["5s", "30s", "35s", "4m45s", "10", "5h59m45s", "32m5s", "15"],
        ["7s", "35s", "42s", "4m57s500ms", "9", "6h12s500ms", "32m7s", "12"],
        ["10s", "30s", "40s", "4m45s", "10", "5h59m45s", "32m10s", "15"],
        ["15s", "30s", "45s", "4m45s", "10", "5h59m45s", "32m15s", "15"],
        ["20s", "40s", "1m", "5m", "8", "5h59m40s", "32m20s", "11"],
        ["30s", "1m", "1m30s", "4m30s", "5", "5h59m30s", "32m30s", "7"],
        ["45s", "1m30s", "2m15s", "5m15s", "4", "5h59m15s", "32m45s", "4"],
        ["1m", "2m", "3m", "5m", "3", "5h59m", "33m", "3"],
        ["90s", "3m", "4m30s", "4m30s", "2", "5h58m30s", "33m30s", "1"],
        ["2m", "4m", "6m", "6m", "2", "5h58m", "34m", "1"],
        ["3m", "4m", "9m", "6m", "2", "5h58m", "35m", "1"],
        ["5m", "4m", "15m", "6m", "2", "5h58m", "37m", "1"],
    ];

    #[test]
    fn lengths_by_scrape_interval() {
        for [scrape, block, fast, five, count, six, catch_up, gap] in TABLE {
            let blocks = Blocks::new(Duration::parse(scrape).unwrap()).unwrap();
            let (five_minutes, six_hours) = (Duration::from_mins(5), Duration::from_hours(6));
            assert_eq!(blocks.fast().to_string(), block, "{scrape}");
            assert_eq!(blocks.fast_range().to_string(), fast, "{scrape}");
            assert_eq!(Blocks::range_over(five_minutes, blocks.fast()).to_string(), five, "{scrape}");
            assert_eq!(Blocks::count(five_minutes, blocks.fast()).to_string(), count, "{scrape}");
            assert_eq!(Blocks::range_over(six_hours, blocks.fast()).to_string(), six, "{scrape}");
            assert_eq!(blocks.catch_up_range().to_string(), catch_up, "{scrape}");
            assert_eq!(blocks.fast_blocks_without_gap().to_string(), gap, "{scrape}");
        }
    }
}
