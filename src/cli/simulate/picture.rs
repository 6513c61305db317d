//! Budget left and burn rate over time, and when alerts fire, drawn with characters.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use slosmith::forecast::{AlertCourse, Simulation};
use slosmith::model::{Severity, decimal_text};

use super::text::{axis_percent, time};
use crate::cli::args::Picture;
use crate::cli::quantity::rounded;
use crate::cli::terminal::harmless;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
const RESET: &str = "\x1b[0m";

/// The characters before the axis.
const MARGIN: usize = 9;
/// Lines of a graph.
const HEIGHT: usize = 6;
/// The fewest and the most columns of a graph.
const COLUMNS: (usize, usize) = (20, 200);

/// Bits of the dots of a braille character from top to bottom, left then right.
const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Which characters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawing {
    /// Two by four dots in a character.
    Braille,
    /// ASCII.
    Ascii,
    /// None.
    Nothing,
}

/// What is wanted, or what the locale can show.
pub(super) fn drawing(wanted: Picture) -> Drawing {
    let locale = || {
        let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let name = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(set)?;
        Some(std::env::var_os(name)?.to_string_lossy().to_ascii_lowercase().replace('-', ""))
    };
    match wanted {
        Picture::Auto if locale().is_some_and(|name| name.contains("utf8")) => Drawing::Braille,
        Picture::Unicode => Drawing::Braille,
        Picture::Auto | Picture::Ascii => Drawing::Ascii,
        Picture::None => Drawing::Nothing,
    }
}

/// The whole picture.
pub(super) fn picture(simulation: &Simulation, drawing: Drawing, width: usize) -> String {
    if drawing == Drawing::Nothing || simulation.end <= 0 {
        return String::new();
    }
    let fired = || simulation.alerts.iter().filter(|course| !course.spells.is_empty());
    let room = width.saturating_sub(MARGIN + 2);
    let names = fired().map(|course| name(course).chars().count() + 1).max().unwrap_or(0);
    // Names go where there is room for them: the table has them too.
    let (columns, is_named) = if room >= names + 40 { (room - names, true) } else { (room, false) };
    let scene = Scene { simulation, drawing, columns: columns.clamp(COLUMNS.0, COLUMNS.1), is_named };
    let mut text = scene.graph("budget left", &scene.budget(), axis_percent, Floor::Free);
    let burn = scene.burn_rate();
    if burn.iter().any(Option::is_some) {
        text += &scene.graph("burn rate", &burn, |rate| decimal_text(rounded(rate)), Floor::Zero);
    }
    for course in fired() {
        text += &scene.lane(course);
    }
    text + &scene.axis()
}

/// Where a graph begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Floor {
    Zero,
    Free,
}

struct Scene<'a> {
    simulation: &'a Simulation,
    drawing: Drawing,
    columns: usize,
    /// Whether names of alerts are beside their lanes.
    is_named: bool,
}

/// The name of an alert, with what tells it from others of the name.
fn name(course: &AlertCourse) -> String {
    let below = course.below_percent.map(|below| format!(" (below {}%)", decimal_text(below))).unwrap_or_default();
    harmless(&course.name) + &below
}

impl Scene<'_> {
    /// Columns of dots.
    fn dots(&self) -> usize {
        match self.drawing {
            Drawing::Braille => 2 * self.columns,
            Drawing::Ascii | Drawing::Nothing => self.columns,
        }
    }

    /// When a column of so many begins.
    fn begin(&self, column: usize, columns: usize) -> i64 {
        let part = i128::from(self.simulation.end + 1) * i128::try_from(column).unwrap_or(0);
        i64::try_from(part / i128::try_from(columns.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// What is left of the budget at the end of each column.
    fn budget(&self) -> Vec<Option<Decimal>> {
        let points = &self.simulation.slow;
        let columns = self.dots();
        let last_in = |column| {
            let index = points.partition_point(|point| point.at < self.begin(column + 1, columns));
            index.checked_sub(1).and_then(|index| points.get(index)).and_then(|point| point.budget_left)
        };
        (0..columns).map(last_in).collect()
    }

    /// The greatest burn rate within each column, or the last one before it.
    fn burn_rate(&self) -> Vec<Option<Decimal>> {
        let points = &self.simulation.fast;
        let columns = self.dots();
        let most_in = |column| {
            let index = |column| points.partition_point(|point| point.at < self.begin(column, columns));
            let (from, until) = (index(column), index(column + 1));
            let range = if from < until { from..until } else { from.saturating_sub(1)..from };
            points.get(range)?.iter().filter_map(|point| point.burn_rate).max()
        };
        (0..columns).map(most_in).collect()
    }

    fn graph(
        &self,
        title: &str,
        values: &[Option<Decimal>],
        label: impl Fn(Decimal) -> String,
        floor: Floor,
    ) -> String {
        let first = self.simulation.slow.iter().find_map(|point| point.budget_left).filter(|_| floor == Floor::Free);
        let known = || values.iter().flatten().copied().chain(first);
        let high = known().max().unwrap_or(Decimal::ONE);
        let low = if floor == Floor::Zero { Decimal::ZERO } else { known().min().unwrap_or(Decimal::ZERO) };
        let (low, high) = if low == high { (high - Decimal::ONE, high) } else { (low, high) };
        let steps = match self.drawing {
            Drawing::Braille => 4 * HEIGHT,
            Drawing::Ascii | Drawing::Nothing => HEIGHT,
        };
        let level = |value: Decimal| {
            let share = (value - low).checked_div(high - low).unwrap_or_default();
            (share * Decimal::from(steps - 1)).round().to_usize().unwrap_or(0).min(steps - 1)
        };
        let levels: Vec<_> = values.iter().map(|value| value.map(level)).collect();
        let mut text = format!("\n{BOLD}{title}{RESET}\n");
        for row in 0..HEIGHT {
            let mark = match row {
                0 => label(high),
                _ if row + 1 == HEIGHT => label(low),
                _ => String::new(),
            };
            let line: String = (0..self.columns).map(|column| self.character(&levels, column, row)).collect();
            text += &[&format!("{mark:>MARGIN$}"), self.edge(), CYAN, line.trim_end(), RESET, "\n"].concat();
        }
        text
    }

    fn edge(&self) -> &'static str {
        match self.drawing {
            Drawing::Braille => " ┤",
            Drawing::Ascii | Drawing::Nothing => " |",
        }
    }

    /// The character of a line that joins neighbours.
    fn character(&self, levels: &[Option<usize>], column: usize, row: usize) -> char {
        let is_lit = |dot: usize, height: usize| {
            let Some(Some(level)) = levels.get(dot) else { return false };
            let before = dot.checked_sub(1).and_then(|dot| levels.get(dot).copied().flatten()).unwrap_or(*level);
            // From the level before, without it, to its own.
            let (low, high) =
                if before < *level { (before + 1, *level) } else { (*level, before.saturating_sub(1).max(*level)) };
            (low..=high).contains(&height)
        };
        if self.drawing != Drawing::Braille {
            return if is_lit(column, HEIGHT - 1 - row) { '*' } else { ' ' };
        }
        let mut bits = 0;
        for (side, column_bits) in BITS.iter().enumerate() {
            for (part, bit) in column_bits.iter().enumerate() {
                if is_lit(2 * column + side, 4 * HEIGHT - 1 - (4 * row + part)) {
                    bits |= bit;
                }
            }
        }
        if bits == 0 { ' ' } else { char::from_u32(0x2800 + bits).unwrap_or(' ') }
    }

    /// When an alert fires.
    fn lane(&self, course: &AlertCourse) -> String {
        let colour = match course.severity {
            Severity::Page => RED,
            Severity::Ticket => YELLOW,
        };
        let (firing, silent) = match self.drawing {
            Drawing::Braille => ('█', '·'),
            Drawing::Ascii | Drawing::Nothing => ('#', '.'),
        };
        let line: String = (0..self.columns)
            .map(|column| {
                let (from, until) = (self.begin(column, self.columns), self.begin(column + 1, self.columns));
                let fires =
                    course.spells.iter().any(|spell| spell.from < until && spell.until.is_none_or(|end| end > from));
                if fires { firing } else { silent }
            })
            .collect();
        let name = if self.is_named { format!(" {DIM}{}{RESET}", name(course)) } else { String::new() };
        format!("{:>MARGIN$}{}{colour}{line}{RESET}{name}\n", course.severity.as_str(), self.edge())
    }

    /// Times below everything.
    fn axis(&self) -> String {
        const STEPS: [i64; 17] =
            [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400, 28_800, 57_600];
        let minutes = self.simulation.end / 60_000;
        let most = i64::try_from(self.columns / 10).unwrap_or(1).max(1);
        let step = STEPS.into_iter().find(|step| minutes / step <= most).unwrap_or(115_200) * 60_000;
        let mut marks = String::new();
        let (mut at, mut length) = (0, 0);
        while at <= self.simulation.end {
            let column =
                i128::from(at) * i128::try_from(self.columns).unwrap_or(1) / i128::from(self.simulation.end + 1);
            let column = usize::try_from(column).unwrap_or(0);
            let label = if at == 0 { "0m".to_owned() } else { time(at) };
            if column >= length && column + label.len() <= self.columns + 4 {
                marks += &" ".repeat(column - length);
                marks += &label;
                length = column + label.len();
            }
            at += step;
        }
        format!("{DIM}{:>MARGIN$}  {marks}{RESET}\n", "")
    }
}
