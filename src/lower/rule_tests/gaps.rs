//! Tests of slow blocks: what they hold, with and without a gap before them.
//!
//! Each moment sees 32m of raw series, of fast blocks and of slow ones, given apart from each other, so that each way to a slow
//! block leads to another number. Something happens right before and right after the beginning of each range.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::blocks::{Given, Recorded};
use super::counts::halves;
use super::feed::{Feed, Missing, Shape};
use super::groups;
use super::timeline::{Begin, Phase, Traffic, samples};
use super::{Scene, check};
use crate::ir::{Check, Expected, InputSeries, RuleTest};
use crate::lower::series::{ERRORS_SLOW, EVENTS_SLOW};
use crate::model::{Blocks, Duration, Ratio, RatioPart, Sli, Slo, decimal_text};
use crate::promql::LabelValues;

/// The least distance of moments that see nothing of each other's series.
const APART: Duration = Duration::from_mins(40);
/// Good and bad events between two samples, and right before and after the beginning of a range.
const STEADY: [u64; 2] = [10, 2];
const BEFORE_BLOCK: [u64; 2] = [40, 10];
const IN_BLOCK: [u64; 2] = [30, 8];
const BEFORE_CATCH_UP: [u64; 2] = [24, 6];
const IN_CATCH_UP: [u64; 2] = [18, 4];
/// Slow blocks before the one at a moment: those that the catch-up looks at, and one before them.
const SLOW_BLOCKS: u64 = 8;

/// What a moment finds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Just as many fast blocks as mean no gap.
    NoGap,
    /// One fast block less.
    FewFast,
    /// No slow block before.
    NoPrevious,
    /// No slow block within the catch-up.
    NoSlow,
}

const CASES: [Case; 4] = [Case::NoGap, Case::FewFast, Case::NoPrevious, Case::NoSlow];

/// The moments of an SLO in steps of half a fast block, so that fast blocks lie between slow ones.
#[derive(Clone, Copy)]
struct Grid {
    step: u64,
    /// Steps between two moments.
    apart: u64,
}

impl Grid {
    /// `None` where scrapes, fast blocks and slow ones do not fit together.
    fn new(blocks: Blocks) -> Option<Self> {
        let (fast, slow) = (blocks.fast().millis(), Blocks::SLOW.millis());
        let step = fast / 2;
        let fits = fast.is_multiple_of(2000) && slow.is_multiple_of(fast) && blocks.scrape().millis() <= step;
        fits.then_some(Self { step, apart: APART.millis() / step })
    }

    fn steps(self, time: Duration) -> u64 {
        time.millis() / self.step
    }
}

/// How far moments are apart: the interval at which these tests are evaluated.
pub(super) fn moments() -> Duration {
    APART
}

/// Whether slow blocks count raw series; else they are sums of fast ones.
pub(super) fn counts_raw_series(scene: &Scene<'_>) -> bool {
    match &scene.slo.sli {
        _ if scene.slo.slices.is_some() => false,
        Sli::Ratio(_) | Sli::Latency(_) | Sli::NativeLatency(_) => true,
        Sli::Up { .. } | Sli::Value(_) | Sli::ErrorRatio(_) | Sli::Composite(_) => false,
    }
}

/// The tests of an SLO's slow blocks.
pub(super) fn tests(scene: &Scene<'_>) -> Vec<RuleTest> {
    let Some(grid) = Grid::new(scene.slo.blocks).filter(|_| scene.slo.has_blocks()) else { return Vec::new() };
    let Some(group) = groups::of(scene.slo).into_iter().next() else { return Vec::new() };
    if !counts_raw_series(scene) {
        let cases = [Case::NoGap, Case::NoPrevious, Case::NoSlow];
        return vec![test(scene, grid, &group.labels, "sums of fast blocks, with and without a gap", &cases, None)];
    }
    let Some(feed) = Feed::of(scene.slo, &group.labels) else { return Vec::new() };
    // With fast blocks as long as slow ones there is none that may be missing.
    let cases: Vec<Case> = CASES
        .into_iter()
        .filter(|case| *case != Case::FewFast || scene.slo.blocks.fast_blocks_without_gap() > 2)
        .collect();
    let raw = Raw { feed: halves(&feed), begin: Begin::LongAgo, happens: Happens::Both };
    let mut tests = vec![test(scene, grid, &group.labels, "slow blocks with and without a gap", &cases, Some(&raw))];
    if let Some((what, raw)) = one_kind(scene.slo, &feed) {
        tests.push(test(scene, grid, &group.labels, what, &[Case::NoGap, Case::NoPrevious], Some(&raw)));
    }
    tests
}

/// The kinds of events that happen.
#[derive(Clone, Copy)]
enum Happens {
    Both,
    OnlyGood,
    OnlyBad,
}

/// Raw series of an SLI, and what happens there.
struct Raw {
    feed: Feed,
    begin: Begin,
    happens: Happens,
}

impl Raw {
    /// Of what happens with both kinds; with bad events alone as many in all, since the slow blocks that are given hold events, too,
    /// and no range has less than they hold.
    fn traffic(&self, [good, bad]: [u64; 2]) -> [u64; 2] {
        match self.happens {
            Happens::Both => [good, bad],
            Happens::OnlyGood => [good, 0],
            Happens::OnlyBad => [0, good + bad],
        }
    }

    /// The samples up to the last of so many moments.
    fn series(&self, grid: Grid, moments: u64) -> Vec<InputSeries> {
        let (block, catch_up) = (grid.steps(Blocks::SLOW), grid.steps(Blocks::CATCH_UP));
        let one = (0..grid.apart).rev().map(|back| {
            // A sample right at the beginning of a range is part of it in some versions of Prometheus.
            let events = match back {
                _ if back == block + 1 || back == catch_up + 1 => None,
                _ if back == block => Some(BEFORE_BLOCK),
                _ if back + 1 == block => Some(IN_BLOCK),
                _ if back == catch_up => Some(BEFORE_CATCH_UP),
                _ if back + 1 == catch_up => Some(IN_CATCH_UP),
                _ => Some(STEADY),
            };
            let traffic = events.map_or(Traffic::Gone, |events| {
                let [good, bad] = self.traffic(events);
                // Each series is there twice.
                Traffic::Events { good: good / 2, bad: bad / 2 }
            });
            Phase { scrapes: 1, traffic }
        });
        let one: Vec<Phase> = one.collect();
        let phases: Vec<Phase> = (0..moments).flat_map(|_| one.iter().copied()).collect();
        samples(&self.feed, &phases, self.begin)
    }

    /// Events and errors within a slow block, and within the catch-up.
    fn within(&self, grid: Grid) -> [[u64; 2]; 2] {
        let (block, catch_up) = (grid.steps(Blocks::SLOW), grid.steps(Blocks::CATCH_UP));
        let sum = |steady: u64, others: &[[u64; 2]]| {
            let others = others.iter().map(|events| self.traffic(*events));
            let [good, bad] = self.traffic(STEADY).map(|events| events * steady);
            others.fold([good + bad, bad], |[events, errors], [good, bad]| [events + good + bad, errors + bad])
        };
        [sum(block - 1, &[IN_BLOCK]), sum(catch_up - 4, &[IN_BLOCK, BEFORE_BLOCK, IN_CATCH_UP])]
    }
}

/// Only events of one kind, where series of the other kind are missing without any.
fn one_kind(slo: &Slo, feed: &Feed) -> Option<(&'static str, Raw)> {
    let waits =
        |shape: &Shape| feed.series.iter().any(|series| series.missing == Missing::NoEvents && series.shape == *shape);
    // The kind that is counted is the one whose absence means none.
    let counts_good = matches!(&slo.sli, Sli::Ratio(Ratio { part: RatioPart::Good(_), .. }));
    let (only_good, only_bad) = (waits(&Shape::Bad) && !counts_good, waits(&Shape::Good));
    let feed = halves(feed);
    if only_good {
        return Some((
            "slow blocks without any failure",
            Raw { feed, begin: Begin::FirstFailure, happens: Happens::OnlyGood },
        ));
    }
    let raw = Raw { feed, begin: Begin::FirstEvent, happens: Happens::OnlyBad };
    only_bad.then_some(("slow blocks without anything good", raw))
}

fn test(scene: &Scene<'_>, grid: Grid, group: &LabelValues, what: &str, cases: &[Case], raw: Option<&Raw>) -> RuleTest {
    let mut labels = vec![group.clone()];
    if scene.series.is_grouped() {
        labels.push(LabelValues::new());
    }
    let (mut fast, mut slow) = (Recorded::default(), Recorded::default());
    let mut checks: Vec<Check> = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let moment = (index as u64 + 1) * grid.apart;
        let fasts = fast_blocks(scene, grid, *case, raw.is_some());
        let slows = slow_blocks(*case);
        add(&mut fast, moment, &fasts);
        let spaced: Vec<_> = slows.iter().map(|(back, pair)| (back * grid.steps(Blocks::SLOW), *pair)).collect();
        add(&mut slow, moment, &spaced);
        let [block, catch_up] = match raw {
            Some(raw) => raw.within(grid),
            None => [Blocks::SLOW, Blocks::CATCH_UP].map(|range| sum(&fasts, grid.steps(range))),
        };
        let held = sum(&slows, SLOW_BLOCKS);
        let recorded = match case {
            Case::NoGap => block,
            Case::FewFast | Case::NoPrevious | Case::NoSlow => {
                [catch_up[0].saturating_sub(held[0]), catch_up[1].saturating_sub(held[1])]
            }
        };
        checks.push(expect(scene, Duration::from_millis(moment * grid.step), *case, recorded, labels.len() as u64));
    }
    let raw = raw.map(|raw| raw.series(grid, cases.len() as u64)).unwrap_or_default();
    let recorded = [fast.series(scene, &labels, Given::Fast), slow.series(scene, &labels, Given::Slow)].concat();
    RuleTest {
        name: scene.name(what),
        interval: SmolStr::from(Duration::from_millis(grid.step).to_string()),
        series: [raw, recorded].concat(),
        checks,
        origin: scene.slo.span,
    }
}

/// Blocks before a moment, in steps back from it, the oldest first.
type Back = Vec<(u64, [u64; 2])>;

fn add(recorded: &mut Recorded, moment: u64, blocks: &Back) {
    for (back, [events, errors]) in blocks {
        recorded.present(moment - back, moment - back);
        recorded.add(moment - back, Decimal::from(*events), Decimal::from(*errors));
    }
}

/// Events and errors of the blocks less than so many steps back.
fn sum(blocks: &Back, steps: u64) -> [u64; 2] {
    let held = blocks.iter().filter(|(back, _)| *back < steps);
    held.fold([0, 0], |sum, (_, [events, errors])| [sum[0] + events, sum[1] + errors])
}

/// Those before a moment, between the steps of slow ones.
fn fast_blocks(scene: &Scene<'_>, grid: Grid, case: Case, is_counted: bool) -> Back {
    let per_slow = Blocks::SLOW.millis() / scene.slo.blocks.fast().millis();
    let present: Vec<u64> = if is_counted {
        // Two less, since that of the moment counts as well, which the rules record, and one less again; more before all that count.
        let missing = match case {
            Case::FewFast => 0..3,
            Case::NoGap => 1..3,
            Case::NoPrevious | Case::NoSlow => 0..0,
        };
        (0..2 * per_slow + 3).filter(|block| *block >= 2 * per_slow - 1 || !missing.contains(block)).collect()
    } else {
        let catch_up = grid.steps(Blocks::CATCH_UP) / 2;
        vec![0, per_slow - 1, per_slow, catch_up - 1, catch_up]
    };
    let mut blocks: Back = present.into_iter().map(|block| (2 * block + 1, [100 + block, 40 - block % 16])).collect();
    blocks.sort_unstable_by_key(|(back, _)| std::cmp::Reverse(*back));
    blocks.dedup_by_key(|(back, _)| *back);
    blocks
}

/// Slow blocks before the one at the moment.
fn slow_blocks(case: Case) -> Back {
    let present = match case {
        Case::NoGap | Case::FewFast => 1..=SLOW_BLOCKS,
        Case::NoPrevious => 2..=SLOW_BLOCKS,
        Case::NoSlow => SLOW_BLOCKS..=SLOW_BLOCKS,
    };
    // The last one is there without holding anything.
    present.rev().map(|block| (block, if block == 1 { [0, 0] } else { [20 + block, 3 + block] })).collect()
}

fn expect(scene: &Scene<'_>, at: Duration, case: Case, [events, errors]: [u64; 2], series: u64) -> Check {
    let words = match case {
        Case::NoGap => "no gap",
        Case::FewFast => "a fast block too few",
        Case::NoPrevious => "without the slow block before",
        Case::NoSlow => "without slow blocks",
    };
    let text = |count: u64| decimal_text(Decimal::from(count * series));
    let expected = Expected::Values {
        labels: scene.series.labels(),
        names: SmolStr::new_static("slo:(events|errors):increase_slow"),
        values: vec![(ERRORS_SLOW, text(errors)), (EVENTS_SLOW, text(events))],
    };
    Check { comments: vec![words.to_owned()], ..check(at, expected) }
}
