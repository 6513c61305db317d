//! Composites: several SLOs as one.

use std::sync::Arc;

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::{Duration, LabelName, Maintenance, Name, Profile};
use crate::source::Text;

/// Several SLOs as one, moment by moment.
#[derive(Clone, Debug)]
pub struct Composite {
    /// What their error ratios make together.
    pub mode: CompositeMode,
    /// The SLOs; at least two, none twice.
    pub parts: Vec<Component>,
}

/// What the error ratios of a moment make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompositeMode {
    /// `1 - (1 - a) * (1 - b)`: what fails if all of them are needed.
    All,
    /// The mean by weight.
    Weighted,
    /// The greatest one.
    Worst,
}

impl CompositeMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::All, Self::Weighted, Self::Worst];

    /// The word in specs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Weighted => "weighted",
            Self::Worst => "worst",
        }
    }
}

/// An SLO as a part of a composite.
#[derive(Clone, Debug)]
pub struct Component {
    /// How it is written: `checkout`, `payments/checkout`.
    pub reference: Text,
    /// Its service.
    pub service: Name,
    /// Its name within that.
    pub name: Name,
    /// How much it weighs; above 0, and 1 where weights mean nothing.
    pub weight: Decimal,
    /// What is recorded of it.
    pub recorded: ComponentSeries,
}

impl Component {
    /// The label `slo_id`.
    #[must_use]
    pub fn id(&self) -> SmolStr {
        SmolStr::from(format!("{}-{}", self.service, self.name))
    }

    /// `service/slo`
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.service, self.name)
    }
}

/// What is recorded of a component.
#[derive(Clone, Debug)]
pub struct ComponentSeries {
    /// In which form.
    pub form: ComponentForm,
    /// The length of a block.
    pub block: Duration,
    /// Its group labels, which the overall series does not have.
    pub groups: Vec<LabelName>,
    /// Time in which nothing is recorded.
    pub maintenance: Vec<Arc<Maintenance>>,
    /// Whose names its series have.
    pub profile: Arc<Profile>,
}

/// In which form the failures of a component are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ComponentForm {
    /// Events and errors in blocks.
    #[default]
    Blocks,
    /// Slices of time in blocks; whether there is data is another question.
    Slices,
    /// A ratio alone.
    Ratio,
}

impl Default for ComponentSeries {
    fn default() -> Self {
        let block = Duration::from_millis(0);
        let profile = Arc::new(Profile::Native);
        Self { form: ComponentForm::Blocks, block, groups: Vec::new(), maintenance: Vec::new(), profile }
    }
}

impl Composite {
    /// The length of the blocks of a composite: those of its slowest component, or its own.
    #[must_use]
    pub fn block(own: Duration, parts: impl IntoIterator<Item = Duration>) -> Duration {
        parts.into_iter().fold(own, Duration::max)
    }
}
