//! The expression by which a set of rules tells the error ratio of the whole period.

use super::rules::{Rule, RuleSet};
use crate::model::{Duration, RatioPart, Sli, Slo};
use crate::promql::visit::selectors;
use crate::promql::{Expr, MatchOp, Matcher, build, print_line};

/// What the error ratio over a window is called, by Sloth and here.
const RATIO: &str = "slo:sli_error:ratio_rate";

/// The expression; `None` if none of the known names is among the rules.
///
/// Sloth's and ours are recorded as such; Pyrra's is made of its `...:increase30d`, as its own pages have it.
#[must_use]
pub fn period_ratio(set: &RuleSet, slo: &Slo) -> Option<String> {
    let rules = || set.groups.iter().flat_map(|group| &group.rules).filter(|rule| !rule.is_alert());
    let is_period = |text: &str| match &slo.calendar {
        Some(calendar) => text.strip_prefix('_') == Some(calendar.unit.as_str()),
        None => Duration::parse(text) == Ok(slo.window),
    };
    if let Some(rule) = rules().find(|rule| rule.name.strip_prefix(RATIO).is_some_and(is_period)) {
        // The overall series of an SLO with groups, if there is one.
        let groups = slo.grouping.iter().flat_map(|grouping| &grouping.labels);
        let overall = groups.map(|label| (label.as_str().into(), MatchOp::Equal, "".into()));
        let own = own_labels(rule).map(|(label, value)| (label.into(), MatchOp::Equal, value.into()));
        return Some(print_line(&build::selector(rule.name.as_str(), own.chain(overall))));
    }
    let increases = || rules().filter(|rule| rule.name.rsplit_once(":increase").is_some_and(|(_, it)| is_period(it)));
    let first = increases().next()?;
    let series = |rule: &Rule, matchers: &[Matcher]| {
        let mut expr = build::selector(
            rule.name.as_str(),
            own_labels(rule).map(|(label, value)| (label.into(), MatchOp::Equal, value.into())),
        );
        if let crate::promql::ExprKind::Selector(selector) = &mut expr.kind {
            selector.matchers.retain(|matcher| matcher.label.value != "le");
            selector.matchers.extend(matchers.iter().cloned());
        }
        print_line(&expr)
    };
    match &slo.sli {
        Sli::Ratio(ratio) => {
            let (part, is_bad) = match &ratio.part {
                RatioPart::Bad(part) => (part, true),
                RatioPart::Good(part) => (part, false),
            };
            let known = matchers(&ratio.total);
            let own: Vec<Matcher> = matchers(part).into_iter().filter(|matcher| !known.contains(matcher)).collect();
            // Where failures are a metric of their own, so are their increments.
            let of_part = increases().nth(1).filter(|_| own.is_empty()).unwrap_or(first);
            let share = format!("sum({} or vector(0)) / sum({})", series(of_part, &own), series(first, &[]));
            Some(if is_bad { share } else { format!("1 - {share}") })
        }
        Sli::Latency(_) => {
            let (all, fast) = (build::matcher("le", MatchOp::Equal, ""), build::matcher("le", MatchOp::NotEqual, ""));
            let of_fast = increases().find(|rule| rule.label("le").is_some_and(|le| !le.is_empty())).unwrap_or(first);
            Some(format!("1 - sum({}) / sum({})", series(of_fast, &[fast]), series(first, &[all])))
        }
        Sli::NativeLatency(_) | Sli::Up { .. } | Sli::Value(_) | Sli::ErrorRatio(_) | Sli::Composite(_) => None,
    }
}

/// The labels that name the SLO.
fn own_labels(rule: &Rule) -> impl Iterator<Item = (&str, &str)> {
    let names = ["slo_id", "sloth_id", "slo"];
    rule.labels
        .iter()
        .filter(move |(label, _)| names.contains(&label.as_str()))
        .map(|(label, value)| (label.as_str(), value.as_str()))
}

fn matchers(expr: &Expr) -> Vec<Matcher> {
    selectors(expr).into_iter().flat_map(|it| it.selector.matchers.clone()).collect()
}
