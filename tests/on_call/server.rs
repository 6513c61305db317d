//! A running Alertmanager: what it tells whom when a whole incident comes in at once, and when it is over.

mod alertmanager;

use std::collections::BTreeMap;

use serde_json::json;
use smol_str::SmolStr;

use super::project;
use alertmanager::{Alertmanager, Heard};

const SPECS: [(&str, &str); 3] = [
    (
        "slos/store.yaml",
        r#"
apiVersion: slosmith/v1
service: store
owner: platform
slos:
- {name: availability, target: 99.9%, sli: {total: 'store_requests_total{job="store"}', bad_when: 'code=~"5.."'}, group_by: [region]}
alerts:
- {alert: StoreDown, expr: 'up{job="store"} == 0', severity: page, inhibits: {alerts: [StoreSlow], equal: [instance]}}
- {alert: StoreSlow, expr: 'store_seconds{job="store"} > 1', severity: ticket}
"#,
    ),
    (
        "slos/cart.yaml",
        r#"
apiVersion: slosmith/v1
service: cart
owner: commerce
depends_on: [store]
slos:
- {name: availability, target: 99.9%, sli: {total: 'cart_requests_total{job="cart"}', bad_when: 'code=~"5.."'}}
"#,
    ),
    (
        "slos/search.yaml",
        r#"
apiVersion: slosmith/v1
service: search
owner: commerce
slos:
- {name: availability, target: 99.9%, sli: {total: 'search_requests_total{job="search"}', bad_when: 'code=~"5.."'}}
"#,
    ),
];

/// A project whose receivers are all webhooks of the test.
fn project_file(address: &str) -> String {
    let names = ["platform-page", "commerce-page", "tickets", "others", "heartbeat"];
    let receivers = names.map(|name| format!("  {name}: {{webhook: {{url: 'http://{address}/{name}'}}}}\n"));
    format!(
        "targets: {{alertmanager: '0.25'}}\nreceivers:\n{}on_call:\n  page: platform-page\n  ticket: tickets\n  other: others\n  watchdog: heartbeat\n  external_labels: [cluster]\n  teams: {{commerce: {{page: commerce-page}}}}\n",
        receivers.concat()
    )
}

/// The labels that rules give to an alert, and some of its series.
fn labels(
    alert: &str,
    service: &str,
    of_series: &[(&str, &str)],
    sources: &slosmith::source::Sources,
) -> BTreeMap<String, String> {
    let all = slosmith::routes(sources).alerts;
    let is_wanted = |routed: &&slosmith::verify::RoutedAlert| {
        let label = |name: &str| routed.labels.get(name).map(SmolStr::as_str);
        label("alertname") == Some(alert) && label("slo_service") == Some(service)
    };
    let routed = all.iter().find(is_wanted).unwrap_or_else(|| panic!("no {alert} of {service}"));
    let of_rule = routed.labels.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    of_rule.chain(of_series.iter().map(|(name, value)| ((*name).into(), (*value).into()))).collect()
}

#[test]
fn one_incident_is_one_page_and_what_follows_from_it_is_silent() {
    let Some(mut server) = Alertmanager::prepare() else { return };
    let file = project_file(&server.hook());
    let files: Vec<_> = [("slosmith.yaml", file.as_str())].into_iter().chain(SPECS).collect();
    let (sources, compiled) = project(&files);
    server.start(&compiled);

    let of = |alert, service, series: &[_]| labels(alert, service, series, &sources);
    let page = of("SLOErrorBudgetBurnPage", "store", &[("region", "eu")]);
    let down = of("StoreDown", "store", &[("instance", "a")]);
    let follows = [
        of("SLOErrorBudgetBurnTicket", "store", &[("region", "eu")]),
        of("StoreSlow", "store", &[("instance", "a")]),
        of("SLOErrorBudgetBurnTicket", "cart", &[]),
    ];
    let apart = [
        of("SLOErrorBudgetBurnTicket", "store", &[("region", "us")]),
        of("StoreSlow", "store", &[("instance", "b")]),
        of("SLOErrorBudgetBurnTicket", "cart", &[("cluster", "staging")]),
        of("SLOErrorBudgetBurnTicket", "search", &[]),
    ];
    let dependant = of("SLOErrorBudgetBurnPage", "cart", &[]);
    let foreign: BTreeMap<String, String> = [("alertname", "NodeReboots"), ("severity", "critical")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let all: Vec<_> = [&page, &down, &dependant, &foreign].into_iter().chain(&follows).chain(&apart).cloned().collect();
    server.fire(&all);

    let expected = [
        Heard::new("platform-page", "store", &["SLOErrorBudgetBurnPage region=eu", "StoreDown instance=a"]),
        Heard::new("commerce-page", "cart", &["SLOErrorBudgetBurnPage"]),
        Heard::new("tickets", "store", &["SLOErrorBudgetBurnTicket region=us", "StoreSlow instance=b"]),
        Heard::new("tickets", "cart", &["SLOErrorBudgetBurnTicket cluster=staging"]),
        Heard::new("tickets", "search", &["SLOErrorBudgetBurnTicket"]),
        Heard::new("others", "", &["NodeReboots"]),
    ];
    server.expect(&expected);

    // Once the store is back, what still fires is told after all: nothing is lost.
    server.resolve(&[page, down, dependant]);
    server.expect(&[
        Heard::resolved("commerce-page", "cart", &["SLOErrorBudgetBurnPage"]),
        Heard::resolved("platform-page", "store", &["SLOErrorBudgetBurnPage region=eu", "StoreDown instance=a"]),
        Heard::new(
            "tickets",
            "store",
            &[
                "SLOErrorBudgetBurnTicket region=eu",
                "SLOErrorBudgetBurnTicket region=us",
                "StoreSlow instance=a",
                "StoreSlow instance=b",
            ],
        ),
        Heard::new("tickets", "cart", &["SLOErrorBudgetBurnTicket"]),
    ]);
    assert_eq!(server.status()["cluster"]["status"], json!("disabled"), "it was ours that answered");
}
