//! Types: every operator and function gets what it takes, from a Prometheus that has it.

mod binary;
mod call;
mod features;
mod selector;
mod unknown;

use std::fmt;

use crate::promql::parser::usage;
use crate::promql::{
    Aggregate, AggregateOp, BinaryOp, Error, ErrorKind, Expr, ExprKind, Flag, Subquery, TextRange, Version, functions,
    print_line,
};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// One number.
    Scalar,
    /// One number per series.
    Vector,
    /// A range of samples per series.
    Matrix,
    /// A text.
    String,
}

impl ValueType {
    /// The type with its article.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Scalar => "a scalar",
            Self::Vector => "an instant vector",
            Self::Matrix => "a range vector",
            Self::String => "a string",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::String => "string",
        })
    }
}

/// Which Prometheus an expression is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// The version.
    pub version: Version,
    /// The features that are enabled there.
    pub enabled: Vec<Flag>,
}

impl CheckOptions {
    /// Whichever Prometheus, with all features enabled.
    #[must_use]
    pub fn everything() -> Self {
        Self { version: Version::ANY, enabled: Flag::ALL.to_vec() }
    }
}

/// Checks an expression that was read, and says what type it has.
///
/// # Errors
///
/// Every fault of types, arguments, names of functions, regular expressions and versions, sorted by place.
pub fn check(expr: &Expr, options: &CheckOptions) -> Result<ValueType, Vec<Error>> {
    let mut checker = Checker { options, errors: Vec::new() };
    let value_type = checker.expr(expr);
    if checker.errors.is_empty() {
        return Ok(value_type.unwrap_or(ValueType::Scalar));
    }
    checker.errors.sort_by_key(|error| error.range.start);
    Err(checker.errors)
}

impl Expr {
    /// The type of the value, for expressions that pass [`check`]; variables count as scalars.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Variable(_) => ValueType::Scalar,
            ExprKind::String(_) => ValueType::String,
            ExprKind::Selector(_) | ExprKind::Aggregate(_) => ValueType::Vector,
            ExprKind::Matrix(_) | ExprKind::Subquery(_) => ValueType::Matrix,
            ExprKind::Call(call) => {
                functions::function(&call.function.value).map_or(ValueType::Vector, |function| function.returns)
            }
            ExprKind::Binary(binary) => match (binary.lhs.value_type(), binary.rhs.value_type()) {
                (ValueType::Scalar, ValueType::Scalar) => ValueType::Scalar,
                _ => ValueType::Vector,
            },
            ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => inner.value_type(),
        }
    }
}

/// The type of an expression; nothing where a variable or a fault makes it unknown.
type Inferred = Option<ValueType>;

struct Checker<'a> {
    options: &'a CheckOptions,
    errors: Vec<Error>,
}

impl Checker<'_> {
    fn report(&mut self, error: Error) {
        self.errors.push(error);
    }

    fn expr(&mut self, expr: &Expr) -> Inferred {
        match &expr.kind {
            ExprKind::Number(number) => {
                self.number_form(number, expr.range);
                Some(ValueType::Scalar)
            }
            ExprKind::String(_) => Some(ValueType::String),
            ExprKind::Variable(_) => None,
            ExprKind::Selector(selector) => {
                self.selector(selector, expr.range);
                Some(ValueType::Vector)
            }
            ExprKind::Matrix(matrix) => {
                self.selector(&matrix.selector, matrix.selector_range);
                self.duration(&matrix.window);
                Some(ValueType::Matrix)
            }
            ExprKind::Subquery(subquery) => {
                self.subquery(subquery);
                Some(ValueType::Matrix)
            }
            ExprKind::Call(call) => self.call(call, expr.range),
            ExprKind::Aggregate(aggregate) => {
                self.aggregate(aggregate);
                Some(ValueType::Vector)
            }
            ExprKind::Binary(binary) => self.binary(binary, expr.range),
            ExprKind::Unary(op, inner) => {
                let inferred = self.expr(inner);
                if let Some(found @ (ValueType::Matrix | ValueType::String)) = inferred {
                    let found = found.with_article();
                    self.report(Error::new(
                        ErrorKind::Type,
                        expr.range,
                        format!(
                            "the sign `{}` stands before scalars and instant vectors, this is {found}",
                            op.as_str()
                        ),
                    ));
                    return None;
                }
                inferred
            }
            ExprKind::Paren(inner) => self.expr(inner),
        }
    }

    fn subquery(&mut self, subquery: &Subquery) {
        if let Some(found) = self.expr(&subquery.expr)
            && found != ValueType::Vector
        {
            let error = Error::new(
                ErrorKind::Type,
                subquery.expr.range,
                format!("a subquery runs over an instant vector, this is {}", found.with_article()),
            );
            self.report(match found {
                ValueType::Scalar => error.help("put it into `vector(...)`"),
                ValueType::Matrix => error.help("put a function such as `rate(...)` around the range"),
                ValueType::Vector | ValueType::String => error,
            });
        }
        self.duration(&subquery.window);
        if let Some(step) = &subquery.step {
            self.duration(step);
        }
        self.modifiers(&subquery.modifiers);
    }

    /// Reports `topk(expr, 5)`, once for both arguments.
    fn swapped(&mut self, name: &str, param: &Expr, expr: &Expr, op: AggregateOp) -> bool {
        let expected = if op == AggregateOp::CountValues { ValueType::String } else { ValueType::Scalar };
        let is_literal = matches!(expr.kind, ExprKind::Number(_) | ExprKind::String(_));
        if !is_literal || expr.value_type() != expected || param.value_type() != ValueType::Vector {
            return false;
        }
        let range = TextRange { start: param.range.start, end: expr.range.end };
        let right = format!("{}, {}", print_line(expr), print_line(param));
        self.report(
            Error::new(ErrorKind::WrongArgument, range, format!("the arguments of `{name}` are swapped"))
                .help(format!("write `{name}({right})`"))
                .replacement(range, right),
        );
        self.expr(param);
        true
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        let op = aggregate.op.value;
        let name = op.as_str();
        self.aggregate_feature(aggregate);
        if let Some(grouping) = &aggregate.grouping {
            for label in &grouping.labels {
                self.label_name(label);
            }
        }
        if let Some(param) = &aggregate.param {
            if self.swapped(name, param, &aggregate.expr, op) {
                return;
            }
            let expected = if op == AggregateOp::CountValues { ValueType::String } else { ValueType::Scalar };
            if let Some(found) = self.expr(param)
                && found != expected
            {
                self.report(
                    Error::new(
                        ErrorKind::WrongArgument,
                        param.range,
                        format!(
                            "the parameter of `{name}` is {}, found {}",
                            expected.with_article(),
                            found.with_article()
                        ),
                    )
                    .help(usage(op)),
                );
            }
        }
        if let Some(found) = self.expr(&aggregate.expr)
            && found != ValueType::Vector
        {
            let error = Error::new(
                ErrorKind::Type,
                aggregate.expr.range,
                format!("`{name}` aggregates an instant vector, this is {}", found.with_article()),
            );
            self.report(match found {
                ValueType::Matrix => error
                    .help(format!("for one value per series write `{name}(rate(...[5m]))` or `{name}_over_time(...)`")),
                ValueType::Scalar | ValueType::String | ValueType::Vector => error,
            });
        }
    }
}

/// The operator in words that fit behind "the".
fn family(op: BinaryOp) -> &'static str {
    if op.is_set() {
        "set operator"
    } else if op.is_comparison() {
        "comparison"
    } else {
        "operator"
    }
}
