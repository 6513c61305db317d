//! JSON text to the nodes of YAML, with the bytes of every value; of what JSON and YAML read differently, JSON's reading.

use super::yaml::{CollectionStyle, Entry, MAX_DEPTH, Mapping, Node, NodeKind, Scalar, ScalarStyle};
use crate::source::{FileId, Piece, Quotes, Span, Text, TextMap};

/// The value of a text that is JSON and begins with a brace or bracket; nothing of any other text.
#[must_use]
pub(super) fn node(source: &str, file: FileId) -> Option<Node> {
    let skipped = source.len() - source.trim_start_matches('\u{feff}').len();
    let mut reader = Reader { source, bytes: source.as_bytes(), at: skipped, file };
    reader.space();
    if !matches!(reader.peek(), Some(b'{' | b'[')) {
        return None;
    }
    let node = reader.value(0)?;
    reader.space();
    (reader.at == source.len()).then_some(node)
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    file: FileId,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over a byte if it is there.
    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, offset(start), offset(self.at))
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => {
                let text = self.string()?;
                Some(scalar(text, ScalarStyle::Quoted))
            }
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if !self.eat(b'}') {
            loop {
                self.space();
                let key = self.string()?;
                self.space();
                if !self.eat(b':') {
                    return None;
                }
                entries.push(Entry { key, value: self.value(depth + 1)? });
                self.space();
                if self.eat(b'}') {
                    break;
                }
                if !self.eat(b',') {
                    return None;
                }
            }
        }
        let kind = NodeKind::Mapping(Mapping { entries, style: CollectionStyle::Flow });
        Some(Node { kind, span: self.span(start) })
    }

    fn array(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if !self.eat(b']') {
            loop {
                items.push(self.value(depth + 1)?);
                self.space();
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return None;
                }
            }
        }
        Some(Node { kind: NodeKind::Sequence(items), span: self.span(start) })
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<Node> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z' | b'0'..=b'9' | b'E' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let value = self.source.get(start..self.at)?;
        let is_number = value.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        if !is_number && !matches!(value, "true" | "false" | "null") {
            return None;
        }
        let text = Text {
            value: value.to_owned(),
            span: self.span(start),
            map: TextMap::Linear(offset(start)),
            quotes: Quotes::None,
        };
        Some(scalar(text, ScalarStyle::Plain))
    }

    fn string(&mut self) -> Option<Text> {
        let start = self.at;
        if !self.eat(b'"') {
            return None;
        }
        let mut value = String::new();
        let mut pieces = Vec::new();
        loop {
            let run = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
                self.at += 1;
            }
            let literal = self.source.get(run..self.at)?;
            if !literal.is_empty() {
                pieces.push(piece(&value, run, literal.len()));
                value.push_str(literal);
            }
            let mark = self.at;
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    let character = self.escape()?;
                    pieces.push(piece(&value, mark, self.at - mark));
                    value.push(character);
                }
                _ => return None,
            }
        }
        pieces.push(piece(&value, self.at, 0));
        self.at += 1;
        let map = if value.len() == self.at - start - 2 {
            TextMap::Linear(offset(start + 1))
        } else {
            TextMap::Pieces(pieces)
        };
        Some(Text { value, span: self.span(start), map, quotes: Quotes::Double })
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' => Some(char::from(byte)),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => self.unicode(),
            _ => None,
        }
    }

    /// Four hexadecimal digits, or a pair of them behind another `\u`; a half of a pair is the replacement character.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let mark = self.at;
        if self.eat(b'\\') && self.eat(b'u') {
            let second = self.hexadecimal()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
        }
        self.at = mark;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.source.get(self.at..self.at + 4)?;
        self.at += 4;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    }
}

fn scalar(text: Text, style: ScalarStyle) -> Node {
    let span = text.span;
    Node { kind: NodeKind::Scalar(Scalar { text, style }), span }
}

fn piece(value: &str, file: usize, length: usize) -> Piece {
    Piece { value: offset(value.len()), file: offset(file), length: offset(length) }
}

#[expect(clippy::cast_possible_truncation, reason = "load refuses files above 64 MiB")]
fn offset(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::foreign::{get, text};
    use crate::source::{SourceFile, SourceKind, Sources};

    #[test]
    fn places_lead_through_escapes() {
        let source = "{\n\t\"a\\/b\": [1, null, \"x\\n\\ud83d\\ude00y\\u00e9z\"], \"e\": \"up\"}";
        let mut sources = Sources::default();
        let kind = SourceKind::Spec;
        let file = sources.add(SourceFile { path: String::new(), kind, text: source.to_owned(), problem: None });
        let node = node(source, file).expect("JSON");
        let list = get(&node, "a/b").expect("the list");
        let NodeKind::Sequence(items) = &list.kind else { panic!("no list") };
        let found = text(items.get(2)).expect("the string");
        assert_eq!(found.value, "x\n\u{1f600}y\u{e9}z");
        let slice = |range| sources.slice(found.part(range)).to_owned();
        assert_eq!((slice(0..1).as_str(), slice(1..2).as_str()), ("x", "\\n"));
        assert_eq!((slice(2..6).as_str(), slice(6..7).as_str()), ("\\ud83d\\ude00", "y"));
        assert_eq!(sources.slice(found.slice(6..10).part(3..4)), "z");
        assert_eq!(sources.slice(text(get(&node, "e")).expect("text").part(0..2)), "up");
    }

    #[test]
    fn refuses_what_is_no_json() {
        let file = Sources::default().add(SourceFile {
            path: String::new(),
            kind: SourceKind::Spec,
            text: String::new(),
            problem: None,
        });
        for text in ["", "1", "{a: 1}", "{\"a\" 1}", "[1,]", "[1] x", "[\"\\x\"]", "[\"\\u12\"]", "[\"a", "[tru]"] {
            assert!(node(text, file).is_none(), "{text}");
        }
        assert!(node(&"[".repeat(100_000), file).is_none());
    }
}
