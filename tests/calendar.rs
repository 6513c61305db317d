//! Calendar periods begin, last and end where the calendar of their zone says so, evaluated by promtool.

use std::fmt::Write as _;
use std::fs;

use serde_yaml::Value;

use crate::support::{compile_text, promtool, rule_text};

/// Unit, zone, a moment, when its period began, its hours. All moments are UTC; changes of clocks are near each.
const CASES: [(&str, &str, &str, &str, u32); 22] = [
    ("day", "UTC", "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z", 24),
    ("day", "UTC", "2026-03-28T23:59:00Z", "2026-03-28T00:00:00Z", 24),
    ("week", "UTC", "2026-03-29T23:00:00Z", "2026-03-23T00:00:00Z", 168),
    ("week", "UTC", "2026-03-30T00:00:00Z", "2026-03-30T00:00:00Z", 168),
    ("month", "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", 696),
    ("quarter", "UTC", "2026-03-31T23:00:00Z", "2026-01-01T00:00:00Z", 2160),
    ("quarter", "UTC", "2028-03-31T23:00:00Z", "2028-01-01T00:00:00Z", 2184),
    ("quarter", "UTC", "2028-04-01T00:00:00Z", "2028-04-01T00:00:00Z", 2184),
    ("quarter", "UTC", "2028-09-30T12:00:00Z", "2028-07-01T00:00:00Z", 2208),
    ("quarter", "UTC", "2028-12-31T23:00:00Z", "2028-10-01T00:00:00Z", 2208),
    ("year", "UTC", "2028-12-31T23:59:00Z", "2028-01-01T00:00:00Z", 8784),
    ("year", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 8760),
    // Clocks go from 02:00 to 03:00 on 29 March.
    ("day", "Europe/Paris", "2026-03-29T21:00:00Z", "2026-03-28T23:00:00Z", 23),
    ("day", "Europe/Paris", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z", 24),
    ("month", "Europe/Paris", "2026-03-31T21:59:00Z", "2026-02-28T23:00:00Z", 743),
    ("month", "Europe/Paris", "2026-03-31T22:00:00Z", "2026-03-31T22:00:00Z", 720),
    ("year", "America/New_York", "2026-07-01T00:00:00Z", "2026-01-01T05:00:00Z", 8760),
    // There is no midnight on 6 September: clocks go from 24:00 to 01:00.
    ("day", "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", 23),
    // There are two on 2 November: clocks go from 01:00 to 00:00.
    ("day", "America/Havana", "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z", 25),
    ("quarter", "Asia/Kolkata", "2026-06-30T18:30:00Z", "2026-06-30T18:30:00Z", 2208),
    ("week", "Pacific/Auckland", "2026-04-05T11:59:00Z", "2026-03-29T11:00:00Z", 169),
    ("week", "Pacific/Auckland", "2026-04-05T12:00:00Z", "2026-04-05T12:00:00Z", 168),
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

/// The rules of an SLO's slow group that are wanted, as if promtool's first evaluation, at 0, were this moment.
fn at_moment(file: &Value, slo: &str, moment: i64, wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let groups = file["groups"].as_sequence().unwrap();
    let group = groups.iter().find(|group| group["name"] == format!("slo-c-{slo}-slow").as_str()).unwrap();
    let name = |rule: &Value| rule["record"].as_str().or(rule["alert"].as_str()).unwrap().to_owned();
    let rules = group["rules"].as_sequence().unwrap().iter().filter(|rule| wanted(&name(rule))).cloned();
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

/// Whether a rule tells when the period is.
fn is_told(name: &str) -> bool {
    name.starts_with("slo:period_start")
        || name.starts_with("slo:period_end")
        || ["slo:local_time:timestamp", "slo:time_period:days"].contains(&name)
}

#[test]
fn periods_begin_where_the_calendar_says() {
    let Some(promtool) = promtool() else { return };
    let file: Value = serde_yaml::from_str(&rule_text(&compile_text(&spec()))).unwrap();
    let (mut groups, mut checks) = (Vec::new(), String::new());
    for (number, (_, _, moment, start, hours)) in CASES.iter().enumerate() {
        let mut group = serde_yaml::Mapping::new();
        group.insert("name".into(), format!("n{number}").into());
        group
            .insert("rules".into(), Value::Sequence(at_moment(&file, &format!("n{number}"), seconds(moment), is_told)));
        groups.push(Value::Mapping(group));
        for (name, value) in
            [("slo:period_start:timestamp", seconds(start)), ("24 * slo:time_period:days", i64::from(*hours))]
        {
            let labels = format!("{{slo_id=\"c-n{number}\"}}");
            writeln!(
                checks,
                "  - {{expr: 'round(sum by (slo_id) ({name}{labels}))', eval_time: 0s, exp_samples: [{{labels: '{labels}', value: {value}}}]}}"
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

/// An SLO whose history begins in the middle of a period. Hours count from a moment; a thousand events are in each block of 4 minutes,
/// and ten of them fail while errors go on, just as many as the target allows.
struct Young {
    period: (&'static str, &'static str),
    moment: &'static str,
    /// The hours between two evaluations.
    every: u32,
    /// When the first block is.
    since: u32,
    /// From and until when there are errors.
    errors: &'static [[u32; 2]],
    /// A moment, and until then the hours with history and those with errors, and the hours of the period; without them, nothing is known yet.
    checks: &'static [(u32, Option<[u32; 3]>)],
}

const YOUNG: [Young; 8] = [
    // The leap day, and the end of its month.
    Young {
        period: ("month", "UTC"),
        moment: "2028-02-25T00:00Z",
        every: 8,
        since: 6,
        errors: &[[6, 7], [100, 101]],
        checks: &[(8, Some([2, 1, 696])), (112, Some([106, 2, 696])), (120, None), (128, Some([8, 0, 744]))],
    },
    // The day has 23 hours, from 23 to 46; there is history of the day before.
    Young {
        period: ("day", "Europe/Berlin"),
        moment: "2026-03-28T00:00Z",
        every: 1,
        since: 2,
        errors: &[[20, 30]],
        checks: &[
            (3, Some([1, 0, 24])),
            (23, None),
            (24, Some([1, 1, 23])),
            (45, Some([22, 7, 23])),
            (47, Some([1, 0, 24])),
        ],
    },
    // The day has 25 hours, from 22 to 47; the SLO is new after clocks went back.
    Young {
        period: ("day", "Europe/Berlin"),
        moment: "2026-10-24T00:00Z",
        every: 1,
        since: 30,
        errors: &[[30, 31]],
        checks: &[(29, None), (31, Some([1, 1, 25])), (46, Some([16, 1, 25])), (48, Some([1, 0, 24]))],
    },
    Young {
        period: ("day", "America/Sao_Paulo"),
        moment: "2026-05-04T00:00Z",
        every: 1,
        since: 0,
        errors: &[[0, 6]],
        checks: &[
            (2, Some([2, 2, 24])),
            (3, None),
            (9, Some([6, 3, 24])),
            (26, Some([23, 3, 24])),
            (28, Some([1, 0, 24])),
        ],
    },
    // From Monday, 2026-10-19, on, an hour longer than usual.
    Young {
        period: ("week", "Europe/Berlin"),
        moment: "2026-10-22T00:00Z",
        every: 8,
        since: 12,
        errors: &[[12, 14]],
        checks: &[(16, Some([4, 2, 169])), (88, Some([76, 2, 169])), (96, Some([1, 0, 168]))],
    },
    Young {
        period: ("month", "America/New_York"),
        moment: "2026-03-05T00:00Z",
        every: 8,
        since: 5,
        errors: &[[5, 8], [100, 110]],
        checks: &[(8, Some([3, 3, 743])), (240, Some([235, 13, 743]))],
    },
    // The quarter ends at half past the hour.
    Young {
        period: ("quarter", "Asia/Kolkata"),
        moment: "2026-06-10T00:00Z",
        every: 10,
        since: 4,
        errors: &[[4, 24]],
        checks: &[(20, Some([16, 16, 2184])), (490, Some([486, 20, 2184])), (500, Some([1, 0, 2208]))],
    },
    Young {
        period: ("year", "America/New_York"),
        moment: "2028-02-20T00:00Z",
        every: 24,
        since: 8,
        errors: &[[8, 48]],
        checks: &[(48, Some([40, 40, 8784])), (240, Some([232, 40, 8784]))],
    },
];

/// The groups of an SLO, the overall one first: promtool has room for those of a day.
fn groups(case: &Young) -> &'static [&'static str] {
    if case.period.0 == "day" { &["", ",region=\"eu\""] } else { &[""] }
}

/// Events and errors of a new SLO and of its groups, up to the last check.
fn young_blocks(case: &Young) -> String {
    let last = case.checks.iter().map(|check| check.0).max().unwrap();
    let mut text = String::new();
    for group in groups(case) {
        let labels = format!("slo_id=\"c-a\",slo_service=\"c\",slo_name=\"a\"{group}");
        for (name, good, bad) in [("events", 1000, 1000), ("errors", 0, 10)] {
            // A block is of the time before it.
            let failing = |hour: &u32| case.errors.iter().any(|[from, until]| (from..until).contains(&hour));
            let hours = (case.since..last).map(|hour| if failing(&hour) { bad } else { good });
            let before = if case.since == 0 { "_".to_owned() } else { format!("_x{}", case.since * 15) };
            let values: Vec<String> = std::iter::once(before).chain(hours.map(|value| format!("{value}x14"))).collect();
            writeln!(text, "  - {{series: 'slo:{name}:increase_slow{{{labels}}}', values: '{}'}}", values.join(" "))
                .unwrap();
        }
    }
    text
}

/// What is left of the budget, how much of the period has history, and whether anybody is paged.
fn young_checks(case: &Young) -> String {
    let mut text = String::new();
    let mut check = |expr: &str, at: u32, found: bool| {
        let samples =
            if found { format!("[{{labels: '{{}}', value: {}}}]", groups(case).len()) } else { "[]".to_owned() };
        writeln!(text, "  - {{expr: 'count({expr})', eval_time: {at}h, exp_samples: {samples}}}").unwrap();
    };
    for (at, expected) in case.checks {
        let Some([history, failing, period]) = expected else {
            check("slo:period_error_budget_remaining:ratio", *at, false);
            continue;
        };
        let (left, elapsed) =
            (1.0 - f64::from(*failing) / f64::from(*period), f64::from(*history) / f64::from(*period));
        // As long as the longest step, of which a tenth of all hours of history are few.
        let off = if case.period.0 == "day" || case.period.0 == "week" { 0.003 } else { 0.0006 };
        check(&format!("abs(slo:period_error_budget_remaining:ratio - {left}) < {off}"), *at, true);
        check(&format!("abs(slo:period_elapsed:ratio - {elapsed}) < {off}"), *at, true);
        check("ALERTS{alertname=\"SLOErrorBudgetLow\"}", *at, false);
    }
    text
}

#[test]
fn a_period_without_all_of_its_history_has_spent_what_it_has_seen() {
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    let mut args = vec!["test".to_owned(), "rules".to_owned()];
    for (number, case) in YOUNG.iter().enumerate() {
        let (unit, zone) = case.period;
        let spec = format!(
            "apiVersion: slosmith/v1\nservice: c\nslos:\n- name: a\n  target: 99%\n  window: {{calendar: {unit}, timezone: {zone}}}\n  sli: {{total: 'http_requests_total{{job=\"a\"}}', bad_when: 'code=~\"5..\"'}}\n{}  alerting: {{budget_left: [{{below: 60%, severity: page}}]}}\n",
            if groups(case).len() > 1 { "  group_by: [region]\n" } else { "" },
        );
        let file: Value = serde_yaml::from_str(&rule_text(&compile_text(&spec))).unwrap();
        let is_wanted = |name: &str| {
            is_told(name)
                || name.starts_with("slo:period_")
                || name.starts_with("slo:sli_error:ratio_rate_")
                || name == "SLOErrorBudgetLow"
        };
        let rules = at_moment(&file, "a", seconds(&case.moment.replace('Z', ":00Z")), is_wanted);
        let rules = serde_yaml::to_string(&rules).unwrap().replace('\n', "\n  ");
        fs::write(
            work.path().join(format!("rules{number}.yaml")),
            format!("groups:\n- name: a\n  rules:\n  {rules}\n"),
        )
        .unwrap();
        let test = format!(
            "# {unit} {zone}\nrule_files: [rules{number}.yaml]\nevaluation_interval: {}h\ntests:\n- interval: 4m\n  input_series:\n{}  promql_expr_test:\n{}",
            case.every,
            young_blocks(case),
            young_checks(case)
        );
        fs::write(work.path().join(format!("test{number}.yaml")), test).unwrap();
        args.push(format!("test{number}.yaml"));
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let failure = promtool.run(work.path(), &args);
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}
