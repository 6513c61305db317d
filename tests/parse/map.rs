//! Places within scalars: a writer that knows where it put each character is the judge of the reader's map.

use std::ops::Range;

use proptest::prelude::*;
use slosmith::diag::Sink;
use slosmith::parse::yaml::{self, Node, NodeKind, Scalar};

use super::sources;

/// A source of choices that shrinks.
struct Choices<'c>(&'c [u8]);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % limit
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A scalar as written, and where each character of its value stands.
#[derive(Default, Debug)]
struct Written {
    source: String,
    /// Each character with the bytes it was written as.
    characters: Vec<(char, Range<usize>)>,
}

impl Written {
    fn raw(&mut self, text: &str) {
        self.source.push_str(text);
    }

    /// Writes `text`, which means `character`.
    fn means(&mut self, character: char, text: &str) {
        let start = self.source.len();
        self.source.push_str(text);
        self.characters.push((character, start..self.source.len()));
    }

    fn word(&mut self, word: &str) {
        word.chars().for_each(|character| self.means(character, character.encode_utf8(&mut [0; 4])));
    }

    fn value(&self) -> String {
        self.characters.iter().map(|(character, _)| character).collect()
    }
}

/// What values are made of; the first one holds a double quote.
const WORDS: &[&str] = &["{a=\"b\"}", "sum", "rate(x[5m])", "é", "漢字", "😀", "a:b", "c#d", "x-y", "1", "by"];
const BLANKS: &[&str] = &["", " ", "   ", "\t"];

/// A line break within a flow scalar: one is a space, each further one a line feed.
fn fold(written: &mut Written, choices: &mut Choices<'_>, newline: &str) {
    let breaks = 1 + choices.below(3);
    let mut text = choices.one(BLANKS).to_owned();
    for _ in 0..breaks {
        text.push_str(newline);
        text.push_str(choices.one(&["", "  "]));
    }
    text.push_str("  ");
    let start = written.source.len();
    written.raw(&text);
    let range = start..written.source.len();
    if breaks == 1 {
        written.characters.push((' ', range));
    } else {
        written.characters.extend((1..breaks).map(|_| ('\n', range.clone())));
    }
}

fn plain(choices: &mut Choices<'_>, newline: &str) -> Written {
    let mut written = Written::default();
    written.word("sum");
    for _ in 0..choices.below(8) {
        if choices.below(3) == 0 {
            fold(&mut written, choices, newline);
        } else {
            written.word(choices.one(&[" ", "  "]));
        }
        written.word(choices.one(WORDS));
    }
    written
}

fn single(choices: &mut Choices<'_>, newline: &str) -> Written {
    let mut written = Written::default();
    written.raw("'");
    written.word(choices.one(WORDS));
    for _ in 0..choices.below(10) {
        match choices.below(4) {
            0 => fold(&mut written, choices, newline),
            1 => written.means('\'', "''"),
            2 => written.word(choices.one(&[" ", "  ", "\\n", "\"", "# "])),
            _ => {}
        }
        written.word(choices.one(WORDS));
    }
    written.raw("'");
    written
}

const ESCAPES: &[(char, &str)] = &[
    ('"', "\\\""),
    ('\\', "\\\\"),
    ('\n', "\\n"),
    ('\t', "\\t"),
    ('A', "\\x41"),
    ('é', "\\u00e9"),
    ('é', "\\xe9"),
    ('漢', "\\u6f22"),
    ('😀', "\\U0001F600"),
    ('\u{85}', "\\N"),
    ('\u{2028}', "\\L"),
    ('/', "\\/"),
    (' ', "\\ "),
];

fn double(choices: &mut Choices<'_>, newline: &str) -> Written {
    let mut written = Written::default();
    written.raw("\"");
    written.word("a");
    for _ in 0..choices.below(12) {
        match choices.below(5) {
            0 => fold(&mut written, choices, newline),
            1 => written.raw(&format!("\\{newline}    ")),
            2 => written.word(choices.one(&[" ", "  ", "''", "# "])),
            _ => {
                let (character, text) = ESCAPES[choices.below(ESCAPES.len())];
                written.means(character, text);
            }
        }
        written.word(choices.one(&WORDS[1..]));
    }
    written.raw("\"");
    written
}

/// Lines with text; `folds` says whether a break between two of them becomes a space.
fn block(choices: &mut Choices<'_>, newline: &str, sign: &str) -> Written {
    let folds = sign == ">";
    let chomping = choices.one(&["", "-", "+"]);
    let mut written = Written::default();
    written.raw(sign);
    written.raw(chomping);
    written.raw(choices.one(&["", "  # about"]));
    written.raw(newline);
    for _ in 0..choices.below(2) {
        written.means('\n', newline);
    }
    let mut spaced_before = true;
    let lines = 1 + choices.below(5);
    for line in 0..lines {
        let spaced = line > 0 && choices.below(3) == 0;
        if line > 0 {
            let empty = choices.below(3);
            let folded = folds && !spaced_before && !spaced;
            match (folded, empty) {
                (true, 0) => written.means(' ', newline),
                (true, _) => written.raw(newline),
                (false, _) => written.means('\n', newline),
            }
            (0..empty).for_each(|_| written.means('\n', newline));
        }
        written.raw("   ");
        if spaced {
            written.word(choices.one(&["  ", "\t"]));
        }
        for _ in 0..=choices.below(3) {
            written.word(choices.one(WORDS));
            written.word(choices.one(&["", " ", "# "]));
        }
        written.word("x");
        spaced_before = spaced;
    }
    let empty = choices.below(3);
    match chomping {
        "-" => (0..=empty).for_each(|_| written.raw(newline)),
        "+" => (0..=empty).for_each(|_| written.means('\n', newline)),
        _ => {
            written.means('\n', newline);
            (0..empty).for_each(|_| written.raw(newline));
        }
    }
    written
}

fn second_scalar(node: &Node) -> &Scalar {
    let NodeKind::Mapping(mapping) = &node.kind else { panic!("no mapping: {node:?}") };
    let NodeKind::Scalar(scalar) = &mapping.entries[1].value.kind else { panic!("no scalar: {node:?}") };
    scalar
}

fn check(style: usize, choices: &[u8]) {
    let mut choices = Choices(choices);
    let newline = choices.one(&["\n", "\r\n"]);
    let written = match style {
        0 => plain(&mut choices, newline),
        1 => single(&mut choices, newline),
        2 => double(&mut choices, newline),
        3 => block(&mut choices, newline, "|"),
        _ => block(&mut choices, newline, ">"),
    };
    let before = format!("é: 'first' # {newline}key: ");
    let end = if written.source.ends_with('\n') { "" } else { newline };
    let text = format!("{before}{}{end}last: x{newline}", written.source);
    let (sources, file) = sources(&text);
    let mut sink = Sink::default();
    let documents = yaml::documents(&text, file, &mut sink).unwrap_or_default();
    let first = documents.first().unwrap_or_else(|| panic!("{text:?}: {sink:?}"));
    let scalar = second_scalar(first);
    assert_eq!(scalar.text.value, written.value(), "{text:?}");

    let mut at = 0;
    for (character, range) in &written.characters {
        let length = u32::try_from(character.len_utf8()).unwrap_or(u32::MAX);
        let span = scalar.text.part(at..at + length);
        // Line ends behind the last line with text belong to the value, and to no place that is worth showing.
        let last = scalar.text.span.end as usize;
        let expected = (before.len() + range.start).min(last)..(before.len() + range.end).min(last);
        let found = span.start as usize..span.end as usize;
        let shared = *character == '\n' && range.len() != 1;
        let fits = if shared { found.start >= expected.start && found.end <= expected.end } else { found == expected };
        assert!(
            fits && found.is_empty() == expected.is_empty(),
            "{character:?} of {text:?}: {:?}, not {:?}",
            &text[found],
            &text[expected]
        );
        at += length;
    }
    assert_eq!(at as usize, scalar.text.value.len());
    assert!(sources.slice(scalar.text.span).starts_with(written.source.chars().next().unwrap_or(' ')));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each character of a value leads to the bytes that it was written as, in every style.
    #[test]
    fn every_character_has_its_bytes(style in 0_usize..5, choices in prop::collection::vec(any::<u8>(), 0..120)) {
        check(style, &choices);
    }
}
