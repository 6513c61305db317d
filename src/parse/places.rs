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

/// The candidate that differs least from a word, if it differs little.
pub(super) fn suggest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let distance = |candidate: &str| {
        let mut row: Vec<usize> = (0..=candidate.len()).collect();
        for (index, left) in word.bytes().take(64).enumerate() {
            let mut diagonal = row[0];
            row[0] = index + 1;
            for (column, right) in candidate.bytes().enumerate() {
                let cost = (diagonal + usize::from(left != right)).min(row[column] + 1).min(row[column + 1] + 1);
                diagonal = row[column + 1];
                row[column + 1] = cost;
            }
        }
        row[candidate.len()]
    };
    let best = candidates.iter().map(|candidate| (distance(candidate), *candidate)).min()?;
    (best.0 <= 1 + best.1.len() / 5).then_some(best.1)
}
