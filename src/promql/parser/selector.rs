//! Selectors: a name and label matchers in braces.

use smol_str::SmolStr;

use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::name::{METRIC_NAME, has_variable};
use crate::promql::parser::unexpected::quote;
use crate::promql::parser::{Parsed, Parser, Reported};
use crate::promql::{
    Dialect, Error, ErrorKind, Expr, ExprKind, MatchOp, Matcher, Modifiers, Ranged, Selector, TextRange,
};

impl Parser<'_> {
    /// Reads the braces of a selector whose name, if it has one, was taken already.
    pub(super) fn selector(&mut self, name: Option<Ranged<SmolStr>>) -> Parsed<Expr> {
        let open = self.peek();
        let start = name.as_ref().map_or(open.start, |name| name.range.start);
        let has_name = name.is_some();
        let mut selector = Selector { name, matchers: Vec::new(), modifiers: Modifiers::default() };
        self.advance();
        let faults = self.errors.len();
        self.matchers(open, &mut selector)?;
        let range = self.since(start);
        if has_name {
            self.check_named_once(&selector, range);
        } else {
            demote_second_name(&mut selector);
        }
        let may_be_empty = std::mem::take(&mut self.may_be_empty);
        if selector.name.is_none() && selector.matchers.is_empty() && !may_be_empty && self.errors.len() == faults {
            self.report(
                Error::new(ErrorKind::EmptySelector, range, "`{}` selects every series there is")
                    .help("name the metric or match a label"),
            );
        }
        Ok(Expr { kind: ExprKind::Selector(Box::new(selector)), range })
    }

    fn check_named_once(&mut self, selector: &Selector, range: TextRange) {
        let Some(name) = &selector.name else { return };
        let Some(second) = selector.matchers.iter().find(|matcher| matcher.label.value == METRIC_NAME) else { return };
        self.report(
            Error::syntax(
                TextRange { start: second.range.start, end: range.end.min(second.range.end) },
                format!("the metric name is given twice: {} and {}", quote(&name.value), quote(&second.value.value)),
            )
            .related(name.range, "the first one")
            .help("leave out one of the two"),
        );
    }

    fn matchers(&mut self, open: Token, selector: &mut Selector) -> Parsed<()> {
        while self.accept(TokenKind::RightBrace).is_none() {
            if self.peek().kind == TokenKind::End {
                return self.unclosed(open, "the selector", "`}`");
            }
            if self.matcher(selector).is_err() {
                self.recover(&[TokenKind::Comma, TokenKind::RightBrace])?;
            }
            let next = self.peek();
            match next.kind {
                TokenKind::RightBrace => {}
                TokenKind::Comma => {
                    self.advance();
                }
                TokenKind::Word(Some(Keyword::Or)) => {
                    self.report(
                        Error::syntax(next.range(), "`or` within braces is an operator of MetricsQL")
                            .help("write two selectors with `or` between them, or one regex: `label=~\"a|b\"`"),
                    );
                    self.advance();
                }
                TokenKind::Word(Some(Keyword::And)) => {
                    let gap = TextRange { start: self.last_end(), end: next.end };
                    self.report(
                        Error::syntax(next.range(), "`and` within braces")
                            .help("matchers stand apart by commas, all of them have to match")
                            .replacement(gap, ","),
                    );
                    self.advance();
                }
                TokenKind::LeftBracket | TokenKind::RightBracket | TokenKind::LeftParen | TokenKind::RightParen => {
                    let end = TextRange { start: self.last_end(), end: self.last_end() };
                    self.report(
                        Error::syntax(
                            next.range(),
                            format!("the selector is not closed before {}", self.describe(next)),
                        )
                        .related(open.range(), "it opens here")
                        .help("a `}` is missing")
                        .replacement(end, "}"),
                    );
                    return Ok(());
                }
                TokenKind::Word(_) | TokenKind::String => {
                    let before = TextRange { start: self.last_end(), end: self.last_end() };
                    let error = self.unexpected("`,` or `}`");
                    self.report(error.help("matchers stand apart by commas").replacement(before, ","));
                }
                _ => return self.unclosed(open, "the selector", "`,` or `}`"),
            }
        }
        Ok(())
    }

    /// One matcher, or a metric name in quotes.
    fn matcher(&mut self, selector: &mut Selector) -> Parsed<()> {
        let first = self.peek();
        let label = match first.kind {
            TokenKind::Word(_) => {
                self.advance();
                Ranged { value: SmolStr::from(self.slice(first)), range: first.range() }
            }
            TokenKind::Variable => {
                self.check_variable(first)?;
                self.advance();
                Ranged { value: SmolStr::from(self.slice(first)), range: first.range() }
            }
            TokenKind::String => {
                let name = self.string()?;
                if matches!(self.peek().kind, TokenKind::Comma | TokenKind::RightBrace) {
                    self.metric_in_quotes(selector, name);
                    return Ok(());
                }
                self.check_quoted_label(&name);
                name
            }
            TokenKind::LeftBrace => {
                return Err(self.report(
                    Error::syntax(first.range(), "braces within braces")
                        .help("all matchers stand in one pair: `{a=\"b\",c=\"d\"}`"),
                ));
            }
            TokenKind::MetricName => {
                return Err(self.report(
                    Error::syntax(
                        first.range(),
                        format!("{} has a colon, label names have none", self.describe(first)),
                    )
                    .help("a metric name belongs before the braces"),
                ));
            }
            _ => {
                return Err(self.expected("a label or `}`"));
            }
        };
        let op = self.match_operator(&label)?;
        let value = self.match_value(op)?;
        let range = self.since(first.start);
        selector.matchers.push(Matcher { label, op, value, range });
        Ok(())
    }

    /// `{"my.metric"}`; what cannot be told from a matcher when printed becomes one.
    fn metric_in_quotes(&self, selector: &mut Selector, name: Ranged<SmolStr>) {
        let ambiguous = self.dialect != Dialect::Dashboard && has_variable(&name.value);
        if selector.name.is_none() && !name.value.is_empty() && !ambiguous {
            selector.name = Some(name);
            return;
        }
        let range = name.range;
        let label = Ranged { value: SmolStr::new_static(METRIC_NAME), range };
        selector.matchers.push(Matcher { label, op: MatchOp::Equal, value: name, range });
    }

    /// A quoted label name that would read as a template variable cannot be told from one.
    pub(super) fn check_quoted_label(&mut self, name: &Ranged<SmolStr>) {
        if self.dialect != Dialect::Dashboard && has_variable(&name.value) {
            self.report(Error::syntax(
                name.range,
                format!("the label name {} looks like a template variable", quote(&name.value)),
            ));
        }
    }

    fn match_operator(&mut self, label: &Ranged<SmolStr>) -> Parsed<MatchOp> {
        let token = self.peek();
        let op = match token.kind {
            TokenKind::Assign | TokenKind::Equal => MatchOp::Equal,
            TokenKind::NotEqual => MatchOp::NotEqual,
            TokenKind::RegexMatch | TokenKind::Arrow => MatchOp::Regex,
            TokenKind::RegexNoMatch => MatchOp::NotRegex,
            _ => {
                let found = self.describe(token);
                let name = &label.value;
                let error = Error::syntax(
                    token.range(),
                    format!("expected `=`, `!=`, `=~` or `!~` behind the label `{name}`, found {found}"),
                );
                return Err(self.report(match token.kind {
                    TokenKind::Less | TokenKind::LessEqual | TokenKind::Greater | TokenKind::GreaterEqual => {
                        error.help(format!("labels are text and have no order: match a pattern, `{name}=~\"...\"`"))
                    }
                    _ => error.help(format!("write `{name}=\"...\"`")),
                }));
            }
        };
        self.advance();
        if token.kind == TokenKind::Equal && self.is_tilde_behind(token) {
            let range = TextRange { start: token.start, end: self.advance().end };
            let op = MatchOp::Regex;
            self.report(
                Error::syntax(range, "`==~` does not match labels")
                    .help(format!("write `{}`", op.as_str()))
                    .replacement(range, op.as_str()),
            );
            return Ok(op);
        }
        if matches!(token.kind, TokenKind::Equal | TokenKind::Arrow) {
            let written = self.slice(token);
            self.report(
                Error::syntax(token.range(), format!("`{written}` does not match labels"))
                    .help(format!("write `{}`", op.as_str()))
                    .replacement(token.range(), op.as_str()),
            );
        }
        Ok(op)
    }

    /// Whether a lone `~` follows without a space.
    fn is_tilde_behind(&self, token: Token) -> bool {
        let next = self.peek();
        next.start == token.end && self.slice(next) == "~"
    }

    fn match_value(&mut self, op: MatchOp) -> Parsed<Ranged<SmolStr>> {
        let token = self.peek();
        match token.kind {
            TokenKind::String => self.string(),
            TokenKind::Assign if op == MatchOp::Equal => {
                let error = Error::syntax(token.range(), "a second `=`")
                    .help("labels are matched by one: `label=\"value\"`")
                    .replacement(token.range(), "");
                self.report(error);
                self.advance();
                if self.peek().kind == TokenKind::String { self.string() } else { Err(Reported) }
            }
            TokenKind::SmartQuote => {
                let error = self.smart_quotes(token);
                self.report(error);
                self.advance();
                Ok(Ranged { value: SmolStr::from(self.slice(token)), range: token.range() })
            }
            TokenKind::Word(_)
            | TokenKind::MetricName
            | TokenKind::Number
            | TokenKind::Duration
            | TokenKind::BadNumber
            | TokenKind::Variable => Ok(self.bare_value(token)),
            _ => Err(self.expected("a value in quotes")),
        }
    }

    /// A value without quotes: everything up to the next comma or brace.
    fn bare_value(&mut self, first: Token) -> Ranged<SmolStr> {
        while !matches!(
            self.peek().kind,
            TokenKind::Comma | TokenKind::RightBrace | TokenKind::RightParen | TokenKind::String | TokenKind::End
        ) {
            self.advance();
            if self.text.get(self.last_end() as usize..self.peek().start as usize).is_none_or(|gap| !gap.is_empty()) {
                break;
            }
        }
        let range = self.since(first.start);
        let value = &self.text[range.start as usize..range.end as usize];
        self.report(
            Error::syntax(range, format!("the value {} has no quotes", quote(value)))
                .help(format!("write `\"{value}\"`"))
                .replacement(range, format!("\"{value}\"")),
        );
        Ranged { value: SmolStr::from(value), range }
    }
}

/// A name in quotes beside a matcher of the name becomes a matcher too; before the braces it would be refused.
fn demote_second_name(selector: &mut Selector) {
    if !selector.matchers.iter().any(|matcher| matcher.label.value == METRIC_NAME) {
        return;
    }
    if let Some(name) = selector.name.take() {
        let range = name.range;
        let label = Ranged { value: SmolStr::new_static(METRIC_NAME), range };
        selector.matchers.insert(0, Matcher { label, op: MatchOp::Equal, value: name, range });
    }
}
