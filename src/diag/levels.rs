//! Which lints a project wants, and how bad they are to it.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity, Sink};
use crate::source::Text;
use crate::suggest::suggest;

/// What a project makes of a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not reported.
    Off,
    /// It is a warning.
    Warn,
    /// It is an error.
    Error,
}

/// What a project makes of every lint that it names.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    levels: BTreeMap<Code, Level>,
}

impl Levels {
    /// Reads the pairs of `lint:` in the project file; those that mean nothing go to the sink.
    pub fn read(pairs: &[(Text, Text)], sink: &mut Sink) -> Self {
        let mut levels = BTreeMap::new();
        for (slug, word) in pairs {
            match pair(slug, word) {
                Ok((code, level)) => {
                    levels.insert(code, level);
                }
                Err(diagnostic) => sink.push(*diagnostic),
            }
        }
        Self { levels }
    }

    /// The severity of a problem; `None` if the project does not want to see it.
    pub(super) fn severity(&self, code: Code) -> Option<Severity> {
        match self.levels.get(&code) {
            None => Some(code.severity()),
            Some(Level::Off) => None,
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Error) => Some(Severity::Error),
        }
    }
}

fn pair(slug: &Text, word: &Text) -> Result<(Code, Level), Box<Diagnostic>> {
    let code = lint(&slug.value)
        .map_err(|problem| Box::new(problem.diagnostic(Code::BadLintLevel, slug.span, "only warnings have a level")))?;
    let level = match word.value.as_str() {
        "off" => Level::Off,
        "warn" => Level::Warn,
        "error" => Level::Error,
        other => return Err(Box::new(unknown_level(other, word))),
    };
    Ok((code, level))
}

fn unknown_level(word: &str, place: &Text) -> Diagnostic {
    let message = format!("expected `off`, `warn` or `error`, found `{word}`");
    let diagnostic = Diagnostic::new(Code::BadLintLevel, place.span, message);
    let close = match word {
        "false" | "no" | "ignore" | "allow" | "none" | "disable" | "disabled" => Some("off"),
        "true" | "yes" | "on" | "warning" | "info" => Some("warn"),
        "deny" | "forbid" | "fail" | "err" => Some("error"),
        _ => suggest(word, ["off", "warn", "error"]),
    };
    match close {
        Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), place.span, close),
        None => diagnostic,
    }
}

/// Why a word is no lint.
pub(super) enum NoLint<'w> {
    /// No code has this slug.
    Unknown(&'w str),
    /// The code of an error.
    Error(Code),
}

/// The lint of a slug: a code that is a warning by itself.
pub(super) fn lint(slug: &str) -> Result<Code, NoLint<'_>> {
    match Code::from_slug(slug) {
        None => Err(NoLint::Unknown(slug)),
        Some(code) if code.severity() == Severity::Error => Err(NoLint::Error(code)),
        Some(code) => Ok(code),
    }
}

impl NoLint<'_> {
    /// The problem at a place; `rule` says why errors are none.
    pub(super) fn diagnostic(&self, code: Code, span: crate::source::Span, rule: &str) -> Diagnostic {
        match self {
            Self::Error(error) => {
                Diagnostic::new(code, span, format!("`{}` is an error, and no lint", error.slug())).note(rule)
            }
            Self::Unknown(word) => {
                let lints = Code::ALL.iter().filter(|it| it.severity() == Severity::Warning).map(|it| it.slug());
                let diagnostic = Diagnostic::new(code, span, format!("unknown lint `{word}`"));
                match suggest(word, lints) {
                    Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), span, close),
                    None => diagnostic.help("the lints are the codes of warnings; `slosmith explain` lists them"),
                }
            }
        }
    }
}
