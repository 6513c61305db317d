//! Declarations of dashboards.

use crate::source::{Span, Text};

/// A dashboard.
#[derive(Clone, Debug)]
pub struct BoardDecl {
    /// The whole entry.
    pub span: Span,
    /// Its title; `None` after a problem that is reported.
    pub title: Option<Text>,
    /// What it shows.
    pub description: Option<Text>,
    /// The folder it lies in.
    pub folder: Option<Text>,
    /// What links know it by; made of the title if absent.
    pub uid: Option<Text>,
    /// What it is found by.
    pub tags: Vec<Text>,
    /// How far back it looks when it is opened.
    pub time: Option<Text>,
    /// How often it is read anew.
    pub refresh: Option<Text>,
    /// What can be chosen at the top.
    pub variables: Vec<BoardVariableDecl>,
    /// Links at the top.
    pub links: Vec<BoardLinkDecl>,
    /// The rows; the panels that stand above them are a row without a title.
    pub rows: Vec<BoardRowDecl>,
}

/// Something that can be chosen at the top.
#[derive(Clone, Debug)]
pub struct BoardVariableDecl {
    /// The whole entry.
    pub span: Span,
    /// What queries know it by.
    pub name: Text,
    /// What stands before the choice.
    pub title: Option<Text>,
    /// What can be chosen.
    pub kind: BoardVariableKindDecl,
    /// Whether several can be chosen.
    pub multi: Option<Text>,
    /// The regular expression that stands for all of them, `true` or `false`.
    pub all: Option<Text>,
    /// What is chosen at first.
    pub default: Option<Text>,
}

/// What can be chosen, told apart by its key.
#[derive(Clone, Debug)]
pub enum BoardVariableKindDecl {
    /// The values of a label.
    LabelValues {
        /// Of these series.
        selector: Text,
        /// The label; the variable's name if absent.
        label: Option<Text>,
    },
    /// The answers of a query.
    Query(Text),
    /// These values.
    Values(Vec<Text>),
    /// These durations.
    Interval(Vec<Text>),
    /// This value, which nobody can change.
    Constant(Text),
    /// What somebody types; this at first.
    TextBox(Text),
}

/// A link to another board, a runbook or a page.
#[derive(Clone, Debug)]
pub struct BoardLinkDecl {
    /// The whole entry.
    pub span: Span,
    /// What is clicked.
    pub title: Option<Text>,
    /// Where it leads.
    pub target: BoardLinkTargetDecl,
}

/// Where a link leads, told apart by its key.
#[derive(Clone, Debug)]
pub enum BoardLinkTargetDecl {
    /// To the board of this title or uid, or to that of this service.
    Board(Text),
    /// To an address.
    Url(Text),
    /// To all boards with this tag.
    Tag(Text),
    /// To the runbook of an alert, or of an SLO: `service/slo`.
    Runbook(Text),
}

/// A row.
#[derive(Clone, Debug)]
pub struct BoardRowDecl {
    /// The whole entry.
    pub span: Span,
    /// Its title.
    pub title: Option<Text>,
    /// Whether its panels are hidden at first.
    pub collapsed: Option<Text>,
    /// The variable with a row for each value.
    pub repeat: Option<Text>,
    /// The SLO whose standard row this is: `service/slo`.
    pub slo: Option<Text>,
    /// The panels.
    pub panels: Vec<PanelDecl>,
}

/// A panel.
#[derive(Clone, Debug)]
pub struct PanelDecl {
    /// The whole entry.
    pub span: Span,
    /// What it shows, short.
    pub title: Option<Text>,
    /// What it shows and how to read it.
    pub description: Option<Text>,
    /// What is drawn and how.
    pub content: PanelContentDecl,
    /// The unit of its values.
    pub unit: Option<Text>,
    /// Digits behind the point.
    pub decimals: Option<Text>,
    /// The end of the axis or bar.
    pub min: Option<Text>,
    /// The other end.
    pub max: Option<Text>,
    /// Colours, each with the value it begins at.
    pub thresholds: Vec<(Text, Text)>,
    /// Words for values.
    pub mappings: Vec<(Text, Text)>,
    /// The names of the series.
    pub legend: Option<LegendDecl>,
    /// Whether series stand upon each other: `true`, `false` or `percent`.
    pub stack: Option<Text>,
    /// `lines` or `bars`.
    pub draw: Option<Text>,
    /// `linear` or `log`.
    pub scale: Option<Text>,
    /// The series that are drawn below zero.
    pub negative: Vec<Text>,
    /// The series whose axis is on the right, with its unit.
    pub right: Vec<(Text, Text)>,
    /// The colours of single series.
    pub colors: Vec<(Text, Text)>,
    /// What of a stat is coloured: `value` or `background`.
    pub color: Option<Text>,
    /// The column that a table is sorted by; the greatest first, or the least with `-` before it.
    pub sort: Option<Text>,
    /// The most rows of a table.
    pub limit: Option<Text>,
    /// The columns of a table.
    pub columns: Vec<ColumnDecl>,
    /// Links in its corner.
    pub links: Vec<BoardLinkDecl>,
    /// Columns wide.
    pub width: Option<Text>,
    /// Units high.
    pub height: Option<Text>,
    /// The variable with a panel for each value.
    pub repeat: Option<Text>,
    /// How long before the values stand that these are compared with.
    pub compare: Option<Text>,
    /// What the value should reach.
    pub target: Option<Text>,
    /// Which side of the target is good: `up` or `down`.
    pub direction: Option<Text>,
    /// The alert whose limit and state are drawn.
    pub alert: Option<Text>,
}

/// What a panel draws.
#[derive(Clone, Debug)]
pub enum PanelContentDecl {
    /// Series, in one of the ways of drawing.
    Series {
        /// The way: the key that was written.
        visual: &'static str,
        /// Where that key stands.
        key: Span,
        /// The series.
        series: Vec<SeriesDecl>,
    },
    /// Markdown.
    Text(Text),
    /// A part of an SLO's standard row.
    Slo {
        /// `service/slo`
        slo: Text,
        /// Which part.
        show: Option<Text>,
    },
}

/// A query with the name of its series.
#[derive(Clone, Debug)]
pub struct SeriesDecl {
    /// The name, with `{{label}}`.
    pub legend: Option<Text>,
    /// The query.
    pub expr: Text,
}

/// `legend: right`, or `legend: {where, calcs}`.
#[derive(Clone, Debug)]
pub struct LegendDecl {
    /// `bottom`, `right` or `none`.
    pub place: Option<Text>,
    /// Numbers beside each name.
    pub calcs: Vec<Text>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct ColumnDecl {
    /// What it is called in the answer: a label, or the name of a query.
    pub field: Text,
    /// What stands in its header.
    pub name: Option<Text>,
    /// The unit of its values.
    pub unit: Option<Text>,
    /// Colours, each with the value it begins at.
    pub thresholds: Vec<(Text, Text)>,
    /// Where a click leads.
    pub link: Option<Text>,
    /// Whether it is left out.
    pub hide: Option<Text>,
}

impl BoardDecl {
    /// Every query of its panels, and every selector of its variables.
    pub fn queries(&self) -> impl Iterator<Item = &Text> {
        let variables = self.variables.iter().filter_map(|variable| match &variable.kind {
            BoardVariableKindDecl::LabelValues { selector, .. } => Some(selector),
            BoardVariableKindDecl::Query(_)
            | BoardVariableKindDecl::Values(_)
            | BoardVariableKindDecl::Interval(_)
            | BoardVariableKindDecl::Constant(_)
            | BoardVariableKindDecl::TextBox(_) => None,
        });
        let panels = self.rows.iter().flat_map(|row| &row.panels);
        variables.chain(panels.flat_map(PanelDecl::series).map(|series| &series.expr))
    }
}

impl PanelDecl {
    /// What it asks for.
    #[must_use]
    pub fn series(&self) -> &[SeriesDecl] {
        match &self.content {
            PanelContentDecl::Series { series, .. } => series,
            PanelContentDecl::Text(_) | PanelContentDecl::Slo { .. } => &[],
        }
    }
}
