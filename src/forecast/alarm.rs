//! What Prometheus makes of a condition: `for`, firing, `keep_firing_for`.

/// A time in which an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The first evaluation at which it does, in milliseconds.
    pub from: i64,
    /// The first one at which it no longer does; `None` if it fires at the end.
    pub until: Option<i64>,
}

/// An alert over time.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarm {
    wait: i64,
    keep: i64,
    active_since: Option<i64>,
    silent_since: Option<i64>,
    pub(super) spells: Vec<Spell>,
}

impl Alarm {
    /// An alert that fires after a condition held for so long, and goes on for so long after it.
    pub(super) fn new(wait: i64, keep: i64) -> Self {
        Self { wait, keep, ..Self::default() }
    }

    /// Whether it is firing.
    pub(super) fn is_firing(&self) -> bool {
        self.spells.last().is_some_and(|spell| spell.until.is_none())
    }

    /// Whether it is firing or waits to.
    pub(super) fn is_active(&self) -> bool {
        self.active_since.is_some() || self.is_firing()
    }

    /// Takes in an evaluation.
    pub(super) fn evaluate(&mut self, at: i64, holds: bool) {
        if holds {
            self.silent_since = None;
            let since = *self.active_since.get_or_insert(at);
            if !self.is_firing() && at - since >= self.wait {
                self.spells.push(Spell { from: at, until: None });
            }
            return;
        }
        if !self.is_firing() {
            self.active_since = None;
            return;
        }
        let since = *self.silent_since.get_or_insert(at);
        if at - since >= self.keep {
            self.active_since = None;
            self.silent_since = None;
            if let Some(spell) = self.spells.last_mut() {
                spell.until = Some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_wait_and_stay() {
        let run = |wait, keep, holds: &[i64]| {
            let mut alarm = Alarm::new(wait, keep);
            for at in 0..12 {
                alarm.evaluate(at, holds.contains(&at));
            }
            alarm.spells.iter().map(|spell| (spell.from, spell.until)).collect::<Vec<_>>()
        };
        assert_eq!(run(0, 0, &[2, 3, 7]), [(2, Some(4)), (7, Some(8))]);
        assert_eq!(run(0, 2, &[2, 3, 5]), [(2, Some(8))]);
        assert_eq!(run(2, 0, &[1, 2, 5, 6, 7, 8]), [(7, Some(9))]);
        assert_eq!(run(0, 5, &[9]), [(9, None)]);
    }
}
