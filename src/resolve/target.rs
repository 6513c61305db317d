//! Targets: percentages that leave an error budget.

use rust_decimal::Decimal;

use super::percent::{MAX_DIGITS, Percent, PercentError, Sign, percent};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Duration, Objective, ObjectiveError, decimal_text};
use crate::source::Text;

/// Reads a target; the period serves to say what a target means in downtime.
pub(super) fn objective(text: &Text, period: Duration, sink: &mut Sink) -> Option<Objective> {
    match read(text, period) {
        Ok(objective) => Some(objective),
        Err(diagnostic) => {
            sink.push(*diagnostic);
            None
        }
    }
}

fn read(text: &Text, period: Duration) -> Result<Objective, Box<Diagnostic>> {
    let number = percent(&text.value).map_err(|error| Box::new(no_percentage(text, error)))?;
    if let Some(diagnostic) = ratio(text, number) {
        return Err(Box::new(diagnostic));
    }
    Objective::from_percent(number.value).map_err(|error| {
        Box::new(match error {
            ObjectiveError::NoBudget => no_budget(text, number.value, period),
            ObjectiveError::NoPromise => no_promise(text),
        })
    })
}

fn no_percentage(text: &Text, error: PercentError) -> Diagnostic {
    match error {
        PercentError::NoNumber(meant) => {
            let found = if text.value.is_empty() { "an empty text".to_owned() } else { format!("`{}`", text.value) };
            let message = format!("expected a percentage, found {found}");
            let diagnostic = Diagnostic::new(Code::BadTarget, text.span, message);
            match meant {
                Some(meant) => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
                None => diagnostic.help("write the share of good events in percent, as in `99.9%`"),
            }
        }
        PercentError::TooManyDigits => {
            let message = format!("the target `{}` has more than {MAX_DIGITS} digits after the point", text.value);
            Diagnostic::new(Code::BadTarget, text.span, message).help("round it; no service has that many events")
        }
    }
}

/// The diagnostic of `0.999`, where `99.9%` is meant.
fn ratio(text: &Text, number: Percent) -> Option<Diagnostic> {
    let is_ratio = number.sign == Sign::Absent && number.value > Decimal::ZERO && number.value <= Decimal::ONE;
    if !is_ratio {
        return None;
    }
    let message = format!("`{}` is a ratio, and targets are written in percent", text.value);
    let diagnostic = Diagnostic::new(Code::RatioTarget, text.span, message);
    if number.value == Decimal::ONE {
        return Some(
            diagnostic
                .note("as a ratio, it would promise 100%, which leaves no error budget")
                .help("write what users can live with, as in `99.9%`"),
        );
    }
    let percent = format!("{}%", decimal_text(number.value * Decimal::ONE_HUNDRED));
    let label =
        format!("as a percentage, {} of 100 events may fail", decimal_text(Decimal::ONE_HUNDRED - number.value));
    Some(diagnostic.label(label).replace(format!("write `{percent}`"), text.span, percent))
}

fn no_budget(text: &Text, percent: Decimal, period: Duration) -> Diagnostic {
    let allowed = Duration::from_millis(period.millis() / 1_000);
    let days = period.in_largest_unit();
    let help = format!("write what users can live with: `99.9%` allows {allowed} of full outage in {days}");
    if percent > Decimal::ONE_HUNDRED {
        let message = format!("a target of `{}` is more than all events", text.value);
        return Diagnostic::new(Code::BadTarget, text.span, message).help(help);
    }
    let message = format!("a target of `{}` leaves no error budget", text.value);
    Diagnostic::new(Code::BadTarget, text.span, message)
        .note("burn rates are errors divided by the budget; with a budget of 0, every single error would page")
        .help(help)
}

fn no_promise(text: &Text) -> Diagnostic {
    let message = format!("a target of `{}` promises nothing", text.value);
    Diagnostic::new(Code::BadTarget, text.span, message)
        .help("write the share of good events in percent, as in `99.9%`")
}
