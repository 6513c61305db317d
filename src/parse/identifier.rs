//! Names of other tools and formats as names of services and SLOs.

use crate::source::Text;

/// The longest name of a service or SLO, in bytes.
pub(super) const LONGEST: usize = 63;

/// A name in lower case, with `-` where words begin and for what names may not have: `CheckoutApi` is `checkout-api`.
#[must_use]
pub fn identifier(text: &str) -> String {
    let mut name = String::new();
    let mut follows_lower = false;
    for c in text.trim().chars() {
        if c.is_ascii_uppercase() && follows_lower {
            name.push('-');
        }
        let kept = c.is_ascii_alphanumeric() || c == '-' || c == '_';
        name.push(if kept { c.to_ascii_lowercase() } else { '-' });
        follows_lower = c.is_ascii_lowercase();
    }
    name.trim_matches(['-', '_']).to_owned()
}

/// The name of an object as a name of ours; as it is, if it is none that other tools take, so that it is reported later.
pub(super) fn renamed(name: &Text) -> Text {
    if !name.value.chars().all(is_usual) {
        return name.clone();
    }
    let value = identifier(&name.value);
    if value == name.value || value.is_empty() { name.clone() } else { name.instead(value) }
}

/// Whether names of other formats have a character, so that it can be replaced without a word.
pub(super) fn is_usual(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '\\' | '|')
}

/// Words for people as the end of a name: `99.9% Availability` is `99-9-availability`. Empty if nothing is left.
pub(super) fn slug(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_words_into_names() {
        assert_eq!(slug("99.9% Availability"), "99-9-availability");
        assert_eq!(slug("\u{fc}!"), "");
        assert_eq!(identifier("OnCallDevops.api"), "on-call-devops-api");
    }
}
