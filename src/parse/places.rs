//! Where in the language each key belongs, for keys that stand in the wrong place.

/// The keys of each place; a key of several places is listed at each.
const PLACES: &[(&str, &[&str])] = &[
    ("the top level of a spec", &["service", "slos", "alerts"]),
    ("an SLO", &["target", "objective", "sli", "group_by", "overrides"]),
    ("an SLO or `defaults`", &["window", "alerting"]),
    ("`defaults`", &["scrape_interval", "severity_labels"]),
    ("`links`", &["alert_runbook", "dashboard", "repo"]),
    (
        "`sli`",
        &[
            "total",
            "bad",
            "good",
            "bad_when",
            "good_when",
            "latency",
            "under",
            "histogram",
            "up",
            "across",
            "value",
            "error_ratio",
        ],
    ),
    ("`alerting`", &["burn", "min_errors", "budget_left", "exhausts_in", "no_data"]),
    ("an entry of `burn`", &["long", "short"]),
    ("`exhausts_in`", &["less_than", "over"]),
    ("an entry of `budget_left`", &["below", "action"]),
    ("an entry of `alerts`", &["expr", "for", "keep_firing_for", "or_absent", "annotations", "summary"]),
    ("`owner`", &["team", "oncall", "slack"]),
    ("the project file, `slosmith.yaml`", &["inputs", "output", "lint"]),
];

/// The place of a key, as words that follow "in".
pub(super) fn of(key: &str) -> Option<&'static str> {
    PLACES.iter().find(|(_, keys)| keys.contains(&key)).map(|(place, _)| *place)
}
