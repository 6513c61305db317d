//! A printer of JSON: two spaces a level, short objects on one line.

use std::fmt::{Display, Write as _};

/// Where the members of an object or list stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each on a line of its own.
    Block,
    /// All on one line, with everything in them.
    Line,
}

/// JSON that is being written.
pub(super) struct Json {
    out: String,
    depth: usize,
    layout: Layout,
    is_empty: bool,
}

impl Json {
    /// The text of an object, with a newline at its end.
    pub(super) fn document(capacity: usize, members: impl FnOnce(&mut Self)) -> String {
        let mut json = Self { out: String::with_capacity(capacity), depth: 0, layout: Layout::Block, is_empty: true };
        json.container(('{', '}'), Layout::Block, members);
        json.out.push('\n');
        json.out
    }

    /// A member that is an object.
    pub(super) fn object(&mut self, key: &str, layout: Layout, members: impl FnOnce(&mut Self)) {
        self.key(key);
        self.container(('{', '}'), layout, members);
    }

    /// A member that is a list.
    pub(super) fn list(&mut self, key: &str, layout: Layout, items: impl FnOnce(&mut Self)) {
        self.key(key);
        self.container(('[', ']'), layout, items);
    }

    /// An item that is an object.
    pub(super) fn item(&mut self, layout: Layout, members: impl FnOnce(&mut Self)) {
        self.separate();
        self.container(('{', '}'), layout, members);
    }

    /// A member that is a list of strings, on one line.
    pub(super) fn strings<'a>(&mut self, key: &str, items: impl IntoIterator<Item = &'a str>) {
        self.list(key, Layout::Line, |json| items.into_iter().for_each(|item| json.string_item(item)));
    }

    /// A member that is a string.
    pub(super) fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    /// A member that is `true` or `false`.
    pub(super) fn truth(&mut self, key: &str, value: bool) {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// A member that is a number: digits exactly as the value prints itself.
    pub(super) fn number(&mut self, key: &str, value: impl Display) {
        self.key(key);
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// A member that is a number or `null`.
    pub(super) fn number_or_null(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.number(key, value);
        } else {
            self.key(key);
            self.out.push_str("null");
        }
    }

    /// An item that is a number.
    pub(super) fn number_item(&mut self, value: impl Display) {
        self.separate();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// An item that is a string.
    pub(super) fn string_item(&mut self, value: &str) {
        self.separate();
        self.quoted(value);
    }

    fn container(&mut self, (open, close): (char, char), layout: Layout, content: impl FnOnce(&mut Self)) {
        let outer = self.layout;
        if layout == Layout::Line {
            self.layout = Layout::Line;
        }
        self.out.push(open);
        self.depth += 1;
        self.is_empty = true;
        content(self);
        self.depth -= 1;
        if !self.is_empty && self.layout == Layout::Block {
            self.newline();
        }
        self.out.push(close);
        self.layout = outer;
        self.is_empty = false;
    }

    fn key(&mut self, key: &str) {
        self.separate();
        self.quoted(key);
        self.out.push_str(": ");
    }

    fn separate(&mut self) {
        if !self.is_empty {
            self.out.push(',');
        }
        match self.layout {
            Layout::Block => self.newline(),
            Layout::Line if !self.is_empty => self.out.push(' '),
            Layout::Line => {}
        }
        self.is_empty = false;
    }

    fn newline(&mut self) {
        const SPACES: &str = "                                                ";
        self.out.push('\n');
        let width = (2 * self.depth).min(SPACES.len());
        self.out.push_str(&SPACES[..width]);
    }

    #[expect(
        clippy::needless_bitwise_bool,
        reason = "an early end would keep the loop from taking many bytes at a time"
    )]
    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        // Hardly any text has something to escape.
        let is_clean = |byte: u8| (byte >= b' ') & (byte != b'"') & (byte != b'\\');
        if text.bytes().fold(true, |clean, byte| clean & is_clean(byte)) {
            self.out.push_str(text);
            self.out.push('"');
            return;
        }
        let mut clean = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.out.push_str(&text[clean..at]);
            self.escape(byte);
            clean = at + 1;
        }
        self.out.push_str(&text[clean..]);
        self.out.push('"');
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'"' => self.out.push_str("\\\""),
            b'\\' => self.out.push_str("\\\\"),
            b'\n' => self.out.push_str("\\n"),
            b'\t' => self.out.push_str("\\t"),
            b'\r' => self.out.push_str("\\r"),
            other => {
                // Writing to a string cannot fail.
                let _ = write!(self.out, "\\u{other:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lays_out_and_escapes() {
        let text = Json::document(64, |json| {
            json.string("text", "a \"b\"\\\n\u{1}ü");
            json.object("empty", Layout::Block, |_| {});
            json.list("list", Layout::Block, |json| {
                json.item(Layout::Line, |json| {
                    json.number("x", 0);
                    json.list("ys", Layout::Block, |json| {
                        json.number_item("0.1");
                        json.string_item("z");
                    });
                });
                json.item(Layout::Line, |json| json.number_or_null("x", None::<u8>));
            });
        });
        let expected = r#"{
  "text": "a \"b\"\\\n\u0001ü",
  "empty": {},
  "list": [
    {"x": 0, "ys": [0.1, "z"]},
    {"x": null}
  ]
}
"#;
        assert_eq!(text, expected);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
