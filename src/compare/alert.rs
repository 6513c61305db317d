//! When an alert is pending, fires and is resolved, evaluation by evaluation, as Prometheus's rule manager has it.

use std::collections::BTreeMap;

use super::Labels;
use crate::model::Duration;

/// A time in which an alert fires, in milliseconds from the beginning of the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// The evaluation that it fires at first.
    pub from: i64,
    /// The evaluation that resolves it; `None` if it fires at the end.
    pub until: Option<i64>,
}

/// The alerts of a rule, one for each set of labels that its expression gives.
#[derive(Clone, Debug)]
pub struct Courses {
    wait: i64,
    keep: i64,
    active: BTreeMap<Labels, Active>,
    spells: Vec<Spell>,
}

/// An alert that is pending or fires.
#[derive(Clone, Copy, Debug)]
struct Active {
    /// The evaluation that found it first.
    since: i64,
    /// The evaluation from which on it fires.
    fires: Option<i64>,
    /// The evaluation that missed it first, while it is kept.
    missed: Option<i64>,
}

impl Courses {
    /// No alert yet, of a rule with these times.
    #[must_use]
    pub fn new(wait: Duration, keep: Duration) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.millis()).unwrap_or(i64::MAX);
        Self { wait: millis(wait), keep: millis(keep), active: BTreeMap::new(), spells: Vec::new() }
    }

    /// An evaluation: which label sets the expression gives.
    pub fn evaluate(&mut self, at: i64, found: impl IntoIterator<Item = Labels>) {
        let mut missing = std::mem::take(&mut self.active);
        for labels in found {
            let known = missing.remove(&labels).unwrap_or(Active { since: at, fires: None, missed: None });
            let fires = known.fires.or((at - known.since >= self.wait).then_some(at));
            self.active.insert(labels, Active { fires, missed: None, ..known });
        }
        for (labels, alert) in missing {
            let Some(from) = alert.fires else { continue };
            let missed = alert.missed.unwrap_or(at);
            if at - missed < self.keep {
                self.active.insert(labels, Active { missed: Some(missed), ..alert });
            } else {
                self.spells.push(Spell { from, until: Some(at) });
            }
        }
    }

    /// All times in which any of the alerts fires, in their order; those that overlap or touch are one.
    #[must_use]
    pub fn spells(&self) -> Vec<Spell> {
        let firing = self.active.values().filter_map(|alert| Some(Spell { from: alert.fires?, until: None }));
        joined(self.spells.iter().copied().chain(firing).collect())
    }
}

/// Spells in their order; those that overlap or touch are one.
#[must_use]
pub fn joined(mut spells: Vec<Spell>) -> Vec<Spell> {
    spells.sort_unstable();
    let mut joined: Vec<Spell> = Vec::new();
    for spell in spells {
        match joined.last_mut() {
            Some(last) if last.until.is_none_or(|until| spell.from <= until) => {
                last.until = last.until.zip(spell.until).map(|(one, other)| one.max(other));
            }
            _ => joined.push(spell),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The spells of one alert whose condition holds in the given minutes of twenty.
    fn spells(wait: u64, keep: u64, holds: &[i64]) -> Vec<(i64, Option<i64>)> {
        let mut courses = Courses::new(Duration::from_mins(wait), Duration::from_mins(keep));
        for minute in 0..20 {
            courses.evaluate(minute * 60_000, holds.contains(&minute).then(Labels::new));
        }
        courses.spells().iter().map(|spell| (spell.from / 60_000, spell.until.map(|until| until / 60_000))).collect()
    }

    #[test]
    fn an_alert_waits_and_is_kept() {
        assert_eq!(spells(0, 0, &[]), []);
        assert_eq!(spells(0, 0, &[3, 4, 5]), [(3, Some(6))]);
        assert_eq!(spells(2, 0, &[3, 4, 5]), [(5, Some(6))]);
        assert_eq!(spells(3, 0, &[3, 4, 5]), []);
        // What is missing once begins to wait anew, unless it fires already and is kept.
        assert_eq!(spells(2, 0, &[3, 4, 6, 7, 8]), [(8, Some(9))]);
        assert_eq!(spells(0, 3, &[3, 4]), [(3, Some(8))]);
        assert_eq!(spells(0, 3, &[3, 4, 7, 8]), [(3, Some(12))]);
        assert_eq!(spells(0, 1, &[3]), [(3, Some(5))]);
        assert_eq!(spells(2, 5, &[3, 4]), []);
        assert_eq!(spells(0, 0, &[18, 19]), [(18, None)]);
        assert_eq!(spells(0, 4, &[17]), [(17, None)]);
        assert_eq!(spells(0, 0, &[1, 5]), [(1, Some(2)), (5, Some(6))]);
    }

    #[test]
    fn alerts_of_several_label_sets_are_one_course() {
        let labels = |value: &str| vec![("group".to_owned(), value.to_owned())];
        let mut courses = Courses::new(Duration::from_mins(0), Duration::from_mins(0));
        courses.evaluate(0, [labels("a")]);
        courses.evaluate(1, [labels("a"), labels("b")]);
        courses.evaluate(2, [labels("b")]);
        courses.evaluate(3, []);
        assert_eq!(courses.spells(), [Spell { from: 0, until: Some(3) }]);
    }
}
