//! What becomes of answers before they are drawn.

use smol_str::SmolStr;

/// A change of the answers of queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// The series of a range query become a table with a small graph in each row.
    Sparklines {
        /// The query.
        target: SmolStr,
    },
    /// Tables become one, joined by the columns that all of them have.
    Merge,
    /// Columns are left out, put in order and renamed.
    Organize {
        /// Columns to leave out.
        exclude: Vec<SmolStr>,
        /// Columns in order, each with the name it gets.
        columns: Vec<(SmolStr, SmolStr)>,
    },
    /// Rows are put in order.
    SortBy(Sort),
    /// Only so many of the first rows stay.
    Limit(u32),
}

/// An order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By which field.
    pub field: SmolStr,
    /// In which direction.
    pub order: Order,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}
