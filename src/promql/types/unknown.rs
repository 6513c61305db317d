//! Functions that do not exist: what was meant, or where they come from.

use crate::promql::functions::{HOLT_WINTERS, functions};
use crate::promql::suggest::closest;
use crate::promql::types::Checker;
use crate::promql::{AggregateOp, Call, Error, ErrorKind, Flag};

/// Names from elsewhere, and what PromQL calls it.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("average", "avg"),
    ("mean", "avg"),
    ("median", "quantile"),
    ("percentile", "quantile"),
    ("total", "sum"),
    ("log", "ln"),
    ("len", "count"),
    ("length", "count"),
    ("histogram_percentile", "histogram_quantile"),
    ("moving_average", "avg_over_time"),
    ("sign", "sgn"),
    ("now", "time"),
];

/// Functions of `MetricsQL`, the language of `VictoriaMetrics`; families end in `*`.
const METRICSQL: [&str; 54] = [
    "aggr_over_time",
    "alias",
    "any",
    "ascent_over_time",
    "bitmap_*",
    "bottomk_*",
    "buckets_limit",
    "count_eq_over_time",
    "count_gt_over_time",
    "count_le_over_time",
    "count_ne_over_time",
    "day_of_month_*",
    "decreases_over_time",
    "default_rollup",
    "deriv_fast",
    "descent_over_time",
    "distinct",
    "distinct_over_time",
    "drop_*",
    "duration_over_time",
    "geomean",
    "geomean_over_time",
    "histogram",
    "histogram_over_time",
    "histogram_share",
    "hoeffding_*",
    "increase_prometheus",
    "increase_pure",
    "increases_over_time",
    "integrate",
    "interpolate",
    "keep_*",
    "label_*",
    "labels_equal",
    "lag",
    "lifetime",
    "limit_offset",
    "median_over_time",
    "mode",
    "mode_over_time",
    "outliers*",
    "prometheus_buckets",
    "quantiles*",
    "rand*",
    "range_*",
    "remove_resets",
    "rollup*",
    "running_*",
    "scrape_interval",
    "share*",
    "smooth_exponential",
    "topk_*",
    "union",
    "zscore*",
];

impl Checker<'_> {
    pub(super) fn unknown_function(&mut self, call: &Call) {
        let name = &call.function.value;
        let range = call.function.range;
        let error = Error::new(ErrorKind::UnknownFunction, range, format!("there is no function `{name}`"));
        if name == HOLT_WINTERS {
            let version = self.options.version;
            let message = format!("Prometheus 3.0 renamed `{name}`, the rules are for {version}");
            let to = "double_exponential_smoothing";
            let error = Error::new(ErrorKind::Version, range, message);
            let flag = Flag::ExperimentalFunctions;
            self.report(if self.options.enabled.contains(&flag) {
                error.help(format!("write `{to}`")).replacement(range, to)
            } else {
                error.help(format!("write `{to}`, and start Prometheus with `--enable-feature={}`", flag.as_str()))
            });
            return;
        }
        let lower = name.to_ascii_lowercase();
        let known = || AGGREGATES.iter().map(|op| op.as_str()).chain(functions().iter().map(|function| function.name));
        let other = OTHER_NAMES.iter().find(|(from, _)| *from == lower).map(|(_, to)| *to);
        if let Some(near) = known().find(|known| *known == lower) {
            self.report(error.help(format!("functions are written in lower case: `{near}`")).replacement(range, near));
        } else if let Some(to) = other {
            self.report(error.help(format!("PromQL calls it `{to}`")).replacement(range, to));
        } else if METRICSQL.iter().any(|pattern| fits(pattern, &lower)) {
            let error = Error::new(ErrorKind::UnknownFunction, range, format!("`{name}` is a function of MetricsQL"));
            self.report(error.help("Prometheus does not have it, VictoriaMetrics does"));
        } else if let Some(near) = closest(name, known()) {
            self.report(error.help(format!("did you mean `{near}`?")).replacement(range, near));
        } else if let Some(from) = closest(name, OTHER_NAMES.map(|(from, _)| from)) {
            let to = OTHER_NAMES.iter().find(|(other, _)| *other == from).map_or(from, |(_, to)| to);
            self.report(error.help(format!("PromQL calls it `{to}`")).replacement(range, to));
        } else {
            self.report(error);
        }
    }
}

/// All aggregation operators.
const AGGREGATES: [AggregateOp; 14] = [
    AggregateOp::Sum,
    AggregateOp::Avg,
    AggregateOp::Count,
    AggregateOp::Min,
    AggregateOp::Max,
    AggregateOp::Group,
    AggregateOp::Stddev,
    AggregateOp::Stdvar,
    AggregateOp::Topk,
    AggregateOp::Bottomk,
    AggregateOp::CountValues,
    AggregateOp::Quantile,
    AggregateOp::Limitk,
    AggregateOp::LimitRatio,
];

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}
