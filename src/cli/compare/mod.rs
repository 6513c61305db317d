//! `slosmith compare`: two sets of rules in a real Prometheus, and what they make of the same incidents.

mod arguments;
mod evaluate;
mod input;
mod json;
mod outcome;
mod remote;
mod server;
mod text;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use anyhow::Result;

use slosmith::compare::{Incident, RuleSet, Scene, Traffic, period_ratio, samples};
use slosmith::forecast::period_start;
use slosmith::ir::RawSeries;
use slosmith::model::{Duration, Slo};

use super::Outcome;
use super::args::{Common, Format};
use super::terminal::Terminal;
pub(crate) use arguments::CompareArguments;
use outcome::{Comparison, Played, Side};
use server::Program;

/// What is compared, on what.
pub(super) struct Setting {
    slo: Slo,
    sides: [Side; 2],
    traffic: Traffic,
    incidents: Vec<Incident>,
    history: Duration,
    /// How many raw series a selector matches, for the cost.
    series: u64,
    raw: Vec<RawSeries>,
}

/// Compares, and prints the tables.
pub(crate) fn compare(arguments: &CompareArguments, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let setting = match input::read(arguments, common, terminal)? {
        Ok(setting) => setting,
        Err(outcome) => return Ok(outcome),
    };
    let program = Program::find(arguments.prometheus.clone().unwrap_or_else(|| PathBuf::from("prometheus")))?;
    let comparison = Comparison { version: program.version().to_owned(), played: play(&setting, &program, terminal)? };
    match terminal.format() {
        Format::Json => terminal.object(&json::object(&setting, &comparison))?,
        Format::Human | Format::Github => {
            terminal.print(&text::page(&setting, &comparison, Terminal::width(arguments.width)))?;
        }
    }
    Ok(Outcome::Fine)
}

/// An incident to play with one of the sides.
struct Job<'a> {
    index: usize,
    scene: &'a Scene,
    side: usize,
}

/// Plays every incident with both sides, as many at a time as there are processors.
fn play(setting: &Setting, program: &Program, terminal: &Terminal) -> Result<Vec<[Played; 2]>> {
    let scenes: Vec<Scene> =
        setting.incidents.iter().map(|incident| incident.scene(setting.traffic, setting.history)).collect();
    let jobs: Vec<Job<'_>> = scenes
        .iter()
        .enumerate()
        .flat_map(|(index, scene)| [0, 1].map(|side| Job { index: 2 * index + side, scene, side }))
        .collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let (send, receive) = channel();
    let mut results: Vec<(usize, Result<Played>)> = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, jobs, next) = (send.clone(), &jobs, &next);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let played = one(setting, job, program);
                    if played.is_err() {
                        // The others need not begin.
                        next.store(jobs.len(), Ordering::Relaxed);
                    }
                    // The receiver outlives all senders.
                    let _ = send.send((job.index, played));
                }
            });
        }
        drop(send);
        for (index, played) in receive {
            results.push((index, played));
            let name = scenes.get(index / 2).map_or("", |scene| scene.incident.name());
            // Progress that cannot be told is none.
            let _ = terminal.aside(&format!("{}/{} {name}, {}", results.len(), jobs.len(), ["A", "B"][index % 2]));
        }
    });
    results.sort_by_key(|(index, _)| *index);
    let mut played = results.into_iter().map(|(_, played)| played).collect::<Result<Vec<_>>>()?.into_iter();
    Ok(std::iter::from_fn(|| Some([played.next()?, played.next()?])).collect())
}

/// One incident with one side, in a Prometheus of its own.
fn one(setting: &Setting, job: &Job<'_>, program: &Program) -> Result<Played> {
    let side = &setting.sides[job.side];
    let server = program.start()?;
    let (raw, truth) = samples(job.scene, &setting.raw, setting.slo.blocks.scrape())
        .ok_or_else(|| anyhow::anyhow!("the raw series of this SLO cannot be written down"))?;
    server.write(&raw)?;
    drop(raw);
    let played = evaluate::evaluate(setting, side, job.scene, &server)?;
    let end = job.scene.end;
    let from = match &setting.slo.calendar {
        Some(calendar) => period_start(calendar, (server::START + end).div_euclid(1_000)) * 1_000 - server::START,
        None => end - i64::try_from(setting.slo.window.millis()).unwrap_or(i64::MAX),
    };
    let truth = truth.ratio(from.max(job.scene.begin), end);
    Ok(Played { truth: truth.filter(|_| setting.slo.slices.is_none()), ..played })
}

/// The expression of the period's error ratio, as it was said or as it is known.
fn ratio(said: Option<&String>, rules: &RuleSet, slo: &Slo) -> Option<String> {
    said.cloned().or_else(|| period_ratio(rules, slo))
}
