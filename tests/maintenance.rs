//! Maintenance is when its recurrence says so, and what happens meanwhile neither alerts nor counts, evaluated by promtool.

use std::fmt::Write as _;
use std::fs;

use jiff::Timestamp;

use crate::support::{compile_text, promtool, rule_text};

const SPEC: &str = "\
apiVersion: slosmith/v1
service: cart
defaults: {scrape_interval: 15s}
slos:
- name: availability
  target: 99.9%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
maintenance:
";

/// An entry, two moments, and the intervals between them in which there is maintenance. All moments are UTC.
type Case = (&'static str, [&'static str; 2], &'static [[&'static str; 2]]);

const CASES: [Case; 14] = [
    (
        "start: 2026-01-04T02:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU, timezone: Europe/Paris",
        ["2026-01-03T00:00Z", "2026-01-13T00:00Z"],
        &[["2026-01-04T01:00Z", "2026-01-04T02:30Z"], ["2026-01-11T01:00Z", "2026-01-11T02:30Z"]],
    ),
    // There is no 02:00 on 29 March: it starts when it would have been, and lasts as long as ever.
    (
        "start: 2026-01-04T02:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU, timezone: Europe/Paris",
        ["2026-03-28T00:00Z", "2026-04-06T00:00Z"],
        &[["2026-03-29T01:00Z", "2026-03-29T02:30Z"], ["2026-04-05T00:00Z", "2026-04-05T01:30Z"]],
    ),
    // Clocks show 02:00 twice on 25 October: the first one counts.
    (
        "start: 2026-01-04T02:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU, timezone: Europe/Paris",
        ["2026-10-24T00:00Z", "2026-11-02T00:00Z"],
        &[["2026-10-25T00:00Z", "2026-10-25T01:30Z"], ["2026-11-01T01:00Z", "2026-11-01T02:30Z"]],
    ),
    // From before a change to after it.
    (
        "start: 2026-01-04T01:30, duration: 2h, rrule: FREQ=WEEKLY, timezone: Europe/Paris",
        ["2026-03-28T12:00Z", "2026-03-29T12:00Z"],
        &[["2026-03-29T00:30Z", "2026-03-29T02:30Z"]],
    ),
    (
        "start: 2026-01-04T01:30, duration: 3h, rrule: FREQ=WEEKLY, timezone: Europe/Paris",
        ["2026-10-24T12:00Z", "2026-10-25T12:00Z"],
        &[["2026-10-24T23:30Z", "2026-10-25T02:30Z"]],
    ),
    // Across midnight and the end of the month, on the last Friday.
    (
        "start: 2026-01-30T23:30, duration: 26h, rrule: FREQ=MONTHLY;BYDAY=-1FR",
        ["2026-07-30T00:00Z", "2026-08-05T00:00Z"],
        &[["2026-07-31T23:30Z", "2026-08-02T01:30Z"]],
    ),
    (
        "start: 2026-01-31T22:00, duration: 4h, rrule: FREQ=MONTHLY;BYMONTHDAY=-1, timezone: America/New_York",
        ["2028-02-28T00:00Z", "2028-03-04T00:00Z"],
        &[["2028-03-01T03:00Z", "2028-03-01T07:00Z"]],
    ),
    // Every second week from its Monday on.
    (
        "start: 2026-01-01T10:00, duration: 1h, rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH'",
        ["2026-01-01T00:00Z", "2026-01-20T00:00Z"],
        &[
            ["2026-01-01T10:00Z", "2026-01-01T11:00Z"],
            ["2026-01-12T10:00Z", "2026-01-12T11:00Z"],
            ["2026-01-15T10:00Z", "2026-01-15T11:00Z"],
        ],
    ),
    (
        "start: 2026-01-04T03:00, duration: 2h, rrule: FREQ=MONTHLY;BYDAY=1SU;COUNT=3, timezone: Asia/Kolkata",
        ["2026-02-27T00:00Z", "2026-03-04T00:00Z"],
        &[["2026-02-28T21:30Z", "2026-02-28T23:30Z"]],
    ),
    (
        "start: 2026-01-01T00:00, duration: 1h, rrule: FREQ=DAILY;INTERVAL=3;UNTIL=20260107",
        ["2025-12-31T00:00Z", "2026-01-12T00:00Z"],
        &[
            ["2026-01-01T00:00Z", "2026-01-01T01:00Z"],
            ["2026-01-04T00:00Z", "2026-01-04T01:00Z"],
            ["2026-01-07T00:00Z", "2026-01-07T01:00Z"],
        ],
    ),
    (
        "start: 2024-02-29T12:00, duration: 1h, rrule: FREQ=YEARLY",
        ["2028-02-27T00:00Z", "2028-03-03T00:00Z"],
        &[["2028-02-29T12:00Z", "2028-02-29T13:00Z"]],
    ),
    (
        "start: 2026-11-27T00:00, duration: 48h, rrule: FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=4FR",
        ["2028-11-20T00:00Z", "2028-11-30T00:00Z"],
        &[["2028-11-24T00:00Z", "2028-11-26T00:00Z"]],
    ),
    (
        "from: 2026-03-29T01:30, to: 2026-03-29T03:30, timezone: Europe/Paris, reason: r",
        ["2026-03-28T00:00Z", "2026-03-30T00:00Z"],
        &[["2026-03-29T00:30Z", "2026-03-29T01:30Z"]],
    ),
    (
        "start: 2026-04-05T02:30, duration: 1h, rrule: FREQ=DAILY, timezone: Australia/Lord_Howe",
        ["2026-10-02T00:00Z", "2026-10-05T00:00Z"],
        &[
            ["2026-10-02T16:00Z", "2026-10-02T17:00Z"],
            ["2026-10-03T15:30Z", "2026-10-03T16:30Z"],
            ["2026-10-04T15:30Z", "2026-10-04T16:30Z"],
        ],
    ),
];

/// The distance of two evaluations in seconds; everything begins and ends with one.
const STEP: i64 = 300;

fn seconds(moment: &str) -> i64 {
    moment.parse::<Timestamp>().unwrap().as_second()
}

/// The rules of maintenance alone, as if time began at a moment.
fn group_from(entry: &str, moment: i64) -> String {
    let text = rule_text(&compile_text(&format!("{SPEC}- {{name: m, {entry}}}\n")));
    let file: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let mut group = file["groups"].as_sequence().unwrap().last().unwrap().clone();
    assert_eq!(group["name"], "maintenance-cart");
    for rule in group["rules"].as_sequence_mut().unwrap() {
        let expr = rule["expr"].as_str().unwrap().replace("time()", &format!("(time() + {moment})"));
        rule["expr"] = expr.into();
    }
    serde_yaml::to_string(&serde_yaml::Value::Mapping(
        [("groups".into(), serde_yaml::Value::Sequence(vec![group]))].into_iter().collect(),
    ))
    .unwrap()
}

#[test]
fn maintenance_is_when_its_recurrence_says() {
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    for (number, (entry, [begin, end], expected)) in CASES.iter().enumerate() {
        let (begin, end) = (seconds(begin), seconds(end));
        let is_active = |step: &i64| {
            expected.iter().any(|[from, to]| (seconds(from)..seconds(to)).contains(&(begin + step * STEP)))
        };
        let steps: Vec<i64> = (0..=(end - begin) / STEP).filter(is_active).collect();
        assert!(!steps.is_empty());
        let series = "slo:maintenance:active{maintenance=\"m\"}";
        let last = end - begin;
        let mut checks = String::new();
        for (function, value) in [("count", steps.iter().map(|_| 1).sum()), ("sum", steps.iter().sum::<i64>() * STEP)] {
            writeln!(
                checks,
                "  - {{expr: 'sum({function}_over_time(timestamp({series})[{last}s:5m]))', eval_time: {last}s, exp_samples: [{{labels: '{{}}', value: {value}}}]}}",
            )
            .unwrap();
        }
        fs::write(work.path().join(format!("rules{number}.yaml")), group_from(entry, begin)).unwrap();
        let test = format!(
            "# {entry}\nrule_files: [rules{number}.yaml]\nevaluation_interval: 5m\ntests:\n- interval: 5m\n  promql_expr_test:\n{checks}"
        );
        fs::write(work.path().join(format!("test{number}.yaml")), test).unwrap();
    }
    let tests: Vec<String> = (0..CASES.len()).map(|number| format!("test{number}.yaml")).collect();
    let args: Vec<&str> = ["test", "rules"].into_iter().chain(tests.iter().map(String::as_str)).collect();
    let failure = promtool.run(work.path(), &args);
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

/// What the rules of a spec do with these series, evaluated at an interval.
fn judge(entries: &str, interval: &str, tests: &str) {
    judge_spec(&format!("{SPEC}{entries}"), interval, tests);
}

fn judge_spec(spec: &str, interval: &str, tests: &str) {
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), rule_text(&compile_text(spec))).unwrap();
    let groups = "[maintenance-cart, slo-cart-availability-fast, slo-cart-availability-slow]";
    let head =
        format!("rule_files: [rules.yaml]\nevaluation_interval: {interval}\ngroup_eval_order: {groups}\ntests:\n");
    fs::write(work.path().join("test.yaml"), format!("{head}{tests}")).unwrap();
    let failure = promtool.run(work.path(), &["test", "rules", "test.yaml"]);
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

const NIGHTLY: &str = "- {name: nightly, start: 1970-01-01T02:00, duration: 30m, rrule: FREQ=DAILY}\n";

#[test]
fn what_happens_during_maintenance_alerts_nobody() {
    judge(NIGHTLY, "30s", "
# All requests fail during maintenance, and for a minute after it one in ten.
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x480 72000x120 72000+135x8 73080+150x600'}
  - {series: 'http_requests_total{job=\"cart\",code=\"500\"}', values: '0x480 0+150x120 18000+15x8 18120x600'}
  promql_expr_test:
  - {expr: 'count_over_time(ALERTS{alertname=\"SLOErrorBudgetBurnPage\"}[4h])', eval_time: 4h, exp_samples: []}
  - {expr: 'count_over_time(slo:maintenance:active[4h])', eval_time: 4h, exp_samples: [{labels: '{slo_service=\"cart\",maintenance=\"nightly\"}', value: 61}]}
  # nothing of it is in any block
  - {expr: 'max_over_time(slo:sli_error:ratio_rate5m[30m]) < 0.001', eval_time: 2h30m, exp_samples: [{labels: '{slo_id=\"cart-availability\",slo_service=\"cart\",slo_name=\"availability\"}', value: 0}]}
  - {expr: 'slo:events:increase_fast', eval_time: 2h15m, exp_samples: []}
  - {expr: 'slo:errors:increase_fast', eval_time: 2h15m, exp_samples: []}
  # 2h of 10/s, and an hour after maintenance, of which two minutes at the ends are lost
  - {expr: 'sum(sum_over_time(slo:errors:increase_fast[4h])) < bool 150', eval_time: 4h, exp_samples: [{labels: '{}', value: 1}]}
# The outage goes on after maintenance: it pages a few minutes later, once there are blocks enough.
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x480 72000x400'}
  - {series: 'http_requests_total{job=\"cart\",code=\"500\"}', values: '0x480 0+150x400'}
  promql_expr_test:
  - {expr: 'count_over_time(ALERTS{alertname=\"SLOErrorBudgetBurnPage\"}[2h31m])', eval_time: 2h31m, exp_samples: []}
  - {expr: 'count(ALERTS{alertname=\"SLOErrorBudgetBurnPage\",alertstate=\"firing\"})', eval_time: 2h35m, exp_samples: [{labels: '{}', value: 1}]}
# Nothing is scraped during maintenance and a little longer.
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x480 _x130 0+150x300'}
  promql_expr_test:
  - {expr: 'count_over_time(ALERTS{alertname=\"SLONoData\",alertstate=\"firing\"}[2h30m])', eval_time: 2h30m, exp_samples: []}
  - {expr: 'count_over_time(ALERTS{alertname=\"SLONoData\",alertstate=\"firing\"}[3h45m])', eval_time: 3h45m, exp_samples: []}
# Nothing is scraped any more: missing data counts from the end of maintenance on.
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x480 _x600'}
  promql_expr_test:
  - {expr: 'count_over_time(ALERTS{alertname=\"SLONoData\",alertstate=\"firing\"}[2h40m])', eval_time: 2h40m, exp_samples: []}
  - {expr: 'count(ALERTS{alertname=\"SLONoData\",alertstate=\"firing\"})', eval_time: 2h45m, exp_samples: [{labels: '{}', value: 1}]}
# Without maintenance the same outage pages within two minutes.
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x360 54000x120 54000+150x600'}
  - {series: 'http_requests_total{job=\"cart\",code=\"500\"}', values: '0x360 0+150x120 18000x600'}
  promql_expr_test:
  - {expr: 'count(ALERTS{alertname=\"SLOErrorBudgetBurnPage\",alertstate=\"firing\"})', eval_time: 92m, exp_samples: [{labels: '{}', value: 1}]}
");
}

#[test]
fn slow_blocks_leave_maintenance_out_and_do_not_catch_up_with_it() {
    judge(NIGHTLY, "4m", "
- interval: 15s
  input_series:
  - {series: 'http_requests_total{job=\"cart\",code=\"200\"}', values: '0+150x480 72000x120 72000+150x600'}
  - {series: 'http_requests_total{job=\"cart\",code=\"500\"}', values: '0x480 0+150x120 18000x600'}
  promql_expr_test:
  - {expr: 'sum(sum_over_time(slo:errors:increase_slow[5h]))', eval_time: 5h, exp_samples: [{labels: '{}', value: 0}]}
  - {expr: 'max_over_time(slo:sli_error:ratio_rate30d[5h])', eval_time: 5h, exp_samples: [{labels: '{slo_id=\"cart-availability\",slo_service=\"cart\",slo_name=\"availability\"}', value: 0}]}
  - {expr: 'slo:events:increase_slow', eval_time: 2h16m, exp_samples: []}
  # in each block after it as many events as ever, none caught up
  - {expr: 'max_over_time(slo:events:increase_slow[2h]) < bool 2600', eval_time: 4h40m, exp_samples: [{labels: '{slo_id=\"cart-availability\",slo_service=\"cart\",slo_name=\"availability\"}', value: 1}]}
  - {expr: 'count_over_time(slo:events:increase_slow[2h])', eval_time: 4h40m, exp_samples: [{labels: '{slo_id=\"cart-availability\",slo_service=\"cart\",slo_name=\"availability\"}', value: 31}]}
  - {expr: 'count_over_time(ALERTS{alertname=\"SLOErrorBudgetBurnTicket\"}[5h])', eval_time: 5h, exp_samples: []}
");
}

/// Slow blocks each four minutes, one minute after the rules: of 1000 events, of which so many fail within an interval of minutes.
fn blocks(until: usize, failing: std::ops::Range<usize>, failed: usize) -> String {
    let (mut events, mut errors) = (String::new(), String::new());
    for minute in (1..until).step_by(4) {
        events += "_ 1000 _ _ ";
        let count = if failing.contains(&minute) { failed } else { 0 };
        write!(errors, "_ {count} _ _ ").unwrap();
    }
    let labels = "{slo_id=\"cart-availability\",slo_service=\"cart\",slo_name=\"availability\"}";
    format!(
        "- interval: 1m\n  input_series:\n  - {{series: 'slo:events:increase_slow{labels}', values: '{events}'}}\n  - {{series: 'slo:errors:increase_slow{labels}', values: '{errors}'}}\n  promql_expr_test:\n"
    )
}

#[test]
fn what_is_taken_out_afterwards_counts_no_longer() {
    // All fails from 10:00 to 11:24 of the first day.
    let entry = "- {name: outage, from: 1970-01-01T10:00Z, to: 1970-01-01T11:24Z, reason: Upstream.}\n";
    let own = "slo_id=\"cart-availability\"";
    let check = |name: &str, at: &str, value: &str| {
        format!(
            "  - {{expr: 'sum(round({name}{{{own}}}, 0.000001))', eval_time: {at}, exp_samples: [{{labels: '{{}}', value: {value}}}]}}\n"
        )
    };
    let mut tests = blocks(36 * 60, 600..684, 1000);
    for (name, at) in [
        ("slo:sli_error:ratio_rate1d", "12h"),
        ("slo:sli_error:ratio_rate30d", "12h"),
        ("slo:sli_error:ratio_rate30d", "35h"),
        // its window begins within the interval
        ("slo:sli_error:ratio_rate1d", "34h40m"),
        ("slo:sli_error:ratio_rate1d", "35h32m"),
        ("slo:sli_error:ratio_rate2h", "13h"),
    ] {
        tests += &check(name, at, "0");
    }
    tests += &check("slo:period_error_budget_remaining:ratio", "35h", "1");
    tests += "  - {expr: 'count_over_time(ALERTS{alertname=\"SLOErrorBudgetBurnTicket\"}[36h])', eval_time: 36h, exp_samples: []}\n";
    judge(entry, "4m", &tests);

    // Failures outside of it stay: ten in each block from 09:00 to 10:00.
    let around = blocks(36 * 60, 540..600, 10);
    let mut tests = around;
    // 15 blocks of 10; 12h are 180 blocks, less those of the interval: 21, and one at each end.
    tests += &check("slo:sli_error:ratio_rate30d", "12h", "0.000955");
    // 24h later, six of them are left, of 359 blocks less 23.
    tests += &check("slo:sli_error:ratio_rate1d", "33h32m", "0.000179");
    judge(entry, "4m", &tests);
}

#[test]
fn what_is_taken_out_of_a_calendar_day_counts_no_longer() {
    // All fails around the midnight at 24h, and in the afternoon of the second day.
    let spec = SPEC.replace("  sli:", "  window: {calendar: day}\n  sli:")
        + "- {name: night, from: 1970-01-01T23:00Z, to: 1970-01-02T01:24Z, reason: Upstream.}\n\
           - {name: noon, from: 1970-01-02T12:00Z, to: 1970-01-02T13:00Z, reason: Upstream.}\n";
    let check = |name: &str, at: &str, value: &str| {
        format!(
            "  - {{expr: 'sum(round({name}{{slo_id=\"cart-availability\"}}, 0.0001))', eval_time: {at}, exp_samples: [{{labels: '{{}}', value: {value}}}]}}\n"
        )
    };
    let ratio = "slo:sli_error:ratio_rate_day";
    let left = "slo:period_error_budget_remaining:ratio";
    let mut tests = blocks(40 * 60, 23 * 60..25 * 60 + 24, 1000);
    for at in ["23h52m", "25h40m", "30h"] {
        tests += &check(ratio, at, "0");
        tests += &check(left, at, "1");
    }
    judge_spec(&spec, "4m", &tests);
    // Ten fail in each block from 03:00 to 04:00 of the second day, which stay: 15 blocks of 10; 6h are 90 blocks, less the 22 of the
    // night; at 38h 210 of 14h, less those and the 17 of noon.
    let mut tests = blocks(40 * 60, 27 * 60..28 * 60, 10);
    tests += &check(ratio, "30h", "0.0022");
    tests += &check(ratio, "38h", "0.0009");
    // A quarter of the day at 2.2 times the budget.
    tests += "  - {expr: 'count(abs(slo:period_error_budget_remaining:ratio - (1 - 0.25 * 150 / 68)) < 0.01)', eval_time: 30h, exp_samples: [{labels: '{}', value: 1}]}\n";
    judge_spec(&spec, "4m", &tests);
}
