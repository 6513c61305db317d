//! Runbook pages to Markdown, with every value escaped: in Rust those of objectives, from templates the rest.

mod escape;
mod page;
mod slo_page;

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};
use serde::Serialize;

use crate::ir::{AlertPage, Runbook, RunbookContent, RunbookIndex, RunbookQuery, RunbookTexts};
use crate::promql::print;
use escape::Place;

/// The text of a page.
#[must_use]
pub fn runbook(runbook: &Runbook) -> String {
    match &runbook.content {
        RunbookContent::Slo(page) => slo_page::slo_page(page, runbook),
        RunbookContent::Alert(page) => alert_page(page, runbook),
    }
}

/// The text of the index.
#[must_use]
pub fn runbook_index(index: &RunbookIndex) -> String {
    render(INDEX, &Index { index })
}

/// The text of the catalogue of objectives.
#[must_use]
pub fn catalogue(index: &RunbookIndex) -> String {
    render(CATALOGUE, &Index { index })
}

/// The templates by name; the extension is part of the name for error messages.
const ALERT: &str = "runbook_alert.md";
const INDEX: &str = "runbook_index.md";
const CATALOGUE: &str = "catalogue.md";

const TEMPLATES: [(&str, &str); 3] = [
    (ALERT, include_str!("../../../templates/runbook_alert.md")),
    (INDEX, include_str!("../../../templates/runbook_index.md")),
    (CATALOGUE, include_str!("../../../templates/catalogue.md")),
];

/// What the template of a cause alert's page sees.
#[derive(Serialize)]
struct AlertView<'a> {
    page: &'a AlertPage,
    texts: &'a RunbookTexts,
    queries: Vec<QueryView<'a>>,
    expr: String,
    or_absent: Option<String>,
}

/// What the template of the index sees.
#[derive(Serialize)]
struct Index<'a> {
    index: &'a RunbookIndex,
}

/// An expression with its words.
#[derive(Serialize)]
struct QueryView<'a> {
    title: &'a str,
    explanation: &'a str,
    expr: String,
    /// Where Prometheus answers it.
    url: Option<String>,
}

fn alert_page(page: &AlertPage, runbook: &Runbook) -> String {
    let or_absent = page.or_absent.as_ref().map(print);
    let queries = queries(runbook);
    render(ALERT, &AlertView { page, texts: &runbook.texts, queries, expr: print(&page.expr), or_absent })
}

fn queries(runbook: &Runbook) -> Vec<QueryView<'_>> {
    let view = |query: &'_ RunbookQuery| {
        let expr = print(&query.expr);
        let url = runbook.prometheus.as_ref().map(|address| graph(address, &expr));
        (expr, url)
    };
    let queries = runbook.queries.iter().map(|query| (query, view(query)));
    queries
        .map(|(query, (expr, url))| QueryView { title: &query.title, explanation: &query.explanation, expr, url })
        .collect()
}

/// Where a Prometheus, 2 or 3, shows the answer to a query as a table.
fn graph(address: &str, expr: &str) -> String {
    format!("{address}/graph?g0.expr={}&g0.tab=1", escape::query_value(expr))
}

/// The templates, read once.
static TEMPLATE_ENGINE: LazyLock<Environment<'static>> = LazyLock::new(engine);

#[expect(clippy::panic, reason = "the templates are part of the binary, and every branch of them is tested")]
fn render(template: &str, view: &impl Serialize) -> String {
    let rendered =
        TEMPLATE_ENGINE.get_template(template).and_then(|template| template.render(Value::from(Serde(view))));
    rendered.unwrap_or_else(|error| panic!("a bug in slosmith: the template of runbooks fails: {error:#}"))
}

/// The usual syntax; a line with nothing but a block leaves no trace.
#[expect(clippy::expect_used, reason = "no delimiter is changed")]
fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().expect("the usual delimiters are valid")
}

#[expect(clippy::panic, reason = "the templates are part of the binary")]
fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_syntax(syntax());
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    engine.set_formatter(write_value);
    engine.add_filter("code", |text: &str| Value::from_safe_string(escape::code(text)));
    engine.add_filter("prose", |text: &str| Value::from_safe_string(escape::inline(text, Place::Prose).into_owned()));
    engine.add_filter("said", |phrases: &Value| Value::from_safe_string(said(phrases)));
    engine.add_filter("cell_code", |text: &str| Value::from_safe_string(escape::cell_code(text)));
    engine.add_filter("fence", |text: &str, language: &str| Value::from_safe_string(escape::fence(text, language)));
    engine.add_filter("link", |text: &str, url: &str| Value::from_safe_string(escape::link(text, url)));
    for (name, text) in TEMPLATES {
        if let Err(error) = engine.add_template(name, text) {
            panic!("a bug in slosmith: the template of runbooks is none: {error:#}");
        }
    }
    engine
}

/// What an alert says: words escaped, placeholders in italics, templates as code; in one form for text and tables.
fn said(phrases: &Value) -> String {
    let phrases: Vec<Value> = phrases.try_iter().map(Iterator::collect).unwrap_or_default();
    let of =
        |phrase: &Value, key: &str| phrase.get_attr(key).unwrap_or_default().as_str().unwrap_or_default().to_owned();
    let pieces: Vec<_> = phrases.iter().map(|phrase| (of(phrase, "kind"), of(phrase, "text"))).collect();
    if let [(kind, text)] = pieces.as_slice()
        && kind == "template"
    {
        return escape::cell_code(text);
    }
    escape::with_emphasis(pieces.iter().map(|(kind, text)| (text.as_str(), kind == "placeholder")))
}

/// Writes a value into a page: escaped, unless a filter made it Markdown; the missing else of an `if` as nothing.
fn write_value(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Ok(());
    }
    if value.is_none() {
        return Err(Error::new(minijinja::ErrorKind::UndefinedError, "a value that may be absent is printed"));
    }
    match value.as_str() {
        Some(text) if value.is_safe() => output.write_str(text)?,
        Some(text) => output.write_str(&escape::inline(text, Place::Cell))?,
        None => write!(output, "{value}")?,
    }
    Ok(())
}
