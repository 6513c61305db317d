//! Tests from recorded blocks: burn rates just above and just below what each tier allows.
//!
//! For a tier, blocks are filled so that each window is just above its limit only if it holds exactly its own blocks: errors lie
//! in the oldest block of either window, traffic without errors lies right before both.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::blocks::{Given, Recorded, held};
use super::groups;
use super::{Scene, alert_labels, check, watched};
use crate::ir::{Check, Expected, InputSeries, Rule, RuleKind, RuleTest};
use crate::lower::alerting::burn_alert_name;
use crate::lower::windows::{self, Group};
use crate::model::{Blocks, BurnTier, Duration, Objective, Severity, decimal_text, error_ratio};
use crate::promql::LabelValues;

/// How far above or below a limit something is, in thousandths.
const MARGIN: i64 = 1;
/// How far above or below the fewest errors something is, in percent.
const GUARD_MARGIN: i64 = 2;
/// The errors of a test where no fewest are set.
const ERRORS: i64 = 1000;
/// Slow blocks without traffic before an evaluation, so that the rules record zeros too: the reach of the catch-up.
const SLOW_PAUSE: u64 = 9;

/// The tests of an SLO's burn alerts, by target and severity; none for a ratio without blocks.
pub(super) fn tests(scene: &Scene<'_>, interval: Duration) -> Vec<RuleTest> {
    if !scene.slo.has_blocks() {
        return Vec::new();
    }
    let mut targets: Vec<Target> = Vec::new();
    for group in groups::of(scene.slo) {
        match targets.iter_mut().find(|target| target.objective == group.objective) {
            Some(target) => target.groups.push(group.labels),
            None => targets.push(Target { objective: group.objective, groups: vec![group.labels] }),
        }
    }
    if scene.series.is_grouped()
        && let Some(own) = targets.iter_mut().find(|target| target.objective == scene.slo.objective)
    {
        own.groups.push(LabelValues::new());
    }
    let both = [Severity::Page, Severity::Ticket];
    let pairs = targets.iter().flat_map(|target| both.map(|severity| (target, severity)));
    pairs.filter_map(|(target, severity)| test(scene, target, severity, interval)).collect()
}

/// Groups with the same target, the overall series among them.
struct Target {
    objective: Objective,
    groups: Vec<LabelValues>,
}

/// The longest that blocks of one moment are looked back at.
pub(super) fn reach(scene: &Scene<'_>, severity: Severity) -> Duration {
    let spacing = spacing(scene, severity);
    let reaches = tiers(scene, severity).map(|tier| Duration::from_millis(tier.long.millis() + 3 * spacing.millis()));
    reaches.max().unwrap_or(spacing)
}

fn tiers<'a>(scene: &'a Scene<'_>, severity: Severity) -> impl Iterator<Item = &'a BurnTier> {
    scene.slo.alerting.tiers.iter().filter(move |tier| tier.severity == severity)
}

fn spacing(scene: &Scene<'_>, severity: Severity) -> Duration {
    match severity {
        Severity::Page => scene.slo.blocks.fast(),
        Severity::Ticket => Blocks::SLOW,
    }
}

/// A tier in blocks of one spacing.
#[derive(Clone, Copy)]
struct Limit {
    /// The error ratio that is allowed.
    ratio: Decimal,
    long: u64,
    short: u64,
}

impl Limit {
    fn of(scene: &Scene<'_>, tier: &BurnTier, objective: Objective, spacing: Duration) -> Option<Self> {
        let count = |window| held(Blocks::range_over(window, windows::block(scene.slo, window)), spacing);
        Some(Self { ratio: error_ratio(tier.burn, objective)?, long: count(tier.long), short: count(tier.short) })
    }
}

/// What a moment is to show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Above,
    LongBelow,
    ShortBelow,
    FewErrors,
}

const CASES: [Case; 4] = [Case::LongBelow, Case::ShortBelow, Case::FewErrors, Case::Above];

fn test(scene: &Scene<'_>, target: &Target, severity: Severity, interval: Duration) -> Option<RuleTest> {
    let spacing = spacing(scene, severity);
    let rule = scene.alert(&burn_alert_name(&scene.series, severity), severity.as_str())?;
    let Target { objective, groups } = target;
    let limits: Option<Vec<(&BurnTier, Limit)>> =
        tiers(scene, severity).map(|tier| Some((tier, Limit::of(scene, tier, *objective, spacing)?))).collect();
    let limits = limits?;
    let all: Vec<Limit> = limits.iter().map(|(_, limit)| *limit).collect();
    let step = reach(scene, severity).millis().div_ceil(interval.millis()).max(1);
    let mut story = Story {
        severity,
        spacing,
        moment: 0,
        fast: Recorded::default(),
        slow: Recorded::default(),
        silent: Vec::new(),
    };
    let mut checks: Vec<Check> = Vec::new();
    for (case, (tier, limit)) in CASES.iter().flat_map(|case| limits.iter().map(move |limit| (*case, limit))) {
        let Some(filled) = fill(scene, *limit, &all, severity, case) else { continue };
        story.moment += step * interval.millis();
        let at = Duration::from_millis(story.moment);
        story.record(filled, &all, *limit, [tier.short, tier.long].map(|window| windows::group(scene.slo, window)));
        let words = words(tier, case);
        if case != Case::Above {
            story.silent.push((at, words));
            continue;
        }
        checks.extend(story.silence(rule));
        let expected = match checks.len() {
            0 | 1 => fires(rule, groups),
            _ => Expected::Count { alert: watched(rule), count: groups.len() },
        };
        checks.push(Check { comments: vec![words], ..check(at, expected) });
        // An alert that is kept fires for one evaluation more, however far away that is.
        story.moment += interval.millis();
        if is_kept(rule) && checks.len() <= 2 {
            let comments = vec!["kept by keep_firing_for".to_owned()];
            let expected = Expected::Count { alert: watched(rule), count: groups.len() };
            checks.push(Check { comments, ..check(Duration::from_millis(story.moment), expected) });
        }
    }
    checks.extend(story.silence(rule));
    let target = decimal_text(objective.percent());
    (!checks.is_empty()).then(|| RuleTest {
        name: scene.name(&format!("burn rates around the limits of a {} at {target}%", severity.as_str())),
        interval: SmolStr::from(spacing.to_string()),
        series: story.series(scene, groups),
        checks,
        origin: scene.slo.span,
    })
}

fn is_kept(rule: &Rule) -> bool {
    match &rule.kind {
        RuleKind::Alert(alert) => alert.keep_firing_for.is_some(),
        RuleKind::Record(_) => false,
    }
}

/// Moments after each other.
struct Story {
    severity: Severity,
    spacing: Duration,
    /// The time of the last one, in milliseconds.
    moment: u64,
    fast: Recorded,
    slow: Recorded,
    /// The moments at which nothing may fire, and why.
    silent: Vec<(Duration, String)>,
}

impl Story {
    /// Gives the blocks before this moment to the groups that the short and the long window are sums of.
    ///
    /// Where these differ, a window that is a sum of the wrong ones finds other ratios: fast blocks are given for the short
    /// window alone, and slow ones have their errors right before it.
    fn record(&mut self, blocks: Vec<(u64, Decimal, Decimal)>, all: &[Limit], limit: Limit, groups: [Group; 2]) {
        let end = self.moment / self.spacing.millis();
        if self.severity == Severity::Page {
            let longest = all.iter().map(|limit| limit.long).max().unwrap_or(0);
            self.fast.present(end - longest.min(end), end);
            for (back, events, errors) in blocks {
                self.fast.add(end - back, events, errors);
            }
            return;
        }
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        match groups {
            [Group::Fast, Group::Fast] => fast = blocks,
            [Group::Slow, Group::Slow] => slow = blocks,
            [Group::Fast, Group::Slow] | [Group::Slow, Group::Fast] => {
                fast.extend(blocks.iter().filter(|(back, ..)| *back <= limit.short).copied());
                let late: Decimal = blocks.iter().filter(|(back, ..)| *back < limit.short).map(|block| block.2).sum();
                slow.extend(blocks.into_iter().map(|(back, events, errors)| match back {
                    back if back < limit.short => (back, events, Decimal::ZERO),
                    back if back == limit.short => (back, events, errors + late),
                    back => (back, events, errors),
                }));
            }
        }
        for (recorded, blocks) in [(&mut self.fast, fast), (&mut self.slow, slow)] {
            blocks.iter().rev().for_each(|(back, ..)| recorded.present(end - back, end - back));
            recorded.present(end + 1 - SLOW_PAUSE, end);
            for (back, events, errors) in blocks {
                recorded.add(end - back, events, errors);
            }
        }
    }

    /// The samples of both groups.
    fn series(&self, scene: &Scene<'_>, groups: &[LabelValues]) -> Vec<InputSeries> {
        let fast = self.fast.series(scene, groups, Given::Fast);
        match self.severity {
            Severity::Page => fast,
            Severity::Ticket => [fast, self.slow.series(scene, groups, Given::Slow)].concat(),
        }
    }

    /// That nothing fired up to here, if anything was to be silent.
    fn silence(&mut self, rule: &Rule) -> Option<Check> {
        let silent = std::mem::take(&mut self.silent);
        let last = silent.last()?.0;
        let comments = silent.into_iter().map(|(at, words)| format!("{at}: {words}")).collect();
        Some(Check { comments, ..check(last, Expected::Never(watched(rule))) })
    }
}

/// The alerts of a rule in these groups, with all of their labels.
fn fires(rule: &Rule, groups: &[LabelValues]) -> Expected {
    Expected::Fires { alert: watched(rule), labels: groups.iter().map(|group| alert_labels(rule, group)).collect() }
}

fn words(tier: &BurnTier, case: Case) -> String {
    let (factor, long, short) =
        (decimal_text(tier.burn.factor()), tier.long.in_largest_unit(), tier.short.in_largest_unit());
    match case {
        Case::Above => format!("0.1% above {factor} over {long} and {short}"),
        Case::LongBelow => format!("0.1% below {factor} over {long}"),
        Case::ShortBelow => format!("0.1% below {factor} over {short}"),
        Case::FewErrors => format!("above {factor}, with too few errors"),
    }
}

/// Blocks counted back from a moment, with their events and errors.
///
/// `None` where no such blocks exist: windows too close to each other, no fewest errors, or another tier that sees them too.
fn fill(
    scene: &Scene<'_>,
    limit: Limit,
    all: &[Limit],
    severity: Severity,
    case: Case,
) -> Option<Vec<(u64, Decimal, Decimal)>> {
    let pause = match severity {
        Severity::Page => 1,
        Severity::Ticket => SLOW_PAUSE,
    };
    let (oldest_short, oldest_long) = (limit.short - 1, limit.long - 1);
    if oldest_short < pause || oldest_long < oldest_short + 2 {
        return None;
    }
    let guard = scene.slo.alerting.min_errors.filter(|least| *least > 0);
    let percent = |percent: i64| Decimal::new(100 + percent, 2);
    let fewest = |least: u64| Decimal::from(least) - Decimal::new(5, 1);
    let errors = match (guard, case) {
        (Some(least), Case::FewErrors) => fewest(least).checked_mul(percent(-GUARD_MARGIN))?,
        (Some(least), Case::Above | Case::LongBelow | Case::ShortBelow) => {
            fewest(least).checked_mul(percent(GUARD_MARGIN))?
        }
        (None, Case::FewErrors) => return None,
        (None, Case::Above | Case::LongBelow | Case::ShortBelow) => Decimal::from(ERRORS),
    };
    let above = limit.ratio.checked_mul(Decimal::new(1000 + MARGIN, 3))?;
    let below = limit.ratio.checked_mul(Decimal::new(1000 - MARGIN, 3))?;
    let half = rounded(errors.checked_div(Decimal::from(4))?.checked_div(above)?)?;
    let lump = rounded(half.checked_mul(Decimal::from(2))?.checked_mul(above)?)?;
    let more = half.checked_mul(Decimal::from(2))?.checked_mul(above.checked_div(below)? - Decimal::ONE)?;
    let more = rounded(more)?;
    let (late, early) = match case {
        Case::Above | Case::FewErrors => (Decimal::ZERO, Decimal::ZERO),
        Case::LongBelow => (Decimal::ZERO, more.checked_mul(Decimal::from(2))?),
        Case::ShortBelow => (more, -more),
    };
    let mut blocks = vec![
        (pause, half + late, Decimal::ZERO),
        (oldest_short, half, lump),
        (oldest_short + 1, half + early, Decimal::ZERO),
        (oldest_long, half, lump),
    ];
    blocks.push((oldest_long + 1, clean_before(limit, all, &blocks)?, Decimal::ZERO));
    let sees = all.iter().any(|limit| is_above(*limit, &blocks));
    (sees == matches!(case, Case::Above | Case::FewErrors)).then_some(blocks)
}

/// Six digits are enough for a thousandth.
fn rounded(value: Decimal) -> Option<Decimal> {
    value.round_sf(7)
}

/// Traffic before the long window that keeps tiers with longer ones at nine tenths of their limits, and dilutes a window that is
/// too long.
fn clean_before(limit: Limit, all: &[Limit], blocks: &[(u64, Decimal, Decimal)]) -> Option<Decimal> {
    let (events, errors) =
        blocks.iter().fold((Decimal::ZERO, Decimal::ZERO), |sum, block| (sum.0 + block.1, sum.1 + block.2));
    let mut clean = events;
    for other in all.iter().filter(|other| other.long > limit.long) {
        let wanted = errors.checked_div(other.ratio.checked_mul(Decimal::new(9, 1))?)?;
        clean = clean.max(wanted - events);
    }
    rounded(clean)
}

fn is_above(limit: Limit, blocks: &[(u64, Decimal, Decimal)]) -> bool {
    [limit.long, limit.short].into_iter().all(|count| {
        let held = blocks.iter().filter(|(back, _, _)| *back < count);
        let (events, errors) =
            held.fold((Decimal::ZERO, Decimal::ZERO), |sum, block| (sum.0 + block.1, sum.1 + block.2));
        errors.checked_div(events).is_some_and(|ratio| ratio > limit.ratio)
    })
}
