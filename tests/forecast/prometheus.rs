//! What `simulate` computes is what a running Prometheus finds in the raw series of the same incidents, evaluation by evaluation.
//!
//! promtool writes the raw series as blocks, then records the generated rules over them, one level of rules after the other, since it
//! evaluates a rule against what the server has. A slow block is recorded without its catch-up, which refers to itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_yaml::{Mapping, Value};
use slosmith::promql::visit::selectors;
use slosmith::promql::{BinaryOp, Expr, ExprKind, ParseOptions, parse, print};

use crate::support::{compile_text, prometheus, promtool, rule_text};

const SPEC: &str = "\
apiVersion: slosmith/v1
service: c
defaults: {scrape_interval: 15s}
slos:
- name: n
  target: 99.9%
  sli: {total: 'requests_total{job=\"c\"}', bad: 'failures_total{job=\"c\"}'}
  alerting:
    min_errors: 400
    budget_left: [{below: 99%, severity: ticket}, {below: 96%, severity: page}]
    exhausts_in: {less_than: 3d, over: 1h, severity: ticket}
";

/// 2026-01-15T12:00:00Z, and the hours of data before and after it.
const START: i64 = 1_768_478_400;
const BEFORE: i64 = 6 * 3_600;
const AFTER: i64 = 10 * 3_600;
/// Events per second, and incidents: from, until, percent.
const EVENTS: i64 = 100;
const INCIDENTS: [(i64, i64, i64); 3] = [(600, 1_800, 5), (7_200, 7_320, 100), (10_800, 25_200, 1)];
const SCRAPE: i64 = 15;

/// The seconds from a scrape to an evaluation of the fast group.
const LEAD: i64 = 1;

/// Thousandths of events and of failed ones from the first scrape to a moment in milliseconds. The failed ones begin high: what a
/// `rate` adds at the edges of its range stops where a counter would have been zero.
fn counts(at: i64) -> [i64; 2] {
    let within = |(from, until, percent): &(i64, i64, i64)| {
        (at.min(until * 1_000) - from * 1_000).max(0) * EVENTS * percent / 100
    };
    [(at + BEFORE * 1_000) * EVENTS, 1_000_000_000 + INCIDENTS.iter().map(within).sum::<i64>()]
}

/// A number of thousandths.
fn thousandths(number: i64) -> String {
    format!("{}.{:03}", number / 1_000, number % 1_000)
}

/// What the first scrape sees is as of this moment, in milliseconds.
fn first_scrape(phase: i64) -> i64 {
    -BEFORE * 1_000 + (phase + BEFORE * 1_000).rem_euclid(SCRAPE * 1_000)
}

/// The raw series, scraped just before the moments at which the fast group is evaluated.
fn raw(phase: i64) -> String {
    let mut text = String::new();
    for (name, index) in [("requests", 0), ("failures", 1)] {
        writeln!(text, "# TYPE {name} counter").unwrap();
        let step = SCRAPE * 1_000;
        for at in (first_scrape(phase)..AFTER * 1_000).step_by(usize::try_from(step).unwrap()) {
            let (value, time) = (thousandths(counts(at)[index]), thousandths((START - LEAD) * 1_000 + at));
            writeln!(text, "{name}_total{{job=\"c\"}} {value} {time}").unwrap();
        }
    }
    text + "# EOF\n"
}

/// A rule to record: its group, its name, its expression, and the names that it refers to.
struct Rule {
    group: String,
    name: String,
    expr: String,
    level: usize,
}

/// The rules of both groups, each alert as a series that is there while its condition holds, with the level from which on all that it
/// refers to is there.
fn rules() -> Vec<Rule> {
    let file: Value = serde_yaml::from_str(&rule_text(&compile_text(SPEC))).unwrap();
    let mut found: Vec<(String, String, Expr)> = Vec::new();
    for group in file["groups"].as_sequence().unwrap() {
        for rule in group["rules"].as_sequence().unwrap() {
            let expr = parse(rule["expr"].as_str().unwrap(), &ParseOptions::default()).unwrap();
            let name = match rule["record"].as_str() {
                Some(name) => name.to_owned(),
                None => format!(
                    "alert:{}:{}",
                    rule["alert"].as_str().unwrap(),
                    rule["labels"]["severity"].as_str().unwrap()
                ),
            };
            let expr = if name.ends_with("_slow") { without_catch_up(expr) } else { expr };
            found.push((group["name"].as_str().unwrap().to_owned(), name, expr));
        }
    }
    let mut levels: BTreeMap<String, usize> = BTreeMap::new();
    while levels.len() < found.len() {
        for (_, name, expr) in &found {
            let names: BTreeSet<_> = selectors(expr)
                .iter()
                .filter_map(|it| it.selector.name.as_ref().map(|name| name.value.to_string()))
                .collect();
            let known = names.iter().filter(|name| name.starts_with("slo:")).map(|name| levels.get(name).copied());
            if let Some(highest) = known.collect::<Option<Vec<_>>>().map(|levels| levels.into_iter().max().unwrap_or(0))
            {
                levels.entry(name.clone()).or_insert(highest + 1);
            }
        }
    }
    let rule =
        |(group, name, expr): (String, String, Expr)| Rule { group, level: levels[&name], expr: print(&expr), name };
    found.into_iter().map(rule).collect()
}

/// `((regular) and (no gap)) or (catch-up)` without what a gap needs.
fn without_catch_up(expr: Expr) -> Expr {
    let side = |expr: Expr, op: BinaryOp| match expr.kind {
        ExprKind::Binary(binary) if binary.op.value == op => binary.lhs,
        kind => panic!("{kind:?}"),
    };
    let inner = |expr: Expr| match expr.kind {
        ExprKind::Paren(inner) => *inner,
        kind => Expr { kind, range: expr.range },
    };
    inner(side(inner(side(expr, BinaryOp::Or)), BinaryOp::And))
}

/// A server over a folder of blocks.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        fs::write(folder.join("prometheus.yml"), "global: {scrape_interval: 1h}\n").unwrap();
        let arguments =
            ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--storage.tsdb.retention.time=50y"];
        let mut command = Command::new("prometheus");
        command.args(arguments).arg(format!("--web.listen-address=127.0.0.1:{port}")).current_dir(folder);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { child, url: format!("http://127.0.0.1:{port}") };
        let deadline = Instant::now() + Duration::from_secs(60);
        while ureq::get(format!("{}/-/ready", server.url)).call().is_err() {
            assert!(Instant::now() < deadline, "Prometheus does not get ready");
            sleep(Duration::from_millis(50));
        }
        server
    }

    /// All samples of a series, by the milliseconds from the start.
    fn samples(&self, name: &str) -> BTreeMap<i64, f64> {
        let query = format!("{{__name__=\"{name}\"}}[{}s]", BEFORE + AFTER);
        let end = (START + AFTER).to_string();
        let request = ureq::get(format!("{}/api/v1/query", self.url)).query("query", query).query("time", end);
        let text = request.call().unwrap().body_mut().with_config().limit(100_000_000).read_to_string().unwrap();
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        let series = answer["data"]["result"].as_array().unwrap();
        assert!(series.len() <= 1, "{name}: {series:?}");
        let values = series.iter().flat_map(|series| series["values"].as_array().unwrap());
        let sample = |value: &serde_json::Value| {
            let millis = (value[0].as_f64().unwrap() * 1_000.0).round();
            #[expect(clippy::cast_possible_truncation, reason = "a time of this century")]
            (millis as i64 - START * 1_000, value[1].as_str().unwrap().parse().unwrap())
        };
        values.map(sample).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What is gone already needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rules of a level as a file of recording rules.
fn file(rules: &[Rule], level: usize) -> String {
    let mut groups = Vec::new();
    for (name, interval) in [("slo-c-n-fast", "30s"), ("slo-c-n-slow", "4m")] {
        let own = rules.iter().filter(|rule| rule.group == name && rule.level == level);
        let rules: Vec<Value> = own
            .map(|rule| {
                let mut map = Mapping::new();
                map.insert("record".into(), rule.name.clone().into());
                map.insert("expr".into(), rule.expr.clone().into());
                map.insert(
                    "labels".into(),
                    serde_yaml::from_str("{slo_id: c-n, slo_service: c, slo_name: n}").unwrap(),
                );
                map.into()
            })
            .collect();
        let mut group = Mapping::new();
        group.insert("name".into(), name.into());
        group.insert("interval".into(), interval.into());
        group.insert("rules".into(), rules.into());
        groups.push(Value::from(group));
    }
    let mut file = Mapping::new();
    file.insert("groups".into(), groups.into());
    serde_yaml::to_string(&file).unwrap()
}

/// Writes raw series and records all rules over them; the server that has it all.
fn record(folder: &Path, rules: &[Rule], phase: i64) -> Server {
    let promtool = promtool().unwrap();
    let data = folder.join("data");
    let _ = fs::remove_dir_all(&data);
    fs::create_dir(&data).unwrap();
    fs::write(folder.join("raw.om"), raw(phase)).unwrap();
    let run = |arguments: &[&str]| assert_eq!(promtool.run(folder, arguments), None);
    run(&["tsdb", "create-blocks-from", "openmetrics", "-q", "raw.om", "data"]);
    let highest = rules.iter().map(|rule| rule.level).max().unwrap();
    let (start, end) = (format!("--start={}", START - BEFORE), format!("--end={}", START + AFTER - 1));
    for level in 1..=highest {
        let server = Server::start(folder);
        fs::write(folder.join("rules.yaml"), file(rules, level)).unwrap();
        let url = format!("--url={}", server.url);
        run(&["tsdb", "create-blocks-from", "rules", "-q", &url, &start, &end, "--output-dir=recorded", "rules.yaml"]);
        // A server compacts what it finds, so blocks come to it while there is none.
        drop(server);
        for block in fs::read_dir(folder.join("recorded")).unwrap().map(|entry| entry.unwrap()) {
            fs::rename(block.path(), data.join(block.file_name())).unwrap();
        }
    }
    Server::start(folder)
}

/// What `slosmith simulate` prints for the same.
fn simulated(folder: &Path, fast_phase: i64, slow_phase: i64) -> serde_json::Value {
    fs::create_dir_all(folder.join("slos")).unwrap();
    fs::write(folder.join("slos/c.yaml"), SPEC).unwrap();
    let mut arguments: Vec<String> =
        ["simulate", "c/n", "--format", "json", "--start", "2026-01-15T12:00:00Z"].map(str::to_owned).to_vec();
    for (from, until, percent) in INCIDENTS {
        arguments.extend([
            "--error-rate".to_owned(),
            format!("{percent}%"),
            "--for".to_owned(),
            format!("{}s", until - from),
        ]);
        arguments.extend(["--at".to_owned(), format!("{from}s")]);
    }
    arguments.extend([
        "--requests".to_owned(),
        format!("{EVENTS}/s"),
        "--history".to_owned(),
        format!("{}ms", -first_scrape(fast_phase)),
    ]);
    arguments.extend(["--until".to_owned(), format!("{AFTER}s")]);
    arguments.extend([format!("--fast-phase={fast_phase}"), format!("--slow-phase={slow_phase}")]);
    let output = Command::new(env!("CARGO_BIN_EXE_slosmith")).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The moments of the simulation with its values and those of Prometheus, which may be late.
fn pairs(
    points: &serde_json::Value,
    key: &str,
    samples: &BTreeMap<i64, f64>,
    late: i64,
) -> Vec<(i64, Option<f64>, Option<f64>)> {
    let points = points["points"].as_array().unwrap().iter();
    let pair = |point: &serde_json::Value| {
        #[expect(clippy::cast_possible_truncation, reason = "hours in milliseconds")]
        let at = (point["seconds"].as_f64().unwrap() * 1_000.0).round() as i64;
        let value = key.split('/').fold(point, |value, part| &value[part]);
        (at, value.as_f64(), samples.get(&(at + late)).copied())
    };
    points.map(pair).filter(|(at, ..)| at + late < (AFTER - 60) * 1_000).collect()
}

/// Compares a curve point by point, and says how many points it has.
fn compare(name: &str, pairs: &[(i64, Option<f64>, Option<f64>)], tolerance: f64) -> usize {
    let is_wrong = |(_, ours, theirs): &&(i64, Option<f64>, Option<f64>)| match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() > tolerance,
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    };
    let found: Vec<_> = pairs.iter().filter(is_wrong).take(5).collect();
    assert!(found.is_empty(), "{name}: at milliseconds, simulated, Prometheus: {found:?}");
    pairs.iter().filter(|(_, ours, _)| ours.is_some()).count()
}

#[test]
fn curves_are_those_of_prometheus() {
    if prometheus().is_none() || promtool().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rules = rules();
    // A first run of one rule in each group tells when promtool evaluates the groups.
    let events = |rule: &&Rule| rule.name.starts_with("slo:events:increase_");
    let first: Vec<_> = rules
        .iter()
        .filter(events)
        .map(|rule| Rule { group: rule.group.clone(), name: rule.name.clone(), expr: "vector(1)".to_owned(), level: 1 })
        .collect();
    let server = record(folder, &first, 0);
    let phase = |name: &str, interval: i64| server.samples(name).keys().next().unwrap().rem_euclid(interval);
    let (fast, slow) = (phase("slo:events:increase_fast", 30_000), phase("slo:events:increase_slow", 240_000));
    drop(server);

    let server = record(folder, &rules, fast);
    let simulation = simulated(folder, fast, slow);
    let mut points = 0;
    let mut curve = |series: &str, simulation: &serde_json::Value, key: &str, late: i64, tolerance: f64| {
        points += compare(series, &pairs(simulation, key, &server.samples(series), late), tolerance);
    };
    let fast_points = &simulation["fast"];
    curve("slo:events:increase_fast", fast_points, "events", 0, 1e-6);
    curve("slo:errors:increase_fast", fast_points, "errors", 0, 1e-6);
    curve("slo:current_burn_rate:ratio", fast_points, "burn_rate", 0, 1e-9);
    for window in ["5m", "30m", "1h", "6h"] {
        curve(&format!("slo:sli_error:ratio_rate{window}"), fast_points, &format!("ratios/{window}"), 0, 1e-12);
    }
    // The slow group is late: what it sees is as old as the last scrape, which was just before an evaluation of the fast group.
    let late = (slow - fast + LEAD * 1_000).rem_euclid(SCRAPE * 1_000) - LEAD * 1_000;
    let earlier = simulated(folder, fast, slow - late);
    let slow_points = &earlier["slow"];
    curve("slo:events:increase_slow", slow_points, "events", late, 1e-6);
    curve("slo:errors:increase_slow", slow_points, "errors", late, 1e-6);
    // The first block of all is extrapolated, which is a second or so in windows that begin with it.
    for (window, tolerance) in [("2h", 1e-12), ("1d", 2e-6), ("3d", 2e-6)] {
        curve(&format!("slo:sli_error:ratio_rate{window}"), slow_points, &format!("ratios/{window}"), late, tolerance);
    }
    curve("slo:sli_error:ratio_rate30d", slow_points, "period_ratio", late, 2e-6);
    curve("slo:period_elapsed:ratio", &simulation["slow"], "period_elapsed", 0, 1e-12);
    curve("slo:period_error_budget_remaining:ratio", slow_points, "budget_left", late, 1e-4);
    assert!(points > 5_000, "{points}");
    alerts(&server, &simulation);
}

/// The conditions of alerts hold when the simulated alerts fire, but for what keeps them.
fn alerts(server: &Server, simulation: &serde_json::Value) {
    let mut spells = 0;
    for alert in simulation["alerts"].as_array().unwrap() {
        let name = alert["alert"].as_str().unwrap();
        let severity = if alert["severity"] == "page" { "critical" } else { "warning" };
        let held = server.samples(&format!("alert:{name}:{severity}"));
        let keep = match name {
            "SLOErrorBudgetBurnPage" => 300_000,
            "SLOErrorBudgetBurnTicket" => 3_600_000,
            _ => 0,
        };
        let interval = if name == "SLOErrorBudgetBurnPage" { 30_000 } else { 240_000 };
        // Where the condition holds again before the alert ends, there is one spell.
        let mut wanted: Vec<(i64, i64)> = Vec::new();
        for at in held.keys().copied().filter(|at| *at >= 0) {
            match wanted.last_mut() {
                Some((_, last)) if at - *last <= interval + keep => *last = at,
                _ => wanted.push((at, at)),
            }
        }
        let found = alert["fires"].as_array().unwrap();
        let end = simulation["end_seconds"].as_f64().unwrap();
        assert_eq!(found.len(), wanted.len(), "{name}: {found:?} {wanted:?}");
        for (spell, (from, last)) in found.iter().zip(wanted) {
            #[expect(clippy::cast_precision_loss, reason = "hours in milliseconds")]
            let (from, until) = (from as f64 / 1_000.0, (last + interval + keep) as f64 / 1_000.0);
            // What the slow group sees is a little old.
            let tolerance = if interval == 30_000 { 1e-9 } else { 240.0 + 1e-9 };
            assert!((spell["from_seconds"].as_f64().unwrap() - from).abs() < tolerance, "{name}: {spell} {from}");
            let ended = spell["until_seconds"].as_f64();
            let is_right = ended.map_or(until > end, |ended| (ended - until).abs() < tolerance);
            assert!(is_right, "{name}: {spell} {until}");
            spells += 1;
        }
    }
    assert!(spells >= 5, "{spells}");
}
