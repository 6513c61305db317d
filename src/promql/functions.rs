//! The functions of PromQL: what they take, what they return, since when they exist.

use crate::promql::ValueType::{self, Matrix, Scalar, String as Text, Vector};
use crate::promql::{Availability, Flag};

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The types of the arguments; the last one stands for all that follow.
    pub args: &'static [ValueType],
    /// How many arguments there may be.
    pub arity: Arity,
    /// The type of the value.
    pub returns: ValueType,
    /// Since when it exists.
    pub availability: Availability,
}

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// As many as types are listed.
    Exact,
    /// The last listed one can be left out, or stand for up to so many arguments.
    UpTo(usize),
    /// The last listed one can be left out, or stand for any number of arguments.
    Any,
}

impl Function {
    /// The fewest arguments.
    #[must_use]
    pub fn least(&self) -> usize {
        match self.arity {
            Arity::Exact => self.args.len(),
            Arity::UpTo(_) | Arity::Any => self.args.len().saturating_sub(1),
        }
    }

    /// The most arguments; nothing if there is no limit.
    #[must_use]
    pub fn most(&self) -> Option<usize> {
        match self.arity {
            Arity::Exact => Some(self.args.len()),
            Arity::UpTo(last) => Some(self.least() + last),
            Arity::Any => None,
        }
    }

    /// The type of the argument at this place.
    #[must_use]
    pub fn arg(&self, place: usize) -> Option<ValueType> {
        self.args.get(place).or(self.args.last()).copied()
    }
}

/// The function of this name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().map(|index| &FUNCTIONS[index])
}

/// The name before Prometheus 3.0 of `double_exponential_smoothing`.
pub(crate) const HOLT_WINTERS: &str = "holt_winters";

/// The function of this name, also by a name that it had once.
pub(crate) fn function_by_any_name(name: &str) -> Option<&'static Function> {
    function(if name == HOLT_WINTERS { "double_exponential_smoothing" } else { name })
}

/// All functions, by name.
#[must_use]
pub fn functions() -> &'static [Function] {
    &FUNCTIONS
}

const fn exact(name: &'static str, args: &'static [ValueType], returns: ValueType) -> Function {
    Function { name, args, arity: Arity::Exact, returns, availability: Availability::ALWAYS }
}

const fn up_to(name: &'static str, args: &'static [ValueType], last: usize, returns: ValueType) -> Function {
    Function { name, args, arity: Arity::UpTo(last), returns, availability: Availability::ALWAYS }
}

const fn any(name: &'static str, args: &'static [ValueType], returns: ValueType) -> Function {
    Function { name, args, arity: Arity::Any, returns, availability: Availability::ALWAYS }
}

impl Function {
    const fn since(self, major: u16, minor: u16) -> Self {
        Self { availability: Availability::since(major, minor), ..self }
    }

    const fn experimental(self, major: u16, minor: u16) -> Self {
        Self { availability: Availability::behind(Flag::ExperimentalFunctions, major, minor), ..self }
    }

    const fn stable(self, major: u16, minor: u16) -> Self {
        Self { availability: self.availability.stable(major, minor), ..self }
    }
}

/// Sorted by name.
static FUNCTIONS: [Function; 91] = [
    exact("abs", &[Vector], Vector),
    exact("absent", &[Vector], Vector),
    exact("absent_over_time", &[Matrix], Vector),
    exact("acos", &[Vector], Vector),
    exact("acosh", &[Vector], Vector),
    exact("asin", &[Vector], Vector),
    exact("asinh", &[Vector], Vector),
    exact("atan", &[Vector], Vector),
    exact("atanh", &[Vector], Vector),
    exact("avg_over_time", &[Matrix], Vector),
    exact("ceil", &[Vector], Vector),
    exact("changes", &[Matrix], Vector),
    exact("clamp", &[Vector, Scalar, Scalar], Vector),
    exact("clamp_max", &[Vector, Scalar], Vector),
    exact("clamp_min", &[Vector, Scalar], Vector),
    exact("cos", &[Vector], Vector),
    exact("cosh", &[Vector], Vector),
    exact("count_over_time", &[Matrix], Vector),
    up_to("day_of_month", &[Vector], 1, Vector),
    up_to("day_of_week", &[Vector], 1, Vector),
    up_to("day_of_year", &[Vector], 1, Vector),
    up_to("days_in_month", &[Vector], 1, Vector),
    exact("deg", &[Vector], Vector),
    exact("delta", &[Matrix], Vector),
    exact("deriv", &[Matrix], Vector),
    exact("double_exponential_smoothing", &[Matrix, Scalar, Scalar], Vector).experimental(3, 0),
    exact("end", &[], Scalar).experimental(3, 12),
    exact("exp", &[Vector], Vector),
    exact("first_over_time", &[Matrix], Vector).experimental(3, 7).stable(3, 14),
    exact("floor", &[Vector], Vector),
    exact("histogram_avg", &[Vector], Vector).since(2, 51),
    exact("histogram_count", &[Vector], Vector),
    exact("histogram_fraction", &[Scalar, Scalar, Vector], Vector),
    exact("histogram_quantile", &[Scalar, Vector], Vector),
    up_to("histogram_quantiles", &[Vector, Text, Scalar, Scalar], 9, Vector).experimental(3, 11),
    exact("histogram_stddev", &[Vector], Vector).since(2, 47),
    exact("histogram_stdvar", &[Vector], Vector).since(2, 47),
    exact("histogram_sum", &[Vector], Vector),
    up_to("hour", &[Vector], 1, Vector),
    exact("idelta", &[Matrix], Vector),
    exact("increase", &[Matrix], Vector),
    up_to("info", &[Vector, Vector], 1, Vector).experimental(3, 0),
    exact("integral", &[Matrix], Vector).experimental(3, 16),
    exact("irate", &[Matrix], Vector),
    any("label_join", &[Vector, Text, Text, Text], Vector),
    exact("label_replace", &[Vector, Text, Text, Text, Text], Vector),
    exact("last_over_time", &[Matrix], Vector),
    exact("ln", &[Vector], Vector),
    exact("log10", &[Vector], Vector),
    exact("log2", &[Vector], Vector),
    exact("mad_over_time", &[Matrix], Vector).experimental(2, 49),
    exact("max_of", &[Scalar, Scalar], Scalar).experimental(3, 13),
    exact("max_over_time", &[Matrix], Vector),
    exact("min_of", &[Scalar, Scalar], Scalar).experimental(3, 13),
    exact("min_over_time", &[Matrix], Vector),
    up_to("minute", &[Vector], 1, Vector),
    up_to("month", &[Vector], 1, Vector),
    exact("pi", &[], Scalar),
    exact("predict_linear", &[Matrix, Scalar], Vector),
    exact("present_over_time", &[Matrix], Vector),
    exact("quantile_over_time", &[Scalar, Matrix], Vector),
    exact("rad", &[Vector], Vector),
    exact("range", &[], Scalar).experimental(3, 12),
    exact("rate", &[Matrix], Vector),
    exact("resets", &[Matrix], Vector),
    up_to("round", &[Vector, Scalar], 1, Vector),
    exact("scalar", &[Vector], Scalar),
    exact("sgn", &[Vector], Vector),
    exact("sin", &[Vector], Vector),
    exact("sinh", &[Vector], Vector),
    exact("sort", &[Vector], Vector),
    any("sort_by_label", &[Vector, Text], Vector).experimental(2, 49),
    any("sort_by_label_desc", &[Vector, Text], Vector).experimental(2, 49),
    exact("sort_desc", &[Vector], Vector),
    exact("sqrt", &[Vector], Vector),
    exact("start", &[], Scalar).experimental(3, 12),
    exact("start_timestamp", &[Vector], Vector).experimental(3, 14),
    exact("stddev_over_time", &[Matrix], Vector),
    exact("stdvar_over_time", &[Matrix], Vector),
    exact("step", &[], Scalar).experimental(3, 12),
    exact("sum_over_time", &[Matrix], Vector),
    exact("tan", &[Vector], Vector),
    exact("tanh", &[Vector], Vector),
    exact("time", &[], Scalar),
    exact("timestamp", &[Vector], Vector),
    exact("ts_of_first_over_time", &[Matrix], Vector).experimental(3, 7),
    exact("ts_of_last_over_time", &[Matrix], Vector).experimental(3, 5),
    exact("ts_of_max_over_time", &[Matrix], Vector).experimental(3, 5),
    exact("ts_of_min_over_time", &[Matrix], Vector).experimental(3, 5),
    exact("vector", &[Scalar], Vector),
    up_to("year", &[Vector], 1, Vector),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_for_the_search() {
        assert!(FUNCTIONS.is_sorted_by(|one, next| one.name < next.name));
        assert_eq!(function("rate").map(|function| function.returns), Some(Vector));
        assert_eq!(function("round").map(|function| (function.least(), function.most())), Some((1, Some(2))));
    }
}
