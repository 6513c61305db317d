//! The labels a selector asks for.

use crate::promql::labels::{Cause, Labels, Presence, Removal};
use crate::promql::name::{METRIC_NAME, has_variable};
use crate::promql::regex::{self, Verdict};
use crate::promql::{MatchOp, Matcher, Selector};

pub(super) fn labels(selector: &Selector) -> Labels {
    let mut labels = Labels::all(Presence::May);
    if selector.name.is_some() {
        labels.set(METRIC_NAME, Presence::Must);
    }
    for matcher in &selector.matchers {
        let label = &matcher.label.value;
        if has_variable(label) {
            continue;
        }
        let presence = labels.get(label).same(presence(matcher));
        labels.set(label.clone(), presence);
    }
    labels
}

/// What one matcher says of its label.
fn presence(matcher: &Matcher) -> Presence {
    let value = &matcher.value.value;
    if has_variable(value) {
        return Presence::May;
    }
    let absent = Presence::Cannot(Removal { range: matcher.range, cause: Cause::MatchedEmpty });
    match matcher.op {
        MatchOp::Equal | MatchOp::Regex if value.is_empty() => absent,
        MatchOp::NotEqual | MatchOp::NotRegex if value.is_empty() => Presence::Must,
        MatchOp::Equal => Presence::Must,
        MatchOp::NotEqual => Presence::May,
        MatchOp::Regex => match regex::verdict(value) {
            Verdict::NeedsText => Presence::Must,
            Verdict::MatchesEmpty | Verdict::Invalid(_) => Presence::May,
        },
        MatchOp::NotRegex => match regex::verdict(value) {
            Verdict::MatchesEmpty => Presence::Must,
            Verdict::NeedsText | Verdict::Invalid(_) => Presence::May,
        },
    }
}
