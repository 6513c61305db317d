//! Dashboards: titles, uids, variables, and rows of panels.

mod cycles;
pub(super) mod dimension;
mod graph;
mod heatmap;
mod mappings;
pub(super) mod panels;
mod queries;
mod table;
pub(super) mod units;
mod uses;
mod values;
mod variables;

use smol_str::{SmolStr, format_smolstr};

use super::durations::positive_duration;
use super::part;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Board, BoardLink, BoardLinkTarget, BoardRow, Duration, Owner};
use crate::parse::decl::{BoardDecl, BoardLinkDecl, BoardLinkTargetDecl, BoardRowDecl};
use crate::source::Text;
use uses::{Place, Uses};

/// The most bytes of a uid that Grafana takes.
const MAX_UID: usize = 40;
/// The folder of boards that name none and have no team whose name can be one.
const FOLDER: SmolStr = SmolStr::new_static("boards");
/// The shortest time between two refreshes that Grafana takes as it is delivered, its `min_refresh_interval`.
const MIN_REFRESH: Duration = Duration::from_secs(5);
/// What the uids of the boards begin with that slosmith writes by itself.
const RESERVED: &str = "slo-";

/// Reads the dashboards of a spec; skips those without a title, and reports every problem.
pub(super) fn boards(decls: &[BoardDecl], owner: Option<&Owner>, sink: &mut Sink) -> Vec<Board> {
    let folder = owner.map(|owner| owner.team.trim()).filter(|team| folder_problem(team).is_none());
    let folder = folder.map_or(FOLDER, SmolStr::from);
    decls.iter().filter_map(|decl| board(decl, &folder, sink)).collect()
}

fn board(decl: &BoardDecl, usual_folder: &SmolStr, sink: &mut Sink) -> Option<Board> {
    let variables = variables::variables(&decl.variables, sink);
    let declared = decl.variables.iter().map(|variable| variable.name.value.as_str()).collect();
    let mut uses = Uses::new(&variables, declared);
    for text in decl.title.iter().chain(&decl.description) {
        uses.text(text, Place::Text, sink);
    }
    let is_titled = decl.title.as_ref().is_some_and(|text| is_written(text, "title", "a dashboard", sink));
    if let Some(text) = &decl.description {
        is_written(text, "description", "a dashboard", sink);
    }
    let rows = decl.rows.iter().map(|row| self::row(row, &mut uses, sink)).collect();
    let links = links(&decl.links, &mut uses, sink);
    for variable in &decl.variables {
        if let crate::parse::decl::BoardVariableKindDecl::LabelValues { selector: text, .. }
        | crate::parse::decl::BoardVariableKindDecl::Query(text) = &variable.kind
        {
            uses.text(text, Place::Text, sink);
        }
    }
    uses.unused(sink);
    cycles::check(&decl.variables, sink);
    let from = decl.time.as_ref().map(|text| from(text, sink));
    let refresh = decl.refresh.as_ref().map(|text| refresh(text, sink));
    let folder = decl.folder.as_ref().and_then(|text| folder(text, sink));
    let title = decl.title.clone().filter(|_| is_titled)?;
    // A uid with a problem is replaced, so that what else is wrong is found in the same run.
    let (uid, uid_span) = match &decl.uid {
        Some(text) => (uid(text, sink).unwrap_or_else(|| uid_of(&title.value)), text.span),
        None => (uid_of(&title.value), title.span),
    };
    Some(Board {
        span: decl.span,
        title,
        uid,
        uid_span,
        folder: folder.unwrap_or_else(|| usual_folder.clone()),
        description: decl.description.as_ref().map(|text| text.value.trim().into()),
        tags: decl.tags.iter().map(|text| text.value.as_str().into()).collect(),
        from: from.unwrap_or(SmolStr::new_static("now-6h")),
        refresh: refresh.unwrap_or(SmolStr::new_static("1m")),
        variables: variables.clone(),
        links,
        rows,
    })
}

/// Whether a title or description has more than spaces in it.
fn is_written(text: &Text, key: &str, what: &str, sink: &mut Sink) -> bool {
    let is_there = !text.value.trim().is_empty();
    if !is_there {
        let diagnostic = Diagnostic::new(Code::BadName, text.span, format!("the {key} of {what} is empty"));
        sink.push(match key {
            "title" => diagnostic.help("write what stands above it, as in `title: Requests`"),
            _ => diagnostic.help("write what is shown, or remove the key"),
        });
    }
    is_there
}

/// `6h` or `now-6h`.
fn from(text: &Text, sink: &mut Sink) -> SmolStr {
    if text.value.starts_with("now") {
        return text.value.as_str().into();
    }
    positive_duration(text, "time", sink).map_or_else(SmolStr::default, |_| format_smolstr!("now-{}", text.value))
}

fn refresh(text: &Text, sink: &mut Sink) -> SmolStr {
    if text.value == "off" || text.value == "false" {
        return SmolStr::default();
    }
    let Some(refresh) = positive_duration(text, "refresh", sink) else { return SmolStr::default() };
    if refresh < MIN_REFRESH {
        let message = format!("`refresh` is `{}`, less than the {MIN_REFRESH} that Grafana allows", text.value);
        let diagnostic = Diagnostic::new(Code::BadDuration, text.span, message);
        let diagnostic = diagnostic
            .note("this is its `min_refresh_interval`: a board that asks for less is refused, or loaded with that");
        let meant = MIN_REFRESH.to_string();
        sink.push(diagnostic.replace(format!("write `{meant}`"), text.span, meant));
    }
    text.value.as_str().into()
}

/// A folder is a folder of files as well.
fn folder(text: &Text, sink: &mut Sink) -> Option<SmolStr> {
    let name = text.value.trim();
    let Some(problem) = folder_problem(name) else { return Some(name.into()) };
    let diagnostic = Diagnostic::new(Code::BadName, text.span, problem);
    sink.push(diagnostic.note("boards lie in a folder of files of that name; Grafana reads no folders within folders"));
    None
}

/// Why a name cannot be that of a folder.
fn folder_problem(name: &str) -> Option<String> {
    let is_fine = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '&' | '+' | '(' | ')');
    match name.chars().find(|c| !is_fine(*c)) {
        None if !name.is_empty() && name.len() <= 100 => None,
        None if name.is_empty() => Some("the name of a folder is empty".to_owned()),
        None => Some("the name of a folder is longer than 100 bytes".to_owned()),
        Some(c) => Some(format!("the name of a folder has a `{}`", c.escape_debug())),
    }
}

/// A uid as it is written.
fn uid(text: &Text, sink: &mut Sink) -> Option<SmolStr> {
    let uid = text.value.as_str();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let problem = if uid.is_empty() {
        "a uid is empty".to_owned()
    } else if uid.len() > MAX_UID {
        format!("a uid has {} characters, more than {MAX_UID}", uid.len())
    } else if !uid.bytes().all(is_allowed) {
        format!("`{uid}` has characters that no uid has")
    } else if uid.starts_with(RESERVED) {
        format!("uids that begin with `{RESERVED}` are those of the boards that slosmith writes by itself")
    } else {
        return Some(uid.into());
    };
    let meant = uid_of(uid.strip_prefix(RESERVED).unwrap_or(uid));
    let diagnostic = Diagnostic::new(Code::BadUid, text.span, problem);
    sink.push(diagnostic.note(format!("a uid has 1 to {MAX_UID} letters, digits, `-` and `_`")).replace(
        format!("write `{meant}`"),
        text.span,
        meant.as_str(),
    ));
    None
}

/// A uid made of a title: small letters and digits with `-` between the words.
fn uid_of(title: &str) -> SmolStr {
    let mut slug = String::with_capacity(title.len());
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let is_whole = !slug.is_empty() && slug.len() <= MAX_UID && !slug.starts_with(RESERVED);
    if is_whole {
        return slug.into();
    }
    let kept = slug[..slug.len().min(MAX_UID - 15)].trim_matches('-');
    format_smolstr!("board-{kept}-{:08x}", hash(title)).replace("--", "-").into()
}

/// A hash of a text that is the same on every machine.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn row(decl: &BoardRowDecl, uses: &mut Uses<'_>, sink: &mut Sink) -> BoardRow {
    if let Some(title) = &decl.title {
        uses.text(title, Place::Text, sink);
        is_written(title, "title", "a row", sink);
    }
    match (&decl.repeat, &decl.slo) {
        (Some(repeat), Some(slo)) => never_repeated(repeat, slo, "row", sink),
        (Some(repeat), None) => uses.repeat(repeat, sink),
        (None, _) => {}
    }
    BoardRow {
        span: decl.span,
        title: decl.title.clone(),
        is_collapsed: values::truth(decl.collapsed.as_ref(), "collapsed", sink),
        repeat: decl.repeat.as_ref().map(without_dollar),
        slo: decl.slo.clone(),
        panels: decl.panels.iter().filter_map(|panel| panels::panel(panel, uses, sink)).collect(),
    }
}

/// What is drawn of one SLO reads no variable, so that every copy would be the same.
fn never_repeated(repeat: &Text, slo: &Text, what: &str, sink: &mut Sink) {
    let message = format!("`repeat` means nothing for the {what} of one SLO");
    let diagnostic = Diagnostic::new(Code::InapplicableKey, repeat.span, message);
    let diagnostic = diagnostic.secondary(slo.span, "this one, whatever is chosen");
    sink.push(diagnostic.note("its queries read no variable, so that all copies would be the same").help(match what {
        "row" => {
            "write a row for each SLO, and put panels that read the variable into a row of their own with `repeat`"
        }
        _ => "write a panel for each SLO",
    }));
}

/// The name of a variable that may be written as it is read.
fn without_dollar(text: &Text) -> Text {
    let mut name = text.clone();
    if let Some(bare) = text.value.strip_prefix('$') {
        bare.clone_into(&mut name.value);
    }
    name
}

fn links(decls: &[BoardLinkDecl], uses: &mut Uses<'_>, sink: &mut Sink) -> Vec<BoardLink> {
    let mut links = Vec::with_capacity(decls.len());
    for decl in decls {
        let title = decl.title.as_ref().map(|text| text.value.as_str().into());
        let target = match &decl.target {
            BoardLinkTargetDecl::Board(text) => BoardLinkTarget::Board(text.clone()),
            BoardLinkTargetDecl::Runbook(text) => BoardLinkTarget::Runbook(text.clone()),
            BoardLinkTargetDecl::Tag(text) => BoardLinkTarget::Tag(text.value.as_str().into()),
            BoardLinkTargetDecl::Url(text) => {
                uses.text(text, Place::Link, sink);
                if !is_address(text, sink) {
                    continue;
                }
                BoardLinkTarget::Url(text.clone())
            }
        };
        links.push(BoardLink { title, target });
    }
    links
}

/// An address begins with its scheme, or is a path of Grafana's.
fn is_address(text: &Text, sink: &mut Sink) -> bool {
    let url = text.value.as_str();
    let is_fine = ["https://", "http://", "/", "mailto:"].iter().any(|start| url.starts_with(start))
        && !url.contains(char::is_whitespace);
    if !is_fine {
        let message = format!("`{url}` is no address");
        let diagnostic = Diagnostic::new(Code::BadLink, text.span, message);
        sink.push(diagnostic.help("begin it with `https://`; to another board leads `board`, to a runbook `runbook`"));
    }
    is_fine
}
