//! Recorded blocks, given as samples: a few that hold something, zeros between them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::Scene;
use crate::ir::InputSeries;
use crate::lower::series::{ERRORS_FAST, ERRORS_SLOW, EVENTS_FAST, EVENTS_SLOW};
use crate::model::{Duration, decimal_text};
use crate::promql::{LabelValues, MatchOp, build, print_line};

/// Events and errors of some blocks, by their number from 0s on.
#[derive(Default)]
pub(super) struct Recorded {
    blocks: BTreeMap<u64, (Decimal, Decimal)>,
    /// Spans of blocks that are there, if only with zeros; ascending, the last block included.
    present: Vec<(u64, u64)>,
}

/// Which blocks are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Fast ones.
    Fast,
    /// Slow ones.
    Slow,
    /// The same as fast and as slow ones.
    Both,
}

impl Recorded {
    /// Adds events and errors to a block.
    pub(super) fn add(&mut self, block: u64, events: Decimal, errors: Decimal) {
        let entry = self.blocks.entry(block).or_default();
        entry.0 += events;
        entry.1 += errors;
    }

    /// Says that blocks are there, zeros unless something is added; spans come in order.
    pub(super) fn present(&mut self, first: u64, last: u64) {
        match self.present.last_mut() {
            Some(span) if first <= span.1 + 1 => span.1 = span.1.max(last),
            _ => self.present.push((first, last)),
        }
    }

    /// The samples, for each group.
    pub(super) fn series(&self, scene: &Scene<'_>, groups: &[LabelValues], given: Given) -> Vec<InputSeries> {
        let events = self.values(|block| block.0);
        let errors = self.values(|block| block.1);
        let fast = [(EVENTS_FAST, &events), (ERRORS_FAST, &errors)];
        let slow = [(EVENTS_SLOW, &events), (ERRORS_SLOW, &errors)];
        let names = match given {
            Given::Fast => fast.to_vec(),
            Given::Slow => slow.to_vec(),
            Given::Both => [fast, slow].concat(),
        };
        let mut series = Vec::with_capacity(names.len() * groups.len());
        for group in groups {
            for (name, values) in &names {
                let labels = scene.series.labels().into_iter().chain(group.iter().cloned());
                let labels = labels.map(|(label, value)| (label, MatchOp::Equal, value));
                let text = print_line(&build::selector(name.clone(), labels));
                series.push(InputSeries { series: text, values: (*values).clone() });
            }
        }
        series
    }

    fn values(&self, part: impl Fn(&(Decimal, Decimal)) -> Decimal) -> String {
        let mut text = String::new();
        let mut next = 0;
        for (first, last) in &self.present {
            push_run(&mut text, "_", first - next);
            next = *first;
            let filled = self.blocks.range(first..=last).map(|(block, pair)| (*block, part(pair)));
            for (block, value) in filled.filter(|(_, value)| !value.is_zero()) {
                push_run(&mut text, "0", block - next);
                text.push_str(&decimal_text(value));
                text.push(' ');
                next = block + 1;
            }
            push_run(&mut text, "0", last + 1 - next);
            next = last + 1;
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// Appends so many samples of a kind: missing, or zero.
pub(super) fn push_run(text: &mut String, sample: &str, count: u64) {
    // Writing to a string cannot fail. `0x1` are two zeros, `_x1` is one sample that is missing.
    let _ = match (count, sample) {
        (0, _) => Ok(()),
        (1, _) => write!(text, "{sample} "),
        (more, "_") => write!(text, "_x{more} "),
        (more, _) => write!(text, "{sample}x{} ", more - 1),
    };
}

/// How many blocks of a spacing a range holds that ends with one of them.
pub(super) fn held(range: Duration, spacing: Duration) -> u64 {
    range.millis() / spacing.millis() + 1
}
