//! An outage of an hour at each scrape interval, for each family: silence before, a page in time, silence after, and blocks that
//! add up.

use std::fmt::Write as _;
use std::fs;

use slosmith::model::{Blocks, Duration};

use crate::support::{Tool, compile_text, promtool, rule_text};

/// Scrape intervals from the shortest to the longest; those above 4m are longer than a block.
static INTERVALS: [&str; 9] = ["5s", "7s", "15s", "20s", "30s", "1m", "2m", "3m", "5m"];

/// Name, SLI, and its series: good, and failed since 1h of 3h until 2h. `G` rises but for the outage, `B` during it, `A` always;
/// `U` is 1 but for the outage, when it is 0, `V` the other way round.
const FAMILIES: [(&str, &str, &[&str]); 7] = [
    (
        "bad",
        r#"total: 'h_total{job="a"}', bad_when: 'code=~"5.."'"#,
        &[r#"G h_total{job="a",code="200"}"#, r#"B h_total{job="a",code="500"}"#],
    ),
    ("good", "total: j_total, good: done_total", &["A j_total", "G done_total"]),
    (
        "fast",
        "latency: d_seconds, under: 250ms",
        &["A d_seconds_count", r#"A d_seconds_bucket{le="+Inf"}"#, r#"G d_seconds_bucket{le="0.25"}"#],
    ),
    ("up", "up: probe_success", &[r#"U probe_success{p="a"}"#, r#"U probe_success{p="b"}"#]),
    ("all", "up: door_open, across: all", &[r#"U door_open{p="a"}"#, r#"U door_open{p="b"}"#]),
    ("lag", "value: lag_seconds, good: '< 1'", &["V lag_seconds"]),
    ("share", "error_ratio: 'sum(rate(f_total[$window])) / sum(rate(t_total[$window]))'", &["B f_total", "A t_total"]),
];

/// Events of each scrape.
const EVENTS: u64 = 120;

fn millis(text: &str) -> u64 {
    Duration::parse(text).unwrap().millis()
}

/// The samples of a series, in promtool's notation.
fn samples(kind: &str, scrape: u64) -> String {
    let scrapes = |hours: u64| hours * 3_600_000 / scrape;
    let (before, during, after) = (scrapes(1), scrapes(2) - scrapes(1), scrapes(3) - scrapes(2));
    let counter = |first: u64, second: u64| {
        let middle = 1000 + before * first;
        let end = middle + during * second;
        format!(
            "1000+{first}x{before} {}+{second}x{} {}+{first}x{}",
            middle + second,
            during - 1,
            end + first,
            after - 1
        )
    };
    match kind {
        "G" => counter(EVENTS, 0),
        "B" => counter(0, EVENTS),
        "A" => counter(EVENTS, EVENTS),
        "U" => format!("1x{before} 0x{} 1x{}", during - 1, after - 1),
        "V" => format!("0x{before} 1x{} 0x{}", during - 1, after - 1),
        other => unreachable!("{other}"),
    }
}

fn spec(scrape: &str) -> String {
    let mut spec = format!("apiVersion: slosmith/v1\nservice: c\ndefaults: {{scrape_interval: {scrape}}}\nslos:\n");
    for (name, sli, _) in FAMILIES {
        writeln!(spec, "- {{name: {name}, target: 99%, sli: {{{sli}}}}}").unwrap();
    }
    spec
}

/// A promtool test of an outage of all families.
fn test(scrape: &str) -> String {
    let blocks = Blocks::new(Duration::parse(scrape).unwrap()).unwrap();
    let (fast, hour) = (blocks.fast().millis(), 3_600_000);
    let at = |time: u64| Duration::from_millis(time.div_ceil(fast) * fast);
    // 14.4% of an hour, somewhat later where not every block has a sample; then what the range is longer than a block.
    let paged = at(hour + hour * 144 / 1000 * 5 / 4 + blocks.fast_range().millis() + 2 * fast);
    let mut text = format!(
        "rule_files: [rules.yaml]\nevaluation_interval: {}\ntests:\n- interval: {scrape}\n  input_series:\n",
        blocks.fast()
    );
    for (kind, series) in FAMILIES.iter().flat_map(|(_, _, all)| *all).map(|line| line.split_once(' ').unwrap()) {
        writeln!(text, "  - {{series: '{series}', values: '{}'}}", samples(kind, millis(scrape))).unwrap();
    }
    text.push_str("  promql_expr_test:\n");
    let mut check = |expr: &str, time: Duration, expected: &str| {
        writeln!(text, "  - {{expr: '{expr}', eval_time: {time}, exp_samples: [{expected}]}}").unwrap();
    };
    for (name, sli, _) in FAMILIES {
        let page = format!(r#"ALERTS{{alertname="SLOErrorBudgetBurnPage",slo_id="c-{name}"}}"#);
        check(&format!("count_over_time({page}[1h])"), at(hour), "");
        check(&format!("count({page})"), paged, "{value: 1}");
        check(&page, at(3 * hour), "");
        // One hour of three, to what scrapes and blocks at both ends make of it.
        let ratio = format!(r#"slo:sli_error:ratio_rate6h{{slo_id="c-{name}"}}"#);
        check(&format!("abs(max({ratio}) * 3 - 1) < bool 0.05"), at(3 * hour), "{value: 1}");
        if sli.starts_with("total") || sli.starts_with("latency") {
            let events = EVENTS * 2 * hour / millis(scrape);
            let sum = format!(r#"sum_over_time(slo:events:increase_fast{{slo_id="c-{name}"}}[119m59s])"#);
            check(&format!("abs(sum({sum}) / {events} - 1) < bool 0.03"), at(3 * hour), "{value: 1}");
        }
    }
    text
}

/// What fails at a scrape interval.
fn failure(promtool: &Tool, scrape: &str) -> Option<String> {
    let compiled = compile_text(&spec(scrape));
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), rule_text(&compiled)).unwrap();
    fs::write(work.path().join("test.yaml"), test(scrape)).unwrap();
    promtool.run(work.path(), &["test", "rules", "test.yaml"]).map(|failure| format!("{scrape}: {failure}"))
}

#[test]
fn outages_page_in_time_at_every_scrape_interval() {
    let Some(promtool) = promtool() else { return };
    let (short, long) = INTERVALS.split_at(3);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let half = |half: &'static [&str]| {
            let promtool = &promtool;
            scope.spawn(move || half.iter().filter_map(|scrape| failure(promtool, scrape)).collect::<Vec<_>>())
        };
        [half(short), half(long)].into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
