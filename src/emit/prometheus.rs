//! Prometheus rule files.

use smol_str::SmolStr;

use super::yaml::{is_plain_expression, push_scalar};
use crate::ir::{AlertRule, Rule, RuleFile, RuleGroup, RuleKind};
use crate::promql::{Expr, print_over};

/// Labels of one line are at most this many bytes.
const MAX_FLOW: usize = 100;

/// The text of a rule file.
#[must_use]
pub fn rule_file(file: &RuleFile) -> String {
    let mut out = String::with_capacity(file.groups.len() * 8 * 1024);
    for line in &file.header {
        push_line(&mut out, &["# ", line]);
    }
    push_line(&mut out, &["groups:"]);
    let mut room = String::new();
    for group in &file.groups {
        push_group(&mut out, group, &mut room);
    }
    if file.groups.is_empty() {
        out.truncate(out.len() - 1);
        out.push_str(" []\n");
    }
    out
}

fn push_group(out: &mut String, group: &RuleGroup, room: &mut String) {
    if let Some(comment) = &group.comment {
        push_line(out, &["# ", comment]);
    }
    push_key(out, "- name: ", &group.name);
    if let Some(interval) = &group.interval {
        push_line(out, &["  interval: ", interval]);
    }
    push_line(out, &["  rules:"]);
    for rule in &group.rules {
        push_rule(out, rule, room);
    }
}

fn push_rule(out: &mut String, rule: &Rule, room: &mut String) {
    match &rule.kind {
        RuleKind::Record(name) => {
            push_key(out, "  - record: ", name);
            push_expr(out, &rule.expr, room);
            push_labels(out, &rule.labels);
        }
        RuleKind::Alert(alert) => {
            push_key(out, "  - alert: ", &alert.name);
            push_expr(out, &rule.expr, room);
            push_alert(out, alert, &rule.labels);
        }
    }
}

fn push_alert(out: &mut String, alert: &AlertRule, labels: &[(SmolStr, SmolStr)]) {
    if let Some(wait) = &alert.wait {
        push_line(out, &["    for: ", wait]);
    }
    if let Some(duration) = &alert.keep_firing_for {
        push_line(out, &["    keep_firing_for: ", duration]);
    }
    push_labels(out, labels);
    if alert.annotations.is_empty() {
        return;
    }
    push_line(out, &["    annotations:"]);
    for (name, text) in &alert.annotations {
        push_pair(out, "      ", name, text);
        out.push('\n');
    }
}

/// An expression on the key's line, or below it as lines of their own; `room` is where it is printed to first.
fn push_expr(out: &mut String, expr: &Expr, room: &mut String) {
    print_over(room, expr);
    let text = room.as_str();
    if is_plain_expression(text) {
        push_line(out, &["    expr: ", text]);
    } else if text.contains('\n') {
        push_line(out, &["    expr: |-"]);
        for line in text.lines() {
            push_line(out, &["      ", line]);
        }
    } else {
        push_key(out, "    expr: ", text);
    }
}

/// Labels on one line if they fit there.
fn push_labels(out: &mut String, labels: &[(SmolStr, SmolStr)]) {
    if labels.is_empty() {
        return;
    }
    let start = out.len();
    out.push_str("    labels: {");
    for (index, (name, value)) in labels.iter().enumerate() {
        push_pair(out, if index == 0 { "" } else { ", " }, name, value);
    }
    out.push('}');
    if out.len() - start > MAX_FLOW {
        out.truncate(start);
        out.push_str("    labels:");
        for (name, value) in labels {
            push_pair(out, "\n      ", name, value);
        }
    }
    out.push('\n');
}

fn push_pair(out: &mut String, before: &str, name: &str, value: &str) {
    out.push_str(before);
    push_scalar(out, name);
    out.push_str(": ");
    push_scalar(out, value);
}

fn push_key(out: &mut String, key: &str, value: &str) {
    out.push_str(key);
    push_scalar(out, value);
    out.push('\n');
}

fn push_line(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
    out.push('\n');
}
