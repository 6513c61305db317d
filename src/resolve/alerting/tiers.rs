//! Burn-rate tiers: the standard ones, none, or those written.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Basis;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Burn, BurnTier, Duration, Grouping, Objective, STANDARD_TIERS, StandardTier, decimal_text};
use crate::parse::decl::{AlertWindowsDecl, BurnDecl, BurnRateDecl, BurnTierDecl, CatalogueDecl, OverrideDecl};
use crate::resolve::durations::whole_seconds;
use crate::resolve::percent::{PercentError, Sign, decimal, percent};
use crate::resolve::severity::severity;
use crate::source::{Span, Text};

/// Reads the tiers; those of the standard that can never fire, or would never stop, are left out with a warning.
pub(super) fn tiers(basis: &Basis<'_>, sink: &mut Sink) -> Option<Vec<BurnTier>> {
    match basis.nearest(|layer| layer.burn.as_ref()) {
        None => Some(standard(basis, basis.target, &[], sink)),
        Some(BurnDecl::Standard(span)) => Some(standard(basis, *span, &[], sink)),
        Some(BurnDecl::None(_)) => Some(Vec::new()),
        Some(BurnDecl::Tiers(decls)) => written(decls, basis, sink),
        Some(BurnDecl::Catalogue(decl)) => of_catalogue(decl, basis, sink),
    }
}

/// The tiers of a catalogue for the period, without those that can never fire; the standard ones if it has none for it.
fn of_catalogue(decl: &CatalogueDecl, basis: &Basis<'_>, sink: &mut Sink) -> Option<Vec<BurnTier>> {
    let is_ours =
        |windows: &&AlertWindowsDecl| Duration::parse(&windows.period.value).is_ok_and(|it| it == basis.period);
    let Some(windows) = decl.windows.iter().find(is_ours) else {
        return Some(standard(basis, decl.span, &decl.without, sink));
    };
    let (mut tiers, mut problems) = (Vec::new(), Sink::default());
    for decl in windows.tiers.iter().filter(|tier| !decl.without.contains(&tier.severity.value.as_str())) {
        tiers.extend(tier(decl, basis, &mut problems));
    }
    let mut kept = Sink::default();
    kept.extend(problems.into_vec().into_iter().map(|problem| left_out_of_catalogue(problem, basis)));
    let fine = !kept.has_errors();
    sink.append(kept);
    fine.then_some(tiers)
}

/// A tier that an SLO cannot reach is no fault of the catalogue, which is for many.
fn left_out_of_catalogue(problem: Diagnostic, basis: &Basis<'_>) -> Diagnostic {
    if problem.code != Code::UnreachableThreshold {
        return problem;
    }
    let tier = problem.primary.span;
    let diagnostic = Diagnostic::new(Code::UnreachableTier, basis.target, problem.message);
    let diagnostic = diagnostic.label("so the tier is left out").secondary(tier, "the tier");
    problem.notes.into_iter().fold(diagnostic, Diagnostic::note)
}

/// The burn rate below which a standard tier is left out: who keeps half of the budget would have an open alert all the time.
const LOWEST_BURN: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

fn standard(basis: &Basis<'_>, span: Span, without: &[&str], sink: &mut Sink) -> Vec<BurnTier> {
    let mut tiers = Vec::with_capacity(STANDARD_TIERS.len());
    let (mut unreachable, mut endless) = (Vec::new(), Vec::new());
    for tier in STANDARD_TIERS.iter().filter(|tier| !without.contains(&tier.severity.as_str())) {
        let share = Decimal::from(tier.budget_percent) / Decimal::ONE_HUNDRED;
        let Some(burn) = Burn::from_budget_share(share, basis.period, tier.long) else {
            continue;
        };
        if !burn.is_reachable(basis.objective) {
            unreachable.push((tier, burn));
        } else if burn.factor() < LOWEST_BURN {
            endless.push((tier, burn));
        } else {
            tiers.push(BurnTier { span, severity: tier.severity, burn, long: tier.long, short: tier.short });
        }
    }
    sink.extend(left_out(basis, &unreachable));
    sink.extend(endless.into_iter().map(|(tier, burn)| never_stops(basis, tier, burn)));
    tiers
}

/// Warns of tiers that can never fire in the groups of an override, since its target leaves them a larger budget.
pub(in crate::resolve) fn unreachable_in_groups(
    basis: &Basis<'_>,
    tiers: &[BurnTier],
    grouping: &Grouping,
    decls: &[OverrideDecl],
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (rule, decl) in grouping.overrides.iter().zip(decls) {
        let worst =
            tiers.iter().filter(|tier| !tier.burn.is_reachable(rule.objective)).max_by_key(|tier| tier.burn.factor());
        let Some(tier) = worst else {
            continue;
        };
        let (severity, target) = (tier.severity.as_str(), decimal_text(rule.objective.percent()));
        let message =
            format!("the {severity} over {} can never fire in these groups, at a target of {target}%", tier.long);
        let lowest = decimal_text(lowest_target(tier.burn));
        problems.push(
            Diagnostic::new(Code::UnreachableTier, decl.target.span, message)
                .secondary(basis.target, "the tiers are those of this target")
                .note(impossible(rule.objective, tier.burn))
                .help(format!("raise the target above {lowest}%, or make an SLO of its own for these groups")),
        );
    }
    problems
}

/// The target in percent, rounded up, above which a burn rate can be reached.
fn lowest_target(burn: Burn) -> Decimal {
    (Decimal::ONE_HUNDRED - Decimal::ONE_HUNDRED / burn.factor())
        .round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity)
}

/// Warns of standard tiers that can never fire, all of them at once.
fn left_out(basis: &Basis<'_>, tiers: &[(&StandardTier, Burn)]) -> Option<Diagnostic> {
    let (_, fastest) = tiers.first()?;
    let target = decimal_text(basis.objective.percent());
    let shares = tiers.iter().map(|(tier, _)| format!("{}% in {}", tier.budget_percent, tier.long));
    let (names, label) = match tiers {
        [(tier, _)] => (standard_name(tier), "so it is left out"),
        _ => {
            (format!("the standard alerts on {} of the budget", words(shares.collect(), "and")), "so they are left out")
        }
    };
    let message = format!("{names} can never fire at a target of {target}%");
    let limits =
        tiers.iter().map(|(tier, _)| format!("{}% in {}", decimal_text(share_limit(basis, tier.long)), tier.long));
    let limits = words(limits.collect(), "or");
    let help = format!("write tiers of your own under `alerting.burn`, on a share of the budget below {limits}");
    let diagnostic = Diagnostic::new(Code::UnreachableTier, basis.target, message).label(label);
    Some(diagnostic.note(impossible(basis.objective, *fastest)).help(help))
}

/// A list as people write it: `a, b and c`.
fn words(mut items: Vec<String>, last: &str) -> String {
    match items.pop() {
        Some(end) if !items.is_empty() => format!("{} {last} {end}", items.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

fn standard_name(tier: &StandardTier) -> String {
    format!("the standard {} on {}% of the budget in {}", tier.severity.as_str(), tier.budget_percent, tier.long)
}

/// Warns of a standard tier that a service well within its budget would reach.
fn never_stops(basis: &Basis<'_>, tier: &StandardTier, burn: Burn) -> Diagnostic {
    let period = basis.period.in_largest_unit();
    let message = format!("{} would hardly ever stop with a period of {period}", standard_name(tier));
    let factor = burn.factor().round_dp(2);
    let spent = decimal_text(factor * Decimal::ONE_HUNDRED);
    let severity = tier.severity.as_str();
    Diagnostic::new(Code::EndlessTier, basis.window, message)
        .label("so it is left out")
        .note(format!(
            "it is a burn rate of {}: whoever spends {spent}% of the budget in {period} would have an open {severity}",
            decimal_text(factor)
        ))
        .help(format!(
            "write tiers of your own under `alerting.burn`, as in `{{severity: {severity}, burn: 1, long: {}, short: {}}}`",
            tier.long, tier.short
        ))
}

/// Why a burn rate is impossible, worked out.
fn impossible(objective: Objective, burn: Burn) -> String {
    let budget = objective.budget() * Decimal::ONE_HUNDRED;
    let threshold = burn.factor().checked_mul(budget).map_or_else(|| "far above 100".to_owned(), decimal_text);
    let factor = decimal_text(burn.factor());
    format!("it needs {factor} x {}% = {threshold}% of the events to fail, and at most 100% can", decimal_text(budget))
}

/// The share of the budget in percent, rounded down, that a total outage spends in a window.
fn share_limit(basis: &Basis<'_>, long: Duration) -> Decimal {
    let factor = Decimal::ONE / basis.objective.budget();
    let (long, period) = (Decimal::from(long.millis()), Decimal::from(basis.period.millis()));
    let share = factor.checked_mul(long).and_then(|product| product.checked_div(period)).unwrap_or(Decimal::ONE);
    (share * Decimal::ONE_HUNDRED).round_dp_with_strategy(2, RoundingStrategy::ToZero)
}

fn written(decls: &[BurnTierDecl], basis: &Basis<'_>, sink: &mut Sink) -> Option<Vec<BurnTier>> {
    let tiers: Vec<_> = decls.iter().map(|decl| tier(decl, basis, sink)).collect();
    let tiers = tiers.into_iter().collect::<Option<Vec<_>>>()?;
    for (index, later) in tiers.iter().enumerate() {
        let same = |earlier: &&BurnTier| {
            (earlier.severity, earlier.long, earlier.short) == (later.severity, later.long, later.short)
        };
        if let Some(earlier) = tiers[..index].iter().find(same) {
            let message = format!("two {} tiers over {} and {}", later.severity.as_str(), later.long, later.short);
            let diagnostic =
                Diagnostic::new(Code::BadTier, later.span, message).secondary(earlier.span, "the other one");
            sink.push(diagnostic.help("keep the one with the lower burn rate; it fires whenever the other does"));
            return None;
        }
    }
    Some(tiers)
}

fn tier(decl: &BurnTierDecl, basis: &Basis<'_>, sink: &mut Sink) -> Option<BurnTier> {
    let severity = severity(&decl.severity, sink);
    let long = whole_seconds(&decl.long, "long", sink);
    let short = whole_seconds(&decl.short, "short", sink);
    let (long, short) = (long?, short?);
    let problem = window_problem(decl, basis, long, short);
    let fine = problem.is_none();
    sink.extend(problem);
    let burn = burn(decl, basis, long, sink)?;
    if !burn.is_reachable(basis.objective) {
        sink.push(unreachable(decl, basis, burn, long));
        return None;
    }
    Some(BurnTier { span: decl.span, severity: severity?, burn, long, short }).filter(|_| fine)
}

fn window_problem(decl: &BurnTierDecl, basis: &Basis<'_>, long: Duration, short: Duration) -> Option<Diagnostic> {
    if long <= short {
        let message = format!("the long window `{long}` is not longer than the short window `{short}`");
        let diagnostic =
            Diagnostic::new(Code::BadTier, decl.long.span, message).secondary(decl.short.span, "the short one");
        let note = "the long window shows that it matters, the short one that it still goes on";
        let twelfth = Duration::from_millis(long.millis() / 12 / 60_000 * 60_000);
        let diagnostic = diagnostic.note(note);
        return Some(if long < short {
            diagnostic.help("swap them")
        } else if twelfth >= two_blocks(basis) {
            diagnostic.help(format!("a twelfth of the long window is usual: `short: {}`", twelfth.in_largest_unit()))
        } else {
            diagnostic.help(format!(
                "twelve times the short window is usual: `long: {}`",
                Duration::from_millis(short.millis().saturating_mul(12))
            ))
        });
    }
    if long > basis.period {
        let message =
            format!("the long window `{long}` is longer than the period of {}", basis.period.in_largest_unit());
        let help = "budgets are spent within the period: choose a window below it";
        return Some(Diagnostic::new(Code::BadTier, decl.long.span, message).help(help));
    }
    let least = two_blocks(basis);
    if short < least {
        let message =
            format!("the short window `{short}` is too short for a scrape interval of {}", basis.blocks.scrape());
        return Some(
            Diagnostic::new(Code::BadTier, decl.short.span, message)
                .note(format!(
                    "increases are recorded in blocks of {}, and a window needs two of them",
                    basis.blocks.fast()
                ))
                .help(format!("write `{least}` or more")),
        );
    }
    None
}

/// The shortest window: two fast blocks.
fn two_blocks(basis: &Basis<'_>) -> Duration {
    Duration::from_millis(2 * basis.blocks.fast().millis())
}

fn burn(decl: &BurnTierDecl, basis: &Basis<'_>, long: Duration, sink: &mut Sink) -> Option<Burn> {
    match &decl.rate {
        BurnRateDecl::Budget(text) => {
            let share = budget_share(text, sink)? / Decimal::ONE_HUNDRED;
            Burn::from_budget_share(share, basis.period, long)
        }
        BurnRateDecl::Burn(text) => factor(text, sink).map(Burn::from_factor),
    }
}

/// Reads a share of the budget in percent, above 0 and up to 100.
fn budget_share(text: &Text, sink: &mut Sink) -> Option<Decimal> {
    let error = |message: String| Diagnostic::new(Code::BadNumber, text.span, message);
    let diagnostic = match percent(&text.value) {
        Err(PercentError::NoNumber(meant)) => {
            let diagnostic = error(format!("expected a percentage of the budget, found `{}`", text.value));
            match meant {
                Some(meant) => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
                None => diagnostic.help("write the share of the budget that goes within the long window, as in `2%`"),
            }
        }
        Err(PercentError::TooManyDigits) => error(format!("`{}` has too many digits after the point", text.value)),
        Ok(number) if number.value <= Decimal::ZERO || number.value > Decimal::ONE_HUNDRED => {
            error(format!("a share of `{}` of the budget is not between 0% and 100%", text.value))
        }
        Ok(number) if number.sign == Sign::Absent && number.value < Decimal::ONE => {
            let meant = format!("{}%", decimal_text(number.value * Decimal::ONE_HUNDRED));
            error(format!("`{}` is a ratio, and shares of the budget are written in percent", text.value)).replace(
                format!("write `{meant}`"),
                text.span,
                meant,
            )
        }
        Ok(number) => return Some(number.value),
    };
    sink.push(diagnostic);
    None
}

/// Reads a burn rate: a number above 0.
fn factor(text: &Text, sink: &mut Sink) -> Option<Decimal> {
    if let Some(number) = decimal(&text.value).filter(|number| *number > Decimal::ZERO) {
        return Some(number);
    }
    let message = format!("expected a burn rate above 0, found `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::BadNumber, text.span, message)
        .note("a burn rate of 1 spends the budget exactly by the end of the period");
    let meant = text.value.trim_end_matches(['x', 'X', ' ']);
    sink.push(match decimal(meant).filter(|number| *number > Decimal::ZERO) {
        Some(_) => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
        None => diagnostic,
    });
    None
}

fn unreachable(decl: &BurnTierDecl, basis: &Basis<'_>, burn: Burn, long: Duration) -> Diagnostic {
    let rate = match &decl.rate {
        BurnRateDecl::Budget(text) | BurnRateDecl::Burn(text) => text,
    };
    let target = decimal_text(basis.objective.percent());
    let factor = decimal_text(burn.factor());
    let message = format!("a burn rate of {factor} can never be reached at a target of {target}%");
    let lowest = lowest_target(burn);
    let way_out = match &decl.rate {
        BurnRateDecl::Budget(_) => {
            format!("less than {}% of the budget in {long} can fire", decimal_text(share_limit(basis, long)))
        }
        BurnRateDecl::Burn(_) => {
            let most = (Decimal::ONE / basis.objective.budget()).round_dp_with_strategy(2, RoundingStrategy::ToZero);
            format!("burn rates below {} can fire", decimal_text(most))
        }
    };
    Diagnostic::new(Code::UnreachableThreshold, rate.span, message)
        .secondary(basis.target, "the target")
        .note(impossible(basis.objective, burn))
        .help(format!("{way_out}; or raise the target above {}%", decimal_text(lowest)))
}
