//! Where in the language each key belongs, for keys that stand in the wrong place.

/// The keys of each place; a key of several places is listed at each.
const PLACES: &[(&str, &[&str])] = &[
    ("at the top level of a spec", &["service", "slos", "alerts"]),
    ("in an SLO", &["target", "objective", "sli", "group_by", "overrides"]),
    ("in an SLO or `defaults`", &["window", "alerting"]),
    ("in `defaults`", &["scrape_interval", "severity_labels"]),
    ("in `links`", &["alert_runbook", "dashboard", "repo"]),
    (
        "in `sli`",
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
    ("in `alerting`", &["burn", "min_errors", "budget_left", "exhausts_in", "no_data"]),
    ("in an entry of `burn`", &["long", "short"]),
    ("in `exhausts_in`", &["less_than", "over"]),
    ("in an entry of `budget_left`", &["below", "action"]),
    ("in an entry of `alerts`", &["expr", "for", "keep_firing_for", "or_absent", "annotations", "summary"]),
    ("in `owner`", &["team", "oncall", "slack"]),
    ("in the project file, `slosmith.yaml`", &["inputs", "output", "lint"]),
];

/// The place of a key, with its preposition.
pub(super) fn of(key: &str) -> Option<&'static str> {
    PLACES.iter().find(|(_, keys)| keys.contains(&key)).map(|(place, _)| *place)
}
