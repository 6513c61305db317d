//! Tables for terminals: aligned columns, as many as fit.

/// Where the texts of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What is above it.
    pub(crate) head: &'static str,
    /// Where its texts stand.
    pub(crate) align: Align,
    /// Of columns that do not fit, those with the greatest number go first; 0 stays.
    pub(crate) spare: u8,
}

/// A text with the escape sequence of its colour, which may be empty.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    colour: &'static str,
}

impl Cell {
    /// A text in a colour.
    pub(crate) fn coloured(text: impl Into<String>, colour: &'static str) -> Self {
        Self { text: text.into(), colour }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::coloured(text, "")
    }
}

/// Rows below the heads of columns.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";
/// Between two columns.
const GAP: &str = "  ";

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row with a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Lines of at most so many characters, with escape sequences for colours, and the heads of columns that did not fit.
    pub(crate) fn render(&self, width: usize) -> (String, Vec<&'static str>) {
        let widths: Vec<usize> = (0..self.columns.len()).map(|index| self.width_of(index)).collect();
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        let total = |shown: &[usize]| shown.iter().map(|index| widths[*index] + GAP.len()).sum::<usize>();
        let mut left_out = Vec::new();
        while total(&shown) > width + GAP.len() {
            let most = shown.iter().copied().max_by_key(|index| self.columns[*index].spare);
            let Some(index) = most.filter(|index| self.columns[*index].spare > 0) else { break };
            shown.retain(|other| *other != index);
            left_out.push(self.columns[index].head);
        }
        let heads: Vec<_> = self.columns.iter().map(|column| Cell::coloured(column.head, BOLD)).collect();
        let mut text = self.line(&heads, &shown, &widths);
        for row in &self.rows {
            text.push_str(&self.line(row, &shown, &widths));
        }
        (text, left_out)
    }

    fn width_of(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.chars().count());
        cells.chain([self.columns[index].head.chars().count()]).max().unwrap_or(0)
    }

    fn line(&self, cells: &[Cell], shown: &[usize], widths: &[usize]) -> String {
        let mut line = String::new();
        for (place, index) in shown.iter().enumerate() {
            let Some(cell) = cells.get(*index) else { continue };
            let blanks = " ".repeat(widths[*index].saturating_sub(cell.text.chars().count()));
            let painted = if cell.colour.is_empty() || cell.text.is_empty() {
                cell.text.clone()
            } else {
                format!("{}{}{RESET}", cell.colour, cell.text)
            };
            if place > 0 {
                line.push_str(GAP);
            }
            match self.columns[*index].align {
                Align::Right => line.push_str(&(blanks + &painted)),
                Align::Left if place + 1 == shown.len() => line.push_str(&painted),
                Align::Left => line.push_str(&(painted + &blanks)),
            }
        }
        line.trim_end().to_owned() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_leave_when_there_is_no_room() {
        let column = |head, align, spare| Column { head, align, spare };
        let columns =
            vec![column("rate", Align::Right, 0), column("alert", Align::Left, 2), column("after", Align::Right, 1)];
        let mut table = Table::new(columns);
        table.row(vec!["100%".into(), "page".into(), "1m".into()]);
        table.row(vec!["5%".into(), Cell::coloured("ticket", "\x1b[33m"), "1h30m".into()]);
        let plain = |width| {
            let (text, left_out) = table.render(width);
            (text.replace("\x1b[1m", "").replace("\x1b[33m", "").replace("\x1b[0m", ""), left_out)
        };
        let (whole, left_out) = plain(19);
        assert_eq!(whole, "rate  alert   after\n100%  page       1m\n  5%  ticket  1h30m\n");
        assert!(left_out.is_empty());
        assert_eq!(plain(18), ("rate  after\n100%     1m\n  5%  1h30m\n".to_owned(), vec!["alert"]));
        assert_eq!(plain(3).0, "rate\n100%\n  5%\n");
    }
}
