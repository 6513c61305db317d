//! How an SLO alerts by its policies: each condition is a tier.

use super::condition::Burn;
use super::link::{Index, Names, find};
use super::policy::Policy;
use super::sli::Given;
use crate::diag::Sink;
use crate::parse::decl::{AlertingDecl, BurnDecl, BurnRateDecl, BurnTierDecl, NoDataDecl};
use crate::source::Span;

/// The alerts of policies: those and no others. Without a word about policies, they are those of the project.
pub(super) fn alerting(
    policies: Option<&(Span, Vec<Given<Policy>>)>,
    index: &Index<'_>,
    names: &mut Names,
    sink: &mut Sink,
) -> Option<AlertingDecl> {
    let (span, policies) = policies?;
    let mut tiers: Vec<BurnTierDecl> = Vec::new();
    let mut no_data = None;
    for given in policies {
        let Some(policy) = find(given, "AlertPolicy", &index.policies, &mut names.policies, sink) else { continue };
        let Some(given) = &policy.condition else { continue };
        let Some(condition) = find(given, "AlertCondition", &index.conditions, &mut names.conditions, sink) else {
            continue;
        };
        let Some(burn) = &condition.burn else { continue };
        if policy.breaching == Some(true) {
            let tier = tier(burn, condition.span);
            if !tiers.iter().any(|other| is_same(other, &tier)) {
                tiers.push(tier);
            }
        }
        if let Some(place) = policy.no_data {
            let severity = Some(burn.severity.clone());
            let wait =
                burn.alert_after.as_ref().filter(|length| length.minutes() > 0).map(super::window::Length::rolling);
            no_data = no_data.or(Some(NoDataDecl::On { span: place, wait, severity }));
        }
    }
    let mut alerting = AlertingDecl::new(*span);
    alerting.burn = Some(if tiers.is_empty() { BurnDecl::None(*span) } else { BurnDecl::Tiers(tiers) });
    alerting.no_data = no_data.or(Some(NoDataDecl::Off(*span)));
    Some(alerting)
}

/// A condition as a tier: its lookback is the long window, and how long it has to last the short one.
fn tier(burn: &Burn, span: Span) -> BurnTierDecl {
    let long = burn.lookback.rolling();
    let minutes = burn.lookback.minutes();
    let after = burn.alert_after.as_ref().filter(|length| (1..minutes).contains(&length.minutes()));
    let short = match after {
        Some(after) => after.rolling(),
        None => long.instead(format!("{}m", (minutes / 12).max(1))),
    };
    let rate = BurnRateDecl::Burn(burn.threshold.clone());
    BurnTierDecl { span, severity: burn.severity.clone(), rate, long, short }
}

fn is_same(one: &BurnTierDecl, other: &BurnTierDecl) -> bool {
    let factor = |tier: &BurnTierDecl| match &tier.rate {
        BurnRateDecl::Budget(text) | BurnRateDecl::Burn(text) => text.value.clone(),
    };
    let windows =
        |tier: &BurnTierDecl| (tier.severity.value.clone(), tier.long.value.clone(), tier.short.value.clone());
    factor(one) == factor(other) && windows(one) == windows(other)
}
