//! What a template says before anything is filled in.

use super::lexer::{State, Token, TokenKind, pieces};

/// A part of what a template says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Words that are always the same.
    Text(&'t str),
    /// A label of the alert.
    Label(&'t str),
    /// The value of the alert, as this function shows it; empty if none does.
    Value(&'t str),
}

/// Functions that show a value, and change nothing of what it is.
const SHOWING: [&str; 10] = [
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "printf",
    "stripPort",
    "title",
    "toLower",
    "toUpper",
    "safeHtml",
];

/// The words of a template, and what stands in between; `None` if more than labels and the value are filled in.
#[must_use]
pub fn outline(text: &str) -> Option<Vec<Part<'_>>> {
    // Comments leave no action, and trimming changes the words around.
    if text.contains("{{/*") || text.contains("{{-") || text.contains("-}}") {
        return None;
    }
    let mut errors = Vec::new();
    let (mut parts, mut behind) = (Vec::new(), 0);
    for action in pieces(text, &mut errors) {
        let (start, end) = (action.range.start as usize, action.range.end as usize);
        parts.push(Part::Text(text.get(behind..start)?));
        parts.push(Some(&action.tokens).filter(|_| action.state == State::Whole).and_then(|it| filled(text, it))?);
        behind = end;
    }
    parts.push(Part::Text(text.get(behind..)?));
    parts.retain(|part| *part != Part::Text(""));
    errors.is_empty().then_some(parts)
}

/// What an action fills in.
fn filled<'t>(text: &'t str, tokens: &[Token]) -> Option<Part<'t>> {
    let slice = |token: &Token| text.get(token.range.start as usize..token.range.end as usize);
    let (mut label, mut is_value, mut shown) = (None, false, "");
    for (at, token) in tokens.iter().enumerate() {
        let words = slice(token)?;
        match (token.kind, words) {
            (TokenKind::Variable, "$value") | (TokenKind::Field, ".Value") if !is_value => is_value = true,
            (TokenKind::Variable, "$labels") | (TokenKind::Field, ".Labels") if label.is_none() => {
                let field = tokens.get(at + 1).filter(|next| next.kind == TokenKind::Field)?;
                label = slice(field)?.strip_prefix('.');
            }
            (TokenKind::Field, _) if at > 0 && label.is_some() => {}
            (TokenKind::Word, _) if SHOWING.contains(&words) => shown = words,
            (TokenKind::Pipe | TokenKind::Text, _) => {}
            _ => return None,
        }
    }
    match (label, is_value) {
        (Some(label), false) => Some(Part::Label(label)),
        (None, true) => Some(Part::Value(shown)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_the_value_are_told_apart() {
        let found =
            outline("{{ $labels.a }} is {{ $value | humanizePercentage }} of {{ .Labels.b | toUpper }}").unwrap();
        let wanted = [
            Part::Label("a"),
            Part::Text(" is "),
            Part::Value("humanizePercentage"),
            Part::Text(" of "),
            Part::Label("b"),
        ];
        assert_eq!(found, wanted);
        assert_eq!(outline(r#"{{ printf "%.0f" $value }}"#).unwrap(), [Part::Value("printf")]);
        assert_eq!(outline("words").unwrap(), [Part::Text("words")]);
    }

    #[test]
    fn what_asks_or_decides_has_no_outline() {
        for text in [
            "{{ if $value }}a{{ end }}",
            "{{ query \"up\" | first | value }}",
            "{{ $labels }}",
            "a {{- $value }}",
            "{{/* a */}}",
            "{{ $value",
            "{{ $labels.a $labels.b }}",
            "{{ $externalURL }}",
        ] {
            assert_eq!(outline(text), None, "{text}");
        }
    }
}
