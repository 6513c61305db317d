//! Budgets by slices of time count what their specs say, evaluated by promtool: edges of slices, missing data, gaps, midnight.

use std::fs;
use std::path::Path;

use crate::support::{compile_text, promtool, rule_text};

const TESTS: [&str; 3] = ["fast_test.yaml", "gap_test.yaml", "slow_test.yaml"];

#[test]
fn slices_of_time_are_counted_as_promised() {
    let Some(promtool) = promtool() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/timeslices");
    let work = tempfile::tempdir().unwrap();
    let spec = fs::read_to_string(folder.join("spec.yaml")).unwrap();
    fs::write(work.path().join("rules.yaml"), rule_text(&compile_text(&spec))).unwrap();
    for test in TESTS {
        fs::copy(folder.join(test), work.path().join(test)).unwrap();
        let failure = promtool.run(work.path(), &["test", "rules", test]);
        assert!(failure.is_none(), "{}", failure.unwrap_or_default());
    }
}
