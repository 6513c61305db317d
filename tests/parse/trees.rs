//! Declarations of the specs that the language's pages show.

use super::read;

/// Specs that are right are read without a word.
#[test]
fn right_specs_are_read_without_a_word() {
    let case = "apiVersion: slosmith/v1\nservice: cart\nslos: []\n";
    let (spec, report) = read(case);
    assert_eq!(report, "");
    assert!(spec.is_some());
}
