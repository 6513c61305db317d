//! The one printer: canonical, and wrapped so that a person can read it.

mod flat;
mod pieces;

use crate::promql::print::flat::{flat, needs_brackets};
use crate::promql::print::pieces::{
    aggregate_head, matcher, modifiers, needs_braces, operator, window, window_and_step,
};
use crate::promql::{Binary, Duration, Expr, ExprKind, Selector};

/// Columns of a line; what does not fit is split.
pub const WIDTH: usize = 100;

/// Columns a level of brackets is indented by.
const INDENT: usize = 2;

/// An expression as text: on one line if it fits into [`WIDTH`] columns, else split at its operators and brackets.
///
/// Reading the text gives the same tree. Brackets are added where a tree that was built needs them.
#[must_use]
pub fn print(expr: &Expr) -> String {
    print_within(expr, WIDTH)
}

/// An expression as [`print()`] writes it, for lines of another width.
#[must_use]
pub fn print_within(expr: &Expr, width: usize) -> String {
    let mut printer = Printer { out: String::with_capacity(WIDTH), width };
    printer.expr(expr, 0, 0);
    printer.out
}

/// Replaces a text by an expression as [`print()`] writes it; the room of the text is used again.
pub(crate) fn print_over(text: &mut String, expr: &Expr) {
    let mut printer = Printer { out: std::mem::take(text), width: WIDTH };
    printer.out.clear();
    printer.expr(expr, 0, 0);
    *text = printer.out;
}

/// An expression on one line, however long.
#[must_use]
pub fn print_line(expr: &Expr) -> String {
    let mut out = String::with_capacity(WIDTH);
    flat(&mut out, expr, usize::MAX);
    out
}

/// Appends a text as a string of PromQL: in quotes, escaped.
pub fn push_string(out: &mut String, text: &str) {
    pieces::string(out, text);
}

struct Printer {
    out: String,
    width: usize,
}

impl Printer {
    /// Writes an expression whose line is indented already; `reserved` columns are needed behind it.
    fn expr(&mut self, expr: &Expr, indent: usize, reserved: usize) {
        if !self.fits(expr, reserved) {
            self.split(expr, indent, reserved);
        }
    }

    /// Writes an expression on the current line if it fits.
    fn fits(&mut self, expr: &Expr, reserved: usize) -> bool {
        let start = self.out.len();
        let line = self.out.rfind('\n').map_or(0, |newline| newline + 1);
        let limit = (line + self.width).saturating_sub(reserved);
        if flat(&mut self.out, expr, limit) {
            return true;
        }
        self.out.truncate(start);
        false
    }

    fn split(&mut self, expr: &Expr, indent: usize, reserved: usize) {
        match &expr.kind {
            ExprKind::Number(_) | ExprKind::String(_) | ExprKind::Variable(_) => {
                flat(&mut self.out, expr, usize::MAX);
            }
            ExprKind::Selector(selector) => self.selector(selector, None, indent),
            ExprKind::Matrix(matrix) => self.selector(&matrix.selector, Some(&matrix.window), indent),
            ExprKind::Subquery(subquery) => {
                let mut suffix = String::new();
                window_and_step(&mut suffix, subquery);
                modifiers(&mut suffix, &subquery.modifiers);
                let inner = &subquery.expr;
                let bracketed = flat::needs_brackets_before_range(inner);
                self.bracketed(inner, bracketed, indent, reserved + suffix.len());
                self.out.push_str(&suffix);
            }
            ExprKind::Call(call) => {
                self.out.push_str(&call.function.value);
                self.arguments(call.args.iter(), indent);
            }
            ExprKind::Aggregate(aggregate) => {
                aggregate_head(&mut self.out, aggregate);
                self.arguments(aggregate.param.iter().chain([&aggregate.expr]), indent);
            }
            ExprKind::Binary(binary) => self.binary(binary, indent, reserved),
            ExprKind::Unary(op, inner) => {
                self.out.push_str(op.as_str());
                self.bracketed(inner, flat::needs_brackets_behind_sign(inner), indent, reserved);
            }
            ExprKind::Paren(inner) => self.bracketed(inner, true, indent, reserved),
        }
    }

    /// Each side on lines of its own, the operator with its modifiers between; a chain of `or`, or of
    /// `and` and `unless`, is split at each operator.
    fn binary(&mut self, binary: &Binary, indent: usize, reserved: usize) {
        let lhs_bracketed = needs_brackets(&binary.lhs, binary, flat::Position::Left);
        match &binary.lhs.kind {
            ExprKind::Binary(inner)
                if !lhs_bracketed
                    && binary.op.value.is_set()
                    && inner.op.value.precedence() == binary.op.value.precedence() =>
            {
                self.binary(inner, indent, 0);
            }
            _ => self.bracketed(&binary.lhs, lhs_bracketed, indent, 0),
        }
        if self.short_operand(binary, reserved) {
            return;
        }
        self.newline(indent);
        operator(&mut self.out, binary);
        self.newline(indent);
        let rhs_bracketed = needs_brackets(&binary.rhs, binary, flat::Position::Right);
        self.bracketed(&binary.rhs, rhs_bracketed, indent, reserved);
    }

    /// Writes ` op number` behind a left side that ends a line of its own, if there is room.
    fn short_operand(&mut self, binary: &Binary, reserved: usize) -> bool {
        if !matches!(binary.rhs.kind, ExprKind::Number(_)) || binary.matching.is_some() {
            return false;
        }
        let start = self.out.len();
        self.out.push(' ');
        operator(&mut self.out, binary);
        self.out.push(' ');
        if self.fits(&binary.rhs, reserved) {
            return true;
        }
        self.out.truncate(start);
        false
    }

    /// An expression with or without brackets; brackets stand on lines of their own when it does not fit on one.
    fn bracketed(&mut self, expr: &Expr, brackets: bool, indent: usize, reserved: usize) {
        if !brackets {
            self.expr(expr, indent, reserved);
            return;
        }
        let start = self.out.len();
        self.out.push('(');
        if self.fits(expr, reserved + 1) {
            self.out.push(')');
            return;
        }
        self.out.truncate(start);
        self.out.push('(');
        self.newline(indent + INDENT);
        self.expr(expr, indent + INDENT, 0);
        self.newline(indent);
        self.out.push(')');
    }

    /// Arguments on lines of their own; literals that follow each other share one.
    fn arguments<'a>(&mut self, args: impl Iterator<Item = &'a Expr>, indent: usize) {
        self.out.push('(');
        let mut args = args.peekable();
        if args.peek().is_none() {
            self.out.push(')');
            return;
        }
        let mut behind_literal = false;
        while let Some(arg) = args.next() {
            let is_literal = matches!(arg.kind, ExprKind::Number(_) | ExprKind::String(_));
            let more = args.peek().is_some();
            if !(behind_literal && is_literal && self.literal(arg, usize::from(more))) {
                self.newline(indent + INDENT);
                self.expr(arg, indent + INDENT, usize::from(more));
            }
            behind_literal = is_literal;
            if more {
                self.out.push(',');
            }
        }
        self.newline(indent);
        self.out.push(')');
    }

    /// Writes a literal behind another one, if there is room.
    fn literal(&mut self, literal: &Expr, reserved: usize) -> bool {
        let start = self.out.len();
        self.out.push(' ');
        if self.fits(literal, reserved) {
            return true;
        }
        self.out.truncate(start);
        false
    }

    /// A selector that is too wide: a line for each matcher.
    fn selector(&mut self, selector: &Selector, range: Option<&Duration>, indent: usize) {
        if selector.matchers.is_empty() {
            pieces::selector(&mut self.out, selector, range);
            return;
        }
        let mut parts: Vec<String> = Vec::new();
        if let Some(name) = &selector.name {
            if needs_braces(&name.value) {
                parts.push(pieces::quoted(&name.value));
            } else {
                self.out.push_str(&name.value);
            }
        }
        for each in &selector.matchers {
            let mut part = String::new();
            matcher(&mut part, each);
            parts.push(part);
        }
        self.out.push('{');
        let last = parts.len() - 1;
        for (index, part) in parts.iter().enumerate() {
            self.newline(indent + INDENT);
            self.out.push_str(part);
            if index < last {
                self.out.push(',');
            }
        }
        self.newline(indent);
        self.out.push('}');
        if let Some(range) = range {
            window(&mut self.out, range);
        }
        modifiers(&mut self.out, &selector.modifiers);
    }

    fn newline(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}
