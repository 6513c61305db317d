//! Links to runbooks, dashboards and repositories, merged key by key.

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{LinkError, LinkTemplate, Links, Placeholder};
use crate::parse::decl::LinksDecl;
use crate::source::Text;

/// Reads the links of several layers, the nearest first.
pub(super) fn links(layers: &[&LinksDecl], sink: &mut Sink) -> Links {
    let nearest = |key: fn(&LinksDecl) -> Option<&Text>| layers.iter().copied().find_map(key);
    Links {
        runbook: nearest(|links| links.runbook.as_ref()).and_then(|text| link(text, Some("alert"), sink)),
        alert_runbook: nearest(|links| links.alert_runbook.as_ref()).and_then(|text| link(text, Some("slo"), sink)),
        dashboard: nearest(|links| links.dashboard.as_ref()).and_then(|text| link(text, None, sink)),
        repo: nearest(|links| links.repo.as_ref()).and_then(|text| link(text, None, sink)),
        prometheus: nearest(|links| links.prometheus.as_ref()).and_then(|text| link(text, None, sink)),
    }
}

/// Reads a link template; `without` is the placeholder that has no value in this one.
fn link(text: &Text, without: Option<&str>, sink: &mut Sink) -> Option<LinkTemplate> {
    let template = match LinkTemplate::parse(&text.value) {
        Ok(template) => template,
        Err(error) => {
            sink.push(bad_link(text, &error));
            return None;
        }
    };
    if let Some(diagnostic) = without.and_then(|word| without_value(text, word)) {
        sink.push(diagnostic);
        return None;
    }
    Some(template)
}

fn placeholders() -> String {
    Placeholder::NAMES.map(|(name, _)| format!("`{{{name}}}`")).join(", ")
}

fn bad_link(text: &Text, error: &LinkError) -> Diagnostic {
    match *error {
        LinkError::Unclosed(at) => {
            let span = super::part(text, at..at + 1);
            Diagnostic::new(Code::BadLink, span, "an opening `{` without its `}`")
                .help(format!("a link has the placeholders {}", placeholders()))
        }
        LinkError::UnknownPlaceholder(start, end) => {
            let found = &text.value[start..end];
            let span = super::part(text, start..end);
            let diagnostic = Diagnostic::new(Code::BadLink, span, format!("`{found}` is no placeholder of a link"));
            let word = found.trim_matches(['{', '}', ' ', '.', '$']);
            if let Some((name, _)) = Placeholder::NAMES.iter().find(|(name, _)| *name == word) {
                let whole = super::part(text, start..end + text.value[end..].chars().take_while(|c| *c == '}').count());
                let placeholder = format!("{{{name}}}");
                return diagnostic.replace(format!("write `{placeholder}`"), whole, placeholder);
            }
            match suggest(word, Placeholder::NAMES.map(|(name, _)| name)) {
                Some(name) => diagnostic.replace(format!("did you mean `{{{name}}}`?"), span, format!("{{{name}}}")),
                None => diagnostic.help(format!("a link has the placeholders {}", placeholders())),
            }
        }
    }
}

/// The problem of a placeholder that nothing fills in this link.
fn without_value(text: &Text, word: &str) -> Option<Diagnostic> {
    let placeholder = format!("{{{word}}}");
    let at = text.value.find(&placeholder)?;
    let span = super::part(text, at..at + placeholder.len());
    let (of, instead) = if word == "alert" { ("an SLO", "slo") } else { ("a cause alert", "alert") };
    let message = format!("`{placeholder}` has no value in the runbook link of {of}");
    let help = format!("write `{{{instead}}}`");
    Some(Diagnostic::new(Code::BadLink, span, message).replace(help, span, format!("{{{instead}}}")))
}
