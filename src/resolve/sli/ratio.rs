//! The ratio of two counters.

use super::counter::{Counter, counter, selector_expr};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{LabelName, Ratio, RatioPart};
use crate::parse::decl::RatioPartDecl;
use crate::promql::{Expr, Matcher, Selector, contradiction, print_line};
use crate::resolve::promql::{matchers, place, slice};
use crate::source::{Spanned, Text};

/// Reads a ratio.
pub(super) fn ratio(
    total: &Text,
    part: &Spanned<RatioPartDecl>,
    groups: &[LabelName],
    sink: &mut Sink,
) -> Option<Ratio> {
    let all = counter(total, "total", groups, sink);
    let part = match &part.value {
        RatioPartDecl::Bad(text) => full(text, "bad", total, all.as_ref(), groups, sink).map(RatioPart::Bad),
        RatioPartDecl::Good(text) => full(text, "good", total, all.as_ref(), groups, sink).map(RatioPart::Good),
        RatioPartDecl::BadWhen(text) => added(text, "bad_when", total, all.as_ref(), sink).map(RatioPart::Bad),
        RatioPartDecl::GoodWhen(text) => added(text, "good_when", total, all.as_ref(), sink).map(RatioPart::Good),
    };
    Some(Ratio { total: all?.into_expr(), part: part? })
}

/// Reads a numerator that is written in full.
fn full(
    text: &Text,
    key: &str,
    total: &Text,
    all: Option<&Counter>,
    groups: &[LabelName],
    sink: &mut Sink,
) -> Option<Expr> {
    let part = counter(text, key, groups, sink)?;
    if let (Counter::Selector(part), Some(Counter::Selector(all))) = (&part, all)
        && let Some(problem) = relation(part, all, text, key, total)
    {
        let is_disjoint = problem.code == Code::DisjointMatchers;
        sink.push(problem);
        return if is_disjoint { None } else { Some(selector_expr((**part).clone())) };
    }
    if let (Counter::Rate(part), Some(Counter::Rate(all))) = (&part, all)
        && print_line(part) == print_line(all)
    {
        sink.push(identical(text, key, total, "expression"));
    } else if let Some(all) = all {
        let (ones, others) = (part.selectors(), all.selectors());
        let is_selector = matches!((&part, all), (Counter::Selector(_), Counter::Selector(_)));
        let problem = elsewhere(&ones, &others, text, total, key);
        sink.extend(problem.or_else(|| match (ones.as_slice(), others.as_slice()) {
            ([one], [other]) if !is_selector && same_name(one, other) => {
                let matcher = missing(one, other)?;
                let written = slice(total, matcher.range);
                Some(drifting(matcher, text, key, total).help(format!("add `{written}`")))
            }
            _ => None,
        }));
    }
    Some(part.into_expr())
}

/// The labels that say whose a series is, whatever the metric.
const WHOSE: [&str; 10] =
    ["app", "cluster", "env", "environment", "instance", "job", "namespace", "project", "service", "tenant"];

/// The most pairs of selectors that are compared.
const MOST_PAIRS: usize = 100;

/// A numerator from other targets: no selector of one side can be of the same target as any of the other.
fn elsewhere(part: &[&Selector], all: &[&Selector], text: &Text, total: &Text, key: &str) -> Option<Diagnostic> {
    if part.len() * all.len() > MOST_PAIRS {
        return None;
    }
    let (one, other) = WHOSE.iter().find_map(|label| {
        let pairs = part.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
        let apart = pairs.map(|(one, other)| contradiction(on(one, label), on(other, label)));
        apart.collect::<Option<Vec<_>>>()?.first().copied()
    })?;
    let message = format!("`{key}` and `total` never come from the same `{}`", one.label.value);
    Some(
        Diagnostic::new(Code::DifferentTargets, place(text, one.range), message)
            .secondary(place(total, other.range), "`total` is of this one")
            .help("make both sides agree, or allow it with the reason"),
    )
}

/// What is wrong between a numerator and its denominator, both selectors.
fn relation(part: &Selector, all: &Selector, text: &Text, key: &str, total: &Text) -> Option<Diagnostic> {
    if !same_name(part, all) {
        return None;
    }
    if part.matchers == all.matchers && part.modifiers == all.modifiers {
        return Some(identical(text, key, total, "selector"));
    }
    if let Some((one, other)) = contradiction(&part.matchers, &all.matchers) {
        return Some(disjoint(one, text, other, total, key));
    }
    let matcher = missing(part, all)?;
    let written = slice(total, matcher.range);
    Some(
        drifting(matcher, text, key, total).help(format!(
            "add `{written}`, or write only what is different: `{key}_when:` adds its matchers to `total`"
        )),
    )
}

/// Whether two selectors are of the same metric.
fn same_name(one: &Selector, other: &Selector) -> bool {
    one.name.as_ref().map(|name| &name.value) == other.name.as_ref().map(|name| &name.value)
}

/// A matcher of the denominator on a label that the numerator does not look at.
fn missing<'s>(part: &Selector, all: &'s Selector) -> Option<&'s Matcher> {
    let has = |label: &str| part.matchers.iter().any(|matcher| matcher.label.value == label);
    all.matchers.iter().find(|wanted| !has(&wanted.label.value))
}

/// The matchers of a selector on one label.
fn on<'s>(selector: &'s Selector, label: &'s str) -> impl Iterator<Item = &'s Matcher> {
    selector.matchers.iter().filter(move |matcher| matcher.label.value == label)
}

fn identical(text: &Text, key: &str, total: &Text, what: &str) -> Diagnostic {
    let (outcome, op) = if key == "bad" { ("every event is bad", "=~") } else { ("no event is ever bad", "!~") };
    let message = format!("`{key}` is the same {what} as `total`, so {outcome}");
    let diagnostic =
        Diagnostic::new(Code::IdenticalSelectors, text.span, message).secondary(total.span, "the same here");
    if what == "selector" {
        diagnostic.help(format!("say which events are {key}, as in `{key}_when: code{op}\"5..\"`"))
    } else {
        diagnostic.help(format!("say which events are {key}, with a matcher such as `code{op}\"5..\"`"))
    }
}

fn drifting(missing: &Matcher, text: &Text, key: &str, total: &Text) -> Diagnostic {
    let message =
        format!("`{key}` counts events that `total` does not: it lacks the matcher on `{}`", missing.label.value);
    Diagnostic::new(Code::DriftingNumerator, text.span, message)
        .secondary(place(total, missing.range), "`total` has it")
}

/// Reads a numerator that is `total` with more matchers.
fn added(text: &Text, key: &str, total: &Text, all: Option<&Counter>, sink: &mut Sink) -> Option<Expr> {
    let added = matchers(text, key, sink);
    let selector = match all? {
        Counter::Selector(selector) => selector,
        Counter::Rate(_) => {
            sink.push(needs_selector(text, key, total));
            return None;
        }
    };
    let added = added?;
    if let Some((one, other)) = contradiction(&added, &selector.matchers) {
        sink.push(disjoint(one, text, other, total, key));
        return None;
    }
    if added.iter().all(|matcher| selector.matchers.contains(matcher)) {
        sink.push(nothing_added(text, key, total));
    }
    Some(selector_expr(extended(selector, added)))
}

/// A selector with more matchers.
pub(super) fn extended(selector: &Selector, added: Vec<Matcher>) -> Selector {
    let mut selector = selector.clone();
    selector.matchers.extend(added);
    selector
}

fn nothing_added(text: &Text, key: &str, total: &Text) -> Diagnostic {
    let outcome = if key == "bad_when" { "every event is bad" } else { "no event is ever bad" };
    Diagnostic::new(Code::IdenticalSelectors, text.span, format!("`{key}` holds for all of `total`, so {outcome}"))
        .secondary(total.span, "has these matchers already")
        .help("write matchers that only some of the events have, as in `code=~\"5..\"`")
}

fn needs_selector(text: &Text, key: &str, total: &Text) -> Diagnostic {
    let full = key.trim_end_matches("_when");
    Diagnostic::new(Code::NotASelector, text.span, format!("`{key}` needs a `total` that is a selector"))
        .secondary(total.span, "this is an expression")
        .note(format!("`{key}` adds its matchers to the selector of `total`"))
        .help(format!("write `total` as a selector alone, or give the whole expression as `{full}:`"))
}

fn disjoint(one: &Matcher, text: &Text, other: &Matcher, total: &Text, key: &str) -> Diagnostic {
    let message = format!("`{key}` and `total` exclude each other on the label `{}`", one.label.value);
    Diagnostic::new(Code::DisjointMatchers, place(text, one.range), message)
        .label("no series can have both")
        .secondary(place(total, other.range), "and this")
        .note("the numerator would be empty for ever, and the SLO would never see an error")
        .help("remove one of the two matchers, or make them agree")
}
