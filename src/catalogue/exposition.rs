//! The text that a `/metrics` page gives: Prometheus's format 0.0.4 and `OpenMetrics`, told apart by nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalogue, Kind, Metric};

/// A line that is no exposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// The most problems that are listed of one text.
const MAX_PROBLEMS: usize = 20;

/// Reads an exposition; lines that are none are left out and listed, the first twenty of them.
#[must_use]
pub fn exposition(text: &str) -> (Catalogue, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut samples = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut cursor = Cursor { line, at: 0 };
        let read = match reader.comment(&mut cursor) {
            Ok(Comment::End) => break,
            Ok(Comment::Yes) => Ok(()),
            Ok(Comment::No) => sample(&mut cursor).map(|sample| samples.extend(sample)),
            Err(message) => Err(message),
        };
        if let Err(message) = read
            && reader.problems.len() < MAX_PROBLEMS
        {
            let column = line.get(..cursor.at).unwrap_or(line).chars().count() + 1;
            reader.problems.push(Problem { line: index + 1, column, message });
        }
    }
    let is_open_metrics = text.lines().next_back() == Some("# EOF");
    let metrics = metrics(&reader.families, &samples, is_open_metrics);
    (Catalogue { metrics, ..Catalogue::default() }, reader.problems)
}

/// What the comments say of a family.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) kind: Option<Kind>,
    pub(super) help: Option<String>,
    pub(super) unit: Option<String>,
}

#[derive(Default)]
struct Reader {
    families: BTreeMap<String, Family>,
    problems: Vec<Problem>,
}

/// Whether a line was a comment.
enum Comment {
    Yes,
    No,
    End,
}

/// One series.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: Vec<(String, String)>,
}

/// A place in a line.
struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn spaces(&mut self) {
        self.take_while(|character| matches!(character, ' ' | '\t' | '\r'));
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Takes a character if it comes next.
    fn take(&mut self, character: char) -> Option<()> {
        self.rest().starts_with(character).then(|| self.at += character.len_utf8())
    }

    fn expect(&mut self, character: char) -> Result<(), String> {
        self.take(character).ok_or_else(|| format!("expected `{character}`, found {}", self.found()))
    }

    /// What comes next, in words.
    fn found(&self) -> String {
        self.peek()
            .map_or_else(|| "the end of the line".to_owned(), |character| format!("`{}`", character.escape_debug()))
    }

    fn word(&mut self) -> &'a str {
        self.take_while(|character| !matches!(character, ' ' | '\t' | '\r'))
    }

    /// A bare or quoted name; `extra` holds the character beside letters, digits and `_`.
    fn name(&mut self, extra: &str) -> Result<String, String> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let name = self.take_while(|it| it.is_ascii_alphanumeric() || it == '_' || extra.contains(it));
        if name.is_empty() || name.starts_with(|it: char| it.is_ascii_digit()) {
            self.at -= name.len();
            return Err(format!("expected a name, found {}", self.found()));
        }
        Ok(name.to_owned())
    }

    fn quoted(&mut self) -> Result<String, String> {
        let start = self.at;
        self.expect('"')?;
        let mut value = String::new();
        while let Some(character) = self.peek() {
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(value),
                '\\' => {
                    let escaped = self.peek().unwrap_or('\\');
                    self.at += if self.rest().is_empty() { 0 } else { escaped.len_utf8() };
                    value.push_str(&unescaped(escaped));
                }
                other => value.push(other),
            }
        }
        self.at = start;
        Err("a quote that is never closed".to_owned())
    }
}

/// What a backslash and a character stand for; an unknown escape stands for itself.
fn unescaped(character: char) -> String {
    match character {
        'n' => "\n".to_owned(),
        '"' | '\\' => character.to_string(),
        other => format!("\\{other}"),
    }
}

impl Reader {
    /// Reads a comment with what it says of a family.
    fn comment(&mut self, cursor: &mut Cursor<'_>) -> Result<Comment, String> {
        cursor.spaces();
        if cursor.take('#').is_none() {
            return Ok(if cursor.rest().is_empty() { Comment::Yes } else { Comment::No });
        }
        cursor.spaces();
        let keyword = cursor.word();
        if keyword == "EOF" {
            return Ok(Comment::End);
        }
        if !matches!(keyword, "HELP" | "TYPE" | "UNIT") {
            return Ok(Comment::Yes);
        }
        cursor.spaces();
        let name = cursor.name(":")?;
        cursor.spaces();
        let family = self.families.entry(name).or_default();
        match keyword {
            "HELP" => family.help = Some(help(cursor.rest().trim_end())).filter(|help| !help.is_empty()),
            "UNIT" => family.unit = Some(cursor.word().to_owned()).filter(|unit| !unit.is_empty()),
            _ => {
                let start = cursor.at;
                let word = cursor.word();
                let Some(kind) = Kind::parse(word) else {
                    cursor.at = start;
                    return Err(format!("unknown type `{}`", word.escape_debug()));
                };
                family.kind = Some(kind);
            }
        }
        Ok(Comment::Yes)
    }
}

/// The text of a help line on one line.
fn help(text: &str) -> String {
    let mut help = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => help.push_str(&characters.next().map_or_else(|| "\\".to_owned(), unescaped)),
            other => help.push(other),
        }
    }
    help.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a series with its value; `None` if the line is empty.
fn sample(cursor: &mut Cursor<'_>) -> Result<Option<Sample>, String> {
    let mut sample = Sample { name: String::new(), labels: Vec::new() };
    if cursor.peek() != Some('{') {
        sample.name = cursor.name(":")?;
    }
    cursor.spaces();
    if cursor.peek() == Some('{') {
        labels(cursor, &mut sample)?;
    }
    if sample.name.is_empty() {
        return Err("a series without a name".to_owned());
    }
    cursor.spaces();
    number(cursor, "a value")?;
    cursor.spaces();
    if !matches!(cursor.peek(), None | Some('#')) {
        number(cursor, "a time")?;
        cursor.spaces();
    }
    if cursor.take('#').is_some() {
        exemplar(cursor)?;
    }
    match cursor.peek() {
        None => Ok(Some(sample)),
        Some(_) => Err(format!("expected the end of the line, found {}", cursor.found())),
    }
}

fn labels(cursor: &mut Cursor<'_>, sample: &mut Sample) -> Result<(), String> {
    cursor.expect('{')?;
    cursor.spaces();
    while cursor.take('}').is_none() {
        let is_quoted = cursor.peek() == Some('"');
        let name = cursor.name("")?;
        cursor.spaces();
        if is_quoted && sample.name.is_empty() && cursor.peek() != Some('=') {
            sample.name = name;
        } else {
            cursor.expect('=')?;
            cursor.spaces();
            sample.labels.push((name, cursor.quoted()?));
        }
        cursor.spaces();
        if cursor.take(',').is_some() {
            cursor.spaces();
        } else if cursor.peek() != Some('}') {
            return Err(format!("expected `,` or `}}`, found {}", cursor.found()));
        }
    }
    Ok(())
}

/// What stands behind a sample in `OpenMetrics`: the labels and value of one event.
fn exemplar(cursor: &mut Cursor<'_>) -> Result<(), String> {
    cursor.spaces();
    labels(cursor, &mut Sample { name: "exemplar".to_owned(), labels: Vec::new() })?;
    cursor.spaces();
    number(cursor, "the value of an exemplar")?;
    cursor.spaces();
    if cursor.peek().is_some() {
        number(cursor, "the time of an exemplar")?;
        cursor.spaces();
    }
    Ok(())
}

fn number(cursor: &mut Cursor<'_>, wanted: &str) -> Result<(), String> {
    let start = cursor.at;
    let word = cursor.word();
    let digits = word.trim_start_matches(['+', '-']);
    if word.parse::<f64>().is_ok() || digits.starts_with("0x") {
        return Ok(());
    }
    cursor.at = start;
    Err(format!("expected {wanted}, found {}", if word.is_empty() { cursor.found() } else { format!("`{word}`") }))
}

/// Puts series and what is said of them together.
pub(super) fn metrics(
    families: &BTreeMap<String, Family>,
    samples: &[Sample],
    is_open: bool,
) -> BTreeMap<String, Metric> {
    let buckets = bucket_families(families, samples);
    let mut metrics: BTreeMap<String, Metric> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for sample in samples {
        let (family, kind) = family_of(&sample.name, families, &buckets);
        seen.insert(family);
        let Some(name) = metric_name(&sample.name, family, kind) else { continue };
        let metric = metrics.entry(name.to_owned()).or_insert_with(|| described(families.get(family), kind));
        for (label, value) in &sample.labels {
            match (label.as_str(), kind) {
                ("le", Kind::Histogram | Kind::GaugeHistogram) => {
                    value.parse().into_iter().for_each(|bound| metric.add_bound(bound));
                }
                ("quantile", Kind::Summary) => {}
                _ => metric.add_label(label, value),
            }
        }
    }
    for (name, family) in families.iter().filter(|(name, _)| !seen.contains(name.as_str())) {
        let kind = family.kind.unwrap_or_default();
        metrics.entry(unseen_name(name, kind, is_open)).or_insert_with(|| described(Some(family), kind));
    }
    metrics
}

fn described(family: Option<&Family>, kind: Kind) -> Metric {
    Metric {
        kind,
        help: family.and_then(|family| family.help.clone()),
        unit: family.and_then(|family| family.unit.clone()),
        ..Metric::default()
    }
}

/// Histograms of which nobody gave the type: no other series has the suffix `_bucket` and the label `le`.
fn bucket_families<'a>(families: &BTreeMap<String, Family>, samples: &'a [Sample]) -> BTreeSet<&'a str> {
    let has_bound = |sample: &&Sample| sample.labels.iter().any(|(label, _)| label == "le");
    let names = samples.iter().filter(has_bound).filter_map(|sample| sample.name.strip_suffix("_bucket"));
    names.filter(|name| !families.contains_key(*name) && !families.contains_key(&format!("{name}_bucket"))).collect()
}

/// What the names of series end in beside their family's.
const SUFFIXES: [&str; 8] = ["_bucket", "_count", "_sum", "_gcount", "_gsum", "_created", "_total", "_info"];

/// The family of a series, and its type.
fn family_of<'a>(series: &'a str, families: &BTreeMap<String, Family>, buckets: &BTreeSet<&'a str>) -> (&'a str, Kind) {
    if let Some(family) = families.get(series) {
        return (series, family.kind.unwrap_or_default());
    }
    let parts = SUFFIXES.iter().filter_map(|suffix| Some((series.strip_suffix(suffix)?, *suffix)));
    for (base, suffix) in parts {
        let kind = families.get(base).and_then(|family| family.kind);
        let fits = kind.is_some_and(|kind| match suffix {
            "_total" => kind == Kind::Counter,
            "_info" => kind == Kind::Info,
            _ => kind.has_series(suffix),
        });
        match kind.filter(|_| fits) {
            Some(kind) => return (base, kind),
            None if buckets.contains(base) && Kind::Histogram.has_series(suffix) => return (base, Kind::Histogram),
            None => {}
        }
    }
    (series, Kind::Unknown)
}

/// The name in the catalogue; none for the time of creation, which every counter may have.
fn metric_name<'a>(series: &'a str, family: &'a str, kind: Kind) -> Option<&'a str> {
    match kind {
        Kind::Histogram | Kind::GaugeHistogram | Kind::Summary => Some(family),
        _ if series != family && series.ends_with("_created") => None,
        _ => Some(series),
    }
}

/// The name in the catalogue of a family without series.
fn unseen_name(family: &str, kind: Kind, is_open: bool) -> String {
    match kind {
        Kind::Counter if is_open => format!("{}_total", family.trim_end_matches("_total")),
        Kind::Info => format!("{}_info", family.trim_end_matches("_info")),
        _ => family.to_owned(),
    }
}
