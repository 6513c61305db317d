//! What commands do to the folder of the outputs.

use super::{Project, SPEC};

const RULES: &str = "generated/prometheus/rules/cart.yaml";

#[test]
fn a_new_project_builds_and_checks_without_a_word() {
    let project = Project::empty();
    assert_eq!(project.run(&["init", "shop"]).status, 0);
    for (command, status) in [("check", 1), ("build", 0), ("check", 0)] {
        let run = project.run(&[command, "-C", "shop"]);
        assert_eq!((run.status, run.error.as_str()), (status, ""), "{}", run.all());
    }
    assert!(project.run(&["build", "-C", "shop", "--deny-warnings"]).out.contains("0 files written"));
    let again = project.run(&["init", "shop"]);
    assert_eq!(again.status, 2);
    assert!(again.error.contains("is there already"), "{}", again.error);
}

#[test]
fn init_overwrites_nothing_and_then_writes_nothing() {
    let project = Project::new();
    let run = project.run(&["init"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert_eq!(project.read("slos/cart.yaml"), SPEC);
    assert!(!project.exists("slosmith.yaml"));
}

#[test]
fn an_edit_is_drift_until_the_next_build() {
    let project = Project::new();
    project.build();
    let whole = project.read(RULES);
    project.write(RULES, whole.replace("99.9%", "12%"));
    let check = project.run(&["check"]);
    assert_eq!(check.status, 1);
    assert!(
        check.out.contains("-# cart/availability: 12% over 30d\n+# cart/availability: 99.9% over 30d"),
        "{}",
        check.out
    );
    assert!(check.out.contains("run `slosmith build`"), "{}", check.out);
    assert!(project.build().out.contains("1 file written"));
    assert_eq!(project.read(RULES), whole);
    assert_eq!(project.run(&["check"]).status, 0);
}

/// Warnings are known only when most texts are made.
#[test]
fn a_refused_build_leaves_the_folder_as_it_was() {
    let project = Project::new();
    let warned =
        SPEC.replace("- name", "  # slosmith: allow(endless-tier): not needed\n- name").replace("99.9%", "99.5%");
    project.write("slos/cart.yaml", &warned);
    assert_eq!(project.run(&["build", "--deny-warnings", "--output", "deep/er"]).status, 1);
    assert!(!project.exists("deep"), "{:?}", project.files("deep"));
    project.write("slos/cart.yaml", SPEC);
    project.build();
    let whole = project.files("generated");
    project.write("slos/cart.yaml", &warned);
    let run = project.run(&["build", "--deny-warnings"]);
    assert!(run.status == 1 && run.error.contains("nothing is written"), "{}", run.all());
    assert!(project.files("generated") == whole);
    assert!(project.build().out.contains("files written"));
    assert!(project.files("generated") != whole);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_named_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.build();
    let whole = project.files("generated");
    let folder = project.path("generated");
    let mode = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    // Whoever may write everywhere cannot see this.
    let is_refused = std::fs::write(folder.join("probe"), "").is_err();
    let unchanged = project.run(&["build", "--no-cache"]);
    project.write("slos/cart.yaml", SPEC.replace("99.9%", "99.5%"));
    let changed = project.run(&["build"]);
    mode(0o755);
    if is_refused {
        assert_eq!(unchanged.status, 0, "{}", unchanged.all());
        assert_eq!(changed.status, 2, "{}", changed.all());
        assert!(changed.error.contains("cannot write") && changed.error.contains("help: "), "{}", changed.error);
        assert!(project.files("generated") == whole);
    }
}

#[test]
fn what_is_no_longer_made_is_removed_and_nothing_else() {
    let project = Project::new();
    project.write("slos/old.yaml", SPEC.replace("cart", "old"));
    project.build();
    project.write("generated/notes.txt", "mine");
    std::fs::remove_file(project.path("slos/old.yaml")).unwrap();
    let check = project.run(&["check"]);
    assert!(check.out.contains("stale    generated/prometheus/rules/old.yaml"), "{}", check.out);
    project.build();
    assert!(!project.exists("generated/prometheus/rules/old.yaml"));
    assert!(!project.exists("generated/runbooks/old"), "folders that are empty go with their files");
    assert!(project.exists("generated/notes.txt"));
    assert_eq!(project.run(&["check"]).status, 0);
}

#[test]
fn a_foreign_file_in_the_way_stops_the_build_before_it_writes() {
    let project = Project::new();
    project.write(RULES, "groups: []\n");
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2);
    assert!(
        run.error.contains("`./generated/prometheus/rules/cart.yaml`") || run.error.contains(RULES),
        "{}",
        run.error
    );
    assert_eq!(project.files("generated").len(), 1);
    project.write("generated/manifest.json", r#"{"name": "web app"}"#);
    std::fs::remove_file(project.path(RULES)).unwrap();
    assert_eq!(project.run(&["build"]).status, 2);
    assert_eq!(project.read("generated/manifest.json"), r#"{"name": "web app"}"#);
}

#[test]
fn every_generated_file_says_whose_it_is() {
    let project = Project::new();
    project.build();
    for (path, bytes) in project.files("generated") {
        assert!(String::from_utf8(bytes).unwrap().contains("slosmith"), "{path} heals only if it names slosmith");
    }
}

#[test]
fn a_lost_or_broken_manifest_heals() {
    let project = Project::new();
    project.build();
    let whole = project.files("generated");
    for broken in ["", "<<<<<<< slosmith\n{", "[\"slosmith\"]"] {
        project.write("generated/manifest.json", broken);
        project.write("slos/cart.yaml", SPEC.replace("99.9%", "99.5%"));
        project.build();
        project.write("slos/cart.yaml", SPEC);
        std::fs::remove_file(project.path("generated/manifest.json")).unwrap();
        project.build();
        assert!(project.files("generated") == whole);
    }
}

#[test]
fn a_tampered_manifest_reaches_nothing_outside() {
    let project = Project::new();
    project.build();
    project.write("victim.txt", "mine");
    let absolute = project.path("victim.txt");
    let listed = ["../victim.txt", absolute.to_str().unwrap(), "prometheus/../../victim.txt", "./../victim.txt"];
    let files: serde_json::Map<_, _> = listed.iter().map(|path| ((*path).to_owned(), serde_json::json!({}))).collect();
    let manifest = serde_json::json!({"generator": "slosmith", "files": files});
    project.write("generated/manifest.json", manifest.to_string());
    let check = project.run(&["check"]);
    assert!(!check.out.contains("stale"), "{}", check.out);
    project.build();
    assert_eq!(project.read("victim.txt"), "mine");
}

#[cfg(unix)]
#[test]
fn no_link_leads_a_build_out_of_its_folder() {
    let project = Project::new();
    project.build();
    std::fs::remove_dir_all(project.path("generated/prometheus")).unwrap();
    project.write("elsewhere/rules/cart.yaml", "mine");
    project.link("generated/prometheus", project.path("elsewhere"));
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(run.error.contains("symbolic link"), "{}", run.error);
    assert_eq!(project.run(&["check"]).status, 2);
    assert_eq!(project.read("elsewhere/rules/cart.yaml"), "mine");

    std::fs::remove_file(project.path("generated/prometheus")).unwrap();
    project.link(RULES, project.path("elsewhere/rules/cart.yaml"));
    project.build();
    assert_eq!(project.read("elsewhere/rules/cart.yaml"), "mine");
    assert!(!std::fs::symlink_metadata(project.path(RULES)).unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn generated_files_are_readable_by_everybody_whom_the_umask_lets() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.build();
    project.write("probe", "");
    let mode = |path: &str| std::fs::metadata(project.path(path)).unwrap().permissions().mode();
    assert_eq!(mode(RULES), mode("probe"));
}

#[test]
fn a_file_in_place_of_the_folder_is_named() {
    let project = Project::new();
    project.write("generated", "mine");
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2);
    assert!(run.error.contains("generated") && run.error.contains("help: "), "{}", run.error);
    assert_eq!(project.read("generated"), "mine");
}

#[test]
fn the_folder_can_be_chosen() {
    let project = Project::new();
    project.write("slosmith.yaml", "output: out\n");
    project.build();
    assert!(project.exists("out/prometheus/rules/cart.yaml") && !project.exists("generated"));
    assert_eq!(project.run(&["build", "--output", "deep/er"]).status, 0);
    assert!(project.exists("deep/er/prometheus/rules/cart.yaml"));
    let elsewhere = Project::empty();
    let folder = project.folder.path().to_str().unwrap();
    assert_eq!(elsewhere.run(&["check", "-C", folder]).status, 0);
}

#[test]
fn outputs_within_the_inputs_are_not_read() {
    let project = Project::new();
    project.write("slosmith.yaml", "inputs: [.]\n");
    project.build();
    assert_eq!(project.run(&["check"]).status, 0);
    project.build();
}
