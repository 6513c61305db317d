//! What the slow group records of the period: its error ratio, and how much of it has history.

use rust_decimal::Decimal;

use super::calendar::Period;
use super::counting::Counting;
use super::digits::significant;
use super::grid::{Grid, millis};
use super::mean::Looks;
use super::traffic::Traffic;
use crate::lower::calendar_step;
use crate::model::{Blocks, Calendar, Slo};

/// The step at which the rules look for the beginning of history.
const ELAPSED_STEP: i64 = 3_600_000;

/// The period as the slow group sees it.
pub(super) struct PeriodNow<'a> {
    pub(super) slo: &'a Slo,
    pub(super) traffic: &'a Traffic,
    pub(super) slow: &'a Grid,
    pub(super) looks: &'a Looks,
    /// The clock's time at the beginning of the simulation, in Unix seconds.
    pub(super) start: i64,
}

impl PeriodNow<'_> {
    /// The error ratio of the period at a moment.
    pub(super) fn ratio(&self, at: i64) -> Option<Decimal> {
        let has_blocks = Counting::of(self.slo).has_blocks();
        let clock = self.clock(at);
        match &self.slo.calendar {
            None if has_blocks => {
                let range = millis(Blocks::range_over(self.slo.window, Blocks::SLOW));
                self.slow.sum(self.traffic, at, range)?.ratio()
            }
            None => self.looks.mean(clock - millis(self.slo.window), clock, 0),
            Some(calendar) => {
                let begin = Period::of(calendar, clock.div_euclid(1_000)).start * 1_000;
                if has_blocks { self.tiles(calendar, begin, at) } else { self.mean(calendar, begin, clock) }
            }
        }
    }

    /// The ratio of the blocks in all whole steps of a calendar period.
    fn tiles(&self, calendar: &Calendar, begin: i64, at: i64) -> Option<Decimal> {
        let step = millis(calendar_step(calendar));
        let first = -(-begin).div_euclid(step) * step;
        let last = self.clock(at).div_euclid(step) * step;
        let (from, until) = (self.slow.last(first - self.clock(0)), self.slow.last(last - self.clock(0)));
        if until <= from {
            return None;
        }
        self.slow.sum(self.traffic, until, until - from - self.slow.step / 2)?.ratio()
    }

    fn mean(&self, calendar: &Calendar, begin: i64, clock: i64) -> Option<Decimal> {
        let step = millis(calendar_step(calendar)).max(300_000);
        self.looks.mean(begin + step - 1, clock, step)
    }

    /// The share of the period that has history.
    pub(super) fn elapsed(&self, at: i64) -> Option<Decimal> {
        let clock = self.clock(at);
        let first = self.slow.first_present().filter(|first| *first <= at)?;
        if let Some(calendar) = &self.slo.calendar {
            let period = Period::of(calendar, clock.div_euclid(1_000));
            let step = millis(calendar_step(calendar));
            let look = self.first_look((period.start * 1_000 + step).max(self.clock(first)), clock, step)?;
            let age = Decimal::from(clock + step - look);
            return Some(significant(age.checked_div(Decimal::from((period.end - period.start) * 1_000))?, 24));
        }
        let period = millis(self.slo.window);
        let look = self.first_look((clock - period).max(self.clock(first)), clock, ELAPSED_STEP);
        // What the rules find is the moment of the look, not of the sample.
        let age = Decimal::from(clock + ELAPSED_STEP - look.unwrap_or(clock));
        Some(significant(age.checked_div(Decimal::from(period))?, 24).min(Decimal::ONE))
    }

    /// The first multiple of a step between two moments of the clock at which there is a block.
    fn first_look(&self, from: i64, until: i64, step: i64) -> Option<i64> {
        let mut look = -(-from).div_euclid(step) * step;
        while look <= until {
            if self.slow.is_present(self.slow.last(look - self.clock(0))) {
                return Some(look);
            }
            look += step;
        }
        None
    }

    /// The clock's time in milliseconds.
    fn clock(&self, at: i64) -> i64 {
        self.start * 1_000 + at
    }
}
