//! The characters of an expression that are in no string.

use std::str::CharIndices;

/// Walks over what stands outside of the strings of PromQL, with its bytes; the quotes themselves are left out, too.
pub struct OutsideQuotes<'t> {
    chars: CharIndices<'t>,
}

/// The characters of a text that are in no string.
#[must_use]
pub fn outside_quotes(text: &str) -> OutsideQuotes<'_> {
    OutsideQuotes { chars: text.char_indices() }
}

impl OutsideQuotes<'_> {
    /// Goes on in the next line, whatever quotes the rest of this one has.
    pub fn skip_line(&mut self) {
        self.chars.find(|(_, c)| *c == '\n');
    }

    fn skip_string(&mut self, quote: char) {
        while let Some((_, c)) = self.chars.next() {
            match c {
                '\\' if quote != '`' => drop(self.chars.next()),
                _ if c == quote => return,
                _ => {}
            }
        }
    }
}

impl Iterator for OutsideQuotes<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.chars.next()? {
                (_, quote @ ('"' | '\'' | '`')) => self.skip_string(quote),
                other => return Some(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_passed_over() {
        let outside = |text: &str| outside_quotes(text).map(|(_, c)| c).collect::<String>();
        assert_eq!(outside(r#"a{b="c",d='e"f'}"#), "a{b=,d=}");
        assert_eq!(outside(r#"a"\"b"c"#), "ac");
        assert_eq!(outside(r"a`\`b`c`"), "ab");
        assert_eq!(outside(r#"a"b"#), "a");
    }

    #[test]
    fn the_rest_of_a_line_may_have_any_quotes() {
        let mut outside = outside_quotes("a # don't\nb");
        assert_eq!(outside.find(|(_, c)| *c == '#'), Some((2, '#')));
        outside.skip_line();
        assert_eq!(outside.next(), Some((10, 'b')));
    }
}
