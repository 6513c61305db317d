//! How an objective is measured, in words, and what missing data is.

use super::super::escape::{cell, code, link};
use super::super::page::{Page, filled};
use super::own_words;
use crate::ir::{RunbookTexts, SliFacts, SliFamily, SliceFacts, SloPage};
use crate::promql::print;

/// What an event is, the expressions, and what happens without data.
pub(super) fn measurement(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    let sli = &slo.sli;
    page.block("## How it is measured");
    family(page, sli);
    if let Some(slices) = &slo.slices {
        slicing(page, slices);
    }
    for component in &sli.components {
        page.words(format_args!("- {}", link(&component.path, &component.page)));
        if let Some(weight) = filled(component.weight.as_ref()) {
            page.words(format_args!(", weight {}", cell(weight)));
        }
        page.gap();
    }
    if !sli.components.is_empty() {
        page.gap();
    }
    for part in &sli.parts {
        page.paragraph(format_args!("{}:", cell(part.name)));
        page.promql(&print(&part.expr));
    }
    missing(page, slo);
    own_words(page, texts.measurement.as_ref());
}

fn family(page: &mut Page, sli: &SliFacts) {
    let (limit, block) = (sli.limit.as_deref().unwrap_or_default(), cell(&sli.block));
    match sli.family {
        SliFamily::RatioBad => page.block("Failed events among all events, as counters count them."),
        SliFamily::RatioGood => page.block(
            "Events that are not good among all events, as counters count them. A total outage in which no good event \
             exists counts in full.",
        ),
        SliFamily::Latency | SliFamily::NativeLatency => page
            .paragraph(format_args!("An event is good if it took at most {}, as a histogram counts it.", cell(limit))),
        SliFamily::UpAverage => {
            page.block("An event is a sample of a gauge; it is good if it is 1. Every series counts.");
        }
        SliFamily::UpAny => page.block("An event is a moment of a gauge; it is good while any series is 1."),
        SliFamily::UpAll => page.block("An event is a moment of a gauge; it is good while all series are 1."),
        SliFamily::UpQuorum => page.block(
            "An event is a moment of a gauge; it is good while more than half of the series are 1. A tie is bad.",
        ),
        SliFamily::Value => {
            page.paragraph(format_args!("A gauge is looked at every {block}; it is good while it is {}.", code(limit)));
        }
        SliFamily::CompositeAll => page.paragraph(format_args!(
            "A moment of {block} of other objectives, all of which are needed: it fails as far as any of them does, \
             1 - (1 - a) x (1 - b)."
        )),
        SliFamily::CompositeWeighted => page.paragraph(format_args!(
            "A moment of {block} of other objectives: it fails by the mean of their error ratios, each by its weight."
        )),
        SliFamily::CompositeWorst => page.paragraph(format_args!(
            "A moment of {block} of other objectives: it fails as far as the worst of them does."
        )),
        SliFamily::ErrorRatio => page.block("An expression over raw data gives the error ratio of each window."),
    }
}

fn slicing(page: &mut Page, slices: &SliceFacts) {
    page.paragraph(format_args!(
        "Time is counted in slices of {}, of which each is good or bad as a whole: it is bad if more than {} of the \
         events within it fail. {}",
        cell(&slices.length),
        cell(&slices.allowed),
        match slices.missing {
            "bad" =>
                "A slice without a single event is bad too (`no_data: bad`), from the second one on that Prometheus \
                 looks at after a start or a gap of its own.",
            "good" => "A slice without a single event is good (`no_data: good`).",
            _ => "A slice without a single event is left out.",
        }
    ));
}

/// What it means that there is no data.
fn missing(page: &mut Page, slo: &SloPage) {
    let sli = &slo.sli;
    let (scraped, block) = (cell(&sli.scrape_interval), cell(&sli.block));
    if slo.slices.is_some() {
        if slo.has_no_data_alert {
            page.raw("Whatever slices without events count as, `SLONoData` tells of series that are not there. ");
        }
        page.paragraph(format_args!("Targets are scraped every {scraped}."));
        return;
    }
    if !sli.components.is_empty() {
        page.block(
            "A component without events, or in maintenance, is left out of the moment. If its series are gone, \
             `SLONoData` of this objective names it in `slo_component`, and the others go on counting.",
        );
        return;
    }
    let meaning = match (sli.family, slo.has_no_data_alert) {
        (SliFamily::ErrorRatio, _) => {
            page.block(
                "No data and no traffic look the same here: check which of the two it is before you trust a quiet alert.",
            );
            return;
        }
        (_, false) => {
            "A series that is not there counts as nothing, neither good nor bad, and no alert is about that \
             (`no_data: off`)."
        }
        (SliFamily::Value | SliFamily::UpAverage | SliFamily::UpAny | SliFamily::UpAll | SliFamily::UpQuorum, true) => {
            "A series that is not there counts as nothing, neither good nor bad: `SLONoData` is about that."
        }
        (
            SliFamily::RatioBad
            | SliFamily::RatioGood
            | SliFamily::Latency
            | SliFamily::NativeLatency
            | SliFamily::CompositeAll
            | SliFamily::CompositeWeighted
            | SliFamily::CompositeWorst,
            true,
        ) => {
            "Idle is not missing: while the counters exist, no traffic is no failure, and burn rates are simply absent. \
             If the counters themselves are gone (target down, metric renamed), nothing is recorded: `SLONoData` is \
             about that."
        }
    };
    page.paragraph(format_args!("{meaning} Targets are scraped every {scraped}, and counted every {block}."));
}
