//! Diagnostics as text: every look, hostile input, and that no input makes it panic or slow.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use slosmith::diag::render::{Colour, github, human, json, summary};
use slosmith::diag::{Code, Diagnostic};
use slosmith::source::{FileId, SourceFile, SourceKind, Sources, Span};

const SPEC: &str = "\
apiVersion: slosmith/v1
service: cart
slos:
- name: availability
  target: 0.999
  sli:
    total: 'http_requests_total{job=\"cart\"}'
    bad_whn: code=~\"5..\"
";

fn add(sources: &mut Sources, path: &str, text: &str) -> FileId {
    let file = SourceFile { path: path.to_owned(), kind: SourceKind::Spec, text: text.to_owned(), problem: None };
    sources.add(file)
}

fn one(text: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file = add(&mut sources, "slos/cart.yaml", text);
    (sources, file)
}

/// The span of the first occurrence of a word.
fn find(sources: &Sources, file: FileId, word: &str) -> Span {
    let start = u32::try_from(sources.file(file).text.find(word).expect("the word")).expect("small");
    Span::new(file, start, start + u32::try_from(word.len()).expect("small"))
}

/// One diagnostic of every shape.
fn shapes() -> (Sources, Vec<Diagnostic>) {
    let (mut sources, file) = one(SPEC);
    let other = add(&mut sources, "slosmith.yaml", "defaults:\r\n\twindow: 30d # größer\r\n");
    let at = |word| find(&sources, file, word);
    let diagnostics = vec![
        Diagnostic::new(Code::DuplicateKey, at("cart"), "the service `cart` is defined twice")
            .secondary(at("service"), "the first one is here")
            .secondary(find(&sources, other, "größer"), "it is bigger here")
            .note("names are unique"),
        Diagnostic::new(Code::WrongType, at("0.999"), "expected a percentage, found `0.999`")
            .label("this is a ratio")
            .replace("write a percentage", at("0.999"), "99.9%")
            .help("a target is in percent\n100 % is refused"),
        Diagnostic::new(Code::UnknownKey, at("bad_whn"), "unknown key `bad_whn` in `sli`").replace(
            "did you mean `bad_when`?",
            at("bad_whn"),
            "bad_when",
        ),
        Diagnostic::new(Code::MissingKey, at("sli:\n    total").to(at("code")), "over several lines")
            .label("all of it"),
        Diagnostic::new(Code::YamlBoolean, Span::new(file, 9_999, 9_999), "at the end, 100%: a, b"),
    ];
    (sources, diagnostics)
}

#[test]
fn for_people() {
    let (sources, diagnostics) = shapes();
    insta::assert_snapshot!(human(&diagnostics, &sources, Colour::Plain));
}

#[test]
fn for_people_in_colour() {
    let (sources, diagnostics) = shapes();
    insta::assert_snapshot!(human(&diagnostics[1..2], &sources, Colour::Ansi).replace('\u{1b}', "ESC"));
}

#[test]
fn for_programs() {
    let (sources, diagnostics) = shapes();
    let text = json(&diagnostics, &sources);
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(value.is_object());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn for_github() {
    let (sources, diagnostics) = shapes();
    insta::assert_snapshot!(github(&diagnostics, &sources));
}

#[test]
fn the_summary_counts() {
    let (_, diagnostics) = shapes();
    assert_eq!(summary(&diagnostics), "4 errors, 1 warning");
    assert_eq!(summary(&diagnostics[..1]), "1 error");
    assert_eq!(summary(&[]), "no problems");
}

#[test]
fn hostile_text_stays_visible() {
    let text = "a: \u{1b}[31mred\u{9b}x\u{202e}\rb: \u{0}\t'東京' and more\r\nc: 1";
    let (sources, file) = one(text);
    let diagnostics = [
        Diagnostic::new(Code::WrongType, find(&sources, file, "red"), "found \u{1b}[0m\u{f0000}:1")
            .label("\u{7}bell")
            .replace("\u{8}write", find(&sources, file, "red"), "\u{1b}"),
        Diagnostic::new(Code::WrongType, find(&sources, file, "京"), "a wide character").label("here"),
        Diagnostic::new(Code::WrongType, find(&sources, file, "1"), "on the third line"),
    ];
    let out = human(&diagnostics, &sources, Colour::Plain);
    assert!(!out.chars().any(|it| it.is_control() && it != '\n'), "{out:?}");
    insta::assert_snapshot!(out);
}

#[test]
fn a_line_of_fifty_megabytes_is_shown_in_part_and_fast() {
    let text = format!("a: \"{}needle{}\"\nb: 1\n", "ä".repeat(12_500_000), "x".repeat(25_000_000));
    let (sources, file) = one(&text);
    let needle = find(&sources, file, "needle");
    let diagnostic = Diagnostic::new(Code::WrongType, needle, "found `needle`")
        .secondary(find(&sources, file, "b: 1"), "beside this");
    let many = vec![diagnostic.clone().replace("write", needle, "thread"); 200];
    let begin = Instant::now();
    let out = human(&many, &sources, Colour::Plain);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert!(out.contains("slos/cart.yaml:1:12500005\n"), "{}", &out[..500]);
    assert!(out.lines().all(|line| line.chars().count() < 300));
    insta::assert_snapshot!(human(&many[..1], &sources, Colour::Plain));
}

#[test]
fn ten_thousand_problems_in_a_file_of_a_hundred_thousand_lines_are_fast() {
    let (sources, file) = one(&"key: value\n".repeat(100_000));
    let many: Vec<Diagnostic> = (0..10_000)
        .map(|number| {
            let span = Span::new(file, number * 110, number * 110 + 3);
            Diagnostic::new(Code::UnknownKey, span, "unknown").secondary(Span::new(file, 0, 3), "the first one")
        })
        .collect();
    let begin = Instant::now();
    let out = human(&many, &sources, Colour::Plain);
    assert!(out.contains("slos/cart.yaml:99991:1\n"));
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}",
        2 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("\u{feff}".to_owned()),
        1 => Just("👩‍🚀e\u{301}東".to_owned()),
        1 => Just("\u{1b}\u{9b}\u{202e}\u{f0001}".to_owned()),
        1 => Just("w".repeat(400)),
        1 => Just("\n".repeat(1200)),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text and the spans, something is printed that does nothing to a terminal.
    #[test]
    fn nothing_panics(
        first in text(),
        second in text(),
        words in text(),
        spans in prop::collection::vec((any::<bool>(), 0u32..3000, 0u32..3000), 4),
    ) {
        let mut sources = Sources::default();
        let files = [add(&mut sources, "a.yaml", &first), add(&mut sources, "b.yaml", &second)];
        let span = |at: usize| {
            let (file, start, length) = spans[at];
            let file = files[usize::from(file)];
            let size = u32::try_from(sources.file(file).text.len()).expect("small");
            let start = start % (size + 3);
            Span::new(file, start, start + length % (size + 3))
        };
        let diagnostic = Diagnostic::new(Code::WrongType, span(0), words.as_str())
            .label(words.as_str())
            .secondary(span(1), "one")
            .secondary(span(2), words.as_str())
            .note(words.as_str())
            .replace(words.as_str(), span(3), words.as_str());
        let all = [diagnostic];
        let out = human(&all, &sources, Colour::Plain);
        prop_assert!(!out.chars().any(|it| it.is_control() && it != '\n' || u32::from(it) >= 0xf_0000), "{out:?}");
        prop_assert!(!human(&all, &sources, Colour::Ansi).is_empty());
        let parsed: serde_json::Value = serde_json::from_str(&json(&all, &sources)).expect("JSON");
        prop_assert!(parsed["start"]["line"].as_u64() >= Some(1));
        prop_assert_eq!(github(&all, &sources).lines().count(), 1);
    }
}
