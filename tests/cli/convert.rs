//! `slosmith convert` as a user meets it.

use std::fs;
use std::path::Path;

use super::{Project, SPEC};

/// A project with files of other formats.
fn with(files: &[&str]) -> Project {
    let project = Project::empty();
    project.write("slosmith.yaml", "defaults: {scrape_interval: 15s}\n");
    for file in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        project.write(&format!("old/{name}"), fs::read_to_string(path).unwrap());
    }
    project
}

#[test]
fn specs_are_printed_with_what_changes() {
    for (name, files) in [
        ("sloth", &["sloth/valid/integration-in-slo-plugin-k8s.yaml"][..]),
        ("openslo", &["openslo/files/oslo@c2881d4/examples/definitions/slo.yaml"]),
        ("pyrra", &["pyrra/files/examples/thanos-grpc.yaml"]),
    ] {
        let run = with(files).run(&["convert", "old"]);
        assert_eq!(run.status, 0, "{}", run.all());
        insta::assert_snapshot!(format!("convert {name}"), run.all());
    }
}

#[test]
fn files_are_written_once_and_build() {
    let project = with(&["sloth/valid/examples-multifile.yml"]);
    let run = project.run(&["convert", "old", "--write", "slos"]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "created slos/myservice.yaml\ncreated slos/myservice2.yaml\n"),
        "{}",
        run.all()
    );
    project.build();
    let again = project.run(&["convert", "old", "--write", "slos"]);
    assert_eq!(again.status, 2);
    assert!(again.error.contains("is there already"), "{}", again.all());
}

#[test]
fn our_own_specs_are_printed_as_openslo() {
    let run = Project::new().run(&["convert", "--to", "openslo", "slos"]);
    assert_eq!(run.status, 0, "{}", run.all());
    insta::assert_snapshot!("convert to openslo", run.all());
}

#[test]
fn our_own_specs_and_errors_convert_to_nothing() {
    let project = Project::new();
    let run = project.run(&["convert", "slos"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.error.contains("in slosmith's own language already"), "{}", run.all());
    project.write("old/cart.yaml", SPEC.replace("apiVersion: slosmith/v1", "version: prometheus/v1"));
    let run = project.run(&["convert", "old"]);
    assert_eq!((run.status, run.out.as_str()), (1, ""), "{}", run.all());
}
