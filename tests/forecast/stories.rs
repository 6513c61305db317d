//! What `simulate` computes for every family of SLIs is what promtool finds with the whole of the rules, catch-up
//! included: with scrapes each 2m, both groups are evaluated each 4m.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{compile_text, promtool, rule_text};

/// Seconds between two scrapes, and between two evaluations.
const SCRAPE: i64 = 120;
const EVALUATION: i64 = 240;

/// Something that happens: minutes from and until, and the percentage that fails; `None` is no data.
type Incident = (i64, i64, Option<i64>);

struct Story {
    name: &'static str,
    /// What is behind the name in the spec of the SLO.
    slo: &'static str,
    /// Hours of history.
    history: i64,
    /// Hours that are watched.
    hours: i64,
    incidents: &'static [Incident],
    /// Events per hour; none for gauges.
    events: Option<i64>,
    /// How many alerts fire, and how often.
    spells: usize,
    /// How far what is left of the budget may be off.
    tolerance: f64,
}

const ALERTING: &str = "alerting: {budget_left: [{below: 60%, severity: ticket}, {below: 0%, severity: page}], exhausts_in: {less_than: 12h, over: 1h, severity: ticket}}";

const STORIES: [Story; 9] = [
    Story {
        name: "bad events",
        slo: "target: 99.9%\n  window: 7d\n  sli: {total: 't', bad: 'b'}",
        history: 80,
        hours: 26,
        incidents: &[(40, 100, Some(5)), (300, 312, Some(100)), (600, 1_200, Some(1))],
        events: Some(360_000),
        spells: 11,
        tolerance: 0.15,
    },
    Story {
        name: "few events",
        slo: "target: 99%\n  window: 7d\n  sli: {total: 't', good: 'g'}",
        history: 24,
        hours: 16,
        incidents: &[(40, 60, Some(100)), (240, 480, Some(50))],
        events: Some(60),
        spells: 4,
        tolerance: 0.2,
    },
    Story {
        name: "a new service",
        slo: "target: 99.5%\n  sli: {total: 't', bad: 'b'}",
        history: 0,
        hours: 10,
        incidents: &[(0, 120, Some(10))],
        events: Some(360_000),
        spells: 2,
        tolerance: 0.01,
    },
    Story {
        name: "no data",
        slo: "target: 99.9%\n  window: 7d\n  sli: {total: 't', bad: 'b'}",
        history: 80,
        hours: 12,
        incidents: &[(60, 72, Some(20)), (120, 180, None), (200, 208, None)],
        events: Some(360_000),
        spells: 3,
        tolerance: 0.1,
    },
    Story {
        name: "a calendar day",
        slo: "target: 99%\n  window: {calendar: day, timezone: UTC}\n  sli: {total: 't', bad: 'b'}",
        history: 30,
        hours: 30,
        incidents: &[(60, 240, Some(9)), (1_000, 1_100, Some(20))],
        events: Some(360_000),
        spells: 5,
        tolerance: 0.03,
    },
    Story {
        name: "a probe",
        slo: "target: 99%\n  window: 7d\n  sli: {up: 'p', across: any}",
        history: 80,
        hours: 14,
        incidents: &[(60, 100, Some(100)), (300, 340, None)],
        events: None,
        spells: 3,
        tolerance: 0.05,
    },
    Story {
        name: "a limit",
        slo: "target: 99%\n  window: 7d\n  sli: {value: 'p', good: '> 0.5'}",
        history: 80,
        hours: 14,
        incidents: &[(60, 100, Some(100)), (300, 340, None)],
        events: None,
        spells: 3,
        tolerance: 0.05,
    },
    Story {
        name: "an error ratio",
        slo: "target: 99%\n  window: 7d\n  sli: {error_ratio: 'sum(rate(b[$window])) / sum(rate(t[$window]))'}",
        history: 80,
        hours: 14,
        incidents: &[(60, 120, Some(50)), (300, 600, Some(8))],
        events: Some(360_000),
        spells: 4,
        tolerance: 0.05,
    },
    Story {
        name: "slices of time",
        slo: "target: 99%\n  window: 7d\n  sli: {total: 't', bad: 'b'}\n  budget: {by: timeslices, slice: 4m, target: 95%}",
        history: 80,
        hours: 14,
        incidents: &[(60, 100, Some(20)), (300, 400, Some(3))],
        events: Some(360_000),
        spells: 2,
        tolerance: 0.1,
    },
];

impl Story {
    fn text(&self) -> String {
        let alerting = if ["bad events", "a calendar day"].contains(&self.name) {
            format!("\n  {ALERTING}")
        } else {
            String::new()
        };
        let head = "apiVersion: slosmith/v1\nservice: c\ndefaults: {scrape_interval: 2m}\nslos:\n- name: n";
        format!("{head}\n  {}{alerting}\n", self.slo)
    }

    /// What fails at a moment in minutes, in percent; `None` without data.
    fn failing(&self, minute: i64) -> Option<i64> {
        let now = self.incidents.iter().find(|(from, until, _)| (*from..*until).contains(&minute));
        now.map_or(Some(0), |(.., percent)| *percent)
    }

    /// The samples of a series in promtool's notation: `step` gives each its increment from what fails, counters add them up.
    fn samples(&self, is_counter: bool, step: impl Fn(i64) -> f64) -> String {
        let (mut text, mut sum, mut is_gone) = (String::new(), 0.0, false);
        let first = -self.history * 3_600 / SCRAPE;
        for scrape in first..=self.hours * 3_600 / SCRAPE {
            // A scrape sees what happened before it, and vanishes with what happens then.
            let failing = self.failing((scrape * SCRAPE - 1).div_euclid(60));
            let value = step(failing.unwrap_or(0));
            sum = if is_counter && scrape > first && failing.is_some() { sum + value } else { sum };
            match failing {
                Some(_) => write!(text, "{} ", if is_counter { sum } else { value }).unwrap(),
                // A target that is gone leaves a mark behind its last sample.
                None if is_gone => text.push_str("_ "),
                None => text.push_str("stale "),
            }
            is_gone = failing.is_none();
        }
        text
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn series(&self) -> String {
        let each = self.events.unwrap_or(0) as f64 * SCRAPE as f64 / 3_600.0;
        let share = |percent: i64| percent as f64 / 100.0;
        let counters = [
            ("t", self.samples(true, |_| each)),
            ("b", self.samples(true, |failing| each * share(failing))),
            ("g", self.samples(true, |failing| each * (1.0 - share(failing)))),
            ("p", self.samples(false, |failing| 1.0 - share(failing))),
        ];
        counters.map(|(name, samples)| format!("  - {{series: '{name}', values: '{samples}'}}\n")).concat()
    }

    fn simulated(&self, folder: &Path) -> Value {
        fs::create_dir_all(folder.join("slos")).unwrap();
        fs::write(folder.join("slos/c.yaml"), self.text()).unwrap();
        let start = jiff::Timestamp::from_second(self.history * 3_600).unwrap();
        let mut arguments = vec![
            format!("--start={start}"),
            format!("--history={}h", self.history),
            format!("--until={}h", self.hours),
        ];
        for (from, until, percent) in self.incidents {
            let rate = percent.map_or("gone".to_owned(), |percent| format!("{percent}%"));
            arguments.extend([
                format!("--error-rate={rate}"),
                format!("--for={}m", until - from),
                format!("--at={from}m"),
            ]);
        }
        let counted = self.events.filter(|_| !self.slo.contains("error_ratio"));
        arguments.extend(counted.map(|events| format!("--requests={events}/h")));
        let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
        command.args(["simulate", "c/n", "--format", "json"]).args(arguments).current_dir(folder);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}: {output:?}", self.name);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The promtool test of what was simulated.
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    fn test(&self, simulation: &Value) -> String {
        let mut text = format!(
            "- name: \"{}\"\n  interval: {SCRAPE}s\n  input_series:\n{}  promql_expr_test:\n",
            self.name,
            self.series()
        );
        let mut expect = |expr: String, at: i64, samples: &str| {
            let at = at + self.history * 3_600;
            writeln!(text, "  - {{expr: '{expr}', eval_time: {at}s, exp_samples: {samples}}}").unwrap();
        };
        let one = "[{labels: '{}', value: 1}]";
        let end = self.hours * 3_600;
        for alert in simulation["alerts"].as_array().unwrap() {
            let below = alert["budget_left_below_percent"]
                .as_i64()
                .map_or(String::new(), |below| format!(",slo_budget_below=\"{below}%\""));
            let alerts = format!("ALERTS{{alertname={},alertstate=\"firing\"{below}}}", alert["alert"]);
            let fires = alert["fires"].as_array().unwrap();
            if fires.is_empty() {
                expect(format!("count_over_time({alerts}[{}s])", end + self.history * 3_600), end, "[]");
            }
            for (index, spell) in fires.iter().enumerate() {
                let from = spell["from_seconds"].as_f64().unwrap() as i64;
                let until = spell["until_seconds"].as_f64().map(|until| until as i64);
                let count = format!("count({alerts})");
                let before =
                    index.checked_sub(1).and_then(|index| fires[index]["until_seconds"].as_f64()).unwrap_or(-1.0e9)
                        as i64;
                // An evaluation earlier or later is as good.
                if from - 2 * EVALUATION > before + EVALUATION && from - 2 * EVALUATION >= 0 {
                    expect(count.clone(), from - 2 * EVALUATION, "[]");
                }
                if until.is_none_or(|until| from + EVALUATION < until - EVALUATION) {
                    expect(count.clone(), from + EVALUATION, one);
                }
                let Some(until) = until else { continue };
                if until - 2 * EVALUATION > from {
                    expect(count.clone(), until - 2 * EVALUATION, one);
                }
                let next = fires.get(index + 1).and_then(|next| next["from_seconds"].as_f64()).unwrap_or(1.0e9) as i64;
                if until + EVALUATION < next - EVALUATION && until + EVALUATION <= end {
                    expect(count, until + EVALUATION, "[]");
                }
            }
        }
        for point in simulation["slow"]["points"].as_array().unwrap().iter().step_by(13) {
            let (Some(left), at) = (point["budget_left"].as_f64(), point["seconds"].as_f64().unwrap() as i64) else {
                continue;
            };
            let off = format!("abs(slo:period_error_budget_remaining:ratio - {left:.12})");
            expect(format!("max({off} < bool {})", self.tolerance), at, one);
        }
        text
    }
}

#[test]
fn stories_end_as_they_are_simulated() {
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    let mut problems = Vec::new();
    for (number, story) in STORIES.iter().enumerate() {
        let folder = work.path().join(number.to_string());
        let simulation = story.simulated(&folder);
        let spells: usize =
            simulation["alerts"].as_array().unwrap().iter().map(|alert| alert["fires"].as_array().unwrap().len()).sum();
        if spells != story.spells {
            problems.push(format!("{}: {spells} spells: {}", story.name, simulation["alerts"]));
        }
        fs::write(folder.join("rules.yaml"), rule_text(&compile_text(&story.text()))).unwrap();
        let head = format!(
            "rule_files: [rules.yaml]\nevaluation_interval: {EVALUATION}s\ngroup_eval_order: [slo-c-n-fast, slo-c-n-slow]\ntests:\n"
        );
        fs::write(folder.join("test.yaml"), head + &story.test(&simulation)).unwrap();
        problems.extend(
            promtool.run(&folder, &["test", "rules", "test.yaml"]).map(|problem| format!("{}: {problem}", story.name)),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
