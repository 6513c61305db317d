//! Constructors for trees that are generated rather than read.
//!
//! ```
//! use slosmith::promql::{BinaryOp, MatchOp, build, print};
//!
//! let errors = build::selector("http_requests_total", [("code".into(), MatchOp::Regex, "5..".into())]);
//! let rate = build::sum(build::call("rate", vec![build::matrix(errors, 300_000)]));
//! let scaled = build::binary(rate, BinaryOp::Mul, build::number("240")).on(&["job".into()]);
//! assert_eq!(print(&scaled), r#"sum(rate(http_requests_total{code=~"5.."}[5m])) * on (job) 240"#);
//! ```

use smol_str::SmolStr;

use crate::promql::{
    Aggregate, AggregateOp, At, Binary, BinaryOp, Call, Duration, DurationKind, Expr, ExprKind, Grouping, GroupingKind,
    MatchGroup, MatchOp, Matcher, Matching, MatchingKind, Matrix, Modifiers, Number, Ranged, Selector, Side, Subquery,
    TextRange, UnaryOp,
};

/// An expression that was built, not read.
fn built(kind: ExprKind) -> Expr {
    Expr { kind, range: TextRange::default() }
}

/// A number, printed as it is given: `14.4`, `0.001`, `Inf`.
pub fn number(text: impl Into<SmolStr>) -> Expr {
    built(ExprKind::Number(Number { text: text.into() }))
}

/// A string literal; the text is not escaped yet.
pub fn string(text: impl Into<SmolStr>) -> Expr {
    built(ExprKind::String(text.into()))
}

/// A variable that stands for a whole expression or number, as it is written: `$interval`.
pub fn variable(text: impl Into<SmolStr>) -> Expr {
    built(ExprKind::Variable(text.into()))
}

/// The series `name{label op "value", ...}`.
pub fn series(name: impl Into<SmolStr>, matchers: impl IntoIterator<Item = (SmolStr, MatchOp, SmolStr)>) -> Selector {
    Selector {
        name: Some(Ranged::built(name.into())),
        matchers: matchers.into_iter().map(|(label, op, value)| matcher(label, op, value)).collect(),
        modifiers: Modifiers::default(),
    }
}

/// The instant vector `name{label op "value", ...}`.
pub fn selector(name: impl Into<SmolStr>, matchers: impl IntoIterator<Item = (SmolStr, MatchOp, SmolStr)>) -> Expr {
    built(ExprKind::Selector(Box::new(series(name, matchers))))
}

/// One label matcher; the value is not escaped yet.
pub fn matcher(label: impl Into<SmolStr>, op: MatchOp, value: impl Into<SmolStr>) -> Matcher {
    Matcher { label: Ranged::built(label.into()), op, value: Ranged::built(value.into()), range: TextRange::default() }
}

/// A duration of so many milliseconds.
#[must_use]
pub fn duration(millis: i64) -> Duration {
    Duration { kind: DurationKind::Millis(millis), range: TextRange::default() }
}

/// A duration that is filled in later, as it is written: `$__rate_interval`, `$window`.
pub fn duration_variable(text: impl Into<SmolStr>) -> Duration {
    Duration { kind: DurationKind::Variable(text.into()), range: TextRange::default() }
}

/// The range vector `expr[millis]`.
///
/// # Panics
///
/// When `expr` is no selector, which is a bug in slosmith.
#[must_use]
pub fn matrix(expr: Expr, millis: i64) -> Expr {
    matrix_over(expr, duration(millis))
}

/// The range vector `expr[window]`, for windows that are not a plain number of milliseconds.
///
/// # Panics
///
/// When `expr` is no selector, which is a bug in slosmith.
#[must_use]
pub fn matrix_over(expr: Expr, window: Duration) -> Expr {
    let ExprKind::Selector(selector) = expr.kind else {
        panic!("a bug in slosmith: a range was put on something that is no selector");
    };
    built(ExprKind::Matrix(Box::new(Matrix { selector: *selector, selector_range: TextRange::default(), window })))
}

/// The subquery `expr[millis:step]`; without a step, the evaluation interval.
#[must_use]
pub fn subquery(expr: Expr, millis: i64, step: Option<i64>) -> Expr {
    subquery_over(expr, duration(millis), step.map(duration))
}

/// The subquery `expr[window:step]`, for windows that are not a plain number of milliseconds.
#[must_use]
pub fn subquery_over(expr: Expr, window: Duration, step: Option<Duration>) -> Expr {
    built(ExprKind::Subquery(Box::new(Subquery { expr, window, step, modifiers: Modifiers::default() })))
}

/// The call `function(args)`.
pub fn call(function: impl Into<SmolStr>, args: Vec<Expr>) -> Expr {
    built(ExprKind::Call(Call { function: Ranged::built(function.into()), args }))
}

/// `sum(expr)`: one series for everything.
#[must_use]
pub fn sum(expr: Expr) -> Expr {
    aggregate(AggregateOp::Sum, None, expr)
}

/// `sum by (labels) (expr)`.
#[must_use]
pub fn sum_by(labels: &[SmolStr], expr: Expr) -> Expr {
    aggregate(AggregateOp::Sum, Some((GroupingKind::By, labels)), expr)
}

/// `op by (labels) (expr)`, for operators without a parameter.
#[must_use]
pub fn aggregate(op: AggregateOp, grouping: Option<(GroupingKind, &[SmolStr])>, expr: Expr) -> Expr {
    aggregate_with(op, grouping, None, expr)
}

/// `op by (labels) (param, expr)`, for `topk`, `quantile` and the like.
#[must_use]
pub fn aggregate_with(
    op: AggregateOp,
    grouping: Option<(GroupingKind, &[SmolStr])>,
    param: Option<Expr>,
    expr: Expr,
) -> Expr {
    let grouping =
        grouping.map(|(kind, labels)| Grouping { kind, labels: ranged(labels), range: TextRange::default() });
    built(ExprKind::Aggregate(Box::new(Aggregate { op: Ranged::built(op), grouping, param, expr })))
}

/// `lhs op rhs`; see [`Expr::on`], [`Expr::ignoring`], [`Expr::group_left`] and [`Expr::bool`] for its modifiers.
///
/// The printer sets brackets where precedence asks for them.
#[must_use]
pub fn binary(lhs: Expr, op: BinaryOp, rhs: Expr) -> Expr {
    let binary = Binary { op: Ranged::built(op), lhs, rhs, returns_bool: false, matching: None, fill: None };
    built(ExprKind::Binary(Box::new(binary)))
}

/// `-expr`.
#[must_use]
pub fn negate(expr: Expr) -> Expr {
    built(ExprKind::Unary(UnaryOp::Minus, Box::new(expr)))
}

/// `(expr)`, for brackets that help the reader; those that are needed come by themselves.
#[must_use]
pub fn paren(expr: Expr) -> Expr {
    built(ExprKind::Paren(Box::new(expr)))
}

/// The labels without places.
fn ranged(labels: &[SmolStr]) -> Vec<Ranged<SmolStr>> {
    labels.iter().cloned().map(Ranged::built).collect()
}

/// Modifiers of a tree that was built; each panics on a kind of node that cannot carry it, which is a bug in slosmith.
impl Expr {
    /// Pairs the series of both sides by these labels: `lhs op on (labels) rhs`.
    #[must_use]
    pub fn on(self, labels: &[SmolStr]) -> Self {
        self.matching(MatchingKind::On, labels)
    }

    /// Pairs the series of both sides by all labels but these: `lhs op ignoring (labels) rhs`.
    #[must_use]
    pub fn ignoring(self, labels: &[SmolStr]) -> Self {
        self.matching(MatchingKind::Ignoring, labels)
    }

    /// Many series on the left, one on the right, which gives these labels: `group_left (labels)`.
    #[must_use]
    pub fn group_left(self, labels: &[SmolStr]) -> Self {
        self.group(Side::Left, labels)
    }

    /// Many series on the right, one on the left, which gives these labels: `group_right (labels)`.
    #[must_use]
    pub fn group_right(self, labels: &[SmolStr]) -> Self {
        self.group(Side::Right, labels)
    }

    /// A comparison that answers 0 or 1 instead of filtering: `lhs > bool rhs`.
    #[must_use]
    pub fn bool(self) -> Self {
        self.operation(|binary| binary.returns_bool = true)
    }

    /// Looks back so many milliseconds: `expr offset 5m`.
    #[must_use]
    pub fn offset(self, millis: i64) -> Self {
        self.modified(|modifiers| modifiers.offset = Some(duration(millis)))
    }

    /// Evaluates at one time: `expr @ end()`.
    #[must_use]
    pub fn at(self, at: At) -> Self {
        self.modified(|modifiers| modifiers.at = Some(Ranged::built(at)))
    }

    fn matching(self, kind: MatchingKind, labels: &[SmolStr]) -> Self {
        let labels = ranged(labels);
        self.operation(|binary| {
            binary.matching = Some(Matching { kind, labels, group: None, range: TextRange::default() });
        })
    }

    fn group(self, side: Side, labels: &[SmolStr]) -> Self {
        let group = MatchGroup { side, labels: ranged(labels), range: TextRange::default() };
        self.operation(|binary| match &mut binary.matching {
            Some(matching) => matching.group = Some(group),
            None => panic!("a bug in slosmith: `group_left` or `group_right` without `on` or `ignoring`"),
        })
    }

    fn operation(mut self, change: impl FnOnce(&mut Binary)) -> Self {
        match &mut self.kind {
            ExprKind::Binary(binary) => change(binary),
            kind => panic!("a bug in slosmith: {kind:?} is no binary operation"),
        }
        self
    }

    fn modified(mut self, change: impl FnOnce(&mut Modifiers)) -> Self {
        match &mut self.kind {
            ExprKind::Selector(selector) => change(&mut selector.modifiers),
            ExprKind::Matrix(matrix) => change(&mut matrix.selector.modifiers),
            ExprKind::Subquery(subquery) => change(&mut subquery.modifiers),
            kind => panic!("a bug in slosmith: {kind:?} cannot look back"),
        }
        self
    }
}
