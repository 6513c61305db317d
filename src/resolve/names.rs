//! Names of services, SLOs, alerts and labels.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{LabelName, Name, NameError, Profile};
use crate::parse::identifier;
use crate::source::Text;

/// What a [`Name`] names, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A service.
    Service,
    /// An SLO.
    Slo,
    /// Maintenance.
    Maintenance,
}

impl Named {
    fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Slo => "SLO",
            Self::Maintenance => "maintenance",
        }
    }

    /// What is wrong with a name that Sloth does not take either.
    fn sloth_problem(self, text: &Text, error: NameError) -> Diagnostic {
        bad_name_of(text, self, error)
            .note("Sloth's names are letters, digits, `-`, `_` and `.`, first and last a letter or digit")
    }
}

/// Reads the name of a service or SLO.
pub(super) fn name(text: &Text, named: Named, sink: &mut Sink) -> Option<Name> {
    match Name::parse(&text.value) {
        Ok(name) => Some(name),
        Err(error) => {
            sink.push(bad_name(text, named, error));
            None
        }
    }
}

/// The same with the names of a profile: those of Sloth may hold more.
pub(super) fn name_in(profile: &Profile, text: &Text, named: Named, sink: &mut Sink) -> Option<Name> {
    if let Profile::Sloth(_) = profile {
        match Name::parse_for_sloth(&text.value) {
            Ok(name) => return Some(name),
            Err(error) => sink.push(named.sloth_problem(text, error)),
        }
        return None;
    }
    name(text, named, sink)
}

fn bad_name(text: &Text, named: Named, error: NameError) -> Diagnostic {
    let diagnostic = bad_name_of(text, named, error)
        .note("names become file names, dashboard uids and label values: lower-case letters, digits, `-` and `_`");
    match meant_name(&text.value) {
        Some(name) => diagnostic.replace(format!("write `{name}`"), text.span, name),
        None => diagnostic,
    }
}

fn bad_name_of(text: &Text, named: Named, error: NameError) -> Diagnostic {
    let (what, value) = (named.as_str(), &text.value);
    match error {
        NameError::Empty => Diagnostic::new(Code::BadName, text.span, format!("the {what}'s name is empty")),
        NameError::TooLong => {
            let message = format!("the {what}'s name has {} characters, more than 63", value.len());
            Diagnostic::new(Code::BadName, text.span, message)
        }
        NameError::BadCharacter(at) => character(text, at, &format!("the {what}'s name")),
        NameError::BadStart => {
            let message = format!("the {what}'s name begins with `{}`", &value[..1]);
            Diagnostic::new(Code::BadName, super::part(text, 0..1), message)
        }
    }
}

fn character(text: &Text, at: usize, what: &str) -> Diagnostic {
    let found = text.value[at..].chars().next().unwrap_or_default();
    let message = format!("{what} `{}` has {}", text.value, described(found));
    Diagnostic::new(Code::BadName, super::part(text, at..at + found.len_utf8()), message)
}

/// A character in words, with its article.
fn described(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        c if c.is_ascii_uppercase() => format!("an upper-case `{c}`"),
        c => format!("a `{}`", c.escape_debug()),
    }
}

/// The text as a name, if that is what it can become.
fn meant_name(text: &str) -> Option<String> {
    let name = identifier(text);
    let is_ascii = text.is_ascii();
    Name::parse(&name).ok().filter(|_| is_ascii).map(|name| name.as_str().to_owned())
}

/// Whether a text is a name of an alert; if not, reports it.
pub(super) fn is_alert_name(text: &Text, sink: &mut Sink) -> bool {
    let value = &text.value;
    let diagnostic = match LabelName::parse(value.trim_start_matches("__")) {
        Ok(_) => return true,
        Err(NameError::Empty | NameError::TooLong) => {
            Diagnostic::new(Code::BadName, text.span, "the alert's name is empty")
        }
        Err(NameError::BadCharacter(_)) => {
            let at = value.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or_default();
            character(text, at, "the alert's name")
        }
        Err(NameError::BadStart) => {
            let message = format!("the alert's name begins with `{}`", &value[..1]);
            Diagnostic::new(Code::BadName, super::part(text, 0..1), message)
        }
    };
    let diagnostic =
        diagnostic.note("alert names are letters, digits and `_`, first a letter: they become file names of runbooks");
    let meant: String = value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map(capitalized).collect();
    sink.push(match LabelName::parse(&meant) {
        Ok(_) => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
        Err(_) => diagnostic,
    });
    false
}

fn capitalized(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(rest).collect()
}

/// Reads a label's name; `code` is the problem of names that are none.
pub(super) fn label_name(text: &Text, code: Code, sink: &mut Sink) -> Option<LabelName> {
    match LabelName::parse(&text.value) {
        Ok(name) => Some(name),
        Err(error) => {
            sink.push(bad_label_name(text, code, error));
            None
        }
    }
}

fn bad_label_name(text: &Text, code: Code, error: NameError) -> Diagnostic {
    let value = &text.value;
    let diagnostic = match error {
        NameError::Empty | NameError::TooLong => Diagnostic::new(code, text.span, "the label's name is empty"),
        NameError::BadCharacter(at) => {
            let mut diagnostic = character(text, at, "the label's name");
            diagnostic.code = code;
            diagnostic
        }
        NameError::BadStart if value.starts_with("__") => {
            Diagnostic::new(code, text.span, format!("the label `{value}` begins with `__`"))
                .note("Prometheus keeps labels that begin with `__` for itself")
        }
        NameError::BadStart => Diagnostic::new(code, text.span, format!("the label `{value}` begins with a digit")),
    };
    let meant: String = value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let meant = meant.trim_start_matches('_');
    match LabelName::parse(meant) {
        Ok(_) if value.is_ascii() => diagnostic.replace(format!("write `{meant}`"), text.span, meant),
        Ok(_) | Err(_) => diagnostic.note("label names are letters, digits and `_`, first a letter"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_texts_into_names() {
        for (text, name) in
            [("CheckoutApi", "checkout-api"), ("Search Latency", "search-latency"), ("-x", "x"), ("a/b", "a-b")]
        {
            assert_eq!(meant_name(text).as_deref(), Some(name));
        }
        assert_eq!(meant_name("!!"), None);
        assert_eq!(meant_name("müll"), None);
    }
}
