//! The tables of an objective's page: burn rates, the error budget, budgets by group.

use super::super::escape::{cell, cell_code, code};
use super::super::page::{Page, filled};
use super::{counted_budget, own_words};
use crate::ir::{RunbookTexts, SloPage};

/// The burn rates that the alerts wait for, and what routes know them by.
pub(super) fn alerts(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    page.block("## Alerts");
    if slo.tiers.is_empty() {
        page.block("There are no burn-rate alerts.");
    } else {
        tiers(page, slo);
    }
    for (severity, facts) in [("page", &slo.page), ("ticket", &slo.ticket)] {
        if facts.alerts.is_empty() || facts.labels.is_empty() {
            continue;
        }
        page.words(format_args!("Routes know a {severity} by "));
        page.joined(facts.labels.iter().map(|label| code(label)), ", ");
        page.block(".");
    }
    own_words(page, texts.alerts.as_ref());
}

fn tiers(page: &mut Page, slo: &SloPage) {
    page.paragraph(format_args!(
        "A burn rate of 1 spends the error budget in exactly {}. A row of this table fires while **both** windows are above \
         its burn rate: the first one shows that it matters, the second one that it still goes on.",
        cell(&slo.period)
    ));
    page.raw(
        "| Alert | Severity | Burn rate above | Error ratio above | In the last | And in the last | Budget gone by then \
         | Whole budget lasts | Total outage noticed after |
|:--|:--|--:|--:|--:|--:|--:|--:|--:|
",
    );
    for tier in &slo.tiers {
        page.words(format_args!("| {} | {} | {} | ", cell_code(&tier.alert), tier.severity, cell(&tier.factor)));
        page.words(format_args!("{} | {} | {} | ", cell(&tier.error_ratio), cell(&tier.long), cell(&tier.short)));
        let detected_after = cell(filled(tier.detected_after.as_ref()).unwrap_or("-"));
        page.line(format_args!("{} | {} | {detected_after} |", cell(&tier.budget_gone), cell(&tier.budget_lasts)));
    }
    page.raw(
        "\nThe time to notice a total outage assumes steady traffic without failures before it, and counts whole blocks \
         of recorded data.",
    );
    if let Some(min_errors) = filled(slo.min_errors.as_ref()) {
        page.words(format_args!(
            " Fewer than {} {} in the first window never fire (`min_errors`), which delays the alert where traffic is low.",
            cell(min_errors),
            if slo.slices.is_some() { "bad slices" } else { "failed events" }
        ));
    }
    page.raw("\n\n");
}

/// What may fail, and how long that lasts.
pub(super) fn error_budget(page: &mut Page, slo: &SloPage, texts: &RunbookTexts) {
    let (objective, period, budget) = (cell(&slo.objective), cell(&slo.period), &slo.budget);
    page.block("## Error budget");
    page.words(format_args!("{objective} over {period} leaves {}: ", cell(&budget.percent)));
    if let Some(count) = counted_budget(slo) {
        let verb = if slo.slices.is_some() { "be bad" } else { "fail" };
        page.words(format_args!("{count} may {verb}, or "));
    }
    page.paragraph(format_args!("everything for {}.", cell(&budget.outage)));
    page.line(format_args!(
        "| While this share {} | Burn rate | A full budget lasts |\n|--:|--:|:--|",
        if slo.slices.is_some() { "of slices is bad" } else { "fails" }
    ));
    for row in &slo.consumption {
        let (failing, burn_rate) = (cell(&row.failing), cell(&row.burn_rate));
        page.line(format_args!("| {failing} | {burn_rate} | {} |", cell(&row.budget_lasts)));
    }
    page.gap();
    own_words(page, texts.error_budget.as_ref());
}

/// The budgets of groups, if there are any.
pub(super) fn groups(page: &mut Page, slo: &SloPage) {
    let Some(groups) = &slo.groups else { return };
    page.block("## Groups");
    page.raw("There is a budget and an alert for each ");
    page.joined(groups.labels.iter().map(|label| code(label)), " and ");
    page.block(", and one for all of them together.");
    if groups.overrides.is_empty() {
        return;
    }
    page.line(format_args!(
        "| Group | Objective | Error budget | Total outage in {} |\n|:--|--:|--:|:--|",
        cell(&slo.period)
    ));
    for group in &groups.overrides {
        let (objective, budget) = (cell(&group.objective), &group.budget);
        page.words(format_args!("| {} | {objective} | ", cell_code(&group.group)));
        page.line(format_args!("{} | {} |", cell(&budget.percent), cell(&budget.outage)));
    }
    let (objective, budget) = (cell(&slo.objective), &slo.budget);
    page.paragraph(format_args!("| all others | {objective} | {} | {} |", cell(&budget.percent), cell(&budget.outage)));
    page.paragraph(format_args!(
        "Burn rates above hold for every group; error ratios and times are those of {objective}."
    ));
}
