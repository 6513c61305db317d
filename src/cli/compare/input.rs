//! What the command line compares: rules from files, or from what specs compile to, and the SLO that both are about.

use std::path::Path;

use anyhow::{Result, bail};

use slosmith::compare::{Match, RuleSet, Traffic, of_slo, read as read_rules};
use slosmith::diag::Severity;
use slosmith::ir::{RawSeries, RawShape};
use slosmith::model::{Duration, Service, Slo};
use slosmith::source::{FileId, SourceFile, SourceKind, Sources};
use slosmith::{compile, gather, load, lower, resolved};

use super::outcome::Side;
use super::{Setting, ratio};
use crate::cli::Outcome;
use crate::cli::args::{Common, CompareArguments};
use crate::cli::terminal::Terminal;

/// How often groups are evaluated that do not say it, as where the operator of Prometheus has its defaults.
const USUAL_INTERVAL: Duration = Duration::from_secs(30);

/// The most names that a message lists.
const MOST: usize = 12;

/// What the command line names with one of its words.
enum Input {
    /// Files of rules.
    Rules(RuleSet),
    /// Specs: what they compile to, and their services.
    Specs(RuleSet, Vec<Service>),
}

/// Why there is nothing to compare: it was said already.
type Refused = Outcome;

/// Reads everything; a mistake of the user is told on the way.
pub(super) fn read(
    arguments: &CompareArguments,
    common: &Common,
    terminal: &Terminal,
) -> Result<std::result::Result<Setting, Refused>> {
    let mut sides = Vec::new();
    for name in [&arguments.a, &arguments.b] {
        match input(name, common, terminal)? {
            Some(input) => sides.push(input),
            None => return Ok(Err(Outcome::Problems)),
        }
    }
    let (path, wanted) = match &arguments.slo {
        Some(text) => text
            .split_once('#')
            .map_or((Some(text.as_str()), None), |(path, name)| ((!path.is_empty()).then_some(path), Some(name))),
        None => (None, None),
    };
    let specs = match path {
        Some(path) => match input(path, common, terminal)? {
            Some(input) => Some(input),
            None => return Ok(Err(Outcome::Problems)),
        },
        None => None,
    };
    let services = specs.iter().chain(&sides).find_map(|input| match input {
        Input::Specs(_, services) => Some(services),
        Input::Rules(_) => None,
    });
    let Some(services) = services else {
        terminal.mistake(
            "neither of the two says what an error is",
            "name the spec of the SLO with --slo, as in `--slo slos/cart.yaml#availability`",
        );
        return Ok(Err(Outcome::Usage));
    };
    let Some(slo) = slo(services, wanted, terminal) else { return Ok(Err(Outcome::Usage)) };
    let slo = slo.clone();
    let sets = sides.into_iter().map(|side| match side {
        Input::Rules(rules) | Input::Specs(rules, _) => rules,
    });
    let names = [&arguments.a, &arguments.b];
    let said = [(&arguments.id_a, &arguments.ratio_a), (&arguments.id_b, &arguments.ratio_b)];
    let mut found = Vec::new();
    for ((rules, name), (id, ratio)) in sets.zip(names).zip(said) {
        let interval = arguments.evaluation_interval.unwrap_or(USUAL_INTERVAL);
        match side(&slo, name, &with_intervals(rules, interval), (id.as_deref(), ratio.as_ref()), terminal) {
            Some(side) => found.push(side),
            None => return Ok(Err(Outcome::Usage)),
        }
    }
    let Ok(sides) = <[Side; 2]>::try_from(found) else { bail!("there are two sides") };
    Ok(setting(arguments, slo, sides, terminal))
}

/// A setting from what was read.
fn setting(
    arguments: &CompareArguments,
    slo: Slo,
    sides: [Side; 2],
    terminal: &Terminal,
) -> std::result::Result<Setting, Refused> {
    let raw = lower::raw_series(&slo).filter(|_| !matches!(slo.sli, slosmith::model::Sli::Composite(_)));
    let Some(raw) = raw else {
        terminal.mistake(
            &format!("no raw series can be made up for `{}/{}`", slo.service, slo.name),
            "composites and native histograms cannot be compared, nor can selectors that no series of plain letters fits",
        );
        return Err(Outcome::Usage);
    };
    let traffic = traffic(arguments, &slo, &raw);
    let incidents = slosmith::compare::Incident::ALL.into_iter();
    let incidents: Vec<_> = if arguments.incident.is_empty() {
        incidents.filter(|incident| incident.applies(traffic)).collect()
    } else {
        incidents.filter(|incident| arguments.incident.contains(incident)).collect()
    };
    if let Some(incident) = incidents.iter().find(|incident| !incident.applies(traffic)) {
        terminal.mistake(
            &format!("`{}` does not apply to `{}/{}`", incident.name(), slo.service, slo.name),
            "an event of it is a sample of a gauge, so that there are as many at all times: leave the incident out",
        );
        return Err(Outcome::Usage);
    }
    let series = arguments.series.unwrap_or(if traffic.varies { 1000 } else { raw.len() as u64 });
    Ok(Setting { history: arguments.history.unwrap_or(slo.window), slo, sides, traffic, incidents, series, raw })
}

fn traffic(arguments: &CompareArguments, slo: &Slo, raw: &[RawSeries]) -> Traffic {
    use rust_decimal::Decimal;
    let is_gauge = raw.iter().any(|series| matches!(series.shape, RawShape::Gauge(..)));
    let budget = slo.objective.budget();
    if is_gauge {
        // A sample is an event.
        let events = Decimal::ONE_THOUSAND / Decimal::from(slo.blocks.scrape().millis().max(1));
        return Traffic { events, background: Decimal::ZERO, budget, varies: false };
    }
    let events = arguments.requests.unwrap_or(Decimal::ONE_HUNDRED);
    Traffic { events, background: budget / Decimal::TEN, budget, varies: true }
}

/// The same, where every group says how often it is evaluated.
fn with_intervals(mut rules: RuleSet, interval: Duration) -> RuleSet {
    for group in &mut rules.groups {
        group.interval.get_or_insert(interval);
    }
    rules
}

/// One side, with the rules of the SLO alone.
fn side(
    slo: &Slo,
    name: &str,
    rules: &RuleSet,
    (id, said): (Option<&str>, Option<&String>),
    terminal: &Terminal,
) -> Option<Side> {
    match of_slo(rules, slo, id) {
        Match::Found(rules) => {
            let ratio = ratio(said, &rules, slo);
            Some(Side { name: name.to_owned(), rules, ratio })
        }
        Match::Others(others) => {
            let listed: Vec<_> = others.iter().take(MOST).map(|(label, id)| format!("`{label}={id}`")).collect();
            let help = if listed.is_empty() {
                "leave the id out".to_owned()
            } else {
                format!("say which of them it is with --id-a or --id-b: {}", listed.join(", "))
            };
            terminal.mistake(&format!("`{name}` has no rules of `{}/{}`", slo.service, slo.name), &help);
            None
        }
    }
}

/// The SLO that is meant: the only one, or the one of that name.
fn slo<'a>(services: &'a [Service], wanted: Option<&str>, terminal: &Terminal) -> Option<&'a Slo> {
    let all: Vec<&Slo> = services.iter().flat_map(|service| &service.slos).collect();
    let is_wanted = |slo: &&&Slo| match wanted {
        Some(name) => slo.name.as_str() == name || slo.id == name || format!("{}/{}", slo.service, slo.name) == name,
        None => true,
    };
    let found: Vec<&&Slo> = all.iter().filter(is_wanted).collect();
    if let [only] = found.as_slice() {
        return Some(only);
    }
    let names: Vec<_> = all.iter().take(MOST).map(|slo| format!("`{}/{}`", slo.service, slo.name)).collect();
    let help = if names.is_empty() {
        "the spec has to define an SLO".to_owned()
    } else {
        format!("name one of them, as in `--slo '#{}'`: {}", all.first()?.name, names.join(", "))
    };
    let message = match (wanted, found.len()) {
        (Some(name), 0) => format!("there is no SLO `{name}`"),
        (Some(name), count) => format!("{count} SLOs are named `{name}`"),
        (None, 0) => "there is no SLO".to_owned(),
        (None, count) => format!("there are {count} SLOs"),
    };
    terminal.mistake(&message, &help);
    None
}

/// Reads one of them; `None` with its problems if it cannot be compiled.
fn input(name: &str, common: &Common, terminal: &Terminal) -> Result<Option<Input>> {
    let disk = common.directory.join(name);
    if disk.is_dir() && (disk.join(load::PROJECT_FILE).is_file() || disk.join("slos").is_dir()) {
        let sources = gather(None, |wanted| load::read(&disk, wanted))?.sources;
        return compiled(&sources, terminal);
    }
    let files = load::foreign(&common.directory, &[name.to_owned()])?;
    let (rules, found) = rules(&files)?;
    if found {
        return Ok(Some(Input::Rules(rules)));
    }
    if disk.is_dir() {
        bail!(
            "there is no rule file in `{name}`\nhelp: name a folder of rule files, or one with {} or slos/",
            load::PROJECT_FILE
        );
    }
    let Some(spec) = files.into_iter().next() else { bail!("there is nothing at `{name}`") };
    let sources = gather(common.output.as_deref(), |wanted| match wanted {
        slosmith::source::Wanted::Project | slosmith::source::Wanted::Metrics(_) => {
            load::read(&common.directory, wanted)
        }
        slosmith::source::Wanted::Inputs { .. } => Ok(vec![spec.clone()]),
    })?;
    compiled(&sources.sources, terminal)
}

/// The rules among files, and whether there are any.
fn rules(files: &[SourceFile]) -> Result<(RuleSet, bool)> {
    let mut sources = Sources::default();
    let ids: Vec<FileId> = files.iter().map(|file| sources.add(file.clone())).collect();
    let rules = read_rules(&sources, &ids).map_err(|problems| anyhow::anyhow!(problems.join("\n")))?;
    let found = !rules.groups.is_empty();
    Ok((rules, found))
}

/// What specs compile to.
fn compiled(sources: &Sources, terminal: &Terminal) -> Result<Option<Input>> {
    let compiled = compile(sources);
    let errors: Vec<_> = compiled.diagnostics.into_iter().filter(|it| it.severity == Severity::Error).collect();
    if !errors.is_empty() {
        terminal.problems_aside(&errors, sources)?;
        return Ok(None);
    }
    let is_rules = |path: &str| path.starts_with("prometheus/rules/") && Path::new(path).extension().is_some();
    let outputs = compiled.outputs.into_iter().filter(|output| is_rules(&output.path));
    let files = outputs.map(|it| SourceFile { path: it.path, kind: SourceKind::Spec, text: it.text, problem: None });
    let (rules, _) = rules(&files.collect::<Vec<_>>())?;
    Ok(Some(Input::Specs(rules, resolved(sources).0)))
}
