//! Numbers and times as people say them, exact where they can be.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::ir::{BudgetFacts, NamedLink, OwnerFacts};
use crate::model::{
    Duration, LinkValues, Links, Objective, Owner, Placeholder, budget_fraction, budget_seconds, decimal_text,
};

/// The most significant digits that help a reader; longer numbers are rounded and say so.
const DIGITS: u32 = 6;

/// A number: `14.4`; one that goes on and on as `about 0.933`.
pub(super) fn number(value: Decimal) -> String {
    let value = value.normalize();
    match value.round_sf(DIGITS) {
        Some(rounded) if rounded != value => {
            let short = value.round_sf(3).unwrap_or(value);
            format!("about {}", decimal_text(short))
        }
        _ => decimal_text(value),
    }
}

/// A ratio in percent: `1.44%`.
pub(super) fn percent(ratio: Decimal) -> String {
    ratio.checked_mul(Decimal::ONE_HUNDRED).map_or_else(|| decimal_text(ratio), |percent| number(percent) + "%")
}

/// A target: `99.9%`, with every digit.
pub(super) fn objective(objective: Objective) -> String {
    format!("{}%", decimal_text(objective.percent()))
}

/// The units of [`in_words`], in milliseconds.
const UNITS: [(u64, &str); 3] = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute")];

/// Seconds in words: `43 minutes 12 seconds`. Below a day exact to the millisecond, else to the minute; `about` if rounded.
pub(super) fn in_words(seconds: Decimal) -> String {
    let rounded = if seconds < Decimal::from(86_400) { seconds.round_dp(3) } else { to_minutes(seconds) };
    let millis = rounded.checked_mul(Decimal::ONE_THOUSAND).and_then(|millis| u64::try_from(millis).ok());
    let Some(mut rest) = millis else { return format!("{} seconds", decimal_text(seconds)) };
    let mut words = if rounded == seconds { String::new() } else { "about ".to_owned() };
    for (length, name) in UNITS {
        push_count(&mut words, rest / length * 1_000, name);
        rest %= length;
    }
    push_count(&mut words, rest, "second");
    match words.strip_suffix(' ') {
        Some(found) if found != "about" => found.to_owned(),
        _ => words + "0 seconds",
    }
}

/// To whole minutes, unless the seconds are whole.
fn to_minutes(seconds: Decimal) -> Decimal {
    let minute = Decimal::from(60);
    if seconds.fract().is_zero() { seconds } else { (seconds / minute).round() * minute }
}

/// Adds so many thousandths of a unit, and a space; nothing if there are none.
fn push_count(words: &mut String, thousandths: u64, unit: &str) {
    if thousandths == 0 {
        return;
    }
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    let plural = if thousandths == 1_000 { "" } else { "s" };
    // Writing to a string cannot fail.
    let _ = write!(words, "{whole}{} {unit}{plural} ", fraction.trim_end_matches('0'));
}

/// A duration in words.
pub(super) fn duration_in_words(duration: Duration) -> String {
    in_words(Decimal::from(duration.millis()) / Decimal::ONE_THOUSAND)
}

/// What an objective lets fail in a period.
pub(super) fn budget(objective: Objective, period: Duration) -> BudgetFacts {
    let events = budget_fraction(objective).filter(|(_, of)| *of <= 10_000_000);
    BudgetFacts {
        percent: format!("{}%", decimal_text(objective.budget() * Decimal::ONE_HUNDRED)),
        events: events.map(|(failed, of)| format!("{failed} of {of}")),
        outage: budget_seconds(objective, period).map_or_else(|| "a moment".to_owned(), in_words),
    }
}

/// Who answers for something.
pub(super) fn owner(owner: &Owner) -> OwnerFacts {
    OwnerFacts { team: owner.team.clone(), oncall: owner.oncall.clone(), slack: owner.slack.clone() }
}

/// The dashboard and the repository, if known.
pub(super) fn links(links: &Links, values: &LinkValues<'_>) -> Vec<NamedLink> {
    // A dashboard of one SLO is none of a cause alert.
    let fits = |link: &&crate::model::LinkTemplate| !(values.slo.is_empty() && link.mentions(Placeholder::Slo));
    let named = |text: &str, url: String| NamedLink { text: text.to_owned(), url };
    let dashboard = links.dashboard.as_ref().filter(fits).map(|link| named("Dashboard", link.fill(values)));
    let repository = links.repo.as_ref().filter(fits).map(|link| named("Repository", link.fill(values)));
    dashboard.into_iter().chain(repository).collect()
}

/// The address of Prometheus, without a slash at its end.
pub(super) fn prometheus(links: &Links, values: &LinkValues<'_>) -> Option<String> {
    let address = links.prometheus.as_ref().map(|link| link.fill(values));
    address.map(|address| address.trim_end_matches('/').to_owned())
}

/// A label with its value, as PromQL and routes write it.
pub(super) fn label(name: &str, value: &str) -> String {
    format!("{name}={value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn times_in_words() {
        for (seconds, words) in [
            ("2592", "43 minutes 12 seconds"),
            ("1209.6", "20 minutes 9.6 seconds"),
            ("129600", "1 day 12 hours"),
            ("3600", "1 hour"),
            ("1", "1 second"),
            ("0", "0 seconds"),
            ("90061", "1 day 1 hour 1 minute 1 second"),
            ("179999.9999", "about 2 days 2 hours"),
            ("0.25925", "about 0.259 seconds"),
        ] {
            assert_eq!(in_words(decimal(seconds)), words);
        }
    }

    #[test]
    fn numbers_that_go_on_are_rounded() {
        for (value, text) in
            [("14.4", "14.4"), ("0.933333333333", "about 0.933"), ("13.440", "13.44"), ("1000", "1000")]
        {
            assert_eq!(number(decimal(value)), text);
        }
        assert_eq!(percent(decimal("0.0144")), "1.44%");
    }
}
