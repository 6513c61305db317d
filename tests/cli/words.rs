//! What commands print, where, and with which exit status.

use std::fmt::Write as _;
use std::process::Stdio;

use super::{Project, SPEC};

/// Compares with a snapshot, the time that a run took aside.
fn snapshot(name: &str, text: &str) {
    let filters = [(r"in \d+ ms", "in N ms"), (r#""milliseconds":\d+"#, r#""milliseconds":0"#)];
    insta::with_settings!({filters => filters}, { insta::assert_snapshot!(name, text) });
}

fn wrong() -> Project {
    let project = Project::new();
    project.write("slos/cart.yaml", SPEC.replace("99.9%", "0.999"));
    project
}

#[test]
fn a_build_and_a_check_in_every_format() {
    for format in ["human", "json", "github"] {
        let (good, bad) = (Project::new(), wrong());
        let mut text = String::new();
        for (project, command) in
            [(&good, "check"), (&good, "build"), (&good, "check"), (&bad, "build"), (&bad, "check")]
        {
            writeln!(text, "$ slosmith {command} --format {format}").unwrap();
            text.push_str(&project.run(&[command, "--format", format]).all());
        }
        snapshot(&format!("format_{format}"), &text);
    }
}

#[test]
fn json_is_an_object_on_every_line() {
    for project in [Project::new(), wrong(), Project::empty()] {
        for command in ["check", "build"] {
            let run = project.run(&[command, "--format", "json"]);
            assert_eq!(run.error, "");
            for line in run.out.lines() {
                let object: serde_json::Value = serde_json::from_str(line).unwrap();
                let kind = object["type"].as_str().unwrap();
                assert!(["diagnostic", "drift", "summary", "failure"].contains(&kind), "{line}");
            }
        }
    }
}

#[test]
fn help_is_there_for_every_command() {
    let project = Project::empty();
    let mut text = String::new();
    for command in ["", "build", "check", "show", "simulate", "render", "explain", "init"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let run = project.run(&arguments);
        assert!(run.status == 0 && run.out.contains("Examples:"), "{}", run.all());
        writeln!(text, "$ slosmith {}\n{}", arguments.join(" "), run.out).unwrap();
    }
    snapshot("help", &text);
}

#[test]
fn wrong_usage_is_status_2() {
    let project = Project::new();
    for arguments in
        [vec!["biuld"], vec!["build", "--colour"], vec!["render", "slos/cart.yaml"], vec!["explain", "bad-targt"]]
    {
        let run = project.run(&arguments);
        assert!(run.status == 2 && !run.error.is_empty(), "{}", run.all());
    }
    assert!(project.run(&["explain", "bad-targt"]).error.contains("did you mean `bad-target`?"));
}

#[test]
fn explain_has_a_page_for_every_line_of_its_list() {
    let project = Project::empty();
    let list = project.run(&["explain"]);
    assert!(list.out.lines().count() > 50, "{}", list.out);
    for line in list.out.lines() {
        let mut words = line.split_whitespace().skip(1);
        let slug = words.next().unwrap();
        assert!(words.next().is_some(), "{line}");
        assert!(slosmith::diag::Code::from_slug(slug).is_some(), "{slug}");
    }
    assert_eq!(project.run(&["explain", "error[bad-target]"]).out, project.run(&["explain", "bad-target"]).out);
}

#[test]
fn render_prints_what_a_build_writes_and_writes_nothing() {
    let project = Project::new();
    let from_file = |kind| project.run(&["render", "slos/cart.yaml", "--kind", kind]);
    let rendered = [from_file("rules"), from_file("dashboard"), from_file("runbook")];
    assert!(!project.exists("generated"));
    project.build();
    let paths = [
        "generated/prometheus/rules/cart.yaml",
        "generated/grafana/dashboards/slo/slo-svc-cart.json",
        "generated/runbooks/cart/availability.md",
    ];
    for (run, path) in rendered.iter().zip(paths) {
        assert_eq!((run.status, run.error.as_str()), (0, ""), "{path}");
        assert_eq!(run.out, project.read(path), "{path}");
    }
}

#[test]
fn render_knows_what_other_specs_define() {
    const BOARD: &str =
        "apiVersion: slosmith/v1\nservice: boards\ndashboards:\n- title: Carts\n  rows: [{slo: cart/availability}]\n";
    let project = Project::new();
    project.write("slos/boards.yaml", BOARD);
    let from_file = project.run(&["render", "slos/boards.yaml", "--kind", "dashboard"]);
    assert_eq!((from_file.status, from_file.error.as_str()), (0, ""));
    // What comes in takes the place of the file of the same service.
    let piped = project.pipe(&["render", "-", "--kind", "dashboard"], BOARD);
    assert_eq!(piped.out.replace("<stdin>", "slos/boards.yaml"), from_file.out);
    project.build();
    assert_eq!(from_file.out, project.read("generated/grafana/dashboards/boards/carts.json"));
    // A broken spec beside it is no problem of this one, unless this one refers to it.
    project.write("slos/broken.yaml", "service: broken\n");
    assert_eq!(project.run(&["render", "slos/cart.yaml", "--kind", "rules"]).status, 0);
    let run = project.run(&["render", "slos/boards.yaml", "--kind", "dashboard"]);
    assert!(run.status == 1 && run.error.contains("there is no SLO `cart/availability`"), "{}", run.all());
}

#[test]
fn render_reads_standard_input_with_the_defaults_of_the_project() {
    let project = Project::empty();
    assert!(project.pipe(&["render", "-", "--kind", "rules"], SPEC).out.contains("99.9% over 30d"));
    project.write("slosmith.yaml", "defaults: {window: 7d}\n");
    assert!(project.pipe(&["render", "-", "--kind", "rules"], SPEC).out.contains("99.9% over 7d"));
    let run = project.pipe(&["render", "-", "--kind", "rules", "--format", "json"], "service: x\n");
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    assert!(run.error.contains(r#""file":"<stdin>""#), "{}", run.error);
}

#[test]
fn render_names_a_file_that_is_not_there() {
    let run = Project::empty().run(&["render", "gone.yaml", "--kind", "rules"]);
    assert!(run.status == 2 && run.error.contains("`gone.yaml`"), "{}", run.all());
    assert!(run.error.contains("help: check the name"), "{}", run.error);
}

#[test]
fn warnings_pass_unless_they_are_denied() {
    let project = Project::new();
    project.write("slos/cart.yaml", SPEC.replace("{job=\"cart\"}", ""));
    let denied = project.run(&["build", "--deny-warnings"]);
    assert_eq!(denied.status, 1, "{}", denied.all());
    assert!(denied.error.contains("nothing is written because of 1 warning (--deny-warnings)"), "{}", denied.error);
    assert!(!project.exists("generated"));
    let run = project.build();
    assert!(run.error.starts_with("warning["), "{}", run.error);
}

#[test]
fn quiet_leaves_the_problems() {
    let project = Project::new();
    let run = project.run(&["build", "--quiet"]);
    assert_eq!((run.out.as_str(), run.error.as_str()), ("", ""));
    assert!(wrong().run(&["build", "-q"]).error.starts_with("error["));
}

#[test]
fn colour_comes_when_it_is_wanted() {
    let project = wrong();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = project.command(arguments);
        command.envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stderr).unwrap().contains('\x1b')
    };
    assert!(!coloured(&["build"], &[]));
    assert!(coloured(&["build", "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&["build"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["build"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured(&["build", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    let project = Project::new();
    for arguments in [vec!["explain"], vec!["render", "slos/cart.yaml", "--kind", "dashboard"], vec!["check"]] {
        let mut command = project.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {error}");
        assert!(!error.contains("panicked") && !error.contains("bug"), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_a_failure() {
    let project = Project::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = project.command(&["explain"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot print"));
}

#[test]
fn a_large_drift_is_shown_in_part() {
    let project = Project::new();
    for service in 0..40 {
        project.write(&format!("slos/{service}.yaml"), SPEC.replace("cart", &format!("service-{service}")));
    }
    let missing = project.run(&["check"]);
    assert!(missing.out.lines().count() < 40 && missing.out.contains("more"), "{}", missing.out);
    project.build();
    for service in 0..40 {
        let spec = SPEC.replace("cart", &format!("service-{service}")).replace("99.9%", "99.5%");
        project.write(&format!("slos/{service}.yaml"), spec);
    }
    let changed = project.run(&["check"]);
    assert!(changed.out.lines().count() < 300 && changed.out.contains("more files differ"), "{}", changed.out);
}
