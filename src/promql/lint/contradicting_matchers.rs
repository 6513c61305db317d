//! Matchers of one selector that no series can satisfy together, or of which one says nothing.

use crate::promql::lint::shape::matchers;
use crate::promql::lint::{Finding, Lint};
use crate::promql::{Expr, MatchOp, Matcher, contradiction, matching};

/// The most matchers that are compared with one another; nobody writes more by hand.
const MOST: usize = 100;

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let matchers = matchers(part);
    if !(2..=MOST).contains(&matchers.len()) {
        return None;
    }
    contradicting(matchers).or_else(|| repeated(matchers))
}

fn contradicting(matchers: &[Matcher]) -> Option<Finding> {
    let (one, other) = contradiction(matchers, matchers)?;
    let (first, last) = if one.range.start <= other.range.start { (one, other) } else { (other, one) };
    let message = format!("no series can satisfy both matchers on `{}`", one.label.value);
    Some(
        Finding::new(Lint::ContradictingMatchers, last.range, message)
            .label("never selects anything")
            .related(first.range, "excludes the other")
            .help("remove one of them; for either of two values write `=~\"a|b\"`"),
    )
}

/// A matcher that another one implies.
fn repeated(matchers: &[Matcher]) -> Option<Finding> {
    let pairs = matchers.iter().enumerate().flat_map(|(at, one)| {
        matchers
            .iter()
            .enumerate()
            .filter(move |(other, _)| *other != at)
            .map(move |(other, two)| (at, one, other, two))
    });
    let (_, implying, _, implied) = pairs.into_iter().find(|(at, one, other, two)| {
        if one.label.value != two.label.value {
            return false;
        }
        let is_same = one.op == two.op && one.value.value == two.value.value && at < other;
        let is_fixed = one.op == MatchOp::Equal && two.op != MatchOp::Equal && !one.value.value.is_empty();
        is_same || is_fixed && matching::accepts(two, &one.value.value) == Some(true)
    })?;
    Some(
        Finding::new(
            Lint::RedundantMatcher,
            implied.range,
            format!("this matcher on `{}` changes nothing", implied.label.value),
        )
        .related(implying.range, "this one decides already")
        .help("remove it"),
    )
}
