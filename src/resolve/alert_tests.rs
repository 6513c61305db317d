//! Tests of cause alerts: that promtool can run them, and that they can show what they say.

use super::durations::positive_duration;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{AlertTest, Duration, Outcome};
use crate::parse::decl::{AlertDecl, AlertTestDecl};
use crate::promql::{Dialect, Expr, ExprKind, LabelValues, MatchOp, ParseOptions, Selector, parse, selects, visit};
use crate::source::Text;

/// The distance of samples unless a test says otherwise.
const INTERVAL: Duration = Duration::from_mins(1);

/// Reads the tests of an alert; those with problems are left out.
pub(super) fn tests(
    decl: &AlertDecl,
    expr: &Expr,
    or_absent: Option<&Expr>,
    wait: Option<Duration>,
    sink: &mut Sink,
) -> Vec<AlertTest> {
    let mut read = Vec::with_capacity(decl.tests.len());
    for entry in &decl.tests {
        let Some(test) = test(entry, sink) else { continue };
        check_time(entry, decl, &test, wait, sink);
        check_read(entry, expr, or_absent, sink);
        read.push(test);
    }
    read
}

fn test(decl: &AlertTestDecl, sink: &mut Sink) -> Option<AlertTest> {
    let at = positive_duration(&decl.at, "at", sink);
    let interval = decl.interval.as_ref().map_or(Some(INTERVAL), |text| positive_duration(text, "interval", sink));
    let outcome = outcome(&decl.fires, sink);
    let mut series = Vec::with_capacity(decl.series.len());
    for (name, values) in &decl.series {
        let is_series = fixed(&name.value).is_some();
        if !is_series {
            let message = format!("`{}` is no series", name.value);
            let diagnostic = Diagnostic::new(Code::BadTest, name.span, message);
            sink.push(diagnostic.help("write a name, and labels with `=` alone: `up{job=\"api\"}`"));
        }
        let is_samples = check_samples(values, sink);
        if is_series && is_samples {
            series.push((name.value.clone(), values.value.clone()));
        }
    }
    let complete = series.len() == decl.series.len();
    let name = decl.name.as_ref().map(|name| name.value.clone());
    let test = AlertTest { name, at: at?, interval: interval?, series, outcome: outcome? };
    complete.then_some(test)
}

fn outcome(text: &Text, sink: &mut Sink) -> Option<Outcome> {
    match text.value.as_str() {
        "true" => Some(Outcome::Fires),
        "false" => Some(Outcome::Silent),
        other => {
            let message = format!("expected `true` or `false`, found `{other}`");
            let diagnostic = Diagnostic::new(Code::BadTest, text.span, message);
            sink.push(diagnostic.help("`fires: true` if at least one alert of this name fires then"));
            None
        }
    }
}

/// The series that a text names.
fn fixed(text: &str) -> Option<(String, LabelValues)> {
    let expr = parse(text, &ParseOptions::new(Dialect::Rule)).ok()?;
    let ExprKind::Selector(selector) = expr.kind else { return None };
    let Selector { name, matchers, modifiers } = *selector;
    let is_plain = modifiers.offset.is_none() && modifiers.at.is_none() && modifiers.extended.is_none();
    if !is_plain || matchers.iter().any(|matcher| matcher.op != MatchOp::Equal) {
        return None;
    }
    let mut labels: LabelValues =
        matchers.into_iter().map(|matcher| (matcher.label.value, matcher.value.value)).collect();
    labels.sort_unstable();
    Some((name?.value.to_string(), labels))
}

/// Reports samples that promtool does not read.
fn check_samples(text: &Text, sink: &mut Sink) -> bool {
    let wrong = text.value.split(' ').filter(|item| !item.is_empty()).find(|item| !is_samples(item));
    let message = match wrong {
        Some(_) if text.value.contains("{{") => return true,
        Some(item) => format!("`{item}` are no samples"),
        None if text.value.trim().is_empty() => "no samples".to_owned(),
        None => return true,
    };
    let diagnostic = Diagnostic::new(Code::BadTest, text.span, message);
    sink.push(diagnostic.help("`1 2 3` are samples, `0+10x5` are 0, 10 and so on up to 50, `1x5` is 1 six times, `_x5` are five that are missing"));
    false
}

/// `7`, `7x3`, `7+2x3`, `7-2x3`, `_`, `_x3`, `stale`.
fn is_samples(item: &str) -> bool {
    let (values, count) = match item.rsplit_once('x') {
        Some((values, count)) => (values, Some(count)),
        None => (item, None),
    };
    let has_count = count.is_none_or(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()));
    has_count && (values == "_" || (values == "stale" && count.is_none()) || is_run(values, count.is_some()))
}

/// A number, and behind it the step if it is repeated.
fn is_run(text: &str, is_repeated: bool) -> bool {
    let is_number = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']);
        let is_word = ["inf", "nan"].contains(&digits.to_ascii_lowercase().as_str());
        is_word
            || (digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') && text.parse::<f64>().is_ok())
    };
    if is_number(text) {
        return true;
    }
    let signs = text.char_indices().skip(1).filter(|(_, sign)| ['+', '-'].contains(sign));
    is_repeated && signs.into_iter().any(|(at, _)| is_number(&text[..at]) && is_number(&text[at..]))
}

/// Reports a test that cannot fire, since its time is not later than `for`.
fn check_time(decl: &AlertTestDecl, alert: &AlertDecl, test: &AlertTest, wait: Option<Duration>, sink: &mut Sink) {
    let Some(wait) = wait.filter(|wait| test.at < *wait && test.outcome == Outcome::Fires) else { return };
    let message = format!("at {} the alert cannot fire yet: it waits for {wait}", test.at);
    let mut diagnostic = Diagnostic::new(Code::EarlyTest, decl.at.span, message);
    if let Some(text) = &alert.wait {
        diagnostic = diagnostic.secondary(text.span, "as long as this");
    }
    sink.push(diagnostic.help(format!("write a time after {wait}, and give series that last as long")));
}

/// How much of a series an alert reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    OtherLabels,
    OtherName,
}

/// Warns of series whose name no selector of the alert has, and of all series if none has the labels either: a series beside
/// others may be there to be ignored.
fn check_read(decl: &AlertTestDecl, expr: &Expr, or_absent: Option<&Expr>, sink: &mut Sink) {
    let selectors: Vec<_> = [Some(expr), or_absent].into_iter().flatten().flat_map(visit::selectors).collect();
    let used = |text: &Text| {
        let (name, labels) = fixed(&text.value)?;
        let is_named = |selector: &Selector| selector.name.as_ref().is_none_or(|own| own.value == name);
        if selectors.iter().any(|found| selects(found.selector, &name, &labels)) {
            return Some(Use::Read);
        }
        Some(if selectors.iter().any(|found| is_named(found.selector)) { Use::OtherLabels } else { Use::OtherName })
    };
    let found: Vec<Option<Use>> = decl.series.iter().map(|(text, _)| used(text)).collect();
    let reads_something = found.contains(&Some(Use::Read));
    for ((text, _), found) in decl.series.iter().zip(found) {
        let help = match found {
            None | Some(Use::Read) => continue,
            Some(Use::OtherLabels) if reads_something => continue,
            Some(Use::OtherLabels) => "its labels are not those that the expression asks for",
            Some(Use::OtherName) => "no selector of the expression has this name",
        };
        let message = format!("the alert does not read `{}`", text.value);
        sink.push(Diagnostic::new(Code::UnreadSeries, text.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_as_promtool_reads_them() {
        for item in [
            "7",
            "-7.5",
            "1e3",
            "0x5",
            "0+10x5",
            "0-10x5",
            "1.5+0.25x3",
            "_",
            "_x3",
            "stale",
            "-3+1x2",
            "1e3+1e2x4",
            "Inf",
        ] {
            assert!(is_samples(item), "{item}");
        }
        for item in ["", "a", "0+10", "x5", "1x", "1xa", "stalex3", "1+x5", "__", "1,2"] {
            assert!(!is_samples(item), "{item}");
        }
    }
}
