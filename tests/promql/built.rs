//! Trees that were built at random: what is printed reads back as the same tree, but for brackets.

use slosmith::promql::{
    AggregateOp, At, BinaryOp, Dialect, Expr, GroupingKind, MatchOp, ParseOptions, build, parse, print, print_line,
    print_within, without_parens,
};
use smol_str::SmolStr;

use super::robustness::Random;

const NAMES: [&str; 14] = [
    "a",
    "foo:bar",
    "sum",
    "by",
    "on",
    "inf",
    "offset",
    "bool",
    "start",
    "my.metric",
    "ä",
    "with space",
    "atan2",
    "fill",
];

const TEXTS: [&str; 10] = ["", "b", "a\"b", "\\d+", "x\ny", "é☺", "`", "'", "a|b", "\u{10ffff}"];

const OPERATORS: [BinaryOp; 18] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Mod,
    BinaryOp::Pow,
    BinaryOp::Atan2,
    BinaryOp::Equal,
    BinaryOp::NotEqual,
    BinaryOp::Greater,
    BinaryOp::Less,
    BinaryOp::GreaterEqual,
    BinaryOp::LessEqual,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Unless,
    BinaryOp::TrimUpper,
    BinaryOp::TrimLower,
];

fn pick<T: Copy>(random: &mut Random, from: &[T]) -> T {
    from[random.below(from.len())]
}

fn labels(random: &mut Random) -> Vec<SmolStr> {
    (0..random.below(3)).map(|_| SmolStr::new(pick(random, &NAMES))).filter(|name| !name.is_empty()).collect()
}

fn millis(random: &mut Random) -> i64 {
    let unit = pick(random, &[1, 1000, 60_000, 3_600_000, 86_400_000]);
    unit * i64::try_from(1 + random.below(100)).unwrap()
}

fn selector(random: &mut Random) -> Expr {
    let ops = [MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regex, MatchOp::NotRegex];
    let matchers: Vec<_> = (0..random.below(3))
        .map(|_| (SmolStr::new(pick(random, &NAMES)), pick(random, &ops), SmolStr::new(pick(random, &TEXTS))))
        .collect();
    build::selector(pick(random, &NAMES), matchers)
}

fn moved(random: &mut Random, expr: Expr) -> Expr {
    match random.below(6) {
        0 => expr.offset(-millis(random)),
        1 => expr.offset(millis(random)).at(At::End),
        2 => expr.at(At::Timestamp("-12.5".into())),
        _ => expr,
    }
}

fn tree(random: &mut Random, depth: usize) -> Expr {
    if depth == 0 {
        return match random.below(4) {
            0 => build::number(pick(random, &["1", "0.001", "Inf", "5m", "1e3", "0x1F"])),
            1 => build::string(pick(random, &TEXTS)),
            _ => {
                let expr = selector(random);
                moved(random, expr)
            }
        };
    }
    let below = depth - 1;
    match random.below(9) {
        0 => build::negate(tree(random, below)),
        1 => {
            let args = (0..random.below(3)).map(|_| tree(random, below)).collect();
            build::call(pick(random, &["rate", "start", "foo", "label_replace"]), args)
        }
        2 => {
            let labels = labels(random);
            let kind = pick(random, &[GroupingKind::By, GroupingKind::Without]);
            build::aggregate(AggregateOp::Sum, Some((kind, &labels)), tree(random, below))
        }
        3 => build::aggregate_with(AggregateOp::Topk, None, Some(tree(random, below)), tree(random, below)),
        4 => {
            let step = (random.below(2) == 0).then(|| millis(random));
            let expr = build::subquery(tree(random, below), millis(random), step);
            moved(random, expr)
        }
        5 => {
            let expr = build::matrix(selector(random), millis(random));
            moved(random, expr)
        }
        _ => operation(random, below),
    }
}

fn operation(random: &mut Random, below: usize) -> Expr {
    let op = pick(random, &OPERATORS);
    let expr = build::binary(tree(random, below), op, tree(random, below));
    let expr = if op.is_comparison() && random.below(2) == 0 { expr.bool() } else { expr };
    match random.below(5) {
        0 => expr.on(&labels(random)).group_left(&labels(random)),
        1 => expr.ignoring(&labels(random)).group_right(&[]),
        2 => expr.on(&labels(random)),
        _ => expr,
    }
}

#[test]
fn built_trees_read_back() {
    let mut random = Random::new(2026);
    let options = ParseOptions::new(Dialect::Rule);
    for round in 0..6000 {
        let expr = tree(&mut random, round % 7);
        for printed in [print(&expr), print_line(&expr), print_within(&expr, 30)] {
            let again = parse(&printed, &options).unwrap_or_else(|errors| panic!("{printed}\n{expr:?}\n{errors:?}"));
            assert_eq!(without_parens(&again), expr, "{printed}");
        }
    }
}
