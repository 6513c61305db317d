//! The objects of Kubernetes that are written beside the files: which, where they live, how they are found.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Kubernetes, KubernetesObject};
use crate::parse::decl::{KubernetesDecl, ProjectDecl};
use crate::source::Text;

/// The longest name of a namespace or of a label's part, and the longest value of a label.
const MAX_LENGTH: usize = 63;
/// How the examples of the Grafana operator tell the instances that boards are for.
const INSTANCES: (&str, &str) = ("dashboards", "grafana");

/// Reads which objects the project file asks for; none if it does not.
pub fn kubernetes(project: &ProjectDecl, sink: &mut Sink) -> Kubernetes {
    let Some(decl) = &project.targets.kubernetes else {
        return Kubernetes::default();
    };
    let mut instances = labels(&decl.instances, sink);
    if instances.is_empty() {
        instances.insert(INSTANCES.0.to_owned(), INSTANCES.1.to_owned());
    }
    Kubernetes {
        objects: decl.objects.iter().filter_map(|text| object(text, sink)).collect(),
        namespace: namespace(decl, sink),
        labels: labels(&decl.labels, sink),
        instances,
    }
}

fn object(text: &Text, sink: &mut Sink) -> Option<KubernetesObject> {
    let names = KubernetesObject::NAMES.map(|(name, _)| name);
    let found = KubernetesObject::NAMES.iter().find(|(name, _)| *name == text.value).map(|(_, object)| *object);
    if found.is_none() {
        let message = format!("`{}` is no object of Kubernetes that is written", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        sink.push(match suggest(&text.value, names) {
            Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), text.span, close),
            None => diagnostic.help(format!("these are {}", names.map(|name| format!("`{name}`")).join(", "))),
        });
    }
    found
}

fn namespace(decl: &KubernetesDecl, sink: &mut Sink) -> Option<String> {
    let text = decl.namespace.as_ref()?;
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let value = &text.value;
    let is_name = is_bounded(value) && value.bytes().all(is_allowed);
    if !is_name {
        let diagnostic = Diagnostic::new(Code::BadName, text.span, format!("`{value}` is no name of a namespace"));
        sink.push(diagnostic.note(format!(
            "a namespace has 1 to {MAX_LENGTH} lower-case letters, digits and `-`, a letter or digit first and last"
        )));
    }
    is_name.then(|| value.clone())
}

/// Reads labels of Kubernetes, whose names may have a domain before them.
fn labels(decls: &[(Text, Text)], sink: &mut Sink) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (key, value) in decls {
        if !is_key(&key.value) {
            let message = format!("`{}` is no name of a label in Kubernetes", key.value);
            let help = "a name is letters, digits, `-`, `_` and `.`, with a domain and `/` before it if need be";
            sink.push(Diagnostic::new(Code::BadLabel, key.span, message).help(help));
        } else if !value.value.is_empty() && !is_label_part(&value.value) {
            let message = format!("`{}` is no value of a label in Kubernetes", value.value);
            let help = format!("a value is at most {MAX_LENGTH} letters, digits, `-`, `_` and `.`");
            sink.push(Diagnostic::new(Code::BadLabel, value.span, message).help(help));
        } else {
            labels.insert(key.value.clone(), value.value.clone());
        }
    }
    labels
}

fn is_key(key: &str) -> bool {
    let (domain, name) = key.rsplit_once('/').map_or((None, key), |(domain, name)| (Some(domain), name));
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_domain = |domain: &str| domain.split('.').all(|part| is_bounded(part) && part.bytes().all(is_allowed));
    is_label_part(name) && domain.is_none_or(is_domain)
}

fn is_label_part(text: &str) -> bool {
    is_bounded(text) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Whether a text is neither empty nor too long, and begins and ends with a letter or digit.
fn is_bounded(text: &str) -> bool {
    let is_outer = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.len() <= MAX_LENGTH && is_outer(text.bytes().next()) && is_outer(text.bytes().last())
}
