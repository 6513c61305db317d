//! Grafana dashboards, as far as slosmith draws them.

mod field;
mod lint;
mod table;
mod visual;

pub use field::{
    Align, Cell, Color, FieldMatcher, Fields, Mapping, MappingResult, Override, Property, Threshold, Thresholds,
};
pub use lint::{LintException, LintRule};
pub use table::{Order, Sort, Transformation};
pub use visual::{
    Calculation, Draw, Gradient, Heatmap, Legend, LegendMode, Placement, Points, Scale, Stacking, Stat, StatColor,
    StatLayout, Table, ThresholdStyle, TimeSeries, Visual,
};

use smol_str::SmolStr;

use crate::promql::Expr;
use crate::source::Span;

/// A dashboard.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// Unique in the whole output: at most 40 of `[a-zA-Z0-9_-]`.
    pub uid: SmolStr,
    /// The folder it lies in; no folder is nested.
    pub folder: SmolStr,
    /// Unique in its folder.
    pub title: SmolStr,
    /// What it shows.
    pub description: SmolStr,
    /// What it is found by.
    pub tags: Vec<SmolStr>,
    /// Where the time range begins when it is opened: `now-7d`.
    pub from: SmolStr,
    /// How often it is read anew: `1m`.
    pub refresh: SmolStr,
    /// What can be chosen at the top, in this order.
    pub variables: Vec<Variable>,
    /// Events drawn into every graph.
    pub annotations: Vec<Annotation>,
    /// Links at the top.
    pub links: Vec<BoardLink>,
    /// The panels, row by row.
    pub rows: Vec<Row>,
}

impl Dashboard {
    /// The path below the output folder.
    #[must_use]
    pub fn path(&self) -> String {
        Self::path_of(&self.folder, &self.uid)
    }

    /// The path of a board below the output folder.
    #[must_use]
    pub fn path_of(folder: &str, uid: &str) -> String {
        format!("grafana/dashboards/{folder}/{uid}.json")
    }

    /// All panels, those of collapsed rows included.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.rows.iter().flat_map(|row| &row.panels)
    }
}

/// Something that can be chosen; queries read it as `$name`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Letters, digits and `_`.
    pub name: SmolStr,
    /// What stands before the choice.
    pub label: SmolStr,
    /// What can be chosen.
    pub kind: VariableKind,
}

/// What can be chosen.
#[derive(Clone, Debug)]
pub enum VariableKind {
    /// A Prometheus.
    Datasource,
    /// The values of a label.
    LabelValues {
        /// Of which series: an instant vector selector.
        selector: Expr,
        /// The label.
        label: SmolStr,
        /// The one that is chosen at first; Grafana's own choice if absent.
        current: Option<SmolStr>,
        /// How many.
        selection: Selection,
    },
    /// One of fixed values.
    Custom {
        /// The values.
        values: Vec<SmolStr>,
        /// The one that is chosen at first.
        current: SmolStr,
        /// How many.
        selection: Selection,
    },
    /// The answers of a query in Grafana's own language of variables.
    Query {
        /// The query.
        query: SmolStr,
        /// The one that is chosen at first; Grafana's own choice if absent.
        current: Option<SmolStr>,
        /// How many.
        selection: Selection,
    },
    /// One of several durations.
    Interval {
        /// The durations.
        values: Vec<SmolStr>,
        /// The one that is chosen at first.
        current: SmolStr,
    },
    /// A value that nobody sees or changes.
    Constant(SmolStr),
    /// What somebody types; this at first.
    TextBox(SmolStr),
}

/// How many values can be chosen at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One.
    One,
    /// Several, or all of them.
    Many {
        /// The regular expression that stands for all.
        all: SmolStr,
    },
}

/// Events drawn into every graph: whenever a query has a result.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// What switches it on and off.
    pub name: SmolStr,
    /// The query.
    pub expr: Expr,
    /// The colour of its marks.
    pub color: SmolStr,
    /// Whether it is drawn at first.
    pub visibility: Visibility,
    /// The title of an event, with `{{label}}`.
    pub title: SmolStr,
    /// The text of an event, with `{{label}}`.
    pub text: SmolStr,
    /// The labels shown as tags.
    pub tags: Vec<SmolStr>,
    /// The ids of the panels that it is drawn into; all graphs if empty.
    pub panels: Vec<u32>,
}

/// Whether something is drawn at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It is.
    Shown,
    /// It can be switched on.
    Hidden,
}

/// A link at the top of a dashboard.
#[derive(Clone, Debug)]
pub struct BoardLink {
    /// What is clicked.
    pub title: SmolStr,
    /// Where it leads.
    pub target: BoardTarget,
}

/// Where a link at the top leads.
#[derive(Clone, Debug)]
pub enum BoardTarget {
    /// To another dashboard, taking the time range along.
    Dashboard {
        /// Its uid.
        uid: SmolStr,
        /// What of this dashboard's variables the other one gets: `var-service=api`; all of them if absent.
        query: Option<SmolStr>,
    },
    /// To a list of all dashboards with a tag.
    Tagged(SmolStr),
    /// To a page outside of Grafana, in a new tab.
    Page(SmolStr),
}

/// A link in a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataLink {
    /// What is clicked.
    pub title: SmolStr,
    /// Where it leads; one that begins with `/d/` stays in Grafana.
    pub url: SmolStr,
}

impl DataLink {
    /// The uid of the dashboard it leads to.
    #[must_use]
    pub fn dashboard_uid(&self) -> Option<&str> {
        self.url.strip_prefix("/d/").and_then(|rest| rest.split(['/', '?']).next())
    }
}

/// Panels below a header.
#[derive(Clone, Debug)]
pub struct Row {
    /// The header; only the first row can do without.
    pub header: Option<RowHeader>,
    /// The panels.
    pub panels: Vec<Panel>,
    /// What in the source it comes from.
    pub origin: Option<Span>,
}

/// The header of a row.
#[derive(Clone, Debug)]
pub struct RowHeader {
    /// Unique among the ids of panels and rows.
    pub id: u32,
    /// The title.
    pub title: SmolStr,
    /// Units from the top; a header is one unit high.
    pub y: u32,
    /// Whether its panels are seen.
    pub state: RowState,
    /// The variable with a row for each chosen value.
    pub repeat: Option<SmolStr>,
}

/// Whether the panels of a row are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// They are.
    Open,
    /// A click shows them.
    Collapsed,
}

/// A panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Unique among the ids of panels and rows.
    pub id: u32,
    /// What it shows, short.
    pub title: SmolStr,
    /// What it shows and how to read it.
    pub description: SmolStr,
    /// Where it stands.
    pub grid: Grid,
    /// Links in its corner.
    pub links: Vec<DataLink>,
    /// The queries.
    pub targets: Vec<Target>,
    /// How fields look.
    pub fields: Fields,
    /// How single fields look.
    pub overrides: Vec<Override>,
    /// What becomes of the answers before they are drawn.
    pub transformations: Vec<Transformation>,
    /// How it is drawn.
    pub visual: Visual,
    /// The variable with a panel for each chosen value.
    pub repeat: Option<SmolStr>,
}

/// A place on the grid of 24 columns; a unit is about 30 pixels high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Columns from the left.
    pub x: u32,
    /// Units from the top.
    pub y: u32,
    /// Columns wide.
    pub width: u32,
    /// Units high.
    pub height: u32,
}

impl Grid {
    /// How many columns there are.
    pub const COLUMNS: u32 = 24;

    /// Whether both cover a place.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = |start: u32, length: u32, other_start: u32, other_length: u32| {
            start + length <= other_start || other_start + other_length <= start
        };
        !apart(self.x, self.width, other.x, other.width) && !apart(self.y, self.height, other.y, other.height)
    }
}

/// A query.
#[derive(Clone, Debug)]
pub struct Target {
    /// Unique in the panel.
    pub name: SmolStr,
    /// The query, with Grafana's variables.
    pub expr: Expr,
    /// The name of its series, with `{{label}}`; Grafana's own choice if absent.
    pub legend: Option<SmolStr>,
    /// What is asked for.
    pub answer: Answer,
    /// The least step: `1d`.
    pub step: Option<SmolStr>,
}

/// What a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The values at the end of the time range.
    Instant,
    /// These, a row for each series with its labels as columns.
    InstantTable,
    /// The values at each step.
    Range,
    /// The buckets of a histogram at each step.
    Buckets,
}
