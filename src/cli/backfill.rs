//! `slosmith backfill`: the commands that give new SLOs a history, or the rules that they run.

use std::fmt::Write as _;

use anyhow::Result;

use slosmith::model::{Service, Slo};
use slosmith::{emit, lower};

use super::Outcome;
use super::args::{BackfillArguments, Common};
use super::select;
use super::terminal::Terminal;

/// A month that follows the calendar may have been 31 days long; one of clocks that change, an hour longer.
const SPARE_SECONDS: u64 = 2 * 86_400;

/// Prints the commands of a service, or its rules.
pub(crate) fn backfill(arguments: &BackfillArguments, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let Some(services) = select::services(common, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Some(slos) = select::select(&services, &arguments.service, terminal) else {
        return Ok(Outcome::Usage);
    };
    let chosen = slos.first().and_then(|slo| services.iter().find(|service| service.name == slo.service));
    let Some(service) = chosen else {
        return Ok(Outcome::Usage);
    };
    if slos.iter().all(|slo| lower::unfilled(slo).is_some()) {
        let reasons: Vec<_> = slos.iter().filter_map(|slo| reason(slo)).collect();
        terminal.mistake(
            &format!("no history can be filled: {}", reasons.join("; ")),
            "load the rules; the budget is right from then on, and its history grows with time",
        );
        return Ok(Outcome::Usage);
    }
    if arguments.rules {
        let file = lower::backfill(service);
        terminal.print(&file.map_or_else(String::new, |file| emit::prometheus::rule_file(&file)))?;
        return Ok(Outcome::Fine);
    }
    terminal.print(&commands(service, &slos, arguments))?;
    Ok(Outcome::Fine)
}

/// What to type, with a word to each step.
fn commands(service: &Service, slos: &[&Slo], arguments: &BackfillArguments) -> String {
    let name = &service.name;
    let longest = slos.iter().map(|slo| slo.window.seconds() + calendar_spare(slo)).max().unwrap_or(0);
    // The shell knows what time it is; what slosmith prints depends on nothing but its input.
    let end = arguments.end.map_or_else(|| "$(date +%s)".to_owned(), |end| end.to_string());
    let start = arguments.start.map_or_else(|| format!("$((end - {longest}))"), |start| start.to_string());
    let (url, data) = (&arguments.url, &arguments.data);
    let mut text = String::new();
    let steps = [
        (
            "The rules of the history, which Prometheus never loads".to_owned(),
            format!("slosmith backfill {name} --rules > backfill-{name}.yaml"),
        ),
        (
            format!("Blocks of that history, from what {url} holds of raw data"),
            format!(
                "end={end}\npromtool tsdb create-blocks-from rules --url={url} --start={start} --end=$end --eval-interval=4m --output-dir=backfill-{name} backfill-{name}.yaml"
            ),
        ),
        (
            "Into the storage of Prometheus, which finds them within a minute".to_owned(),
            format!("mv backfill-{name}/* {data}/"),
        ),
        (
            format!(
                "Within half an hour of the end above, and not before the blocks are there: load the rules of {name}"
            ),
            "kill -HUP \"$(pidof prometheus)\"".to_owned(),
        ),
    ];
    for reason in slos.iter().filter_map(|slo| reason(slo)) {
        let _ = writeln!(text, "# Not filled: {reason}");
    }
    for (word, command) in steps {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {word}\n{command}");
    }
    text
}

/// An SLO that is not filled, and why.
fn reason(slo: &Slo) -> Option<String> {
    lower::unfilled(slo).map(|reason| format!("{}/{} ({reason})", slo.service, slo.name))
}

fn calendar_spare(slo: &Slo) -> u64 {
    if slo.calendar.is_some() { SPARE_SECONDS } else { 0 }
}
