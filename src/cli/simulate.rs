//! `slosmith simulate`: an incident on paper, and what the rules make of it.

mod component;
mod events;
mod json;
mod picture;
mod story;
mod text;

use anyhow::Result;

use slosmith::forecast::{Counting, simulate as run};
use slosmith::model::{Objective, Slo};

use super::Outcome;
use super::args::{Common, Failure, Format, SimulateArguments};
use super::input;
use super::select;
use super::terminal::Terminal;
use events::Events;
use story::Story;

/// Lets it happen, and prints what comes of it.
pub(crate) fn simulate(arguments: &SimulateArguments, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let Some(services) = select::services(common, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Some(slos) = select::select(&services, &arguments.slo, terminal) else {
        return Ok(Outcome::Usage);
    };
    let slo = match slos.as_slice() {
        [slo] => *slo,
        several => {
            let names: Vec<_> = several.iter().map(|slo| format!("`{}/{}`", slo.service, slo.name)).collect();
            terminal.mistake(
                &format!("`{}` has several SLOs", arguments.slo),
                &format!("name one of {}", names.join(", ")),
            );
            return Ok(Outcome::Usage);
        }
    };
    if let Some((message, help)) = unfit(slo, arguments) {
        terminal.mistake(&message, &help);
        return Ok(Outcome::Usage);
    }
    let Some(objective) = objective(slo, &arguments.group, terminal) else {
        return Ok(Outcome::Usage);
    };
    let failing = match arguments.fail.as_deref().map(|name| component::find(slo, name, &services)).transpose() {
        Ok(failing) => failing,
        Err((message, help)) => {
            terminal.mistake(&message, &help);
            return Ok(Outcome::Usage);
        }
    };
    let counts = arguments.events.as_deref().map(|path| counts(path, common)).transpose()?;
    let story = Story::new(slo, arguments, counts, failing);
    if let Some(problem) = story.problem() {
        terminal.mistake(&problem, "give each incident a time of its own, with `--at`");
        return Ok(Outcome::Usage);
    }
    let simulation = run(slo, &story.scenario(slo, arguments, objective));
    match terminal.format() {
        Format::Json => terminal.object(&json::object(slo, &story, objective, &simulation))?,
        Format::Human | Format::Github => {
            let width = Terminal::width(arguments.width);
            let drawing = picture::drawing(arguments.picture);
            terminal.print(&text::page(slo, &story, objective, &simulation, width))?;
            terminal.print(&picture::picture(&simulation, drawing, width))?;
        }
    }
    Ok(Outcome::Fine)
}

/// What of the command line does not fit together or this SLO, with a way out.
fn unfit(slo: &Slo, arguments: &SimulateArguments) -> Option<(String, String)> {
    let (rates, lengths, begins) = (arguments.error_rate.len(), arguments.lengths.len(), arguments.at.len());
    let pair = |message: String, help: &str| Some((message, help.to_owned()));
    if rates != lengths {
        return pair(
            format!("{rates} times `--error-rate`, and {lengths} times `--for`"),
            "say of each incident how long it lasts",
        );
    }
    if begins != rates && (begins > 0 || rates > 1) {
        return pair(format!("{rates} incidents, and {begins} times `--at`"), "say of each incident when it begins");
    }
    if arguments.fail.is_some() && arguments.error_rate.contains(&Failure::Gone) {
        return pair(
            "a component that is gone is left out of its composite, so that there is nothing to simulate".to_owned(),
            "simulate the component itself; `SLONoData` of the composite tells of it after its time",
        );
    }
    match Counting::of_sli(slo) {
        Counting::SamplesOfEach(_) | Counting::SamplesOfAll(_) if arguments.requests.is_some() => pair(
            "an event of this SLO is a sample of a gauge, so that `--requests` does not apply".to_owned(),
            "leave it out, or say with `--series` how many gauges there are",
        ),
        Counting::Nothing if arguments.requests.is_some() => pair(
            "this SLO has an error ratio alone, so that `--requests` does not apply".to_owned(),
            "leave it out: nothing depends on the number of events",
        ),
        Counting::Events
        | Counting::SamplesOfEach(_)
        | Counting::SamplesOfAll(_)
        | Counting::Slices(_)
        | Counting::Moments(_)
        | Counting::Nothing => None,
    }
}

/// The target of a group; that of the SLO without one, or where it has none of its own.
fn objective(slo: &Slo, group: &[(String, String)], terminal: &Terminal) -> Option<Objective> {
    if group.is_empty() {
        return Some(slo.objective);
    }
    let labels: Vec<&str> =
        slo.grouping.iter().flat_map(|it| &it.labels).map(slosmith::model::LabelName::as_str).collect();
    if let Some((label, _)) = group.iter().find(|(label, _)| !labels.contains(&label.as_str())) {
        let help = if labels.is_empty() {
            "leave `--group` out".to_owned()
        } else {
            format!("its groups have {}", labels.join(", "))
        };
        terminal.mistake(&format!("`{}/{}` has no groups by `{label}`", slo.service, slo.name), &help);
        return None;
    }
    let overrides = || slo.grouping.iter().flat_map(|grouping| &grouping.overrides);
    let fits = |entry: &&slosmith::model::Override| {
        let has = |label: &str, value: &str| group.iter().any(|(own, found)| own == label && found == value);
        entry.matches.iter().all(|(label, value)| has(label.as_str(), value))
    };
    // One of several labels goes before those of one, as in the rules.
    let own = overrides().filter(fits).max_by_key(|entry| entry.matches.len());
    Some(own.map_or(slo.objective, |entry| entry.objective))
}

/// The counts of a file; its problems come all at once, each with its place.
fn counts(path: &str, common: &Common) -> Result<Events> {
    let file = input::text(path, "give lines of `time,total,bad`", common)?;
    events::read(&file.text).map_err(|problems| {
        let lines: Vec<_> = problems.iter().map(|(line, message)| format!("{}:{line}: {message}", file.path)).collect();
        anyhow::anyhow!("{}\nhelp: each line is `time,total,bad`, as in `30s,3000,120`", lines.join("\n"))
    })
}
