//! Text to tokens; never fails, what is no token becomes one of the kinds the parser reports.

use crate::promql::keyword::{Keyword, keyword};
use crate::promql::{Dialect, TextRange, number};

/// A token and its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// The first byte.
    pub(crate) start: u32,
    /// The byte behind the last one.
    pub(crate) end: u32,
}

impl Token {
    /// Its bytes.
    pub(crate) fn range(self) -> TextRange {
        TextRange { start: self.start, end: self.end }
    }

    /// Its keyword, if the word is one.
    pub(crate) fn keyword(self) -> Option<Keyword> {
        match self.kind {
            TokenKind::Word(keyword) => keyword,
            _ => None,
        }
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// The end of the text.
    End,
    /// A name without colons, maybe a keyword.
    Word(Option<Keyword>),
    /// A name with a colon.
    MetricName,
    /// A number.
    Number,
    /// A duration such as `1h30m`.
    Duration,
    /// Something that begins like a number and is none.
    BadNumber,
    /// A quoted string with its quotes.
    String,
    /// A string that never ends.
    OpenString,
    /// A template variable, or a name with one within.
    Variable,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    At,
    Assign,
    Equal,
    NotEqual,
    RegexMatch,
    RegexNoMatch,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    TrimUpper,
    TrimLower,
    /// `!` that belongs to no operator.
    Not,
    /// `&&` or `&`.
    Ampersand,
    /// `||` or `|`.
    Pipe,
    /// `<>`, a slip for `!=`.
    Unequal,
    /// `=>`, a slip for `=~` or `>=`.
    Arrow,
    /// A typographic quotation mark, and the text up to the next one.
    SmartQuote,
    /// A character the language does not have.
    Unknown,
}

/// Reads all of the text, which is shorter than 4 GiB; the last token is the end.
pub(crate) fn tokens(text: &str, dialect: Dialect) -> Vec<Token> {
    let mut lexer = Lexer { text: text.as_bytes(), source: text, position: 0, brackets: 0, dialect };
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    loop {
        lexer.skip_blanks();
        let start = lexer.position;
        let kind = lexer.next();
        tokens.push(Token { kind, start: place(start), end: place(lexer.position) });
        if kind == TokenKind::End {
            return tokens;
        }
    }
}

/// An offset as the tree stores it; `parse` refuses longer texts.
fn place(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

struct Lexer<'a> {
    text: &'a [u8],
    source: &'a str,
    position: usize,
    /// Open square brackets: a colon within them stands alone.
    brackets: u32,
    dialect: Dialect,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.position + ahead).copied().unwrap_or(0)
    }

    fn skip_blanks(&mut self) {
        while let Some(&byte) = self.text.get(self.position) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.position += 1,
                b'#' => {
                    while self.text.get(self.position).is_some_and(|&byte| !matches!(byte, b'\n' | b'\r')) {
                        self.position += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn next(&mut self) -> TokenKind {
        let Some(&byte) = self.text.get(self.position) else {
            return TokenKind::End;
        };
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b':' if self.brackets == 0 => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'"' | b'\'' => self.quoted(byte),
            b'`' => self.raw(),
            b'$' | b'{' | b'[' => self.variable_or_bracket(byte),
            b']' => {
                self.brackets = self.brackets.saturating_sub(1);
                self.take(1, TokenKind::RightBracket)
            }
            0x80.. => self.foreign(),
            _ => self.operator(byte),
        }
    }

    fn take(&mut self, length: usize, kind: TokenKind) -> TokenKind {
        self.position += length;
        kind
    }

    fn operator(&mut self, byte: u8) -> TokenKind {
        let (length, kind) = match (byte, self.peek(1)) {
            (b'=', b'~') => (2, TokenKind::RegexMatch),
            (b'=', b'=') => (2, TokenKind::Equal),
            (b'=', b'>') => (2, TokenKind::Arrow),
            (b'=', _) => (1, TokenKind::Assign),
            (b'!', b'=') => (2, TokenKind::NotEqual),
            (b'!', b'~') => (2, TokenKind::RegexNoMatch),
            (b'!', _) => (1, TokenKind::Not),
            (b'<', b'=') => (2, TokenKind::LessEqual),
            (b'<', b'/') => (2, TokenKind::TrimUpper),
            (b'<', b'>') => (2, TokenKind::Unequal),
            (b'<', _) => (1, TokenKind::Less),
            (b'>', b'=') => (2, TokenKind::GreaterEqual),
            (b'>', b'/') => (2, TokenKind::TrimLower),
            (b'>', _) => (1, TokenKind::Greater),
            (b'&', b'&') => (2, TokenKind::Ampersand),
            (b'&', _) => (1, TokenKind::Ampersand),
            (b'|', b'|') => (2, TokenKind::Pipe),
            (b'|', _) => (1, TokenKind::Pipe),
            (b'(', _) => (1, TokenKind::LeftParen),
            (b')', _) => (1, TokenKind::RightParen),
            (b'}', _) => (1, TokenKind::RightBrace),
            (b',', _) => (1, TokenKind::Comma),
            (b':', _) => (1, TokenKind::Colon),
            (b'+', _) => (1, TokenKind::Add),
            (b'-', _) => (1, TokenKind::Sub),
            (b'*', _) => (1, TokenKind::Mul),
            (b'/', _) => (1, TokenKind::Div),
            (b'%', _) => (1, TokenKind::Mod),
            (b'^', _) => (1, TokenKind::Pow),
            (b'@', _) => (1, TokenKind::At),
            _ => (1, TokenKind::Unknown),
        };
        self.take(length, kind)
    }

    fn word(&mut self) -> TokenKind {
        let start = self.position;
        let mut colon = false;
        let mut variable = false;
        loop {
            match self.text.get(self.position) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') => self.position += 1,
                Some(b':') if self.brackets == 0 => {
                    colon = true;
                    self.position += 1;
                }
                Some(b'$' | b'[') if self.dialect == Dialect::Dashboard => match self.variable_length() {
                    Some(length) => {
                        variable = true;
                        self.position += length;
                    }
                    None => break,
                },
                _ => break,
            }
        }
        match (variable, colon) {
            (true, _) => TokenKind::Variable,
            (false, true) => TokenKind::MetricName,
            (false, false) => TokenKind::Word(keyword(&self.text[start..self.position])),
        }
    }

    fn number(&mut self) -> TokenKind {
        let (length, form) = number::scan(&self.text[self.position..]);
        self.position += length;
        if self.dialect == Dialect::Dashboard && self.peek(0) == b'$' && self.variable_length().is_some() {
            return match self.word() {
                TokenKind::Variable => TokenKind::Variable,
                _ => TokenKind::BadNumber,
            };
        }
        match form {
            number::Form::Number => TokenKind::Number,
            number::Form::Duration => TokenKind::Duration,
            number::Form::Bad => TokenKind::BadNumber,
        }
    }

    fn quoted(&mut self, quote: u8) -> TokenKind {
        self.position += 1;
        while let Some(&byte) = self.text.get(self.position) {
            self.position += 1;
            match byte {
                _ if byte == quote => return TokenKind::String,
                b'\\' if self.peek(0) != b'\n' && self.peek(0) < 0x80 && self.peek(0) != 0 => self.position += 1,
                b'\n' => {
                    self.position -= 1;
                    return TokenKind::OpenString;
                }
                _ => {}
            }
        }
        TokenKind::OpenString
    }

    fn raw(&mut self) -> TokenKind {
        self.position += 1;
        if let Some(length) = self.text[self.position..].iter().position(|&byte| byte == b'`') {
            return self.take(length + 1, TokenKind::String);
        }
        self.position = self.text.len();
        TokenKind::OpenString
    }

    fn variable_or_bracket(&mut self, byte: u8) -> TokenKind {
        if let Some(length) = self.variable_length() {
            self.position += length;
            if self.dialect == Dialect::Dashboard {
                self.word();
            }
            return TokenKind::Variable;
        }
        match byte {
            b'{' => self.take(1, TokenKind::LeftBrace),
            b'[' => {
                self.brackets += 1;
                self.take(1, TokenKind::LeftBracket)
            }
            _ => self.take(1, TokenKind::Unknown),
        }
    }

    /// The length of the template variable that begins here: `$x`, `${...}`, `{{...}}`, on dashboards `[[x]]`.
    fn variable_length(&self) -> Option<usize> {
        let rest = &self.text[self.position..];
        match rest {
            [b'$', b'{', ..] => closed(rest, 2, b"}"),
            [b'$', first, ..] if first.is_ascii_alphabetic() || *first == b'_' => {
                Some(1 + rest[1..].iter().take_while(|byte| is_word(**byte)).count())
            }
            [b'{', b'{', ..] => closed(rest, 2, b"}}"),
            [b'[', b'[', first, ..] if self.dialect == Dialect::Dashboard && is_word(*first) => closed(rest, 2, b"]]"),
            _ => None,
        }
    }

    /// A character beyond ASCII: typographic quotes get a kind of their own.
    fn foreign(&mut self) -> TokenKind {
        let Some(character) = self.source[self.position..].chars().next() else {
            return TokenKind::End;
        };
        self.position += character.len_utf8();
        match character {
            '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => {
                self.position += quoted_length(&self.source[self.position..]);
                TokenKind::SmartQuote
            }
            _ => TokenKind::Unknown,
        }
    }
}

/// The length up to and with the next typographic quotation mark of the line, if there is one.
fn quoted_length(rest: &str) -> usize {
    let line = rest.split(['\n', ',', '}', '"']).next().unwrap_or("");
    line.char_indices()
        .find(|(_, character)| matches!(character, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'))
        .map_or(0, |(offset, character)| offset + character.len_utf8())
}

/// The length up to and with `close`, which has to come before brackets, quotes and the line's end.
fn closed(rest: &[u8], start: usize, close: &[u8]) -> Option<usize> {
    let end = rest[start..].iter().position(|byte| matches!(byte, b'}' | b']' | b'"' | b'\n' | b'{' | b'['))? + start;
    (end > start && rest[end..].starts_with(close)).then_some(end + close.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
