//! `slosmith compare`: what it prints of a real Prometheus, and that rules are evaluated as promtool's own rule manager does.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{prometheus, promtool};

/// The folder with rules of other tools, and the same SLO in our language.
fn example() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/compare"))
}

fn compare(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
    command.arg("compare").args(arguments).args(["--color", "never", "--width", "120"]).current_dir(folder);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn tables_tell_who_fires_when() {
    if prometheus().is_none() {
        return;
    }
    let arguments = ["--incident", "outage,blip,gap", "--history", "6h", "-q"];
    for (name, other) in [("sloth", "sloth.yaml"), ("pyrra", "pyrra.yaml")] {
        let output = compare(example(), &[&[other, "cart.yaml"], arguments.as_slice()].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "");
        insta::with_settings!({filters => vec![(r"Prometheus \d+\.\d+\.\d+", "Prometheus VERSION")]}, {
            insta::assert_snapshot!(name, text(&output.stdout));
        });
    }
}

#[test]
fn mistakes_have_a_way_out() {
    let cases: [(&str, &[&str]); 6] = [
        ("no Prometheus", &["sloth.yaml", "cart.yaml", "--prometheus", "prometheus-of-old"]),
        ("no spec", &["sloth.yaml", "pyrra.yaml"]),
        ("unknown SLO", &["sloth.yaml", "cart.yaml", "--slo", "#latency"]),
        ("unknown id", &["sloth.yaml", "cart.yaml", "--id-a", "shop"]),
        ("unknown incident", &["sloth.yaml", "cart.yaml", "--incident", "outrage"]),
        ("no such file", &["nowhere.yaml", "cart.yaml"]),
    ];
    let mut all = String::new();
    for (name, arguments) in cases {
        let output = compare(example(), arguments);
        assert_eq!(output.status.code(), Some(2), "{name}");
        write!(all, "{name}:\n{}\n", text(&output.stderr)).unwrap();
    }
    insta::assert_snapshot!("mistakes", all);
}

/// Rules with all that is difficult: one that reads a later one, one that reads itself, series that end, alerts that wait and are kept.
const RULES: &str = r#"groups:
- name: one
  interval: 30s
  rules:
  - {record: late, expr: later * 1}
  - {record: later, expr: 'sum(rate(http_requests_total{job="cart",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="cart"}[5m]))'}
  - {record: failing, expr: later > 0.0222}
  - {record: steady, expr: '(later and count_over_time(steady[75s]) >= 1) or later * 2'}
  - {record: sticky, expr: 'failing * 0 + 1 or max_over_time(sticky[75s]) * 0.9 > 0.3'}
  - {alert: Failing, expr: failing, for: 2m, keep_firing_for: 3m}
  - {alert: Late, expr: late > 0.0222}
  - {alert: Steady, expr: steady > 0.0222, for: 1m}
  - {alert: Sticky, expr: sticky > 0.51}
  - {alert: Never, expr: failing > 2}
- name: two
  interval: 30s
  rules:
  - {alert: Absent, expr: absent(failing), for: 5m}
"#;

/// Scrapes of the hour before the incident, of its ten minutes, and of two hours behind it.
const SCRAPES: [u64; 3] = [240, 40, 480];

/// A promtool test of the same incident: whether alerts fire at the given seconds from its beginning.
fn promtool_test(expected: &[(String, i64, bool)]) -> String {
    let [before, during, after] = SCRAPES;
    let (rate, start) = (1_500, 1_000_000);
    let whole = start + rate * before;
    let mut test = String::from(
        "rule_files: [rules.yaml]\nevaluation_interval: 30s\ngroup_eval_order: [one, two]\ntests:\n- interval: 15s\n  input_series:\n",
    );
    let good = format!("{start}+{rate}x{before} {whole}x{} {}+{rate}x{}", during - 1, whole + rate, after - 1);
    let bad =
        format!("{start}x{before} {}+{rate}x{} {}x{}", start + rate, during - 1, start + rate * during, after - 1);
    for (code, values) in [("200", good), ("500", bad)] {
        writeln!(test, "  - {{series: 'http_requests_total{{job=\"cart\",code=\"{code}\"}}', values: '{values}'}}")
            .unwrap();
    }
    test.push_str("  promql_expr_test:\n");
    for (alert, at, fires) in expected {
        let samples = if *fires { "[{labels: '{}', value: 1}]" } else { "[]" };
        let expr = format!("max without (alertname) (ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}})");
        let expr = format!("max({expr})");
        writeln!(test, "  - {{expr: '{expr}', eval_time: {}s, exp_samples: {samples}}}", at + 3_600).unwrap();
    }
    test
}

#[test]
fn alerts_fire_and_end_as_in_promtool() {
    let (Some(_), Some(promtool)) = (prometheus(), promtool()) else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
    fs::copy(example().join("cart.yaml"), folder.path().join("cart.yaml")).unwrap();
    let arguments = ["rules.yaml", "cart.yaml", "--incident", "outage", "--history", "1h", "--format", "json"];
    let output = compare(folder.path(), &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let side = &found["incidents"][0]["sides"][0];
    assert_eq!(side["failures"], serde_json::json!([]));
    let mut expected = Vec::new();
    let mut fired = 0;
    for alert in side["alerts"].as_array().unwrap() {
        let name = alert["alert"].as_str().unwrap().to_owned();
        for spell in alert["fires"].as_array().unwrap() {
            let (from, until) = (spell["from_seconds"].as_i64().unwrap(), spell["until_seconds"].as_i64());
            // What fires before began before anybody looked.
            if from > 0 {
                expected.extend([(name.clone(), from - 30, false), (name.clone(), from, true)]);
            }
            if let Some(until) = until {
                expected.extend([(name.clone(), until - 30, true), (name.clone(), until, false)]);
            }
            fired += 1;
        }
        if alert["fires"].as_array().unwrap().is_empty() {
            expected.extend([0, 300, 600, 1_200].map(|at| (name.clone(), at, false)));
        }
    }
    assert_eq!(fired, 6, "{side:#}");
    fs::write(folder.path().join("test.yaml"), promtool_test(&expected)).unwrap();
    assert_eq!(promtool.run(folder.path(), &["test", "rules", "test.yaml"]), None);
}

/// The commands of a page with what it shows of them.
fn shown(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("```console\n$ slosmith compare ").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().split_once('\n').unwrap()).collect()
}

/// What every output of the same command has, however little happens in it: the files, and which alerts there are.
fn essence(output: &str) -> Vec<String> {
    let is_row = |line: &&str| line.starts_with("A  ") || line.starts_with("B  ");
    let words = |line: &str| line.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    let mut rows: Vec<_> = output.split("error ratio").next().unwrap().lines().filter(is_row).map(words).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// A page shows whole comparisons, each of which takes half a minute: here the commands are run with the shortest incident alone;
/// `UPDATE=1` runs them as they are, and writes down what they print.
#[test]
fn pages_show_what_is_printed() {
    if prometheus().is_none() {
        return;
    }
    let pages =
        [("compare", 2), ("migrating-from-sloth", 1), ("migrating-from-pyrra", 1), ("migrating-from-openslo", 1)];
    for (name, commands) in pages {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.md"));
        let mut page = fs::read_to_string(&path).unwrap();
        assert_eq!(shown(&page).len(), commands, "{name}");
        let is_update = std::env::var_os("UPDATE").is_some();
        for (command, was) in shown(&page.clone()) {
            let said = command.split_once(" --incident ").filter(|_| !is_update).map_or(command, |(before, _)| before);
            let words: Vec<&str> = said.split_whitespace().collect();
            let short: &[&str] = if is_update { &["-q"] } else { &["-q", "--incident", "blip", "--history", "1h"] };
            let output = compare(example(), &[&words, short].concat());
            assert!(output.status.success(), "{command}: {}", text(&output.stderr));
            let printed = text(&output.stdout);
            if is_update {
                page = page.replacen(&format!("{command}\n{was}```"), &format!("{command}\n{printed}```"), 1);
            }
            assert!(
                is_update || essence(was) == essence(&printed),
                "{name}: UPDATE=1 cargo test --test all compare::pages"
            );
        }
        if is_update {
            fs::write(&path, page).unwrap();
        }
    }
}

/// Commands that are not run exist, with all that is given to them.
#[test]
fn pages_name_commands_that_exist() {
    let mut count = 0;
    for name in ["compare", "migrating-from-sloth", "migrating-from-pyrra", "migrating-from-openslo"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.md"));
        let page = fs::read_to_string(&path).unwrap();
        let lines = page.lines().map(|line| line.trim_start_matches("$ "));
        for line in lines.filter(|line| line.starts_with("slosmith ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let output = Command::new(env!("CARGO_BIN_EXE_slosmith")).args([words[1], "--help"]).output().unwrap();
            assert!(output.status.success(), "{name}: {line}");
            let help = text(&output.stdout);
            for option in words.iter().filter(|word| word.starts_with('-')) {
                assert!(help.contains(option), "{name}: {line}: {option}");
            }
            count += 1;
        }
    }
    assert!(count >= 13, "{count}");
}

/// Whoever ends the command in the middle, however hard, leaves nothing behind.
#[cfg(unix)]
#[test]
fn nothing_is_left_of_what_was_killed() {
    if prometheus().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
    command.args(["compare", "sloth.yaml", "cart.yaml", "-q"]).current_dir(example()).env("TMPDIR", folder.path());
    let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let is_empty = || fs::read_dir(folder.path()).unwrap().next().is_none();
    let wait = |wanted: bool| {
        for _ in 0..600 {
            if is_empty() == wanted {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("is empty: {}", is_empty());
    };
    wait(false);
    child.kill().unwrap();
    child.wait().unwrap();
    wait(true);
}
