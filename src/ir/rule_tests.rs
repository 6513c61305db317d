//! promtool unit tests of generated rules.

use smol_str::SmolStr;

use crate::source::Span;

/// A file of tests, all of which evaluate every rule group at one interval.
#[derive(Clone, Debug)]
pub struct RuleTestFile {
    /// The path below the output folder.
    pub path: String,
    /// Comment lines at the top, without `#`.
    pub header: Vec<String>,
    /// The rule file, seen from this one.
    pub rule_file: String,
    /// How often all groups are evaluated.
    pub evaluation_interval: SmolStr,
    /// The groups of the rule file, in the order in which they are evaluated.
    pub groups: Vec<SmolStr>,
    /// The tests.
    pub tests: Vec<RuleTest>,
}

/// A test: some series, and what the rules make of them.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// What it proves.
    pub name: String,
    /// The distance of the samples.
    pub interval: SmolStr,
    /// What is scraped, or recorded before.
    pub series: Vec<InputSeries>,
    /// What is expected, in the order of time.
    pub checks: Vec<Check>,
    /// What in the source it comes from.
    pub origin: Span,
}

/// A series with its samples from 0s on.
#[derive(Clone, Debug)]
pub struct InputSeries {
    /// The series as PromQL writes it.
    pub series: String,
    /// The samples in promtool's notation: `0+10x5`.
    pub values: String,
}

/// Something that is expected at a time.
#[derive(Clone, Debug)]
pub struct Check {
    /// The time since the start.
    pub at: SmolStr,
    /// Why, as comment lines.
    pub comments: Vec<String>,
    /// What is expected.
    pub expected: Expected,
}

/// What is expected.
#[derive(Clone, Debug)]
pub enum Expected {
    /// These alerts fire, and no other one with the same name and labels.
    Fires {
        /// Which alerts are looked at.
        alert: AlertSeries,
        /// All labels of each that fires, but its name.
        labels: Vec<Labels>,
    },
    /// So many alerts fire.
    Count {
        /// Which alerts are looked at.
        alert: AlertSeries,
        /// How many of them.
        count: usize,
    },
    /// At least one such alert fires.
    Some(AlertSeries),
    /// No such alert fires now.
    Silent(AlertSeries),
    /// No such alert has fired at any time until now.
    Never(AlertSeries),
    /// Recorded values, rounded.
    Values {
        /// The labels that select the series.
        labels: Labels,
        /// The metric names; a regular expression.
        names: SmolStr,
        /// Metric name to value.
        values: Vec<(SmolStr, String)>,
    },
    /// What a series adds up to since the start, to two percent.
    Total {
        /// The metric.
        name: SmolStr,
        /// The labels that select it.
        labels: Labels,
        /// The sum.
        sum: String,
    },
    /// No series of this name and these labels exists now.
    Absent {
        /// The metric.
        name: SmolStr,
        /// The labels that select it.
        labels: Labels,
    },
}

/// Label names with their values, in output order.
pub type Labels = Vec<(SmolStr, SmolStr)>;

/// Alerts of one name.
#[derive(Clone, Debug)]
pub struct AlertSeries {
    /// The alert's name.
    pub name: SmolStr,
    /// Labels that they have.
    pub labels: Labels,
}
