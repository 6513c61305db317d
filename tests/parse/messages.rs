//! What users read about input that cannot be used.

use std::fmt::Write as _;

use super::read;

/// Every case of `messages.txt`, with what is reported about it.
#[test]
fn every_trap_has_its_message() {
    let mut out = String::new();
    for case in include_str!("messages.txt").split("\n=====\n") {
        let (_, report) = read(case);
        assert!(!report.is_empty(), "nothing is reported about:\n{case}");
        writeln!(out, "{case}\n-----\n{report}\n=====").expect("a string");
    }
    insta::assert_snapshot!(out);
}
