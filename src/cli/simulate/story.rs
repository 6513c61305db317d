//! What happens in a simulation, from the command line.

use rust_decimal::Decimal;

use slosmith::forecast::{Counting, End, Flow, Scenario, Segment, Traffic};
use slosmith::model::{Duration, Objective, Slo};

use super::component::Failing;
use super::events::Events;
use crate::cli::args::{Failure, SimulateArguments};

/// 2026-01-15T12:00:00Z, within every calendar period.
const USUAL_START: i64 = 1_768_478_400;
/// Events per second if nothing is said.
const USUAL_EVENTS: i64 = 100;
/// What a simulation goes on for after the last incident, at least and at most.
const AFTER: (i64, i64) = (30 * 60_000, 24 * 3_600_000);
/// History that no window reaches beyond, in addition to the period.
const MARGIN: Duration = Duration::from_days(4);

/// An incident, in milliseconds from the beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incident {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) failure: Failure,
    /// The share of the events of one component, if it is one of a composite that fails.
    pub(super) of_component: Option<Decimal>,
}

/// Everything that happens.
#[derive(Debug)]
pub(super) struct Story {
    /// In the order of time; none with a file of counts.
    pub(super) incidents: Vec<Incident>,
    /// The counts of a file.
    pub(super) counts: Option<Events>,
    /// Events per second where no file tells; `None` if they are not counted.
    pub(super) events: Option<Decimal>,
    /// The share that fails at all other times.
    pub(super) background: Decimal,
    /// The clock's time at the beginning, in Unix seconds.
    pub(super) start: i64,
    /// Whether that was said.
    pub(super) has_clock: bool,
    /// The component that fails.
    pub(super) component: Option<String>,
}

impl Story {
    /// What the command line says.
    pub(super) fn new(
        slo: &Slo,
        arguments: &SimulateArguments,
        counts: Option<Events>,
        failing: Option<Failing<'_>>,
    ) -> Self {
        let background = arguments.background.unwrap_or_default();
        let begins = arguments.at.iter().copied().chain([Duration::from_millis(0)]);
        let lengths = arguments.lengths.iter().zip(begins);
        let incidents = arguments.error_rate.iter().zip(lengths).map(|(failure, (length, begin))| Incident {
            from: millis(begin),
            until: millis(begin) + millis(*length),
            failure: match (failing, failure) {
                (Some(failing), Failure::Share(share)) => Failure::Share(failing.share(*share, background)),
                (Some(_) | None, failure) => *failure,
            },
            of_component: match (failing, failure) {
                (Some(_), Failure::Share(share)) => Some(*share),
                (Some(_) | None, Failure::Share(_) | Failure::Gone) => None,
            },
        });
        let mut incidents: Vec<_> = incidents.collect();
        incidents.sort_by_key(|incident| incident.from);
        let counting = Counting::of_sli(slo);
        let counted =
            arguments.requests.or(counts.as_ref().map(|counts| counts.per_second)).unwrap_or(USUAL_EVENTS.into());
        let told = counts.as_ref().and_then(|counts| counts.start).or(arguments.start);
        Self {
            incidents,
            counts,
            events: match counting {
                Counting::Events => Some(counted),
                Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) | Counting::Slices(_) | Counting::Moments(_) => {
                    counting.sampled_rate(arguments.series.unwrap_or(1))
                }
                Counting::Nothing => None,
            },
            background,
            start: told.unwrap_or(USUAL_START),
            has_clock: told.is_some(),
            component: arguments.fail.clone(),
        }
    }

    /// Incidents at the same time.
    pub(super) fn problem(&self) -> Option<String> {
        let pairs = self.incidents.iter().zip(self.incidents.iter().skip(1));
        let overlap = pairs.into_iter().find(|(left, right)| right.from < left.until);
        overlap.map(|(left, right)| {
            let time = |millis: i64| Duration::from_millis(millis.unsigned_abs());
            format!("an incident until {} and one from {} on are at the same time", time(left.until), time(right.from))
        })
    }

    /// When the last incident ends.
    pub(super) fn last(&self) -> i64 {
        let incidents = self.incidents.iter().map(|incident| incident.until).max();
        incidents.or(self.counts.as_ref().map(|counts| counts.end)).unwrap_or(0)
    }

    /// What is computed.
    pub(super) fn scenario(&self, slo: &Slo, arguments: &SimulateArguments, objective: Objective) -> Scenario {
        // A ratio without events is one of a steady traffic.
        let events = self.events.unwrap_or(Decimal::ONE);
        let usual = Some(Flow { events, errors: events * self.background });
        let history = arguments.history.map_or(millis(slo.window) + millis(MARGIN), millis);
        let mut segments = vec![Segment { from: -history, flow: usual }];
        segments.extend(self.incidents.iter().map(|incident| Segment { from: incident.until, flow: usual }));
        // Of one that begins where another ends, the beginning counts.
        segments.extend(self.incidents.iter().map(|incident| match incident.failure {
            Failure::Share(share) => {
                Segment { from: incident.from, flow: Some(Flow { events, errors: events * share }) }
            }
            Failure::Gone => Segment { from: incident.from, flow: None },
        }));
        if let Some(counts) = &self.counts {
            let is_moments = matches!(Counting::of_sli(slo), Counting::Moments(_));
            segments.extend(counts.segments.iter().map(|segment| match segment.flow {
                Some(flow) if is_moments => Segment { flow: Some(moment(flow, events)), ..*segment },
                Some(_) | None => *segment,
            }));
            segments.push(Segment { from: counts.end, flow: usual });
        }
        let last = self.last();
        let end = match arguments.until {
            Some(until) => End::At(millis(until)),
            None => End::Quiet { after: last + AFTER.0.max(last / 4).min(AFTER.1), at_most: last + AFTER.1 },
        };
        let phases = (arguments.fast_phase, arguments.slow_phase);
        Scenario { objective, traffic: Traffic::new(segments), start: self.start, end, phases }
    }
}

/// Moments of a composite instead of events: each counts the same, whatever happens in it, and nothing if nothing does.
fn moment(flow: Flow, moments: Decimal) -> Flow {
    match flow.errors.checked_div(flow.events) {
        Some(share) => Flow { events: moments, errors: (moments * share).round_dp(18) },
        None => flow,
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.millis()).unwrap_or(i64::MAX / 4)
}
