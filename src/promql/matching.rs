//! Whether matchers can hold together: a value that one fixes tried on the other, or two expressions that share no value.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::promql::name::has_variable;
use crate::promql::overlap::overlap;
use crate::promql::{MatchOp, Matcher, regex};

/// The most pairs that are looked at, of one label, and of two patterns, which take longest.
const MAX_PAIRS: [usize; 3] = [100_000, 200, 8];

/// Two matchers of one label that no series can satisfy together.
/// Nothing where a template variable decides.
#[must_use]
pub fn contradiction<'a>(
    ones: impl IntoIterator<Item = &'a Matcher>,
    others: impl IntoIterator<Item = &'a Matcher>,
) -> Option<(&'a Matcher, &'a Matcher)> {
    let others: Vec<&Matcher> = others.into_iter().collect();
    let pairs = ones.into_iter().flat_map(|one| others.iter().map(move |other| (one, *other)));
    let [most_seen, most, mut patterns] = MAX_PAIRS;
    let mut of_one_label = pairs.take(most_seen).filter(|(one, other)| one.label.value == other.label.value).take(most);
    of_one_label.find(|(one, other)| {
        if one.op == MatchOp::Equal || other.op == MatchOp::Equal {
            return excludes(one, other);
        }
        let is_left = patterns > 0;
        patterns = patterns.saturating_sub(1);
        is_left && excludes(one, other)
    })
}

/// Whether two matchers of one label accept no value in common.
pub(super) fn excludes(one: &Matcher, other: &Matcher) -> bool {
    let is_negative = |matcher: &Matcher| matches!(matcher.op, MatchOp::NotEqual | MatchOp::NotRegex);
    if one.op == MatchOp::Equal {
        accepts(other, &one.value.value) == Some(false)
    } else if other.op == MatchOp::Equal {
        accepts(one, &other.value.value) == Some(false)
    } else if is_negative(one) && is_negative(other) || one.op == other.op && one.value.value == other.value.value {
        false
    } else {
        overlap(&[one, other]) == Some(false)
    }
}

/// Whether a matcher accepts a value; `None` where that is not certain.
pub(crate) fn accepts(matcher: &Matcher, value: &str) -> Option<bool> {
    let pattern = matcher.value.value.as_str();
    if has_variable(pattern) || has_variable(value) {
        return None;
    }
    match matcher.op {
        MatchOp::Equal => Some(pattern == value),
        MatchOp::NotEqual => Some(pattern != value),
        MatchOp::Regex => regex_accepts(pattern, value),
        MatchOp::NotRegex => regex_accepts(pattern, value).map(|accepted| !accepted),
    }
}

/// The longest value and expression that are tried; nobody writes longer ones by hand.
const MAX_VALUE: usize = 200;

/// Whether an anchored regular expression accepts a value, as Prometheus reads it; `None` where that is not certain.
fn regex_accepts(pattern: &str, value: &str) -> Option<bool> {
    if value.len() > MAX_VALUE || pattern.len() > MAX_VALUE {
        return None;
    }
    let hir = regex::hir(pattern)?;
    let ends = ends(&hir, value, &BTreeSet::from([0]))?;
    Some(ends.contains(&value.len()))
}

/// Where a match can end that begins at one of the starts.
fn ends(hir: &Hir, value: &str, starts: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
    match hir.kind() {
        HirKind::Empty => Some(starts.clone()),
        HirKind::Literal(literal) => {
            let follows = |start: &&usize| value.as_bytes()[**start..].starts_with(&literal.0);
            Some(starts.iter().filter(follows).map(|start| start + literal.0.len()).collect())
        }
        HirKind::Class(class) => Some(starts.iter().filter_map(|start| class_end(class, value, *start)).collect()),
        HirKind::Look(Look::Start) => Some(starts.iter().copied().filter(|start| *start == 0).collect()),
        HirKind::Look(Look::End) => Some(starts.iter().copied().filter(|start| *start == value.len()).collect()),
        HirKind::Look(_) => None,
        HirKind::Capture(capture) => ends(&capture.sub, value, starts),
        HirKind::Concat(parts) => parts.iter().try_fold(starts.clone(), |starts, part| ends(part, value, &starts)),
        HirKind::Alternation(parts) => parts.iter().try_fold(BTreeSet::new(), |mut all, part| {
            all.extend(ends(part, value, starts)?);
            Some(all)
        }),
        HirKind::Repetition(repetition) => {
            let mut current = starts.clone();
            for _ in 0..repetition.min {
                current = ends(&repetition.sub, value, &current)?;
                if current.is_empty() {
                    return Some(current);
                }
            }
            let mut all = current.clone();
            let mut rounds = repetition.max.map_or(u32::MAX, |max| max - repetition.min);
            while rounds > 0 && !current.is_empty() {
                rounds -= 1;
                current = ends(&repetition.sub, value, &current)?.difference(&all).copied().collect();
                all.extend(&current);
            }
            Some(all)
        }
    }
}

/// Behind the character at `start`, if the class has it.
fn class_end(class: &Class, value: &str, start: usize) -> Option<usize> {
    let c = value.get(start..)?.chars().next()?;
    let has = match class {
        Class::Unicode(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&c)),
        Class::Bytes(class) => {
            class.iter().any(|range| u8::try_from(c).is_ok_and(|c| (range.start()..=range.end()).contains(&c)))
        }
    };
    has.then_some(start + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_values_on_regular_expressions() {
        for (pattern, value, accepted) in [
            ("5..", "503", Some(true)),
            ("5..", "200", Some(false)),
            ("5..", "5033", Some(false)),
            ("5..|429", "429", Some(true)),
            ("/checkout.*", "/checkout/pay", Some(true)),
            ("(a|ab)(c|bcd)", "abcd", Some(true)),
            ("[^2]..", "200", Some(false)),
            ("(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Some(false)),
            ("^a{2,3}$", "aaa", Some(true)),
            ("a{2,3}", "aaaa", Some(false)),
            (".*", "", Some(true)),
            ("(?i)get", "GET", Some(true)),
            (r"\bget\b", "get", None),
        ] {
            assert_eq!(regex_accepts(pattern, value), accepted, "{pattern} on {value}");
        }
    }
}
