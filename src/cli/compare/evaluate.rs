//! Rules over a whole scene, as Prometheus's rule manager would have evaluated them.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::Value;

use slosmith::compare::{
    Courses, Demand, How, Kind, Labels, Rule, Samples, Scene, Spell, Step, joined, plan, raw_selectors,
};
use slosmith::promql::{Expr, print_line, visit};

use super::Setting;
use super::outcome::{Cost, Played, Ratio, Side};
use super::server::{Server, millis};

/// How long before the incident alerts are watched at least, in milliseconds.
const WATCHED: i64 = 30 * 60_000;
/// The most steps of a query; Prometheus answers 11,000.
const MOST_STEPS: i64 = 10_000;
/// How often a rule that reads itself is evaluated as a whole.
const MOST_PASSES: usize = 12;

/// How much later each group is evaluated than the one before it, in milliseconds. In a running Prometheus, too, groups are evaluated at
/// moments of their own: otherwise ranges would end exactly where another group has written.
const PHASE: i64 = 7;

/// When a group is evaluated, after the beginning of each interval.
fn phase(group: usize) -> i64 {
    i64::try_from(group).map_or(0, |group| group % 1_000 * PHASE)
}

/// The label of a metric's name.
const NAME: &str = "__name__";

/// What a rule gives at each moment, by the labels of what it records or alerts on.
type Course = BTreeMap<Labels, Vec<(i64, f64)>>;

/// Evaluates all rules of a side, and looks at what comes of it.
pub(super) fn evaluate(setting: &Setting, side: &Side, scene: &Scene, server: &Server) -> Result<Played> {
    let all = || side.rules.groups.iter().flat_map(|group| &group.rules);
    let waits = all().filter_map(|rule| match rule.kind {
        Kind::Alert { wait, keep } => i64::try_from(wait.millis() + keep.millis()).ok(),
        Kind::Record => None,
    });
    let watched = -waits.fold(WATCHED, i64::max).min(-scene.begin);
    let mut run = Run { setting, side, scene, server, played: Played::default() };
    for step in plan(&side.rules, scene.begin, watched) {
        run.step(&step)?;
    }
    run.played.ratio = run.ratio()?;
    run.played.cost = run.cost()?;
    for spells in run.played.alerts.values_mut() {
        *spells = joined(std::mem::take(spells));
    }
    Ok(run.played)
}

/// A side in a scene.
struct Run<'a> {
    setting: &'a Setting,
    side: &'a Side,
    scene: &'a Scene,
    server: &'a Server,
    played: Played,
}

#[derive(serde::Deserialize)]
struct Matrix {
    result: Vec<Series>,
}

#[derive(serde::Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}

/// The answer to an instant query: a vector or a scalar.
#[derive(serde::Deserialize)]
struct Instant {
    #[serde(rename = "resultType")]
    kind: String,
    result: Value,
    #[serde(default)]
    stats: Value,
}

#[derive(serde::Deserialize)]
struct Sample {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

impl Instant {
    /// Labels and values; a scalar is a series without labels.
    fn samples(&self) -> Vec<(BTreeMap<String, String>, f64)> {
        if self.kind == "scalar" {
            let value = self.result[1].as_str().and_then(|text| text.parse().ok());
            return value.map(|value| (BTreeMap::new(), value)).into_iter().collect();
        }
        let samples: Vec<Sample> = serde_json::from_value(self.result.clone()).unwrap_or_default();
        samples.into_iter().filter_map(|it| Some((it.metric, it.value.1.parse().ok()?))).collect()
    }

    /// How many samples were read for it.
    fn read(&self) -> f64 {
        self.stats["samples"]["totalQueryableSamples"].as_f64().unwrap_or(0.0)
    }
}

impl Run<'_> {
    fn rule(&self, (group, place): (usize, usize)) -> &Rule {
        &self.side.rules.groups[group].rules[place]
    }

    /// How often a group is evaluated, in milliseconds.
    fn interval(&self, group: usize) -> i64 {
        let interval = self.side.rules.groups[group].interval.map_or(i64::MAX, |it| it.millis().cast_signed());
        interval.max(1)
    }

    /// The evaluations of a group from a moment on: the first and the last one.
    fn moments(&self, group: usize, from: i64) -> (i64, i64) {
        let (interval, phase) = (self.interval(group), phase(group));
        // Rounded up.
        let first = -(phase - from).div_euclid(interval) * interval + phase;
        (first, (self.scene.end - phase).div_euclid(interval) * interval + phase)
    }

    fn step(&mut self, step: &Step) -> Result<()> {
        let Some(first) = step.rules.first().copied() else { return Ok(()) };
        if self.rule(first).is_alert() {
            return self.alert(first, step.demand);
        }
        match (step.how, step.demand) {
            (How::AtOnce, Demand::From(from)) => {
                let moments = self.moments(first.0, from);
                let course = self.course(first, &self.rule(first).expr.clone(), moments)?;
                self.write(first, &course, moments)
            }
            (How::Again, Demand::From(from)) => self.again(first, from),
            (How::ByMoment, Demand::From(from)) => self.by_moment(&step.rules, from),
            (_, Demand::Looks) => {
                for rule in &step.rules {
                    let (begin, last) = self.moments(rule.0, 0);
                    for at in [begin, last] {
                        self.look(*rule, at)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Evaluates a rule at one moment, and writes what it gives.
    fn look(&mut self, place: (usize, usize), at: i64) -> Result<Vec<Labels>> {
        let rule = self.rule(place).clone();
        let answer: Instant = match self.server.at(&print_line(&rule.expr), at)? {
            Ok(answer) => answer,
            Err(problem) => {
                self.failed(&rule, problem);
                return Ok(Vec::new());
            }
        };
        let series: Vec<Samples> = answer
            .samples()
            .into_iter()
            .map(|(metric, value)| Samples { labels: recorded(&metric, &rule), samples: vec![(at, Some(value))] })
            .collect();
        self.server.write(&series)?;
        Ok(series.into_iter().map(|series| series.labels).collect())
    }

    fn failed(&mut self, rule: &Rule, problem: String) {
        let failure = (rule.name.clone(), problem);
        if !self.played.failures.contains(&failure) {
            self.played.failures.push(failure);
        }
    }

    /// What an expression gives at every evaluation of a rule; nothing where Prometheus cannot evaluate it.
    fn course(&mut self, place: (usize, usize), expr: &Expr, (start, end): (i64, i64)) -> Result<Course> {
        let (text, interval) = (print_line(expr), self.interval(place.0));
        let rule = self.rule(place).clone();
        let mut course = Course::new();
        let mut begin = start;
        while begin <= end {
            let last = end.min(begin + (MOST_STEPS - 1) * interval);
            match self.server.range::<Matrix>(&text, (begin, last), interval)? {
                Ok(matrix) => {
                    for Series { metric, values } in matrix.result {
                        let values = values.iter().filter_map(|(at, value)| Some((millis(*at), value.parse().ok()?)));
                        course.entry(recorded(&metric, &rule)).or_default().extend(values);
                    }
                }
                Err(problem) => self.failed(&rule, problem),
            }
            begin = last + interval;
        }
        // What differs only in labels that the rule sets is one series.
        for values in course.values_mut() {
            values.sort_unstable_by_key(|(at, _)| *at);
        }
        Ok(course)
    }

    /// Writes what a rule gives, and marks where its series end.
    fn write(&self, place: (usize, usize), course: &Course, moments: (i64, i64)) -> Result<()> {
        self.server.write(&self.samples(place, course, moments, None, 0))
    }

    fn samples(
        &self,
        place: (usize, usize),
        course: &Course,
        (_, end): (i64, i64),
        name: Option<&str>,
        late: i64,
    ) -> Vec<Samples> {
        let interval = self.interval(place.0);
        let series = course.iter().map(|(labels, values)| {
            let mut labels = labels.clone();
            if let Some(name) = name {
                labels.iter_mut().filter(|(label, _)| label == NAME).for_each(|(_, own)| name.clone_into(own));
            }
            let mut samples = Vec::with_capacity(values.len());
            for (index, (at, value)) in values.iter().enumerate() {
                samples.push((at + late, Some(*value)));
                let next = values.get(index + 1).map_or(end + interval, |(next, _)| *next);
                if next > at + interval {
                    samples.push((at + interval + late, None));
                }
            }
            Samples { labels, samples }
        });
        series.collect()
    }

    /// A rule that reads what it wrote before: guesses are evaluated until one comes out as it went in, which only the truth does, since
    /// each moment follows from those before it.
    fn again(&mut self, place: (usize, usize), from: i64) -> Result<()> {
        let moments = self.moments(place.0, from);
        let rule = self.rule(place).clone();
        let mut guess: Option<Course> = None;
        for pass in 0..MOST_PASSES {
            let name = format!("{}:again{pass}", rule.name);
            if let Some(guess) = &guess {
                // Late by a millisecond, so that no evaluation reads its own.
                self.server.write(&self.samples(place, guess, moments, Some(&name), 1))?;
            }
            let mut expr = rule.expr.clone();
            visit::selectors_mut(&mut expr, &mut |selector| {
                if let Some(own) = selector.name.as_mut().filter(|own| own.value == rule.name) {
                    own.value = name.as_str().into();
                }
            });
            let course = self.course(place, &expr, moments)?;
            if guess.as_ref().is_some_and(|guess| is_same(guess, &course)) {
                return self.write(place, &course, moments);
            }
            guess = Some(course);
        }
        self.by_moment(&[place], from)
    }

    /// Rules that read each other, one moment after the other.
    fn by_moment(&mut self, rules: &[(usize, usize)], from: i64) -> Result<()> {
        let mut moments = Vec::new();
        for rule in rules {
            let (mut at, end) = self.moments(rule.0, from);
            while at <= end {
                moments.push((at, *rule));
                at += self.interval(rule.0);
            }
        }
        moments.sort_unstable();
        let mut present: BTreeMap<(usize, usize), Vec<Labels>> = BTreeMap::new();
        for (at, rule) in moments {
            let found = self.look(rule, at)?;
            let gone =
                present.insert(rule, found.clone()).unwrap_or_default().into_iter().filter(|it| !found.contains(it));
            let marks: Vec<_> = gone.map(|labels| Samples { labels, samples: vec![(at, None)] }).collect();
            self.server.write(&marks)?;
        }
        Ok(())
    }

    fn alert(&mut self, place: (usize, usize), demand: Demand) -> Result<()> {
        let rule = self.rule(place).clone();
        let Kind::Alert { wait, keep } = rule.kind else { return Ok(()) };
        let Demand::From(from) = demand else { return Ok(()) };
        let (begin, end) = self.moments(place.0, from);
        let course = self.course(place, &rule.expr, (begin, end))?;
        let mut found: BTreeMap<i64, Vec<Labels>> = BTreeMap::new();
        for (labels, values) in course {
            for (at, _) in values {
                found.entry(at).or_default().push(labels.clone());
            }
        }
        let mut courses = Courses::new(wait, keep);
        let mut at = begin;
        while at <= end {
            courses.evaluate(at, found.remove(&at).unwrap_or_default());
            at += self.interval(place.0);
        }
        let severity = ["slo_alert", "sloth_severity", "severity"].into_iter().find_map(|label| rule.label(label));
        let key = (rule.name.clone(), severity.unwrap_or("-").to_owned());
        // Told by the beginning of the interval.
        let nominal = |at: i64| at - phase(place.0);
        let spells = courses.spells().into_iter();
        let spells = spells.map(|spell| Spell { from: nominal(spell.from), until: spell.until.map(nominal) });
        self.played.alerts.entry(key).or_default().extend(spells);
        Ok(())
    }

    /// The period's error ratio at the end.
    fn ratio(&self) -> Result<Ratio> {
        let Some(text) = &self.side.ratio else { return Ok(Ratio::Unknown) };
        let answer = self.server.at::<Instant>(text, self.scene.end + 1_000)?;
        Ok(match answer.map(|answer| answer.samples()) {
            Ok(samples) => match samples.as_slice() {
                [(_, value)] => Ratio::Value(*value),
                [] => Ratio::Nothing,
                _ => Ratio::Unknown,
            },
            Err(_) => Ratio::Unknown,
        })
    }

    /// What the rules read at the moment before anything happens.
    fn cost(&self) -> Result<Cost> {
        let mut cost = Cost::default();
        for (group, entry) in self.side.rules.groups.iter().enumerate() {
            for rule in &entry.rules {
                let samples = self.samples_read(rule, phase(group))?;
                cost.rules += 1;
                cost.samples += samples;
                #[expect(clippy::cast_precision_loss, reason = "milliseconds of an interval")]
                let per_hour = 3_600_000.0 / self.interval(group) as f64;
                cost.per_hour += samples * per_hour;
            }
        }
        Ok(cost)
    }

    /// The samples that a rule reads if its selectors of raw data match so many series.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    fn samples_read(&self, rule: &Rule, at: i64) -> Result<f64> {
        let Ok(answer) = self.server.at::<Instant>(&print_line(&rule.expr), at)? else { return Ok(0.0) };
        let mut samples = answer.read();
        for selector in raw_selectors(rule, &self.side.rules) {
            let text = print_line(&selector);
            let text = if text.ends_with(']') { format!("count_over_time({text})") } else { text };
            let Ok(answer) = self.server.at::<Instant>(&text, at)? else { continue };
            let found = answer.samples().len();
            if found > 0 {
                samples += answer.read() * (self.setting.series as f64 / found as f64 - 1.0);
            }
        }
        Ok(samples)
    }
}

/// The labels of what a rule records, or alerts on under its name.
fn recorded(metric: &BTreeMap<String, String>, rule: &Rule) -> Labels {
    let mut labels = metric.clone();
    labels.extend(rule.labels.iter().cloned());
    labels.insert(NAME.to_owned(), rule.name.clone());
    labels.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// Whether two courses are the same to the bit.
fn is_same(one: &Course, other: &Course) -> bool {
    let bits = |course: &Course| -> Vec<(Labels, Vec<(i64, u64)>)> {
        let bits = |values: &Vec<(i64, f64)>| values.iter().map(|(at, value)| (*at, value.to_bits())).collect();
        course.iter().map(|(labels, values)| (labels.clone(), bits(values))).collect()
    };
    bits(one) == bits(other)
}
