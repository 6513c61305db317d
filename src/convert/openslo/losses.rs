//! What OpenSLO cannot say.

use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::{AlertExtrasDecl, AlertingDecl, LinksDecl, SloDecl, SpecDecl};
use crate::source::{Span, Text};

/// The problem of a key that OpenSLO has no counterpart of.
pub(super) fn loss(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedFeature, span, format!("OpenSLO cannot say `{key}`"))
        .help("leave it out of what is converted, or keep the spec in slosmith's own language")
}

/// The warning of a key that is left out, or written as something else.
pub(super) fn change(span: Span, message: &str, note: &str) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, span, message).note(note)
}

/// Reports what a spec says beside its SLOs.
pub(super) fn of_spec(spec: &SpecDecl, sink: &mut Sink) {
    let defaults = &spec.defaults;
    let severities = defaults.severity_labels.as_ref();
    let severities = severities.and_then(|labels| labels.page.first().or(labels.ticket.first()));
    let keys = [
        ("mttr", spec.mttr.as_ref().or(defaults.mttr.as_ref()).map(|text| text.span)),
        ("depends_on", spec.depends_on.first().map(|text| text.span)),
        ("alerts", spec.alerts.first().map(|alert| alert.span)),
        ("dashboards", spec.dashboards.first().map(|board| board.span)),
        ("maintenance", spec.maintenance.first().map(|time| time.span)),
        ("defaults.scrape_interval", defaults.scrape_interval.as_ref().map(|text| text.span)),
        ("defaults.severity_labels", severities.map(|(name, _)| name.span)),
    ];
    sink.extend(keys.into_iter().filter_map(|(key, span)| Some(loss(span?, key))));
    if let Some(profile) = &defaults.profile {
        let note = "whose names the recorded series have is said by `defaults.profile` of slosmith.yaml, if they are not slosmith's";
        sink.push(change(profile.name.span, "`profile` is not written", note));
    }
    of_alerting(defaults.alerting.as_ref(), sink);
    of_links(&spec.links, sink);
    of_links(&defaults.links, sink);
}

/// Reports what an SLO says beside what it measures.
pub(super) fn of_slo(slo: &SloDecl, sink: &mut Sink) {
    let keys = [
        ("group_by", slo.group_by.first().map(|label| label.span)),
        ("overrides", slo.overrides.first().map(|rule| rule.span)),
        ("runbook", slo.runbook.as_ref().map(|topic| topic.span)),
        ("budget.no_data", slo.budget.as_ref().and_then(|budget| budget.no_data.as_ref()).map(|text| text.span)),
    ];
    sink.extend(keys.into_iter().filter_map(|(key, span)| Some(loss(span?, key))));
    of_alerting(slo.alerting.as_ref(), sink);
    of_links(&slo.links, sink);
}

fn of_links(links: &LinksDecl, sink: &mut Sink) {
    let keys = [("alert_runbook", &links.alert_runbook), ("repo", &links.repo), ("prometheus", &links.prometheus)];
    sink.extend(keys.into_iter().filter_map(|(key, link)| Some(loss(link.as_ref()?.span, &format!("links.{key}")))));
}

fn of_alerting(alerting: Option<&AlertingDecl>, sink: &mut Sink) {
    let Some(decl) = alerting else { return };
    let place = |text: &Option<Text>| text.as_ref().map(|text| text.span);
    let keys = [
        ("alerting.name", place(&decl.name)),
        ("alerting.min_errors", place(&decl.min_errors)),
        ("alerting.budget_left", decl.budget_left.first().map(|alert| alert.span)),
        ("alerting.exhausts_in", decl.exhausts_in.as_ref().map(|alert| alert.span)),
        ("alerting.labels", first(&decl.extras)),
        ("alerting.page", first(&decl.page)),
        ("alerting.ticket", first(&decl.ticket)),
    ];
    sink.extend(keys.into_iter().filter_map(|(key, span)| Some(loss(span?, key))));
}

/// Where labels or annotations stand, if there are any.
fn first(extras: &AlertExtrasDecl) -> Option<Span> {
    extras.labels.first().or(extras.annotations.first()).map(|(name, _)| name.span)
}
