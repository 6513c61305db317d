//! Incidents, and the traffic around them.

use rust_decimal::Decimal;

use crate::model::{Duration, decimal_text};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// What happens to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Incident {
    /// Everything fails.
    Outage,
    /// A few times what the budget allows, for a day.
    SlowBurn,
    /// Everything fails, but not for long.
    Blip,
    /// Hardly anybody is there, and two of them are unlucky.
    LowTraffic,
    /// Nothing can be scraped, while more fails than should.
    Gap,
}

/// The usual traffic, and what of it fails when nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Events per second.
    pub events: Decimal,
    /// The share that fails at all times.
    pub background: Decimal,
    /// One minus the target.
    pub budget: Decimal,
    /// Whether there may be fewer events than usual; there are as many samples of a gauge at all times.
    pub varies: bool,
}

/// An incident with the time before and after it, in milliseconds from its beginning.
#[derive(Clone, Debug)]
pub struct Scene {
    /// What happens.
    pub incident: Incident,
    /// When the data begins; negative.
    pub begin: i64,
    /// When the incident ends.
    pub until: i64,
    /// When the last evaluation is.
    pub end: i64,
    pub(super) phases: Vec<Phase>,
}

/// A time in which the same happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phase {
    pub(super) from: i64,
    pub(super) until: i64,
    /// Events per second.
    pub(super) events: Decimal,
    /// The share of them that fails.
    pub(super) share: Decimal,
    /// Whether they are scraped.
    pub(super) is_scraped: bool,
}

impl Incident {
    /// All incidents, in the order in which they are compared.
    pub const ALL: [Self; 5] = [Self::Outage, Self::SlowBurn, Self::Blip, Self::LowTraffic, Self::Gap];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::SlowBurn => "slow-burn",
            Self::Blip => "blip",
            Self::LowTraffic => "low-traffic",
            Self::Gap => "gap",
        }
    }

    /// How long it lasts, and for how long it is watched afterwards: until what looks back on it is silent again.
    fn times(self) -> (i64, i64) {
        match self {
            Self::Outage => (10 * MINUTE, 12 * HOUR),
            Self::SlowBurn => (24 * HOUR, 12 * HOUR),
            Self::Blip => (MINUTE / 2, 3 * HOUR),
            Self::LowTraffic => (6 * HOUR, 3 * HOUR),
            Self::Gap => (20 * MINUTE, 12 * HOUR),
        }
    }

    /// The share of events that fails.
    fn share(self, budget: Decimal) -> Decimal {
        let times = |factor: i64| (budget * Decimal::from(factor)).min(Decimal::ONE);
        match self {
            Self::Outage | Self::Blip | Self::LowTraffic => Decimal::ONE,
            Self::SlowBurn => times(5),
            Self::Gap => times(50),
        }
    }

    /// The events per second.
    fn events(self, traffic: Traffic) -> Decimal {
        let usual = traffic.events;
        match self {
            Self::LowTraffic => Decimal::ONE / Decimal::from(600),
            Self::Gap if !traffic.varies => Decimal::ZERO,
            Self::Outage | Self::SlowBurn | Self::Blip | Self::Gap => usual,
        }
    }

    /// Whether it can happen to such traffic.
    #[must_use]
    pub fn applies(self, traffic: Traffic) -> bool {
        self != Self::LowTraffic || traffic.varies
    }

    /// What happens, in a sentence without an end.
    #[must_use]
    pub fn describe(self, traffic: Traffic) -> String {
        let (lasts, _) = self.times();
        let lasts = Duration::from_millis(lasts.unsigned_abs());
        let share = format!("{}%", decimal_text((self.share(traffic.budget) * Decimal::ONE_HUNDRED).normalize()));
        match self {
            Self::Outage | Self::Blip => format!("everything fails for {lasts}"),
            Self::SlowBurn => format!("{share} fail for {lasts}"),
            Self::LowTraffic => format!("one event every 10m for {lasts}, two of which fail"),
            // What is not sampled is no event.
            Self::Gap if !traffic.varies => format!("no data for {lasts}"),
            Self::Gap => format!("no data for {lasts}, in which {share} fail"),
        }
    }

    /// The incident after so much time with the usual traffic.
    #[must_use]
    pub fn scene(self, traffic: Traffic, history: Duration) -> Scene {
        let (lasts, after) = self.times();
        let begin = -i64::try_from(history.millis()).unwrap_or(i64::MAX / 4);
        let end = lasts + after;
        let usual =
            |from, until| Phase { from, until, events: traffic.events, share: traffic.background, is_scraped: true };
        let within = |from, until, share| Phase {
            from,
            until,
            events: self.events(traffic),
            share,
            is_scraped: self != Self::Gap,
        };
        let share = self.share(traffic.budget);
        let during = match self {
            Self::LowTraffic => {
                // A failure after two hours, and one after four.
                let (one, other, step) = (2 * HOUR, 4 * HOUR, 10 * MINUTE);
                vec![
                    within(0, one, Decimal::ZERO),
                    within(one, one + step, share),
                    within(one + step, other, Decimal::ZERO),
                    within(other, other + step, share),
                    within(other + step, lasts, Decimal::ZERO),
                ]
            }
            Self::Outage | Self::SlowBurn | Self::Blip | Self::Gap => vec![within(0, lasts, share)],
        };
        // A second more than the last evaluation, so that every scrape before it has a phase.
        let phases = [usual(begin, 0)].into_iter().chain(during).chain([usual(lasts, end + 1_000)]).collect();
        Scene { incident: self, begin, until: lasts, end, phases }
    }
}
