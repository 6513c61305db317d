//! Where in the language each key belongs, for keys that stand in the wrong place.

/// What the keys of SLIs that do not decide their family go with.
const COMPANIONS: [(&str, &str); 8] = [
    ("bad", "`total`"),
    ("good", "`total` or `value`"),
    ("bad_when", "`total` or `latency`"),
    ("good_when", "`total`"),
    ("under", "`latency`"),
    ("histogram", "`latency`"),
    ("across", "`up`"),
    ("of", "`composite`"),
];

/// The keys of each place; a key of several places is listed at each.
const PLACES: &[(&str, &[&str])] = &[
    ("at the top level of a spec", &["service", "slos", "alerts", "dashboards", "depends_on"]),
    ("in an SLO", &["target", "objective", "sli", "group_by", "overrides", "budget"]),
    ("in `budget`", &["by", "slice"]),
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
            "composite",
            "of",
        ],
    ),
    ("in `alerting`", &["burn", "min_errors", "budget_left", "exhausts_in", "no_data"]),
    ("in an entry of `burn`", &["long", "short"]),
    ("in `exhausts_in`", &["less_than", "over"]),
    ("in an entry of `budget_left`", &["below", "action"]),
    ("in an entry of `alerts`", &["expr", "for", "keep_firing_for", "or_absent", "annotations", "summary", "inhibits"]),
    ("in a dashboard", &["variables", "rows", "refresh", "folder", "uid"]),
    ("in a row or a dashboard", &["panels"]),
    ("in `variables`", &["label_values", "multi"]),
    ("in a panel", &["stat", "graph", "thresholds", "mappings", "unit", "decimals"]),
    ("in `owner`", &["team", "oncall", "slack"]),
    ("in the project file, `slosmith.yaml`", &["inputs", "output", "targets", "receivers", "on_call", "lint"]),
];

/// What a key of an SLI goes with, if it is not for every family.
pub(super) fn companion(key: &str) -> Option<&'static str> {
    COMPANIONS.iter().find(|(companion, _)| *companion == key).map(|(_, family)| *family)
}

/// The place of a key, with its preposition.
pub(super) fn of(key: &str) -> Option<&'static str> {
    PLACES.iter().find(|(_, keys)| keys.contains(&key)).map(|(place, _)| *place)
}
