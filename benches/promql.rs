//! How many typical expressions are read and checked per second on one core, beside promql-parser.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and its input is right")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use slosmith::promql::lint::{Context, Role, lint};
use slosmith::promql::{CheckOptions, ParseOptions, check, labels, parse, print};

/// What alerts, recording rules and dashboards are made of, from short to long.
const EXPRESSIONS: [&str; 16] = [
    "up == 0",
    "job:http_requests:rate5m > 100",
    "rate(http_requests_total[5m])",
    r#"absent(up{job="cart"} == 1)"#,
    "sum by (job, instance) (rate(node_cpu_seconds_total{mode!=\"idle\"}[5m]))",
    r#"node_filesystem_avail_bytes{fstype!~"tmpfs|rootfs",mountpoint="/"} / node_filesystem_size_bytes * 100 < 10"#,
    r#"sum(rate(http_requests_total{job="cart",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="cart"}[5m])) > 0.05"#,
    r#"histogram_quantile(0.99, sum by (le, handler) (rate(http_request_duration_seconds_bucket{job="cart"}[5m])))"#,
    "predict_linear(node_filesystem_avail_bytes[6h], 4 * 3600) < 0 and on (instance) node_filesystem_readonly == 0",
    r#"max by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown"}) * on (namespace, pod) group_left (owner_kind) topk by (namespace, pod) (1, max by (namespace, pod, owner_kind) (kube_pod_owner{owner_kind!="Job"})) > 0"#,
    r#"label_replace(sum by (pod) (container_memory_working_set_bytes{container!=""}), "workload", "$1", "pod", "(.+)-[^-]+")"#,
    "max_over_time(rate(queue_messages_total[5m])[1h:1m] offset 1d)",
    r#"1 - avg without (cpu) (rate(node_cpu_seconds_total{mode="idle",instance=~"web-[0-9]+"}[2m])) unless on (instance) maintenance == 1"#,
    "(slo:sli_error:ratio_rate1h{slo_id=\"cart-availability\"} > 0.0144) and (slo:sli_error:ratio_rate5m{slo_id=\"cart-availability\"} > 0.0144)",
    "count(count by (version) (prometheus_build_info)) > 1",
    "clamp_max(sum(increase(payments_failed_total[30m])) / 10, 1) or vector(0)",
];

/// Rounds over all expressions in a measurement.
const ROUNDS: usize = 100_000 / EXPRESSIONS.len();

/// The fastest of five measurements, so that what else the machine does counts least.
fn fastest(mut work: impl FnMut(&str)) -> Duration {
    let measure = |work: &mut dyn FnMut(&str)| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            for text in EXPRESSIONS {
                work(black_box(text));
            }
        }
        start.elapsed()
    };
    (0..5).map(|_| measure(&mut work)).min().expect("five measurements")
}

fn report(what: &str, time: Duration, other: Duration) {
    let count = u32::try_from(ROUNDS * EXPRESSIONS.len()).expect("a hundred thousand");
    let rate = f64::from(count) / time.as_secs_f64();
    let ratio = other.as_secs_f64() / time.as_secs_f64();
    println!("{what:<36} {rate:>9.0} expressions/s   {ratio:>5.1} times promql-parser");
}

fn main() {
    let (options, target) = (ParseOptions::default(), CheckOptions::default());
    let read = |text: &str| parse(text, &options).expect("an expression");
    let other = fastest(|text| {
        black_box(promql_parser::parser::parse(text).expect("an expression"));
    });
    report("promql-parser: parse and check", other, other);
    let parsed = fastest(|text| {
        black_box(read(text));
    });
    report("slosmith: parse", parsed, other);
    let checked = fastest(|text| {
        black_box(check(&read(text), &target).expect("a type"));
    });
    report("slosmith: parse and check", checked, other);
    let all = fastest(|text| {
        let expr = read(text);
        black_box(check(&expr, &target).expect("a type"));
        black_box((labels::of(&expr), lint(&expr, &Context::new(Role::Alert)), print(&expr)));
    });
    report("slosmith: labels, lints, printed too", all, other);
}
