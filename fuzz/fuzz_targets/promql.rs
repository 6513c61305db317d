//! PromQL in every dialect: parse, check, labels, lints; what is printed reads as the same tree and prints the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slosmith::promql::lint::{Context, Role, lint};
use slosmith::promql::{CheckOptions, Dialect, ParseOptions, check, labels, parse, print};

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Rule, Dialect::Sli, Dialect::Dashboard] {
        let options = ParseOptions::new(dialect);
        let expr = match parse(text, &options) {
            Ok(expr) => expr,
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(error.range.start <= error.range.end && error.range.end as usize <= text.len());
                }
                continue;
            }
        };
        let value_type = check(&expr, &CheckOptions::everything());
        let _ = labels::of(&expr);
        if value_type.is_ok() {
            for finding in lint(&expr, &Context::new(Role::Alert)) {
                assert!(finding.range.end as usize <= text.len());
            }
        }
        let printed = print(&expr);
        let again = parse(&printed, &options).unwrap_or_else(|errors| panic!("{text:?} as {printed:?}: {errors:?}"));
        assert_eq!(expr, again, "{printed}");
        assert_eq!(printed, print(&again));
    }
});
