//! A template's text to actions, and these to tokens.

use std::ops::Range;

use super::error::{Error, ErrorKind};
use super::quoted::is_number;

/// What stands between a pair of braces.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) tokens: Vec<Token>,
    /// The braces and all between them.
    pub(super) range: Range<u32>,
    pub(super) state: State,
}

/// Whether all of an action could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Whole,
    /// A problem is reported, and the tokens end before it.
    Broken,
}

/// A piece of an action.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<u32>,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A function, a keyword, `true`, `false` or `nil`.
    Word,
    /// `.name`.
    Field,
    /// `.`.
    Dot,
    /// `$` or `$name`.
    Variable,
    /// A text in double or back quotes.
    Text,
    /// A number or a character.
    Constant,
    /// `:=`.
    Declare,
    /// `=`.
    Assign,
    /// `|`.
    Pipe,
    /// `,`.
    Comma,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// The actions of a template; texts and comments between them are left out.
pub(super) fn pieces(text: &str, errors: &mut Vec<Error>) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut position = 0;
    while let Some(found) = text[position..].find("{{") {
        let start = position + found;
        if let Some(begin) = comment_start(text, start) {
            position = comment(text, start, begin, errors);
            continue;
        }
        let mut lexer = Lexer { text, start, position: start + 2, tokens: Vec::new() };
        if has_trim_marker(&text[lexer.position..]) {
            lexer.position += 1;
        }
        let state = match lexer.action() {
            Ok(()) => State::Whole,
            Err(error) => {
                errors.push(*error);
                lexer.skip();
                State::Broken
            }
        };
        position = lexer.position;
        actions.push(Action { tokens: lexer.tokens, range: range(start, position), state });
    }
    actions
}

/// Where the text of a comment begins, if the braces at an offset open one.
fn comment_start(text: &str, start: usize) -> Option<usize> {
    let inside = start + 2;
    let begin = if has_trim_marker(&text[inside..]) { inside + 2 } else { inside };
    text.get(begin..)?.starts_with("/*").then_some(begin + 2)
}

/// Reads a comment; the offset behind it.
fn comment(text: &str, start: usize, begin: usize, errors: &mut Vec<Error>) -> usize {
    let Some(length) = text[begin..].find("*/") else {
        let error = Error::new(ErrorKind::UnclosedAction, range(start, begin), "a comment without an end");
        errors.push(error.help("close it with `*/}}`"));
        return text.len();
    };
    let end = begin + length + 2;
    if let Some(width) = closing(&text[end..]) {
        return end + width;
    }
    let message = "a comment that does not end with its action";
    errors.push(Error::new(ErrorKind::Syntax, range(end - 2, end), message).help("write `}}` right behind `*/`"));
    text[end..].find("}}").map_or(text.len(), |at| end + at + 2)
}

/// Whether a text right behind `{{` begins with the marker that trims the text before.
fn has_trim_marker(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'-') && bytes.next().is_some_and(is_space)
}

/// The width of the closing braces that a text begins with, with their trim marker.
fn closing(text: &str) -> Option<usize> {
    if text.starts_with("}}") {
        return Some(2);
    }
    let marked = text.bytes().next().is_some_and(is_space) && text[1..].starts_with("-}}");
    marked.then_some(4)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
fn range(start: usize, end: usize) -> Range<u32> {
    start as u32..end as u32
}

fn quote_name(quote: char) -> &'static str {
    match quote {
        '`' => "back quote",
        '\'' => "single quote",
        _ => "double quote",
    }
}

struct Lexer<'t> {
    text: &'t str,
    /// Where the action begins.
    start: usize,
    position: usize,
    tokens: Vec<Token>,
}

type Step = Result<(), Box<Error>>;

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    /// Reads all tokens and the closing braces.
    fn action(&mut self) -> Step {
        let mut spaced = true;
        loop {
            if let Some(width) = closing(self.rest()) {
                self.position += width;
                return Ok(());
            }
            let Some(character) = self.rest().chars().next() else {
                return Err(self.unclosed(None).into());
            };
            if u8::try_from(character).is_ok_and(is_space) {
                self.position += 1;
                spaced = true;
                continue;
            }
            self.token(character, spaced)?;
            spaced = false;
        }
    }

    fn token(&mut self, character: char, spaced: bool) -> Step {
        match character {
            '"' | '\'' | '`' => self.quoted(character, spaced),
            '.' if !self.rest()[1..].starts_with(|it: char| it.is_ascii_digit()) => self.name(TokenKind::Field, spaced),
            '$' => self.name(TokenKind::Variable, spaced),
            '+' | '-' | '.' | '0'..='9' => self.number(spaced),
            _ if is_word(character) => self.name(TokenKind::Word, spaced),
            '|' => self.push(TokenKind::Pipe, 1, spaced),
            ',' => self.push(TokenKind::Comma, 1, spaced),
            '(' => self.push(TokenKind::Open, 1, spaced),
            ')' => self.push(TokenKind::Close, 1, spaced),
            ':' if self.rest().starts_with(":=") => self.push(TokenKind::Declare, 2, spaced),
            '=' if !self.rest().starts_with("==") => self.push(TokenKind::Assign, 1, spaced),
            _ => Err(self.bad_character(character).into()),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "every reader of a token has this form")]
    fn push(&mut self, kind: TokenKind, length: usize, spaced: bool) -> Step {
        let token = Token { kind, range: range(self.position, self.position + length), spaced };
        self.tokens.push(token);
        self.position += length;
        Ok(())
    }

    /// A word, a field or a variable.
    fn name(&mut self, kind: TokenKind, spaced: bool) -> Step {
        let sigil = usize::from(kind != TokenKind::Word);
        let letters = &self.rest()[sigil..];
        let length = sigil + letters.find(|it| !is_word(it)).unwrap_or(letters.len());
        let behind = &self.rest()[length..];
        let ends = behind.is_empty()
            || behind.starts_with([' ', '\t', '\r', '\n', '.', ',', '|', ':', ')', '('])
            || closing(behind).is_some();
        if ends {
            let kind = if kind == TokenKind::Field && length == 1 { TokenKind::Dot } else { kind };
            return self.push(kind, length, spaced);
        }
        if let Some(error) = self.label_name(kind, length, spaced) {
            return Err(Box::new(error));
        }
        self.push(kind, length, spaced)?;
        let character = self.rest().chars().next().unwrap_or(' ');
        Err(self.bad_character(character).into())
    }

    /// A field of the labels whose name goes on with a character that fields do not have.
    fn label_name(&self, kind: TokenKind, length: usize, spaced: bool) -> Option<Error> {
        let is_field = kind == TokenKind::Field && !spaced;
        let owner = self.labels_before().filter(|_| is_field)?;
        let owner_text = &self.text[owner.range.start as usize..owner.range.end as usize];
        let behind = &self.rest()[length..];
        if !behind.starts_with(['-', '/']) {
            return None;
        }
        let more = behind.find(|it: char| !(is_word(it) || matches!(it, '-' | '/' | '.'))).unwrap_or(behind.len());
        let end = self.position + length + more;
        let first = owner.range.end as usize + 1;
        let name = &self.text[first..end];
        let whole = owner.range.start..range(0, end).end;
        let message = format!("`{name}` cannot be written as a field");
        let instead = format!("(index {owner_text} \"{name}\")");
        Some(
            Error::new(ErrorKind::LabelName, range(first, end), message)
                .help("take a label whose name is more than letters, digits and `_` with `index`")
                .replace(whole, instead),
        )
    }

    /// The labels, if the tokens end with them and fields of them.
    fn labels_before(&self) -> Option<&Token> {
        for (index, token) in self.tokens.iter().enumerate().rev() {
            let is_first = token.spaced || index == 0;
            let text = &self.text[token.range.start as usize..token.range.end as usize];
            if is_first {
                return matches!(text, "$labels" | ".Labels" | "$externalLabels" | ".ExternalLabels").then_some(token);
            }
            if token.kind != TokenKind::Field {
                return None;
            }
        }
        None
    }

    fn number(&mut self, spaced: bool) -> Step {
        let mut length = 0;
        let mut before = ' ';
        for character in self.rest().chars() {
            let is_sign = matches!(character, '+' | '-');
            let goes_on = character == '.' || is_word(character) || (is_sign && (length == 0 || is_word(before)));
            if !goes_on {
                break;
            }
            length += character.len_utf8();
            before = character;
        }
        let literal = &self.rest()[..length];
        if is_number(literal) {
            return self.push(TokenKind::Constant, length, spaced);
        }
        if matches!(literal, "+" | "-") {
            return Err(self.bad_character(before).into());
        }
        let message = format!("`{literal}` is not a number");
        Err(Box::new(Error::new(ErrorKind::Syntax, range(self.position, self.position + length), message)))
    }

    /// A text or a character.
    fn quoted(&mut self, quote: char, spaced: bool) -> Step {
        let mut is_escaped = false;
        for (index, character) in self.rest().char_indices().skip(1) {
            if character == quote && !is_escaped {
                let kind = if quote == '\'' { TokenKind::Constant } else { TokenKind::Text };
                return self.push(kind, index + 1, spaced);
            }
            if character == '\n' && quote != '`' {
                break;
            }
            is_escaped = character == '\\' && quote != '`' && !is_escaped;
        }
        let error = Error::new(
            ErrorKind::UnclosedOperand,
            range(self.position, self.position + 1),
            format!("a text without its closing {}", quote_name(quote)),
        );
        self.position += 1;
        Err(Box::new(error))
    }

    fn bad_character(&self, character: char) -> Error {
        let here = range(self.position, self.position + character.len_utf8());
        let opening = range(self.start, self.start + 2);
        if self.rest().starts_with("{{") {
            return self.unclosed(Some(range(self.position, self.position + 2)));
        }
        if character == '}' {
            let error = Error::new(ErrorKind::UnclosedAction, here.clone(), "one `}` does not close an action");
            return error.related(opening, "it begins here").replace(here, "}}");
        }
        let error = Error::new(ErrorKind::Syntax, here, format!("unexpected `{character}` in an action"));
        match character {
            '<' | '>' | '=' | '!' => {
                error.help("templates compare by functions: `gt $value 10.0`, `eq $labels.job \"api\"`")
            }
            '+' | '-' | '*' | '/' | '%' if !self.rest().starts_with("/*") => {
                error.help("templates cannot calculate: do it in `expr`")
            }
            '/' => error.help("a comment begins right behind the braces: `{{/* ... */}}`"),
            '[' => error.help("take an element with `index`: `index $labels \"job\"`"),
            _ => error,
        }
    }

    /// Braces that are opened and not closed.
    fn unclosed(&self, next: Option<Range<u32>>) -> Error {
        let opening = range(self.start, self.start + 2);
        let error = Error::new(ErrorKind::UnclosedAction, opening, "`{{` without its `}}`");
        match next {
            Some(next) => error.related(next, "the next action begins here"),
            None => error.help("close the action with `}}`"),
        }
    }

    /// Goes to the end of a broken action: behind its closing braces, or before the next opening ones.
    fn skip(&mut self) {
        let rest = self.rest();
        let next = rest.find("{{").unwrap_or(rest.len());
        let single = rest.starts_with('}') && !rest.starts_with("}}");
        let length = if single { 1 } else { rest.find("}}").map_or(next, |at| (at + 2).min(next)) };
        self.position += length;
    }
}
