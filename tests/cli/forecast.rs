//! `show` and `simulate`: what they refuse, what they print where, and that nothing makes them panic.

use super::{Project, Run, SPEC};

fn project() -> Project {
    let project = Project::new();
    let grouped = "- name: grouped\n  target: 99%\n  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}\n  \
                   group_by: [region]\n  overrides: [{match: {region: ap}, target: 95%}]\n";
    let probe = "- name: probe\n  target: 99%\n  sli: {up: 'probe_success{job=\"cart\"}'}\n  alerting: {burn: none}\n";
    let ratio = "- name: ratio\n  target: 99%\n  sli: {error_ratio: 'sum(rate(a{job=\"cart\"}[$window])) / sum(rate(b{job=\"cart\"}[$window]))'}\n";
    project.write("slos/cart.yaml", format!("{SPEC}{grouped}{probe}{ratio}"));
    project
}

/// Runs with a locale.
fn run_in(project: &Project, locale: &str, arguments: &[&str]) -> Run {
    Run::of(&project.command(arguments).env("LC_ALL", locale).output().unwrap())
}

#[test]
fn what_is_not_there_is_answered_with_what_is() {
    let project = project();
    for (arguments, words) in [
        (vec!["show", "carts"], "did you mean `cart`?"),
        (vec!["show", "carts/availability"], "did you mean `cart/availability`?"),
        (vec!["show", "cart/availabilty"], "did you mean `cart/availability`?"),
        (vec!["show", "availability"], "did you mean `cart/availability`?"),
        (vec!["show", "cart-probe"], "did you mean `cart/probe`?"),
        (vec!["show", "cart/zzz"], "it has `cart/availability`, `cart/grouped`, `cart/probe`, `cart/ratio`"),
        (vec!["show", "zzz"], "services with SLOs are `cart`"),
        (vec!["show", "cart", "--requests", "100"], "did you mean `100/s`?"),
        (vec!["simulate", "cart", "--error-rate", "5%", "--for", "5m"], "name one of `cart/availability`"),
        (vec!["simulate", "cart/availability"], "--error-rate"),
        (vec!["simulate", "cart/availability", "--error-rate", "0.05", "--for", "5m"], "did you mean `5%`?"),
        (vec!["simulate", "cart/availability", "--error-rate", "5%", "--for", "5"], "did you mean `5m`?"),
        (vec!["simulate", "cart/availability", "--error-rate", "5%", "--for", "0s"], "`0s` is no time at all"),
        (vec!["simulate", "cart/availability", "--error-rate", "5%", "--for", "0"], "`0` is no time at all"),
        (vec!["simulate", "cart/availability", "--error-rate", "5%"], "--for"),
        (
            vec!["simulate", "cart/availability", "--error-rate=5%", "--for=5m", "--start=2026-02-30T00:00:00Z"],
            "there is no date `2026-02-30`",
        ),
        (
            vec!["simulate", "cart/availability", "--error-rate=5%", "--for=5m", "--error-rate=1%", "--for=5m"],
            "say of each incident when it begins",
        ),
        (
            vec![
                "simulate",
                "cart/availability",
                "--error-rate=5%",
                "--for=5m",
                "--error-rate=1%",
                "--for=5m",
                "--at=0m",
                "--at=4m",
            ],
            "an incident until 5m and one from 4m on are at the same time",
        ),
        (
            vec!["simulate", "cart/probe", "--error-rate=5%", "--for=5m", "--requests=1/s"],
            "`--requests` does not apply",
        ),
        (
            vec!["simulate", "cart/ratio", "--error-rate=5%", "--for=5m", "--requests=1/s"],
            "`--requests` does not apply",
        ),
        (
            vec!["simulate", "cart/grouped", "--error-rate=5%", "--for=5m", "--group", "zone=a"],
            "its groups have region",
        ),
        (vec!["simulate", "cart/availability", "--events", "none.csv"], "none.csv"),
    ] {
        let run = project.run(&arguments);
        assert!(run.status == 2 && run.error.contains(words) && run.out.is_empty(), "{arguments:?}: {}", run.all());
    }
}

#[test]
fn halves_and_limits_are_told() {
    let project = project();
    for (arguments, words) in [
        (vec!["show", "cart/"], "write `cart` for all of its SLOs"),
        (vec!["show", "carts/"], "did you mean `cart`?"),
        (vec!["show", "/availability"], "did you mean `cart/availability`?"),
        (vec!["show", "cart", "--series", "99999999999999999999"], "the most that is computed with is 1,000,000,000"),
        (vec!["show", "cart", "--requests", "99999999999999999999/s"], "the most that is computed with"),
        (vec!["simulate", "cart/probe", "--error-rate", "-1%", "--for", "5m"], "less than no event at all"),
        (vec!["simulate", "cart/probe", "--error-rate", "0.0000000001%", "--for", "5m"], "more than 9 digits"),
        (vec!["simulate", "cart/probe", "--error-rate", "1%", "--for", "99999999999999999999d"], "more than 400d"),
        (vec!["simulate", "cart/probe", "--error-rate", "1%", "--for", "5m", "--fail", "x"], "is no composite"),
    ] {
        let run = project.run(&arguments);
        assert!(run.status == 2 && run.error.contains(words) && run.out.is_empty(), "{arguments:?}: {}", run.all());
    }
}

#[test]
fn mistakes_in_a_file_of_counts_have_their_place() {
    let project = project();
    project.write("outage.csv", "time,total,bad\n30s,100,0\n1m,100,200\n90s,x,0\n80s,1,1\n");
    let run = project.run(&["simulate", "cart/availability", "--events", "outage.csv"]);
    assert_eq!(run.status, 2);
    for words in ["outage.csv:3: 200 of 100 events failed", "outage.csv:4: expected a number of events, found `x`"] {
        assert!(run.error.contains(words), "{}", run.all());
    }
    let counts = "2026-03-01T10:00:30Z,3000,3000\n2026-03-01T10:01:00Z,3000,3000\n2026-03-01T10:05:00Z,24000,0\n";
    let run = project.pipe(&["simulate", "cart/availability", "--events", "-"], counts);
    assert!(run.status == 0 && run.out.contains("2026-03-01T10:02:00Z"), "{}", run.all());
}

#[test]
fn specs_with_errors_are_not_shown() {
    let project = Project::new();
    project.write("slos/cart.yaml", SPEC.replace("99.9%", "0.999"));
    let run = project.run(&["show", "cart"]);
    assert!(run.status == 1 && run.out.is_empty() && run.error.contains("ratio-target"), "{}", run.all());
}

#[test]
fn every_slo_of_a_service_is_shown_in_every_format() {
    let project = project();
    let human = project.run(&["show", "cart"]);
    for words in ["cart/availability", "region=\"ap\"  95%", "No burn-rate alerts", "none: an error ratio alone"] {
        assert!(human.out.contains(words), "{words}: {}", human.out);
    }
    let json = project.run(&["show", "cart", "--format", "json"]);
    let objects: Vec<serde_json::Value> = json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 4);
    assert_eq!(objects[1]["targets"][1]["group"]["region"], "ap");
    assert_eq!(objects[1]["targets"][1]["objective_percent"], 95);
    assert_eq!(objects[2]["targets"][0]["error_rates"][0]["page"]["fires"], false);
    assert_eq!(objects[0]["targets"][0]["tiers"][0]["error_ratio_above"], 0.0144);
    assert!(objects[3]["min_errors"].is_null());
}

#[test]
fn groups_have_targets_of_their_own() {
    let project = project();
    let of = |group: &[&str]| {
        let arguments = ["simulate", "cart/grouped", "--error-rate=20%", "--for=50m", "--format=json"];
        let run = project.run(&[&arguments[..], group].concat());
        let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        object["alerts"][0]["fires"].as_array().unwrap().len()
    };
    assert_eq!((of(&[]), of(&["--group", "region=eu"]), of(&["--group", "region=ap"])), (1, 1, 0));
}

#[test]
fn missing_data_is_told_whatever_slices_without_it_count_as() {
    let project = Project::new();
    for missing in ["ignore", "bad", "good"] {
        project.write("slos/cart.yaml", format!("{SPEC}  budget: {{by: timeslices, slice: 2m, no_data: {missing}}}\n"));
        let run = project.run(&["simulate", "cart/availability", "--error-rate=gone", "--for=30m", "--format=json"]);
        let object: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let alerts = object["alerts"].as_array().unwrap();
        let fires = &alerts.iter().find(|alert| alert["alert"] == "SLONoData").unwrap()["fires"];
        // The first slow evaluation without data is at 4m, and 10m is to wait.
        assert_eq!(fires.as_array().unwrap().len(), 1, "{missing}: {fires}");
        assert_eq!((&fires[0]["from_seconds"], &fires[0]["until_seconds"]), (&960.into(), &1_920.into()), "{missing}");
    }
}

/// What a command prints as JSON.
fn json(project: &Project, arguments: &[&str]) -> serde_json::Value {
    let run = project.run(&[arguments, &["--format=json"]].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.all()))
}

/// When the first page fires, in seconds from the first failure.
fn paged_after(simulation: &serde_json::Value) -> Option<u64> {
    simulation["alerts"][0]["fires"][0]["from_seconds"].as_u64()
}

#[test]
fn slices_are_shown_as_they_are_simulated() {
    let project = Project::new();
    project.write("slos/cart.yaml", format!("{SPEC}  budget: {{by: timeslices, slice: 2m, target: 95%}}\n"));
    let shown = json(&project, &["show", "cart/availability"]);
    let target = &shown["targets"][0];
    assert_eq!(target["slices"]["bad_above_error_ratio"], 0.05);
    // Above that all slices are bad, up to it none is.
    let after = target["error_rates"][0]["page"]["after_seconds"].as_u64();
    assert!(after.is_some());
    for (rate, expected) in [("100%", after), ("5.1%", after), ("5%", None)] {
        let simulated = json(&project, &["simulate", "cart/availability", "--error-rate", rate, "--for=1h"]);
        assert_eq!(paged_after(&simulated), expected, "{rate}");
    }
    let human = project.run(&["show", "cart/availability"]).out;
    assert!(human.contains("BAD SLICES") && human.contains("if more than 5% of its events fail"), "{human}");
    let human = project.run(&["simulate", "cart/availability", "--error-rate=6%", "--for=1h"]).out;
    assert!(human.contains("if more than 5% of its events fail"), "{human}");
}

/// A service with composites: of a slow and a sliced component, and of the former with it.
fn composites() -> Project {
    let project = Project::new();
    let sliced = "- name: sliced\n  target: 99%\n  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}\n  \
                  budget: {by: timeslices, slice: 2m, target: 95%}\n";
    let whole = "- name: all\n  target: 99%\n  sli: {composite: all, of: [availability, sliced]}\n\
                 - name: mixed\n  target: 99%\n  sli: {composite: weighted, of: {availability: 1, all: 3}}\n\
                 maintenance:\n- {name: nightly, start: 2026-01-04T02:00, duration: 30m, rrule: FREQ=DAILY}\n";
    project.write("slos/cart.yaml", format!("{SPEC}{sliced}{whole}"));
    project
}

#[test]
fn one_component_of_a_composite_fails() {
    let project = composites();
    for (slo, component, rate, expected) in [
        ("all", "availability", "50%", 0.5),
        ("all", "sliced", "6%", 1.0),
        ("all", "cart/sliced", "5%", 0.0),
        // As itself and as a part of the other component.
        ("mixed", "availability", "50%", 0.5),
        ("mixed", "sliced", "50%", 0.75),
        ("mixed", "all", "50%", 0.375),
    ] {
        let path = format!("cart/{slo}");
        let simulated = json(&project, &["simulate", &path, "--fail", component, "--error-rate", rate, "--for=1h"]);
        let incident = &simulated["incidents"][0];
        assert_eq!(incident["error_ratio"].as_f64(), Some(expected), "{slo} {component}: {incident}");
        assert_eq!(simulated["maintenance_left_out"][0], "nightly");
    }
    for (arguments, words) in [
        (["--fail=carts", "--error-rate=5%"], "name one of `cart/all`, `cart/availability`, `cart/sliced`"),
        (["--fail=all", "--error-rate=gone"], "is left out of its composite"),
    ] {
        let run = project.run(&[&["simulate", "cart/mixed", "--for=5m"], &arguments[..]].concat());
        assert!(run.status == 2 && run.error.contains(words), "{}", run.all());
    }
    let refused = project.run(&["simulate", "cart/mixed", "--fail=all", "--events=x.csv"]);
    assert!(refused.status == 2 && refused.error.contains("cannot be used with"), "{}", refused.all());
    // Each moment counts the same, whatever the traffic in it.
    project.write("busy.csv", "10m,1000000,10000\n20m,0,0\n30m,10,1\n");
    let busy = json(&project, &["simulate", "cart/mixed", "--events=busy.csv", "--until=30m"]);
    let sum =
        |key| busy["fast"]["points"].as_array().unwrap().iter().filter_map(|point| point[key].as_f64()).sum::<f64>();
    assert!(
        (sum("events") - 11.0).abs() < 0.01 && (sum("errors") - 0.55).abs() < 0.01,
        "{} {}",
        sum("events"),
        sum("errors")
    );
    let human = project.run(&["simulate", "cart/mixed", "--fail=sliced", "--error-rate=50%", "--for=5m"]).out;
    for words in ["50% of sliced fail, 75% of each moment", "maintenance is not simulated: nightly"] {
        assert!(human.contains(words), "{human}");
    }
}

#[test]
fn what_has_no_history_is_told() {
    let project = composites();
    let all = project.run(&["backfill", "cart"]);
    assert!(all.status == 0 && all.out.contains("# Not filled: cart/mixed (a composite"), "{}", all.all());
    let one = project.run(&["backfill", "cart/all"]);
    assert!(one.status == 2 && one.error.contains("no history can be filled: cart/all (a composite"), "{}", one.all());
    let rules = project.run(&["backfill", "cart", "--rules"]).out;
    assert!(rules.contains("# Not filled: all (a composite") && rules.contains("cart-sliced-backfill"), "{rules}");
}

#[test]
fn pictures_are_drawn_with_what_the_locale_has() {
    let project = project();
    let arguments = ["simulate", "cart/availability", "--error-rate=50%", "--for=20m", "--width=70"];
    for (locale, is_ascii) in [("C", true), ("en_US.ISO-8859-1", true), ("C.UTF-8", false), ("de_DE.utf8", false)] {
        let run = run_in(&project, locale, &arguments);
        assert_eq!(run.out.is_ascii(), is_ascii, "{locale}: {}", run.out);
        assert!(!run.out.contains('\u{1b}'), "no colour where there is no terminal");
        assert!(run.out.lines().all(|line| line.chars().count() <= 72), "{}", run.out);
    }
    let coloured = run_in(&project, "C", &[&arguments[..], &["--color", "always"]].concat());
    assert!(coloured.out.contains("\u{1b}[31m"), "{}", coloured.out);
    let none = run_in(&project, "C.UTF-8", &[&arguments[..], &["--picture", "none"]].concat());
    assert!(!none.out.contains("burn rate\n"), "{}", none.out);
    assert_eq!(run_in(&project, "C", &arguments).out, run_in(&project, "C", &arguments).out);
}

#[test]
fn narrow_tables_say_what_they_leave_out() {
    let project = project();
    let run = project.run(&["show", "cart/availability", "--width", "60"]);
    assert!(run.out.contains("left out for want of room: "), "{}", run.out);
    let rates = run.out.lines().skip_while(|line| !line.starts_with("ERROR RATE")).take(9);
    assert!(rates.clone().count() == 9 && rates.clone().all(|line| line.chars().count() <= 60), "{}", run.out);
}

#[test]
fn nothing_makes_them_panic() {
    let project = project();
    let soon = "- name: soon\n  target: 99.999%\n  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}\n  \
                alerting: {exhausts_in: {less_than: 5d, over: 6h, severity: ticket}}\n";
    let spec = project.read("slos/cart.yaml");
    project.write("slos/cart.yaml", spec + soon);
    project.write("short.csv", "1ms,10,1\n2ms,10,1\n");
    for slo in ["cart/availability", "cart/grouped", "cart/probe", "cart/ratio", "cart/soon"] {
        for arguments in [
            vec!["--error-rate=0%", "--for=1h"],
            vec!["--error-rate=100%", "--for=1ms"],
            vec!["--error-rate=gone", "--for=3h", "--history=0"],
            vec!["--error-rate=0.000000001%", "--for=1h", "--background=100%"],
            vec!["--error-rate=5%", "--for=1h", "--until=0"],
            vec!["--error-rate=5%", "--for=1h", "--start=-000100-01-01T00:00:00Z"],
            vec!["--error-rate=5%", "--for=1h", "--start=9999-12-30T22:00:00Z", "--until=48h"],
            vec!["--error-rate=33%", "--for=7m", "--fast-phase=-1", "--slow-phase=99999999", "--width=0"],
            vec!["--error-rate=5%", "--for=1h", "--width=65535", "--history=400d"],
        ] {
            let run = project.run(&[&["simulate", slo], arguments.as_slice()].concat());
            assert!(run.status == 0 && run.error.is_empty(), "{slo} {arguments:?}: {}", run.all());
        }
        for arguments in [vec!["--width=0"], vec!["--series=1000000000", "--groups=1000000000"]] {
            let run = project.run(&[&["show", slo], arguments.as_slice()].concat());
            assert!(run.status == 0 && run.error.is_empty(), "{slo} {arguments:?}: {}", run.all());
        }
    }
    for arguments in [
        vec!["--error-rate=0.01%", "--for=20m", "--requests=1/m"],
        vec!["--error-rate=0.001%", "--for=3m", "--requests=1/m"],
        vec!["--error-rate=0.000001%", "--for=20m"],
        vec!["--error-rate=0.000000001%", "--for=1ms", "--requests=0.000000001/d"],
        vec!["--error-rate=33.333333%", "--for=20m", "--requests=7/h", "--background=0.000001%"],
        vec!["--error-rate=5%", "--for=1ms"],
        vec!["--error-rate=5%", "--for=100ms"],
        vec!["--error-rate=5%", "--for=250ms"],
        vec!["--events=short.csv"],
        vec!["--events=short.csv", "--format=json"],
    ] {
        for slo in ["cart/availability", "cart/soon"] {
            let run = project.run(&[&["simulate", slo], arguments.as_slice()].concat());
            assert!(run.status == 0 && run.error.is_empty(), "{slo} {arguments:?}: {}", run.all());
        }
    }
    for requests in ["0/s", "0.000000001/d", "1000000000/s"] {
        for command in [vec!["show"], vec!["simulate", "--error-rate=5%", "--for=20m"]] {
            let run = project.run(&[&command[..], &["cart/availability", "--requests", requests]].concat());
            assert!(run.status == 0 && run.error.is_empty(), "{command:?} {requests}: {}", run.all());
        }
    }
}
