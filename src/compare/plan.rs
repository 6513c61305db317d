//! In which order rules are evaluated over a whole scene at once, and from when on.
//!
//! A rule is evaluated when all that it reads has been written for the whole scene. Where a rule reads what it writes itself, or what a
//! later rule of its group writes, moments are evaluated one after the other.

use super::rules::{Rule, RuleSet};
use crate::model::Duration;
use crate::promql::visit::{children, walk};
use crate::promql::{self, DurationKind, Expr, ExprKind, LabelValues, Modifiers, Selector, labels, selects};

/// How far back an instant selector looks, in milliseconds.
const LOOKBACK: i64 = 300_000;
/// Farther back than any scene begins.
const FOREVER: i64 = i64::MAX / 4;

/// When a rule has to be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Demand {
    /// At the few moments at which somebody looks.
    Looks,
    /// From this moment on, in milliseconds from the beginning of the incident, until the end.
    From(i64),
}

/// How rules are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// All moments at once.
    AtOnce,
    /// All moments at once, again and again, until it comes out as it went in: the only rule reads what it wrote before.
    Again,
    /// One moment after the other, the rules in their order.
    ByMoment,
}

/// Rules that are evaluated together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rules: group and place, in the order of evaluation.
    pub rules: Vec<(usize, usize)>,
    /// When.
    pub demand: Demand,
    /// How.
    pub how: How,
}

/// What a rule reads of another one, and how far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Read {
    index: usize,
    /// In milliseconds.
    reach: i64,
    is_range: bool,
}

/// All steps, in their order: alerts are evaluated from `watched` on, in a scene that begins at `begin`.
#[must_use]
pub fn plan(set: &RuleSet, begin: i64, watched: i64) -> Vec<Step> {
    let places: Vec<(usize, usize)> = set
        .groups
        .iter()
        .enumerate()
        .flat_map(|(group, entry)| (0..entry.rules.len()).map(move |place| (group, place)))
        .collect();
    let rules: Vec<&Rule> = set.groups.iter().flat_map(|group| &group.rules).collect();
    let reads: Vec<Vec<Read>> = rules.iter().map(|rule| reads(rule, &rules)).collect();
    let parts = parts(&places, &reads);
    let demands = demands(&rules, &reads, &parts, begin, watched);
    let order = order(&parts, &reads);
    let steps = order.into_iter().map(|part| {
        let members: Vec<usize> = (0..rules.len()).filter(|index| parts[*index] == part).collect();
        let reads_itself = |index: &usize| reads[*index].iter().any(|read| parts[read.index] == part);
        let how = match members.as_slice() {
            [only] if !reads_itself(only) => How::AtOnce,
            [only] if is_separable(rules[*only], set.groups[places[*only].0].interval) => How::Again,
            _ => How::ByMoment,
        };
        let demand = members.iter().map(|index| demands[*index]).reduce(stronger).unwrap_or(Demand::Looks);
        Step { rules: members.into_iter().map(|index| places[index]).collect(), demand, how }
    });
    steps.collect()
}

/// The selectors of a rule that no rule of the set writes, each with its range, as expressions that count what they read.
#[must_use]
pub fn raw_selectors(rule: &Rule, set: &RuleSet) -> Vec<Expr> {
    let rules: Vec<&Rule> = set.groups.iter().flat_map(|group| &group.rules).collect();
    let is_written = |selector: &Selector| rules.iter().any(|rule| !rule.is_alert() && may_select(selector, rule));
    let mut found = Vec::new();
    walk(&rule.expr, &mut |part| match &part.kind {
        ExprKind::Selector(selector) if !is_written(selector) => found.push(part.clone()),
        ExprKind::Matrix(matrix) if !is_written(&matrix.selector) => found.push(part.clone()),
        _ => {}
    });
    found
}

/// What a rule reads of the others, and of itself.
fn reads(rule: &Rule, rules: &[&Rule]) -> Vec<Read> {
    let mut selected = Vec::new();
    collect(&rule.expr, Beyond { reach: 0, is_range: false }, &mut selected);
    let mut found = Vec::new();
    for (selector, beyond) in selected {
        let read = |(index, other): (usize, &&Rule)| {
            let is_read = !other.is_alert() && may_select(selector, other);
            is_read.then_some(Read { index, reach: beyond.reach, is_range: beyond.is_range })
        };
        found.extend(rules.iter().enumerate().filter_map(read));
    }
    found
}

/// How far back a part of an expression is evaluated.
#[derive(Clone, Copy)]
struct Beyond {
    reach: i64,
    is_range: bool,
}

impl Beyond {
    fn range(self, window: &promql::Duration, modifiers: &Modifiers) -> Self {
        Self { is_range: true, ..self }.shifted(modifiers).back(millis(window))
    }

    /// With `offset` and `@`.
    fn shifted(self, modifiers: &Modifiers) -> Self {
        if modifiers.at.is_some() {
            return Self { reach: FOREVER, is_range: true };
        }
        match &modifiers.offset {
            Some(offset) => Self { is_range: true, ..self }.back(millis(offset).max(0)),
            None => self,
        }
    }

    fn back(self, millis: i64) -> Self {
        Self { reach: self.reach.saturating_add(millis).min(FOREVER), ..self }
    }
}

fn collect<'e>(expr: &'e Expr, beyond: Beyond, found: &mut Vec<(&'e Selector, Beyond)>) {
    match &expr.kind {
        ExprKind::Selector(selector) => found.push((selector, beyond.shifted(&selector.modifiers).back(LOOKBACK))),
        ExprKind::Matrix(matrix) => {
            found.push((&matrix.selector, beyond.range(&matrix.window, &matrix.selector.modifiers)));
        }
        ExprKind::Subquery(subquery) => {
            collect(&subquery.expr, beyond.range(&subquery.window, &subquery.modifiers), found);
        }
        _ => children(expr).for_each(|child| collect(child, beyond, found)),
    }
}

fn millis(duration: &promql::Duration) -> i64 {
    match &duration.kind {
        DurationKind::Millis(millis) => *millis,
        DurationKind::Variable(_)
        | DurationKind::Binary(..)
        | DurationKind::Unary(..)
        | DurationKind::Call(..)
        | DurationKind::Paren(_) => FOREVER,
    }
}

/// Whether a selector may select what a rule records, as far as its labels are known.
fn may_select(selector: &Selector, rule: &Rule) -> bool {
    if selector.name.as_ref().is_some_and(|name| name.value != rule.name) {
        return false;
    }
    let made = labels::of(&rule.expr);
    let known = |label: &str| match rule.label(label) {
        Some(value) => Some(value.to_owned()),
        None => (!made.may_have(label)).then(String::new),
    };
    let mut asked = selector.clone();
    asked.matchers.retain(|it| it.label.value == "__name__" || known(&it.label.value).is_some());
    let values: LabelValues = asked
        .matchers
        .iter()
        .filter_map(|it| known(&it.label.value).map(|value| (it.label.value.clone(), value.into())))
        .collect();
    selects(&asked, &rule.name, &values)
}

/// Rules that have to be evaluated together, by number: those that read each other, and those that read a later one of their group.
fn parts(places: &[(usize, usize)], reads: &[Vec<Read>]) -> Vec<usize> {
    let count = places.len();
    let mut reaches = vec![vec![false; count]; count];
    for (index, read) in reads.iter().enumerate().flat_map(|(index, reads)| reads.iter().map(move |read| (index, read)))
    {
        reaches[index][read.index] = true;
        if places[index].0 == places[read.index].0 && read.index > index {
            reaches[read.index][index] = true;
        }
    }
    for middle in 0..count {
        let onward = reaches[middle].clone();
        for row in reaches.iter_mut().filter(|row| row[middle]) {
            row.iter_mut().zip(&onward).for_each(|(reached, further)| *reached |= further);
        }
    }
    let first = |index: usize| (0..index).find(|other| reaches[index][*other] && reaches[*other][index]);
    (0..count).map(|index| first(index).unwrap_or(index)).collect()
}

/// Parts, each after all that it reads.
fn order(parts: &[usize], reads: &[Vec<Read>]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..parts.len()).filter(|index| parts[*index] == *index).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let is_ready = |part: &usize| {
            let members = (0..parts.len()).filter(|index| parts[*index] == *part);
            let mut read = members.flat_map(|index| &reads[index]).map(|read| parts[read.index]);
            read.all(|other| other == *part || !left.contains(&other))
        };
        // There is always one: parts do not read each other.
        let Some(place) = left.iter().position(is_ready) else { break };
        order.push(left.remove(place));
    }
    order
}

/// From when on each rule is evaluated.
fn demands(rules: &[&Rule], reads: &[Vec<Read>], parts: &[usize], begin: i64, watched: i64) -> Vec<Demand> {
    let first = |rule: &&Rule| if rule.is_alert() { Demand::From(watched) } else { Demand::Looks };
    let mut demands: Vec<Demand> = rules.iter().map(first).collect();
    loop {
        let mut is_settled = true;
        for (index, read) in reads.iter().enumerate().flat_map(|(index, reads)| reads.iter().map(move |it| (index, it)))
        {
            let wanted = match demands[index] {
                Demand::Looks if !read.is_range => Demand::Looks,
                _ if parts[index] == parts[read.index] => Demand::From(begin),
                Demand::Looks => Demand::From((watched - read.reach).max(begin)),
                Demand::From(from) => Demand::From((from - read.reach).max(begin)),
            };
            let joined = stronger(demands[read.index], wanted);
            is_settled &= joined == demands[read.index];
            demands[read.index] = joined;
        }
        if is_settled {
            return demands;
        }
    }
}

fn stronger(one: Demand, other: Demand) -> Demand {
    match (one, other) {
        (Demand::From(one), Demand::From(other)) => Demand::From(one.min(other)),
        (Demand::From(from), Demand::Looks) | (Demand::Looks, Demand::From(from)) => Demand::From(from),
        (Demand::Looks, Demand::Looks) => Demand::Looks,
    }
}

/// Whether what a rule wrote a millisecond later is read as if it had been written in time, except at the moment itself: not where a
/// range or an offset ends with an evaluation, of which versions of Prometheus differ in what they see.
fn is_separable(rule: &Rule, interval: Option<Duration>) -> bool {
    let Some(interval) = interval.and_then(|interval| i64::try_from(interval.millis()).ok()) else { return false };
    let mut selected = Vec::new();
    collect(&rule.expr, Beyond { reach: 0, is_range: false }, &mut selected);
    let own: Vec<_> = selected.into_iter().filter(|(selector, _)| may_select(selector, rule)).collect();
    let is_whole = |reach: i64| reach >= FOREVER || reach % interval == 0;
    let has_name = |selector: &Selector| selector.name.is_some();
    let has_subquery = {
        let mut found = false;
        walk(&rule.expr, &mut |part| found |= matches!(part.kind, ExprKind::Subquery(_)));
        found
    };
    !has_subquery && own.iter().all(|(selector, beyond)| has_name(selector) && !is_whole(beyond.reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Group, Kind};
    use crate::promql::{ParseOptions, parse};

    /// A set from groups of `name = expression`, all at an interval of a minute; what has capitals alerts.
    fn set(groups: &[&[(&str, &str)]]) -> RuleSet {
        let rule = |(name, expr): &(&str, &str)| Rule {
            kind: if name.starts_with(char::is_uppercase) {
                Kind::Alert { wait: Duration::from_millis(0), keep: Duration::from_millis(0) }
            } else {
                Kind::Record
            },
            name: (*name).to_owned(),
            expr: parse(expr, &ParseOptions::default()).unwrap(),
            labels: Vec::new(),
        };
        let group = |rules: &&[(&str, &str)]| Group {
            interval: Some(Duration::from_mins(1)),
            rules: rules.iter().map(rule).collect(),
        };
        RuleSet { groups: groups.iter().map(group).collect() }
    }

    const BEGIN: i64 = -86_400_000;

    fn planned(groups: &[&[(&str, &str)]]) -> Vec<(Vec<String>, Demand, How)> {
        let set = set(groups);
        let name = |(group, place): &(usize, usize)| set.groups[*group].rules[*place].name.clone();
        let steps = plan(&set, BEGIN, -60_000);
        steps.into_iter().map(|step| (step.rules.iter().map(name).collect(), step.demand, step.how)).collect()
    }

    fn of(names: &[&str], demand: Demand, how: How) -> (Vec<String>, Demand, How) {
        (names.iter().map(|name| (*name).to_owned()).collect(), demand, how)
    }

    #[test]
    fn what_is_read_comes_first_and_begins_as_early_as_it_is_read() {
        let steps = planned(&[&[("A", "b > 1"), ("c", "d")], &[("b", "rate(x[5m])"), ("d", "sum_over_time(b[1h])")]]);
        let wanted = [
            of(&["b"], Demand::From(-3_660_000), How::AtOnce),
            of(&["A"], Demand::From(-60_000), How::AtOnce),
            of(&["d"], Demand::Looks, How::AtOnce),
            of(&["c"], Demand::Looks, How::AtOnce),
        ];
        assert_eq!(steps, wanted);
    }

    #[test]
    fn what_reads_itself_is_found_by_repetition_if_its_ranges_allow_it() {
        let again = planned(&[&[("b", "count_over_time(b[90s]) or x"), ("A", "b > 1")]]);
        assert_eq!(again[0], of(&["b"], Demand::From(BEGIN), How::Again));
        let by_moment = planned(&[&[("b", "count_over_time(b[2m]) or x"), ("A", "b > 1")]]);
        assert_eq!(by_moment[0], of(&["b"], Demand::From(BEGIN), How::ByMoment));
    }

    #[test]
    fn what_reads_a_later_rule_of_its_group_sees_its_value_of_before() {
        let steps = planned(&[&[("a", "b * 2"), ("b", "x"), ("A", "a > 1")]]);
        assert_eq!(steps[0], of(&["a", "b"], Demand::From(BEGIN), How::ByMoment));
        // In another group it may come first.
        let steps = planned(&[&[("a", "b * 2")], &[("b", "x"), ("A", "a > 1")]]);
        assert_eq!(steps[0].2, How::AtOnce);
    }

    #[test]
    fn labels_tell_series_of_one_name_apart() {
        let steps = planned(&[&[("b", "sum by (job) (x)"), ("b", "sum(b{job!=\"\"})"), ("A", "b > 1")]]);
        let hows: Vec<How> = steps.iter().map(|step| step.2).collect();
        assert_eq!(hows, [How::AtOnce, How::AtOnce, How::AtOnce]);
    }
}
