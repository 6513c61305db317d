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

mod counters;
mod finding;
mod kinds;
mod operands;
mod quantiles;
mod regexes;
mod short_ranges;

use crate::promql::{Expr, ExprKind, Matcher, visit};

pub use finding::Finding;
pub use kinds::Lint;

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
    visit::walk(expr, &mut |part| {
        findings.extend(counters::check(part));
        findings.extend(operands::check(part));
        findings.extend(quantiles::check(part));
        findings.extend(short_ranges::check(part, context));
        for matcher in matchers(part) {
            findings.extend(lint_matcher(matcher));
        }
    });
    findings
}

/// Looks at one label matcher.
#[must_use]
pub fn lint_matcher(matcher: &Matcher) -> Vec<Finding> {
    regexes::check(matcher).into_iter().collect()
}

/// The matchers that stand in this part itself.
fn matchers(part: &Expr) -> &[Matcher] {
    match &part.kind {
        ExprKind::Selector(selector) => &selector.matchers,
        ExprKind::Matrix(matrix) => &matrix.selector.matchers,
        _ => &[],
    }
}
