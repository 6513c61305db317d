//! What clean Markdown is: the rules that every generated page keeps.

use std::collections::BTreeSet;

/// The lines of a page outside of code fences, with their numbers; a fence that nothing closes is a problem.
fn prose<'a>(text: &'a str, problems: &mut Vec<String>) -> Vec<(usize, &'a str)> {
    let mut lines = Vec::new();
    let mut fence: Option<(usize, usize)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let ticks = line.trim_start().len() - line.trim_start().trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some((number, ticks)),
            None => lines.push((number, line)),
            Some((_, length)) if ticks >= length && line.trim().chars().all(|c| c == '`') => fence = None,
            Some(_) => {}
        }
    }
    problems.extend(fence.map(|(number, _)| format!("{number}: the fence is never closed")));
    lines
}

/// Everything that is not clean about a page.
pub fn problems(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = prose(text, &mut found);
    for (number, line) in (1..).zip(text.lines()) {
        if line.ends_with([' ', '\t']) {
            found.push(format!("{number}: white space at the end"));
        }
    }
    for pair in lines.windows(2) {
        if pair[0].1.is_empty() && pair[1].1.is_empty() && pair[0].0 + 1 == pair[1].0 {
            found.push(format!("{}: two blank lines", pair[1].0));
        }
    }
    if !text.ends_with('\n') || text.ends_with("\n\n") {
        found.push("the end is not one line feed".to_owned());
    }
    found.extend(heading_problems(&lines));
    found.extend(table_problems(&lines));
    found.extend(anchor_problems(&lines));
    found
}

fn heading_problems(lines: &[(usize, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let titles = lines.iter().filter(|(_, line)| line.starts_with("# ")).count();
    if titles != 1 || !lines.first().is_some_and(|(number, line)| *number == 1 && line.starts_with("# ")) {
        found.push(format!("{titles} titles, or none in the first line"));
    }
    for (index, (number, line)) in lines.iter().enumerate().filter(|(_, (_, line))| line.starts_with('#')) {
        if !seen.insert(*line) {
            found.push(format!("{number}: the heading `{line}` stands twice"));
        }
        let blank = |neighbour: Option<&(usize, &str)>| neighbour.is_none_or(|(_, line)| line.is_empty());
        if !(blank(lines.get(index + 1)) && blank(index.checked_sub(1).and_then(|before| lines.get(before)))) {
            found.push(format!("{number}: no blank lines around the heading"));
        }
    }
    found
}

/// The cells of a table row; a bar behind a backslash is none.
pub fn cells(line: &str) -> usize {
    line.replace("\\\\", "").replace("\\|", "").matches('|').count() - 1
}

fn table_problems(lines: &[(usize, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut columns = None;
    for (number, line) in lines {
        if !line.starts_with('|') {
            columns = None;
            continue;
        }
        if !line.ends_with('|') {
            found.push(format!("{number}: the row does not end with a bar"));
        }
        let wanted = *columns.get_or_insert(cells(line));
        if cells(line) != wanted {
            found.push(format!("{number}: {} cells, not {wanted}", cells(line)));
        }
    }
    found
}

fn anchor_problems(lines: &[(usize, &str)]) -> Vec<String> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for (number, line) in lines {
        for anchor in html(line).split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !seen.insert(anchor.to_owned()) {
                found.push(format!("{number}: the anchor `{anchor}` stands twice"));
            }
        }
    }
    found
}

/// A line without its code spans and its escaped characters: what may be HTML in it.
pub fn html(line: &str) -> String {
    let mut left = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '\\']) {
        left.push_str(&rest[..at]);
        rest = &rest[at..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let fence = "`".repeat(ticks);
        rest = match ticks {
            0 => rest.get(2..).unwrap_or_default(),
            _ => rest[ticks..].split_once(&fence).map_or(&rest[ticks..], |(_, behind)| behind),
        };
    }
    left + rest
}

/// The skeleton of a page: headings, anchors, how many rows, fences and list items there are.
pub fn skeleton(text: &str) -> Vec<String> {
    let lines = prose(text, &mut Vec::new());
    let kind = |line: &str| match line.chars().next() {
        Some('#') => line.split(' ').next().unwrap_or_default().to_owned(),
        Some('|') => format!("row of {}", cells(line)),
        Some('<') => line.to_owned(),
        Some('-') if line.starts_with("- ") => "item".to_owned(),
        Some(_) if line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ") => "numbered".to_owned(),
        Some(_) => "text".to_owned(),
        None => String::new(),
    };
    let mut lines: Vec<_> = lines.into_iter().map(|(_, line)| kind(line)).collect();
    lines.retain(|line| !line.is_empty());
    lines
}

#[test]
fn unclean_pages_are_found() {
    for (text, problem) in [
        ("# A\n\n# B\n", "titles"),
        ("# A\n\nx \n", "white space"),
        ("# A\n\n\nx\n", "two blank lines"),
        ("# A\n\n```sh\nx\n", "never closed"),
        ("# A\n\n| a | b |\n|--|--|\n| c |\n", "cells"),
        ("# A\n\n## B\n\n## B\n", "stands twice"),
        ("# A\n\nx\n## B\n", "no blank lines"),
        ("# A\n\n<a id=\"x\"></a>\n\n<a id=\"x\"></a>\n", "anchor"),
        ("# A\n\nx", "line feed"),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|found| found.contains(problem)), "{text:?}: {found:?}");
    }
}
