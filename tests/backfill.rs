//! The history that backfilled rules give to new SLOs, in blocks of a real Prometheus: what they sum to is the truth.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};

use crate::support::{prometheus, promtool};

/// A week in which clocks change, with maintenance in the night of the change, and an outage that was taken out.
const FROM: &str = "2026-03-25T00:00Z";
const TO: &str = "2026-04-01T00:00Z";
const EXCLUDED: [[&str; 2]; 2] =
    [["2026-03-29T01:00Z", "2026-03-29T02:30Z"], ["2026-03-30T10:00Z", "2026-03-30T11:25Z"]];

const SPEC: &str = "\
apiVersion: slosmith/v1
service: cart
defaults: {window: 7d}
slos:
- name: availability
  target: 99%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
  group_by: [region]
- name: good
  target: 99%
  sli: {total: 'http_requests_total{job=\"cart\"}', good_when: 'code=\"200\"'}
- name: up
  target: 99%
  sli: {up: 'probe_success{job=\"cart\"}', across: average}
- name: slices
  target: 99%
  sli: {up: 'probe_success{job=\"cart\"}', across: average}
  budget: {by: timeslices, slice: 2m}
- name: everything
  target: 99%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
maintenance:
- {name: failover, start: 2026-01-04T02:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU, timezone: Europe/Paris, slos: [good]}
- {name: same-in-utc, start: 2026-01-04T01:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU, slos: [availability, up, slices]}
- {name: outage, from: 2026-03-30T10:00Z, to: 2026-03-30T11:25Z, reason: Not ours., slos: [availability, good, up, slices]}
";

fn seconds(moment: &str) -> i64 {
    moment.parse::<Timestamp>().unwrap().as_second()
}

fn compiled() -> Compiled {
    let mut sources = Sources::default();
    let mut add = |path: &str, kind, text: &str| {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    };
    add("slosmith.yaml", SourceKind::Project, "targets: {backfill: on}\n");
    add("slos/cart.yaml", SourceKind::Spec, SPEC);
    compile(&sources)
}

fn output<'a>(compiled: &'a Compiled, path: &str) -> &'a str {
    let found = compiled.outputs.iter().find(|output| output.path == path);
    &found.unwrap_or_else(|| panic!("no {path}: {:#?}", compiled.diagnostics)).text
}

/// Requests and failures of a minute in a region; all fail in what is excluded.
fn minute(at: i64, region: usize) -> (i64, i64) {
    let total = if region == 0 { 600 } else { 120 };
    let excluded = EXCLUDED.iter().any(|[from, to]| (seconds(from)..seconds(to)).contains(&at));
    let one_in = if (at / 86_400) % 2 == 0 { 100 } else { 40 } / if region == 0 { 1 } else { 2 };
    (total, if excluded { total } else { total / one_in })
}

/// Raw series of the week as text, and the true error ratios: without what is excluded in each region, and with all of it.
#[expect(clippy::cast_precision_loss, reason = "millions of requests")]
fn history() -> (String, [f64; 2], f64) {
    let mut lines = [String::new(), String::new(), String::new(), String::new()];
    let mut probes = String::new();
    let (mut sums, mut all) = ([(0, 0); 2], (0, 0));
    for region in 0..2 {
        let (mut good, mut bad) = (0, 0);
        for at in (seconds(FROM)..=seconds(TO)).step_by(60) {
            let name = ["eu", "us"][region];
            // Never at the very moment of an evaluation, as scrapes are.
            let scrape = at + 7;
            writeln!(
                lines[region],
                "http_requests_total{{job=\"cart\",region=\"{name}\",code=\"200\"}} {good} {scrape}"
            )
            .unwrap();
            writeln!(
                lines[2 + region],
                "http_requests_total{{job=\"cart\",region=\"{name}\",code=\"500\"}} {bad} {scrape}"
            )
            .unwrap();
            let (total, failed) = minute(at, region);
            (good, bad) = (good + total - failed, bad + failed);
            all = (all.0 + total, all.1 + failed);
            if failed < total {
                sums[region] = (sums[region].0 + total, sums[region].1 + failed);
            }
            if region == 0 {
                // Down for the first five minutes of each hour, and in what is excluded.
                let up = u8::from(at % 3_600 >= 300 && failed < total);
                writeln!(probes, "probe_success{{job=\"cart\",instance=\"a\"}} {up} {scrape}").unwrap();
            }
        }
    }
    let [one, two, three, four] = lines;
    let text =
        format!("# TYPE http_requests counter\n{one}{three}{two}{four}# TYPE probe_success gauge\n{probes}# EOF\n");
    let ratio = |(total, failed): (i64, i64)| failed as f64 / total as f64;
    (text, sums.map(ratio), ratio(all))
}

/// A Prometheus over a folder, which ends with the test.
struct Running(Child, String);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &Path) -> Running {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = data.with_extension("yaml");
    fs::write(&config, "global: {}\n").unwrap();
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .args(["--storage.tsdb.retention.time=100y", "--log.level=error"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child, format!("http://127.0.0.1:{port}"));
    for _ in 0..600 {
        if !query(&running.1, "vector(1)").is_empty() {
            return running;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("Prometheus does not start");
}

/// What a query yields at the end of the week.
fn query(url: &str, expr: &str) -> String {
    let time = format!("--time={}", seconds(TO));
    let output = Command::new("promtool").args(["query", "instant", &time, url, expr]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn number(url: &str, expr: &str) -> f64 {
    let text = query(url, expr);
    let value = text.split("=> ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|value| value.parse().ok());
    value.unwrap_or_else(|| panic!("{expr}\nyields {text:?}"))
}

/// The expression of a rule of an SLO.
fn rule(rules: &str, slo: &str, name: &str) -> String {
    let file: serde_yaml::Value = serde_yaml::from_str(rules).unwrap();
    let groups = file["groups"].as_sequence().unwrap();
    let rules = groups.iter().flat_map(|group| group["rules"].as_sequence().unwrap());
    let mut own = rules.filter(|rule| rule["record"] == name && rule["labels"]["slo_name"] == slo);
    own.next().unwrap()["expr"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_slo_has_its_period_at_once() {
    let (Some(promtool), Some(_)) = (promtool(), prometheus()) else { return };
    let work = tempfile::tempdir().unwrap();
    let data = work.path().join("data");
    let compiled = compiled();
    let (text, [eu, us], everything) = history();
    fs::write(work.path().join("history.txt"), text).unwrap();
    fs::write(work.path().join("backfill.yaml"), output(&compiled, "prometheus/backfill/cart.yaml")).unwrap();
    let run = |args: &[&str]| {
        let failure = promtool.run(work.path(), args);
        assert!(failure.is_none(), "{}", failure.unwrap_or_default());
    };
    run(&["check", "rules", "backfill.yaml"]);
    run(&["tsdb", "create-blocks-from", "openmetrics", "history.txt", "data"]);
    let raw = start(&data);
    let url = format!("--url={}", raw.1);
    let (from, to) = (format!("--start={}", seconds(FROM)), format!("--end={}", seconds(TO)));
    run(&[
        "tsdb",
        "create-blocks-from",
        "rules",
        &url,
        &from,
        &to,
        "--eval-interval=4m",
        "--output-dir=data",
        "backfill.yaml",
    ]);
    drop(raw);
    let filled = start(&data);
    let rules = output(&compiled, "prometheus/rules/cart.yaml");
    let ratio = |slo: &str| {
        // In a rule group, the time of the evaluation is recorded first.
        let expr = rule(rules, slo, "slo:sli_error:ratio_rate7d");
        let clock = format!("slo:evaluated:timestamp{{slo_id=\"cart-{slo}\"}} @ end()");
        expr.replace(&clock, &format!("vector({})", seconds(TO)))
    };
    let near = |expr: &str, truth: f64| {
        let value = number(&filled.1, expr);
        assert!((value / truth - 1.0).abs() < 0.001, "{value} instead of {truth}:\n{expr}");
    };
    for (region, truth) in [("eu", eu), ("us", us)] {
        near(
            &format!(
                "sum(label_replace({}, \"own\", \"$1\", \"region\", \"({region})\") and on (own) label_replace(vector(1), \"own\", \"{region}\", \"\", \"\"))",
                ratio("availability")
            ),
            truth,
        );
    }
    let overall = (eu * 600.0 + us * 120.0) / 720.0;
    near(&format!("sum({})", ratio("good")), overall);
    near(&format!("sum({})", ratio("everything")), everything);
    // Five minutes of sixty; whole blocks at the ends of what is excluded are lost.
    let up = number(&filled.1, &format!("sum({})", ratio("up")));
    assert!((up / (5.0 / 60.0) - 1.0).abs() < 0.02, "{up}");
    // Three slices of thirty.
    let slices = number(&filled.1, &format!("sum({})", ratio("slices")));
    assert!((slices / 0.1 - 1.0).abs() < 0.02, "{slices}");
    // Nothing of what is excluded is in a block, and there is one every four minutes outside.
    let blocks = "sum(count_over_time(slo:events:increase_slow{slo_id=\"cart-good\"}[7d]))";
    let expected = 7.0 * 360.0 - 47.0;
    assert!((number(&filled.1, blocks) - expected).abs() <= 4.0, "{}", number(&filled.1, blocks));
}

/// Rules that are loaded at a minute, after a history of blocks that ended at minute 60: what three hours of blocks hold in the end.
fn loaded_at(promtool: &crate::support::Tool, minute: u64, checks: &str) -> Option<String> {
    let spec = "apiVersion: slosmith/v1\nservice: cart\nslos:\n- name: a\n  target: 99%\n  sli: {total: 'r_total', bad: 'f_total'}\n";
    let text = crate::support::rule_text(&crate::support::compile_text(spec));
    let mut file: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    for group in file["groups"].as_sequence_mut().unwrap() {
        let rules = group["rules"].as_sequence_mut().unwrap();
        rules.retain(|rule| rule["record"].as_str().is_some());
        for rule in rules {
            let expr = rule["expr"].as_str().unwrap();
            rule["expr"] = format!("({expr}) and on () (vector(time()) >= {})", minute * 60).into();
        }
    }
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), serde_yaml::to_string(&file).unwrap()).unwrap();
    let mut scenario = "rule_files: [rules.yaml]\nevaluation_interval: 4m\ngroup_eval_order: [slo-cart-a-fast, slo-cart-a-slow]\ntests:\n\
                    - interval: 1m\n  input_series:\n  - {series: r_total, values: '0+600x240'}\n  - {series: f_total, values: '0+6x240'}\n"
        .to_owned();
    for (name, value) in [("events", 2400), ("errors", 24)] {
        let labels = "slo_id=\"cart-a\",slo_service=\"cart\",slo_name=\"a\"";
        let values = format!("_ _ _ {value} ").repeat(15);
        writeln!(scenario, "  - {{series: 'slo:{name}:increase_slow{{{labels}}}', values: '_ {values}'}}").unwrap();
    }
    fs::write(work.path().join("test.yaml"), format!("{scenario}  promql_expr_test:\n{checks}")).unwrap();
    promtool.run(work.path(), &["test", "rules", "test.yaml"])
}

#[test]
fn rules_take_over_from_the_history() {
    let Some(promtool) = promtool() else { return };
    let check = |expr: &str| {
        format!("  - {{expr: 'count({expr})', eval_time: 3h, exp_samples: [{{labels: '{{}}', value: 1}}]}}\n")
    };
    let all = "sum_over_time(slo:events:increase_slow[3h])";
    // Three hours of 600 a minute, to one block.
    let whole = check(&format!("abs({all} - 108000) <= 2400"));
    let ratio = check("abs(slo:sli_error:ratio_rate30d - 0.01) < 0.0001");
    for minute in [64, 72, 84] {
        assert_eq!(loaded_at(&promtool, minute, &[whole.clone(), ratio.clone()].concat()), None, "loaded at {minute}m");
    }
    // Too late: an hour is lost, but for what is caught up.
    assert_eq!(loaded_at(&promtool, 120, &check(&format!("abs({all} - 108000 + 28 * 600) <= 2400"))), None);
    assert!(loaded_at(&promtool, 120, &whole).is_some());
}
