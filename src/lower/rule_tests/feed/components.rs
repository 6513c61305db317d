//! Recorded series of a composite's components, as their own rules would write them.

use smol_str::SmolStr;

use super::{Feed, FeedSeries, Missing, Shape, Unit};
use crate::ir::Labels;
use crate::lower::names::Names;
use crate::lower::series::{COMPONENT, COMPONENT_ERROR, ERRORS_FAST, EVENTS_FAST, SLICE_ERRORS, Series, ratio_name};
use crate::model::{Component, ComponentForm, Composite, Duration, Slo};
use crate::promql::{MatchOp, build, print_line};

/// Events of a block, and of them the failed ones; all of them or none.
const EVENTS: &str = "60";
const NONE: &str = "0";

/// The series of all components; `None` where one is of slices in the same file, whose rules write some of them too.
///
/// What the same file's rules would make of a component's events is given in their place: its errors have a rule of their own there.
pub(super) fn feed(slo: &Slo, composite: &Composite) -> Option<Feed> {
    let mut all: Vec<FeedSeries> = Vec::new();
    for part in &composite.parts {
        match part.recorded.form {
            ComponentForm::Slices if part.service == slo.service => return None,
            ComponentForm::Blocks if part.service == slo.service => {
                all.extend([ratio(slo, part), series(part, ERRORS_FAST, [NONE, NONE])]);
            }
            ComponentForm::Blocks => {
                all.extend([series(part, EVENTS_FAST, [EVENTS, EVENTS]), series(part, ERRORS_FAST, [NONE, EVENTS])]);
            }
            ComponentForm::Slices => all.extend([
                series(part, EVENTS_FAST, ["1", "1"]),
                series(part, ERRORS_FAST, [NONE, "1"]),
                series(part, SLICE_ERRORS, [NONE, EVENTS]),
            ]),
            ComponentForm::Ratio => all.push(series(part, ratio_name(Duration::from_mins(5)), [NONE, "1"])),
        }
    }
    Some(Feed { series: all, unit: Unit::Samples(1) })
}

/// The error ratio of a component, as the composite records it.
fn ratio(slo: &Slo, part: &Component) -> FeedSeries {
    let mut labels = Series::new(slo).labels();
    labels.push((COMPONENT, part.id()));
    named(text(COMPONENT_ERROR, labels), [NONE, "1"])
}

fn series(part: &Component, name: SmolStr, values: [&'static str; 2]) -> FeedSeries {
    let labels = labels(part, &name);
    named(text(name, labels), values)
}

/// The labels of a series that is recorded of a component.
pub(in crate::lower::rule_tests) fn labels(part: &Component, name: &str) -> Labels {
    let names = Names::of(&part.recorded.profile);
    let labels = [
        (names.id(), part.id()),
        (names.service(), part.service.as_str().into()),
        (names.slo(), part.name.as_str().into()),
    ];
    labels.into_iter().chain(names.window_of(name)).collect()
}

/// A series as PromQL writes it.
pub(in crate::lower::rule_tests) fn text(name: SmolStr, labels: Labels) -> String {
    let labels = labels.into_iter().map(|(label, value)| (label, MatchOp::Equal, value));
    print_line(&build::selector(name, labels))
}

fn named(text: String, [good, bad]: [&'static str; 2]) -> FeedSeries {
    let shape = Shape::Gauge(SmolStr::new_static(good), SmolStr::new_static(bad));
    FeedSeries { text, shape, missing: Missing::NoData }
}
