//! No panic, no overflow, no endless time, whatever the bytes; and every fault has a place in the text.

use std::time::{Duration, Instant};

use slosmith::promql::lint::{Context, Role, lint};
use slosmith::promql::{
    CheckOptions, Dialect, Error, ErrorKind, ParseOptions, check, labels, parse, print, substitute_window,
};

use super::good_expressions;

const DIALECTS: [Dialect; 3] = [Dialect::Rule, Dialect::Sli, Dialect::Dashboard];

/// Numbers that look random and are the same in each run.
pub(super) struct Random(u64);

impl Random {
    /// Other numbers for another seed, which is not 0.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below the limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

fn assert_in_text(text: &str, errors: &[Error]) {
    assert!(!errors.is_empty(), "{text:?}");
    let ranges = errors.iter().flat_map(|error| {
        [
            Some(error.range),
            error.related.as_ref().map(|related| related.0),
            error.replacement.as_ref().map(|new| new.0),
        ]
    });
    for range in ranges.flatten() {
        assert!(text.get(range.start as usize..range.end as usize).is_some(), "{text:?}: {range:?}");
    }
}

fn exercise(text: &str, dialect: Dialect) {
    let options = ParseOptions::new(dialect);
    let expr = match parse(text, &options) {
        Ok(expr) => expr,
        Err(errors) => return assert_in_text(text, &errors),
    };
    if let Err(errors) = check(&expr, &CheckOptions::default()) {
        assert_in_text(text, &errors);
    }
    let _ = (labels::of(&expr), substitute_window(&expr, 300_000));
    for role in [Role::Alert, Role::Query] {
        for finding in lint(&expr, &Context { role, scrape_interval: Some(60_000) }) {
            let ranges = finding.related.iter().map(|(range, _)| *range);
            for range in ranges.chain([finding.range]).chain(finding.replacement.map(|(range, _)| range)) {
                assert!(text.get(range.start as usize..range.end as usize).is_some(), "{text:?}: {range:?}");
            }
        }
    }
    let printed = print(&expr);
    assert_eq!(parse(&printed, &options).as_ref(), Ok(&expr), "{text:?}\n{printed}");
}

/// Pieces that are put into expressions, the more confusing the better.
const PIECES: [&str; 44] = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "`",
    "\\",
    ",",
    ":",
    "$",
    "${",
    "{{",
    "[[",
    "]]",
    "5m",
    "1e",
    "0x",
    "-",
    "^",
    "@",
    " offset ",
    " by ",
    " on ",
    " bool ",
    "=~",
    "!=",
    "==",
    "=>",
    "&&",
    "#",
    "\n",
    "\u{201c}",
    "é",
    "\u{10ff80}",
    "\\xff",
    "</",
    "start()",
    "$window",
    "sum",
    " fill(",
    "Inf",
];

#[test]
fn mutations_do_no_harm() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let expressions = good_expressions();
    for (text, _) in expressions.iter().filter(|(text, _)| text.len() < 400) {
        for round in 0..6 {
            let mut mutated = text.clone();
            for _ in 0..=random.below(2) {
                mutate(&mut mutated, &mut random, &expressions);
            }
            exercise(&mutated, DIALECTS[round % 3]);
        }
    }
}

fn mutate(text: &mut String, random: &mut Random, others: &[(String, Dialect)]) {
    let boundary = |random: &mut Random, text: &str| {
        let place = random.below(text.len() + 1);
        (0..=place).rev().find(|place| text.is_char_boundary(*place)).unwrap()
    };
    let (one, two) = (boundary(random, text), boundary(random, text));
    let (start, end) = (one.min(two), one.max(two));
    match random.below(5) {
        0 => text.insert_str(start, PIECES[random.below(PIECES.len())]),
        1 => text.truncate(start),
        2 => text.replace_range(start..boundary_from(text, start, end.min(start + 3)), ""),
        3 => {
            let copied = text[start..end].to_owned();
            text.insert_str(end, &copied);
        }
        _ => {
            let other = &others[random.below(others.len())].0;
            let cut = boundary(random, other);
            text.replace_range(start.., &other[cut..]);
        }
    }
}

/// The last boundary of a character up to `end`, at least `start`.
fn boundary_from(text: &str, start: usize, end: usize) -> usize {
    (start..=end).rev().find(|place| text.is_char_boundary(*place)).unwrap_or(start)
}

#[test]
fn random_bytes_do_no_harm() {
    let mut random = Random(42);
    for round in 0..20_000 {
        let pieces = random.below(12);
        let text: String = (0..pieces).map(|_| PIECES[random.below(PIECES.len())]).collect();
        exercise(&text, DIALECTS[round % 3]);
    }
}

/// Runs with a stack of one megabyte and a limit of time.
fn in_small_stack(work: impl FnOnce() + Send + 'static) {
    let start = Instant::now();
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn deep_nesting_is_an_error_with_a_place() {
    in_small_stack(|| {
        let openings = ["(", "-", "sum(", "a[5m:] or (", "{a=\"b\"} - (", "2^", "rate(sum(", "1 + -("];
        let durations = [("a[", "("), ("a[", "-"), ("a[", "min_of("), ("a offset ", "("), ("a[5m:", "2^(")];
        for (first, opening) in openings.map(|opening| ("", opening)).into_iter().chain(durations) {
            let text = first.to_owned() + &opening.repeat(100_000);
            let errors = parse(&text, &ParseOptions::default()).unwrap_err();
            assert!(errors.iter().any(|error| error.kind == ErrorKind::Depth), "{opening}: {:?}", errors[0]);
            assert_in_text(&text, &errors);
        }
        for (first, repeated) in
            [("a", "+a"), ("a", " or a"), ("a[5m]", "[5m:]"), ("a", "[5m:]"), ("a[5m", "+5m"), ("a", "^a")]
        {
            let text = first.to_owned() + &repeated.repeat(100_000);
            let errors = parse(&text, &ParseOptions::default()).unwrap_err();
            assert!(errors.iter().any(|error| error.kind == ErrorKind::Depth), "{repeated}: {:?}", errors[0]);
        }
    });
}

#[test]
fn trees_of_the_greatest_height_can_be_walked() {
    in_small_stack(|| {
        for (open, middle, close) in [
            ("(", "a", ")"),
            ("-", "a", ""),
            ("sum by (x) (", "a", ")"),
            ("abs(", "a", ")"),
            ("a + (", "a", ")"),
            ("", "a", " + a"),
            ("", "a", "[5m:1m]"),
            ("a ^ ", "a", ""),
            ("avg_over_time((-", "a", ")[5m:])"),
        ] {
            let deepest = (1..400)
                .take_while(|count| {
                    let text = format!("{}{middle}{}", open.repeat(*count), close.repeat(*count));
                    parse(&text, &ParseOptions::default()).is_ok()
                })
                .last()
                .unwrap();
            assert!(deepest >= 45, "{open}: {deepest}");
            exercise(&format!("{}{middle}{}", open.repeat(deepest), close.repeat(deepest)), Dialect::Rule);
        }
    });
}

#[test]
fn long_lists_are_linear() {
    in_small_stack(|| {
        let matchers = format!("a{{{}}}", "b=\"c\",".repeat(200_000));
        let arguments = format!("label_join(a, \"b\", \"c\"{})", ", \"d\"".repeat(200_000));
        for text in [
            matchers,
            arguments,
            format!("a{{b=\"{}\"}}", "x".repeat(1_000_000)),
            "a ".repeat(500_000),
            "}".repeat(500_000),
        ] {
            exercise(&text, Dialect::Rule);
        }
    });
}
