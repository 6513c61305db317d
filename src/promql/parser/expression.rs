//! Operators by precedence, and what stands between them.

use smol_str::SmolStr;

use crate::promql::keyword::{Keyword, can_name_metric};
use crate::promql::lexer::TokenKind;
use crate::promql::number;
use crate::promql::operator::Precedence;
use crate::promql::parser::{Parsed, Parser, Reported};
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
            let lhs_height = self.height;
            let op = self.take_operator(op);
            let modifiers = self.binary_modifiers(&op)?;
            let rhs = self.expression(if op.value == BinaryOp::Pow { precedence } else { precedence.tighter() })?;
            self.grow(lhs_height.max(self.height))?;
            let range = TextRange { start, end: rhs.range.end };
            let binary = Binary {
                op,
                lhs,
                rhs,
                returns_bool: modifiers.returns_bool,
                matching: modifiers.matching,
                fill: modifiers.fill,
            };
            lhs = Expr { kind: ExprKind::Binary(Box::new(binary)), range };
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
            TokenKind::NotEqual | TokenKind::RegexNoMatch => BinaryOp::NotEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::GreaterEqual | TokenKind::Arrow => BinaryOp::GreaterEqual,
            TokenKind::LessEqual => BinaryOp::LessEqual,
            TokenKind::TrimUpper => BinaryOp::TrimUpper,
            TokenKind::TrimLower => BinaryOp::TrimLower,
            TokenKind::Ampersand => BinaryOp::And,
            TokenKind::Pipe => BinaryOp::Or,
            TokenKind::Word(Some(Keyword::And)) => BinaryOp::And,
            TokenKind::Word(Some(Keyword::Or)) => BinaryOp::Or,
            TokenKind::Word(Some(Keyword::Unless)) => BinaryOp::Unless,
            TokenKind::Word(Some(Keyword::Atan2)) => BinaryOp::Atan2,
            _ => return None,
        })
    }

    /// Takes the operator, and reports it if it is spelled as in other languages.
    fn take_operator(&mut self, op: BinaryOp) -> Ranged<BinaryOp> {
        let token = self.advance();
        let spelling = self.slice(token);
        let message = match token.kind {
            TokenKind::Assign => Some("`=` compares labels within braces only".to_owned()),
            TokenKind::RegexMatch | TokenKind::RegexNoMatch => {
                Some(format!("`{spelling}` matches labels within braces only"))
            }
            TokenKind::Arrow | TokenKind::Ampersand | TokenKind::Pipe => {
                Some(format!("`{spelling}` is no operator of PromQL"))
            }
            _ => None,
        };
        if let Some(message) = message {
            let error = Error::syntax(token.range(), message);
            self.report(match token.kind {
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
        let token = self.peek();
        let op = match token.kind {
            TokenKind::Add => UnaryOp::Plus,
            TokenKind::Sub => UnaryOp::Minus,
            _ => {
                self.height = 0;
                let expr = self.primary()?;
                return self.postfix(expr);
            }
        };
        self.advance();
        let expr = self.expression(Precedence::Power)?;
        self.grow(self.height)?;
        Ok(Expr {
            range: TextRange { start: token.start, end: expr.range.end },
            kind: ExprKind::Unary(op, Box::new(expr)),
        })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        match token.kind {
            TokenKind::Number | TokenKind::Duration => self.number(),
            TokenKind::Word(Some(Keyword::Inf | Keyword::Nan)) => self.number(),
            TokenKind::String => {
                let value = self.string()?;
                Ok(Expr { kind: ExprKind::String(value.value), range: value.range })
            }
            TokenKind::LeftParen => self.paren(),
            TokenKind::LeftBrace => self.selector(None),
            TokenKind::MetricName => self.selector_or_call(),
            TokenKind::Word(keyword) => self.word(keyword),
            TokenKind::Variable => self.variable(),
            _ => {
                let error = self.unexpected("an expression");
                Err(self.report(error))
            }
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
            let error = self.unexpected("an expression");
            return Err(self.report(error));
        }
        self.selector_or_call()
    }

    fn selector_or_call(&mut self) -> Parsed<Expr> {
        let token = self.advance();
        let text = self.slice(token);
        if self.peek().kind == TokenKind::LeftParen {
            let name = match token.keyword() {
                Some(
                    Keyword::Start | Keyword::End | Keyword::Step | Keyword::Range | Keyword::MinOf | Keyword::MaxOf,
                ) => SmolStr::from(text.to_ascii_lowercase()),
                _ => SmolStr::from(text),
            };
            return self.call(Ranged { value: name, range: token.range() });
        }
        let name = Ranged { value: SmolStr::from(text), range: token.range() };
        if self.peek().kind == TokenKind::LeftBrace {
            return self.selector(Some(name));
        }
        let selector = Selector { name: Some(name), matchers: Vec::new(), modifiers: Modifiers::default() };
        Ok(Expr { kind: ExprKind::Selector(Box::new(selector)), range: token.range() })
    }

    fn call(&mut self, function: Ranged<SmolStr>) -> Parsed<Expr> {
        let args = self.arguments(&function.value)?;
        let range = self.since(function.range.start);
        Ok(Expr { kind: ExprKind::Call(Call { function, args }), range })
    }

    /// `(a, b, ...)`; goes on after a faulty argument.
    pub(super) fn arguments(&mut self, function: &str) -> Parsed<Vec<Expr>> {
        let open = self.advance();
        let mut args = Vec::new();
        let mut height = 0;
        if self.accept(TokenKind::RightParen).is_some() {
            self.grow(0)?;
            return Ok(args);
        }
        loop {
            let start = self.peek().start;
            self.may_be_empty = function == "info" && args.len() == 1;
            match self.expression(Precedence::Or) {
                Ok(expr) => args.push(expr),
                Err(Reported) => {
                    if self.is_lost() || !self.skip_to(&[TokenKind::Comma, TokenKind::RightParen]) {
                        return Err(Reported);
                    }
                    args.push(Self::placeholder(self.since(start)));
                }
            }
            height = height.max(self.height);
            if self.accept(TokenKind::RightParen).is_some() {
                break;
            }
            let Some(comma) = self.accept(TokenKind::Comma) else {
                self.unclosed(open, &format!("the call of `{function}`"), "`,` or `)`")?;
                break;
            };
            if self.accept(TokenKind::RightParen).is_some() {
                self.report(
                    Error::syntax(comma.range(), format!("a comma behind the last argument of `{function}`"))
                        .help("leave it out")
                        .replacement(comma.range(), ""),
                );
                break;
            }
        }
        self.grow(height)?;
        Ok(args)
    }

    fn paren(&mut self) -> Parsed<Expr> {
        let open = self.advance();
        let inner = match self.expression(Precedence::Or) {
            Ok(inner) => inner,
            Err(Reported) => {
                if self.is_lost() || !self.skip_to(&[TokenKind::RightParen]) {
                    return Err(Reported);
                }
                self.advance();
                return Ok(Self::placeholder(self.since(open.start)));
            }
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
                || matches!(next.keyword(), Some(Keyword::Offset))
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
