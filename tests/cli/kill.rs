//! Builds that end before they are done.

use std::time::Duration;

use super::{Project, SPEC};

/// Services enough for a build that takes a while.
const SERVICES: usize = 60;

fn project(target: &str) -> Project {
    let project = Project::empty();
    write(&project, target);
    project
}

fn write(project: &Project, target: &str) {
    for service in 0..SERVICES {
        let spec = SPEC.replace("cart", &format!("service-{service}")).replace("99.9%", target);
        project.write(&format!("slos/{service}.yaml"), spec);
    }
}

/// Kills a build after every few milliseconds: each file must be one of the two builds', and the next build heals.
#[test]
fn a_killed_build_leaves_every_file_whole() {
    let project = project("99.9%");
    project.build();
    let old = project.files("generated");
    write(&project, "99.5%");
    project.build();
    let new = project.files("generated");
    assert_eq!(old.len(), new.len());
    for round in 0..30_u64 {
        let (target, wanted) = if round % 2 == 0 { ("99.9%", &old) } else { ("99.5%", &new) };
        write(&project, target);
        let mut child = project.command(&["build", "--quiet"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(5 + round * 7));
        let _ = child.kill();
        child.wait().unwrap();
        for (path, bytes) in project.files("generated") {
            let is_unfinished = path.starts_with(".slosmith-");
            let whole = |files: &[(String, Vec<u8>)]| files.iter().any(|file| file.0 == path && file.1 == bytes);
            assert!(is_unfinished || whole(&old) || whole(&new), "{path} is neither old nor new");
        }
        if round % 5 == 4 {
            project.build();
            assert!(project.files("generated") == *wanted, "round {round} did not heal");
        }
    }
}

/// The first build is killed, then the specs change: what it began is known for slosmith's own.
#[test]
fn what_a_killed_first_build_left_is_taken_over() {
    for milliseconds in (20..200).step_by(20) {
        let project = project("99.9%");
        let mut child = project.command(&["build", "--quiet"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().unwrap();
        write(&project, "99.5%");
        std::fs::remove_file(project.path("slos/7.yaml")).unwrap();
        project.build();
        assert!(!project.exists("generated/prometheus/rules/service-7.yaml"), "after {milliseconds} ms");
        assert_eq!(project.run(&["check"]).status, 0);
        let left: Vec<_> =
            project.files("generated").into_iter().filter(|file| file.0.contains(".slosmith-")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// What a build wrote before it was killed is cleared up, although nothing else is left to do; what looks alike further in is
/// somebody else's.
#[test]
fn what_waits_for_its_place_is_swept_when_its_build_was_killed() {
    let project = project("99.9%");
    project.build();
    let whole = project.files("generated");
    project.write("generated/.slosmith-tmp-a1B2c3/prometheus/rules/service-1.yaml", "groups: []\n");
    project.write("generated/.slosmith-tmp-d4E5f6", "half");
    assert_eq!(project.run(&["check"]).status, 0);
    project.build();
    assert!(project.files("generated") == whole);
    project.write("generated/prometheus/.slosmith-tmp-a1B2c3", "mine");
    project.build();
    assert!(project.exists("generated/prometheus/.slosmith-tmp-a1B2c3"));
}

#[test]
fn two_builds_at_once_end_with_one_result() {
    let project = project("99.9%");
    let mut children: Vec<_> = (0..4).map(|_| project.command(&["build", "--quiet"]).spawn().unwrap()).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(project.run(&["check"]).status, 0);
}

/// A folder that takes no file: full disks and read-only ones fail alike.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_nothing_is_named() {
    let project = Project::new();
    let run = project.run(&["build", "--output", "/proc/slosmith"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(run.error.contains("cannot write `/proc/slosmith") && run.error.contains("help: "), "{}", run.error);
}
