//! `slosmith explain`: the page of a problem, or the list of all.

use anyhow::Result;

use slosmith::diag::{Code, Severity, suggest};

use super::Outcome;
use super::terminal::Terminal;

/// Prints the page of a slug; without one, every slug with what it catches.
pub(crate) fn explain(slug: Option<&str>, terminal: &Terminal) -> Result<Outcome> {
    let Some(slug) = slug else {
        terminal.print(&list())?;
        return Ok(Outcome::Fine);
    };
    // Whoever copies `error[bad-target]` means the word in it.
    let word = slug.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']', ':']);
    if let Some(code) = Code::from_slug(word) {
        terminal.print(code.page())?;
        return Ok(Outcome::Fine);
    }
    let close = suggest(word, Code::ALL.iter().map(|code| code.slug()));
    let help = close.map_or_else(
        || "`slosmith explain` lists all".to_owned(),
        |close| format!("did you mean `{close}`? `slosmith explain` lists all"),
    );
    terminal.mistake(&format!("there is no problem `{slug}`"), &help);
    Ok(Outcome::Usage)
}

fn list() -> String {
    let mut codes: Vec<Code> = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.slug());
    let width = codes.iter().map(|code| code.slug().len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in codes {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let line = format!("{severity:<8} {:<width$}  {}", code.slug(), first_sentence(code.page()));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What the page says first under its first heading of the second level, up to the first full stop.
fn first_sentence(page: &str) -> String {
    let body = page.split_once("\n## ").and_then(|(_, rest)| rest.split_once('\n')).map_or("", |(_, body)| body);
    let paragraph = body.trim_start().split("\n\n").next().unwrap_or("").replace('\n', " ");
    paragraph.split_once(". ").map_or_else(|| paragraph.clone(), |(sentence, _)| format!("{sentence}."))
}
