//! Templates of alerts: errors and what they name lie within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slosmith::go_template::parse;

fuzz_target!(|text: &str| match parse(text) {
    Ok(template) => {
        for (_, range) in template.label_uses().iter().chain(template.queries()) {
            assert!(text.get(range.start as usize..range.end as usize).is_some());
        }
    }
    Err(errors) => {
        assert!(!errors.is_empty());
        for error in errors {
            assert!(text.get(error.range.start as usize..error.range.end as usize).is_some(), "{error:?}");
        }
    }
});
