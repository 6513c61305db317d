//! Periods: rolling windows of whole days.

use super::durations::duration;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Duration;
use crate::source::Text;

/// The period where nothing is written.
pub(super) const DEFAULT: Duration = Duration::from_days(30);

const SHORTEST: Duration = Duration::from_days(7);
const LONGEST: Duration = Duration::from_days(92);
const DAY: u64 = Duration::from_days(1).millis();

/// Reads a period; 30 days where nothing is written.
pub(super) fn period(text: Option<&Text>, sink: &mut Sink) -> Option<Duration> {
    let Some(text) = text else {
        return Some(DEFAULT);
    };
    let period = duration(text, sink)?;
    match problem(text, period) {
        None => Some(period),
        Some(diagnostic) => {
            sink.push(diagnostic);
            None
        }
    }
}

fn problem(text: &Text, period: Duration) -> Option<Diagnostic> {
    if period < SHORTEST {
        let message = format!("a period of `{}` is shorter than 7d", text.value);
        return Some(
            Diagnostic::new(Code::BadWindow, text.span, message)
                .note("the slowest standard alert looks back 3d, and the period has to be well above it")
                .help("write `7d` or more; `28d` and `30d` are usual"),
        );
    }
    if period > LONGEST {
        let message = format!("a period of `{}` is longer than 92d", text.value);
        return Some(
            Diagnostic::new(Code::BadWindow, text.span, message)
                .note("the budget left is computed from all of the period's samples, which Prometheus has to keep and read")
                .help("write `92d` or less; `90d` is a quarter"),
        );
    }
    if period.millis().is_multiple_of(DAY) {
        return None;
    }
    let days = (period.millis() + DAY / 2) / DAY;
    let nearest = format!("{days}d");
    let message = format!("a period of `{}` is not a whole number of days", text.value);
    let diagnostic = Diagnostic::new(Code::BadWindow, text.span, message);
    Some(diagnostic.replace(format!("write `{nearest}`"), text.span, nearest))
}
