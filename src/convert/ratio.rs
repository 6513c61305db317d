//! Ratios in their shortest form: selectors where sums of rates are written, and matchers where only these differ.

use super::sli::expression;
use super::tree::{Entry, Value};
use crate::parse::decl::RatioPartDecl;
use crate::parse::outside_quotes;
use crate::promql::{
    AggregateOp, Dialect, DurationKind, Expr, ExprKind, GroupingKind, Matcher, Modifiers, ParseOptions, Selector,
    contradiction, parse, print_line,
};
use crate::source::Text;

/// The entries of a ratio.
pub(super) fn ratio(total: &Text, part: &RatioPartDecl, groups: &[Text]) -> Vec<Entry> {
    let (key, text) = match part {
        RatioPartDecl::Bad(text) => ("bad", text),
        RatioPartDecl::Good(text) => ("good", text),
        RatioPartDecl::BadWhen(text) => return vec![expression("total", total), expression("bad_when", text)],
        RatioPartDecl::GoodWhen(text) => return vec![expression("total", total), expression("good_when", text)],
    };
    let (all, some) = (counter(total, groups), counter(text, groups));
    let (Some(all), Some(some)) = (all, some) else {
        return vec![expression("total", total), expression(key, text)];
    };
    let is_related = all.name.as_ref().map(|name| &name.value) == some.name.as_ref().map(|name| &name.value);
    if is_related && (all.matchers == some.matchers || contradiction(&some.matchers, &all.matchers).is_some()) {
        // As selectors, they would be refused.
        return vec![expression("total", total), expression(key, text)];
    }
    let written = |selector: &Selector| Value::Expression(print_line(&as_expr(selector.clone())));
    let total = Entry { above: comments(&total.value), ..Entry::new("total", written(&all), Some(total.span)) };
    let added = some.matchers.strip_prefix(all.matchers.as_slice()).filter(|_| is_related);
    let mut part = match added.and_then(matchers) {
        Some(added) => Entry::new(&format!("{key}_when"), Value::Expression(added), Some(text.span)),
        None => Entry::new(key, written(&some), Some(text.span)),
    };
    part.above = comments(&text.value);
    vec![total, part]
}

/// The comments in an expression, which its shorter form has no room for.
pub(super) fn comments(text: &str) -> Vec<String> {
    let mut comments = Vec::new();
    let mut outside = outside_quotes(text);
    while let Some((at, _)) = outside.find(|(_, c)| *c == '#') {
        let comment = text[at..].lines().next().unwrap_or_default();
        comments.push(comment.trim_end().to_owned());
        outside.skip_line();
    }
    comments
}

/// The series of a counter that is written as a selector, or as what slosmith would make of one.
pub(super) fn counter(text: &Text, groups: &[Text]) -> Option<Selector> {
    counter_of(parse(&text.value, &ParseOptions::new(Dialect::Sli)).ok()?, groups)
}

/// The same of an expression.
pub(super) fn counter_of(expr: Expr, groups: &[Text]) -> Option<Selector> {
    let selector = match expr.kind {
        ExprKind::Selector(selector) => *selector,
        ExprKind::Aggregate(aggregate) => {
            let labels = aggregate.grouping.as_ref().map_or(&[][..], |grouping| &grouping.labels);
            let is_by = aggregate.grouping.as_ref().is_none_or(|grouping| grouping.kind == GroupingKind::By);
            let is_ours =
                labels.iter().map(|label| label.value.as_str()).eq(groups.iter().map(|group| group.value.as_str()));
            if aggregate.op.value != AggregateOp::Sum || aggregate.param.is_some() || !is_by || !is_ours {
                return None;
            }
            rated(aggregate.expr)?
        }
        _ => rated(expr)?,
    };
    (selector.name.is_some() && selector.modifiers == Modifiers::default()).then_some(selector)
}

/// The series in `rate(series[$window])`, or in `increase`, which is read as the same.
fn rated(expr: Expr) -> Option<Selector> {
    let ExprKind::Call(call) = expr.kind else { return None };
    if !matches!(call.function.value.as_str(), "rate" | "increase") {
        return None;
    }
    let argument = call.args.into_iter().next()?;
    let ExprKind::Matrix(matrix) = argument.kind else { return None };
    matches!(matrix.window.kind, DurationKind::Variable(_)).then_some(matrix.selector)
}

/// A selector as an expression.
pub(super) fn as_expr(selector: Selector) -> Expr {
    Expr { kind: ExprKind::Selector(Box::new(selector)), range: crate::promql::TextRange::default() }
}

/// Matchers as they stand in braces; `None` if there are none.
fn matchers(added: &[Matcher]) -> Option<String> {
    if added.is_empty() {
        return None;
    }
    let selector = Selector { name: None, matchers: added.to_vec(), modifiers: Modifiers::default() };
    let text = print_line(&as_expr(selector));
    Some(text.strip_prefix('{')?.strip_suffix('}')?.to_owned())
}
