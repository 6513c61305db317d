//! The tokens of an action to a pipeline.

use std::ops::Range;

use super::error::{Error, ErrorKind};
use super::lexer::{Token, TokenKind};
use super::quoted::unquote;
use super::tree::{Assignment, Command, Operand, OperandKind, Pipeline, Variables};

/// The deepest nesting of parentheses.
const MAX_DEPTH: usize = 100;

/// Words that begin or end blocks, so that no function has their name.
pub(super) const KEYWORDS: &[&str] =
    &["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/// Reads tokens one after the other.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    tokens: &'t [Token],
    /// The empty place behind the last token.
    end: u32,
    depth: usize,
}

/// What came of a part of an action.
pub(super) type Parsed<T> = Result<T, Box<Error>>;

impl<'t> Cursor<'t> {
    /// The tokens of an action, whose closing braces begin at `end`.
    pub(super) fn new(text: &'t str, tokens: &'t [Token], end: u32) -> Self {
        Self { text, tokens, end, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.first()
    }

    pub(super) fn next(&mut self) -> Option<&'t Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Takes the next token if it is of a kind.
    pub(super) fn take(&mut self, kind: TokenKind) -> Option<&'t Token> {
        if self.peek()?.kind == kind { self.next() } else { None }
    }

    pub(super) fn slice(&self, range: &Range<u32>) -> &'t str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// Reports a token that is left over.
    pub(super) fn finish(&self, what: &str) -> Parsed<()> {
        match self.peek() {
            None => Ok(()),
            Some(token) => Err(self.unexpected(token, what).into()),
        }
    }

    fn unexpected(&self, token: &Token, what: &str) -> Error {
        let message = format!("unexpected `{}` {what}", self.slice(&token.range));
        let error = Error::new(ErrorKind::Syntax, token.range.clone(), message);
        match token.kind {
            TokenKind::Open => error.help("arguments follow their function behind spaces, without parentheses"),
            TokenKind::Comma => error.help("spaces, not commas, stand between arguments"),
            TokenKind::Word
            | TokenKind::Field
            | TokenKind::Dot
            | TokenKind::Variable
            | TokenKind::Text
            | TokenKind::Constant
            | TokenKind::Declare
            | TokenKind::Assign
            | TokenKind::Pipe
            | TokenKind::Close => error,
        }
    }

    fn missing(&self, what: &str) -> Error {
        let place = self.peek().map_or(self.end..self.end, |token| token.range.clone());
        Error::new(ErrorKind::Syntax, place, what)
    }

    /// Variables that the pipeline sets, and its commands. `most` is how many variables there may be.
    pub(super) fn pipeline(&mut self, most: usize) -> Parsed<Pipeline> {
        let (variables, assignment) = self.variables(most);
        let mut commands = Vec::new();
        loop {
            let command = self.command(commands.is_empty())?;
            commands.push(command);
            let is_last = self.take(TokenKind::Pipe).is_none();
            // Go allows a `|` at the end.
            if is_last || self.peek().is_none_or(|token| token.kind == TokenKind::Close) {
                return Ok(Pipeline { variables, assignment, commands });
            }
        }
    }

    /// The variables on the left, if there are any.
    fn variables(&mut self, most: usize) -> (Variables, Assignment) {
        let start = self.tokens;
        let mut variables = Variables::new();
        while let Some(token) = self.take(TokenKind::Variable) {
            variables.push((self.slice(&token.range).to_owned(), token.range.clone()));
            if variables.len() < most && self.take(TokenKind::Comma).is_some() {
                continue;
            }
            if self.take(TokenKind::Declare).is_some() {
                return (variables, Assignment::Declare);
            }
            if self.take(TokenKind::Assign).is_some() {
                return (variables, Assignment::Assign);
            }
            break;
        }
        self.tokens = start;
        (Vec::new(), Assignment::Declare)
    }

    fn command(&mut self, is_first: bool) -> Parsed<Command> {
        let mut operands: Vec<Operand> = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token.kind, TokenKind::Pipe | TokenKind::Close) {
                break;
            }
            if !operands.is_empty() && !token.spaced {
                return Err(self.unexpected(token, "right behind a value").into());
            }
            operands.push(self.operand()?);
        }
        let Some(first) = operands.first() else {
            return Err(self
                .missing(if is_first { "a value is missing here" } else { "a function is missing behind `|`" })
                .into());
        };
        let can_run = match first.kind {
            OperandKind::Text(..) | OperandKind::Constant => false,
            OperandKind::Dot => !first.fields.is_empty(),
            OperandKind::Variable(_) | OperandKind::Function(_) | OperandKind::Parenthesis(_) => true,
        };
        if !is_first && !can_run {
            let message = format!("expected a function behind `|`, found `{}`", self.slice(&first.range));
            return Err(Box::new(Error::new(ErrorKind::Syntax, first.range.clone(), message)));
        }
        Ok(Command { operands })
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let Some(token) = self.next() else {
            return Err(self.missing("a value is missing here").into());
        };
        let mut range = token.range.clone();
        let mut fields = Vec::new();
        let text = self.slice(&range);
        let kind = match token.kind {
            TokenKind::Word if KEYWORDS.contains(&text) => {
                return Err(self.unexpected(token, "where a value is expected").into());
            }
            TokenKind::Word if matches!(text, "true" | "false" | "nil") => OperandKind::Constant,
            TokenKind::Word => OperandKind::Function(text.to_owned()),
            TokenKind::Variable => OperandKind::Variable(text.to_owned()),
            TokenKind::Dot => OperandKind::Dot,
            TokenKind::Field => {
                fields.push((text[1..].to_owned(), range.start + 1..range.end));
                OperandKind::Dot
            }
            TokenKind::Constant => OperandKind::Constant,
            TokenKind::Text => self.text_operand(token)?,
            TokenKind::Open => self.parenthesis(token, &mut range)?,
            TokenKind::Declare | TokenKind::Assign | TokenKind::Pipe | TokenKind::Comma | TokenKind::Close => {
                return Err(self.unexpected(token, "where a value is expected").into());
            }
        };
        let has_fields = !matches!(kind, OperandKind::Text(..) | OperandKind::Constant);
        while let Some(field) = self.peek().filter(|it| it.kind == TokenKind::Field && !it.spaced) {
            if !has_fields || (token.kind == TokenKind::Dot && fields.is_empty()) {
                return Err(self.unexpected(field, "behind a value without fields").into());
            }
            self.next();
            range.end = field.range.end;
            fields.push((self.slice(&field.range)[1..].to_owned(), field.range.start + 1..field.range.end));
        }
        Ok(Operand { kind, fields, range })
    }

    fn text_operand(&self, token: &Token) -> Parsed<OperandKind> {
        if let Some(value) = unquote(self.slice(&token.range)) {
            return Ok(OperandKind::Text(value, token.range.start + 1..token.range.end - 1));
        }
        let message = format!("{} holds an escape that Go does not have", self.slice(&token.range));
        let help = "write `\\\\` for a backslash, or put the text in back quotes";
        Err(Error::new(ErrorKind::Syntax, token.range.clone(), message).help(help).into())
    }

    /// The pipeline behind an opening parenthesis, and its end.
    fn parenthesis(&mut self, open: &Token, range: &mut Range<u32>) -> Parsed<OperandKind> {
        if self.depth == MAX_DEPTH {
            let message = format!("parentheses nested more than {MAX_DEPTH} deep");
            return Err(Box::new(Error::new(ErrorKind::TooDeep, open.range.clone(), message)));
        }
        self.depth += 1;
        let pipeline = self.pipeline(1)?;
        self.depth -= 1;
        if let Some(close) = self.take(TokenKind::Close) {
            range.end = close.range.end;
            return Ok(OperandKind::Parenthesis(Box::new(pipeline)));
        }
        let message = "a parenthesis that is not closed";
        Err(Error::new(ErrorKind::UnclosedOperand, open.range.clone(), message).into())
    }
}
