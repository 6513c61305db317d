//! What the boards for all SLOs have to know of them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use smol_str::SmolStr;

use crate::ir::dashboard::{Mapping, MappingResult};
use crate::lower::names::Names;
use crate::model::{LinkTemplate, LinkValues, Service, Slo, decimal_text, is_whole};

/// What the boards for all SLOs have to know of them.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct Facts {
    /// How the labels of their series are called.
    pub(super) names: &'static Names,
    /// Digits behind the point that the most exact target has, in percent.
    pub(super) objective_digits: u32,
    /// The targets that need fewer digits, as they are read: 0.95 is `95%`.
    pub(super) objective_words: Vec<Mapping>,
    /// Digits that tell a good share from the most exact target.
    pub(super) sli_digits: u32,
    /// Whether some SLO has groups.
    pub(super) has_groups: bool,
    /// Whether some SLO counts events.
    pub(super) has_events: bool,
    /// The labels that users gave to some SLO.
    pub(super) labels: BTreeSet<SmolStr>,
    /// Whether some SLO has a runbook.
    pub(super) has_runbooks: bool,
    /// Where all runbooks are, for a chosen `$service` and `$slo`; `None` if that differs by SLO.
    pub(super) runbook: Option<String>,
    /// Whether the uid of each service's board holds its whole name, so that a link can be put together from it.
    pub(super) has_plain_uids: bool,
}

impl Facts {
    /// The facts of all SLOs with these names; `None` if there are none.
    pub(super) fn of(services: &[Service], names: &'static Names) -> Option<Self> {
        let services: Vec<&Service> = services.iter().filter(|it| Names::of(&it.profile) == names).collect();
        let slos = || services.iter().flat_map(|service| &service.slos);
        let first = slos().next()?;
        let digits = slos().map(objective_digits).max().unwrap_or_default();
        let same_runbook = slos().all(|slo| slo.links.runbook == first.links.runbook);
        Some(Self {
            names,
            objective_digits: digits,
            objective_words: objective_words(slos(), digits),
            sli_digits: sli_digits(digits),
            has_groups: slos().any(|slo| slo.grouping.is_some()),
            has_events: slos().any(Slo::has_blocks),
            labels: slos().flat_map(|slo| slo.labels.keys()).map(|label| label.as_str().into()).collect(),
            has_runbooks: slos().any(|slo| slo.links.runbook.is_some()),
            runbook: first.links.runbook.as_ref().filter(|_| same_runbook).map(chosen),
            has_plain_uids: services.iter().all(|service| is_whole(service.name.as_str())),
        })
    }
}

/// A link for the SLO that is chosen.
fn chosen(link: &LinkTemplate) -> String {
    link.fill_without_fragment(&LinkValues { service: "${service}", slo: "${slo}", ..LinkValues::default() })
}

/// The targets with fewer digits than the most exact one, as words.
fn objective_words<'a>(slos: impl Iterator<Item = &'a Slo>, digits: u32) -> Vec<Mapping> {
    let shorter = slos.filter(|slo| objective_digits(slo) < digits);
    let objectives: BTreeSet<(Decimal, Decimal)> =
        shorter.map(|slo| (slo.objective.ratio(), slo.objective.percent())).collect();
    let word = |(ratio, percent): (Decimal, Decimal)| {
        let text = format!("{}%", decimal_text(percent)).into();
        (decimal_text(ratio).into(), MappingResult { text, color: None })
    };
    let words: Vec<_> = objectives.into_iter().map(word).collect();
    if words.is_empty() { Vec::new() } else { vec![Mapping::Values(words)] }
}

/// Digits behind the point of a target in percent.
pub(super) fn objective_digits(slo: &Slo) -> u32 {
    slo.objective.percent().normalize().scale()
}

/// Digits behind the point of a good share in percent, by those of the target: enough for a tenth of the budget.
pub(super) fn sli_digits(objective_digits: u32) -> u32 {
    objective_digits + 1
}
