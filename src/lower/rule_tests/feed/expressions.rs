//! Series of counters within expressions: which of them a good event raises, and which a bad one.

use super::{FeedSeries, Missing, Shape, matchers, series_text};
use crate::promql::evaluate::{Line, Moment, Value, evaluate};
use crate::promql::{self, Expr, LabelValues, Selector, substitute_window, visit};

/// The most series of an expression.
const MOST: usize = 5;
/// Far enough from the start for every window here.
const MOMENT: Moment = Moment { at: 7200.0, scrape: 15.0 };
/// The window that expressions are tried with, in milliseconds.
const WINDOW: i64 = 300_000;
/// How far numbers may be off that are equal.
const TOLERANCE: f64 = 1e-9;

/// The series of two expressions that count events per second.
pub(super) fn ratio(total: &Expr, part: &Expr, group: &LabelValues, shape: &Shape) -> Option<Vec<FeedSeries>> {
    let candidates = candidates(&[total, part], group)?;
    let (total, part) = (substitute_window(total, WINDOW), substitute_window(part, WINDOW));
    // Events, and failed ones.
    let outcome = |events: f64, counted: f64| (events, if *shape == Shape::Good { events - counted } else { counted });
    let mut series = find(&candidates, |lines| Some(outcome(value(&total, lines)?, value(&part, lines)?)))?;
    let rises = |series: &FeedSeries| series.shape != *shape && series.shape != Shape::Flat;
    let rising = series.iter().enumerate().filter(|(_, series)| rises(series)).fold(0, |set, (at, _)| set | 1 << at);
    let others = lines(&candidates, rising).into_iter().zip(&series).filter(|(_, series)| series.shape != *shape);
    let others: Vec<Line> = others.map(|(line, _)| line).collect();
    // Without a series of the part there are none of its events, where the total does not need it.
    let is_none = value(&part, &others).is_none_or(|counted| counted == 0.0);
    if is_none && value(&total, &others).is_some_and(|events| (events - 1.0).abs() < TOLERANCE) {
        series.iter_mut().filter(|series| series.shape == *shape).for_each(|part| part.missing = Missing::NoEvents);
    }
    Some(series)
}

/// The series of an expression that is an error ratio.
pub(super) fn share(ratio: &Expr, group: &LabelValues) -> Option<Vec<FeedSeries>> {
    let candidates = candidates(&[ratio], group)?;
    let ratio = substitute_window(ratio, WINDOW);
    find(&candidates, |lines| value(&ratio, lines).map(|ratio| (1.0, ratio)))
}

/// A series for each selector, and for what only some of the selectors of a metric select.
fn candidates<'a>(exprs: &[&'a Expr], group: &LabelValues) -> Option<Vec<(&'a Selector, LabelValues)>> {
    let selectors: Vec<&Selector> =
        exprs.iter().flat_map(|expr| visit::selectors(expr)).map(|found| found.selector).collect();
    let mut found: Vec<(&Selector, LabelValues)> = Vec::new();
    let mut add = |selector: &'a Selector, labels: Option<LabelValues>| {
        let Some(labels) = labels else { return };
        let is_known = |(other, known): &(&Selector, LabelValues)| other.name == selector.name && *known == labels;
        if !found.iter().any(is_known) {
            found.push((selector, labels));
        }
    };
    for selector in &selectors {
        for other in selectors.iter().filter(|other| other.name == selector.name) {
            add(selector, promql::counterexample(&matchers(selector, group), &matchers(other, group)));
        }
        add(selector, promql::example(&matchers(selector, group)));
    }
    (found.len() <= MOST).then_some(found)
}

/// The one value of an expression; nothing if there are several or none.
fn value(expr: &Expr, lines: &[Line]) -> Option<f64> {
    match evaluate(expr, lines, MOMENT).ok()? {
        Value::Scalar(value) => Some(value),
        Value::Vector(samples) => match samples.as_slice() {
            [only] => Some(only.value),
            _ => None,
        },
    }
}

/// The smallest sets of series that a good event raises (one event, none failed), and that a bad one does (one event, failed).
fn find(
    candidates: &[(&Selector, LabelValues)],
    outcome: impl Fn(&[Line]) -> Option<(f64, f64)>,
) -> Option<Vec<FeedSeries>> {
    let mut sets: Vec<u32> = (0..1 << candidates.len()).collect();
    sets.sort_by_key(|set| set.count_ones());
    let is = |set: u32, wanted: (f64, f64)| {
        outcome(&lines(candidates, set)).is_some_and(|(events, errors)| {
            (events - wanted.0).abs() < TOLERANCE && (errors - wanted.1).abs() < TOLERANCE
        })
    };
    let good = sets.iter().copied().find(|set| is(*set, (1.0, 0.0)))?;
    let bad = sets.iter().copied().find(|set| is(*set, (1.0, 1.0)))?;
    let shape = |index: usize| match (good >> index & 1, bad >> index & 1) {
        (1, 1) => Shape::All,
        (1, _) => Shape::Good,
        (_, 1) => Shape::Bad,
        _ => Shape::Flat,
    };
    let named = |(index, (selector, labels)): (usize, &(&Selector, LabelValues))| {
        Some(FeedSeries { text: series_text(selector, labels)?, shape: shape(index), missing: Missing::NoData })
    };
    candidates.iter().enumerate().map(named).collect()
}

/// All series, those of the set rising by one a second.
fn lines(candidates: &[(&Selector, LabelValues)], set: u32) -> Vec<Line> {
    let line = |(index, (selector, labels)): (usize, &(&Selector, LabelValues))| Line {
        name: selector.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        labels: labels.clone(),
        start: 0.0,
        slope: f64::from(set >> index & 1),
    };
    candidates.iter().enumerate().map(line).collect()
}
