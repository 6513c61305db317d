//! `budget`: what it counts, and how long a slice of time is.

use rust_decimal::Decimal;

use super::durations::whole_seconds;
use super::percent::percent;
use super::{Read, Reported, target};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Alerting, Blocks, BurnTier, Duration, MissingSlice, Objective, Severity, Slices, decimal_text};
use crate::parse::decl::BudgetDecl;
use crate::source::Text;

const HOUR: u64 = Duration::from_hours(1).millis();

/// Lengths to propose, ascending.
const USUAL: [Duration; 6] = [
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(2),
    Duration::from_mins(3),
    Duration::from_mins(4),
    Duration::from_mins(5),
];

/// What the budget counts, and the lengths that follow: those of the shortest scrape interval if it is not known.
pub(super) fn blocks(
    decl: Option<&BudgetDecl>,
    blocks: Option<Blocks>,
    period: Duration,
    sink: &mut Sink,
) -> Option<(Blocks, Read<Option<Slices>>)> {
    let blocks = blocks.or_else(|| Blocks::new(Blocks::MIN_SCRAPE))?;
    let slices = slices(decl, blocks, period, sink);
    let length = slices.ok().flatten().map(|slices| slices.length);
    Some((length.map_or(blocks, |length| blocks.with_fast(length)), slices))
}

/// Reads what the budget counts; no slices where nothing is written.
fn slices(decl: Option<&BudgetDecl>, blocks: Blocks, period: Duration, sink: &mut Sink) -> Read<Option<Slices>> {
    let Some(decl) = decl else { return Ok(None) };
    match decl.by.value.as_str() {
        "events" => events(decl, sink),
        "timeslices" => {
            let length = length(decl, blocks, sink);
            let missing = decl.no_data.as_ref().map_or(Some(MissingSlice::Ignored), |text| missing(text, sink));
            let allowed = decl.target.as_ref().map(|text| allowed(text, period, sink));
            let (Some(length), Some(missing)) = (length, missing) else { return Err(Reported) };
            Ok(Some(Slices { length, missing, allowed: allowed.transpose()? }))
        }
        _ => {
            sink.push(unknown(&decl.by));
            Err(Reported)
        }
    }
}

fn events(decl: &BudgetDecl, sink: &mut Sink) -> Read<Option<Slices>> {
    let keys = [("slice", &decl.slice), ("no_data", &decl.no_data), ("target", &decl.target)];
    let Some((key, text)) = keys.into_iter().find_map(|(key, text)| text.as_ref().map(|text| (key, text))) else {
        return Ok(None);
    };
    let message = format!("`{key}` has no effect on a budget of events");
    let diagnostic = Diagnostic::new(Code::InapplicableKey, text.span, message);
    let help = "write `by: timeslices` to count slices of time, or leave the key out";
    sink.push(diagnostic.secondary(decl.by.span, "counts events").help(help));
    Err(Reported)
}

fn unknown(by: &Text) -> Diagnostic {
    const WORDS: [&str; 2] = ["events", "timeslices"];
    let message = format!("expected `events` or `timeslices`, found `{}`", by.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, by.span, message);
    let word = by.value.to_lowercase().replace(['-', '_', ' '], "");
    let meant = match word.as_str() {
        "occurrences" | "requests" | "event" => Some("events"),
        "slices" | "slice" | "time" | "minutes" | "windows" => Some("timeslices"),
        other => suggest(other, WORDS),
    };
    match meant {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), by.span, meant),
        None => {
            diagnostic.note("`events` spends the budget by each failed event, `timeslices` by each bad slice of time")
        }
    }
}

/// Reads the length of a slice: two scrapes at least, five minutes at most, a whole number of them in an hour.
fn length(decl: &BudgetDecl, blocks: Blocks, sink: &mut Sink) -> Option<Duration> {
    let least = least(blocks);
    let shortest = USUAL.into_iter().find(|usual| *usual >= least);
    // Without a length, that was reported when it was read.
    let text = decl.slice.as_ref()?;
    let length = whole_seconds(text, "slice", sink)?;
    let problem = problem(text, length, blocks, (least, shortest));
    let is_fine = problem.is_none();
    sink.extend(problem);
    is_fine.then_some(length)
}

/// The shortest slice: a fast block, and two scrapes.
fn least(blocks: Blocks) -> Duration {
    blocks.fast().max(Duration::from_millis(2 * blocks.scrape().millis()))
}

fn problem(
    text: &Text,
    length: Duration,
    blocks: Blocks,
    (least, shortest): (Duration, Option<Duration>),
) -> Option<Diagnostic> {
    let longest = Slices::LONGEST;
    let error = |message: String| Diagnostic::new(Code::BadSlice, text.span, message);
    if length > longest {
        let diagnostic = error(format!("a slice of `{}` is longer than {longest}", text.value));
        return Some(
            diagnostic
                .note("a slice is recorded when it ends, and an instant selector of Prometheus looks back 5m")
                .replace(format!("write `{longest}` or less"), text.span, longest.to_string()),
        );
    }
    if length < least {
        let scrape = blocks.scrape();
        let diagnostic = error(format!("a slice of `{}` is too short for a scrape interval of {scrape}", text.value))
            .note("whether a slice is good takes two scrapes, and 30s at least");
        return Some(match shortest {
            Some(shortest) => {
                let message = format!("write `{shortest}` or more, or declare a shorter `scrape_interval`");
                diagnostic.replace(message, text.span, shortest.to_string())
            }
            None => diagnostic.help("scrape every 2m30s or more often, and declare that as `scrape_interval`"),
        });
    }
    if HOUR.is_multiple_of(length.millis()) {
        return None;
    }
    let diagnostic = error(format!("an hour is no whole number of slices of `{}`", text.value));
    let diagnostic = diagnostic.note("windows of hours are sums of whole slices");
    let nearest =
        USUAL.into_iter().filter(|usual| *usual >= least).min_by_key(|usual| usual.millis().abs_diff(length.millis()));
    Some(match nearest {
        Some(nearest) => diagnostic.replace(format!("write `{nearest}`"), text.span, nearest.to_string()),
        None => diagnostic,
    })
}

fn missing(text: &Text, sink: &mut Sink) -> Option<MissingSlice> {
    let choice = MissingSlice::from_word(&text.value);
    if choice.is_some() {
        return choice;
    }
    let message = format!("expected `bad`, `good` or `ignore`, found `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    sink.push(match suggest(&text.value, MissingSlice::ALL.map(MissingSlice::as_str)) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => {
            diagnostic.help("`bad` counts a slice without events as an outage, `good` as uptime, `ignore` not at all")
        }
    });
    None
}

/// Reads the target of a slice, which may be 100%, as the share of events that may fail.
fn allowed(text: &Text, period: Duration, sink: &mut Sink) -> Read<Decimal> {
    if percent(&text.value).is_ok_and(|number| number.value == Decimal::ONE_HUNDRED) {
        return Ok(Decimal::ZERO);
    }
    target::objective(text, period, sink).map(Objective::budget).ok_or(Reported)
}

/// Warns of budgets that a single bad slice pages for, or takes all of.
pub(super) fn coarse(
    decl: &BudgetDecl,
    slices: Slices,
    (objective, period): (Objective, Duration),
    alerting: &Alerting,
) -> Option<Diagnostic> {
    let span = decl.slice.as_ref().map_or(decl.span, |text| text.span);
    let length = slices.length;
    let affordable = Decimal::from(slices.count(period)).checked_mul(objective.budget())?;
    if affordable < Decimal::ONE {
        let (target, days) = (decimal_text(objective.percent()), period.in_largest_unit());
        let message = format!("a single bad slice of {length} is more than the whole budget");
        return Some(
            Diagnostic::new(Code::CoarseSlice, span, message)
                .note(format!(
                    "{target}% of the {} slices in {days} leave {} of a slice to fail",
                    slices.count(period),
                    decimal_text(affordable)
                ))
                .help("choose a shorter slice or a lower target, or count events"),
        );
    }
    let pages = |tier: &&BurnTier| {
        let share = Decimal::ONE.checked_div(Decimal::from(Blocks::count(tier.long, length)));
        let limit = tier.burn.factor().checked_mul(objective.budget());
        tier.severity == Severity::Page && share.zip(limit).is_some_and(|(share, limit)| share > limit)
    };
    let tier = alerting.tiers.iter().find(pages).filter(|_| alerting.min_errors.is_none_or(|least| least < 2))?;
    let count = Blocks::count(tier.long, length);
    let percent = |ratio: Decimal| {
        ratio.checked_mul(Decimal::ONE_HUNDRED).and_then(|percent| percent.round_sf(3)).map(decimal_text)
    };
    let share = percent(Decimal::ONE.checked_div(Decimal::from(count))?)?;
    let factor = decimal_text(tier.burn.factor());
    let limit = percent(tier.burn.factor().checked_mul(objective.budget())?)?;
    let budget = percent(objective.budget())?;
    Some(
        Diagnostic::new(Code::OneSlicePages, span, format!("one bad slice of {length} pages"))
            .note(format!(
                "it is 1 of the {count} slices in {}, {share}%, and the page fires above {factor} x {budget}% = {limit}%",
                tier.long.in_largest_unit()
            ))
            .help("leave `min_errors` at 2 or more, so that it takes two; or choose a shorter slice"),
    )
}
