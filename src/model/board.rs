//! Dashboards that somebody asks for.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::Duration;
use crate::promql::Expr;
use crate::source::{Span, Text};

/// A dashboard.
#[derive(Clone, Debug)]
pub struct Board {
    /// Its entry.
    pub span: Span,
    /// Its title.
    pub title: Text,
    /// What links know it by: at most 40 of `[a-zA-Z0-9_-]`.
    pub uid: SmolStr,
    /// Where that is written: the title if it is made of that.
    pub uid_span: Span,
    /// The folder it lies in.
    pub folder: SmolStr,
    /// What it shows.
    pub description: Option<SmolStr>,
    /// What it is found by.
    pub tags: Vec<SmolStr>,
    /// Where its time range begins: `now-6h`.
    pub from: SmolStr,
    /// How often it is read anew.
    pub refresh: SmolStr,
    /// What can be chosen at the top.
    pub variables: Vec<BoardVariable>,
    /// Links at the top.
    pub links: Vec<BoardLink>,
    /// The rows.
    pub rows: Vec<BoardRow>,
}

/// Something that can be chosen at the top.
#[derive(Clone, Debug)]
pub struct BoardVariable {
    /// Letters, digits and `_`; unique on its board.
    pub name: Text,
    /// What stands before the choice.
    pub title: SmolStr,
    /// What can be chosen.
    pub kind: BoardVariableKind,
    /// Whether several can be chosen.
    pub choice: Choice,
    /// The regular expression that stands for all of them, if that can be chosen.
    pub all: Option<SmolStr>,
    /// What is chosen at first; one of the values that are known, or all of them if absent.
    pub default: Option<SmolStr>,
}

/// How many values can be chosen at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// One.
    One,
    /// Several.
    Many,
}

/// What can be chosen.
#[derive(Clone, Debug)]
pub enum BoardVariableKind {
    /// The values of a label of these series.
    LabelValues(Expr, SmolStr),
    /// The answers of a query of Grafana's: `query_result(...)`, `metrics(...)`.
    Query(SmolStr),
    /// These values; at least one.
    Values(Vec<SmolStr>),
    /// These durations; at least one.
    Interval(Vec<SmolStr>),
    /// This value.
    Constant(SmolStr),
    /// What somebody types; this at first.
    TextBox(SmolStr),
}

impl BoardVariable {
    /// Whether it can stand for several values at once, so that only a regular expression can hold it.
    #[must_use]
    pub fn is_many(&self) -> bool {
        self.choice == Choice::Many || self.all.is_some()
    }

    /// The values that it can have, if they are known.
    #[must_use]
    pub fn values(&self) -> Option<&[SmolStr]> {
        match &self.kind {
            BoardVariableKind::Values(values) | BoardVariableKind::Interval(values) => Some(values),
            BoardVariableKind::Constant(value) => Some(std::slice::from_ref(value)),
            BoardVariableKind::LabelValues(..) | BoardVariableKind::Query(_) | BoardVariableKind::TextBox(_) => None,
        }
    }
}

/// A link.
#[derive(Clone, Debug)]
pub struct BoardLink {
    /// What is clicked; made of the target if absent.
    pub title: Option<SmolStr>,
    /// Where it leads.
    pub target: BoardLinkTarget,
}

/// Where a link leads.
#[derive(Clone, Debug)]
pub enum BoardLinkTarget {
    /// To the board of this title or uid, or to that of this service.
    Board(Text),
    /// To an address.
    Url(Text),
    /// To all boards with this tag.
    Tag(SmolStr),
    /// To the runbook of an alert, or of an SLO: `service/slo`.
    Runbook(Text),
}

impl Board {
    /// Every query of its panels.
    pub fn queries(&self) -> impl Iterator<Item = &PanelSeries> {
        self.rows.iter().flat_map(|row| &row.panels).flat_map(|panel| match &panel.content {
            PanelContent::Series(_, series) => series.as_slice(),
            PanelContent::Markdown(_) | PanelContent::Slo(..) => &[],
        })
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct BoardRow {
    /// Its entry.
    pub span: Span,
    /// Its title; only panels above all rows do without, and the rows of SLOs, which have their own.
    pub title: Option<Text>,
    /// Whether its panels are hidden at first.
    pub is_collapsed: bool,
    /// The variable with a row for each value.
    pub repeat: Option<Text>,
    /// The SLO whose standard row comes first: `service/slo`.
    pub slo: Option<Text>,
    /// The panels.
    pub panels: Vec<BoardPanel>,
}

/// A panel.
#[derive(Clone, Debug)]
pub struct BoardPanel {
    /// Its entry.
    pub span: Span,
    /// What it shows, short; empty where the content has a title of its own.
    pub title: SmolStr,
    /// What it shows and how to read it.
    pub description: Option<SmolStr>,
    /// What is drawn.
    pub content: PanelContent,
    /// How values look.
    pub look: PanelLook,
    /// What is special about graphs.
    pub graph: GraphLook,
    /// What is special about tables.
    pub table: TableLook,
    /// Links in its corner.
    pub links: Vec<BoardLink>,
    /// Columns wide.
    pub width: Option<u32>,
    /// Units high.
    pub height: Option<u32>,
    /// The variable with a panel for each value.
    pub repeat: Option<Text>,
    /// How long before the values stand that these are compared with.
    pub compare: Option<Duration>,
    /// What the value should reach.
    pub goal: Option<Goal>,
    /// The alert whose limit and state are drawn.
    pub alert: Option<Text>,
}

/// What a panel draws.
#[derive(Clone, Debug)]
pub enum PanelContent {
    /// Series; at least one.
    Series(PanelVisual, Vec<PanelSeries>),
    /// Markdown.
    Markdown(Text),
    /// A part of an SLO's standard row: `service/slo`.
    Slo(Text, SloPart),
}

/// How series are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelVisual {
    /// Big numbers.
    Stat,
    /// Lines or bars over time.
    Graph,
    /// A table of the values now.
    Table,
    /// A number on a scale.
    Gauge,
    /// A bar for each series.
    Bars,
    /// How a histogram changes over time.
    Heatmap,
    /// A band for each series, coloured by value over time.
    Timeline,
}

impl PanelVisual {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Stat, Self::Graph, Self::Table, Self::Gauge, Self::Bars, Self::Heatmap, Self::Timeline];

    /// The key of the language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stat => "stat",
            Self::Graph => "graph",
            Self::Table => "table",
            Self::Gauge => "gauge",
            Self::Bars => "bars",
            Self::Heatmap => "heatmap",
            Self::Timeline => "timeline",
        }
    }
}

/// A part of an SLO's standard row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SloPart {
    /// Objective, budget left and burn rate as numbers.
    Now,
    /// The share of good events over time.
    Sli,
    /// The burn rate over time.
    Burn,
    /// The budget that is left over time.
    Budget,
}

/// A query with the name of its series.
#[derive(Clone, Debug)]
pub struct PanelSeries {
    /// The name, with `{{label}}`; made of the expression's labels if absent.
    pub legend: Option<SmolStr>,
    /// The query.
    pub expr: Expr,
    /// The query as written.
    pub text: Text,
}

/// How the values of a panel look.
#[derive(Clone, Debug, Default)]
pub struct PanelLook {
    /// Grafana's name of the unit; taken from the expression if absent.
    pub unit: Option<SmolStr>,
    /// Digits behind the point.
    pub decimals: Option<u32>,
    /// The end of the axis or bar.
    pub min: Option<Decimal>,
    /// The other end.
    pub max: Option<Decimal>,
    /// Colours with the values they begin at, ascending.
    pub thresholds: Vec<(SmolStr, Decimal)>,
    /// Values with the words that stand for them, and a colour.
    pub mappings: Vec<PanelMapping>,
    /// Whether what is behind a big number is coloured, rather than the number.
    pub has_background: bool,
}

/// A word for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelMapping {
    /// The value.
    pub value: SmolStr,
    /// The word.
    pub word: SmolStr,
    /// Its colour.
    pub color: Option<SmolStr>,
}

/// What is special about graphs.
#[derive(Clone, Debug, Default)]
pub struct GraphLook {
    /// The names of the series.
    pub legend: Option<PanelLegend>,
    /// Whether series stand upon each other.
    pub stack: Stack,
    /// Whether they are bars.
    pub has_bars: bool,
    /// Whether the axis is logarithmic.
    pub is_logarithmic: bool,
    /// The legends of the series that are drawn below zero.
    pub negative: Vec<SmolStr>,
    /// The legends of the series whose axis is on the right, each with its unit.
    pub right: Vec<(SmolStr, SmolStr)>,
    /// The colours of series, by legend.
    pub colors: Vec<(SmolStr, SmolStr)>,
}

/// Whether series stand upon each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// They do not.
    #[default]
    Off,
    /// They do.
    On,
    /// They do, as shares of their sum.
    Percent,
}

/// The names of the series of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelLegend {
    /// Where they stand.
    pub place: LegendPlace,
    /// The numbers beside each: `min`, `mean`, `max`, `last`.
    pub calcs: Vec<LegendCalc>,
}

/// Where names of series stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendPlace {
    /// Below the graph.
    #[default]
    Bottom,
    /// On its right.
    Right,
    /// Nowhere.
    Hidden,
}

/// A number beside the name of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegendCalc {
    /// The least value.
    Min,
    /// The mean.
    Mean,
    /// The greatest value.
    Max,
    /// The last value.
    Last,
}

/// What is special about tables.
#[derive(Clone, Debug, Default)]
pub struct TableLook {
    /// The column that rows are sorted by, and whether the least comes first.
    pub sort: Option<(SmolStr, bool)>,
    /// The most rows.
    pub limit: Option<u32>,
    /// What is known of columns, in the order they stand.
    pub columns: Vec<PanelColumn>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct PanelColumn {
    /// A label, or the name of a query.
    pub field: SmolStr,
    /// What stands in its header.
    pub name: SmolStr,
    /// The unit of its values.
    pub unit: Option<SmolStr>,
    /// Colours with the values they begin at, ascending.
    pub thresholds: Vec<(SmolStr, Decimal)>,
    /// Where a click leads.
    pub link: Option<Text>,
    /// Whether it is left out.
    pub is_hidden: bool,
}

/// What a value should reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The value.
    pub value: Decimal,
    /// Which side of it is good.
    pub direction: Direction,
}

/// Which side of a goal is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above.
    Up,
    /// Below.
    Down,
}
