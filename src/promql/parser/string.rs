//! String literals: quotes, escapes, bytes that are no UTF-8.

use std::fmt::Write;

use smol_str::SmolStr;

use crate::promql::lexer::TokenKind;
use crate::promql::parser::{Parsed, Parser};
use crate::promql::{Error, Ranged, TextRange};

/// Bytes that are no UTF-8 (`"\xff"`) are kept as characters of this block, the last of the private ones.
pub(crate) const BYTE_BLOCK: u32 = 0x10_ff00;

impl Parser<'_> {
    /// Takes the string that stands here.
    pub(super) fn string(&mut self) -> Parsed<Ranged<SmolStr>> {
        let token = self.peek();
        if token.kind != TokenKind::String {
            return Err(self.expected("a string in quotes"));
        }
        self.advance();
        let source = self.slice(token);
        let inner = &source[1..source.len() - 1];
        if source.starts_with('`') || !inner.contains('\\') {
            return Ok(Ranged { value: keep_bytes(inner.as_bytes()), range: token.range() });
        }
        match unescape(inner, source.as_bytes()[0]) {
            Ok(bytes) => Ok(Ranged { value: keep_bytes(&bytes), range: token.range() }),
            Err(fault) => {
                let start = token.start + 1 + fault.start;
                let range = TextRange { start, end: start + fault.length };
                let mut error = Error::syntax(range, fault.message);
                if let Some(help) = fault.help {
                    error = error.help(help);
                }
                Err(self.report(error))
            }
        }
    }
}

/// A string in which bytes that are no UTF-8 became characters of the block, and that block's own characters their bytes.
fn keep_bytes(bytes: &[u8]) -> SmolStr {
    let stand_in = |byte: u8| char::from_u32(BYTE_BLOCK + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER);
    if let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0xf4)
    {
        return SmolStr::from(text);
    }
    let mut kept = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if u32::from(character) >= BYTE_BLOCK {
                let mut buffer = [0; 4];
                kept.extend(character.encode_utf8(&mut buffer).bytes().map(stand_in));
            } else {
                kept.push(character);
            }
        }
        kept.extend(chunk.invalid().iter().map(|byte| stand_in(*byte)));
    }
    SmolStr::from(kept)
}

/// An escape that is none, at an offset within the quotes.
struct Fault {
    start: u32,
    length: u32,
    message: String,
    help: Option<String>,
}

fn unescape(inner: &str, quote: u8) -> Result<Vec<u8>, Fault> {
    let bytes = inner.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        if byte != b'\\' {
            out.push(byte);
            position += 1;
            continue;
        }
        position += escape(inner, position, quote, &mut out)?;
    }
    Ok(out)
}

/// Appends what the escape at `start` means; returns its length.
fn escape(inner: &str, start: usize, quote: u8, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let bytes = inner.as_bytes();
    let letter = bytes.get(start + 1).copied().unwrap_or(0);
    let simple = match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' => b'\\',
        _ if letter == quote => quote,
        b'x' => return code(inner, start, 2, 2, 16, out),
        b'u' => return code(inner, start, 2, 4, 16, out),
        b'U' => return code(inner, start, 2, 8, 16, out),
        b'0'..=b'7' => return code(inner, start, 1, 3, 8, out),
        _ => return Err(unknown(inner, start)),
    };
    out.push(simple);
    Ok(2)
}

fn unknown(inner: &str, start: usize) -> Fault {
    let length = 1 + inner[start + 1..].chars().next().map_or(0, char::len_utf8);
    let escape = &inner[start..start + length];
    Fault {
        start: offset(start),
        length: offset(length),
        message: format!("`{escape}` is no escape sequence"),
        help: Some(format!("for a backslash write `\\{escape}`, or put the string in backticks")),
    }
}

/// An escape with a number of so many digits.
fn code(inner: &str, start: usize, skip: usize, digits: usize, radix: u32, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let length = skip + digits;
    let number = inner
        .get(start + skip..start + length)
        .filter(|text| text.bytes().all(|byte| char::from(byte).is_digit(radix)))
        .and_then(|text| u32::from_str_radix(text, radix).ok());
    let fault = |message: String| Fault {
        start: offset(start),
        length: offset(inner[start..].chars().take(length).map(char::len_utf8).sum()),
        message,
        help: None,
    };
    let Some(number) = number else {
        let mut message = String::new();
        let kind = if radix == 8 { "octal" } else { "hexadecimal" };
        let _ = write!(message, "`{}` needs {digits} {kind} digits", &inner[start..start + skip]);
        return Err(fault(message));
    };
    if digits < 4 {
        let Ok(byte) = u8::try_from(number) else {
            return Err(fault("an octal escape ends at `\\377`".to_owned()));
        };
        out.push(byte);
        return Ok(length);
    }
    let Some(character) = char::from_u32(number) else {
        return Err(fault(format!("there is no character U+{number:04X}")));
    };
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(length)
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
