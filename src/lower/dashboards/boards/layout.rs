//! Where panels stand: from left to right in 24 columns, lines filled, nothing overlaps.

use crate::ir::dashboard::Grid;

/// What is to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Columns wide, if that is written.
    pub(super) width: Option<u32>,
    /// Units high, if that is written.
    pub(super) height: Option<u32>,
    /// Units high otherwise.
    pub(super) usual_height: u32,
    /// What can stand beside it.
    pub(super) size: Size,
    /// How many like it fit into a line.
    pub(super) in_line: u32,
}

/// What panels can stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Numbers.
    Small,
    /// Graphs, tables and texts.
    Large,
    /// What needs the whole width.
    Wide,
}

impl Wish {
    fn is_alike(&self, other: &Self) -> bool {
        self.width.is_none() && other.width.is_none() && self.size == other.size
    }
}

/// Places panels below a height; the height below all of them comes second.
pub(super) fn place(wishes: &[Wish], top: u32) -> (Vec<Grid>, u32) {
    let mut grids: Vec<Grid> = Vec::with_capacity(wishes.len());
    let mut line = Line { first: 0, y: top, x: 0 };
    for (index, (wish, usual)) in wishes.iter().zip(usual_widths(wishes)).enumerate() {
        let room = Grid::COLUMNS - line.x;
        // Beside panels of a written width, one without is as wide as there is room.
        let least = Grid::COLUMNS / wish.in_line;
        let beside_written = index > line.first && wishes[line.first..index].iter().any(|it| it.width.is_some());
        let width = match wish.width {
            Some(width) => width,
            None if room < usual && beside_written && room >= least => room,
            None => usual,
        };
        if width > room {
            line = line.finish(&mut grids, &wishes[..index]);
        }
        let height = wish.height.unwrap_or(wish.usual_height);
        grids.push(Grid { x: line.x, y: line.y, width, height });
        line.x += width;
    }
    let end = line.finish(&mut grids, wishes);
    (grids, end.y)
}

/// The width of each panel in a line of its like, so that lines are about equally long.
fn usual_widths(wishes: &[Wish]) -> Vec<u32> {
    let mut widths = Vec::with_capacity(wishes.len());
    for run in wishes.chunk_by(Wish::is_alike) {
        let count = u32::try_from(run.len()).unwrap_or(u32::MAX);
        let in_line = run.iter().map(|wish| wish.in_line).min().unwrap_or(1);
        let lines = count.div_ceil(in_line);
        let width = Grid::COLUMNS / count.div_ceil(lines);
        widths.extend(std::iter::repeat_n(width, run.len()));
    }
    widths
}

/// The line that is being filled.
struct Line {
    /// The index of its first panel.
    first: usize,
    /// Units from the top.
    y: u32,
    /// The first free column.
    x: u32,
}

impl Line {
    /// Fills the line up, and begins the next one.
    fn finish(self, grids: &mut [Grid], wishes: &[Wish]) -> Self {
        let line = &mut grids[self.first..];
        let free = |index: usize| wishes[self.first + index].width.is_none();
        let stretched: Vec<usize> = (0..line.len()).filter(|index| free(*index)).collect();
        if !stretched.is_empty() {
            let mut rest = Grid::COLUMNS - self.x;
            while rest > 0 {
                for index in stretched.iter().take(rest as usize) {
                    line[*index].width += 1;
                    rest -= 1;
                }
            }
            let mut x = 0;
            for grid in line.iter_mut() {
                grid.x = x;
                x += grid.width;
            }
        }
        let height = line.iter().map(|grid| grid.height).max().unwrap_or(0);
        for (index, grid) in line.iter_mut().enumerate() {
            if wishes[self.first + index].height.is_none() {
                grid.height = height;
            }
        }
        Self { first: wishes.len().min(grids.len()), y: self.y + height, x: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: Wish = Wish { width: None, height: None, usual_height: 4, size: Size::Small, in_line: 6 };
    const GRAPH: Wish = Wish { width: None, height: None, usual_height: 8, size: Size::Large, in_line: 3 };

    fn widths(wishes: &[Wish]) -> Vec<(u32, u32, u32)> {
        place(wishes, 0).0.iter().map(|grid| (grid.x, grid.y, grid.width)).collect()
    }

    #[test]
    fn lines_are_full_and_balanced() {
        assert_eq!(widths(&[GRAPH]), [(0, 0, 24)]);
        assert_eq!(widths(&[GRAPH; 4]), [(0, 0, 12), (12, 0, 12), (0, 8, 12), (12, 8, 12)]);
        assert_eq!(widths(&[GRAPH; 5])[3..], [(0, 8, 12), (12, 8, 12)]);
        assert_eq!(widths(&[STAT; 5]), [(0, 0, 5), (5, 0, 5), (10, 0, 5), (15, 0, 5), (20, 0, 4)]);
        let table = Wish { in_line: 2, ..GRAPH };
        assert_eq!(widths(&[GRAPH, table]), [(0, 0, 12), (12, 0, 12)]);
        let wide = Wish { width: Some(6), ..GRAPH };
        assert_eq!(widths(&[wide, GRAPH, STAT]), [(0, 0, 6), (6, 0, 18), (0, 8, 24)]);
        assert_eq!(widths(&[wide, wide]), [(0, 0, 6), (6, 0, 6)]);
    }

    #[test]
    fn nothing_overlaps_whatever_is_wished() {
        let mut wishes = Vec::new();
        for number in 0..200_u32 {
            let width = (number % 3 == 0).then_some(1 + number * 7 % 24);
            let height = (number % 5 == 0).then_some(2 + number % 9);
            wishes.push(Wish { width, height, ..if number % 4 == 1 { GRAPH } else { STAT } });
        }
        let (grids, end) = place(&wishes, 3);
        for (index, grid) in grids.iter().enumerate() {
            assert!(grid.x + grid.width <= 24 && grid.y >= 3 && grid.y + grid.height <= end, "{grid:?}");
            assert!(!grids[..index].iter().any(|other| other.overlaps(grid)), "{grid:?}");
        }
    }
}
