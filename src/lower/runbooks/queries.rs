//! What the person on call pastes into Prometheus.

use smol_str::SmolStr;

use super::words;
use crate::ir::RunbookQuery;
use crate::lower::series::{
    BUDGET_REMAINING, COMPONENT_ERROR, CURRENT_BURN_RATE, ERRORS_FAST, SLICE_ERRORS, SLICE_EVENTS, Series, ratio_name,
};
use crate::model::{
    Across, CauseAlert, Comparison, Duration, Latency, NativeLatency, Objective, Ratio, RatioPart, Sli, Value,
    decimal_text,
};
use crate::promql::{
    AggregateOp, BinaryOp, Expr, ExprKind, GroupingKind, MatchOp, Selector, build, substitute_window, without_parens,
};

/// How many series the lists of the worst ones have.
const WORST: &str = "10";

/// The queries of an SLO's page: first what slosmith records, then the raw data behind it.
pub(super) fn of_slo(series: &Series<'_>) -> Vec<RunbookQuery> {
    let recorded = [
        query(
            "Which of its alerts fire",
            "One series for each firing alert.",
            alerts(vec![(series.names.identity[0].as_str(), series.slo.id.clone())]),
        ),
        query(
            "Burn rate now",
            "The last five minutes. At 1 the budget lasts exactly one period, above 1 it does not.",
            series.all(CURRENT_BURN_RATE),
        ),
        query(
            "Error budget left",
            "1 is all of it, 0 is none; below 0 the objective is missed.",
            series.all(BUDGET_REMAINING),
        ),
        query(
            "Error ratio now",
            "The share of failed events in the last five minutes, as recorded.",
            series.all(ratio_name(Duration::from_mins(5))),
        ),
    ];
    recorded.into_iter().chain(slices(series)).chain(raw(series)).collect()
}

/// What tells good slices of time from bad ones.
fn slices(series: &Series<'_>) -> Vec<RunbookQuery> {
    let Some(slices) = &series.slo.slices else { return Vec::new() };
    let hour = build::matrix(series.all(ERRORS_FAST), millis(Duration::from_hours(1)));
    let share = build::binary(series.all(SLICE_ERRORS), BinaryOp::Div, series.all(SLICE_EVENTS));
    vec![
        query(
            "Bad slices",
            format!("How many of the slices of {} in the last hour were bad.", slices.length),
            build::call("sum_over_time", vec![hour]),
        ),
        query("The last slice", "The share of its events that failed. No result: it had none.", share),
    ]
}

/// The queries of a cause alert's page.
pub(super) fn of_alert(alert: &CauseAlert) -> Vec<RunbookQuery> {
    let mut queries = vec![query(
        "Where it fires",
        "One series for each firing alert, with its labels.",
        alerts(vec![("alertname", SmolStr::new(&alert.name.value))]),
    )];
    if let Some(value) = compared_value(&alert.expr) {
        let explanation = "The left side of the condition without its limit: how far away the others are.";
        queries.push(query("The value itself", explanation, value.clone()));
    }
    if let Some(selector) = &alert.or_absent {
        let count = build::aggregate(AggregateOp::Count, None, selector.clone());
        queries.push(query(
            "Whether its data is there",
            "No result: the series is absent, which fires the alert too.",
            count,
        ));
    }
    queries
}

/// What a condition compares with a number.
fn compared_value(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Paren(inner) => compared_value(inner),
        ExprKind::Binary(binary) => {
            let compares = matches!(
                binary.op.value,
                BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Greater
                    | BinaryOp::Less
                    | BinaryOp::GreaterEqual
                    | BinaryOp::LessEqual
            );
            compares.then_some(&binary.lhs)
        }
        _ => None,
    }
}

fn query(title: impl Into<String>, explanation: impl Into<String>, expr: Expr) -> RunbookQuery {
    RunbookQuery { title: title.into(), explanation: explanation.into(), expr }
}

fn alerts(labels: Vec<(&'static str, SmolStr)>) -> Expr {
    let firing = ("alertstate", SmolStr::new_static("firing"));
    let matchers = labels.into_iter().chain([firing]);
    build::selector("ALERTS", matchers.map(|(label, value)| (SmolStr::new_static(label), MatchOp::Equal, value)))
}

/// The raw data of an SLI: the ratio as it is now, split by what the selectors leave open, and the worst series.
fn raw(series: &Series<'_>) -> Vec<RunbookQuery> {
    let raw = Raw { groups: &series.groups, range: range(series) };
    let objective = series.slo.objective;
    match &series.slo.sli {
        Sli::Ratio(Ratio { total, part: RatioPart::Bad(bad) }) => raw.bad(total, bad),
        Sli::Ratio(Ratio { total, part: RatioPart::Good(good) }) => raw.good(total, good),
        Sli::Latency(latency) => raw.latency(latency, objective),
        Sli::NativeLatency(latency) => raw.native_latency(latency, objective),
        Sli::Up { gauge, across } => raw.up(gauge, *across),
        Sli::Value(value) => value_queries(value),
        Sli::ErrorRatio(ratio) => raw.error_ratio(ratio),
        Sli::Composite(_) => vec![query(
            "Which component fails",
            "The error ratio of each component in the last block, by the label `slo_component`. One that is not there had no events.",
            build::call("sort_desc", vec![series.all(COMPONENT_ERROR)]),
        )],
    }
}

/// The range of raw queries: five minutes, but never below four scrapes.
fn range(series: &Series<'_>) -> Duration {
    let four_scrapes = Duration::from_millis(4 * series.slo.blocks.scrape().millis());
    four_scrapes.max(Duration::from_mins(5))
}

/// How raw data is looked at.
struct Raw<'a> {
    groups: &'a [SmolStr],
    range: Duration,
}

impl Raw<'_> {
    fn bad(&self, total: &Expr, bad: &Expr) -> Vec<RunbookQuery> {
        let ratio = build::binary(self.per_second(bad), BinaryOp::Div, self.per_second(total));
        let mut queries = vec![self.ratio_query("Error ratio from the raw data", ratio)];
        queries.extend(self.split("Failed events per second", bad));
        queries.push(worst("The series that fail most", "Failed events per second.", above_zero(self.rates(bad))));
        queries
    }

    fn good(&self, total: &Expr, good: &Expr) -> Vec<RunbookQuery> {
        let good_share = build::binary(self.per_second(good), BinaryOp::Div, self.per_second(total));
        let mut queries = vec![self.ratio_query("Error ratio from the raw data", one_minus(good_share))];
        queries.extend(self.split("All events per second", total));
        let failing = if metric(total).is_some() && metric(total) == metric(good) {
            build::binary(self.rates(total), BinaryOp::Unless, self.rates(good))
        } else {
            build::binary(self.rates(total), BinaryOp::Sub, self.rates(good))
        };
        queries.push(worst("The series that fail most", "Events per second that are not good.", above_zero(failing)));
        queries
    }

    fn latency(&self, latency: &Latency, objective: Objective) -> Vec<RunbookQuery> {
        let within = build::binary(self.per_second(&latency.bucket), BinaryOp::Div, self.per_second(&latency.count));
        let mut queries = vec![self.ratio_query("Share of slow events from the raw data", one_minus(within))];
        if let Some(buckets) = without_bound(&latency.bucket) {
            let mut labels = vec![SmolStr::new_static("le")];
            labels.extend_from_slice(self.groups);
            let buckets = build::sum_by(&labels, self.rates(&buckets));
            queries.push(quantile_query(objective, &decimal_text(latency.under), buckets));
        }
        queries.extend(self.split("Events per second", &latency.count));
        let bound = [SmolStr::new_static("le")];
        let slow =
            build::binary(self.rates(&latency.count), BinaryOp::Sub, self.rates(&latency.bucket)).ignoring(&bound);
        queries.push(worst("The series that are slow most", "Slow events per second.", above_zero(slow)));
        queries.extend(latency.bad.as_ref().map(|bad| {
            worst(
                "The series that fail fast",
                "Events per second that are fast, and bad still.",
                above_zero(self.rates(bad)),
            )
        }));
        queries
    }

    fn native_latency(&self, latency: &NativeLatency, objective: Objective) -> Vec<RunbookQuery> {
        let under = decimal_text(latency.under);
        let fraction = |histogram: Expr| {
            build::call("histogram_fraction", vec![build::number("0"), build::number(under.clone()), histogram])
        };
        let all = self.per_second(&latency.histogram);
        let each = self.rates(&latency.histogram);
        let mut queries =
            vec![self.ratio_query("Share of slow events from the raw data", one_minus(fraction(all.clone())))];
        queries.push(quantile_query(objective, &under, all));
        let count = build::call("histogram_count", vec![each.clone()]);
        let slow = build::binary(count, BinaryOp::Mul, one_minus(fraction(each)));
        queries.push(worst("The series that are slow most", "Slow events per second.", above_zero(slow)));
        queries
    }

    fn up(&self, gauge: &Expr, across: Across) -> Vec<RunbookQuery> {
        let down = build::binary(gauge.clone(), BinaryOp::Equal, build::number("0"));
        let hour = build::matrix(gauge.clone(), millis(Duration::from_hours(1).max(self.range)));
        let share = build::call("avg_over_time", vec![hour]);
        let least = build::aggregate_with(AggregateOp::Bottomk, None, Some(build::number(WORST)), share);
        let answer = |op| self.aggregate(op, gauge.clone());
        let state = match across {
            Across::Average => query("Share that is up now", "1 is all of it.", answer(AggregateOp::Avg)),
            Across::Any => query("Whether any is up now", "1 is yes.", answer(AggregateOp::Max)),
            Across::All => query("Whether all are up now", "1 is yes.", answer(AggregateOp::Min)),
            Across::Quorum => query("Share that is up now", "More than 0.5 counts as up.", answer(AggregateOp::Avg)),
        };
        vec![
            state,
            query("What is down now", "One series for each that is.", down),
            query("What was up least", "The share of the last hour, worst first.", least),
        ]
    }

    fn error_ratio(&self, ratio: &Expr) -> Vec<RunbookQuery> {
        let over = |window| substitute_window(ratio, millis(window));
        vec![
            query("Error ratio from the raw data", "The share of failed events.", over(self.range)),
            query("The same over six hours", "The share of failed events.", over(Duration::from_hours(6))),
        ]
    }

    fn ratio_query(&self, title: &str, ratio: Expr) -> RunbookQuery {
        let range = self.range.in_largest_unit();
        query(
            title,
            format!("The last {range}, without recording rules in between. No result: no failed events, or no data."),
            ratio,
        )
    }

    /// Events per second, one number for each group.
    fn per_second(&self, counter: &Expr) -> Expr {
        match &counter.kind {
            ExprKind::Selector(_) => self.aggregate(AggregateOp::Sum, self.rates(counter)),
            _ => substitute_window(counter, millis(self.range)),
        }
    }

    /// Events per second, one number for each series.
    fn rates(&self, counter: &Expr) -> Expr {
        match &counter.kind {
            ExprKind::Selector(_) => build::call("rate", vec![build::matrix(counter.clone(), millis(self.range))]),
            ExprKind::Aggregate(sum) if sum.op.value == AggregateOp::Sum => self.rates(&sum.expr),
            ExprKind::Paren(inner) => self.rates(inner),
            _ => substitute_window(counter, millis(self.range)),
        }
    }

    fn aggregate(&self, op: AggregateOp, expr: Expr) -> Expr {
        let grouping = (!self.groups.is_empty()).then_some((GroupingKind::By, self.groups));
        build::aggregate(op, grouping, expr)
    }

    /// Events per second by the labels that the selector leaves open.
    fn split(&self, what: &str, counter: &Expr) -> Option<RunbookQuery> {
        let ExprKind::Selector(selector) = &counter.kind else { return None };
        let mut labels = self.groups.to_vec();
        labels.extend(open_labels(selector).into_iter().filter(|label| !self.groups.contains(label)));
        if labels.len() == self.groups.len() {
            return None;
        }
        let names: Vec<_> = labels.iter().map(SmolStr::as_str).collect();
        let explanation = format!("By {}.", names.join(", "));
        Some(query(what, explanation, build::sum_by(&labels, self.rates(counter))))
    }
}

fn value_queries(value: &Value) -> Vec<RunbookQuery> {
    let Comparison { op, limit } = &value.good;
    let bad = opposite(*op);
    let now = without_parens(&value.expr);
    let beyond = build::binary(now.clone(), bad, build::number(limit.clone()));
    let title = "What is beyond the limit now";
    vec![
        query("The value now", "What is compared with the limit.", now),
        query(title, "One series for each; no result means that all is well.", beyond),
    ]
}

/// The labels that a selector limits, but not to one value.
fn open_labels(selector: &Selector) -> Vec<SmolStr> {
    let mut labels: Vec<SmolStr> = Vec::new();
    for matcher in &selector.matchers {
        let label = &matcher.label.value;
        if matcher.op != MatchOp::Equal && label != "le" && label != "__name__" && !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

fn metric(counter: &Expr) -> Option<&SmolStr> {
    match &counter.kind {
        ExprKind::Selector(selector) => selector.name.as_ref().map(|name| &name.value),
        _ => None,
    }
}

/// All buckets of a histogram, from the selector of one.
fn without_bound(bucket: &Expr) -> Option<Expr> {
    let mut buckets = bucket.clone();
    let ExprKind::Selector(selector) = &mut buckets.kind else { return None };
    selector.matchers.retain(|matcher| matcher.label.value != "le");
    Some(buckets)
}

fn quantile_query(objective: Objective, under: &str, histogram: Expr) -> RunbookQuery {
    let quantile = build::number(decimal_text(objective.ratio()));
    let percent = words::objective(objective);
    let expr = build::call("histogram_quantile", vec![quantile, histogram]);
    let explanation = format!("In seconds. The objective is met while this is below {under}.");
    query(format!("What {percent} of events stay below"), explanation, expr)
}

fn worst(title: &str, explanation: &str, expr: Expr) -> RunbookQuery {
    let expr = build::aggregate_with(AggregateOp::Topk, None, Some(build::number(WORST)), expr);
    query(title, explanation, expr)
}

fn above_zero(expr: Expr) -> Expr {
    build::binary(expr, BinaryOp::Greater, build::number("0"))
}

fn one_minus(expr: Expr) -> Expr {
    build::binary(build::number("1"), BinaryOp::Sub, expr)
}

/// The comparison that holds when this one does not.
fn opposite(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::GreaterEqual,
        BinaryOp::LessEqual => BinaryOp::Greater,
        BinaryOp::Greater => BinaryOp::LessEqual,
        BinaryOp::GreaterEqual => BinaryOp::Less,
        BinaryOp::Equal => BinaryOp::NotEqual,
        _ => BinaryOp::Equal,
    }
}

/// Milliseconds as PromQL trees have them.
fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.millis()).unwrap_or(i64::MAX)
}
