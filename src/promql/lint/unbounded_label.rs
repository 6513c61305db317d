//! Labels with a value for each user or request, in rules.

use smol_str::SmolStr;

use crate::promql::lint::{Context, Finding, Lint, Role};
use crate::promql::{Expr, ExprKind, GroupingKind, MatchingKind, Ranged, labels, visit};

/// Labels that have as many values as there are people, visits or events, whoever counts; sorted.
const UNBOUNDED: [&str; 28] = [
    "cart_id",
    "client_ip",
    "correlation_id",
    "email",
    "email_address",
    "event_id",
    "full_url",
    "guid",
    "invoice_id",
    "ip_address",
    "message_id",
    "order_id",
    "payment_id",
    "query_string",
    "remote_addr",
    "remote_ip",
    "request_id",
    "request_uri",
    "session",
    "session_id",
    "span_id",
    "trace_id",
    "transaction_id",
    "user_agent",
    "user_email",
    "user_id",
    "userid",
    "uuid",
];

/// Whether a label has a value for each user, visit or event, to judge by its name.
#[must_use]
pub fn is_unbounded(label: &str) -> bool {
    let plain = label.to_ascii_lowercase();
    UNBOUNDED.binary_search(&plain.as_str()).is_ok()
}

/// In a rule, where every value is a series or an alert; a query may look at them once.
pub(super) fn check(expr: &Expr, context: &Context, findings: &mut Vec<Finding>) {
    match context.role {
        Role::Query => return,
        Role::Alert | Role::Recording | Role::Indicator => {}
    }
    visit::walk(expr, &mut |part| {
        let Some((label, words)) = named(part) else { return };
        // Counting the values and throwing them away is fine.
        let is_kept = matches!(part.kind, ExprKind::Binary(_)) || labels::of(expr).may_have(&label.value);
        if is_kept {
            findings.push(finding(label, words));
        }
    });
}

/// A label that a part names, and what for.
fn named(part: &Expr) -> Option<(&Ranged<SmolStr>, &'static str)> {
    let (listed, words) = match &part.kind {
        ExprKind::Aggregate(aggregate) => {
            let grouping = aggregate.grouping.as_ref().filter(|grouping| grouping.kind == GroupingKind::By)?;
            (&grouping.labels, "grouped by")
        }
        ExprKind::Binary(binary) => {
            let matching = binary.matching.as_ref().filter(|matching| matching.kind == MatchingKind::On)?;
            (&matching.labels, "paired on")
        }
        _ => return None,
    };
    listed.iter().find(|label| is_unbounded(&label.value)).map(|label| (label, words))
}

fn finding(label: &Ranged<SmolStr>, words: &str) -> Finding {
    let name = &label.value;
    Finding::new(Lint::UnboundedLabel, label.range, format!("{words} `{name}`, which has new values all the time"))
        .note("each value is a series of its own, in this rule and wherever it is stored, until memory runs out")
        .help(format!("leave `{name}` out; such details belong into logs and traces"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(UNBOUNDED.is_sorted());
        assert!(is_unbounded("user_id") && is_unbounded("User_ID") && !is_unbounded("job"));
    }
}
