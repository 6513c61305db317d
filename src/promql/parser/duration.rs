//! Durations: literals, variables, arithmetic.

use smol_str::SmolStr;

use crate::promql::duration::format_millis;
use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::number::{self, DurationFault};
use crate::promql::operator::Precedence;
use crate::promql::parser::unit::unit_of_time;
use crate::promql::parser::{Parsed, Parser, Reported};
use crate::promql::{AggregateOp, BinaryOp, Duration, DurationKind, Error, TextRange, UnaryOp};

impl Parser<'_> {
    /// A range or step in square brackets, which is longer than nothing.
    pub(super) fn positive_duration(&mut self) -> Parsed<Duration> {
        let duration = self.duration(Precedence::Sum)?;
        if literal(&duration).is_some_and(|millis| millis <= 0) {
            return Err(self.report(Error::syntax(duration.range, "a range has to be longer than 0")));
        }
        Ok(duration)
    }

    /// The duration of an offset: arithmetic only in brackets, so that `a offset 1m + b` adds `b`.
    pub(super) fn offset_duration(&mut self) -> Parsed<Duration> {
        let token = self.peek();
        let sign = match token.kind {
            TokenKind::Add => UnaryOp::Plus,
            TokenKind::Sub => UnaryOp::Minus,
            TokenKind::LeftParen => return self.duration(Precedence::Sum),
            _ => return self.duration_atom(),
        };
        if matches!(self.ahead(1).kind, TokenKind::Add | TokenKind::Sub) {
            return self.duration(Precedence::Sum);
        }
        self.advance();
        let operand = self.duration_atom()?;
        Ok(signed(sign, operand, token.start))
    }

    fn duration(&mut self, least: Precedence) -> Parsed<Duration> {
        self.enter()?;
        let result = self.duration_operation(least);
        self.leave();
        result
    }

    fn duration_operation(&mut self, least: Precedence) -> Parsed<Duration> {
        let start = self.peek().start;
        let mut lhs = match self.peek().kind {
            TokenKind::Add => self.signed_duration(UnaryOp::Plus)?,
            TokenKind::Sub => self.signed_duration(UnaryOp::Minus)?,
            _ => self.duration_atom()?,
        };
        let mut chain = 0;
        while let Some(op) = self.duration_operator() {
            let precedence = op.precedence();
            if precedence < least {
                break;
            }
            let token = self.advance();
            chain += 1;
            self.grow(chain)?;
            let rhs = self.duration(if op == BinaryOp::Pow { precedence } else { precedence.tighter() })?;
            let range = TextRange { start, end: rhs.range.end };
            if matches!(op, BinaryOp::Div | BinaryOp::Mod) && literal(&rhs) == Some(0) {
                return Err(self.divided_by_zero(TextRange { start: token.start, end: rhs.range.end }));
            }
            lhs = Duration { kind: DurationKind::Binary(op, Box::new(lhs), Box::new(rhs)), range };
        }
        Ok(lhs)
    }

    fn signed_duration(&mut self, op: UnaryOp) -> Parsed<Duration> {
        let token = self.advance();
        let operand = Box::new(self.duration(Precedence::Power)?);
        let range = TextRange { start: token.start, end: operand.range.end };
        Ok(Duration { kind: DurationKind::Unary(op, operand), range })
    }

    #[cold]
    fn divided_by_zero(&mut self, range: TextRange) -> Reported {
        self.report(Error::syntax(range, "a duration is divided by zero"))
    }

    fn duration_operator(&self) -> Option<BinaryOp> {
        match self.peek().kind {
            TokenKind::Add => Some(BinaryOp::Add),
            TokenKind::Sub => Some(BinaryOp::Sub),
            TokenKind::Mul => Some(BinaryOp::Mul),
            TokenKind::Div => Some(BinaryOp::Div),
            TokenKind::Mod => Some(BinaryOp::Mod),
            TokenKind::Pow => Some(BinaryOp::Pow),
            _ => None,
        }
    }

    fn duration_atom(&mut self) -> Parsed<Duration> {
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::Duration => {
                self.advance();
                DurationKind::Millis(self.check_duration(token)?)
            }
            TokenKind::Number => return self.seconds(),
            TokenKind::Variable => {
                self.check_variable(token)?;
                self.advance();
                DurationKind::Variable(SmolStr::from(self.slice(token)))
            }
            TokenKind::LeftParen => {
                self.advance();
                let inner = self.duration(Precedence::Sum)?;
                if self.accept(TokenKind::RightParen).is_none() {
                    self.unclosed(token, "the bracket", "an operator or `)`")?;
                }
                DurationKind::Paren(Box::new(inner))
            }
            TokenKind::Word(Some(Keyword::Step | Keyword::Range)) => self.duration_call(token, 0)?,
            TokenKind::Word(Some(Keyword::MinOf | Keyword::MaxOf)) => self.duration_call(token, 2)?,
            TokenKind::BadNumber | TokenKind::String => {
                self.no_duration();
                self.advance();
                return Ok(placeholder(token.range()));
            }
            TokenKind::Word(Some(Keyword::Aggregate(op @ (AggregateOp::Min | AggregateOp::Max))))
                if self.ahead(1).kind == TokenKind::LeftParen =>
            {
                let of = format!("{}_of", op.as_str());
                let error = self
                    .unexpected("a duration such as `5m`")
                    .help(format!("of two durations, write `{of}(..., ...)`"));
                return Err(self.report(error.replacement(token.range(), of)));
            }
            _ => return Err(self.no_duration()),
        };
        Ok(Duration { kind, range: self.since(token.start) })
    }

    fn duration_call(&mut self, token: Token, count: usize) -> Parsed<DurationKind> {
        self.advance();
        let name = SmolStr::from(self.slice(token).to_ascii_lowercase());
        let Some(open) = self.accept(TokenKind::LeftParen) else {
            return Err(self.expected("`(`"));
        };
        let mut args = Vec::new();
        while args.len() < count {
            args.push(self.duration(Precedence::Sum)?);
            if args.len() < count && self.accept(TokenKind::Comma).is_none() {
                return Err(self.expected("`,`"));
            }
        }
        if self.accept(TokenKind::RightParen).is_none() {
            self.unclosed(open, "the call", "`)`")?;
        }
        Ok(DurationKind::Call(name, args))
    }

    /// A number stands for seconds; a unit apart from its number is reported.
    fn seconds(&mut self) -> Parsed<Duration> {
        let token = self.advance();
        let digits = self.slice(token);
        let unit = self.peek();
        if let TokenKind::Word(_) = unit.kind
            && let Some(name) = unit_of_time(self.slice(unit))
        {
            let joined = format!("{digits}{name}");
            let range = TextRange { start: token.start, end: unit.end };
            self.advance();
            self.report(
                Error::syntax(range, "a duration has no space before its unit")
                    .help(format!("write `{joined}`"))
                    .replacement(range, joined),
            );
            return Ok(placeholder(range));
        }
        match number::value(digits).and_then(number::millis_of_seconds) {
            Some(millis) => Ok(Duration { kind: DurationKind::Millis(millis), range: token.range() }),
            None => Err(self.report(Error::syntax(token.range(), "the duration is longer than 292 years"))),
        }
    }

    /// The milliseconds of a duration token.
    pub(super) fn check_duration(&mut self, token: Token) -> Parsed<i64> {
        let text = self.slice(token);
        number::millis(text).map_err(|fault| {
            self.report(match fault {
                DurationFault::Range => Error::syntax(token.range(), "the duration is longer than 292 years"),
                DurationFault::Order => {
                    let error = Error::syntax(
                        token.range(),
                        format!("the units of `{text}` do not go from large to small, each once"),
                    );
                    match number::sum_of_parts(text).map(format_millis) {
                        Some(right) => error.help(format!("write `{right}`")).replacement(token.range(), right),
                        None => error,
                    }
                }
            })
        })
    }

    fn no_duration(&mut self) -> Reported {
        let token = self.peek();
        let text = self.slice(token);
        let error = self.unexpected("a duration such as `5m`");
        let error = match token.kind {
            TokenKind::String => {
                let inner = text.trim_matches(['"', '\'', '`']);
                error.help("durations have no quotes").replacement(token.range(), inner)
            }
            TokenKind::RightBracket => error.help("write the length of the range, for instance `[5m]`"),
            _ => error,
        };
        self.report(error)
    }
}

/// What stands for a duration that could not be read.
fn placeholder(range: TextRange) -> Duration {
    Duration { kind: DurationKind::Millis(1), range }
}

/// The milliseconds of a literal, also in brackets or with a sign.
fn literal(duration: &Duration) -> Option<i64> {
    match &duration.kind {
        DurationKind::Millis(millis) => Some(*millis),
        DurationKind::Paren(inner) | DurationKind::Unary(UnaryOp::Plus, inner) => literal(inner),
        DurationKind::Unary(UnaryOp::Minus, inner) => literal(inner).and_then(i64::checked_neg),
        DurationKind::Variable(_) | DurationKind::Binary(..) | DurationKind::Call(..) => None,
    }
}

/// A duration with a sign; literals take it in.
fn signed(sign: UnaryOp, operand: Duration, start: u32) -> Duration {
    let range = TextRange { start, end: operand.range.end };
    let kind = match (sign, operand.kind) {
        (UnaryOp::Plus, DurationKind::Millis(millis)) => DurationKind::Millis(millis),
        (UnaryOp::Minus, DurationKind::Millis(millis)) => DurationKind::Millis(-millis),
        (sign, kind) => DurationKind::Unary(sign, Box::new(Duration { kind, range: operand.range })),
    };
    Duration { kind, range }
}
