//! What stands behind a value: a range, a subquery, `offset`, `@`, `anchored`, `smoothed`.

use smol_str::SmolStr;

use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::number;
use crate::promql::parser::{Parsed, Parser, Reported};
use crate::promql::suggest::closest;
use crate::promql::{
    At, Dialect, Duration, Error, ErrorKind, Expr, ExprKind, Extended, Matrix, Modifiers, Ranged, Selector, Subquery,
    TextRange, ValueType, print_line,
};

/// Times are seconds within 64 bits with a sign.
const LATEST_TIME: f64 = 9_223_372_036_854_775_807.0;

/// What stands in square brackets.
enum Inside {
    /// A length: a range.
    Range(Duration),
    /// A length and a step, which can be left out: a subquery.
    Steps(Duration, Option<Duration>),
}

impl Parser<'_> {
    /// Reads everything that stands behind a value.
    pub(super) fn postfix(&mut self, mut expr: Expr) -> Parsed<Expr> {
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::LeftBracket => expr = self.brackets(expr)?,
                TokenKind::At => self.at(&mut expr)?,
                TokenKind::LeftBrace => return Err(self.misplaced_braces(&expr)),
                TokenKind::Word(Some(Keyword::Offset)) => self.offset(&mut expr)?,
                TokenKind::Word(Some(Keyword::Anchored)) => self.extended(&mut expr, Extended::Anchored),
                TokenKind::Word(Some(Keyword::Smoothed)) => self.extended(&mut expr, Extended::Smoothed),
                _ => return Ok(expr),
            }
        }
    }

    fn brackets(&mut self, expr: Expr) -> Parsed<Expr> {
        let open = self.advance();
        let height = self.height;
        let start = expr.range.start;
        let Ok(inner) = self.brackets_inside(open) else {
            self.recover(&[TokenKind::RightBracket])?;
            self.advance();
            self.height = height;
            return Ok(Self::placeholder(self.since(start)));
        };
        let brackets = self.since(open.start);
        let range = self.since(start);
        self.height = height;
        match inner {
            Inside::Steps(..) if self.dialect == Dialect::Sli && matches!(expr.kind, ExprKind::Variable(_)) => {
                Err(self.report(
                    Error::new(ErrorKind::Type, expr.range, "a subquery runs over an instant vector, this is a number")
                        .help("put the range behind a selector or function"),
                ))
            }
            Inside::Steps(window, step) => {
                self.grow(height)?;
                let subquery = Subquery { expr, window, step, modifiers: Modifiers::default() };
                Ok(Expr { kind: ExprKind::Subquery(Box::new(subquery)), range })
            }
            Inside::Range(window) => self.matrix(expr, window, brackets),
        }
    }

    /// `5m]` or `5m:1m]`.
    fn brackets_inside(&mut self, open: Token) -> Parsed<Inside> {
        let window = self.positive_duration()?;
        if self.accept(TokenKind::Colon).is_none() {
            self.close_brackets(open, "`]` or `:`")?;
            return Ok(Inside::Range(window));
        }
        let step = match self.peek().kind {
            TokenKind::RightBracket => None,
            _ => Some(self.positive_duration()?),
        };
        self.close_brackets(open, "`]`")?;
        Ok(Inside::Steps(window, step))
    }

    fn close_brackets(&mut self, open: Token, expected: &str) -> Parsed<()> {
        match self.accept(TokenKind::RightBracket) {
            Some(_) => Ok(()),
            None => self.unclosed(open, "the range", expected),
        }
    }

    fn matrix(&mut self, expr: Expr, window: Duration, brackets: TextRange) -> Parsed<Expr> {
        let selector_range = expr.range;
        let range = self.since(selector_range.start);
        let selector = match expr.kind {
            ExprKind::Selector(selector) => *selector,
            ExprKind::Variable(name) if name.is_empty() => return Ok(Self::placeholder(range)),
            kind => {
                let value_type = Expr { kind, range: selector_range }.value_type();
                return Err(self.no_selector(value_type, &window, brackets));
            }
        };
        let early = match &selector.modifiers {
            Modifiers { offset: Some(offset), .. } => Some(("offset", offset.range)),
            Modifiers { at: Some(at), .. } => Some(("@", at.range)),
            Modifiers { .. } => None,
        };
        let matrix = Expr { kind: ExprKind::Matrix(Box::new(Matrix { selector, selector_range, window })), range };
        if let Some((modifier, place)) = early {
            let right = print_line(&matrix);
            self.report(
                Error::syntax(brackets, format!("the range has to stand before `{modifier}`"))
                    .related(place, format!("`{modifier}` comes too early"))
                    .help(format!("write `{right}`"))
                    .replacement(range, right),
            );
        }
        Ok(matrix)
    }

    #[cold]
    fn no_selector(&mut self, before: ValueType, window: &Duration, brackets: TextRange) -> Reported {
        let written = &self.text[window.range.start as usize..window.range.end as usize];
        let error = Error::new(ErrorKind::Type, brackets, "a range stands behind something that is no selector");
        self.report(match before {
            ValueType::Vector => error
                .help(format!("for a subquery write `[{written}:]`"))
                .replacement(brackets, format!("[{written}:]")),
            ValueType::Matrix => error.help("there is a range already, put a function such as `rate(...)` around it"),
            ValueType::Scalar | ValueType::String => error.help("leave the range out"),
        })
    }

    fn offset(&mut self, expr: &mut Expr) -> Parsed<()> {
        let keyword = self.advance();
        let height = self.height;
        if self.peek().kind == TokenKind::End {
            return Err(self.report(
                Error::syntax(self.peek().range(), "`offset` has no duration")
                    .related(keyword.range(), "this needs one")
                    .help("write for instance `offset 5m`"),
            ));
        }
        let duration = self.offset_duration()?;
        self.height = height;
        let whole = self.since(expr.range.start);
        let Some(modifiers) = modifiers(expr) else {
            self.misplaced("offset", whole);
            return Ok(());
        };
        if let Some(first) = modifiers.offset.replace(duration).map(|first| first.range) {
            self.report(Error::syntax(whole, "`offset` is given twice").related(first, "the first one"));
        }
        expr.range = whole;
        Ok(())
    }

    fn at(&mut self, expr: &mut Expr) -> Parsed<()> {
        let sign = self.advance();
        let at = self.time(expr.range.start)?;
        let range = self.since(sign.start);
        let whole = self.since(expr.range.start);
        let Some(modifiers) = modifiers(expr) else {
            self.misplaced("@", whole);
            return Ok(());
        };
        if let Some(first) = modifiers.at.replace(Ranged { value: at, range }) {
            self.report(Error::syntax(whole, "`@` is given twice").related(first.range, "the first one"));
        }
        expr.range = whole;
        Ok(())
    }

    /// The time behind `@`; a fault of its size is shown from `start`.
    fn time(&mut self, start: u32) -> Parsed<At> {
        let first = self.peek();
        let boundary = match first.keyword() {
            Some(Keyword::Start) => Some(At::Start),
            Some(Keyword::End) => Some(At::End),
            _ => None,
        };
        if let Some(boundary) = boundary {
            self.advance();
            return if self.accept(TokenKind::LeftParen).is_some() && self.accept(TokenKind::RightParen).is_some() {
                Ok(boundary)
            } else {
                let word = self.slice(first);
                Err(self.report(
                    Error::syntax(first.range(), format!("`{word}` needs its brackets here"))
                        .help(format!("write `@ {word}()`")),
                ))
            };
        }
        if matches!(first.kind, TokenKind::Add | TokenKind::Sub) {
            self.advance();
        }
        let token = self.peek();
        match token.kind {
            TokenKind::Variable => self.check_variable(token)?,
            TokenKind::Number | TokenKind::Duration | TokenKind::Word(Some(Keyword::Inf | Keyword::Nan)) => {
                if !number::value(self.slice(token)).is_some_and(|seconds| seconds.abs() < LATEST_TIME) {
                    self.advance();
                    let range = self.since(start);
                    return Err(self.report(Error::syntax(range, "the time of `@` is out of range")));
                }
            }
            _ => {
                let mut error = self.unexpected("a time in seconds, `start()` or `end()`");
                let token = self.peek();
                if let Some(near) = closest(self.slice(token), ["start", "end"]) {
                    error = error.help(format!("did you mean `{near}`?")).replacement(token.range(), near);
                }
                return Err(self.report(error));
            }
        }
        self.advance();
        let sign = if first.kind == TokenKind::Sub { "-" } else { "" };
        Ok(At::Timestamp(SmolStr::from(format!("{sign}{}", self.slice(token)))))
    }

    fn extended(&mut self, expr: &mut Expr, extended: Extended) {
        let token = self.advance();
        let word = self.slice(token);
        let range = token.range();
        let whole = self.since(expr.range.start);
        let modifiers = match &mut expr.kind {
            ExprKind::Selector(selector) => &mut selector.modifiers,
            ExprKind::Matrix(matrix) => &mut matrix.selector.modifiers,
            ExprKind::Variable(name) if name.is_empty() => return,
            _ => {
                self.report(Error::syntax(whole, format!("`{word}` needs a selector or a range before it")));
                return;
            }
        };
        if let Some(first) = modifiers.extended.replace(Ranged { value: extended, range }) {
            self.report(
                Error::syntax(whole, "`anchored` or `smoothed` is given twice").related(first.range, "the first one"),
            );
        }
        expr.range = whole;
    }

    #[cold]
    fn misplaced_braces(&mut self, expr: &Expr) -> Reported {
        let range = self.peek().range();
        let error = match &expr.kind {
            ExprKind::Selector(selector) if !selector.matchers.is_empty() => {
                Error::syntax(range, "a second pair of braces").help("put all matchers into one pair")
            }
            ExprKind::Matrix(_) | ExprKind::Selector(_) => Error::syntax(range, "the braces come too late")
                .help("matchers stand right behind the name: `metric{label=\"value\"}[5m]`"),
            _ => Error::syntax(range, "matchers in braces need a metric name before them")
                .help("put them into the selector, or an operator before them"),
        };
        self.report(error.related(expr.range, "behind this"))
    }

    fn misplaced(&mut self, modifier: &str, range: TextRange) {
        self.report(
            Error::syntax(range, format!("`{modifier}` needs a selector, a range or a subquery before it"))
                .help(format!("put `{modifier}` right behind the selector")),
        );
    }
}

/// The place of `offset` and `@`, in expressions that have one.
fn modifiers(expr: &mut Expr) -> Option<&mut Modifiers> {
    match &mut expr.kind {
        ExprKind::Selector(selector) => Some(&mut selector.modifiers),
        ExprKind::Matrix(matrix) => {
            let Matrix { selector: Selector { modifiers, .. }, .. } = &mut **matrix;
            Some(modifiers)
        }
        ExprKind::Subquery(subquery) => Some(&mut subquery.modifiers),
        ExprKind::Number(_)
        | ExprKind::String(_)
        | ExprKind::Call(_)
        | ExprKind::Aggregate(_)
        | ExprKind::Binary(_)
        | ExprKind::Unary(..)
        | ExprKind::Paren(_)
        | ExprKind::Variable(_) => None,
    }
}
