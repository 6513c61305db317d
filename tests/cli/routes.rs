//! What `slosmith routes` says of a project.

use std::fmt::Write as _;

use super::{Project, SPEC};

/// Two teams and a heartbeat.
const PROJECT: &str = r##"
receivers:
  pager: {pagerduty: {routing_key_file: /run/secrets/pagerduty}}
  shop-pager: {opsgenie: {api_key_file: /run/secrets/opsgenie}}
  chat: {slack: {api_url_file: /run/secrets/slack, channel: "#ops"}}
  heartbeat: {webhook: {url: 'https://heartbeat.example.com/ping'}}
on_call:
  page: pager
  ticket: chat
  hours: Mon-Fri 09:00-18:00 Europe/Paris
  watchdog: heartbeat
  teams: {shop: {page: shop-pager}}
"##;

#[test]
fn routes_are_shown_and_tested() {
    let project = Project::empty();
    project.write("slosmith.yaml", PROJECT);
    project.write("slos/cart.yaml", SPEC.replace("service: cart", "service: cart\nowner: shop"));
    // Of which team an alert is, is known by its series.
    project.write(
        "slos/jobs.yaml",
        "apiVersion: slosmith/v1\nservice: jobs\nalerts:\n- {alert: JobFailed, expr: 'job_failed{job=\"jobs\"} > 0', severity: page}\n",
    );
    let mut text = String::new();
    for arguments in [
        ["routes"].as_slice(),
        &["routes", "--format", "json"],
        &["routes", "test"],
        &["routes", "test", "JobFailed", "cart/availability"],
        &["routes", "test", "cart", "slo_alert=page", "--format", "json"],
        &["routes", "test", "team=shop", "slo_alert=page"],
        &["routes", "test", "severity=critical"],
        &["routes", "test", "jbos"],
    ] {
        writeln!(text, "$ slosmith {}", arguments.join(" ")).unwrap();
        text.push_str(&project.run(arguments).all());
    }
    project.write("slosmith.yaml", PROJECT.replace("page: pager", "page: pagr"));
    text.push_str(&project.run(&["routes"]).all());
    project.write("slosmith.yaml", "");
    text.push_str(&project.run(&["routes"]).all());
    insta::assert_snapshot!(text);
}
