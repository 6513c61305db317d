//! The parts that are never split: selectors, durations, labels, strings.

use std::fmt::Write;

use smol_str::SmolStr;

use crate::promql::duration::write_millis;
use crate::promql::name::{is_bare_grouping_label, is_bare_label, is_bare_metric, is_variable};
use crate::promql::parser::BYTE_BLOCK;
use crate::promql::{
    Aggregate, At, Binary, BinaryOp, Duration, DurationKind, Extended, GroupingKind, Matcher, MatchingKind, Modifiers,
    Ranged, Selector, Side, Subquery,
};

/// `name{a="b",c=~"d"}`, the range, the modifiers.
pub(super) fn selector(out: &mut String, selector: &Selector, range: Option<&Duration>) {
    let name = selector.name.as_ref().map(|name| name.value.as_str());
    let alone = range.is_none() && selector.matchers.is_empty() && selector.modifiers == Modifiers::default();
    let quoted_name = name.filter(|name| needs_braces(name) || (alone && is_variable(name)));
    if let Some(name) = name
        && quoted_name.is_none()
    {
        out.push_str(name);
    }
    if quoted_name.is_some() || name.is_none() || !selector.matchers.is_empty() {
        out.push('{');
        if let Some(name) = quoted_name {
            string(out, name);
        }
        for (index, each) in selector.matchers.iter().enumerate() {
            if index > 0 || quoted_name.is_some() {
                out.push(',');
            }
            matcher(out, each);
        }
        out.push('}');
    }
    if let Some(range) = range {
        window(out, range);
    }
    modifiers(out, &selector.modifiers);
}

/// Whether a metric name has to stand in quotes within the braces.
pub(super) fn needs_braces(name: &str) -> bool {
    !is_bare_metric(name)
}

/// `label="value"`
pub(super) fn matcher(out: &mut String, matcher: &Matcher) {
    let label = matcher.label.value.as_str();
    if is_bare_label(label) {
        out.push_str(label);
    } else {
        string(out, label);
    }
    out.push_str(matcher.op.as_str());
    string(out, &matcher.value.value);
}

/// `[5m]`
pub(super) fn window(out: &mut String, window: &Duration) {
    out.push('[');
    duration(out, window);
    out.push(']');
}

/// `[5m:1m]`
pub(super) fn window_and_step(out: &mut String, subquery: &Subquery) {
    out.push('[');
    duration(out, &subquery.window);
    out.push(':');
    if let Some(step) = &subquery.step {
        duration(out, step);
    }
    out.push(']');
}

/// ` anchored @ end() offset 5m`; an offset that arithmetic would continue comes first.
pub(super) fn modifiers(out: &mut String, modifiers: &Modifiers) {
    let open = modifiers.offset.as_ref().filter(|offset| is_arithmetic_behind_offset(offset));
    if let Some(open) = open {
        offset(out, open);
    }
    match modifiers.extended.as_ref().map(|extended| extended.value) {
        Some(Extended::Anchored) => out.push_str(" anchored"),
        Some(Extended::Smoothed) => out.push_str(" smoothed"),
        None => {}
    }
    match modifiers.at.as_ref().map(|at| &at.value) {
        Some(At::Timestamp(time)) => {
            out.push_str(" @ ");
            out.push_str(time);
        }
        Some(At::Start) => out.push_str(" @ start()"),
        Some(At::End) => out.push_str(" @ end()"),
        None => {}
    }
    if let (Some(last), None) = (&modifiers.offset, open) {
        offset(out, last);
    }
}

/// Whether arithmetic behind the modifiers would be read as a part of the offset.
pub(super) fn ends_in_open_offset(modifiers: &Modifiers) -> bool {
    modifiers.at.is_none()
        && modifiers.extended.is_none()
        && modifiers.offset.as_ref().is_some_and(is_arithmetic_behind_offset)
}

fn offset(out: &mut String, offset: &Duration) {
    out.push_str(" offset ");
    let bare = match &offset.kind {
        DurationKind::Binary(..) => is_arithmetic_behind_offset(offset),
        DurationKind::Unary(_, inner) => !matches!(inner.kind, DurationKind::Binary(..)),
        DurationKind::Millis(_) | DurationKind::Variable(_) | DurationKind::Call(..) | DurationKind::Paren(_) => true,
    };
    enclosed_duration(out, offset, !bare);
}

/// Whether arithmetic that begins like this is read to its end behind `offset`, without brackets around it.
fn is_arithmetic_behind_offset(first: &Duration) -> bool {
    match &first.kind {
        DurationKind::Paren(_) => true,
        DurationKind::Binary(_, lhs, _) => is_arithmetic_behind_offset(lhs),
        DurationKind::Unary(_, inner) => matches!(inner.kind, DurationKind::Unary(..)),
        DurationKind::Millis(_) | DurationKind::Variable(_) | DurationKind::Call(..) => false,
    }
}

fn enclosed_duration(out: &mut String, inner: &Duration, brackets: bool) {
    if brackets {
        out.push('(');
    }
    duration(out, inner);
    if brackets {
        out.push(')');
    }
}

fn duration(out: &mut String, written: &Duration) {
    match &written.kind {
        DurationKind::Millis(millis) => write_millis(out, *millis),
        DurationKind::Variable(variable) => out.push_str(variable),
        DurationKind::Binary(op, lhs, rhs) => {
            enclosed_duration(out, lhs, duration_needs_brackets(lhs, *op, *op == BinaryOp::Pow));
            let _ = write!(out, " {} ", op.as_str());
            enclosed_duration(out, rhs, duration_needs_brackets(rhs, *op, *op != BinaryOp::Pow));
        }
        DurationKind::Unary(op, inner) => {
            out.push_str(op.as_str());
            let brackets = matches!(&inner.kind, DurationKind::Binary(inner, ..) if *inner != BinaryOp::Pow);
            enclosed_duration(out, inner, brackets);
        }
        DurationKind::Call(name, args) => {
            out.push_str(name);
            out.push('(');
            for (index, arg) in args.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                duration(out, arg);
            }
            out.push(')');
        }
        DurationKind::Paren(inner) => enclosed_duration(out, inner, true),
    }
}

fn duration_needs_brackets(operand: &Duration, parent: BinaryOp, strict: bool) -> bool {
    match &operand.kind {
        DurationKind::Binary(op, ..) => {
            op.precedence() < parent.precedence() || (strict && op.precedence() == parent.precedence())
        }
        DurationKind::Unary(..) => strict && parent == BinaryOp::Pow,
        DurationKind::Millis(_) | DurationKind::Variable(_) | DurationKind::Call(..) | DurationKind::Paren(_) => false,
    }
}

/// `sum`, `sum by (labels) `: everything before the bracket.
pub(super) fn aggregate_head(out: &mut String, aggregate: &Aggregate) {
    out.push_str(aggregate.op.value.as_str());
    if let Some(grouping) = &aggregate.grouping {
        out.push_str(match grouping.kind {
            GroupingKind::By => " by ",
            GroupingKind::Without => " without ",
        });
        labels(out, &grouping.labels);
        out.push(' ');
    }
}

/// `and on ()`: the operator and its modifiers.
pub(super) fn operator(out: &mut String, binary: &Binary) {
    out.push_str(binary.op.value.as_str());
    if binary.returns_bool {
        out.push_str(" bool");
    }
    if let Some(matching) = &binary.matching {
        out.push_str(match matching.kind {
            MatchingKind::On => " on ",
            MatchingKind::Ignoring => " ignoring ",
        });
        labels(out, &matching.labels);
        if let Some(group) = &matching.group {
            out.push_str(match group.side {
                Side::Left => " group_left ",
                Side::Right => " group_right ",
            });
            labels(out, &group.labels);
        }
    }
    let Some(fill) = &binary.fill else { return };
    match (&fill.left, &fill.right) {
        (Some(left), Some(right)) if left == right => {
            let _ = write!(out, " fill ({})", left.text);
        }
        (left, right) => {
            for (word, value) in [("fill_left", left), ("fill_right", right)] {
                if let Some(value) = value {
                    let _ = write!(out, " {word} ({})", value.text);
                }
            }
        }
    }
}

fn labels(out: &mut String, labels: &[Ranged<SmolStr>]) {
    out.push('(');
    for (index, label) in labels.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if is_bare_grouping_label(&label.value) {
            out.push_str(&label.value);
        } else {
            string(out, &label.value);
        }
    }
    out.push(')');
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    string(&mut out, text);
    out
}

/// Appends a text in quotes, escaped.
#[expect(clippy::needless_bitwise_bool, reason = "an early end would keep the loop from taking many bytes at a time")]
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() && u32::from(character) < 0x80 => {
                let _ = write!(out, "\\x{:02x}", u32::from(character));
            }
            _ if u32::from(character) >= BYTE_BLOCK => {
                let _ = write!(out, "\\x{:02x}", u32::from(character) - BYTE_BLOCK);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
