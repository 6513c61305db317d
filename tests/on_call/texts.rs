//! How notifications read: amtool fills the templates that the configuration names.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use slosmith::emit::alertmanager::TEMPLATES;

use crate::support::amtool;

/// An alert as templates see it.
fn alert(name: &str, status: &str, annotations: &Value) -> Value {
    json!({
        "status": status,
        "labels": {"alertname": name, "slo_alert": "page", "slo_service": "store", "team": "platform", "instance": "store-1"},
        "annotations": annotations,
        "startsAt": "2026-03-03T10:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph?g0.expr=up",
    })
}

fn notification(status: &str, alerts: &[Value]) -> Value {
    json!({
        "receiver": "pager", "status": status, "alerts": alerts, "externalURL": "http://alertmanager:9093",
        "groupLabels": {"slo_service": "store"}, "commonAnnotations": {},
        "commonLabels": {"slo_alert": "page", "slo_service": "store"},
    })
}

fn rendered(template: &str, kind: &str, data: &Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (templates, file) = (folder.path().join("slosmith.tmpl"), folder.path().join("data.json"));
    fs::write(&templates, TEMPLATES).unwrap();
    fs::write(&file, data.to_string()).unwrap();
    let output = Command::new("amtool")
        .args(["template", "render", &format!("--template.glob={}", templates.display())])
        .args([&format!("--template.type={kind}"), &format!("--template.data={}", file.display())])
        .arg(format!("--template.text={{{{ template \"{template}\" . }}}}"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn notifications_say_what_is_wrong_and_where_to_go() {
    if amtool().is_none() {
        return;
    }
    let complete = json!({
        "summary": "store answers <1% of \"requests\" & is slow",
        "description": "p95 > 2s on store-1.",
        "runbook_url": "https://runbooks.shop.example/alerts/StoreDown#page",
        "dashboard_url": "https://grafana.shop.example/d/slo-detail?var-service=store&var-slo=up",
    });
    let cases = [
        ("one page", notification("firing", &[alert("StoreDown", "firing", &complete)])),
        (
            "two, one of them over",
            notification(
                "firing",
                &[alert("StoreDown", "firing", &complete), alert("StoreSlow", "resolved", &json!({}))],
            ),
        ),
        (
            "all is over",
            notification("resolved", &[alert("StoreSlow", "resolved", &json!({"summary": "store is slow"}))]),
        ),
        ("a dozen", notification("firing", &vec![alert("StoreSlow", "firing", &json!({})); 12])),
    ];
    let mut out = String::new();
    for (name, data) in cases {
        writeln!(out, "==== {name}").unwrap();
        for template in ["title", "slack.title", "runbook", "dashboard", "text", "slack.text", "markdown"] {
            if name != "a dozen" || template == "title" || template == "text" {
                let text = rendered(&format!("slosmith.{template}"), "text", &data);
                writeln!(out, "-- {template}\n{}", text.trim_end()).unwrap();
            }
        }
        if name == "one page" {
            writeln!(out, "-- html\n{}", rendered("slosmith.html", "html", &data).trim_end()).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}
