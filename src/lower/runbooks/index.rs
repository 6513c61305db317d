//! The index of all runbook pages: by service, by alert, by severity.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{phrases, words};
use crate::ir::{IndexAlert, IndexService, IndexSlo, IndexSloAlert, RunbookIndex};
use crate::lower::alerting::burn_alert_name;
use crate::lower::series::Series;
use crate::model::{Alerting, CauseAlert, MissingSlice, Service, Severity, Sli, Slo, decimal_text};
use crate::model::{BUDGET_EXHAUSTED, BUDGET_EXHAUSTS_SOON, BUDGET_LOW, NO_DATA};

/// The index of the pages of all services.
#[must_use]
pub fn runbook_index(services: &[Service]) -> RunbookIndex {
    let mut entries: Vec<_> = services.par_iter().map(index_service).collect();
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    let mut alerts: Vec<_> = entries.iter().flat_map(|service| service.alerts.iter().cloned()).collect();
    alerts.sort_by(|left, right| left.name.cmp(&right.name));
    RunbookIndex { services: entries, alerts, slo_alerts: slo_alerts(services) }
}

fn index_service(service: &Service) -> IndexService {
    let slos: Vec<_> = service.slos.iter().map(index_slo).collect();
    let alerts: Vec<_> = service.alerts.iter().map(|alert| index_alert(service, alert)).collect();
    let causes = |severity: Severity| service.alerts.iter().any(|alert| alert.severity == severity);
    IndexService {
        name: service.name.to_string(),
        description: service.description.clone(),
        owner: service.owner.as_ref().map(words::owner),
        tier: service.tier.clone(),
        mttr: service.mttr.map(words::duration_in_words),
        pages: slos.iter().any(|slo| slo.pages) || causes(Severity::Page),
        tickets: slos.iter().any(|slo| slo.tickets) || causes(Severity::Ticket),
        slos,
        alerts,
    }
}

fn index_slo(slo: &Slo) -> IndexSlo {
    let has = |severity| slo.alerting.severities().any(|found| found == severity);
    IndexSlo {
        name: slo.name.to_string(),
        path: format!("{}/{}.md", slo.service, slo.name),
        description: slo.description.clone(),
        objective: words::objective(slo.objective),
        period: slo.period_in_words(),
        pages: has(Severity::Page),
        tickets: has(Severity::Ticket),
        budget: words::budget(slo.objective, slo.window),
        team: slo.owner.as_ref().map(|owner| owner.team.clone()),
        pages_when: conditions(&slo.alerting, Severity::Page),
        tickets_when: conditions(&slo.alerting, Severity::Ticket),
        policy: policy(&slo.alerting),
    }
}

/// When an SLO alerts with a severity, a few words for each alert.
fn conditions(alerting: &Alerting, severity: Severity) -> Vec<String> {
    let tiers = alerting.tiers.iter().filter(|tier| tier.severity == severity).map(|tier| {
        let (long, short) = (tier.long.in_largest_unit(), tier.short.in_largest_unit());
        format!("{} over {long} and {short}", words::number(tier.burn.factor()))
    });
    let budget = alerting.budget_left.iter().filter(|alert| alert.severity == severity);
    let budget = budget.map(|alert| format!("less than {}% of the budget left", decimal_text(alert.below_percent)));
    let exhausts = alerting.exhausts_in.iter().filter(|alert| alert.severity == severity);
    let exhausts = exhausts.map(|alert| format!("the budget lasts less than {}", alert.less_than.in_largest_unit()));
    let no_data = alerting.no_data.iter().filter(|alert| alert.severity == severity);
    let no_data = no_data.map(|alert| format!("no data for {}", alert.wait.in_largest_unit()));
    tiers.chain(budget).chain(exhausts).chain(no_data).collect()
}

/// What the team does when little of the budget is left.
fn policy(alerting: &Alerting) -> Vec<String> {
    let actions = alerting.budget_left.iter().filter_map(|alert| Some((alert, alert.action.as_ref()?)));
    actions.map(|(alert, action)| format!("below {}%: {action}", decimal_text(alert.below_percent))).collect()
}

fn index_alert(service: &Service, alert: &CauseAlert) -> IndexAlert {
    IndexAlert {
        name: alert.name.value.clone(),
        path: format!("alerts/{}.md", alert.name.value),
        service: service.name.to_string(),
        severity: alert.severity.as_str(),
        summary: phrases::annotation(alert, "summary"),
    }
}

/// The names that alerts of SLOs have, and what they mean.
fn slo_alerts(services: &[Service]) -> Vec<IndexSloAlert> {
    let mut found: BTreeMap<(String, &'static str), [bool; 2]> = BTreeMap::new();
    for slo in services.iter().flat_map(|service| &service.slos) {
        for (name, severity, meaning) in named_alerts(slo) {
            let seen = found.entry((name, meaning)).or_default();
            match severity {
                Severity::Page => seen[0] = true,
                Severity::Ticket => seen[1] = true,
            }
        }
    }
    let entry = |((name, meaning), [page, ticket]): ((String, &'static str), [bool; 2])| {
        let severities = [(page, Severity::Page), (ticket, Severity::Ticket)].into_iter();
        let severities = severities.filter(|(seen, _)| *seen).map(|(_, severity)| severity.as_str()).collect();
        IndexSloAlert { name, severities, meaning }
    };
    found.into_iter().map(entry).collect()
}

/// Every alert of an SLO: name, severity, meaning.
fn named_alerts(slo: &Slo) -> Vec<(String, Severity, &'static str)> {
    let series = Series::new(slo);
    let alerting = &slo.alerting;
    let mut found = Vec::new();
    for severity in [Severity::Page, Severity::Ticket] {
        if alerting.tiers.iter().any(|tier| tier.severity == severity) {
            let name: String = burn_alert_name(&series, severity).into();
            found.push((name, severity, "The error budget is spent many times faster than allowed."));
        }
    }
    for alert in &alerting.budget_left {
        let (name, meaning) = if alert.below_percent > rust_decimal::Decimal::ZERO {
            (BUDGET_LOW, "Little of the error budget is left.")
        } else {
            (BUDGET_EXHAUSTED, "The error budget is spent.")
        };
        found.push((name.to_owned(), alert.severity, meaning));
    }
    if let Some(alert) = &alerting.exhausts_in {
        let meaning = "At the present error rate the error budget is spent soon.";
        found.push((BUDGET_EXHAUSTS_SOON.to_owned(), alert.severity, meaning));
    }
    if let Some(alert) = &alerting.no_data {
        found.push((NO_DATA.to_owned(), alert.severity, missing(slo)));
    }
    found
}

/// What it means that data is missing.
fn missing(slo: &Slo) -> &'static str {
    match (&slo.sli, slo.slices.as_ref().map(|slices| slices.missing)) {
        (Sli::Composite(_), _) => "Nothing is recorded of a component: what the SLO says is about the others.",
        (_, Some(MissingSlice::Bad)) => "There is no data: slices without events count as bad ones.",
        (_, Some(MissingSlice::Good)) => {
            "There is no data: slices without events count as good ones, whatever happens."
        }
        (_, Some(MissingSlice::Ignored) | None) => "Nothing is recorded: no other alert of the SLO can fire.",
    }
}
