//! The labels that a project names anywhere: in expressions, templates, rules and groups.

use std::collections::BTreeSet;

use crate::go_template;
use crate::model::{CauseAlert, Service};
use crate::promql::{Expr, ExprKind, labels, visit};

/// Labels of every target of Prometheus, and those that rules set.
const ALWAYS: [&str; 9] =
    ["alertname", "instance", "job", "slo_alert", "slo_id", "slo_name", "slo_service", "team", "tier"];

/// All of them; that an alert has a label which is not among them, nobody has said.
pub(super) fn named_labels(services: &[&Service]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = ALWAYS.map(str::to_owned).into();
    for service in services {
        found.extend(service.labels.keys().map(ToString::to_string));
        for slo in &service.slos {
            found.extend(slo.labels.keys().map(ToString::to_string));
            let groups = slo.grouping.iter().flat_map(|grouping| &grouping.labels);
            found.extend(groups.map(ToString::to_string));
        }
        for alert in &service.alerts {
            of_alert(service, alert, &mut found);
        }
    }
    found
}

fn of_alert(service: &Service, alert: &CauseAlert, found: &mut BTreeSet<String>) {
    of_expr(&alert.expr, found);
    alert.or_absent.iter().for_each(|expr| of_expr(expr, found));
    found.extend(service.severity_labels.of(alert.severity).keys().map(ToString::to_string));
    found.extend(alert.labels.iter().map(|(name, _)| name.clone()));
    for (_, text) in alert.labels.iter().chain(&alert.annotations) {
        let template = go_template::parse(&text.value);
        let uses = template.iter().flat_map(go_template::Template::label_uses);
        found.extend(uses.map(|(label, _)| label.clone()));
    }
}

/// Labels that matchers, groupings and pairings name, and those that functions set.
fn of_expr(expr: &Expr, found: &mut BTreeSet<String>) {
    let known = labels::of(expr);
    found.extend(known.certain().chain(known.uncertain()).map(ToString::to_string));
    for selected in visit::selectors(expr) {
        found.extend(selected.selector.matchers.iter().map(|matcher| matcher.label.value.to_string()));
    }
    visit::walk(expr, &mut |part| match &part.kind {
        ExprKind::Aggregate(aggregate) => {
            found.extend(aggregate.grouping.iter().flat_map(|by| &by.labels).map(|label| label.value.to_string()));
        }
        ExprKind::Binary(binary) => {
            found.extend(binary.matching.iter().flat_map(|on| &on.labels).map(|label| label.value.to_string()));
        }
        _ => {}
    });
}
