//! Lints: expressions that Prometheus accepts and that cannot do what they seem to.
//!
//! They know nothing but the expression and what it is for; what is not certain is not claimed.
//!
//! ```
//! use slosmith::promql::lint::{Context, Lint, Role, lint};
//! use slosmith::promql::{ParseOptions, parse};
//!
//! let expr = parse("http_errors{job='a'} / sum(http_requests{job='a'})", &ParseOptions::default()).unwrap();
//! let findings = lint(&expr, &Context::new(Role::Alert));
//! assert!(findings.iter().any(|finding| finding.lint == Lint::UnmatchedOperands));
//! ```

mod absent;
mod always_firing;
mod ambiguous_match;
mod anchored_regex;
mod averages;
mod bounds;
mod contradicting_matchers;
mod counters;
mod drifting_ratio;
mod equal_to_rate;
mod finding;
mod future_offset;
mod glob_regex;
mod identical_operands;
mod impossible_comparison;
mod kinds;
mod lost_label;
mod mismatched_grouping;
mod missing_group;
mod nan_comparison;
mod nan_in_average;
mod operands;
mod quantile_arguments;
mod quantiles;
mod rates;
mod regexes;
mod replacement_pattern;
mod shape;
mod short_ranges;
mod stale_timestamp;
mod summed_buckets;
mod topk_in_rule;
mod unbounded_label;
mod unescaped_dot;

use crate::promql::{Expr, Matcher, visit};

pub use finding::Finding;
pub use kinds::Lint;
pub use nan_in_average::{may_be_nan, spoilt};
pub use unbounded_label::is_unbounded;

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The condition of an alert.
    Alert,
    /// What a recording rule records.
    Recording,
    /// A query of a dashboard, or a part that stands for itself.
    Query,
    /// An indicator over `$window`.
    Indicator,
}

/// What is known of an expression's surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// What it is for.
    pub role: Role,
    /// Milliseconds between two scrapes; without it, ranges are not judged.
    pub scrape_interval: Option<i64>,
}

impl Context {
    /// Surroundings of which nothing but the role is known.
    #[must_use]
    pub fn new(role: Role) -> Self {
        Self { role, scrape_interval: None }
    }
}

/// Looks at every part of an expression that passed [`check`](fn@crate::promql::check); findings come in no particular order.
#[must_use]
pub fn lint(expr: &Expr, context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(always_firing::check(expr, context));
    findings.extend(future_offset::check(expr, context));
    summed_buckets::check(expr, &mut findings);
    unbounded_label::check(expr, context, &mut findings);
    visit::walk(expr, &mut |part| {
        let of_part: [Option<Finding>; 22] = [
            absent::check(part, context),
            ambiguous_match::check(part),
            averages::check(part),
            contradicting_matchers::check(part),
            counters::check(part),
            drifting_ratio::check(part),
            equal_to_rate::check(part),
            identical_operands::check(part),
            impossible_comparison::check(part),
            lost_label::check(part),
            mismatched_grouping::check(part),
            missing_group::check(part),
            nan_comparison::check(part),
            nan_in_average::check(part),
            operands::check(part),
            quantile_arguments::check(part),
            quantiles::check(part),
            rates::check(part, context),
            replacement_pattern::check(part),
            short_ranges::check(part, context),
            stale_timestamp::check(part),
            topk_in_rule::check(part, context),
        ];
        findings.extend(of_part.into_iter().flatten());
        for matcher in shape::matchers(part) {
            findings.extend(lint_matcher(matcher));
        }
    });
    findings
}

/// Looks at one label matcher.
#[must_use]
pub fn lint_matcher(matcher: &Matcher) -> Option<Finding> {
    regexes::check(matcher)
        .or_else(|| glob_regex::check(matcher))
        .or_else(|| anchored_regex::check(matcher))
        .or_else(|| unescaped_dot::check(matcher))
}
