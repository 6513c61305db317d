//! The objectives of an SLO as SLOs: one, several, or the parts of a composite.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::alerting::alerting;
use super::super::object::Version;
use super::super::objective::Objective;
use super::super::sli::Measured;
use super::super::slo::{Method, Slo};
use super::family;
use super::{Index, Names, bad_name, described, find};
use crate::diag::Sink;
use crate::parse::decl::{AlertingDecl, BudgetDecl, BurnDecl, ComponentDecl, SliDecl, SliFamilyDecl, SloDecl};
use crate::parse::identifier::{LONGEST, renamed, slug};
use crate::parse::no_effect::no_effect;
use crate::source::Text;

/// The SLOs of an SLO's objectives.
pub(super) fn slos(slo: &Slo, index: &Index<'_>, names: &mut Names, sink: &mut Sink) -> Vec<SloDecl> {
    let alerting = alerting(slo.policies.as_ref(), index, names, sink);
    let problem = bad_name(&slo.metadata, "SLO");
    let base = slo.metadata.name.as_ref().filter(|_| problem.is_none()).map(renamed);
    sink.extend(problem);
    let is_composite = slo.objectives.len() > 1
        && slo.objectives.iter().all(|objective| objective.own.is_some() && objective.measured.is_none())
        && slo.version != Version::V1Alpha;
    let mut slos: Vec<SloDecl> = Vec::new();
    for (number, objective) in slo.objectives.iter().enumerate() {
        if !is_composite && let Some(weight) = &objective.weight {
            let keys = [("compositeWeight".to_owned(), weight.span)];
            sink.extend(no_effect(&keys, "only objectives with indicators of their own make a composite"));
        }
        let name = base.as_ref().map(|base| match slo.objectives.len() {
            1 => base.clone(),
            _ => name_of(base, objective, number, &slos),
        });
        let mut decl = SloDecl::new(if slo.objectives.len() == 1 { slo.span } else { objective.span }, name);
        describe(&mut decl, slo, &[slo.metadata.display.as_ref(), objective.display.as_ref()]);
        decl.target.clone_from(&objective.target);
        decl.sli = measured(slo, objective, index, names, sink);
        decl.budget = budget(slo, objective);
        decl.alerting = if is_composite { Some(silent(objective)) } else { alerting.clone() };
        slos.push(decl);
    }
    if is_composite {
        slos.extend(composite(slo, base.as_ref(), &slos, alerting));
    }
    slos
}

/// What all objectives of an SLO have in common.
fn describe(decl: &mut SloDecl, slo: &Slo, titles: &[Option<&Text>]) {
    decl.description = described(titles, slo.description.as_ref());
    decl.window.clone_from(&slo.window);
    decl.labels.clone_from(&slo.metadata.labels);
    decl.owner.clone_from(&slo.metadata.owner);
    decl.tier.clone_from(&slo.metadata.tier);
    decl.links = slo.metadata.links.clone();
}

/// The name of one objective among several: by its display name, or else by its number.
fn name_of(base: &Text, objective: &Objective, number: usize, others: &[SloDecl]) -> Text {
    let number = format!("{}-{}", base.value, number + 1);
    let Some(display) = &objective.display else { return base.instead(number) };
    let slug = slug(&display.value);
    let name = format!("{}-{slug}", base.value);
    let is_taken = others.iter().any(|other| other.name.as_ref().is_some_and(|known| known.value == name));
    if slug.is_empty() || name.len() > LONGEST || is_taken { display.instead(number) } else { display.instead(name) }
}

fn measured(
    slo: &Slo,
    objective: &Objective,
    index: &Index<'_>,
    names: &mut Names,
    sink: &mut Sink,
) -> Option<SliDecl> {
    let (measured, span): (&Measured, _) = if let Some(measured) = &objective.measured {
        (measured, objective.span)
    } else {
        let given = objective.indicator.as_ref().or(slo.indicator.as_ref())?;
        let sli = find(given, "SLI", &index.slis, &mut names.slis, sink)?;
        (sli.measured.as_ref()?, sli.span)
    };
    family::sli((measured, span), (objective, slo.version), (&index.data_sources, names), sink)
}

/// The slices that an objective counts; v1alpha does not say how long they are, and a minute is usual.
fn budget(slo: &Slo, objective: &Objective) -> Option<BudgetDecl> {
    let (method, text) = slo.method.as_ref()?;
    match method {
        Method::Occurrences | Method::RatioTimeslices => None,
        Method::Timeslices => {
            let usual = (slo.version == Version::V1Alpha).then(|| text.instead("1m"));
            Some(BudgetDecl {
                span: text.span,
                by: text.instead("timeslices"),
                slice: objective.slice_window.clone().or(usual),
                no_data: None,
                target: objective.slice_target.clone(),
            })
        }
    }
}

/// The parts of a composite alert as a whole.
fn silent(objective: &Objective) -> AlertingDecl {
    let mut alerting = AlertingDecl::new(objective.span);
    alerting.burn = Some(BurnDecl::None(objective.span));
    alerting
}

/// The whole of several objectives: their weighted mean, with the weighted mean of their targets.
fn composite(slo: &Slo, name: Option<&Text>, parts: &[SloDecl], alerting: Option<AlertingDecl>) -> Option<SloDecl> {
    let name = name?;
    let mut of = Vec::new();
    let (mut sum, mut weights) = (Decimal::ZERO, Decimal::ZERO);
    for (objective, part) in slo.objectives.iter().zip(parts) {
        let reference = part.name.clone()?;
        let weight = objective.weight.clone().unwrap_or_else(|| reference.instead("1"));
        let factor = Decimal::from_str_exact(weight.value.trim()).ok().filter(|factor| *factor > Decimal::ZERO);
        let target = objective.target.as_ref()?.value.trim_end_matches('%').trim();
        // Of a weight that is none, the composite tells when it is resolved.
        let factor = factor.unwrap_or(Decimal::ONE);
        sum = sum.checked_add(Decimal::from_str_exact(target).ok()?.checked_mul(factor)?)?;
        weights = weights.checked_add(factor)?;
        of.push(ComponentDecl { reference, weight: Some(weight) });
    }
    let mean = sum.checked_div(weights)?.round_dp_with_strategy(MEAN_DIGITS, RoundingStrategy::ToZero).normalize();
    let mut decl = SloDecl::new(slo.span, Some(name.clone()));
    describe(&mut decl, slo, &[slo.metadata.display.as_ref()]);
    decl.target = Some(name.instead(format!("{mean}%")));
    let family = SliFamilyDecl::Composite { composite: name.instead("weighted"), of };
    decl.sli = Some(SliDecl { span: slo.span, family, raw: None });
    decl.alerting = alerting;
    Some(decl)
}

/// How many digits of a mean target are kept.
const MEAN_DIGITS: u32 = 4;
