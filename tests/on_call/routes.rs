//! amtool accepts every configuration, and sends every alert of the shop where we say.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use slosmith::source::Sources;
use slosmith::{gather, load, routes};

use super::{project, write};
use crate::examples::projects;
use crate::support::{amtool, compile_project};

/// Every kind of receiver, everything that teams can say, and names that are hard to write.
const ALL: &str = r#"
targets: {alertmanager: "0.25"}
receivers:
  pager: {pagerduty: {routing_key_file: /run/secrets/a b}, email: {to: 'ops@shop.example, Ops <x@shop.example>', from: a@shop.example, smarthost: 'smtp:25', auth_username: a, auth_password_file: c}}
  old-pager: {pagerduty: {service_key_file: /run/secrets/old}}
  genie: {opsgenie: {api_key_file: /run/secrets/genie, schedule: primary, team: search}}
  chat: {slack: {api_url_file: /run/secrets/slack, channel: '#ops'}}
  plain-chat: {slack: {api_url_file: /run/secrets/slack}}
  bridge: {webhook: {url: 'http://bridge:8080/alerts', token_file: /run/secrets/token}}
on_call:
  page: pager
  ticket: chat
  other: bridge
  hours: Mon-Fri 09:00-18:00 Europe/Paris
  holidays: [12-24/01-01, 2027-03-29]
  watchdog: bridge
  external_labels: [cluster]
  teams:
    search: {page: genie, hours: always}
    'it''s "ours" \ {x}.*': {page: old-pager, ticket: plain-chat, hours: 'Mon-Thu,Sat 08:00-12:00,13:00-24:00'}
"#;

const SPECS: [(&str, &str); 3] = [
    (
        "slos/search.yaml",
        "apiVersion: slosmith/v1\nservice: search\nowner: search\ndepends_on: [store]\nslos:\n- {name: up, target: 99%, sli: {up: 'up{job=\"search\"}'}, group_by: [region]}\n",
    ),
    (
        "slos/store.yaml",
        "apiVersion: slosmith/v1\nservice: store\nowner: 'it''s \"ours\" \\ {x}.*'\nslos:\n- {name: up, target: 99%, sli: {up: 'up{job=\"store\"}'}}\nalerts:\n- {alert: StoreDown, expr: 'up{job=\"store\"} == 0', severity: page, inhibits: {alerts: [StoreSlow, StoreFull], equal: [instance]}}\n- {alert: StoreSlow, expr: 'store_seconds{job=\"store\"} > 1', severity: ticket}\n- {alert: StoreFull, expr: 'store_used_bytes{job=\"store\"} > 1', severity: page}\n",
    ),
    (
        "slos/cart.yaml",
        "apiVersion: slosmith/v1\nservice: cart\ndepends_on: [store]\nslos:\n- {name: up, target: 99%, sli: {up: 'up{job=\"cart\"}'}}\n",
    ),
];

fn everything() -> Vec<(&'static str, &'static str)> {
    [("slosmith.yaml", ALL)].into_iter().chain(SPECS).collect()
}

#[test]
fn amtool_accepts_every_configuration() {
    let Some(amtool) = amtool() else { return };
    let mut checked = 0;
    for folder in projects() {
        let compiled = compile_project(&folder).1;
        if compiled.outputs.iter().any(|output| output.path.starts_with("alertmanager/")) {
            let folder = tempfile::tempdir().unwrap();
            let config = write(&compiled, folder.path());
            assert_eq!(amtool.run(folder.path(), &["check-config", &config]), None);
            checked += 1;
        }
    }
    assert!(checked > 0, "the shop has receivers");
    let folder = tempfile::tempdir().unwrap();
    let config = write(&project(&everything()).1, folder.path());
    assert_eq!(amtool.run(folder.path(), &["check-config", &config]), None);
}

#[test]
fn what_is_written_for_all_kinds_of_receivers() {
    let compiled = project(&everything()).1;
    insta::assert_snapshot!(super::text(&compiled, "alertmanager/alertmanager.yaml"));
    let newest =
        ALL.replace("{alertmanager: \"0.25\"}", "{}").replace("url: 'http://bridge:8080/alerts'", "url_file: /x");
    let newest =
        newest.replace("  old-pager:", "  teams-chat: {teams: {webhook_url_file: /run/secrets/teams}}\n  old-pager:");
    let newest =
        newest.replace("ticket: plain-chat", "ticket: teams-chat").replace("ticket: chat", "ticket: plain-chat");
    let newest = newest.replace("other: bridge", "other: chat");
    let files: Vec<_> = [("slosmith.yaml", newest.as_str())].into_iter().chain(SPECS).collect();
    let config = project(&files).1;
    let config = super::text(&config, "alertmanager/alertmanager.yaml");
    assert!(config.contains("  msteamsv2_configs:\n  - webhook_url_file: \"/run/secrets/teams\"\n"), "{config}");
    assert!(config.contains("  webhook_configs:\n  - url_file: \"/x\"\n"), "{config}");
}

/// Where amtool sends an alert of these labels.
fn sent(config: &str, labels: &BTreeMap<String, String>) -> String {
    let mut command = Command::new("amtool");
    command.args(["config", "routes", "test", "--config.file", config]);
    // amtool reads a pair as a matcher, whose value stands in quotes.
    let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
    command.args(labels.iter().map(|(name, value)| format!("{name}=\"{}\"", quoted(value))));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn agrees(sources: &Sources, config: &str) -> usize {
    let routes = routes(sources);
    assert!(routes.routing.is_some());
    for alert in &routes.alerts {
        let labels = alert.labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let ours: Vec<&str> = alert.ends.iter().map(|end| end.receiver.as_str()).collect();
        let theirs = sent(config, &labels);
        assert!(ours.contains(&theirs.as_str()), "{labels:?}: we say {ours:?}, amtool {theirs}");
        // Labels of series that could decide otherwise are rare: nearly always there is one end.
        assert!(ours.len() == 1 || alert.labels.get("team").is_none(), "{labels:?}: {ours:?}");
    }
    routes.alerts.len()
}

#[test]
fn every_alert_goes_where_amtool_sends_it() {
    if amtool().is_none() {
        return;
    }
    let shop = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = gather(None, |wanted| load::read(shop, wanted)).unwrap().sources;
    let config = shop.join("generated/alertmanager/alertmanager.yaml");
    let count = agrees(&sources, config.to_str().unwrap());
    assert!(count > 150, "the shop has many alerts, not {count}");

    let (sources, compiled) = project(&everything());
    let folder = tempfile::tempdir().unwrap();
    let config = write(&compiled, folder.path());
    assert!(agrees(&sources, &config) > 10);
    let labels = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    for (alert, receiver) in [
        (labels(&[("alertname", "Foreign"), ("severity", "critical")]), "bridge"),
        (labels(&[("slo_alert", "page"), ("team", "nobody's")]), "pager"),
        (labels(&[("slo_alert", "ticket"), ("team", "search")]), "chat"),
        (labels(&[("slo_alert", "page"), ("team", "it's \"ours\" \\ {x}.*")]), "old-pager"),
    ] {
        assert_eq!(sent(&config, &alert), receiver);
    }
}

#[test]
fn no_receivers_no_files() {
    let spec = "apiVersion: slosmith/v1\nservice: cart\ndepends_on: []\nalerts:\n- {alert: A, expr: 'up{job=\"a\"} == 0', severity: page}\n";
    let compiled = project(&[("slos/cart.yaml", spec)]).1;
    assert!(compiled.outputs.iter().all(|output| !output.path.starts_with("alertmanager/")));
}
