//! The page of an SLO: what fires, what it means in numbers, what to ask Prometheus.

use rust_decimal::Decimal;

use super::related::related;
use super::texts::Texts;
use super::{Parts, SLO_ANCHORS, anchors, maintenance, page_links, queries, words};
use crate::ir::{
    AlertCondition, AlertFacts, Blind, BurnFacts, ComponentFacts, ConsumptionFacts, GroupFacts, OverrideFacts, Runbook,
    RunbookContent, SeverityFacts, SliFacts, SliFamily, SliPart, SliceFacts, SloPage, TierFacts,
};
use crate::lower::alerting::{burn_alert_name, keep_firing_for};
use crate::lower::series::Series;
use crate::lower::windows;
use crate::model::{
    Across, Blocks, BurnTier, Component, CompositeMode, Duration, Grouping, Latency, MissingSlice, NativeLatency,
    Ratio, RatioPart, RunbookTexts, Service, Severity, Sli, Slices, Slo, Value, budget_share, detected_after,
    error_ratio, exhausted_after_seconds,
};
use crate::model::{BUDGET_EXHAUSTED, BUDGET_EXHAUSTS_SOON, BUDGET_LOW, NO_DATA};
use crate::promql::BinaryOp;

/// The page of an SLO.
pub(super) fn page(service: &Service, slo: &Slo, texts: &RunbookTexts) -> Runbook {
    let topic = slo.runbook_topic.as_ref().map(|topic| topic.value.as_str());
    let texts = Texts::of_slo(texts, slo.service.as_str(), slo.name.as_str(), topic);
    let series = Series::new(slo);
    let file = format!("{}/{}.md", slo.service, slo.name);
    let facts = facts(service, &series, &file);
    let alerts = facts.page.alerts.iter().chain(&facts.ticket.alerts);
    let groups = facts.groups.iter().map(|_| "groups");
    let anchors = anchors(alerts.map(|alert| alert.name.as_str()).chain(groups), &texts);
    let links = page_links(&slo.service, &facts.related, &texts);
    let prometheus = words::prometheus(&slo.links, &slo.link_values(Severity::Page));
    let queries = queries::of_slo(&series);
    Parts {
        file,
        origin: slo.span,
        content: RunbookContent::Slo(Box::new(facts)),
        queries,
        prometheus,
        texts: &texts,
        fixed_anchors: SLO_ANCHORS,
        anchors,
        links,
    }
    .page()
}

fn facts(service: &Service, series: &Series<'_>, file: &str) -> SloPage {
    let slo = series.slo;
    let tiers: Vec<_> = slo.alerting.tiers.iter().map(|tier| tier_facts(series, tier)).collect();
    let page = severity_facts(series, Severity::Page, &tiers, &[]);
    let ticket = severity_facts(series, Severity::Ticket, &tiers, &page.alerts);
    SloPage {
        service: slo.service.to_string(),
        slo: slo.name.to_string(),
        description: slo.description.clone(),
        objective: words::objective(slo.objective),
        period: slo.period_in_words(),
        budget: words::budget(slo.objective, slo.window),
        owner: slo.owner.as_ref().map(words::owner),
        tier: slo.tier.clone(),
        mttr: service.mttr.map(words::duration_in_words),
        links: words::links(&slo.links, &slo.link_values(Severity::Page)),
        related: related(service, file),
        source: service.path.clone(),
        page,
        ticket,
        tiers,
        has_no_data_alert: slo.alerting.no_data.is_some(),
        min_errors: slo.alerting.min_errors.map(|count| count.to_string()),
        consumption: consumption(slo),
        groups: slo.grouping.as_ref().map(|grouping| groups(slo, grouping)),
        sli: sli(slo),
        maintenance: slo.maintenance.iter().map(|entry| maintenance::facts(entry)).collect(),
        slices: slo.slices.as_ref().map(|slices| slice_facts(slo, slices)),
    }
}

fn slice_facts(slo: &Slo, slices: &Slices) -> SliceFacts {
    let affordable = Decimal::from(slices.count(slo.window)).checked_mul(slo.objective.budget());
    SliceFacts {
        length: slices.length.to_string(),
        affordable: affordable.map_or_else(|| "a few".to_owned(), words::number),
        allowed: words::percent(slices.allowed.unwrap_or_else(|| slo.objective.budget())),
        missing: slices.missing.as_str(),
    }
}

fn tier_facts(series: &Series<'_>, tier: &BurnTier) -> TierFacts {
    let slo = series.slo;
    let ratio = error_ratio(tier.burn, slo.objective);
    let interval = match tier.severity {
        Severity::Page => slo.blocks.fast(),
        Severity::Ticket => Blocks::SLOW,
    };
    let windows = [tier.long, tier.short].map(|window| (window, windows::block(slo, window)));
    let detected = ratio.and_then(|ratio| detected_after(ratio, Decimal::ONE, &windows, interval));
    let lasts = ratio.and_then(|ratio| exhausted_after_seconds(slo.objective, slo.window, ratio));
    TierFacts {
        alert: burn_alert_name(series, tier.severity).into(),
        severity: tier.severity.as_str(),
        factor: words::number(tier.burn.factor()),
        error_ratio: ratio.map_or_else(String::new, words::percent),
        long: tier.long.in_largest_unit(),
        short: tier.short.in_largest_unit(),
        budget_gone: budget_share(tier.burn, tier.long, slo.window).map_or_else(String::new, words::percent),
        budget_lasts: lasts.map_or_else(String::new, words::in_words),
        detected_after: detected.map(words::duration_in_words),
    }
}

/// The alerts of a severity; `earlier` are those that the page has named before.
fn severity_facts(
    series: &Series<'_>,
    severity: Severity,
    tiers: &[TierFacts],
    earlier: &[AlertFacts],
) -> SeverityFacts {
    let labels = series.slo.severity_labels.of(severity);
    let mut alerts: Vec<AlertFacts> = Vec::new();
    for (name, condition) in conditions(series, severity, tiers) {
        let is_anchor = !earlier.iter().chain(&alerts).any(|alert| alert.name == name);
        alerts.push(AlertFacts { name, is_anchor, condition });
    }
    let labels = labels.iter().map(|(name, value)| words::label(name.as_str(), value));
    SeverityFacts { labels: labels.collect(), alerts }
}

/// What is blind while data is missing.
fn blind(slo: &Slo) -> Blind {
    match (&slo.sli, slo.slices.as_ref().map(|slices| slices.missing)) {
        (Sli::Composite(_), _) => Blind::Component,
        (_, Some(MissingSlice::Bad)) => Blind::BadSlices,
        (_, Some(MissingSlice::Good | MissingSlice::Ignored) | None) => Blind::Sli,
    }
}

/// The alerts of a severity with their names, in the order of the rules.
fn conditions(series: &Series<'_>, severity: Severity, tiers: &[TierFacts]) -> Vec<(String, AlertCondition)> {
    let alerting = &series.slo.alerting;
    let mut found = Vec::new();
    let burn = |TierFacts { factor, long, short, .. }: &TierFacts| BurnFacts {
        factor: factor.clone(),
        long: long.clone(),
        short: short.clone(),
    };
    let tiers: Vec<_> = tiers.iter().filter(|tier| tier.severity == severity.as_str()).map(burn).collect();
    if !tiers.is_empty() {
        let keep_firing_for = keep_firing_for(severity).in_largest_unit();
        found.push((burn_alert_name(series, severity).into(), AlertCondition::Burn { tiers, keep_firing_for }));
    }
    if let Some(alert) = alerting.no_data.as_ref().filter(|alert| alert.severity == severity) {
        found.push((
            NO_DATA.to_owned(),
            AlertCondition::NoData { wait: alert.wait.to_string(), blind: blind(series.slo) },
        ));
    }
    for alert in alerting.budget_left.iter().filter(|alert| alert.severity == severity) {
        let below = words::number(alert.below_percent) + "%";
        let action = alert.action.clone();
        found.push(if alert.below_percent > Decimal::ZERO {
            (BUDGET_LOW.to_owned(), AlertCondition::BudgetLow { below, action })
        } else {
            (BUDGET_EXHAUSTED.to_owned(), AlertCondition::BudgetExhausted { below, action })
        });
    }
    if let Some(alert) = alerting.exhausts_in.as_ref().filter(|alert| alert.severity == severity) {
        let (less_than, over) = (alert.less_than.in_largest_unit(), alert.over.in_largest_unit());
        found.push((BUDGET_EXHAUSTS_SOON.to_owned(), AlertCondition::ExhaustsSoon { less_than, over }));
    }
    found
}

/// What fails in the table of consumption, in percent; those above the budget only, and the budget itself last.
const FAILING: [i64; 5] = [100, 50, 10, 5, 1];

fn consumption(slo: &Slo) -> Vec<ConsumptionFacts> {
    let budget = slo.objective.budget();
    let shares = FAILING.into_iter().map(|percent| Decimal::new(percent, 2)).filter(|share| *share > budget);
    let row = |share: Decimal| {
        Some(ConsumptionFacts {
            failing: words::percent(share),
            burn_rate: words::number(share.checked_div(budget)?),
            budget_lasts: words::in_words(exhausted_after_seconds(slo.objective, slo.window, share)?),
        })
    };
    shares.chain([budget]).filter_map(row).collect()
}

fn groups(slo: &Slo, grouping: &Grouping) -> GroupFacts {
    let group = |(label, value): &(crate::model::LabelName, String)| words::label(label.as_str(), value);
    let overrides = grouping.overrides.iter().map(|entry| OverrideFacts {
        group: entry.matches.iter().map(group).collect::<Vec<_>>().join(", "),
        objective: words::objective(entry.objective),
        budget: words::budget(entry.objective, slo.window),
    });
    GroupFacts { labels: grouping.labels.iter().map(ToString::to_string).collect(), overrides: overrides.collect() }
}

fn sli(slo: &Slo) -> SliFacts {
    let part = |name: &'static str, expr: &crate::promql::Expr| SliPart { name, expr: expr.clone() };
    let (family, limit, parts) = match &slo.sli {
        Sli::Ratio(Ratio { total, part: RatioPart::Bad(bad) }) => {
            (SliFamily::RatioBad, None, vec![part("All events", total), part("Failed events", bad)])
        }
        Sli::Ratio(Ratio { total, part: RatioPart::Good(good) }) => {
            (SliFamily::RatioGood, None, vec![part("All events", total), part("Good events", good)])
        }
        Sli::Latency(Latency { count, bucket, bad, under }) => {
            let mut parts = vec![part("All events", count), part("Events that are fast enough", bucket)];
            parts.extend(bad.iter().map(|bad| part("Those that are bad however fast", bad)));
            (SliFamily::Latency, Some(threshold(*under)), parts)
        }
        Sli::NativeLatency(NativeLatency { histogram, bad, under }) => {
            let mut parts = vec![part("The histogram", histogram)];
            parts.extend(bad.iter().map(|bad| part("Those that are bad however fast", bad)));
            (SliFamily::NativeLatency, Some(threshold(*under)), parts)
        }
        Sli::Up { gauge, across } => (up_family(*across), None, vec![part("The gauge", gauge)]),
        Sli::Value(Value { expr, good }) => {
            let limit = format!("{} {}", comparison(good.op), good.limit);
            (SliFamily::Value, Some(limit), vec![part("The value", expr)])
        }
        Sli::ErrorRatio(ratio) => (SliFamily::ErrorRatio, None, vec![part("The error ratio", ratio)]),
        Sli::Composite(composite) => (composite_family(composite.mode), None, Vec::new()),
    };
    let (scrape_interval, block) = (slo.blocks.scrape().to_string(), slo.blocks.fast().to_string());
    // Within a slice, each scrape is looked at.
    let block = if slo.slices.is_some() { scrape_interval.clone() } else { block };
    SliFacts { family, limit, parts, scrape_interval, block, components: components(slo) }
}

fn composite_family(mode: CompositeMode) -> SliFamily {
    match mode {
        CompositeMode::All => SliFamily::CompositeAll,
        CompositeMode::Weighted => SliFamily::CompositeWeighted,
        CompositeMode::Worst => SliFamily::CompositeWorst,
    }
}

fn components(slo: &Slo) -> Vec<ComponentFacts> {
    let Sli::Composite(composite) = &slo.sli else { return Vec::new() };
    let facts = |part: &Component| ComponentFacts {
        path: part.path(),
        page: format!("../{}.md", part.path()),
        weight: (composite.mode == CompositeMode::Weighted).then(|| words::number(part.weight)),
    };
    composite.parts.iter().map(facts).collect()
}

fn up_family(across: Across) -> SliFamily {
    match across {
        Across::Average => SliFamily::UpAverage,
        Across::Any => SliFamily::UpAny,
        Across::All => SliFamily::UpAll,
        Across::Quorum => SliFamily::UpQuorum,
    }
}

/// A threshold in seconds as people write it: `300ms`.
fn threshold(seconds: Decimal) -> String {
    let millis = seconds.checked_mul(Decimal::ONE_THOUSAND).filter(|millis| millis.fract().is_zero());
    let millis = millis.and_then(|millis| u64::try_from(millis).ok());
    millis.map_or_else(|| words::in_words(seconds), |millis| Duration::from_millis(millis).to_string())
}

fn comparison(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::NotEqual => "!=",
        _ => "==",
    }
}
