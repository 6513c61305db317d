//! Series for which the condition of an alert holds, and series for which it does not.

use std::collections::BTreeSet;

use super::feed::series_text;
use crate::ir::InputSeries;
use crate::model::Duration;
use crate::promql::evaluate::{Line, Moment, Value, evaluate};
use crate::promql::{self, Call, DurationKind, Expr, ExprKind, LabelValues, Selector, visit};

/// The most selectors of an expression.
const MOST: usize = 4;
/// The most values that each series is tried with, by the number of selectors: a few thousand assignments at most.
const OPTIONS: [usize; MOST] = [24, 24, 13, 7];
/// How often a limit is narrowed down.
const HALVINGS: u32 = 80;
/// How far a value is from a limit, as a share of it, and at least.
const MARGIN: f64 = 0.01;
const LEAST_MARGIN: f64 = 1e-5;
/// The longest that a condition may look back for a test that lasts twice as long.
const LONGEST_EDGE: Duration = Duration::from_days(1);
/// The longest that a condition may look back.
const LONGEST: Duration = Duration::from_days(8);

/// What a condition reads.
pub(super) struct Example<'a> {
    expr: &'a Expr,
    inputs: Vec<Input<'a>>,
    /// When its longest range is full.
    pub(super) settles: Duration,
    /// The distance of the samples.
    pub(super) scrape: Duration,
}

/// A selector with a series that it selects, and what that series is tried with.
struct Input<'a> {
    selector: &'a Selector,
    labels: LabelValues,
    options: Vec<Option<(f64, f64)>>,
}

/// Two stories that differ in one series, whose values are just on either side of a limit.
pub(super) struct Edge {
    /// The condition does not hold.
    pub(super) silent: Story,
    /// It does.
    pub(super) fires: Story,
}

/// Series, and the alerts that they make.
pub(super) struct Story {
    lines: Vec<(String, Line)>,
    /// The labels of each result.
    pub(super) samples: Vec<LabelValues>,
}

/// What a condition reads; `None` where it is beyond making up.
pub(super) fn of(expr: &Expr) -> Option<Example<'_>> {
    let selectors = distinct(expr);
    if selectors.is_empty() || selectors.len() > MOST {
        return None;
    }
    let (settles, shortest) = ranges(expr)?;
    let quarter = shortest.millis() / 4 / 1000 * 1000;
    // promtool holds 10,000 samples of a series.
    let sparse = settles.millis() / 5_000 / 10_000 * 10_000;
    let scrape = Duration::from_millis(quarter.clamp(5_000, 60_000).max(sparse));
    let numbers = numbers(expr);
    let options = OPTIONS[selectors.len() - 1];
    let inputs = selectors.into_iter().map(|(selector, is_counter)| {
        let labels = promql::example(&selector.matchers)?;
        series_text(selector, &labels)?;
        let mut options_of = self::options(&numbers, is_counter);
        options_of.truncate(options);
        options_of.push(None);
        Some(Input { selector, labels, options: options_of })
    });
    let inputs = inputs.collect::<Option<Vec<_>>>()?;
    (settles <= LONGEST).then_some(Example { expr, inputs, settles, scrape })
}

/// The selectors, each once, and whether it is a counter's.
fn distinct(expr: &Expr) -> Vec<(&Selector, bool)> {
    let mut found: Vec<(&Selector, bool)> = Vec::new();
    visit::walk(expr, &mut |part| match &part.kind {
        ExprKind::Selector(selector) => found.push((selector, false)),
        ExprKind::Call(call) => {
            let counts = ["rate", "increase", "irate", "resets"].contains(&call.function.value.as_str());
            found.extend(matrices(call).map(|selector| (selector, counts)));
        }
        _ => {}
    });
    let mut distinct: Vec<(&Selector, bool)> = Vec::new();
    for (selector, counts) in found {
        let is_same = |other: &Selector| other.name == selector.name && other.matchers == selector.matchers;
        match distinct.iter_mut().find(|(other, _)| is_same(other)) {
            Some((_, known)) => *known = *known || counts,
            None => distinct.push((selector, counts)),
        }
    }
    distinct
}

fn matrices(call: &Call) -> impl Iterator<Item = &Selector> {
    call.args.iter().filter_map(|arg| match &arg.kind {
        ExprKind::Matrix(matrix) => Some(&matrix.selector),
        _ => None,
    })
}

/// How far back the expression looks in all, and its shortest range.
fn ranges(expr: &Expr) -> Option<(Duration, Duration)> {
    let mut all = 0;
    let mut shortest = 240_000;
    for duration in visit::durations(expr) {
        let DurationKind::Millis(millis) = duration.kind else { return None };
        all += u64::try_from(millis).ok()?;
    }
    visit::walk(expr, &mut |part| {
        if let ExprKind::Matrix(matrix) = &part.kind
            && let DurationKind::Millis(millis) = matrix.window.kind
        {
            shortest = shortest.min(u64::try_from(millis).unwrap_or(shortest));
        }
    });
    Some((Duration::from_millis(all), Duration::from_millis(shortest)))
}

/// The numbers of an expression, and what it works out of them alone.
fn numbers(expr: &Expr) -> Vec<f64> {
    let mut found = Vec::new();
    visit::walk(expr, &mut |part| {
        if let Ok(Value::Scalar(number)) = evaluate(part, &[], Moment { at: 0.0, scrape: 60.0 })
            && number.is_finite()
            && !found.contains(&number)
        {
            found.push(number);
        }
    });
    found
}

/// Values worth a try, as start and slope, the likeliest first.
fn options(numbers: &[f64], is_counter: bool) -> Vec<Option<(f64, f64)>> {
    let mut values: Vec<f64> = vec![1.0, 0.0];
    for number in numbers.iter().filter(|number| **number != 0.0) {
        values.extend([
            number * 2.0,
            number / 2.0,
            number + 1.0,
            -number * 4.0 - 1_000_000.0,
            number * 100.0,
            number.round(),
        ]);
    }
    values.extend([1_000_000.0, 0.001]);
    let mut known = BTreeSet::new();
    values.retain(|value| value.is_finite() && (!is_counter || *value >= 0.0) && known.insert(value.to_bits()));
    values.into_iter().map(|value| Some(if is_counter { (0.0, value) } else { (value, 0.0) })).collect()
}

impl Example<'_> {
    /// Series for which the condition holds until a time.
    pub(super) fn fires(&self, end: Duration) -> Option<Story> {
        self.find(end, |samples| !samples.is_empty())
    }

    /// No series at all, if the condition holds then.
    pub(super) fn absent(&self, end: Duration) -> Option<Story> {
        let samples = self.result(&[], end).filter(|samples| !samples.is_empty())?;
        Some(Story { lines: Vec::new(), samples })
    }

    /// Series, none of them missing, for which the condition does not hold.
    pub(super) fn silent(&self, end: Duration) -> Option<Story> {
        self.find(end, <[LabelValues]>::is_empty).filter(|story| story.lines.len() == self.inputs.len())
    }

    /// For each series of a story for which the condition holds, both sides of the value at which it ceases to.
    pub(super) fn edges(&self, story: &Story, end: Duration) -> Vec<Edge> {
        if self.settles > LONGEST_EDGE {
            return Vec::new();
        }
        (0..story.lines.len()).filter_map(|index| self.edge(story, index, end)).collect()
    }

    fn edge(&self, story: &Story, index: usize, end: Duration) -> Option<Edge> {
        let lines = |value: f64| {
            let mut lines = story.lines.clone();
            let line = &mut lines.get_mut(index)?.1;
            *if line.slope == 0.0 { &mut line.start } else { &mut line.slope } = value;
            Some(lines)
        };
        let samples = |value: f64| {
            let lines: Vec<Line> = lines(value)?.into_iter().map(|(_, line)| line).collect();
            self.result(&lines, end)
        };
        let line = &story.lines.get(index)?.1;
        let mut fires = if line.slope == 0.0 { line.start } else { line.slope };
        let inputs = self.inputs.iter().filter(|input| input.labels == line.labels);
        let values = inputs.flat_map(|input| input.options.iter().flatten());
        let values = values.map(|(start, slope)| if line.slope == 0.0 { *start } else { *slope });
        let mut silent = values.into_iter().find(|value| samples(*value).is_some_and(|samples| samples.is_empty()))?;
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(fires, silent);
            *if samples(middle)?.is_empty() { &mut silent } else { &mut fires } = middle;
        }
        let limit = f64::midpoint(fires, silent);
        let margin = (limit * MARGIN).abs().copysign(fires - silent);
        if margin.abs() < LEAST_MARGIN {
            return None;
        }
        let [silent, fires] = [limit - margin, limit + margin].map(tidy);
        let is_limit = samples(silent)?.is_empty() && samples(fires)? == story.samples;
        is_limit.then_some(Edge {
            silent: Story { lines: lines(silent)?, samples: Vec::new() },
            fires: Story { lines: lines(fires)?, samples: story.samples.clone() },
        })
    }

    fn find(&self, end: Duration, is_wanted: impl Fn(&[LabelValues]) -> bool) -> Option<Story> {
        let count: usize = self.inputs.iter().map(|input| input.options.len()).product();
        (0..count).find_map(|mut choice| {
            let mut lines = Vec::with_capacity(self.inputs.len());
            for input in &self.inputs {
                let option = input.options[choice % input.options.len()];
                choice /= input.options.len();
                let Some((start, slope)) = option else { continue };
                let name = input.selector.name.as_ref()?.value.clone();
                lines.push(Line { name, labels: input.labels.clone(), start, slope });
            }
            let samples = self.result(&lines, end)?;
            if !is_wanted(&samples) {
                return None;
            }
            let text = |line: &Line| {
                let input = self.inputs.iter().find(|input| {
                    input.labels == line.labels
                        && input.selector.name.as_ref().is_some_and(|name| name.value == line.name)
                });
                input.and_then(|input| series_text(input.selector, &line.labels))
            };
            let mut named: Vec<(String, Line)> = Vec::new();
            for line in lines {
                let text = text(&line)?;
                // Two selectors may select one series, which has one value.
                if named.iter().any(|(known, _)| *known == text) {
                    return None;
                }
                named.push((text, line));
            }
            Some(Story { lines: named, samples })
        })
    }

    /// The labels that the condition has at the end; `None` if they are others while it settles.
    fn result(&self, lines: &[Line], end: Duration) -> Option<Vec<LabelValues>> {
        #[expect(clippy::cast_precision_loss, reason = "times are far below 2^52 milliseconds")]
        let at = |millis: u64| {
            let moment = Moment { at: millis as f64 / 1000.0, scrape: self.scrape.millis() as f64 / 1000.0 };
            match evaluate(self.expr, lines, moment).ok()? {
                Value::Vector(samples) => Some(samples.into_iter().map(|sample| sample.labels).collect::<Vec<_>>()),
                Value::Scalar(_) => None,
            }
        };
        let (begin, end) = (self.settles.millis().max(60_000).min(end.millis()), end.millis());
        let last = at(end)?;
        let is_steady = [begin, u64::midpoint(begin, end)].into_iter().all(|time| at(time).as_ref() == Some(&last));
        is_steady.then_some(last)
    }
}

impl Story {
    /// The series up to a time.
    pub(super) fn series(&self, scrape: Duration, end: Duration) -> Vec<InputSeries> {
        let count = end.millis().div_ceil(scrape.millis());
        #[expect(clippy::cast_precision_loss, reason = "intervals are minutes at most")]
        let seconds = scrape.millis() as f64 / 1000.0;
        let values = |line: &Line| run(line.start, tidy(line.slope * seconds), count);
        let series = self.lines.iter().map(|(text, line)| InputSeries { series: text.clone(), values: values(line) });
        series.collect()
    }
}

impl Edge {
    /// The series up to a time: silent ones until the change, then those that fire.
    pub(super) fn series(&self, scrape: Duration, [change, end]: [Duration; 2]) -> Vec<InputSeries> {
        let [before, all] = [change, end].map(|time| time.millis().div_ceil(scrape.millis()));
        #[expect(clippy::cast_precision_loss, reason = "intervals are minutes at most, samples thousands")]
        let (seconds, count) = (scrape.millis() as f64 / 1000.0, before as f64);
        let series = self.silent.lines.iter().zip(&self.fires.lines).map(|((text, silent), (_, fires))| {
            let steps = [silent, fires].map(|line| tidy(line.slope * seconds));
            let values = if (silent.start, silent.slope) == (fires.start, fires.slope) {
                run(silent.start, steps[0], all)
            } else {
                // A counter goes on from where it is.
                let reached =
                    if steps == [0.0, 0.0] { fires.start } else { tidy(silent.start + steps[0] * count + steps[1]) };
                format!("{} {}", run(silent.start, steps[0], before), run(reached, steps[1], all - before - 1))
            };
            InputSeries { series: text.clone(), values }
        });
        series.collect()
    }
}

/// A value and those after it, in promtool's notation.
fn run(start: f64, step: f64, more: u64) -> String {
    if step == 0.0 { format!("{start}x{more}") } else { format!("{start}+{step}x{more}") }
}

/// Without the noise of binary fractions.
fn tidy(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
