//! Periods: rolling windows of whole days, and units of the calendar.

use super::durations::duration;
use super::zone::zone;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Calendar, CalendarUnit, Duration, Zone};
use crate::parse::decl::WindowDecl;
use crate::source::Text;
use crate::suggest::suggest;

/// The period where nothing is written.
pub(super) const DEFAULT: Duration = Duration::from_days(30);

const SHORTEST: Duration = Duration::from_days(7);
const LONGEST: Duration = Duration::from_days(92);
const DAY: u64 = Duration::from_days(1).millis();

/// A period.
pub(super) struct Period {
    /// Its length; the usual one if it follows the calendar.
    pub(super) length: Duration,
    /// The calendar that it follows.
    pub(super) calendar: Option<Calendar>,
}

/// Reads a period; 30 days where nothing is written.
pub(super) fn period(decl: Option<&WindowDecl>, sink: &mut Sink) -> Option<Period> {
    match decl {
        None => Some(Period { length: DEFAULT, calendar: None }),
        Some(WindowDecl::Rolling(text)) => rolling(text, sink).map(|length| Period { length, calendar: None }),
        Some(WindowDecl::Calendar { span: _, unit, timezone }) => {
            let unit = calendar_unit(unit, sink);
            let zone = timezone.as_ref().map_or_else(|| Some(Zone::utc()), |text| zone(text, sink));
            let calendar = Calendar { unit: unit?, zone: zone? };
            Some(Period { length: calendar.unit.usual_length(), calendar: Some(calendar) })
        }
    }
}

fn calendar_unit(text: &Text, sink: &mut Sink) -> Option<CalendarUnit> {
    let unit = CalendarUnit::from_word(&text.value);
    if unit.is_some() {
        return unit;
    }
    let words = CalendarUnit::ALL.map(CalendarUnit::as_str);
    let message = format!("`{}` is no unit of the calendar", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    let diagnostic = match suggest(&text.value, words) {
        Some(word) => diagnostic.replace(format!("did you mean `{word}`?"), text.span, word),
        None => diagnostic.help("write `day`, `week`, `month`, `quarter` or `year`; a length such as `28d` stands alone, as in `window: 28d`"),
    };
    sink.push(diagnostic);
    None
}

fn rolling(text: &Text, sink: &mut Sink) -> Option<Duration> {
    if let Some(unit) = CalendarUnit::from_word(&text.value) {
        let message = format!("`{}` is no length of time", text.value);
        let written = format!("{{calendar: {}}}", unit.as_str());
        let diagnostic = Diagnostic::new(Code::BadWindow, text.span, message);
        sink.push(diagnostic.replace(
            format!("write `{written}` for a period that begins with each {}", unit.as_str()),
            text.span,
            written,
        ));
        return None;
    }
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
