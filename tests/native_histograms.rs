//! Native histograms through the rules, with the promtool of Prometheus 3, which can be given their samples.

use std::fs;

use slosmith::promql::Version;

use crate::support::{Tool, compile_text, promtool, rule_text};

const SPEC: &str = r#"apiVersion: slosmith/v1
service: api
defaults: {scrape_interval: 15s}
slos:
- name: fast
  target: 99%
  sli: {latency: request_seconds, histogram: native, under: 500ms}
- name: fast-and-good
  target: 99%
  sli: {latency: reply_seconds, histogram: native, under: 500ms, bad_when: 'code=~"5.."'}
"#;

/// An hour in which all of 100 requests of each scrape take 0.25s to 0.5s, ten minutes in which all take 1s to 2s or fail, an hour as the first one.
/// Bucket -1 of schema 0 is that from 0.25 to 0.5, bucket 1 that from 1 to 2.
const TEST: &str = r#"rule_files: [rules.yaml]
evaluation_interval: 30s
tests:
- interval: 15s
  input_series:
  - series: 'request_seconds'
    values: '{{schema:0 sum:400 count:1000 offset:-1 buckets:[1000 0 0]}}+{{schema:0 sum:40 count:100 offset:-1 buckets:[100 0 0]}}x240 {{schema:0 sum:10150 count:25100 offset:-1 buckets:[25000 0 100]}}+{{schema:0 sum:150 count:100 offset:-1 buckets:[0 0 100]}}x39 {{schema:0 sum:16040 count:29100 offset:-1 buckets:[25100 0 4000]}}+{{schema:0 sum:40 count:100 offset:-1 buckets:[100 0 0]}}x239'
  - series: 'reply_seconds{code="200"}'
    values: '{{schema:0 sum:400 count:1000 offset:-1 buckets:[1000]}}+{{schema:0 sum:40 count:100 offset:-1 buckets:[100]}}x240 {{schema:0 sum:10000 count:25000 offset:-1 buckets:[25000]}}x39 {{schema:0 sum:10040 count:25100 offset:-1 buckets:[25100]}}+{{schema:0 sum:40 count:100 offset:-1 buckets:[100]}}x239'
  - series: 'reply_seconds{code="500"}'
    values: '{{schema:0 sum:400 count:1000 offset:-1 buckets:[1000]}}x240 {{schema:0 sum:440 count:1100 offset:-1 buckets:[1100]}}+{{schema:0 sum:40 count:100 offset:-1 buckets:[100]}}x39 {{schema:0 sum:2000 count:5000 offset:-1 buckets:[5000]}}x239'
  promql_expr_test:
  # 200 events in each block of 30s
  - {expr: 'count(abs(slo:events:increase_fast / 200 - 1) < 0.001)', eval_time: 30m, exp_samples: [{value: 2}]}
  - {expr: 'count(slo:errors:increase_fast == 0)', eval_time: 30m, exp_samples: [{value: 2}]}
  - {expr: 'count_over_time(ALERTS{alertname="SLOErrorBudgetBurnPage"}[1h])', eval_time: 1h, exp_samples: []}
  # all of them fail: 18 blocks of an hour's 120 are above 14.4%
  - {expr: 'count(abs(slo:errors:increase_fast / 200 - 1) < 0.001)', eval_time: 1h5m, exp_samples: [{value: 2}]}
  - {expr: 'count_over_time(ALERTS{alertname="SLOErrorBudgetBurnPage"}[1h8m])', eval_time: 1h8m, exp_samples: []}
  - {expr: 'count(ALERTS{alertname="SLOErrorBudgetBurnPage"})', eval_time: 1h10m, exp_samples: [{value: 2}]}
  - {expr: 'ALERTS{alertname="SLOErrorBudgetBurnPage"}', eval_time: 1h40m, exp_samples: []}
  # ten minutes of 130
  - {expr: 'count(abs(slo:sli_error:ratio_rate6h * 13 - 1) < 0.02)', eval_time: 2h10m, exp_samples: [{value: 2}]}
"#;

/// promtool, if it is that of Prometheus 3.
fn promtool3() -> Option<Tool> {
    let promtool = promtool()?;
    if promtool.version() < Version::new(3, 0) {
        eprintln!("SKIPPED: native histograms need promtool of Prometheus 3; `tests/run --prometheus3` has it");
        return None;
    }
    Some(promtool)
}

#[test]
fn native_histograms_are_counted_and_page() {
    let Some(promtool) = promtool3() else { return };
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), rule_text(&compile_text(SPEC))).unwrap();
    fs::write(work.path().join("test.yaml"), TEST).unwrap();
    assert_eq!(promtool.run(work.path(), &["test", "rules", "test.yaml"]), None);
}
