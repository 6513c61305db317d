//! Regular expressions that anchor what is anchored already, that match everything, or that nothing can match.

use regex_syntax::hir::{Hir, HirKind, Look};

use crate::promql::lint::{Finding, Lint};
use crate::promql::name::has_variable;
use crate::promql::{Expr, ExprKind};
use crate::promql::{MatchOp, Matcher, TextRange, print_line, regex};

pub(super) fn check(matcher: &Matcher) -> Option<Finding> {
    let is_regex = matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex);
    let value = matcher.value.value.as_str();
    if !is_regex || value.is_empty() || has_variable(value) {
        return None;
    }
    match_all(matcher, value).or_else(|| impossible(matcher, value)).or_else(|| anchored(matcher, value))
}

fn match_all(matcher: &Matcher, value: &str) -> Option<Finding> {
    if !matches!(value, ".*" | "(.*)" | "^.*$") {
        return None;
    }
    let label = &matcher.label.value;
    let finding = match matcher.op {
        MatchOp::Regex => Finding::new(
            Lint::MatchAllRegex,
            matcher.range,
            format!("this matcher on `{label}` accepts every series, those without the label too"),
        ),
        MatchOp::NotRegex | MatchOp::Equal | MatchOp::NotEqual => Finding::new(
            Lint::ImpossibleRegex,
            matcher.range,
            format!("this matcher on `{label}` refuses every series"),
        )
        .label("never selects anything"),
    };
    Some(finding.help(format!("remove it; for series that have the label write `{label}!=\"\"`")))
}

fn impossible(matcher: &Matcher, value: &str) -> Option<Finding> {
    let hir = regex::hir(value)?;
    if matcher.op != MatchOp::Regex || can_match(&hir) {
        return None;
    }
    Some(
        Finding::new(
            Lint::ImpossibleRegex,
            matcher.value.range,
            format!("the regular expression `{value}` matches no text"),
        )
        .label("never selects anything")
        .note("`^` holds only at the start of the value and `$` only at its end")
        .help("escape the character if it is meant literally: `\\\\^`, `\\\\$`"),
    )
}

/// Whether any text can match, as far as anchors decide.
fn can_match(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Concat(parts) => {
            let least = |parts: &[Hir]| parts.iter().any(|part| part.properties().minimum_len() != Some(0));
            let misplaced = parts.iter().enumerate().any(|(at, part)| match part.kind() {
                HirKind::Look(Look::Start) => least(&parts[..at]),
                HirKind::Look(Look::End) => least(&parts[at + 1..]),
                _ => false,
            });
            !misplaced && parts.iter().all(can_match)
        }
        HirKind::Alternation(parts) => parts.iter().any(can_match),
        HirKind::Capture(capture) => can_match(&capture.sub),
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => true,
    }
}

fn anchored(matcher: &Matcher, value: &str) -> Option<Finding> {
    let without = value.strip_prefix('^').unwrap_or(value);
    let is_escaped = without.ends_with("\\$");
    let without = if is_escaped { without } else { without.strip_suffix('$').unwrap_or(without) };
    if without == value {
        return None;
    }
    let text = Expr { kind: ExprKind::String(without.into()), range: TextRange::default() };
    let written = print_line(&text);
    Some(
        Finding::new(Lint::AnchoredRegex, matcher.value.range, "the anchors of this regular expression change nothing")
            .note("Prometheus matches whole values: every regular expression is anchored at both ends")
            .replace(format!("write `{written}`"), matcher.value.range, written),
    )
}
