//! Lists of labels, and the modifiers of binary operators.

use smol_str::SmolStr;

use crate::promql::keyword::{Keyword, can_name_label};
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::parser::{Parsed, Parser, Reported};
use crate::promql::{
    BinaryOp, Error, Fill, Grouping, GroupingKind, MatchGroup, Matching, MatchingKind, Number, Ranged, Side, TextRange,
};

/// What may stand between a binary operator and its right side.
#[derive(Default)]
pub(super) struct BinaryModifiers {
    pub(super) returns_bool: bool,
    pub(super) matching: Option<Matching>,
    pub(super) fill: Option<Fill>,
}

impl Parser<'_> {
    /// `by (...)` or `without (...)`, if one stands here.
    pub(super) fn grouping(&mut self) -> Parsed<Option<Grouping>> {
        let token = self.peek();
        let kind = match token.keyword() {
            Some(Keyword::By) => GroupingKind::By,
            Some(Keyword::Without) => GroupingKind::Without,
            _ => return Ok(None),
        };
        self.advance();
        let labels = self.labels(token)?;
        Ok(Some(Grouping { kind, labels, range: self.since(token.start) }))
    }

    /// A list of labels in brackets behind a keyword.
    fn labels(&mut self, keyword: Token) -> Parsed<Vec<Ranged<SmolStr>>> {
        let open = self.peek();
        if open.kind != TokenKind::LeftParen {
            let word = self.slice(keyword);
            let found = self.describe(open);
            let mut error = Error::syntax(open.range(), format!("expected `(` behind `{word}`, found {found}"))
                .help(format!("the labels stand in brackets: `{word} (label, ...)`"));
            if let TokenKind::Word(_) = open.kind {
                error = error.replacement(open.range(), format!("({})", self.slice(open)));
            }
            return Err(self.report(error));
        }
        self.advance();
        let mut labels = Vec::new();
        while self.accept(TokenKind::RightParen).is_none() {
            match self.label() {
                Ok(label) => labels.push(label),
                Err(Reported) => self.recover(&[TokenKind::Comma, TokenKind::RightParen])?,
            }
            if self.peek().kind == TokenKind::LeftParen {
                self.report(
                    Error::syntax(self.peek().range(), "the list of labels is not closed, a `)` is missing")
                        .related(open.range(), "it opens here"),
                );
                break;
            }
            if self.accept(TokenKind::Comma).is_none() && self.peek().kind != TokenKind::RightParen {
                self.unclosed(open, "the list of labels", "`,` or `)`")?;
                break;
            }
        }
        Ok(labels)
    }

    fn label(&mut self) -> Parsed<Ranged<SmolStr>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word(keyword) if can_name_label(keyword) => {
                self.advance();
                Ok(Ranged { value: SmolStr::from(self.slice(token)), range: token.range() })
            }
            TokenKind::Variable => {
                self.check_variable(token)?;
                self.advance();
                Ok(Ranged { value: SmolStr::from(self.slice(token)), range: token.range() })
            }
            TokenKind::String => {
                let label = self.string()?;
                if label.value.is_empty() {
                    self.report(Error::syntax(label.range, "a label name cannot be empty"));
                }
                self.check_quoted_label(&label);
                Ok(label)
            }
            TokenKind::Word(_) => {
                let word = self.slice(token);
                Err(self.report(
                    Error::syntax(token.range(), format!("`{word}` is a reserved word here"))
                        .help("put it in quotes to use it as a label name")
                        .replacement(token.range(), format!("\"{word}\"")),
                ))
            }
            TokenKind::MetricName => {
                let found = self.describe(token);
                Err(self.report(Error::syntax(token.range(), format!("{found} has a colon, label names have none"))))
            }
            _ => Err(self.expected("a label name")),
        }
    }

    /// `bool`, `on (...)`, `group_left (...)`, `fill (...)`, in this order, if any stands here.
    pub(super) fn binary_modifiers(&mut self, op: &Ranged<BinaryOp>) -> Parsed<Option<Box<BinaryModifiers>>> {
        match self.peek().keyword() {
            Some(
                Keyword::Bool
                | Keyword::On
                | Keyword::Ignoring
                | Keyword::GroupLeft
                | Keyword::GroupRight
                | Keyword::Fill
                | Keyword::FillLeft
                | Keyword::FillRight,
            ) => {}
            _ => return Ok(None),
        }
        let mut modifiers = Box::<BinaryModifiers>::default();
        if self.peek().keyword() == Some(Keyword::Bool) {
            let token = self.advance();
            if !op.value.is_comparison() {
                self.misplaced_bool(token, op.value);
            }
            modifiers.returns_bool = true;
        }
        modifiers.matching = self.matching()?;
        modifiers.fill = self.fill()?;
        self.check_order(&modifiers)?;
        Ok(Some(modifiers))
    }

    fn misplaced_bool(&mut self, token: Token, op: BinaryOp) {
        let word = op.as_str();
        let range = TextRange { start: token.start, end: self.peek().start };
        self.report(
            Error::syntax(token.range(), format!("`bool` belongs to comparisons, `{word}` is none"))
                .help("leave it out")
                .replacement(range, ""),
        );
    }

    fn matching(&mut self) -> Parsed<Option<Matching>> {
        let token = self.peek();
        let kind = match token.keyword() {
            Some(Keyword::On) => MatchingKind::On,
            Some(Keyword::Ignoring) => MatchingKind::Ignoring,
            _ => return Ok(None),
        };
        self.advance();
        let labels = self.labels(token)?;
        let group_token = self.peek();
        let side = match group_token.keyword() {
            Some(Keyword::GroupLeft) => Some(Side::Left),
            Some(Keyword::GroupRight) => Some(Side::Right),
            _ => None,
        };
        let group = match side {
            None => None,
            Some(side) => {
                self.advance();
                let labels =
                    if self.peek().kind == TokenKind::LeftParen { self.labels(group_token)? } else { Vec::new() };
                Some(MatchGroup { side, labels, range: self.since(group_token.start) })
            }
        };
        Ok(Some(Matching { kind, labels, group, range: self.since(token.start) }))
    }

    /// `fill (v)`, `fill_left (v)`, `fill_right (v)`; without brackets the words are metric names.
    fn fill(&mut self) -> Parsed<Option<Fill>> {
        let start = self.peek().start;
        let mut fill: Option<Fill> = None;
        loop {
            let token = self.peek();
            let (left, right) = match token.keyword() {
                Some(Keyword::Fill) => (true, true),
                Some(Keyword::FillLeft) => (true, false),
                Some(Keyword::FillRight) => (false, true),
                _ => return Ok(fill),
            };
            if self.ahead(1).kind != TokenKind::LeftParen {
                return Ok(fill);
            }
            self.advance();
            let value = self.fill_value()?;
            let word = self.slice(token);
            let sides = fill.get_or_insert(Fill { left: None, right: None, range: TextRange::default() });
            let is_filled = (left && sides.left.is_some()) || (right && sides.right.is_some());
            if left {
                sides.left = Some(value.clone());
            }
            if right {
                sides.right = Some(value);
            }
            sides.range = TextRange { start, end: self.last_end() };
            if is_filled {
                self.report(Error::syntax(token.range(), format!("`{word}` fills a side that is filled already")));
            }
        }
    }

    fn fill_value(&mut self) -> Parsed<Number> {
        let open = self.advance();
        let sign = match self.peek().kind {
            TokenKind::Add | TokenKind::Sub => Some(self.advance()),
            _ => None,
        };
        let token = self.peek();
        let is_number = matches!(
            token.kind,
            TokenKind::Number | TokenKind::Duration | TokenKind::Word(Some(Keyword::Inf | Keyword::Nan))
        );
        if !is_number {
            return Err(self.expected("a number"));
        }
        self.advance();
        let digits = self.slice(token);
        let text = match sign {
            Some(sign) => SmolStr::from(format!("{}{digits}", self.slice(sign))),
            None => SmolStr::from(digits),
        };
        if self.accept(TokenKind::RightParen).is_none() {
            self.unclosed(open, "the fill value", "`)`")?;
        }
        Ok(Number { text })
    }

    /// Modifiers that stand where they cannot: twice, or in the wrong order.
    fn check_order(&mut self, modifiers: &BinaryModifiers) -> Parsed<()> {
        let token = self.peek();
        let word = self.slice(token);
        let error = match token.keyword() {
            Some(Keyword::Bool) => Error::syntax(token.range(), "`bool` has to stand right behind the operator"),
            Some(Keyword::On | Keyword::Ignoring) if modifiers.matching.is_some() => Error::syntax(
                token.range(),
                format!("`{word}` cannot follow, one of `on` and `ignoring` is there already"),
            )
            .help("name all labels in one list"),
            Some(Keyword::On | Keyword::Ignoring) => {
                Error::syntax(token.range(), format!("`{word}` has to stand before `fill`"))
            }
            Some(Keyword::GroupLeft | Keyword::GroupRight) if modifiers.matching.is_some() => Error::syntax(
                token.range(),
                format!("`{word}` has to stand right behind `on (...)` or `ignoring (...)`"),
            ),
            _ => return Ok(()),
        };
        Err(self.report(error))
    }
}
