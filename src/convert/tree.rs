//! A document as a tree of keys with comments, and its text.

use crate::emit::yaml::{is_plain_expression, push_block, push_scalar};
use crate::source::{Span, Text};

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text, quoted where any reader would take it for something else.
    Text(String),
    /// A number, a percentage or a length of time, which every reader of ours takes as it stands.
    Word(String),
    /// PromQL or a part of it.
    Expression(String),
    /// Keys and values, a line each.
    Map(Vec<Entry>),
    /// Keys and values on one line.
    Flow(Vec<(String, Value)>),
    /// Items, a line each at least.
    List(Vec<Value>),
    /// Texts on one line.
    Texts(Vec<String>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key.
    pub(super) key: String,
    /// The value.
    pub(super) value: Value,
    /// Where it comes from, for the comments there.
    pub(super) place: Option<Span>,
    /// Whether that is merely the place of what it begins with.
    pub(super) is_derived: bool,
    /// Comments on lines of their own.
    pub(super) above: Vec<String>,
    /// A comment behind the value.
    pub(super) beside: Option<String>,
}

impl Entry {
    /// An entry that comes from a place.
    pub(super) fn new(key: &str, value: Value, place: Option<Span>) -> Self {
        Self { key: key.to_owned(), value, place, is_derived: false, above: Vec::new(), beside: None }
    }

    /// A text.
    pub(super) fn text(key: &str, text: &Text) -> Self {
        Self::new(key, Value::Text(text.value.clone()), Some(text.span))
    }

    /// A number, a percentage or a length of time.
    pub(super) fn word(key: &str, text: &Text) -> Self {
        Self::new(key, Value::Word(text.value.clone()), Some(text.span))
    }
}

/// The entry of a text, if there is one.
pub(super) fn optional(key: &str, text: Option<&Text>) -> Option<Entry> {
    text.map(|text| Entry::text(key, text))
}

/// The entry of a mapping, unless it is empty.
pub(super) fn some_map(key: &str, entries: Vec<Entry>, place: Option<Span>) -> Option<Entry> {
    let first = entries.first()?.place;
    let is_derived = place.is_none();
    Some(Entry { is_derived, ..Entry::new(key, Value::Map(entries), place.or(first)) })
}

/// The entry of texts by the user's own keys, unless there are none.
pub(super) fn pairs(key: &str, pairs: &[(Text, Text)]) -> Option<Entry> {
    let entry =
        |(name, value): &(Text, Text)| Entry::new(&name.value, Value::Text(value.value.clone()), Some(name.span));
    some_map(key, pairs.iter().map(entry).collect(), None)
}

/// Whether two values are the same text, wherever they come from.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| {
        let mut out = String::new();
        push_value(&mut out, "", "x", value, None);
        out
    };
    text(one) == text(other)
}

/// The text of a document.
pub(super) fn document(head: &[String], entries: &[Entry], foot: &[String]) -> String {
    let mut out = String::new();
    push_comments(&mut out, 0, head);
    push_entries(&mut out, 0, entries, Lead::Key);
    push_comments(&mut out, 0, foot);
    out
}

/// How the first entry of a mapping begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// With its key.
    Key,
    /// With the dash of the item that the mapping is.
    Dash,
}

fn push_comments(out: &mut String, indent: usize, comments: &[String]) {
    for comment in comments {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(comment);
        out.push('\n');
    }
}

fn push_entries(out: &mut String, indent: usize, entries: &[Entry], lead: Lead) {
    for (index, entry) in entries.iter().enumerate() {
        let is_item = index == 0 && lead == Lead::Dash;
        let margin = if is_item { indent.saturating_sub(2) } else { indent };
        push_comments(out, margin, &entry.above);
        let mut before = " ".repeat(margin);
        if is_item {
            before.push_str("- ");
        }
        push_value(out, &before, &entry.key, &entry.value, entry.beside.as_deref());
    }
}

/// Appends a key with its value; `before` is what the line begins with, as wide as the value is indented.
fn push_value(out: &mut String, before: &str, key: &str, value: &Value, beside: Option<&str>) {
    let indent = before.len();
    if let Value::Text(text) | Value::Expression(text) = value
        && text.contains('\n')
        && !before.ends_with("- ")
    {
        push_comments(out, indent, beside.map(str::to_owned).as_slice());
        push_block(out, before, key, text);
        return;
    }
    if let Some(pairs) = on_one_line(key, value) {
        push_value(out, before, key, &Value::Flow(pairs), beside);
        return;
    }
    out.push_str(before);
    push_scalar(out, key);
    out.push(':');
    if !matches!(value, Value::Map(_) | Value::List(_)) {
        out.push(' ');
        push_line(out, value);
    }
    if let Some(comment) = beside {
        out.push(' ');
        out.push_str(comment);
    }
    out.push('\n');
    match value {
        Value::Map(entries) => push_entries(out, indent + 2, entries, Lead::Key),
        Value::List(items) => items.iter().for_each(|item| push_item(out, indent, item)),
        Value::Text(_) | Value::Word(_) | Value::Expression(_) | Value::Flow(_) | Value::Texts(_) => {}
    }
}

/// The most bytes of labels that stand on one line.
const LINE: usize = 80;

/// Labels that have room on one line, if nothing is said of them.
fn on_one_line(key: &str, value: &Value) -> Option<Vec<(String, Value)>> {
    let Value::Map(entries) = value else { return None };
    let pair = |entry: &Entry| match &entry.value {
        Value::Text(text) if entry.above.is_empty() && entry.beside.is_none() && !text.contains('\n') => {
            Some((entry.key.clone(), entry.value.clone()))
        }
        Value::Text(_)
        | Value::Word(_)
        | Value::Expression(_)
        | Value::Map(_)
        | Value::Flow(_)
        | Value::List(_)
        | Value::Texts(_) => None,
    };
    let pairs: Vec<(String, Value)> = entries.iter().map(pair).collect::<Option<_>>().filter(|_| key == "labels")?;
    let mut line = String::new();
    push_line(&mut line, &Value::Flow(pairs.clone()));
    (line.len() <= LINE).then_some(pairs)
}

fn push_item(out: &mut String, indent: usize, item: &Value) {
    if let Value::Map(entries) = item {
        push_entries(out, indent + 2, entries, Lead::Dash);
        return;
    }
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str("- ");
    push_line(out, item);
    out.push('\n');
}

/// Appends a value on one line.
fn push_line(out: &mut String, value: &Value) {
    match value {
        Value::Word(word) if is_word(word) => out.push_str(word),
        Value::Expression(text) if is_plain_expression(text) => out.push_str(text),
        Value::Text(text) | Value::Word(text) | Value::Expression(text) => push_scalar(out, text),
        Value::Flow(pairs) => {
            out.push('{');
            for (index, (key, value)) in pairs.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                push_scalar(out, key);
                out.push_str(": ");
                match value {
                    Value::Expression(text) => push_scalar(out, text),
                    _ => push_line(out, value),
                }
            }
            out.push('}');
        }
        Value::Texts(texts) => {
            out.push('[');
            for (index, text) in texts.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                push_scalar(out, text);
            }
            out.push(']');
        }
        Value::Map(_) | Value::List(_) => {}
    }
}

/// Whether a word may stand bare: digits and letters, perhaps with a point or the sign of percent.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_get_texts_back() {
        let texts = ["a: b", "yes", "", "a\nb\n", "a\nb", " a\n", "# no", "99.9", "{x}", "\u{2028}"];
        for text in texts {
            let inner = vec![
                Entry::new("name", Value::Text(text.to_owned()), None),
                Entry::new("more", Value::Text(text.to_owned()), None),
                Entry::new("flow", Value::Flow(vec![("k".to_owned(), Value::Text(text.to_owned()))]), None),
            ];
            let entries = [Entry::new("list", Value::List(vec![Value::Map(inner)]), None)];
            let written = document(&["# head".to_owned()], &entries, &[]);
            let read: serde_yaml::Value = serde_yaml::from_str(&written).unwrap();
            let item = &read["list"][0];
            assert_eq!((&item["name"], &item["more"], &item["flow"]["k"]), (&text.into(), &text.into(), &text.into()));
        }
    }

    #[test]
    fn comments_stand_where_they_belong() {
        let mut name = Entry::new("name", Value::Word("99.9%".to_owned()), None);
        name.above.push("# above".to_owned());
        name.beside = Some("# beside".to_owned());
        let entries = [Entry::new("list", Value::List(vec![Value::Map(vec![name])]), None)];
        assert_eq!(document(&[], &entries, &[]), "list:\n# above\n- name: 99.9% # beside\n");
    }
}
