//! Group labels: one budget for each of their values.

use super::labels::LabelDecls;
use super::names::label_name;
use super::{Read, Reported, overrides};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Duration, Grouping, LabelName, Owner, SeverityLabels};
use crate::parse::decl::SloDecl;
use crate::promql::lint::is_unbounded;
use crate::source::Text;

/// Labels that a group cannot have, and why.
const RESERVED: [(&str, &str); 8] = [
    ("slo_id", "recorded series carry it to say which SLO they belong to"),
    ("slo_service", "recorded series carry it to say which SLO they belong to"),
    ("slo_name", "recorded series carry it to say which SLO they belong to"),
    ("slo_alert", "alerts carry it to tell page from ticket"),
    ("slo_budget_below", "alerts carry it to tell thresholds apart"),
    ("alertname", "alerts carry it as their name"),
    ("le", "it tells the buckets of a histogram apart, not events"),
    ("quantile", "it tells the quantiles of a summary apart, not events"),
];

/// The same of all that begin with `sloth_`.
const OF_SLOTH: &str = "with the profile of Sloth, rules set labels that begin with `sloth_`";

/// Labels of an SLO's alerts that have one value for all groups.
#[derive(Clone, Copy)]
pub(super) struct Fixed<'a> {
    /// The user's, of all layers.
    pub(super) labels: &'a [&'a LabelDecls],
    /// Sets `team`.
    pub(super) owner: Option<&'a Owner>,
    /// Sets `tier`.
    pub(super) tier: Option<&'a str>,
    /// Set by each severity.
    pub(super) severity_labels: &'a SeverityLabels,
}

/// Reads the groups of an SLO.
pub(super) fn grouping(decl: &SloDecl, fixed: Fixed<'_>, period: Duration, sink: &mut Sink) -> Read<Option<Grouping>> {
    if decl.group_by.is_empty() {
        overrides::without_groups(&decl.overrides, sink)?;
        return Ok(None);
    }
    let labels = group_labels(decl, fixed, sink).ok_or(Reported)?;
    let overrides = overrides::overrides(&decl.overrides, &labels, period, sink)?;
    Ok(Some(Grouping { labels, overrides }))
}

fn group_labels(decl: &SloDecl, fixed: Fixed<'_>, sink: &mut Sink) -> Option<Vec<LabelName>> {
    let mut labels: Vec<(LabelName, &Text)> = Vec::new();
    let mut complete = true;
    for text in &decl.group_by {
        let label = label_name(text, Code::BadGrouping, sink).filter(|label| {
            let problem = group_label_problem(label, text, &labels, fixed);
            let problem = problem.or_else(|| own_label(text, decl));
            let fine = problem.is_none();
            sink.extend(problem);
            fine
        });
        if is_unbounded(&text.value) {
            sink.push(unbounded(text));
        }
        match label {
            Some(label) => labels.push((label, text)),
            None => complete = false,
        }
    }
    complete.then(|| labels.into_iter().map(|(label, _)| label).collect())
}

/// The problem of a group label that `alerting` sets, too.
fn own_label(text: &Text, decl: &SloDecl) -> Option<Diagnostic> {
    let alerting = decl.alerting.as_ref()?;
    let extras = [&alerting.extras, &alerting.page, &alerting.ticket];
    let (key, _) = extras.into_iter().flat_map(|extras| &extras.labels).find(|(key, _)| key.value == text.value)?;
    let message = format!("`{}` is a group label and a fixed label of the SLO's alerts", text.value);
    let diagnostic =
        Diagnostic::new(Code::BadGrouping, text.span, message).secondary(key.span, "set to one value here");
    Some(diagnostic.help("remove it from `alerting`: every group's alerts carry their own value"))
}

fn unbounded(text: &Text) -> Diagnostic {
    let label = &text.value;
    let message = format!("a budget for each `{label}`, which has new values all the time");
    Diagnostic::new(Code::UnboundedLabel, text.span, message)
        .note("each value has all the series and alerts of the SLO")
        .help(format!("leave `{label}` out, or group by something with few values, such as `region`"))
}

fn group_label_problem(
    label: &LabelName,
    text: &Text,
    earlier: &[(LabelName, &Text)],
    fixed: Fixed<'_>,
) -> Option<Diagnostic> {
    let name = label.as_str();
    let reserved = RESERVED.iter().find(|(reserved, _)| *reserved == name).map(|(_, reason)| *reason);
    if let Some(reason) = reserved.or_else(|| name.starts_with("sloth_").then_some(OF_SLOTH)) {
        let message = format!("`{name}` cannot be a group label");
        return Some(Diagnostic::new(Code::BadGrouping, text.span, message).note(reason));
    }
    if let Some((_, first)) = earlier.iter().find(|(other, _)| other == label) {
        let message = format!("the group label `{name}` is listed twice");
        return Some(Diagnostic::new(Code::BadGrouping, text.span, message).secondary(first.span, "first listed here"));
    }
    let message = format!("`{name}` is a group label and a fixed label of the SLO's alerts");
    let diagnostic = Diagnostic::new(Code::BadGrouping, text.span, message);
    if let Some((key, _)) = fixed.labels.iter().copied().flatten().find(|(key, _)| key.value == name) {
        let help = "remove it from `labels`: every group's alerts carry their own value";
        return Some(diagnostic.secondary(key.span, "set to one value here").help(help));
    }
    let setter = setter(name, fixed)?;
    Some(
        diagnostic
            .note(format!("`{setter}` sets it, and the alerts of all groups would look alike"))
            .help("give the metric's label another name, for instance by relabelling"),
    )
}

/// The key that sets a label of the SLO's alerts, if one does.
fn setter(label: &str, fixed: Fixed<'_>) -> Option<&'static str> {
    match label {
        "team" => fixed.owner.map(|_| "owner"),
        "tier" => fixed.tier.map(|_| "tier"),
        _ => {
            let SeverityLabels { page, ticket } = fixed.severity_labels;
            page.keys().chain(ticket.keys()).any(|key| key.as_str() == label).then_some("severity_labels")
        }
    }
}
