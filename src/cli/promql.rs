//! `slosmith promql`: the type, the labels and the form of an expression, or what is wrong with it.

use std::io::{self, BufRead};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use slosmith::diag::{Diagnostic, Severity};
use slosmith::lint::{Expression, Known, Settings, expression, known_metrics};
use slosmith::promql::labels::Labels;
use slosmith::promql::{CheckOptions, Dialect, ValueType};
use slosmith::source::MAX_SOURCE_BYTES;
use slosmith::{catalogues, load};

use super::Outcome;
use super::args::{Common, Format, Language, PromqlArguments};
use super::terminal::Terminal;

/// Looks at one expression, or at each of standard input.
pub(crate) fn promql(arguments: &PromqlArguments, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let options = CheckOptions {
        version: arguments.target_version.unwrap_or_default(),
        enabled: arguments.enable_feature.clone(),
    };
    let sources = catalogues(&arguments.metrics, |wanted| load::read(&common.directory, wanted))?;
    let known = known_metrics(&sources);
    terminal.problems_aside(&known.diagnostics, &sources)?;
    if known.diagnostics.iter().any(|it| it.severity == Severity::Error) {
        return Ok(Outcome::Problems);
    }
    let settings = Settings::new(options, known.metrics);
    let dialect = match arguments.dialect {
        Language::Rule => Dialect::Rule,
        Language::Sli => Dialect::Sli,
        Language::Dashboard => Dialect::Dashboard,
    };
    let look = |text: &str, name: &str| -> Result<Outcome> {
        if text.len() as u64 > MAX_SOURCE_BYTES {
            bail!("an expression of {} bytes, where {MAX_SOURCE_BYTES} is the limit", text.len());
        }
        report(&expression(text, name, dialect, &settings), common, terminal)
    };
    if arguments.expr != "-" {
        return look(&arguments.expr, "<expression>");
    }
    let mut outcome = Outcome::Fine;
    for (index, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("cannot read standard input")?;
        if line.trim().is_empty() {
            continue;
        }
        let text = in_object(&line).unwrap_or(line);
        if look(&text, &format!("<stdin> line {}", index + 1))? != Outcome::Fine {
            outcome = Outcome::Problems;
        }
    }
    Ok(outcome)
}

/// The expression of a line that is a JSON object, which no PromQL is.
fn in_object(line: &str) -> Option<String> {
    if !line.trim_start().starts_with('{') {
        return None;
    }
    let object: Value = serde_json::from_str(line).ok()?;
    object.get("expr")?.as_str().map(str::to_owned)
}

fn report(found: &Expression, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let is_wrong = |it: &Diagnostic| common.deny_warnings || it.severity == Severity::Error;
    let outcome = if found.diagnostics.iter().any(is_wrong) { Outcome::Problems } else { Outcome::Fine };
    match terminal.format() {
        Format::Json => terminal.object(&object(found))?,
        Format::Human | Format::Github => {
            terminal.problems(&found.diagnostics, &found.sources)?;
            if let Some(known) = &found.known {
                terminal.line(&describe(known))?;
            }
        }
    }
    Ok(outcome)
}

/// The words of people: type, labels, form.
fn describe(known: &Known) -> String {
    let mut lines = vec![format!("type         {}", known.value_type)];
    if has_labels(known.value_type) {
        let labels = &known.labels;
        lines.push(format!("must carry   {}", listed(labels.certain().map(ToString::to_string), "nothing")));
        let others = if labels.possible().is_none() { vec!["any other".to_owned()] } else { Vec::new() };
        let can = labels.uncertain().map(ToString::to_string).chain(others);
        lines.push(format!("can carry    {}", listed(can, "nothing else")));
        let lost = labels.lost().map(|(label, _)| label.to_string());
        lines.push(format!(
            "cannot carry {}",
            listed(lost, if labels.possible().is_none() { "-" } else { "any other" })
        ));
    }
    format!("{}\n\n{}", lines.join("\n"), known.formatted)
}

fn listed(words: impl Iterator<Item = String>, nothing: &str) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { nothing.to_owned() } else { words.join(", ") }
}

fn has_labels(value_type: ValueType) -> bool {
    match value_type {
        ValueType::Vector | ValueType::Matrix => true,
        ValueType::Scalar | ValueType::String => false,
    }
}

fn object(found: &Expression) -> Value {
    let of = |severity: Severity| -> Vec<Value> {
        found.diagnostics.iter().filter(|it| it.severity == severity).map(problem).collect()
    };
    let known = found.known.as_ref();
    json!({
        "ok": known.is_some(),
        "errors": of(Severity::Error),
        "warnings": of(Severity::Warning),
        "type": known.map(|known| word(known.value_type)),
        "labels": known.filter(|known| has_labels(known.value_type)).map(|known| labels(&known.labels)),
        "formatted": known.map(|known| &known.formatted),
    })
}

fn problem(diagnostic: &Diagnostic) -> Value {
    let help = diagnostic.helps.first();
    let replacement = diagnostic.helps.iter().find_map(|help| help.replacement.as_ref());
    json!({
        "code": diagnostic.code.slug(),
        "message": diagnostic.message,
        "start": diagnostic.primary.span.start,
        "end": diagnostic.primary.span.end,
        "help": help.map(|help| &help.message),
        "replacement": replacement.map(|(span, text)| json!({"start": span.start, "end": span.end, "text": text})),
    })
}

/// The type as Prometheus's API names it.
fn word(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Scalar => "scalar",
        ValueType::Vector => "vector",
        ValueType::Matrix => "matrix",
        ValueType::String => "string",
    }
}

fn labels(labels: &Labels) -> Value {
    json!({
        "must": names(labels.certain()),
        "can": names(labels.uncertain()),
        "cannot": names(labels.lost().map(|(label, _)| label)),
        "others": labels.possible().is_none(),
    })
}

fn names<T: ToString>(labels: impl Iterator<Item = T>) -> Vec<String> {
    labels.map(|label| label.to_string()).collect()
}
