//! What users read about input that cannot be used.

use super::read;

/// Every case of `messages.txt`, with what is reported about it.
#[test]
fn every_trap_has_its_message() {
    let cases = include_str!("messages.txt").split("\n=====\n");
    let reports: Vec<String> = cases
        .map(|case| {
            let (_, report) = read(case);
            assert!(!report.is_empty(), "nothing is reported about:\n{case}");
            format!("{case}\n-----\n{report}=====\n")
        })
        .collect();
    insta::assert_snapshot!(reports.join(""));
}
