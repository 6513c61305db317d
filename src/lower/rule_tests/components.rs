//! A test of composites: components of different error ratios, and what they make together.

use rust_decimal::{Decimal, RoundingStrategy};
use smol_str::SmolStr;

use super::blocks::push_run;
use super::feed::components::{labels, text};
use super::{Scene, check, gaps};
use crate::ir::{Expected, InputSeries, RuleTest};
use crate::lower::series::{COMPONENT, COMPONENT_ERROR, ERRORS_FAST, EVENTS_FAST, ratio_name};
use crate::model::{Component, ComponentForm, Composite, CompositeMode, Duration, Sli, decimal_text};

/// Events of each block of a component.
const EVENTS: u64 = 80;

/// The test of a composite; none where its components are recorded by rules that are tested along, or in slices.
pub(super) fn test(scene: &Scene<'_>) -> Option<RuleTest> {
    let Sli::Composite(composite) = &scene.slo.sli else { return None };
    if scene.slo.slices.is_some()
        || composite.parts.iter().any(|part| is_tested_along(scene, part, ComponentForm::Slices))
    {
        return None;
    }
    let block = scene.slo.blocks.fast();
    let blocks = composite.parts.iter().map(|part| part.recorded.block.millis());
    let moment = gaps::moments().millis();
    let grid = blocks.chain([block.millis()]).fold(moment, super::windows::greatest_common_divisor);
    // Five different ones, none of them 0 or 1.
    let failed = |index: usize| EVENTS * (index as u64 % 5 + 1) / 8;
    let parts = composite.parts.iter().enumerate();
    let series: Vec<InputSeries> = parts
        .flat_map(|(index, part)| {
            if is_tested_along(scene, part, ComponentForm::Blocks) {
                let ratio = decimal_text(Decimal::from(failed(index)) / Decimal::from(EVENTS));
                let mut own = scene.series.labels();
                own.push((COMPONENT, part.id()));
                return vec![InputSeries { series: text(COMPONENT_ERROR, own), values: last(moment / grid, &ratio) }];
            }
            recorded(part, failed(index), [moment, block.millis(), grid])
        })
        .collect();
    let ratios: Vec<Decimal> =
        (0..composite.parts.len()).map(|index| Decimal::from(failed(index)) / Decimal::from(EVENTS)).collect();
    let rounded =
        |value: Decimal| decimal_text(value.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero));
    let values = vec![
        (COMPONENT_ERROR, rounded(ratios.iter().sum())),
        (ERRORS_FAST, rounded(together(composite, &ratios)?)),
        (EVENTS_FAST, "1".to_owned()),
    ];
    let expected = Expected::Values {
        labels: scene.series.labels().into_iter().take(1).collect(),
        names: SmolStr::new_static("slo:(component_error:ratio|(events|errors):increase_fast)"),
        values,
    };
    Some(RuleTest {
        name: scene.name("components of different error ratios"),
        interval: SmolStr::from(Duration::from_millis(grid).to_string()),
        series,
        checks: vec![check(Duration::from_millis(moment), expected)],
        origin: scene.slo.span,
    })
}

/// Whether the rules of a component, in this form, are in the same file: what is given beside them would be recorded twice.
fn is_tested_along(scene: &Scene<'_>, part: &Component, form: ComponentForm) -> bool {
    part.service == scene.slo.service && part.recorded.form == form
}

/// What is recorded of a component: so many failures in each block, and nothing but failures right before all of them.
fn recorded(part: &Component, failed: u64, [moment, block, grid]: [u64; 3]) -> Vec<InputSeries> {
    let own = part.recorded.block.millis();
    let within = (block - 1) / own + 1;
    let samples = |value: &dyn Fn(u64) -> String| {
        let mut values = String::new();
        let mut next = 0;
        for back in (0..=within).rev() {
            let index = moment.saturating_sub(back * own) / grid;
            push_run(&mut values, "_", index - next);
            values.push_str(&value(if back == within { EVENTS } else { failed }));
            values.push(' ');
            next = index + 1;
        }
        values.truncate(values.trim_end().len());
        values
    };
    let values = match part.recorded.form {
        ComponentForm::Ratio => {
            let share = |failed: u64| decimal_text(Decimal::from(failed) / Decimal::from(EVENTS));
            vec![(ratio_name(Duration::from_mins(5)), samples(&share))]
        }
        ComponentForm::Blocks | ComponentForm::Slices => {
            vec![(EVENTS_FAST, samples(&|_| EVENTS.to_string())), (ERRORS_FAST, samples(&|failed| failed.to_string()))]
        }
    };
    let series = values.into_iter();
    let series = series.map(|(name, values)| {
        let labels = labels(part, &name);
        InputSeries { series: text(name, labels), values }
    });
    series.collect()
}

/// A single sample after so many that are missing.
fn last(missing: u64, value: &str) -> String {
    format!("_x{missing} {value}")
}

/// What the error ratios of components make together.
fn together(composite: &Composite, ratios: &[Decimal]) -> Option<Decimal> {
    match composite.mode {
        CompositeMode::Worst => ratios.iter().max().copied(),
        CompositeMode::All => {
            let good: Decimal = ratios.iter().map(|ratio| Decimal::ONE - ratio).product();
            Some(Decimal::ONE - good)
        }
        CompositeMode::Weighted => {
            let weights = composite.parts.iter().map(|part| part.weight);
            let failed: Decimal = weights.clone().zip(ratios).map(|(weight, ratio)| weight * ratio).sum();
            failed.checked_div(weights.sum())
        }
    }
}
