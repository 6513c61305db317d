//! Tokens to tree: by hand, by precedence, with a place on every node and error.

mod aggregate;
mod duration;
mod expression;
mod grouping;
mod postfix;
mod selector;
mod string;
mod unexpected;
mod unit;

pub(crate) use aggregate::usage;
pub(crate) use string::BYTE_BLOCK;

use crate::promql::lexer::{Token, TokenKind, tokens};
use crate::promql::{Error, ErrorKind, Expr, ExprKind, TextRange};

/// The deepest nesting that is read; every walk over a tree fits a stack of one megabyte.
const MAX_DEPTH: u32 = 200;

/// No more faults than these are reported for one expression.
const MAX_ERRORS: usize = 20;

/// Where the text comes from, which decides what template variables mean in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Rules: PromQL as Prometheus reads it, without variables.
    #[default]
    Rule,
    /// Indicators: `$window`, `${window}`, `{{.window}}` stand for a duration.
    Sli,
    /// Dashboards: Grafana's variables stand in ranges, names and for whole expressions.
    Dashboard,
}

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// What template variables mean.
    pub dialect: Dialect,
}

impl ParseOptions {
    /// The options for a dialect.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect }
    }
}

/// Reads an expression.
///
/// # Errors
///
/// Every fault in the text, sorted by place; types are checked apart.
pub fn parse(text: &str, options: &ParseOptions) -> Result<Expr, Vec<Error>> {
    if u32::try_from(text.len()).is_err() {
        return Err(vec![Error::syntax(TextRange::default(), "the expression is longer than 4 GiB")]);
    }
    let mut parser = Parser {
        text,
        tokens: tokens(text, options.dialect),
        position: 0,
        errors: Vec::new(),
        dialect: options.dialect,
        depth: 0,
        height: 0,
        stopped: false,
        parens: 0,
        may_be_empty: false,
    };
    let expr = parser.whole();
    match expr {
        Ok(expr) if parser.errors.is_empty() => Ok(expr),
        Ok(_) | Err(Reported) => {
            parser.errors.sort_by_key(|error| error.range.start);
            Err(parser.errors)
        }
    }
}

/// A fault was pushed; the caller goes on at the next place that it can be sure of.
#[derive(Clone, Copy, Debug)]
struct Reported;

/// What could be read, or that a fault was reported.
type Parsed<T> = Result<T, Reported>;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    position: usize,
    errors: Vec<Error>,
    dialect: Dialect,
    /// How many brackets and signs are open.
    depth: u32,
    /// The height of the tree that was read last.
    height: u32,
    /// Whether reading has ended for good.
    stopped: bool,
    /// How many round brackets are open: one that closes too early closes one of them.
    parens: u32,
    /// Whether the next selector may be `{}`: it is the second argument of `info`.
    may_be_empty: bool,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Parsed<Expr> {
        if self.peek().kind == TokenKind::End {
            let end = u32::try_from(self.text.trim_end().len()).unwrap_or(0);
            return Err(self.report(
                Error::syntax(TextRange { start: 0, end }, "there is no expression")
                    .help("write one, for instance `sum(rate(http_requests_total[5m]))`"),
            ));
        }
        let expr = self.expression(crate::promql::operator::Precedence::Or)?;
        let next = self.peek();
        let error = match next.kind {
            TokenKind::End => return Ok(expr),
            TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => self.closes_nothing(next),
            _ => self.unexpected("an operator or the end of the expression"),
        };
        Err(self.report(error))
    }

    /// The next token.
    fn peek(&self) -> Token {
        self.ahead(0)
    }

    /// The token so many places ahead; the end repeats.
    fn ahead(&self, places: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.position + places).min(last)]
    }

    /// Takes the next token; the end stays.
    fn advance(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.position += 1;
        }
        token
    }

    /// Takes the next token if it is of this kind.
    fn accept(&mut self, kind: TokenKind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.advance())
    }

    /// The end of the token that was taken last.
    fn last_end(&self) -> u32 {
        match self.position.checked_sub(1) {
            Some(last) => self.tokens[last].end,
            None => 0,
        }
    }

    /// From a place to the end of the token that was taken last.
    fn since(&self, start: u32) -> TextRange {
        TextRange { start, end: self.last_end() }
    }

    /// The bytes of a token.
    fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// Keeps a fault.
    fn report(&mut self, error: Error) -> Reported {
        if !self.stopped {
            self.errors.push(error);
            if self.errors.len() >= MAX_ERRORS {
                self.stop();
            }
        }
        Reported
    }

    /// Ends reading: the rest of the text is not looked at.
    fn stop(&mut self) {
        self.stopped = true;
        self.position = self.tokens.len() - 1;
    }

    /// Counts a level of nesting.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Leaves a level of nesting.
    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Notes that a node stands on top of trees of this height.
    fn grow(&mut self, height: u32) -> Parsed<()> {
        self.height = height + 1;
        if self.height > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&mut self) -> Reported {
        let reported = self.report(
            Error::new(
                ErrorKind::Depth,
                self.peek().range(),
                format!("the expression is nested more than {MAX_DEPTH} levels deep here"),
            )
            .help("record a part of it under a name of its own"),
        );
        self.stop();
        reported
    }

    /// Goes on at one of these tokens after a fault, if there is one.
    fn recover(&mut self, stop: &[TokenKind]) -> Parsed<()> {
        if self.stopped || !self.skip_to(stop) { Err(Reported) } else { Ok(()) }
    }

    /// Skips to one of these tokens, over whole brackets; false at a bracket that closes something else, or the end.
    fn skip_to(&mut self, stop: &[TokenKind]) -> bool {
        let mut open: u32 = 0;
        loop {
            let kind = self.peek().kind;
            if open == 0 && stop.contains(&kind) {
                return true;
            }
            match kind {
                TokenKind::End => return false,
                TokenKind::LeftParen | TokenKind::LeftBrace | TokenKind::LeftBracket => open += 1,
                TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => {
                    if open == 0 {
                        return false;
                    }
                    open -= 1;
                }
                _ => {}
            }
            self.position += 1;
        }
    }

    /// What stands for an expression that could not be read.
    fn placeholder(range: TextRange) -> Expr {
        Expr { kind: ExprKind::Variable(smol_str::SmolStr::default()), range }
    }
}
