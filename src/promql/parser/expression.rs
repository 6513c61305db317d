//! Operators by precedence, and what stands between them.

use smol_str::SmolStr;

use crate::promql::keyword::{Keyword, can_name_metric, keyword};
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::number;
use crate::promql::operator::Precedence;
use crate::promql::parser::grouping::BinaryModifiers;
use crate::promql::parser::{Parsed, Parser};
use crate::promql::{
    Binary, BinaryOp, Call, Dialect, Error, Expr, ExprKind, Modifiers, Number, Ranged, Selector, TextRange, UnaryOp,
};

impl Parser<'_> {
    /// Reads operands and operators that bind at least this tightly.
    pub(super) fn expression(&mut self, least: Precedence) -> Parsed<Expr> {
        self.enter()?;
        let result = self.operation(least);
        self.leave();
        result
    }

    fn operation(&mut self, least: Precedence) -> Parsed<Expr> {
        let start = self.peek().start;
        let mut lhs = self.operand()?;
        while let Some(op) = self.binary_operator() {
            let precedence = op.precedence();
            if precedence < least {
                break;
            }
            let height = self.height;
            let op = self.take_operator(op);
            let modifiers = self.binary_modifiers(&op)?;
            let rhs = self.expression(if op.value == BinaryOp::Pow { precedence } else { precedence.tighter() })?;
            self.grow(height.max(self.height))?;
            lhs = combine(lhs, op, modifiers, rhs, start);
        }
        Ok(lhs)
    }

    /// The operator that stands here, also one that is meant but spelled as in other languages.
    fn binary_operator(&self) -> Option<BinaryOp> {
        Some(match self.peek().kind {
            TokenKind::Add => BinaryOp::Add,
            TokenKind::Sub => BinaryOp::Sub,
            TokenKind::Mul => BinaryOp::Mul,
            TokenKind::Div => BinaryOp::Div,
            TokenKind::Mod => BinaryOp::Mod,
            TokenKind::Pow => BinaryOp::Pow,
            TokenKind::Equal | TokenKind::Assign | TokenKind::RegexMatch => BinaryOp::Equal,
            TokenKind::NotEqual | TokenKind::RegexNoMatch | TokenKind::Unequal => BinaryOp::NotEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::GreaterEqual | TokenKind::Arrow => BinaryOp::GreaterEqual,
            TokenKind::LessEqual => BinaryOp::LessEqual,
            TokenKind::TrimUpper => BinaryOp::TrimUpper,
            TokenKind::TrimLower => BinaryOp::TrimLower,
            TokenKind::Ampersand | TokenKind::Word(Some(Keyword::And)) => BinaryOp::And,
            TokenKind::Pipe | TokenKind::Word(Some(Keyword::Or)) => BinaryOp::Or,
            TokenKind::Word(Some(Keyword::Unless)) => BinaryOp::Unless,
            TokenKind::Word(Some(Keyword::Atan2)) => BinaryOp::Atan2,
            _ => return None,
        })
    }

    /// Takes the operator, and reports it if it is spelled as in other languages.
    fn take_operator(&mut self, op: BinaryOp) -> Ranged<BinaryOp> {
        let token = self.advance();
        let next = self.peek();
        if token.kind == TokenKind::Assign && next.kind == TokenKind::Not && next.start == token.end {
            let range = TextRange { start: token.start, end: self.advance().end };
            let error = Error::syntax(range, "`=!` is no operator of PromQL").help("write `!=`");
            self.report(error.replacement(range, "!="));
            return Ranged { value: BinaryOp::NotEqual, range };
        }
        let spelling = self.slice(token);
        let message = match token.kind {
            TokenKind::Assign => Some("`=` compares labels within braces only".to_owned()),
            TokenKind::RegexMatch | TokenKind::RegexNoMatch => {
                Some(format!("`{spelling}` matches labels within braces only"))
            }
            TokenKind::Arrow | TokenKind::Unequal | TokenKind::Ampersand | TokenKind::Pipe => {
                Some(format!("`{spelling}` is no operator of PromQL"))
            }
            _ => None,
        };
        if let Some(message) = message {
            let error = Error::syntax(token.range(), message);
            self.report(match token.kind {
                TokenKind::Assign if self.peek().kind == TokenKind::String => {
                    error.help("labels are matched within braces: `metric{label=\"value\"}`")
                }
                TokenKind::RegexMatch | TokenKind::RegexNoMatch => {
                    error.help(format!("put it into a selector: `metric{{label{spelling}\"...\"}}`"))
                }
                _ => error.help(format!("write `{}`", op.as_str())).replacement(token.range(), op.as_str()),
            });
        }
        Ranged { value: op, range: token.range() }
    }

    /// One operand: a sign and what it stands before, or a value with its range, offset and `@`.
    fn operand(&mut self) -> Parsed<Expr> {
        match self.peek().kind {
            TokenKind::Add => return self.signed(UnaryOp::Plus),
            TokenKind::Sub => return self.signed(UnaryOp::Minus),
            _ => self.height = 0,
        }
        let expr = self.primary()?;
        match self.peek().kind {
            TokenKind::LeftBracket | TokenKind::At | TokenKind::LeftBrace | TokenKind::Word(Some(_)) => {
                self.postfix(expr)
            }
            _ => Ok(expr),
        }
    }

    fn signed(&mut self, op: UnaryOp) -> Parsed<Expr> {
        let token = self.advance();
        let expr = Box::new(self.expression(Precedence::Power)?);
        self.grow(self.height)?;
        let range = TextRange { start: token.start, end: expr.range.end };
        Ok(Expr { kind: ExprKind::Unary(op, expr), range })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        match token.kind {
            TokenKind::Number | TokenKind::Duration | TokenKind::Word(Some(Keyword::Inf | Keyword::Nan)) => {
                self.number()
            }
            TokenKind::String => {
                let value = self.string()?;
                Ok(Expr { kind: ExprKind::String(value.value), range: value.range })
            }
            TokenKind::LeftParen => self.paren(),
            TokenKind::LeftBrace => self.selector(None),
            TokenKind::MetricName => self.selector_or_call(),
            TokenKind::Word(keyword) => self.word(keyword),
            TokenKind::Variable => self.variable(),
            TokenKind::BadNumber | TokenKind::SmartQuote => {
                self.expected("an expression");
                self.advance();
                Ok(Self::placeholder(token.range()))
            }
            _ => Err(self.expected("an expression")),
        }
    }

    fn word(&mut self, keyword: Option<Keyword>) -> Parsed<Expr> {
        let next = self.ahead(1);
        if let Some(Keyword::Aggregate(op)) = keyword
            && (next.kind == TokenKind::LeftParen || matches!(next.keyword(), Some(Keyword::By | Keyword::Without)))
        {
            return self.aggregate(op);
        }
        if !can_name_metric(keyword) {
            return Err(self.expected("an expression"));
        }
        self.selector_or_call()
    }

    fn selector_or_call(&mut self) -> Parsed<Expr> {
        match self.ahead(1).kind {
            TokenKind::LeftParen => self.call(),
            TokenKind::LeftBrace => {
                let name = self.name();
                self.selector(Some(name))
            }
            _ => Ok(self.bare_selector()),
        }
    }

    /// A name as it is written.
    fn name(&mut self) -> Ranged<SmolStr> {
        let token = self.advance();
        Ranged { value: SmolStr::from(self.slice(token)), range: token.range() }
    }

    fn bare_selector(&mut self) -> Expr {
        let name = self.name();
        let range = name.range;
        let selector = Selector { name: Some(name), matchers: Vec::new(), modifiers: Modifiers::default() };
        Expr { kind: ExprKind::Selector(Box::new(selector)), range }
    }

    fn call(&mut self) -> Parsed<Expr> {
        let function = self.function_name();
        let args = self.arguments(&function.value)?;
        let range = self.since(function.range.start);
        Ok(Expr { kind: ExprKind::Call(Call { function, args }), range })
    }

    /// The name of a function; those that are keywords are written in any case.
    fn function_name(&mut self) -> Ranged<SmolStr> {
        let keyword = self.peek().keyword();
        let mut name = self.name();
        if let Some(Keyword::Start | Keyword::End | Keyword::Step | Keyword::Range | Keyword::MinOf | Keyword::MaxOf) =
            keyword
        {
            name.value = SmolStr::from(name.value.to_ascii_lowercase());
        }
        name
    }

    /// `(a, b, ...)`; goes on after a faulty argument.
    pub(super) fn arguments(&mut self, function: &str) -> Parsed<Vec<Expr>> {
        let open = self.advance();
        self.parens += 1;
        let args = self.arguments_behind(open, function);
        self.parens -= 1;
        args
    }

    fn arguments_behind(&mut self, open: Token, function: &str) -> Parsed<Vec<Expr>> {
        let mut args = Vec::new();
        let mut height = 0;
        if self.accept(TokenKind::RightParen).is_some() {
            self.grow(0)?;
            return Ok(args);
        }
        loop {
            let start = self.peek().start;
            self.may_be_empty = function == "info" && args.len() == 1;
            if let Ok(expr) = self.expression(Precedence::Or) {
                args.push(expr);
            } else {
                self.recover(&[TokenKind::Comma, TokenKind::RightParen])?;
                args.push(Self::placeholder(self.since(start)));
            }
            height = height.max(self.height);
            self.early_grouping(function)?;
            if self.accept(TokenKind::RightParen).is_some() {
                break;
            }
            let Some(comma) = self.accept(TokenKind::Comma) else {
                self.unclosed(open, &format!("the call of `{function}`"), "`,` or `)`")?;
                break;
            };
            if self.accept(TokenKind::RightParen).is_some() {
                self.trailing_comma(comma, function);
                break;
            }
        }
        self.grow(height)?;
        Ok(args)
    }

    /// `by (...)` within the brackets of an aggregation instead of before or behind them.
    fn early_grouping(&mut self, function: &str) -> Parsed<()> {
        let token = self.peek();
        if !matches!(token.keyword(), Some(Keyword::By | Keyword::Without)) {
            return Ok(());
        }
        let word = self.slice(token);
        let error = match keyword(function.as_bytes()) {
            Some(Keyword::Aggregate(_)) => {
                Error::syntax(token.range(), format!("`{word}` stands within the brackets of `{function}`"))
                    .help(format!("put it before them: `{function} {word} (label, ...) (...)`"))
            }
            _ => self.unexpected("`,` or `)`"),
        };
        self.report(error);
        self.grouping()?;
        Ok(())
    }

    #[cold]
    fn trailing_comma(&mut self, comma: Token, function: &str) {
        self.report(
            Error::syntax(comma.range(), format!("a comma behind the last argument of `{function}`"))
                .help("leave it out")
                .replacement(comma.range(), ""),
        );
    }

    fn paren(&mut self) -> Parsed<Expr> {
        let open = self.advance();
        self.parens += 1;
        let inner = self.expression(Precedence::Or);
        self.parens -= 1;
        let Ok(inner) = inner else {
            self.recover(&[TokenKind::RightParen])?;
            self.advance();
            return Ok(Self::placeholder(self.since(open.start)));
        };
        if self.accept(TokenKind::RightParen).is_none() {
            self.unclosed(open, "the bracket", "an operator or `)`")?;
        }
        self.grow(self.height)?;
        Ok(Expr { kind: ExprKind::Paren(Box::new(inner)), range: self.since(open.start) })
    }

    fn number(&mut self) -> Parsed<Expr> {
        let token = self.advance();
        let text = self.slice(token);
        if token.kind == TokenKind::Duration {
            self.check_duration(token)?;
        } else if token.kind == TokenKind::Number && !number::value(text).is_some_and(f64::is_finite) {
            return Err(self.report(Error::syntax(token.range(), "the number is out of range")));
        }
        Ok(Expr { kind: ExprKind::Number(Number { text: SmolStr::from(text) }), range: token.range() })
    }

    /// A template variable: a name where something stands behind it that only names have, else a whole expression.
    fn variable(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        self.check_variable(token)?;
        let text = SmolStr::from(self.slice(token));
        if self.dialect == Dialect::Dashboard {
            let next = self.ahead(1);
            let is_name = matches!(next.kind, TokenKind::LeftBrace | TokenKind::LeftBracket | TokenKind::LeftParen)
                || matches!(next.keyword(), Some(Keyword::Offset | Keyword::Anchored | Keyword::Smoothed))
                || next.kind == TokenKind::At
                || !is_one_variable(&text);
            if is_name && !text.starts_with(|first: char| first.is_ascii_digit()) {
                return self.selector_or_call();
            }
        }
        self.advance();
        Ok(Expr { kind: ExprKind::Variable(text), range: token.range() })
    }
}

/// The operation of both sides.
fn combine(lhs: Expr, op: Ranged<BinaryOp>, modifiers: Option<Box<BinaryModifiers>>, rhs: Expr, start: u32) -> Expr {
    let range = TextRange { start, end: rhs.range.end };
    let BinaryModifiers { returns_bool, matching, fill } = modifiers.map(|modifiers| *modifiers).unwrap_or_default();
    Expr { kind: ExprKind::Binary(Box::new(Binary { op, lhs, rhs, returns_bool, matching, fill })), range }
}

/// Whether the text is a variable and nothing else.
fn is_one_variable(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    let (open, close) = match rest.as_bytes().first() {
        Some(b'{') => ("{", '}'),
        Some(b'[') => ("[[", ']'),
        _ => return !rest.contains(['$', '[']) && text.starts_with('$'),
    };
    rest.starts_with(open) && rest.trim_end_matches(close).find(close).is_none()
}
