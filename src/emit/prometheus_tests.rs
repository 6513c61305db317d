//! Files of promtool unit tests.

use std::fmt::Write as _;

use smol_str::SmolStr;

use super::yaml::push_scalar;
use crate::ir::{AlertSeries, Check, Expected, Labels, RuleTest, RuleTestFile};
use crate::promql::push_string;

/// The text of a file of tests.
#[must_use]
pub fn rule_test_file(file: &RuleTestFile) -> String {
    let mut out = String::with_capacity(1024 + file.tests.len() * 2048);
    for line in &file.header {
        push(&mut out, &["# ", line, "\n"]);
    }
    push_key(&mut out, "rule_files: [", &file.rule_file);
    push(&mut out, &["]\nevaluation_interval: ", &file.evaluation_interval, "\ngroup_eval_order:"]);
    for group in &file.groups {
        push_key(&mut out, "\n- ", group);
    }
    out.push_str("\ntests:");
    out.push_str(if file.tests.is_empty() { " []\n" } else { "\n" });
    for test in &file.tests {
        push_test(&mut out, test);
    }
    out
}

fn push_test(out: &mut String, test: &RuleTest) {
    push_key(out, "- name: ", &test.name);
    push(out, &["\n  interval: ", &test.interval, "\n  input_series:"]);
    out.push_str(if test.series.is_empty() { " []\n" } else { "\n" });
    for series in &test.series {
        push_key(out, "  - {series: ", &series.series);
        push(out, &[", values: \"", &series.values, "\"}\n"]);
    }
    out.push_str("  promql_expr_test:\n");
    let mut expression = String::with_capacity(128);
    for check in &test.checks {
        push_check(out, check, &mut expression);
    }
}

fn push_check(out: &mut String, check: &Check, expression: &mut String) {
    for comment in &check.comments {
        push(out, &["  # ", comment, "\n"]);
    }
    expression.clear();
    push_expression(expression, check);
    push_key(out, "  - {expr: ", expression);
    push(out, &[", eval_time: ", &check.at, ", exp_samples: ["]);
    match &check.expected {
        Expected::Fires { alert, labels } => push_alerts(out, expression, &alert.name, labels),
        Expected::Count { count, .. } => {
            // Writing to a string cannot fail.
            let _ = write!(out, "{{labels: \"{{}}\", value: {count}}}");
        }
        Expected::Values { values, .. } => {
            for (name, value) in values {
                push(out, &["\n    {labels: '{series=\"", name, "\"}', value: ", value, "},"]);
            }
            if out.ends_with(',') {
                out.pop();
            }
        }
        Expected::Some(_) | Expected::Total { .. } => out.push_str("{labels: \"{}\", value: 1}"),
        Expected::Silent(_) | Expected::Never(_) | Expected::Absent { .. } => {}
    }
    out.push_str("]}\n");
}

/// All alerts that fire, with all of their labels.
fn push_alerts(out: &mut String, buffer: &mut String, name: &SmolStr, alerts: &[Labels]) {
    for (index, labels) in alerts.iter().enumerate() {
        buffer.clear();
        buffer.push_str("ALERTS{alertname=");
        push_string(buffer, name);
        buffer.push_str(",alertstate=\"firing\"");
        for (label, value) in labels {
            push(buffer, &[",", label, "="]);
            push_string(buffer, value);
        }
        buffer.push('}');
        push_key(out, if index == 0 { "{labels: " } else { ", {labels: " }, buffer);
        out.push_str(", value: 1}");
    }
}

fn push_expression(out: &mut String, check: &Check) {
    match &check.expected {
        Expected::Fires { alert, .. } | Expected::Silent(alert) => push_firing(out, alert),
        Expected::Count { alert, .. } => {
            out.push_str("count(");
            push_firing(out, alert);
            out.push(')');
        }
        Expected::Some(alert) => {
            out.push_str("group(");
            push_firing(out, alert);
            out.push(')');
        }
        Expected::Never(alert) => {
            out.push_str("count_over_time(");
            push_firing(out, alert);
            push(out, &["[", &check.at, "])"]);
        }
        Expected::Total { name, labels, sum } => {
            push(out, &["abs(sum(sum_over_time(", name, "{"]);
            push_matchers(out, labels);
            push(out, &["}[", &check.at, "])) / ", sum, " - 1) < bool 0.02"]);
        }
        Expected::Values { labels, names, .. } => {
            out.push_str("round(sum by (series) (label_replace({");
            push_matchers(out, labels);
            push(out, &[",__name__=~\"", names, "\"}, \"series\", \"$1\", \"__name__\", \"(.+)\")), 0.000001)"]);
        }
        Expected::Absent { name, labels } => {
            push(out, &[name, "{"]);
            push_matchers(out, labels);
            out.push('}');
        }
    }
}

fn push_firing(out: &mut String, alert: &AlertSeries) {
    out.push_str("ALERTS{alertname=");
    push_string(out, &alert.name);
    out.push_str(",alertstate=\"firing\"");
    for label in &alert.labels {
        out.push(',');
        push_matchers(out, std::slice::from_ref(label));
    }
    out.push('}');
}

fn push_matchers(out: &mut String, labels: &[(SmolStr, SmolStr)]) {
    for (index, (label, value)) in labels.iter().enumerate() {
        push(out, &[if index == 0 { "" } else { "," }, label, "="]);
        push_string(out, value);
    }
}

fn push_key(out: &mut String, key: &str, value: &str) {
    out.push_str(key);
    push_scalar(out, value);
}

fn push(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}
