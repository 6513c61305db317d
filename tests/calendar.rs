//! Calendar periods begin, last and end where the calendar of their zone says so, evaluated by promtool.

use std::fmt::Write as _;
use std::fs;

use serde_yaml::Value;

use crate::support::{compile_text, promtool, rule_text};

/// Unit, zone, a moment, when its period began, its days. All moments are UTC; changes of clocks are near each.
const CASES: [(&str, &str, &str, &str, u32); 22] = [
    ("day", "UTC", "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z", 1),
    ("day", "UTC", "2026-03-28T23:59:00Z", "2026-03-28T00:00:00Z", 1),
    ("week", "UTC", "2026-03-29T23:00:00Z", "2026-03-23T00:00:00Z", 7),
    ("week", "UTC", "2026-03-30T00:00:00Z", "2026-03-30T00:00:00Z", 7),
    ("month", "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", 29),
    ("quarter", "UTC", "2026-03-31T23:00:00Z", "2026-01-01T00:00:00Z", 90),
    ("quarter", "UTC", "2028-03-31T23:00:00Z", "2028-01-01T00:00:00Z", 91),
    ("quarter", "UTC", "2028-04-01T00:00:00Z", "2028-04-01T00:00:00Z", 91),
    ("quarter", "UTC", "2028-09-30T12:00:00Z", "2028-07-01T00:00:00Z", 92),
    ("quarter", "UTC", "2028-12-31T23:00:00Z", "2028-10-01T00:00:00Z", 92),
    ("year", "UTC", "2028-12-31T23:59:00Z", "2028-01-01T00:00:00Z", 366),
    ("year", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 365),
    // Clocks go from 02:00 to 03:00 on 29 March.
    ("day", "Europe/Paris", "2026-03-29T21:00:00Z", "2026-03-28T23:00:00Z", 1),
    ("day", "Europe/Paris", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z", 1),
    ("month", "Europe/Paris", "2026-03-31T21:59:00Z", "2026-02-28T23:00:00Z", 31),
    ("month", "Europe/Paris", "2026-03-31T22:00:00Z", "2026-03-31T22:00:00Z", 30),
    ("year", "America/New_York", "2026-07-01T00:00:00Z", "2026-01-01T05:00:00Z", 365),
    // There is no midnight on 6 September: clocks go from 24:00 to 01:00.
    ("day", "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", 1),
    // There are two on 1 November: clocks go from 01:00 to 00:00.
    ("day", "America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", 1),
    ("quarter", "Asia/Kolkata", "2026-06-30T18:30:00Z", "2026-06-30T18:30:00Z", 92),
    ("week", "Pacific/Auckland", "2026-04-05T11:59:00Z", "2026-03-29T11:00:00Z", 7),
    ("week", "Pacific/Auckland", "2026-04-05T12:00:00Z", "2026-04-05T12:00:00Z", 7),
];

/// An SLO for each case, named after its number.
fn spec() -> String {
    let mut spec = "apiVersion: slosmith/v1\nservice: c\nslos:\n".to_owned();
    for (number, (unit, zone, ..)) in CASES.iter().enumerate() {
        write!(
            spec,
            "- name: n{number}\n  target: 99%\n  window: {{calendar: {unit}, timezone: {zone}}}\n  alerting: {{burn: none}}\n  sli: {{total: 'http_requests_total{{job=\"a\"}}', bad_when: 'code=~\"5..\"'}}\n"
        )
        .unwrap();
    }
    spec
}

fn seconds(moment: &str) -> i64 {
    moment.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// The rules of a case that tell the period, as if promtool's first evaluation, at 0, were this moment.
fn at_moment(file: &Value, number: usize, moment: i64) -> Vec<Value> {
    let groups = file["groups"].as_sequence().unwrap();
    let group = groups.iter().find(|group| group["name"] == format!("slo-c-n{number}-slow").as_str()).unwrap();
    let told = |rule: &&Value| {
        let name = rule["record"].as_str().unwrap_or("");
        name.starts_with("slo:period_start") || name == "slo:local_time:timestamp" || name == "slo:time_period:days"
    };
    let rules = group["rules"].as_sequence().unwrap().iter().filter(told).cloned();
    rules
        .map(|mut rule| {
            let mut expr = rule["expr"].as_str().unwrap().to_owned();
            for function in ["day_of_month", "day_of_week", "day_of_year", "days_in_month", "month", "year"] {
                expr = expr.replace(&format!("{function}()"), &format!("{function}(vector(time()))"));
            }
            rule["expr"] = Value::String(expr.replace("time()", &format!("(time() + {moment})")));
            rule
        })
        .collect()
}

#[test]
fn periods_begin_where_the_calendar_says() {
    let Some(promtool) = promtool() else { return };
    let file: Value = serde_yaml::from_str(&rule_text(&compile_text(&spec()))).unwrap();
    let (mut groups, mut checks) = (Vec::new(), String::new());
    for (number, (_, _, moment, start, days)) in CASES.iter().enumerate() {
        let mut group = serde_yaml::Mapping::new();
        group.insert("name".into(), format!("n{number}").into());
        group.insert("rules".into(), Value::Sequence(at_moment(&file, number, seconds(moment))));
        groups.push(Value::Mapping(group));
        for (name, value) in
            [("slo:period_start:timestamp", seconds(start)), ("slo:time_period:days", i64::from(*days))]
        {
            let labels = format!("{{slo_id=\"c-n{number}\"}}");
            writeln!(
                checks,
                "  - {{expr: 'sum by (slo_id) ({name}{labels})', eval_time: 0s, exp_samples: [{{labels: '{labels}', value: {value}}}]}}"
            )
            .unwrap();
        }
    }
    let mut rules = serde_yaml::Mapping::new();
    rules.insert("groups".into(), Value::Sequence(groups));
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), serde_yaml::to_string(&rules).unwrap()).unwrap();
    let test = format!(
        "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  promql_expr_test:\n{checks}"
    );
    fs::write(work.path().join("test.yaml"), test).unwrap();
    let failure = promtool.run(work.path(), &["test", "rules", "test.yaml"]);
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}
