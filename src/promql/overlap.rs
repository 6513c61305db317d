//! Whether there is a value that several matchers of one label all accept: their automata, run side by side.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::promql::name::has_variable;
use crate::promql::{MatchOp, Matcher, regex};

/// The longest text of a matcher that is looked at; nobody writes longer ones by hand.
const MAX_TEXT: usize = 200;
/// The most states of an automaton.
const MAX_STATES: usize = 300;
/// The most characters that are tried in a state.
const MAX_CHARACTERS: usize = 200;
/// The most steps of single states; what people write takes some hundreds.
const MAX_STEPS: usize = 8_000;

/// Whether some value satisfies all of the matchers, which are taken to be of one label; `None` where that is not certain.
pub(super) fn overlap(matchers: &[&Matcher]) -> Option<bool> {
    let automata = matchers.iter().map(|matcher| Automaton::new(matcher)).collect::<Option<Vec<_>>>()?;
    let characters = representatives(&automata)?;
    let start: Vec<BTreeSet<usize>> = automata.iter().map(|it| it.closure([it.start], Place::Start)).collect();
    if automata.iter().zip(&start).all(|(it, states)| it.accepts(states, Place::Start)) {
        return Some(true);
    }
    let mut seen = BTreeSet::from([start.clone()]);
    let mut queue = VecDeque::from([start]);
    let mut steps = 0;
    while let Some(states) = queue.pop_front() {
        steps += characters.len() * states.iter().map(BTreeSet::len).sum::<usize>();
        if steps > MAX_STEPS {
            return None;
        }
        for &character in &characters {
            let next: Vec<_> = automata.iter().zip(&states).map(|(it, states)| it.step(states, character)).collect();
            if automata.iter().zip(&next).all(|(it, states)| it.accepts(states, Place::Within)) {
                return Some(true);
            }
            let is_dead = automata.iter().zip(&next).any(|(it, states)| it.is_dead(states));
            if !is_dead && seen.insert(next.clone()) {
                queue.push_back(next);
            }
        }
    }
    Some(false)
}

/// A state, with what leads on from it.
enum State {
    /// A character in one of these ranges.
    Character(Vec<(char, char)>, usize),
    /// Nothing.
    Split(Vec<usize>),
    /// Nothing, at the start of the value.
    AtStart(usize),
    /// Nothing, at the end of the value.
    AtEnd(usize),
    /// The end of a match.
    End,
}

/// Where in a value a state is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Within,
}

/// What a matcher accepts.
struct Automaton {
    states: Vec<State>,
    start: usize,
    /// Whether it accepts exactly what its states do not.
    is_negated: bool,
}

impl Automaton {
    fn new(matcher: &Matcher) -> Option<Self> {
        let text = matcher.value.value.as_str();
        if text.len() > MAX_TEXT || has_variable(text) {
            return None;
        }
        let (hir, is_negated) = match matcher.op {
            MatchOp::Equal => (Rc::new(Hir::literal(text.as_bytes())), false),
            MatchOp::NotEqual => (Rc::new(Hir::literal(text.as_bytes())), true),
            MatchOp::Regex => (regex::hir(text)?, false),
            MatchOp::NotRegex => (regex::hir(text)?, true),
        };
        let mut automaton = Self { states: vec![State::End], start: 0, is_negated };
        automaton.start = automaton.add(&hir, 0)?;
        Some(automaton)
    }

    fn push(&mut self, state: State) -> Option<usize> {
        self.states.push(state);
        (self.states.len() <= MAX_STATES).then(|| self.states.len() - 1)
    }

    /// Adds the states of an expression in front of another state; the first of them.
    fn add(&mut self, hir: &Hir, next: usize) -> Option<usize> {
        match hir.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                text.chars().rev().try_fold(next, |next, it| self.push(State::Character(vec![(it, it)], next)))
            }
            HirKind::Class(class) => self.push(State::Character(ranges(class)?, next)),
            HirKind::Look(Look::Start) => self.push(State::AtStart(next)),
            HirKind::Look(Look::End) => self.push(State::AtEnd(next)),
            HirKind::Look(_) => None,
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next)),
            HirKind::Alternation(parts) => {
                let starts = parts.iter().map(|part| self.add(part, next)).collect::<Option<_>>()?;
                self.push(State::Split(starts))
            }
            HirKind::Repetition(repetition) => {
                let mut next = next;
                if let Some(max) = repetition.max {
                    let end = next;
                    for _ in repetition.min..max {
                        let once = self.add(&repetition.sub, next)?;
                        next = self.push(State::Split(vec![once, end]))?;
                    }
                } else {
                    let again = self.push(State::Split(vec![next]))?;
                    let once = self.add(&repetition.sub, again)?;
                    if let Some(State::Split(ways)) = self.states.get_mut(again) {
                        ways.push(once);
                    }
                    next = again;
                }
                (0..repetition.min).try_fold(next, |next, _| self.add(&repetition.sub, next))
            }
        }
    }

    /// The states that are reached without a character, but for those at the end of the value.
    fn closure(&self, states: impl IntoIterator<Item = usize>, place: Place) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        let mut open: Vec<usize> = states.into_iter().collect();
        while let Some(state) = open.pop() {
            if !all.insert(state) {
                continue;
            }
            match self.states.get(state) {
                Some(State::Split(ways)) => open.extend(ways),
                Some(State::AtStart(next)) if place == Place::Start => open.push(*next),
                Some(State::AtStart(_) | State::AtEnd(_) | State::Character(..) | State::End) | None => {}
            }
        }
        all
    }

    fn step(&self, states: &BTreeSet<usize>, character: char) -> BTreeSet<usize> {
        let next = states.iter().filter_map(|state| match self.states.get(*state) {
            Some(State::Character(ranges, next)) => has(ranges, character).then_some(*next),
            Some(State::Split(_) | State::AtStart(_) | State::AtEnd(_) | State::End) | None => None,
        });
        self.closure(next, Place::Within)
    }

    /// Whether a value that ends in these states is accepted.
    fn accepts(&self, states: &BTreeSet<usize>, place: Place) -> bool {
        let mut all = states.clone();
        let mut open: Vec<usize> = states.iter().copied().collect();
        while let Some(state) = open.pop() {
            if let Some(State::AtEnd(next)) = self.states.get(state) {
                let reached = self.closure([*next], place);
                open.extend(reached.difference(&all));
                all.extend(reached);
            }
        }
        all.contains(&0) != self.is_negated
    }

    /// Whether nothing that follows can be accepted.
    fn is_dead(&self, states: &BTreeSet<usize>) -> bool {
        states.is_empty() && !self.is_negated
    }
}

fn has(ranges: &[(char, char)], character: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

fn ranges(class: &Class) -> Option<Vec<(char, char)>> {
    match class {
        Class::Unicode(class) => Some(class.iter().map(|range| (range.start(), range.end())).collect()),
        Class::Bytes(class) => {
            let is_ascii = class.iter().all(|range| range.end().is_ascii());
            is_ascii.then(|| class.iter().map(|range| (range.start().into(), range.end().into())).collect())
        }
    }
}

/// One character of each run that no automaton tells apart.
fn representatives(automata: &[Automaton]) -> Option<BTreeSet<char>> {
    let mut firsts = BTreeSet::from(['\0']);
    for state in automata.iter().flat_map(|automaton| &automaton.states) {
        if let State::Character(ranges, _) = state {
            for (first, last) in ranges {
                firsts.insert(*first);
                firsts.extend((*last..=char::MAX).nth(1));
            }
        }
        if firsts.len() > MAX_CHARACTERS {
            return None;
        }
    }
    Some(firsts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{ExprKind, ParseOptions, parse};

    #[test]
    fn matchers_overlap_if_a_value_satisfies_all() {
        let table = [
            (r#"a=~"2..",a=~"5..""#, Some(false)),
            (r#"a=~"2..|3..",a=~"[3-5].+""#, Some(true)),
            (r#"a=~"2..",a!~"2..""#, Some(false)),
            (r#"a=~"2..",a!~"20.""#, Some(true)),
            (r#"a=~"20.|21.",a!~"2[01].""#, Some(false)),
            (r#"a=~"a|b",a!="a",a!="b""#, Some(false)),
            (r#"a=~".+",a="""#, Some(false)),
            (r#"a=~".*",a="""#, Some(true)),
            (r#"a!~"x",a!~"y""#, Some(true)),
            (r#"a=~"(ab)+",a=~"a(ba)*b""#, Some(true)),
            (r#"a=~"(ab)+",a=~"(ba)+""#, Some(false)),
            (r#"a=~"x{2,3}",a=~"x{4,}""#, Some(false)),
            (r#"a=~"x{2,4}",a=~"x{4,}""#, Some(true)),
            (r#"a=~"^get$",a=~"(?i)GET""#, Some(true)),
            (r#"a=~"a^b",a=~".*""#, Some(false)),
            (r#"a=~"prod-.*",a=~".*-eu",a!~".*-.*-.*""#, Some(true)),
            (r#"a=~"\\d+",a=~"[a-z]*""#, Some(false)),
            (r#"a=~"é",a!~"[^é]""#, Some(true)),
            (r#"a=~"\\bx",a="y""#, None),
            (r#"a=~"(.{1,9}){1,99}",a="y""#, None),
        ];
        for (matchers, expected) in table {
            let expr = parse(&format!("x{{{matchers}}}"), &ParseOptions::default()).unwrap();
            let ExprKind::Selector(selector) = &expr.kind else { panic!("{matchers}") };
            let all: Vec<&Matcher> = selector.matchers.iter().collect();
            assert_eq!(overlap(&all), expected, "{matchers}");
        }
    }
}
