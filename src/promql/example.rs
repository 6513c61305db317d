//! Values that matchers accept: series that an expression would select, made up from its selectors.

use regex_syntax::hir::{Class, Hir, HirKind};
use smol_str::SmolStr;

use crate::promql::matching::accepts;
use crate::promql::name::METRIC_NAME;
use crate::promql::{MatchOp, Matcher, Selector, regex};

/// The most texts that are made of one regular expression.
const MOST: usize = 16;

/// Values to try where no matcher names any.
const WORDS: [&str; 8] = ["a", "b", "c", "d", "200", "500", "x1", "/a"];

/// Labels with their values, sorted by label.
pub type LabelValues = Vec<(SmolStr, SmolStr)>;

/// Labels of a series that all of the matchers accept; labels that may be missing are left out.
///
/// `None` where no value is found, or where a variable decides.
#[must_use]
pub fn example(matchers: &[Matcher]) -> Option<LabelValues> {
    let mut labels: Vec<&SmolStr> = matchers.iter().map(|matcher| &matcher.label.value).collect();
    labels.sort_unstable();
    labels.dedup();
    let mut found = Vec::with_capacity(labels.len());
    for label in labels {
        let value = values(label, matchers, &[]).into_iter().next()?;
        if !value.is_empty() {
            found.push((label.clone(), value));
        }
    }
    Some(found)
}

/// Labels of a series that the first matchers accept and at least one of the others refuses.
#[must_use]
pub fn counterexample(matchers: &[Matcher], refused: &[Matcher]) -> Option<LabelValues> {
    refused.iter().find_map(|refusing| {
        let label = &refusing.label.value;
        let value = values(label, matchers, std::slice::from_ref(refusing)).into_iter().next()?;
        let fixed = Matcher { op: MatchOp::Equal, value: crate::promql::Ranged::built(value), ..refusing.clone() };
        let others = matchers.iter().filter(|matcher| matcher.label.value != *label);
        example(&others.cloned().chain([fixed]).collect::<Vec<_>>())
    })
}

/// Whether a series with these labels is one that the selector selects; labels that are not listed are missing.
#[must_use]
pub fn selects(selector: &Selector, name: &str, labels: &LabelValues) -> bool {
    let is_named = selector.name.as_ref().is_none_or(|own| own.value == name);
    is_named
        && selector.matchers.iter().all(|matcher| {
            let label = matcher.label.value.as_str();
            let own = labels.iter().find(|(known, _)| known == label).map_or("", |(_, value)| value.as_str());
            accepts(matcher, if label == METRIC_NAME { name } else { own }) == Some(true)
        })
}

/// Different values of one label that all of the matchers on it accept, and each of the others refuses, the likeliest first.
#[must_use]
pub fn values(label: &str, accepted: &[Matcher], refused: &[Matcher]) -> Vec<SmolStr> {
    let on_label = |matcher: &&Matcher| matcher.label.value == label;
    let (accepted, refused): (Vec<_>, Vec<_>) =
        (accepted.iter().filter(on_label).collect(), refused.iter().filter(on_label).collect());
    let fits = |value: &SmolStr| {
        let holds = |matcher: &&Matcher, wanted| accepts(matcher, value) == Some(wanted);
        accepted.iter().all(|matcher| holds(matcher, true)) && refused.iter().all(|matcher| holds(matcher, false))
    };
    let mut found: Vec<SmolStr> = Vec::new();
    for value in candidates(&accepted, &refused).into_iter().filter(fits) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// What is worth a try: what the matchers name, what they could mean, and words.
fn candidates(accepted: &[&Matcher], refused: &[&Matcher]) -> Vec<SmolStr> {
    let mut all = Vec::new();
    if refused.is_empty() {
        // `5..` rather means 500 than 5aa.
        all.extend(WORDS.map(SmolStr::new_static));
    }
    for matcher in accepted.iter().chain(refused) {
        match matcher.op {
            MatchOp::Equal | MatchOp::NotEqual => all.push(matcher.value.value.clone()),
            MatchOp::Regex | MatchOp::NotRegex => all.extend(matches(&matcher.value.value)),
        }
    }
    if refused.is_empty() && !accepted.iter().any(|matcher| matcher.op == MatchOp::Regex) {
        all.insert(0, SmolStr::default());
    } else {
        all.push(SmolStr::default());
    }
    if !refused.is_empty() {
        let words = WORDS.map(SmolStr::new_static);
        // A status that does not fail is 200 to people, and a word is clearer than no label.
        let at = usize::from(!accepted.is_empty()).min(all.len());
        let numeric =
            refused.iter().any(|matcher| matcher.value.value.starts_with(|first: char| first.is_ascii_digit()));
        let (first, second): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| is_numeric(word) == numeric);
        all.splice(at..at, first.into_iter().chain(second));
    }
    all
}

fn is_numeric(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Some texts that a regular expression matches, in the order of its alternatives.
fn matches(pattern: &str) -> Vec<SmolStr> {
    let Some(hir) = regex::hir(pattern) else { return Vec::new() };
    texts(&hir).into_iter().map(SmolStr::from).collect()
}

fn texts(hir: &Hir) -> Vec<String> {
    let mut found = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(class) => characters(class).into_iter().map(String::from).collect(),
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().flat_map(texts).collect(),
        HirKind::Concat(parts) => {
            parts.iter().map(texts).fold(vec![String::new()], |heads, tails| joined(&heads, &tails))
        }
        HirKind::Repetition(repetition) => {
            let part = texts(&repetition.sub);
            let repeated = (0..repetition.min.min(64)).fold(vec![String::new()], |heads, _| joined(&heads, &part));
            let more = if repetition.max == Some(repetition.min) { Vec::new() } else { joined(&repeated, &part) };
            // `x*` rather means some than none.
            if repetition.min == 0 { [more, repeated].concat() } else { [repeated, more].concat() }
        }
    };
    found.truncate(MOST);
    found
}

/// Every head with every tail, so that each tail comes up early.
fn joined(heads: &[String], tails: &[String]) -> Vec<String> {
    let pairs = heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")));
    pairs.take(MOST).collect()
}

/// Some characters of a class, letters and digits before others.
fn characters(class: &Class) -> Vec<char> {
    const LIKELY: [char; 10] = ['a', '0', '1', 'b', '2', 'A', 'x', '-', '/', '_'];
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let has = |c: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&c));
    let mut found: Vec<char> = LIKELY.into_iter().filter(has).take(3).collect();
    if found.is_empty() {
        found.extend(ranges.first().map(|(start, _)| *start));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::promql::{ExprKind, ParseOptions, parse};

    use super::*;

    fn selector(text: &str) -> Selector {
        match parse(text, &ParseOptions::default()).unwrap().kind {
            ExprKind::Selector(selector) => *selector,
            kind => panic!("{kind:?}"),
        }
    }

    fn text(labels: Option<LabelValues>) -> Option<String> {
        let pairs = labels?.into_iter().map(|(label, value)| format!("{label}={value}"));
        Some(pairs.collect::<Vec<_>>().join(","))
    }

    #[test]
    fn a_series_for_every_selector() {
        for (query, labels) in [
            (r#"x{job="api",code=~"5.."}"#, Some("code=500,job=api")),
            (r#"x{handler=~"/v1/.+",handler!~"/v1/(chat|images)"}"#, Some("handler=/v1/a")),
            (r#"x{view!~"healthz|metrics"}"#, Some("")),
            (r#"x{view!=""}"#, Some("view=a")),
            (r#"x{le=~"1|1[.]0"}"#, Some("le=1")),
            (r#"x{instance=~"https://shop[.]example/(|a|b)"}"#, Some("instance=https://shop.example/")),
            (r#"x{a="1",a="2"}"#, None),
            (r#"x{code=~"[^2].{2}|429"}"#, Some("code=500")),
        ] {
            let selector = selector(query);
            let found = example(&selector.matchers);
            assert_eq!(text(found.clone()).as_deref(), labels, "{query}");
            assert!(found.is_none_or(|labels| selects(&selector, "x", &labels)), "{query}");
        }
    }

    #[test]
    fn a_series_that_is_left_out() {
        for (query, refused, labels) in [
            (r#"x{job="api"}"#, r#"x{code=~"5..|429"}"#, Some("code=200,job=api")),
            (r#"x{job="api"}"#, r#"x{outcome="error"}"#, Some("job=api,outcome=a")),
            (r#"x{job="api"}"#, r#"x{job="api"}"#, None),
            (r#"x{job="api"}"#, r#"x{status="5xx"}"#, Some("job=api,status=200")),
        ] {
            let (accepted, refused) = (selector(query), selector(refused));
            let found = counterexample(&accepted.matchers, &refused.matchers);
            assert_eq!(text(found).as_deref(), labels, "{query}");
        }
    }
}
