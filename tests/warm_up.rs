//! A minute of failures pages nobody where there is little history: a new SLO, Prometheus after a restart or a gap; nor do budgets look spent.

use std::fmt::Write as _;
use std::fs;

use serde_yaml::Value;

use crate::support::{Tool, compile_text, promtool, rule_text};

/// What happens with each scrape of a part of the time: all is well, one event in ten fails, or nothing is scraped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Good,
    Failing,
    Gone,
}

/// Name, phases with their minutes.
type Story = (&'static str, &'static [(Phase, u64)]);

/// Six hours each.
const STORIES: [Story; 4] = [
    ("a new SLO", &[(Phase::Failing, 1), (Phase::Good, 359)]),
    ("a restart", &[(Phase::Good, 60), (Phase::Gone, 2), (Phase::Failing, 1), (Phase::Good, 297)]),
    ("a gap of 20m", &[(Phase::Good, 60), (Phase::Gone, 20), (Phase::Failing, 1), (Phase::Good, 279)]),
    ("a gap of 2h", &[(Phase::Good, 60), (Phase::Gone, 120), (Phase::Failing, 1), (Phase::Good, 179)]),
];

/// Name, SLI, and its series: `A` rises by 800 a minute, `G` by 800 or 720, `B` by 0 or 80; `U` is 1, or 0 while failing, `V` 0 or 1.
/// An `error_ratio` has no blocks to tell its age by and is left out.
const FAMILIES: [(&str, &str, &[&str]); 6] = [
    (
        "bad",
        r#"total: 'h_total{job="a"}', bad_when: 'code=~"5.."'"#,
        &[r#"G h_total{job="a",code="200"}"#, r#"B h_total{job="a",code="500"}"#],
    ),
    ("good", "total: j_total, good: done_total", &["A j_total", "G done_total"]),
    ("fast", "latency: d_seconds, under: 250ms", &["A d_seconds_count", r#"G d_seconds_bucket{le="0.25"}"#]),
    ("up", "up: probe_success", &["1 probe_success{p=\"a\"}", "U probe_success{p=\"b\"}", "1 probe_success{p=\"c\"}"]),
    ("all", "up: door_open, across: all", &["1 door_open{p=\"a\"}", "U door_open{p=\"b\"}"]),
    ("lag", "value: lag_seconds, good: '< 1'", &["V lag_seconds"]),
];

fn spec() -> String {
    let mut spec = "apiVersion: slosmith/v1\nservice: c\ndefaults: {scrape_interval: 15s}\nslos:\n".to_owned();
    for (name, sli, _) in FAMILIES {
        let alerting = "alerting: {budget_left: [{below: 25%, severity: ticket}]}";
        writeln!(spec, "- {{name: {name}, target: 99.5%, sli: {{{sli}}}, {alerting}}}").unwrap();
    }
    spec
}

/// The samples of a series through a story, so many in a minute, after one at 0s.
fn samples(kind: &str, phases: &[(Phase, u64)], per_minute: u64) -> String {
    let mut last = 1000;
    let mut parts = vec![if "1UV".contains(kind) { u64::from(kind != "V").to_string() } else { last.to_string() }];
    for (phase, minutes) in phases {
        let (failing, count) = (u64::from(*phase == Phase::Failing), minutes * per_minute);
        let step = match kind {
            "A" => 800,
            "G" => 800 - 80 * failing,
            _ => 80 * failing,
        } / per_minute;
        parts.push(match (phase, kind) {
            // Counters rise while nobody scrapes them.
            (Phase::Gone, _) => format!("_x{count}"),
            (_, "1") => format!("1x{}", count - 1),
            (_, "U") => format!("{}x{}", 1 - failing, count - 1),
            (_, "V") => format!("{failing}x{}", count - 1),
            (_, _) => format!("{}+{step}x{}", last + step, count - 1),
        });
        last += step * count;
    }
    parts.join(" ")
}

/// The fast blocks of a story, two in a minute, with so many events each, so many of them failed while failing.
fn blocks(phases: &[(Phase, u64)], each: [u64; 2]) -> String {
    let part = |(phase, minutes): &(Phase, u64)| match phase {
        Phase::Good => format!("{}x{}", each[0], 2 * minutes - 1),
        Phase::Failing => format!("{}x{}", each[1], 2 * minutes - 1),
        Phase::Gone => format!("_x{}", 2 * minutes),
    };
    std::iter::once("_".to_owned()).chain(phases.iter().map(part)).collect::<Vec<_>>().join(" ")
}

/// The rules of the groups of one speed, since promtool evaluates all groups at one interval.
fn only(rules: &str, speed: &str) -> String {
    let mut file: Value = serde_yaml::from_str(rules).unwrap();
    file["groups"].as_sequence_mut().unwrap().retain(|group| group["name"].as_str().unwrap().ends_with(speed));
    serde_yaml::to_string(&file).unwrap()
}

/// The raw series of a story, as lines of a test file.
fn raw(phases: &[(Phase, u64)], per_minute: u64) -> String {
    let lines = FAMILIES.iter().flat_map(|(_, _, all)| *all).map(|line| line.split_once(' ').unwrap());
    let lines = lines
        .map(|(kind, series)| format!("  - {{series: '{series}', values: '{}'}}\n", samples(kind, phases, per_minute)));
    lines.collect()
}

/// The head of a test file, or of a story in it.
fn head(interval: &str) -> String {
    format!("rule_files: [rules.yaml]\nevaluation_interval: {interval}\ntests:\n")
}

fn check(expr: &str, samples: &str) -> String {
    format!("  - {{expr: '{expr}', eval_time: 6h, exp_samples: [{samples}]}}\n")
}

const PAGES: &str = r#"count_over_time(ALERTS{alertname="SLOErrorBudgetBurnPage"}[6h])"#;

/// No page in six hours.
fn fast_test(stories: &[Story]) -> String {
    stories.iter().fold(head("30s"), |text, (name, phases)| {
        let series = raw(phases, 4);
        text + &format!(
            "- name: {name}\n  interval: 15s\n  input_series:\n{series}  promql_expr_test:\n{}",
            check(PAGES, "")
        )
    })
}

/// No alert on the budget in six hours, and all events of counters in slow blocks unless the gap was too long.
fn slow_test(stories: &[Story]) -> String {
    stories.iter().fold(head("4m"), |mut text, (name, phases)| {
        write!(text, "- name: {name}\n  interval: 30s\n  input_series:\n{}", raw(phases, 2)).unwrap();
        for (family, _, series) in FAMILIES {
            // Events of counters by the block, samples of gauges.
            let events = if series[0].starts_with(['A', 'G']) { 400 } else { 4 };
            for (what, each) in [("events", [events, events]), ("errors", [0, events / 4])] {
                let labels = format!(r#"slo_id="c-{family}",slo_service="c",slo_name="{family}""#);
                let values = blocks(phases, each);
                writeln!(text, "  - {{series: 'slo:{what}:increase_fast{{{labels}}}', values: '{values}'}}").unwrap();
            }
        }
        text.push_str("  promql_expr_test:\n");
        text.push_str(&check(r#"count_over_time(ALERTS{alertname=~"SLOErrorBudget(Low|Exhausted)"}[6h])"#, ""));
        if *name != "a gap of 2h" {
            let sum = r#"sum_over_time(slo:events:increase_slow{slo_name=~"bad|good|fast"}[6h])"#;
            text.push_str(&check(&format!("count(abs({sum} / 288000 - 1) < 0.02)"), "{value: 3}"));
        }
        text
    })
}

fn run(promtool: &Tool, rules: &str, test: &str) -> Option<String> {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), rules).unwrap();
    fs::write(work.path().join("test.yaml"), test).unwrap();
    promtool.run(work.path(), &["test", "rules", "test.yaml"])
}

#[test]
fn little_history_pages_nobody() {
    let Some(promtool) = promtool() else { return };
    let rules = only(&rule_text(&compile_text(&spec())), "-fast");
    assert_eq!(run(&promtool, &rules, &fast_test(&STORIES)), None);
    // It is the count of blocks that keeps them silent: the factor is 14.4 and 120 blocks are an hour.
    let blind = rules.replace("14.4 * 120", "14.4").replace("6 * 720", "6");
    assert_ne!(blind, rules);
    assert!(run(&promtool, &blind, &fast_test(&STORIES[..1])).is_some(), "the test fails without the count");
}

#[test]
fn little_history_spends_no_budget() {
    let Some(promtool) = promtool() else { return };
    let rules = only(&rule_text(&compile_text(&spec())), "-slow");
    assert_eq!(run(&promtool, &rules, &slow_test(&STORIES)), None);
    // It is the age of the period that does.
    let blind = rules.replace("/ 2592000", "/ 1");
    assert_ne!(blind, rules);
    assert!(run(&promtool, &blind, &slow_test(&STORIES[..1])).is_some(), "the test fails without the age");
}
