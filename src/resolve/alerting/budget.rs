//! Alerts on what is left of the budget, and on its end in sight.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Basis;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{ALWAYS_RECORDED, BudgetAlert, BurnTier, Duration, ExhaustsAlert};
use crate::parse::decl::{BudgetLeftDecl, ExhaustsInDecl};
use crate::resolve::durations::{duration, positive_duration};
use crate::resolve::percent::{PercentError, Sign, percent};
use crate::resolve::severity::severity;
use crate::resolve::{Read, Reported};
use crate::source::Text;

/// Reads the alerts on what is left of the budget.
pub(super) fn budget_left(basis: &Basis<'_>, sink: &mut Sink) -> Option<Vec<BudgetAlert>> {
    let decls = basis.nearest(|layer| Some(&layer.budget_left).filter(|list| !list.is_empty()));
    let alerts: Vec<_> = decls.into_iter().flatten().map(|decl| budget_alert(decl, sink)).collect();
    let alerts = alerts.into_iter().collect::<Option<Vec<_>>>()?;
    for (index, later) in alerts.iter().enumerate() {
        let same =
            |earlier: &&BudgetAlert| (earlier.below_percent, earlier.severity) == (later.below_percent, later.severity);
        if let Some(earlier) = alerts[..index].iter().find(same) {
            let message = format!("two {}s below {}% of the budget", later.severity.as_str(), later.below_percent);
            sink.push(
                Diagnostic::new(Code::BadBudgetAlert, later.span, message).secondary(earlier.span, "the other one"),
            );
            return None;
        }
    }
    Some(alerts)
}

fn budget_alert(decl: &BudgetLeftDecl, sink: &mut Sink) -> Option<BudgetAlert> {
    let below = below(&decl.below, sink);
    let severity = severity(&decl.severity, sink);
    let action = decl.action.as_ref().map(|action| action.value.clone());
    Some(BudgetAlert { span: decl.span, below_percent: below?, severity: severity?, action })
}

/// Reads a share of the budget that may be left, in percent: 100 or less, negative for an overspent budget.
fn below(text: &Text, sink: &mut Sink) -> Option<Decimal> {
    let error = |message: String| Diagnostic::new(Code::BadNumber, text.span, message);
    let diagnostic = match percent(&text.value) {
        Err(PercentError::NoNumber(meant)) => {
            let diagnostic = error(format!("expected a percentage of the budget, found `{}`", text.value));
            match meant {
                Some(meant) => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
                None => diagnostic.help("write the share of the budget below which the alert fires, as in `25%`"),
            }
        }
        Err(PercentError::TooManyDigits) => error(format!("`{}` has too many digits after the point", text.value)),
        Ok(number) if number.value > Decimal::ONE_HUNDRED => {
            error(format!("`{}` is more than the whole budget, so the alert would always fire", text.value))
        }
        Ok(number) if number.sign == Sign::Absent && number.value > Decimal::ZERO && number.value < Decimal::ONE => {
            let meant = format!("{}%", (number.value * Decimal::ONE_HUNDRED).normalize());
            error(format!("`{}` is a ratio, and shares of the budget are written in percent", text.value)).replace(
                format!("write `{meant}`"),
                text.span,
                meant,
            )
        }
        Ok(number) => return Some(number.value.normalize()),
    };
    sink.push(diagnostic);
    None
}

/// Reads the alert on the budget's end in sight; `None` within the answer if there is none.
pub(super) fn exhausts_in(basis: &Basis<'_>, tiers: &[BurnTier], sink: &mut Sink) -> Read<Option<ExhaustsAlert>> {
    let Some(decl) = basis.nearest(|layer| layer.exhausts_in.as_ref()) else {
        return Ok(None);
    };
    let less_than = positive_duration(&decl.less_than, "less_than", sink);
    let severity = severity(&decl.severity, sink);
    let over = over(decl, basis, tiers, sink);
    let less_than = less_than.ok_or(Reported)?;
    if less_than > basis.period {
        let message = format!("`{less_than}` is longer than the period of {}", basis.period.in_largest_unit());
        let note =
            "at the allowed burn rate, a full budget lasts for one period: the alert would fire without a reason";
        sink.push(Diagnostic::new(Code::BadBudgetAlert, decl.less_than.span, message).note(note));
        return Err(Reported);
    }
    let (over, severity) = (over.ok_or(Reported)?, severity.ok_or(Reported)?);
    Ok(Some(ExhaustsAlert { span: decl.span, less_than, over, severity }))
}

fn over(decl: &ExhaustsInDecl, basis: &Basis<'_>, tiers: &[BurnTier], sink: &mut Sink) -> Option<Duration> {
    let Some(text) = &decl.over else {
        return Some(Duration::from_hours(6));
    };
    let over = duration(text, sink)?;
    let of_tiers = tiers.iter().flat_map(|tier| [tier.short, tier.long]);
    let recorded: BTreeSet<_> = ALWAYS_RECORDED.into_iter().chain(of_tiers).chain([basis.period]).collect();
    if recorded.contains(&over) {
        return Some(over);
    }
    let list = recorded.iter().map(|window| window.in_largest_unit()).collect::<Vec<_>>().join(", ");
    let message = format!("no error ratio is recorded over `{over}`");
    let diagnostic = Diagnostic::new(Code::BadBudgetAlert, text.span, message);
    sink.push(diagnostic.help(format!("choose one of {list}, or add a tier with this window")));
    None
}
