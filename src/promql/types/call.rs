//! The arguments of functions: how many, of which types.

use crate::promql::functions::{Function, function, function_by_any_name};
use crate::promql::types::{Checker, Inferred};
use crate::promql::{
    Aggregate, Call, Duration, DurationKind, Error, ErrorKind, Expr, ExprKind, Matrix, Modifiers, Selector, TextRange,
    ValueType, Version, print_line,
};

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, range: TextRange) -> Inferred {
        let name = &call.function.value;
        if name.starts_with(['$', '[']) {
            for arg in &call.args {
                self.expr(arg);
            }
            return None;
        }
        let Some(function) = self.known(name) else {
            self.unknown_function(call);
            for arg in &call.args {
                self.expr(arg);
            }
            return None;
        };
        if function.name == name {
            self.available(format_args!("the function `{name}`"), call.function.range, function.availability);
        }
        self.arity(function, call, range);
        if let Some(error) = swapped(function, call) {
            self.report(error);
            for arg in &call.args {
                self.expr(arg);
            }
            return Some(function.returns);
        }
        for (place, arg) in call.args.iter().enumerate() {
            let found = if name == "info" && place == 1 { self.info_matchers(arg) } else { self.expr(arg) };
            let expected = function.arg(place);
            if let (Some(found), Some(expected)) = (found, expected)
                && found != expected
                && function.most().is_none_or(|most| place < most)
            {
                self.report(wrong_argument(function, place, expected, found, arg));
            }
        }
        Some(function.returns)
    }

    /// The function of this name, also the one that Prometheus 3.0 renamed.
    fn known(&self, name: &str) -> Option<&'static Function> {
        let version = self.options.version;
        if version < Version::new(3, 0) || version == Version::ANY {
            function_by_any_name(name)
        } else {
            function(name)
        }
    }

    fn arity(&mut self, function: &Function, call: &Call, range: TextRange) {
        let count = call.args.len();
        let range = match function.most() {
            Some(most) if count > most => TextRange {
                start: call.args.get(most).map_or(range.start, |arg| arg.range.start),
                end: call.args.last().map_or(range.end, |arg| arg.range.end),
            },
            _ if count < function.least() => range,
            _ => return,
        };
        let name = function.name;
        let takes = match (function.least(), function.most()) {
            (least, Some(most)) if least == most => plural(most),
            (least, Some(most)) => format!("{least} to {}", plural(most)),
            (least, None) => format!("at least {}", plural(least)),
        };
        self.report(
            Error::new(ErrorKind::WrongArgument, range, format!("`{name}` takes {takes}, found {count}"))
                .help(format!("it is called as `{}`", signature(function))),
        );
    }

    /// The second argument of `info`: braces with matchers, which may match everything.
    fn info_matchers(&mut self, arg: &Expr) -> Inferred {
        let ExprKind::Selector(selector) = &arg.kind else {
            let found = self.expr(arg);
            if found == Some(ValueType::Vector) {
                self.report(only_matchers(arg.range));
            }
            return found;
        };
        // A name in quotes stands behind the brace, a bare one where the selector begins.
        if selector.name.as_ref().is_some_and(|name| name.range.start == arg.range.start) {
            self.report(only_matchers(arg.range));
        }
        self.matchers(selector);
        Some(ValueType::Vector)
    }
}

/// Two arguments that would be right the other way round.
fn swapped(function: &Function, call: &Call) -> Option<Error> {
    let ([first, second], [one, two]) = (function.args, call.args.as_slice()) else { return None };
    if first == second || one.value_type() != *second || two.value_type() != *first {
        return None;
    }
    let name = function.name;
    let range = TextRange { start: one.range.start, end: two.range.end };
    let right = format!("{}, {}", print_line(two), print_line(one));
    let error = Error::new(ErrorKind::WrongArgument, range, format!("the arguments of `{name}` are swapped"));
    Some(error.help(format!("write `{name}({right})`")).replacement(range, right))
}

fn only_matchers(range: TextRange) -> Error {
    Error::new(ErrorKind::WrongArgument, range, "the second argument of `info` is a list of matchers in braces")
        .help("write for instance `info(metric, {__name__=\"target_info\"})`")
}

fn plural(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

/// How a function is called: `clamp(instant vector, scalar, scalar)`.
fn signature(function: &Function) -> String {
    let mut args: Vec<String> = function.args.iter().map(ToString::to_string).collect();
    if function.least() < function.args.len()
        && let Some(last) = args.last_mut()
    {
        *last = if function.most().is_some_and(|most| most == function.args.len()) {
            format!("[{last}]")
        } else {
            format!("{last} ...")
        };
    }
    format!("{}({})", function.name, args.join(", "))
}

fn wrong_argument(function: &Function, place: usize, expected: ValueType, found: ValueType, arg: &Expr) -> Error {
    let name = function.name;
    let which = match (function.args.len(), place) {
        (1, _) => format!("`{name}` takes"),
        (_, 0) => format!("the first argument of `{name}` is"),
        (_, 1) => format!("the second argument of `{name}` is"),
        (_, 2) => format!("the third argument of `{name}` is"),
        _ => format!("argument {} of `{name}` is", place + 1),
    };
    let error = Error::new(
        ErrorKind::WrongArgument,
        arg.range,
        format!("{which} {}, found {}", expected.with_article(), found.with_article()),
    );
    match (expected, found) {
        (ValueType::Matrix, ValueType::Vector) => missing_range(function, error, arg),
        (ValueType::Vector, ValueType::Matrix) => error.help(format!(
            "leave the range out, or make one value of it first: `{name}(rate(...))`, `{name}(max_over_time(...))`"
        )),
        (ValueType::Vector, ValueType::Scalar) => error.help("put it into `vector(...)`"),
        (ValueType::Scalar, ValueType::Vector) => {
            error.help("put it into `scalar(...)`, which needs exactly one series")
        }
        (ValueType::String, _) => error.help("put the text in quotes"),
        (_, _) => error.help(format!("it is called as `{}`", signature(function))),
    }
}

/// The range that a selector lacks, or where it belongs.
fn missing_range(function: &Function, error: Error, arg: &Expr) -> Error {
    let name = function.name;
    match &arg.kind {
        ExprKind::Selector(selector) => {
            let ranged = with_range(selector, arg.range);
            error.help(format!("write `{name}({ranged})`")).replacement(arg.range, ranged)
        }
        ExprKind::Aggregate(aggregate) if function.args.len() == 1 => {
            let Aggregate { op, expr, .. } = &**aggregate;
            match &expr.kind {
                ExprKind::Selector(selector) => error.help(format!(
                    "aggregate last: `{}({name}({}))`",
                    op.value.as_str(),
                    with_range(selector, expr.range)
                )),
                _ => error.help("aggregate last, over the function; or write a subquery: `(...)[5m:]`"),
            }
        }
        _ => error.help("for the values over time write a subquery: `(...)[5m:]`"),
    }
}

fn with_range(selector: &Selector, range: TextRange) -> String {
    let window = Duration { kind: DurationKind::Millis(300_000), range: TextRange::default() };
    let selector = Selector { modifiers: Modifiers::clone(&selector.modifiers), ..selector.clone() };
    print_line(&Expr { kind: ExprKind::Matrix(Box::new(Matrix { selector, selector_range: range, window })), range })
}
