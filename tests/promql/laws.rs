//! What is printed reads back as the same tree, looks the same when printed again, and fits the page.

use slosmith::promql::{Dialect, ParseOptions, WIDTH, parse, print, print_line, print_within, without_parens};

use super::good_expressions;

#[test]
fn printed_text_reads_back_as_the_same_tree() {
    for (text, dialect) in good_expressions() {
        let options = ParseOptions::new(dialect);
        let Ok(expr) = parse(&text, &options) else { continue };
        for printed in [print(&expr), print_line(&expr), print_within(&expr, 20)] {
            let again = parse(&printed, &options).unwrap_or_else(|errors| panic!("{text}\n{printed}\n{errors:?}"));
            assert_eq!(again, expr, "{text}\n{printed}");
        }
        let printed = print(&expr);
        assert_eq!(print(&parse(&printed, &options).unwrap()), printed, "{text}");
    }
}

#[test]
fn lines_are_as_wide_as_the_page_at_most() {
    for (text, dialect) in good_expressions() {
        let Ok(expr) = parse(&text, &ParseOptions::new(dialect)) else { continue };
        let printed = print(&expr);
        for line in printed.lines().filter(|line| line.len() > WIDTH) {
            let atom = line.trim_start().trim_end_matches([',', '(', ')', '{']);
            let unbreakable =
                !atom.contains("\" ") && (atom.contains('"') || atom.contains(" (") || !atom.contains(' '));
            assert!(unbreakable, "{} columns: {line}\n{text}", line.len());
        }
    }
}

#[test]
fn ranges_lie_within_their_parents() {
    for (text, dialect) in good_expressions() {
        let Ok(expr) = parse(&text, &ParseOptions::new(dialect)) else { continue };
        slosmith::promql::visit::walk(&expr, &mut |part| {
            let (start, end) = (part.range.start as usize, part.range.end as usize);
            assert!(start < end && text.get(start..end).is_some(), "{text}: {start}..{end}");
            for child in slosmith::promql::visit::children(part) {
                assert!(child.range.start >= part.range.start && child.range.end <= part.range.end, "{text}");
            }
        });
    }
}

#[test]
fn a_part_of_the_text_is_the_part_of_the_tree() {
    for (text, dialect) in good_expressions() {
        let options = ParseOptions::new(dialect);
        let Ok(expr) = parse(&text, &options) else { continue };
        slosmith::promql::visit::walk(&expr, &mut |part| {
            let slice = &text[part.range.start as usize..part.range.end as usize];
            if dialect == Dialect::Rule && slice != "{}" {
                assert_eq!(parse(slice, &options).as_ref(), Ok(part), "{text}\n{slice}");
            }
        });
    }
}

/// The printer sets exactly the brackets that are needed.
#[test]
fn trees_without_brackets_are_printed_with_those_they_need() {
    for (text, dialect) in good_expressions() {
        let options = ParseOptions::new(dialect);
        let Ok(expr) = parse(&text, &options) else { continue };
        let bare = without_parens(&expr);
        let printed = print(&bare);
        let again = parse(&printed, &options).unwrap_or_else(|errors| panic!("{text}\n{printed}\n{errors:?}"));
        assert_eq!(without_parens(&again), bare, "{text}\n{printed}");
        assert_eq!(print(&again), printed, "{text}");
    }
}
