//! Alerts for Grafana to evaluate: the same as in the rule files, in Grafana's terms.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::names::{NATIVE, Names, SLOTH};
use crate::ir::{AlertRule, GrafanaAlert, GrafanaAlertFile, GrafanaAlertGroup, Rule, RuleFile, RuleGroup, RuleKind};
use crate::model::{Duration, digits};

/// How often cause alerts are evaluated, in seconds, as by Prometheus unless it is told otherwise.
const USUAL_INTERVAL: u64 = 60;

/// What Grafana counts intervals in, in seconds.
const STEP: u64 = 10;

/// The alerts of a rule file; `None` if it has none.
#[must_use]
pub fn grafana_alerts(file: &RuleFile, service: &str, datasource: &str) -> Option<GrafanaAlertFile> {
    let mut titles = BTreeSet::new();
    let groups: Vec<_> = file.groups.iter().filter_map(|it| group(it, &mut titles)).collect();
    (!groups.is_empty()).then(|| GrafanaAlertFile {
        path: format!("grafana/provisioning/alerting/rules-{service}.yaml"),
        datasource: datasource.into(),
        groups,
    })
}

/// The alerts of a group; recording rules stay in Prometheus.
fn group(group: &RuleGroup, titles: &mut BTreeSet<SmolStr>) -> Option<GrafanaAlertGroup> {
    let alerts = group.rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::Alert(alert) => Some(self::rule(rule, alert, &mut *titles)),
        RuleKind::Record(_) => None,
    });
    let rules: Vec<_> = alerts.collect();
    (!rules.is_empty()).then(|| GrafanaAlertGroup {
        name: group.name.clone(),
        interval_seconds: interval(group.interval.as_deref()),
        rules,
        origin: group.origin,
    })
}

fn interval(written: Option<&str>) -> u64 {
    let seconds = written.and_then(|text| Duration::parse(text).ok()).map(|duration| duration.millis() / 1000);
    seconds.unwrap_or(USUAL_INTERVAL).max(STEP).next_multiple_of(STEP)
}

fn rule(rule: &Rule, alert: &AlertRule, titles: &mut BTreeSet<SmolStr>) -> GrafanaAlert {
    let title = title(rule, alert, titles);
    GrafanaAlert {
        // Eight digits alone would soon be those of two alerts among thousands.
        uid: format!("slosmith-{}{}", digits(&title), digits(&format!("{title} "))).into(),
        title,
        expr: rule.expr.clone(),
        wait: alert.wait.clone(),
        keep_firing_for: alert.keep_firing_for.clone(),
        labels: rule.labels.iter().map(|(name, value)| (name.clone(), SmolStr::from(in_grafana(value)))).collect(),
        annotations: alert.annotations.iter().map(|(name, text)| (name.clone(), in_grafana(text))).collect(),
    }
}

/// The name of an alert, and what makes it the only one of it.
fn title(rule: &Rule, alert: &AlertRule, titles: &mut BTreeSet<SmolStr>) -> SmolStr {
    let label = |name: &str| rule.labels.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    // Alerts of SLOs share their names, and Grafana has each but once in a folder.
    let either = |names: fn(&Names) -> SmolStr| [&NATIVE, &SLOTH].into_iter().find_map(|it| label(names(it).as_str()));
    let title = match (either(Names::service), either(Names::slo), label("slo_budget_below")) {
        (Some(service), Some(slo), Some(below)) => format!("{} {below} {service}/{slo}", alert.name),
        (Some(service), Some(slo), None) => format!("{} {service}/{slo}", alert.name),
        _ => alert.name.to_string(),
    };
    // A name that an SLO gives to its burn alerts is that of a page and of a ticket.
    let severity = either(|names| names.severity.clone()).unwrap_or_default();
    let title = if titles.contains(title.as_str()) { format!("{title} ({severity})") } else { title };
    let title = SmolStr::from(title);
    titles.insert(title.clone());
    title
}

/// A template of Prometheus as Grafana reads it: `$value` is a text there that holds all values, and each has its own name.
fn in_grafana(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$value") {
        let is_inside = out.rfind("{{").into_iter().chain(before.rfind("{{").map(|at| out.len() + at)).max()
            > out.rfind("}}").into_iter().chain(before.rfind("}}").map(|at| out.len() + at)).max();
        let is_whole = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        out.push_str(before);
        out.push_str(if is_inside && is_whole { "$values.query.Value" } else { "$value" });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_names() {
        for (prometheus, grafana) in [
            ("{{ $value | humanize }} of $value", "{{ $values.query.Value | humanize }} of $value"),
            ("{{ $values }} {{ $valuex }}", "{{ $values }} {{ $valuex }}"),
            (
                r#"{{ printf "%.1f" $value }}, {{$value}}"#,
                r#"{{ printf "%.1f" $values.query.Value }}, {{$values.query.Value}}"#,
            ),
            ("costs $value {{ $labels.job }}", "costs $value {{ $labels.job }}"),
        ] {
            assert_eq!(in_grafana(prometheus), grafana);
        }
    }

    #[test]
    fn intervals_are_tens_of_seconds() {
        for (written, seconds) in [(Some("2m"), 120), (Some("15s"), 20), (Some("5s"), 10), (None, 60)] {
            assert_eq!(interval(written), seconds);
        }
    }
}
