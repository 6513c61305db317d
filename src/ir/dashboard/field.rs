//! How the values of a panel look.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::DataLink;

/// How fields look.
#[derive(Clone, Debug)]
pub struct Fields {
    /// Grafana's name of the unit, or `suffix:x`.
    pub unit: SmolStr,
    /// Digits behind the point; Grafana's own choice if absent.
    pub decimals: Option<u32>,
    /// The end of the axis or bar.
    pub min: Option<Decimal>,
    /// The other end.
    pub max: Option<Decimal>,
    /// What stands where no value is.
    pub no_value: Option<SmolStr>,
    /// Where colours come from.
    pub color: Color,
    /// Colours by value.
    pub thresholds: Thresholds,
    /// Words for values.
    pub mappings: Vec<Mapping>,
    /// Where a click on a value leads.
    pub links: Vec<DataLink>,
}

/// Where the colour of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Color {
    /// From its value.
    Thresholds,
    /// A colour for each field.
    Palette,
    /// This one.
    Fixed(SmolStr),
}

/// Colours by value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The colour below the first step.
    pub base: SmolStr,
    /// Ascending steps.
    pub steps: Vec<Threshold>,
}

/// A colour that holds from a value on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The value.
    pub from: Decimal,
    /// The colour.
    pub color: SmolStr,
}

/// A word for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// Single values.
    Values(Vec<(SmolStr, MappingResult)>),
    /// A range, both ends included; open where absent.
    Range {
        /// The lower end.
        from: Option<Decimal>,
        /// The upper end.
        to: Option<Decimal>,
        /// What is shown.
        result: MappingResult,
    },
    /// No value at all.
    Missing(MappingResult),
    /// Texts that match a regular expression.
    Regex {
        /// The regular expression.
        pattern: SmolStr,
        /// What is shown.
        result: MappingResult,
    },
}

/// What is shown in place of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingResult {
    /// The word.
    pub text: SmolStr,
    /// Its colour.
    pub color: Option<SmolStr>,
}

/// How single fields look.
#[derive(Clone, Debug)]
pub struct Override {
    /// Which fields.
    pub matcher: FieldMatcher,
    /// What is different about them.
    pub properties: Vec<Property>,
}

/// Which fields an override is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMatcher {
    /// The one of this name.
    Name(SmolStr),
    /// Those whose names match a regular expression.
    Regex(SmolStr),
    /// Those of a query.
    Query(SmolStr),
}

/// What is different about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// The unit.
    Unit(SmolStr),
    /// Digits behind the point.
    Decimals(u32),
    /// The lower end of a bar.
    Min(Decimal),
    /// The upper end of a bar.
    Max(Decimal),
    /// What stands where no value is.
    NoValue(SmolStr),
    /// The colour.
    Color(Color),
    /// Colours by value.
    Thresholds(Thresholds),
    /// Words for values.
    Mappings(Vec<Mapping>),
    /// Where a click leads.
    Links(Vec<DataLink>),
    /// The width of a column, in pixels.
    Width(u32),
    /// The side a column leans to.
    Align(Align),
    /// A filter in the column's header.
    Filterable,
    /// How the cells of a column are drawn.
    Cell(Cell),
    /// A dashed line.
    Dashed,
    /// The width of a line, in pixels.
    LineWidth(u32),
    /// How much of the area below a line is filled, in percent.
    Fill(u32),
    /// Drawn below zero.
    Mirrored,
    /// Drawn, but not named in the legend.
    Unnamed,
    /// Its axis is on the right.
    RightAxis,
}

/// The side a column leans to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// How the cells of a column are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Coloured text.
    ColoredText,
    /// Text on a colour.
    ColoredBackground,
    /// A bar.
    Gauge,
    /// A small graph without its last value.
    Sparkline,
}
