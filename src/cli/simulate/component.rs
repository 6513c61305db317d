//! What becomes of a composite if one of its components fails.

use rust_decimal::Decimal;

use slosmith::model::{Component, Composite, CompositeMode, Service, Sli, Slo};

/// A component that fails, found in a composite.
#[derive(Clone, Copy)]
pub(super) struct Failing<'a> {
    composite: &'a Composite,
    services: &'a [Service],
    /// The component, which may be part of several others.
    component: &'a Component,
}

/// Finds a component by the name that a composite has for it, or by `service/slo`, also within composites of composites.
///
/// # Errors
/// What is wrong, and a way out.
pub(super) fn find<'a>(slo: &'a Slo, name: &str, services: &'a [Service]) -> Result<Failing<'a>, (String, String)> {
    let Sli::Composite(composite) = &slo.sli else {
        let message = format!("`{}/{}` is no composite, so that `--fail` does not apply", slo.service, slo.name);
        return Err((message, "leave it out: `--error-rate` is that of the SLO itself".to_owned()));
    };
    let path = if name.contains('/') { name.to_owned() } else { format!("{}/{name}", slo.service) };
    let all = components(composite, services);
    let found = all.iter().find(|part| part.path() == path).or(all.iter().find(|part| part.reference.value == name));
    if let Some(component) = found {
        return Ok(Failing { composite, services, component });
    }
    let mut names: Vec<_> = all.iter().map(|part| format!("`{}`", part.path())).collect();
    names.sort_unstable();
    names.dedup();
    let message = format!("`{}/{}` has no component `{name}`", slo.service, slo.name);
    Err((message, format!("name one of {}", names.join(", "))))
}

/// All components, with those of components behind them.
fn components<'a>(composite: &'a Composite, services: &'a [Service]) -> Vec<&'a Component> {
    let mut all: Vec<_> = composite.parts.iter().collect();
    for part in &composite.parts {
        if let Some(Sli::Composite(inner)) = slo(part, services).map(|slo| &slo.sli) {
            all.extend(components(inner, services));
        }
    }
    all
}

fn slo<'a>(part: &Component, services: &'a [Service]) -> Option<&'a Slo> {
    let service = services.iter().find(|service| service.name == part.service)?;
    service.slos.iter().find(|slo| slo.name == part.name)
}

impl Failing<'_> {
    /// The share of each moment of the composite that fails if this share of the component's events does, and another one of all others.
    pub(super) fn share(self, share: Decimal, others: Decimal) -> Decimal {
        self.together(self.composite, share, others).round_dp(12).normalize()
    }

    fn together(self, composite: &Composite, share: Decimal, others: Decimal) -> Decimal {
        let parts = composite.parts.iter().map(|part| (part.weight, self.of_part(part, share, others)));
        match composite.mode {
            CompositeMode::Worst => parts.map(|(_, bad)| bad).max().unwrap_or(others),
            CompositeMode::All => Decimal::ONE - parts.fold(Decimal::ONE, |good, (_, bad)| good * (Decimal::ONE - bad)),
            CompositeMode::Weighted => {
                let all: Decimal = composite.parts.iter().map(|part| part.weight).sum();
                let weighted: Decimal = parts.map(|(weight, bad)| weight * bad).sum();
                weighted.checked_div(all).unwrap_or(others)
            }
        }
    }

    /// What fails of a component as a composite sees it.
    fn of_part(self, part: &Component, share: Decimal, others: Decimal) -> Decimal {
        let Some(slo) = slo(part, self.services) else { return others };
        let share = if part.id() == self.component.id() {
            share
        } else if let Sli::Composite(inner) = &slo.sli {
            self.together(inner, share, others)
        } else {
            others
        };
        match &slo.slices {
            // Each of its slices is good or bad as a whole.
            Some(slices) if share > slices.allowed(slo.objective) => Decimal::ONE,
            Some(_) => Decimal::ZERO,
            None => share,
        }
    }
}
