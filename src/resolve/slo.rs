//! One objective with everything inherited filled in.

use std::sync::Arc;

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::alerting::{Basis, alerting, unreachable_in_groups};
use super::grouping::Fixed;
use super::names::{Named, name_in};
use super::{Context, durations, grouping, labels, links, owner, sli, slices, target, window};
use crate::diag::Sink;
use crate::model::{Alerting, Grouping, Name, Objective, Sli, Slices, Slo};
use crate::parse::decl::{SloDecl, WindowDecl};

/// Stands in for a target that cannot be read: with so little budget, no burn rate is out of reach.
const ALMOST_ALL: Decimal = Decimal::from_parts(999_999_999, 0, 0, false, 7);

/// Reads an SLO; reports all its problems, and answers only if there are none.
pub(super) fn slo(decl: &SloDecl, service: &Name, context: &Context<'_>, sink: &mut Sink) -> Option<Slo> {
    let Context { layers, severity_labels, profile } = context;
    let (own_defaults, project_defaults) = (&layers.spec.defaults, &layers.project.defaults);
    let name = decl.name.as_ref().and_then(|text| name_in(profile, text, Named::Slo, sink));
    let window = [&decl.window, &own_defaults.window, &project_defaults.window].into_iter().find_map(Option::as_ref);
    let period = window::period(window, sink);
    let known_period = period.as_ref().map_or(window::DEFAULT, |period| period.length);
    let objective = decl.target.as_ref().and_then(|text| target::objective(text, known_period, sink));
    let scrape = own_defaults.scrape_interval.as_ref().or(project_defaults.scrape_interval.as_ref());
    let blocks = durations::blocks(scrape, sink);
    let (known_blocks, slices) = slices::blocks(decl.budget.as_ref(), blocks, known_period, sink)?;
    let label_layers: Vec<_> = layers.labels().into_iter().chain([decl.labels.as_slice()]).collect();
    let owner = owner::owner(std::iter::once(decl.owner.as_ref()).chain(layers.owners()), sink);
    let tier = owner::tier(std::iter::once(decl.tier.as_ref()).chain(layers.tiers()), sink);
    let fixed = Fixed { labels: &label_layers, owner: owner.as_ref(), tier: tier.as_deref(), severity_labels };
    let grouping = grouping::grouping(decl, fixed, known_period, sink);
    let groups: Vec<_> = grouping.iter().flatten().flat_map(|grouping| grouping.labels.iter().cloned()).collect();
    let sli = decl.sli.as_ref().and_then(|sli| sli::sli(sli, service, &groups, sink));
    let labels = labels::labels(label_layers, severity_labels, profile, sink);
    let target = decl.target.as_ref().map_or(decl.span, |text| text.span);
    let basis = Basis {
        own: decl.alerting.as_ref(),
        inherited: own_defaults.alerting.iter().chain(&project_defaults.alerting).collect(),
        family: decl.sli.as_ref().map(|sli| &sli.family),
        objective: objective.or_else(|| Objective::from_percent(ALMOST_ALL).ok())?,
        target,
        period: known_period,
        window: window.map_or(target, WindowDecl::span),
        slices: decl.budget.as_ref().is_some_and(|budget| budget.by.value == "timeslices"),
        blocks: known_blocks,
        profile,
    };
    let alerting = alerting(&basis, sink);
    if let Some(alerting) = &alerting {
        warn(decl, &basis, alerting, (grouping.as_ref().ok().and_then(Option::as_ref), slices.ok().flatten()), sink);
    }
    let (name, period, sli) = (name?, period?, sli?);
    Some(Slo {
        span: decl.span,
        id: SmolStr::from(format!("{service}-{name}")),
        service: service.clone(),
        name,
        name_span: decl.name.as_ref()?.span,
        description: decl.description.as_ref().map(|text| text.value.clone()),
        objective: objective?,
        window: period.length,
        calendar: period.calendar,
        blocks: blocks.and(Some(known_blocks))?,
        slices: slices.ok()?,
        grouping: grouping.ok()?,
        alerting: guarded(alerting?, &sli),
        sli,
        owner,
        tier,
        labels,
        links: links::links(&layers.links_of(&decl.links), sink),
        severity_labels: Arc::clone(severity_labels),
        profile: Arc::clone(profile),
        runbook_topic: decl.runbook.clone(),
        maintenance: Vec::new(),
    })
}

/// The alerts without a guard on the number of failed events where none are counted.
fn guarded(alerting: Alerting, sli: &Sli) -> Alerting {
    match sli {
        Sli::ErrorRatio(_) => Alerting { min_errors: None, ..alerting },
        Sli::Ratio(_)
        | Sli::Latency(_)
        | Sli::NativeLatency(_)
        | Sli::Up { .. }
        | Sli::Value(_)
        | Sli::Composite(_) => alerting,
    }
}

/// Warns of what the alerts cannot do with these groups and slices of time.
fn warn(
    decl: &SloDecl,
    basis: &Basis<'_>,
    alerting: &Alerting,
    (grouping, slices): (Option<&Grouping>, Option<Slices>),
    sink: &mut Sink,
) {
    if let Some(grouping) = grouping {
        sink.extend(unreachable_in_groups(basis, &alerting.tiers, grouping, &decl.overrides));
    }
    if let (Some(budget), Some(slices)) = (&decl.budget, slices) {
        sink.extend(slices::coarse(budget, slices, (basis.objective, basis.period), alerting));
    }
}
