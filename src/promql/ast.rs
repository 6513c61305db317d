//! The syntax tree of PromQL, with the byte range of every node.

use smol_str::SmolStr;

/// A half-open range of bytes in the text that was parsed; `0..0` on nodes that were built.
///
/// All ranges compare equal, so that trees are equal when they mean the same text.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextRange {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl PartialEq for TextRange {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TextRange {}

/// A value with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranged<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the text.
    pub range: TextRange,
}

impl<T> Ranged<T> {
    /// A value that was built, not read.
    pub fn built(value: T) -> Self {
        Self { value, range: TextRange::default() }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its bytes in the text, modifiers included.
    pub range: TextRange,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A number, also `Inf`, `NaN` and a duration such as `5m` where a number stands.
    Number(Number),
    /// A string literal, unescaped.
    String(SmolStr),
    /// An instant vector selector.
    Selector(Box<Selector>),
    /// A range vector selector.
    Matrix(Box<Matrix>),
    /// A subquery.
    Subquery(Box<Subquery>),
    /// A function call.
    Call(Call),
    /// An aggregation.
    Aggregate(Box<Aggregate>),
    /// A binary operation.
    Binary(Box<Binary>),
    /// A unary plus or minus.
    Unary(UnaryOp, Box<Expr>),
    /// Brackets as written.
    Paren(Box<Expr>),
    /// A variable that stands for a whole expression or number (`$window` in arithmetic, `$interval` on a dashboard).
    Variable(SmolStr),
}

/// A number as it is written, so that decimals stay exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The digits as written: `0.001`, `1e3`, `0x1F`, `Inf`, `5m`.
    pub text: SmolStr,
}

/// An instant vector selector: `name{matchers} @ t offset d`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The metric name, bare or as a quoted string within the braces.
    pub name: Option<Ranged<SmolStr>>,
    /// The label matchers in the order written (a `__name__` matcher too).
    pub matchers: Vec<Matcher>,
    /// `@`, `offset` and the extended range modifiers.
    pub modifiers: Modifiers,
}

/// One label matcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matcher {
    /// The label name.
    pub label: Ranged<SmolStr>,
    /// The operator.
    pub op: MatchOp,
    /// The value, unescaped; its range includes the quotes.
    pub value: Ranged<SmolStr>,
    /// The whole matcher.
    pub range: TextRange,
}

/// The operator of a label matcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

/// A range vector selector: `selector[range]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The series; holds the modifiers written behind the range.
    pub selector: Selector,
    /// The bytes of the selector alone.
    pub selector_range: TextRange,
    /// The length of the range.
    pub window: Duration,
}

/// A subquery: `expr[range:step]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subquery {
    /// What is evaluated at each step.
    pub expr: Expr,
    /// The length of the range.
    pub window: Duration,
    /// The step; the evaluation interval if absent.
    pub step: Option<Duration>,
    /// `@` and `offset`.
    pub modifiers: Modifiers,
}

/// What may stand behind a selector or subquery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// `@ t`
    pub at: Option<Ranged<At>>,
    /// `offset d`; negative ones are part of the duration.
    pub offset: Option<Duration>,
    /// `anchored` or `smoothed`.
    pub extended: Option<Ranged<Extended>>,
}

/// The time of an `@` modifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// Unix seconds, as written, sign included.
    Timestamp(SmolStr),
    /// `start()`
    Start,
    /// `end()`
    End,
}

/// How samples outside of a range take part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// `anchored`
    Anchored,
    /// `smoothed`
    Smoothed,
}

/// A duration with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// What it is.
    pub kind: DurationKind,
    /// Its bytes in the text.
    pub range: TextRange,
}

/// What a duration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationKind {
    /// Milliseconds; negative in offsets only.
    Millis(i64),
    /// A placeholder as written: `$window`, `$__rate_interval`, `${interval}`, `{{.window}}`.
    Variable(SmolStr),
    /// `a + b` and so on.
    Binary(BinaryOp, Box<Duration>, Box<Duration>),
    /// `-a`
    Unary(UnaryOp, Box<Duration>),
    /// `step()`, `range()`, `min(a, b)`, `max(a, b)`.
    Call(SmolStr, Vec<Duration>),
    /// Brackets as written.
    Paren(Box<Duration>),
}

/// A function call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function's name.
    pub function: Ranged<SmolStr>,
    /// The arguments.
    pub args: Vec<Expr>,
}

/// An aggregation: `op by (labels) (param, expr)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The operator.
    pub op: Ranged<AggregateOp>,
    /// `by` or `without`; absent means one series for everything.
    pub grouping: Option<Grouping>,
    /// The parameter of `topk`, `bottomk`, `quantile`, `count_values`, `limitk`, `limit_ratio`.
    pub param: Option<Expr>,
    /// What is aggregated.
    pub expr: Expr,
}

/// `by (labels)` or `without (labels)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Which of the two.
    pub kind: GroupingKind,
    /// The labels.
    pub labels: Vec<Ranged<SmolStr>>,
    /// From the keyword to the closing bracket.
    pub range: TextRange,
}

/// Which labels an aggregation keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupingKind {
    /// Those listed.
    By,
    /// All but those listed.
    Without,
}

/// A binary operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// The operator.
    pub op: Ranged<BinaryOp>,
    /// The left side.
    pub lhs: Expr,
    /// The right side.
    pub rhs: Expr,
    /// Whether `bool` stands behind a comparison.
    pub returns_bool: bool,
    /// How series of both sides are paired; absent means on all labels.
    pub matching: Option<Matching>,
    /// `fill`, `fill_left` and `fill_right`: values for series without a partner.
    pub fill: Option<Fill>,
}

/// `on` or `ignoring`, and `group_left` or `group_right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matching {
    /// Which of the two.
    pub kind: MatchingKind,
    /// The labels.
    pub labels: Vec<Ranged<SmolStr>>,
    /// One-to-many and many-to-one.
    pub group: Option<MatchGroup>,
    /// From the first keyword to the closing bracket.
    pub range: TextRange,
}

/// Which labels are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchingKind {
    /// Those listed.
    On,
    /// All but those listed.
    Ignoring,
}

/// `group_left (labels)` or `group_right (labels)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchGroup {
    /// The side with many series.
    pub side: Side,
    /// Labels taken from the side with one series.
    pub labels: Vec<Ranged<SmolStr>>,
    /// From the keyword to its last bracket.
    pub range: TextRange,
}

/// A side of a binary operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// Values for series that have no partner on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// For a series missing on the left.
    pub left: Option<Number>,
    /// For a series missing on the right.
    pub right: Option<Number>,
    /// From the first keyword to the last closing bracket.
    pub range: TextRange,
}

/// The sign of a unary operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    And,
    Or,
    Unless,
    /// `</`: a native histogram without the observations above a value.
    TrimUpper,
    /// `>/`: a native histogram without the observations below a value.
    TrimLower,
}

/// An aggregation operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum AggregateOp {
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
}
