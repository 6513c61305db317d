//! What alerts say: annotations with Prometheus's own templates.

use std::fmt::Write as _;

use smol_str::SmolStr;

use super::series::{BUDGET_REMAINING, Series};
use crate::model::{Duration, ExhaustsAlert, MissingSlice, Override, Profile, Severity, Sli, decimal_text};
use crate::promql::print;

/// `api/availability`, and the group where there is one.
pub(super) fn subject(series: &Series<'_>) -> String {
    format!("{}/{}", series.slo.service, series.slo.name)
}

fn subject_with_groups(series: &Series<'_>) -> String {
    let mut text = subject(series);
    for label in &series.groups {
        // Writing to a string cannot fail.
        let _ = write!(text, "{{{{ with $labels.{label} }}}} ({label} {{{{ . }}}}){{{{ end }}}}");
    }
    text
}

/// What an alert says is wrong, with Sloth's profile in the words that its users know.
pub(super) fn burn_summary(series: &Series<'_>) -> String {
    if let Profile::Sloth(_) = &*series.slo.profile {
        return format!("{} SLO error budget burn rate is over expected.", sloth_subject(series));
    }
    let subject = subject_with_groups(series);
    format!(r#"{subject} burns its error budget at {{{{ printf "%.1f" $value }}}} times the allowed rate"#)
}

pub(super) fn burn_description(series: &Series<'_>, severity: Severity) -> String {
    let tiers = series.slo.alerting.tiers.iter().filter(|tier| tier.severity == severity);
    let mut shorts: Vec<_> = tiers.map(|tier| tier.short).collect();
    shorts.sort_unstable();
    shorts.dedup();
    if let Profile::Sloth(_) = &*series.slo.profile {
        return format!(
            r#"{{{{ printf "%.1f" $value }}}} times the allowed rate over the last {}; {} of the error budget is left."#,
            alternatives(&shorts),
            budget_left(series)
        );
    }
    format!(
        "{} The rate is that of the last {}; {} of the error budget is left.",
        objective(series),
        alternatives(&shorts),
        budget_left(series)
    )
}

/// `{{$labels.sloth_service}} {{$labels.sloth_slo}}`
fn sloth_subject(series: &Series<'_>) -> String {
    let [_, service, slo] = &series.names.identity;
    format!("{{{{$labels.{service}}}}} {{{{$labels.{slo}}}}}")
}

/// The title that alerts have with Sloth's profile, and annotations that the user gave, which win.
pub(super) fn add_own(series: &Series<'_>, severity: Severity, annotations: &mut Vec<(SmolStr, String)>) {
    if let Profile::Sloth(_) = &*series.slo.profile {
        let (severity, subject) = (severity.as_str(), sloth_subject(series));
        let title = format!("({severity}) {subject} SLO error budget burn rate is too fast.");
        annotations.insert(0, (SmolStr::new_static("title"), title));
    }
    for (name, text) in &series.slo.alerting.extras(severity).annotations {
        match annotations.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => old.clone_from(text),
            None => annotations.push((name.clone(), text.clone())),
        }
    }
}

pub(super) fn no_data_description(series: &Series<'_>, wait: Duration) -> String {
    if let Sli::Composite(_) = &series.slo.sli {
        return format!(
            "Nothing was recorded for {{{{ $labels.slo_component }}}} in the last {wait}; what this SLO says is about its other components."
        );
    }
    if let Some(slices) = &series.slo.slices {
        let counted = match slices.missing {
            MissingSlice::Bad => "slices without events count as bad ones",
            MissingSlice::Good => "slices without events count as good ones, and its burn-rate alerts cannot fire",
            MissingSlice::Ignored => "its burn-rate alerts cannot fire",
        };
        return format!("There was no data for this SLO in the last {wait}; {counted}.");
    }
    format!("Nothing was recorded for this SLO in the last {wait}; its burn-rate alerts cannot fire.")
}

pub(super) fn budget_left_summary(series: &Series<'_>) -> String {
    format!("{} has {{{{ $value | humanizePercentage }}}} of its error budget left", subject_with_groups(series))
}

pub(super) fn budget_left_description(series: &Series<'_>, below: &str) -> String {
    let objective = objective(series);
    format!("{}; alert below {below}.", objective.trim_end_matches('.'))
}

pub(super) fn exhausts_summary(series: &Series<'_>) -> String {
    let subject = subject_with_groups(series);
    format!("{subject} spends its last error budget in {{{{ $value | humanizeDuration }}}}")
}

pub(super) fn exhausts_description(series: &Series<'_>, alert: &ExhaustsAlert) -> String {
    format!(
        "At the error rate of the last {} the rest of the budget lasts less than {}; {} is left.",
        alert.over.in_largest_unit(),
        alert.less_than.in_largest_unit(),
        budget_left(series)
    )
}

/// The promise in a sentence; in a group with a target of its own, that one too.
fn objective(series: &Series<'_>) -> String {
    let slo = series.slo;
    let percent = decimal_text(slo.objective.percent());
    let overrides = slo.grouping.as_ref().map_or(&[][..], |grouping| &grouping.overrides);
    format!("Objective {percent}%{} over {}.", here(overrides), slo.period_in_words())
}

/// ` (here 99.5%)` or ` (the default)`, as the alert's labels say.
fn here(overrides: &[Override]) -> String {
    if overrides.is_empty() {
        return String::new();
    }
    let mut text = " (".to_owned();
    for (index, entry) in overrides.iter().enumerate() {
        let keyword = if index == 0 { "if" } else { "else if" };
        let percent = decimal_text(entry.objective.percent());
        // Writing to a string cannot fail.
        let _ = write!(text, "{{{{ {keyword} {} }}}}here {percent}%", condition(entry));
    }
    text + "{{ else }}the default{{ end }})"
}

fn condition(entry: &Override) -> String {
    let equal = |(label, value): &(_, String)| format!("eq $labels.{label} {}", quoted(value));
    match entry.matches.as_slice() {
        [single] => equal(single),
        several => {
            let terms: Vec<_> = several.iter().map(|matcher| format!("({})", equal(matcher))).collect();
            format!("and {}", terms.join(" "))
        }
    }
}

/// A string of Go's templates.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n");
    format!(r#""{escaped}""#)
}

/// A template that says how much budget is left.
fn budget_left(series: &Series<'_>) -> String {
    let query = if series.is_grouped() {
        let labels: Vec<_> = std::iter::once(series.names.identity[0].as_str())
            .chain(series.groups.iter().map(SmolStr::as_str))
            .collect();
        let matchers: Vec<_> = labels.iter().map(|label| format!("{label}=%q")).collect();
        let values: Vec<_> = labels.iter().map(|label| format!("$labels.{label}")).collect();
        format!(r#"printf "{BUDGET_REMAINING}{{{}}}" {} | query"#, matchers.join(","), values.join(" "))
    } else {
        format!("query `{}`", print(&series.all(BUDGET_REMAINING)))
    };
    let value = "{{ . | first | value | humanizePercentage }}";
    format!("{{{{ with {query} }}}}{value}{{{{ else }}}}an unknown part{{{{ end }}}}")
}

/// `5m`, `5m or 30m`, `5m, 30m or 1h`.
fn alternatives(windows: &[Duration]) -> String {
    let words: Vec<_> = windows.iter().map(|window| window.in_largest_unit()).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
