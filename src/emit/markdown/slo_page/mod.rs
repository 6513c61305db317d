//! The page of an objective: what to do first, what it means after that.
//!
//! There are as many of these pages as objectives, and a template takes several times as long.

mod measurement;
mod numbers;

use super::escape::{cell, code, link, prose};
use super::page::{Page, filled};
use super::{QueryView, queries};
use crate::ir::{AlertCondition, AlertFacts, Blind, NamedLink, Runbook, RunbookTexts, SeverityFacts, SloPage};

/// The text of the page.
pub(super) fn slo_page(slo: &SloPage, runbook: &Runbook) -> String {
    let texts = &runbook.texts;
    let mut page = Page::new(12 * 1024);
    page.paragraph(format_args!("# {}/{}", cell(&slo.service), cell(&slo.slo)));
    if let Some(description) = filled(slo.description.as_ref()) {
        page.paragraph(format_args!("{}", prose(description)));
    }
    own_words(&mut page, texts.introduction.as_ref());
    facts(&mut page, slo);
    paging(&mut page, &slo.page);
    ticketing(&mut page, &slo.ticket);
    first_steps(&mut page, slo, texts);
    asking(&mut page, &queries(runbook), texts);
    helping(&mut page, slo, texts);
    for section in &texts.own {
        page.block(&format!("## {}", section.heading));
        page.block(&section.text);
    }
    related(&mut page, slo);
    numbers::alerts(&mut page, slo, texts);
    numbers::error_budget(&mut page, slo, texts);
    numbers::groups(&mut page, slo);
    measurement::measurement(&mut page, slo, texts);
    about(&mut page, slo, texts);
    page.into_text()
}

/// What people wrote for a place, if they did.
fn own_words(page: &mut Page, text: Option<&String>) {
    if let Some(text) = filled(text) {
        page.block(text);
    }
}

/// A link to the service in the index of runbooks.
fn service_link(service: &str) -> String {
    link(service, &format!("../README.md#service-{service}"))
}

/// The budget in a count of what may fail, if there is a count.
fn counted_budget(slo: &SloPage) -> Option<String> {
    if let Some(slices) = &slo.slices {
        return Some(format!("{} slices of {}", cell(&slices.affordable), cell(&slices.length)));
    }
    filled(slo.budget.events.as_ref()).map(|events| format!("{} events", cell(events)))
}

fn facts(page: &mut Page, slo: &SloPage) {
    let (budget, period) = (&slo.budget, cell(&slo.period));
    page.line(format_args!("| Objective | **{}** over {period} |\n|:--|:--|", cell(&slo.objective)));
    page.words(format_args!("| Error budget | {}: ", cell(&budget.percent)));
    if let Some(count) = counted_budget(slo) {
        page.words(format_args!("{count}, or "));
    }
    page.line(format_args!("{} of total outage in {period} |", cell(&budget.outage)));
    if let Some(owner) = &slo.owner {
        fact(page, "Team", Some(&owner.team));
        fact(page, "On call", filled(owner.oncall.as_ref()));
        fact(page, "Chat", filled(owner.slack.as_ref()));
    }
    fact(page, "Tier", filled(slo.tier.as_ref()));
    fact(page, "MTTR target", filled(slo.mttr.as_ref()));
    for entry in &slo.maintenance {
        page.words(format_args!("| Does not count | {}: {}", code(&entry.name), cell(&entry.when)));
        if let Some(rule) = filled(entry.rule.as_ref()) {
            page.words(format_args!(", {}", code(rule)));
        }
        if let Some(reason) = filled(entry.reason.as_ref()) {
            page.words(format_args!(". {}", cell(reason)));
        }
        page.raw(" |\n");
    }
    page.raw("| Links | ");
    for NamedLink { text, url } in &slo.links {
        page.words(format_args!("{}, ", link(text, url)));
    }
    page.paragraph(format_args!("{} in the index of runbooks |", service_link(&slo.service)));
}

fn fact(page: &mut Page, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        page.line(format_args!("| {name} | {} |", cell(value)));
    }
}

fn paging(page: &mut Page, facts: &SeverityFacts) {
    page.block("<a id=\"page\"></a>\n\n## If it pages");
    page.block(if facts.alerts.is_empty() {
        "No alert of this SLO pages."
    } else {
        "Act now: users notice, or will soon. Stop the failures first, and look for the cause after."
    });
    conditions(page, &facts.alerts);
}

fn ticketing(page: &mut Page, facts: &SeverityFacts) {
    page.block("<a id=\"ticket\"></a>\n\n## If it opens a ticket");
    page.block(if facts.alerts.is_empty() {
        "No alert of this SLO opens a ticket."
    } else {
        "No need to get up: look at it in the next working hours, before it turns into a page."
    });
    conditions(page, &facts.alerts);
}

fn conditions(page: &mut Page, alerts: &[AlertFacts]) {
    for alert in alerts {
        page.raw("- ");
        if alert.is_anchor {
            page.words(format_args!("<a id=\"{}\"></a>", alert.name));
        }
        page.words(format_args!("{}: ", code(&alert.name)));
        condition(page, &alert.condition);
        page.gap();
    }
    if !alerts.is_empty() {
        page.gap();
    }
}

fn no_data(page: &mut Page, wait: &str, blind: Blind) {
    page.words(format_args!("nothing was recorded for {wait}"));
    page.raw(match blind {
        Blind::Sli => {
            ". The SLI is blind: until you know better, take it for an outage, for no other alert here can fire."
        }
        Blind::BadSlices => {
            ". The SLI is blind: until you know better, take it for an outage, as its slices do, which are bad ones meanwhile."
        }
        Blind::Component => {
            " of a component, which `slo_component` names. What this objective says is about the others: until you know better, take that component to be down."
        }
    });
}

fn condition(page: &mut Page, condition: &AlertCondition) {
    match condition {
        AlertCondition::Burn { tiers, .. } => {
            page.raw("the burn rate of the error budget is above ");
            let tiers = tiers.iter().map(|tier| {
                let (factor, long, short) = (cell(&tier.factor), cell(&tier.long), cell(&tier.short));
                format!("**{factor}** over the last {long} and still over the last {short}")
            });
            page.joined(tiers, ", or above ");
            page.raw(". The value of the alert is the burn rate.");
        }
        AlertCondition::BudgetLow { below, action } => {
            page.words(format_args!("less than {} of the error budget is left.", cell(below)));
            to_do(page, action.as_ref());
        }
        AlertCondition::BudgetExhausted { below, action } => {
            page.words(format_args!("the error budget is spent: less than {} of it is left.", cell(below)));
            to_do(page, action.as_ref());
        }
        AlertCondition::ExhaustsSoon { less_than, over } => page.words(format_args!(
            "at the error rate of the last {}, what is left of the error budget lasts less than {}.",
            cell(over),
            cell(less_than)
        )),
        AlertCondition::NoData { wait, blind } => no_data(page, &cell(wait), *blind),
    }
}

fn to_do(page: &mut Page, action: Option<&String>) {
    if let Some(action) = filled(action) {
        page.words(format_args!(" {}", prose(action)));
    }
}

fn first_steps(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    page.block("## First steps");
    if let Some(steps) = filled(texts.first_steps.as_ref()) {
        page.block(steps);
        return;
    }
    page.raw("1. Is it still going on? Ask for the [burn rate now](#queries)");
    if let Some(board) = slo.links.first() {
        page.words(format_args!(", or open the {} above", cell(&board.text.to_lowercase())));
    }
    page.block(
        ". Below 1, it is over: go on with [Verification](#verification).
2. What changed? A deploy, a setting, a dependency, traffic. If anything did, take it back first and ask later.
3. What fails? The last [queries](#queries) name the series; read the logs of just these.
4. No idea after 15 minutes: [call for help](#escalation).",
    );
    page.paragraph(format_args!(
        "*Better ones for this SLO are not written yet. They belong under `## First steps` in {}.*",
        code(&texts.file)
    ));
}

fn asking(page: &mut Page, queries: &[QueryView<'_>], texts: &RunbookTexts) {
    page.block("## Queries");
    for query in queries {
        page.words(format_args!("**{}.** {}", cell(query.title), cell(query.explanation)));
        if let Some(url) = &query.url {
            page.words(format_args!(" {}", link("Ask Prometheus", url)));
        }
        page.raw("\n\n");
        page.promql(&query.expr);
    }
    own_words(page, texts.queries.as_ref());
}

/// The sections that people write, from diagnosis on, or what is known without them.
fn helping(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    let file = code(&texts.file);
    page.block("## Diagnosis");
    match filled(texts.diagnosis.as_ref()) {
        Some(text) => page.block(text),
        None => page.paragraph(format_args!(
            "*Not written yet: which logs and dependencies to look at, in which order. It belongs under `## Diagnosis` \
             in {file}.*"
        )),
    }
    page.block("## Mitigation");
    match filled(texts.mitigation.as_ref()) {
        Some(text) => page.block(text),
        None => page.paragraph(format_args!(
            "*Not written yet: what stops the damage, scenario by scenario. It belongs under `## Mitigation` in \
             {file}.*"
        )),
    }
    page.block("## Escalation");
    match filled(texts.escalation.as_ref()) {
        Some(text) => page.block(text),
        None => escalation(page, slo, &file),
    }
    page.block("## Verification");
    match filled(texts.verification.as_ref()) {
        Some(text) => page.block(text),
        None => verification(page, slo, &file),
    }
    page.block("## After the incident");
    match filled(texts.after_the_incident.as_ref()) {
        Some(text) => page.block(text),
        None => page.paragraph(format_args!(
            "Write down when it began, when it was noticed, when it ended, and what is left of the error budget. \
             Whatever was missing on this page belongs into {file}.\n\n\
             *Not written yet: what your team does after an incident. It belongs under `## After the incident` in the \
             same file.*"
        )),
    }
}

fn escalation(page: &mut Page, slo: &SloPage, file: &str) {
    let Some(owner) = &slo.owner else {
        page.paragraph(format_args!(
            "*Nobody owns this SLO: name an `owner` in {}. Whom to call belongs under `## Escalation` in {file}.*",
            code(&slo.source)
        ));
        return;
    };
    page.words(format_args!("The team {} owns this", cell(&owner.team)));
    if let Some(oncall) = filled(owner.oncall.as_ref()) {
        page.words(format_args!("; on call is {}", cell(oncall)));
    }
    if let Some(slack) = filled(owner.slack.as_ref()) {
        page.words(format_args!("; the chat is {}", cell(slack)));
    }
    page.paragraph(format_args!(
        ".\n\n*Not written yet: whom to call next, and when. It belongs under `## Escalation` in {file}.*"
    ));
}

fn verification(page: &mut Page, slo: &SloPage, file: &str) {
    page.raw(
        "It is over when the burn rate stays below 1. The burn-rate alerts resolve by themselves once their short \
         window is below the factor",
    );
    let first = slo.page.alerts.first().map(|alert| &alert.condition);
    if let Some(AlertCondition::Burn { keep_firing_for, .. }) = first {
        page.words(format_args!(": a page {} after that", cell(keep_firing_for)));
    }
    page.paragraph(format_args!(
        ".\n\n*Not written yet: how to see that users are served again. It belongs under `## Verification` in {file}.*"
    ));
}

fn related(page: &mut Page, slo: &SloPage) {
    let (related, service) = (&slo.related, cell(&slo.service));
    let all = [&related.needs, &related.slos, &related.alerts, &related.boards];
    if all.iter().all(|links| links.is_empty()) {
        return;
    }
    page.block("## Related");
    let mut list = |title: std::fmt::Arguments<'_>, links: &[NamedLink], end: &str| {
        if !links.is_empty() {
            page.words(title);
            page.joined(links.iter().map(|NamedLink { text, url }| link(text, url)), ", ");
            page.raw(end);
        }
    };
    list(format_args!("- {service} needs: "), &related.needs, ". While one of these fails, look there first.\n");
    list(format_args!("- Objectives of {service}: "), &related.slos, "\n");
    list(format_args!("- Cause alerts of {service}: "), &related.alerts, "\n");
    list(format_args!("- Dashboards: "), &related.boards, "\n");
    page.gap();
}

fn about(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    page.block("## About this page");
    page.words(format_args!(
        "Generated by slosmith from {}; edits here are lost. Hand-written sections come from ",
        code(&slo.source)
    ));
    if texts.sources.is_empty() {
        page.words(format_args!("{}, which does not exist yet", code(&texts.file)));
    }
    page.joined(texts.sources.iter().map(|source| code(source)), ", then ");
    page.raw(".\n");
}
