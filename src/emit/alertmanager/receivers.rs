//! Receivers, each with what its medium shows well.

use super::{push_line, push_pair};
use crate::ir::{Channel, Receiver};

const TITLE: &str = r#"{{ template "slosmith.title" . }}"#;
const TEXT: &str = r#"{{ template "slosmith.text" . }}"#;
const RUNBOOK: &str = r#"{{ template "slosmith.runbook" . }}"#;
const DASHBOARD: &str = r#"{{ template "slosmith.dashboard" . }}"#;
const SERVICE: &str = "{{ .CommonLabels.slo_service }}";

/// Appends a receiver with all its channels.
pub(super) fn push_receiver(out: &mut String, receiver: &Receiver) {
    push_pair(out, "- ", "name", &receiver.name);
    receiver.channels.iter().for_each(|channel| push_channel(out, channel));
}

fn push_channel(out: &mut String, channel: &Channel) {
    match channel {
        Channel::PagerDuty { key, file } => push_pagerduty(out, key, file),
        Channel::Opsgenie { api_key_file, responders } => push_opsgenie(out, api_key_file, responders),
        Channel::Slack { api_url_file, channel } => push_slack(out, api_url_file, channel.as_deref()),
        Channel::TeamsConnector { webhook_url_file } => {
            push_kind(out, "msteams_configs", &[("webhook_url_file", webhook_url_file)]);
            push_pairs(out, &[("title", TITLE), ("summary", TITLE), ("text", MARKDOWN)]);
        }
        Channel::TeamsWorkflow { webhook_url_file } => {
            push_kind(out, "msteamsv2_configs", &[("webhook_url_file", webhook_url_file)]);
            push_pairs(out, &[("title", TITLE), ("text", MARKDOWN)]);
        }
        Channel::Email { to, from, smarthost, login } => {
            push_kind(out, "email_configs", &[("to", to), ("from", from), ("smarthost", smarthost)]);
            if let Some((user, file)) = login {
                push_pairs(out, &[("auth_username", user), ("auth_password_file", file)]);
            }
            out.push_str("    send_resolved: true\n    headers:\n");
            push_pair(out, "      ", "Subject", TITLE);
            push_pairs(out, &[("text", TEXT), ("html", r#"{{ template "slosmith.html" . }}"#)]);
        }
        Channel::Webhook { key, value, token_file } => {
            push_kind(out, "webhook_configs", &[(key, value)]);
            out.push_str("    send_resolved: true\n");
            if let Some(file) = token_file {
                out.push_str("    http_config:\n      authorization:\n");
                push_pair(out, "        ", "credentials_file", file);
            }
        }
    }
}

const MARKDOWN: &str = r#"{{ template "slosmith.markdown" . }}"#;

fn push_pagerduty(out: &mut String, key: &str, file: &str) {
    push_kind(out, "pagerduty_configs", &[(key, file)]);
    let severity = r#"{{ if eq (print .CommonLabels.slo_alert) "page" }}critical{{ else }}warning{{ end }}"#;
    push_pairs(out, &[("description", TITLE), ("severity", severity), ("component", SERVICE)]);
    push_pairs(out, &[("group", "{{ .CommonLabels.team }}")]);
    out.push_str("    details:\n");
    push_pair(out, "      ", "firing", TEXT);
    out.push_str("    links:\n");
    for (href, text) in [(RUNBOOK, "Runbook"), (DASHBOARD, "Dashboard")] {
        push_pair(out, "    - ", "href", href);
        push_pair(out, "      ", "text", text);
    }
}

fn push_opsgenie(out: &mut String, file: &str, responders: &[(&'static str, smol_str::SmolStr)]) {
    push_kind(out, "opsgenie_configs", &[("api_key_file", file)]);
    let priority = r#"{{ if eq (print .CommonLabels.slo_alert) "page" }}P1{{ else }}P3{{ end }}"#;
    push_pairs(out, &[("message", TITLE), ("description", TEXT), ("priority", priority), ("entity", SERVICE)]);
    out.push_str("    details:\n");
    push_pair(out, "      ", "runbook", RUNBOOK);
    push_pair(out, "      ", "dashboard", DASHBOARD);
    if responders.is_empty() {
        return;
    }
    out.push_str("    responders:\n");
    for (kind, name) in responders {
        push_pair(out, "    - ", "type", kind);
        push_pair(out, "      ", "name", name);
    }
}

fn push_slack(out: &mut String, file: &str, channel: Option<&str>) {
    push_kind(out, "slack_configs", &[("api_url_file", file)]);
    if let Some(channel) = channel {
        push_pair(out, "    ", "channel", channel);
    }
    let color = r#"{{ if eq .Status "resolved" }}good{{ else if eq (print .CommonLabels.slo_alert) "page" }}danger{{ else }}warning{{ end }}"#;
    out.push_str("    send_resolved: true\n");
    push_pairs(out, &[("color", color), ("title", r#"{{ template "slosmith.slack.title" . }}"#)]);
    push_pairs(out, &[("title_link", RUNBOOK), ("text", r#"{{ template "slosmith.slack.text" . }}"#)]);
}

/// The list of one kind, with one item that begins with these pairs.
fn push_kind(out: &mut String, kind: &str, pairs: &[(&str, &str)]) {
    push_line(out, &["  ", kind, ":"]);
    for (index, (key, value)) in pairs.iter().enumerate() {
        push_pair(out, if index == 0 { "  - " } else { "    " }, key, value);
    }
}

fn push_pairs(out: &mut String, pairs: &[(&str, &str)]) {
    for (key, value) in pairs {
        push_pair(out, "    ", key, value);
    }
}
