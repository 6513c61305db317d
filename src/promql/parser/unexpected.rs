//! What to say about a token that cannot stand where it stands.

use crate::promql::functions::function;
use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::parser::{Parsed, Parser, Reported};
use crate::promql::suggest::closest;
use crate::promql::{Dialect, Error, TextRange};

/// Longer pieces of the user's text are cut.
const LONGEST_QUOTE: usize = 40;

/// The words with labels or values in brackets behind a binary operator.
const MATCHING_WORDS: [&str; 7] = ["on", "ignoring", "group_left", "group_right", "fill", "fill_left", "fill_right"];

/// Words of other query languages that stand between expressions.
const METRICSQL_OPERATORS: [&str; 5] = ["default", "if", "ifnot", "keep_metric_names", "limit"];

/// The words that may stand behind a complete expression.
const OPERATOR_WORDS: [&str; 9] = ["and", "or", "unless", "offset", "atan2", "by", "without", "anchored", "smoothed"];

impl Parser<'_> {
    /// The fault that the next token is not what is expected.
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        let token = self.peek();
        let found = self.describe(token);
        let plain = || Error::syntax(token.range(), format!("expected {expected}, found {found}"));
        match token.kind {
            TokenKind::BadNumber => self.bad_number(token),
            TokenKind::Comma => self.thousands(token).unwrap_or_else(plain),
            TokenKind::End | TokenKind::RightParen if self.is_percent() => self.percent(plain()),
            TokenKind::OpenString => self.open_string(token),
            TokenKind::SmartQuote => self.smart_quotes(token),
            TokenKind::Not => Error::syntax(token.range(), "`!` is no operator of PromQL")
                .help("`a unless b` keeps the series of `a` that `b` does not have; `a != 1` compares"),
            TokenKind::Variable => match self.variable_fault(token) {
                Some(error) => error,
                None => plain(),
            },
            TokenKind::Unknown if self.slice(token) == "." => self.dotted_name(token).unwrap_or_else(plain),
            TokenKind::Number | TokenKind::String | TokenKind::Duration | TokenKind::LeftBrace
                if self.is_function_before() =>
            {
                self.without_brackets(plain())
            }
            TokenKind::Word(keyword) => self.unexpected_word(token, keyword, plain()),
            _ => plain(),
        }
    }

    /// Reports that the next token is not what is expected.
    #[cold]
    pub(super) fn expected(&mut self, expected: &str) -> Reported {
        let error = self.unexpected(expected);
        self.report(error)
    }

    fn unexpected_word(&self, token: Token, keyword: Option<Keyword>, plain: Error) -> Error {
        let word = self.slice(token);
        let behind_operand = self.is_behind_operand();
        match keyword {
            Some(Keyword::By | Keyword::Without) if behind_operand => {
                Error::syntax(token.range(), format!("`{word}` belongs to an aggregation, and there is none before it"))
                    .help(format!("write `sum {word} (label) (...)` or `sum(...) {word} (label)`"))
            }
            Some(Keyword::GroupLeft | Keyword::GroupRight) => {
                Error::syntax(token.range(), format!("`{word}` needs `on` or `ignoring` before it"))
                    .help(format!("write `a * on (label) {word} (taken_label) b`"))
            }
            Some(Keyword::Bool | Keyword::On | Keyword::Ignoring) => {
                Error::syntax(token.range(), format!("`{word}` has to stand behind a binary operator"))
                    .help(format!("write `a == {word}{} b`", if word.len() == 4 { "" } else { " (label)" }))
            }
            None if behind_operand && METRICSQL_OPERATORS.contains(&word) => Error::syntax(
                token.range(),
                format!("`{word}` is an operator of MetricsQL, Prometheus does not have it"),
            ),
            None if behind_operand && self.is_function_before() => match self.misspelt_grouping(token) {
                Some(near) => meant(plain, token, near),
                None => self.without_brackets(plain),
            },
            None if behind_operand => match closest(word, OPERATOR_WORDS) {
                Some(near) => meant(plain, token, near),
                None => self.misspelt_modifier().unwrap_or(plain),
            },
            _ => plain,
        }
    }

    /// `by` or `without` with a slip, behind the name of an aggregation and before a bracket.
    fn misspelt_grouping(&self, token: Token) -> Option<&'static str> {
        let word = self.slice(token).to_ascii_lowercase();
        let is_aggregation =
            matches!(self.tokens.get(self.position.checked_sub(1)?)?.keyword(), Some(Keyword::Aggregate(_)));
        if !is_aggregation || self.ahead(1).kind != TokenKind::LeftParen {
            return None;
        }
        let is_by = word.len() <= 3 && word.starts_with('b') || word.ends_with('y') && word.len() == 2;
        if is_by { Some("by") } else { closest(&word, ["without"]) }
    }

    /// The modifier before an operand that was taken for the operand itself, since it is misspelt.
    fn misspelt_modifier(&self) -> Option<Error> {
        let last = self.position.checked_sub(1)?;
        let at = match self.tokens.get(last)?.kind {
            TokenKind::RightParen => self.before_brackets(last)?,
            _ => last,
        };
        let token = *self.tokens.get(at)?;
        let word = self.slice(token);
        let words: &[&str] = if at == last { &["bool"] } else { &MATCHING_WORDS };
        let near = closest(word, words.iter().copied()).filter(|near| *near != word)?;
        let is_name = matches!(token.kind, TokenKind::Word(None));
        is_name.then(|| {
            let error = Error::syntax(token.range(), format!("there is no modifier `{word}`"));
            meant(error, token, near)
        })
    }

    /// The token before the bracket that this one closes.
    fn before_brackets(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in (0..=close).rev() {
            match self.tokens.get(at)?.kind {
                TokenKind::RightParen => depth += 1,
                TokenKind::LeftParen => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at.checked_sub(1);
            }
        }
        None
    }

    /// A closing bracket that nothing opened.
    pub(super) fn closes_nothing(&self, token: Token) -> Error {
        let found = self.describe(token);
        let open = match token.kind {
            TokenKind::RightBrace => '{',
            TokenKind::RightBracket => '[',
            _ => '(',
        };
        Error::syntax(token.range(), format!("{found} closes nothing, there is no `{open}` before it"))
            .help("leave it out")
            .replacement(token.range(), "")
    }

    /// Whether an operand ends before the next token, so that an operator could follow.
    fn is_behind_operand(&self) -> bool {
        let before = self.position.checked_sub(1).map(|before| self.tokens[before].kind);
        matches!(
            before,
            Some(
                TokenKind::Word(_)
                    | TokenKind::MetricName
                    | TokenKind::Number
                    | TokenKind::Duration
                    | TokenKind::String
                    | TokenKind::Variable
                    | TokenKind::RightParen
                    | TokenKind::RightBrace
                    | TokenKind::RightBracket
            )
        )
    }

    /// The help that arguments stand in brackets.
    fn without_brackets(&self, error: Error) -> Error {
        let function = self.slice(self.tokens[self.position - 1]);
        error.help(format!("what `{function}` takes stands in brackets: `{function}(...)`"))
    }

    /// A number with commas between its thousands.
    fn thousands(&self, comma: Token) -> Option<Error> {
        let first = *self.tokens.get(self.position.checked_sub(1)?)?;
        let is_digits = |token: Token| self.slice(token).bytes().all(|byte| byte.is_ascii_digit());
        if first.kind != TokenKind::Number || first.end != comma.start || !is_digits(first) {
            return None;
        }
        let mut number = self.slice(first).to_owned();
        let mut end = first.end;
        for pair in self.tokens.get(self.position..)?.chunks_exact(2) {
            let [comma, group] = *pair else { break };
            let is_group = comma.kind == TokenKind::Comma && group.kind == TokenKind::Number;
            let is_joined = comma.start == end && group.start == comma.end && group.end - group.start == 3;
            if !is_group || !is_joined || !is_digits(group) {
                break;
            }
            number.push_str(self.slice(group));
            end = group.end;
        }
        let range = TextRange { start: first.start, end };
        let error = Error::syntax(range, "a number has no commas").help(format!("write `{number}`"));
        (end > first.end).then(|| error.replacement(range, number))
    }

    /// A name with dots that does not stand in quotes.
    fn dotted_name(&self, dot: Token) -> Option<Error> {
        let first = self.tokens[self.position.checked_sub(1)?];
        let is_name = |token: Token| matches!(token.kind, TokenKind::Word(_) | TokenKind::MetricName);
        if !is_name(first) || first.end != dot.start {
            return None;
        }
        let mut end = dot.end;
        let adjacent = self.tokens[self.position + 1..].iter().take_while(|token| {
            let is_part = token.start == end && (is_name(**token) || self.slice(**token) == ".");
            end = if is_part { token.end } else { end };
            is_part
        });
        adjacent.count();
        let range = TextRange { start: first.start, end };
        let name = self.text.get(first.start as usize..end as usize)?;
        let right = format!("{{\"{name}\"}}");
        let error = Error::syntax(range, format!("the name {} has dots and no quotes", quote(name)));
        Some(error.help(format!("write `{right}`")).replacement(range, right))
    }

    /// Whether the word before the next token is a function or aggregation.
    fn is_function_before(&self) -> bool {
        let Some(before) = self.position.checked_sub(1) else { return false };
        let token = self.tokens[before];
        matches!(token.keyword(), Some(Keyword::Aggregate(_))) || function(self.slice(token)).is_some()
    }

    /// A token in words.
    pub(super) fn describe(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End => "the end".to_owned(),
            _ => quote(self.slice(token)),
        }
    }

    /// Typographic quotation marks, and straight ones instead.
    pub(super) fn smart_quotes(&self, token: Token) -> Error {
        let text = self.slice(token);
        let is_quote = |character: char| matches!(character, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}');
        let straight: String =
            text.chars().map(|character| if is_quote(character) { '"' } else { character }).collect();
        Error::syntax(token.range(), format!("{} has typographic quotation marks", quote(text)))
            .help("write straight ones: `\"`")
            .replacement(token.range(), straight)
    }

    fn open_string(&self, token: Token) -> Error {
        let quote = &self.slice(token)[..1];
        let range = TextRange { start: token.start, end: token.end };
        Error::syntax(range, format!("the string is never closed, a `{quote}` is missing"))
            .help(format!("put a `{quote}` where the string ends"))
    }

    /// A bracket that is not closed: reports what stands in its place and goes on behind the closing one.
    pub(super) fn unclosed(&mut self, open: Token, what: &str, expected: &str) -> Parsed<()> {
        let token = self.peek();
        let (close, closing) = match open.kind {
            TokenKind::LeftBrace => (TokenKind::RightBrace, '}'),
            TokenKind::LeftBracket => (TokenKind::RightBracket, ']'),
            _ => (TokenKind::RightParen, ')'),
        };
        let error = match token.kind {
            TokenKind::End => Error::syntax(token.range(), format!("{what} is never closed, a `{closing}` is missing"))
                .related(open.range(), "it opens here"),
            TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => {
                Error::syntax(token.range(), format!("expected `{closing}`, found {}", self.describe(token)))
                    .related(open.range(), "it would close this")
            }
            _ => self.unexpected(expected),
        };
        self.report(error);
        if token.kind == TokenKind::RightParen && self.parens > 0 {
            return Ok(());
        }
        self.recover(&[close])?;
        self.advance();
        Ok(())
    }

    /// Reports a variable that this dialect does not have.
    pub(super) fn check_variable(&mut self, token: Token) -> Parsed<()> {
        match self.variable_fault(token) {
            Some(error) => Err(self.report(error)),
            None => Ok(()),
        }
    }

    fn variable_fault(&self, token: Token) -> Option<Error> {
        let text = self.slice(token);
        match self.dialect {
            Dialect::Dashboard => text.starts_with("{{").then(|| {
                Error::syntax(token.range(), format!("{} is no variable of Grafana", quote(text)))
                    .help("Grafana's variables are written `$name` or `${name}`")
            }),
            Dialect::Sli => {
                let name = text.trim_matches(['$', '{', '}', '.', ' ']);
                (name != "window").then(|| {
                    Error::syntax(token.range(), format!("there is no variable {}", quote(text)))
                        .help("the only variable of an indicator is `$window`, the window that is measured")
                })
            }
            Dialect::Rule => Some(
                Error::syntax(token.range(), format!("{} is a template variable, rules have none", quote(text)))
                    .help("write the value itself, for instance `5m` for a range"),
            ),
        }
    }
}

/// The fault of a misspelt word.
fn meant(error: Error, token: Token, near: &str) -> Error {
    error.help(format!("did you mean `{near}`?")).replacement(token.range(), near)
}

/// A piece of the user's text in backticks, cut when long.
pub(super) fn quote(text: &str) -> String {
    let mut characters = text.char_indices();
    match characters.nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("`{}...`", &text[..end]),
        None => format!("`{text}`"),
    }
}
