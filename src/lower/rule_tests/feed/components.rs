//! Recorded series of a composite's components, as their own rules would write them.

use smol_str::SmolStr;

use super::{Feed, FeedSeries, Missing, Shape, Unit};
use crate::lower::series::{ERRORS_FAST, EVENTS_FAST, SLICE_ERRORS, SLO_ID, SLO_NAME, SLO_SERVICE, ratio_name};
use crate::model::{Component, ComponentForm, Composite, Duration, Slo};
use crate::promql::{MatchOp, build, print_line};

/// Events of a block, and of them the failed ones; all of them or none.
const EVENTS: &str = "60";
const NONE: &str = "0";

/// The series of all components; `None` where one is of slices in the same file, whose rules may write them too.
pub(super) fn feed(slo: &Slo, composite: &Composite) -> Option<Feed> {
    let mut all: Vec<FeedSeries> = Vec::new();
    add(slo, &composite.parts, &mut all)?;
    Some(Feed { series: all, unit: Unit::Samples(1) })
}

fn add(slo: &Slo, parts: &[Component], all: &mut Vec<FeedSeries>) -> Option<()> {
    for part in parts {
        match part.recorded.form {
            // Its own rules record it.
            ComponentForm::Blocks if part.service == slo.service && !part.recorded.parts.is_empty() => {
                add(slo, &part.recorded.parts, all)?;
            }
            ComponentForm::Slices if part.service == slo.service => return None,
            ComponentForm::Blocks => {
                all.extend([series(part, EVENTS_FAST, [EVENTS, EVENTS]), series(part, ERRORS_FAST, [NONE, EVENTS])])
            }
            ComponentForm::Slices => all.extend([
                series(part, EVENTS_FAST, ["1", "1"]),
                series(part, ERRORS_FAST, [NONE, "1"]),
                series(part, SLICE_ERRORS, [NONE, EVENTS]),
            ]),
            ComponentForm::Ratio => all.push(series(part, ratio_name(Duration::from_mins(5)), [NONE, "1"])),
        }
    }
    let mut known = std::collections::BTreeSet::new();
    all.retain(|series| known.insert(series.text.clone()));
    Some(())
}

fn series(part: &Component, name: SmolStr, [good, bad]: [&'static str; 2]) -> FeedSeries {
    let labels =
        [(SLO_ID, part.id()), (SLO_SERVICE, part.service.as_str().into()), (SLO_NAME, part.name.as_str().into())];
    let labels = labels.into_iter().map(|(label, value)| (label, MatchOp::Equal, value));
    let shape = Shape::Gauge(SmolStr::new_static(good), SmolStr::new_static(bad));
    FeedSeries { text: print_line(&build::selector(name, labels)), shape, missing: Missing::NoData }
}
