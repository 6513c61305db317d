//! How panels are drawn.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::Sort;

/// How a panel is drawn.
#[derive(Clone, Debug)]
pub enum Visual {
    /// Big numbers.
    Stat(Stat),
    /// A number on a scale.
    Gauge,
    /// Graphs over time.
    TimeSeries(TimeSeries),
    /// A bar for each series.
    BarGauge,
    /// A table.
    Table(Table),
    /// A band for each series, coloured by value over time.
    StateTimeline,
    /// How a histogram changes over time.
    Heatmap(Heatmap),
    /// Markdown.
    Text(SmolStr),
}

/// How a histogram changes over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heatmap {
    /// The unit of the buckets.
    pub unit: SmolStr,
}

/// Big numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// What is coloured.
    pub color: StatColor,
    /// How several numbers stand.
    pub layout: StatLayout,
}

/// What of a big number is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatColor {
    /// The number.
    #[default]
    Value,
    /// What is behind it.
    Background,
}

/// How several big numbers stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatLayout {
    /// As there is room.
    #[default]
    Auto,
    /// One below the other, each with its name.
    Stacked,
    /// Side by side, each with its name, all in letters of one size.
    Beside,
}

/// Graphs over time.
#[derive(Clone, Debug)]
pub struct TimeSeries {
    /// Lines or bars.
    pub draw: Draw,
    /// The width of lines, in pixels.
    pub line_width: u32,
    /// How much of the area below a line is filled, in percent.
    pub fill: u32,
    /// How that area is coloured.
    pub gradient: Gradient,
    /// Whether single samples are marked.
    pub points: Points,
    /// How values become heights.
    pub scale: Scale,
    /// Whether series stand upon each other.
    pub stacking: Stacking,
    /// How thresholds are drawn.
    pub thresholds: ThresholdStyle,
    /// What the axis shows at least.
    pub soft_min: Option<Decimal>,
    /// What the axis shows at least, at the top.
    pub soft_max: Option<Decimal>,
    /// The names of the series.
    pub legend: Legend,
}

/// How series are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// As lines.
    Lines,
    /// As bars.
    Bars,
}

/// How the area below a line is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gradient {
    /// Like the line.
    None,
    /// Fading.
    Opacity,
    /// By value.
    Scheme,
}

/// Whether single samples are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// Where they are sparse.
    Auto,
    /// Never.
    Never,
}

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Linear.
    Linear,
    /// Logarithmic to base 10 in both directions, but linear around zero.
    Symlog {
        /// How far from zero it is linear.
        linear_threshold: Decimal,
    },
    /// Logarithmic to base 10.
    Log,
}

/// Whether series stand upon each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stacking {
    /// They do not.
    None,
    /// They do.
    Normal,
    /// They do, as shares of their sum.
    Percent,
}

/// How thresholds are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThresholdStyle {
    /// Not at all.
    Off,
    /// As dashed lines.
    Dashed,
    /// As coloured areas.
    Area,
}

/// The names of series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    /// How they are listed.
    pub mode: LegendMode,
    /// Where.
    pub placement: Placement,
    /// Numbers beside them, in a table.
    pub calculations: Vec<Calculation>,
    /// The order of a table.
    pub sort: Option<Sort>,
}

/// How the names of series are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegendMode {
    /// In a line.
    List,
    /// In a table.
    Table,
    /// Not at all.
    Hidden,
}

/// Where a legend stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Below.
    Bottom,
    /// On the right.
    Right,
}

/// A number that sums up a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calculation {
    /// The least value.
    Min,
    /// The mean.
    Mean,
    /// The greatest value.
    Max,
    /// The last value.
    Last,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The order of rows, which a click on a header changes.
    pub sort: Option<Sort>,
}
