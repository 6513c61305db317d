//! What is remembered of unchanged sources changes nothing but the time that a command takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::{Project, Run, SPEC};

const RULES: &str = "generated/prometheus/rules/cart.yaml";

/// The text of an entry with another body.
fn whole(body: &str) -> String {
    format!("{body}{:x}\n", Sha256::digest(body.as_bytes()))
}

/// The entries of a project's cache.
fn entries(project: &Project) -> Vec<PathBuf> {
    let files = fs::read_dir(project.cache.path()).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "compiled")).collect()
}

/// Makes every entry tell of 777 services, so that a run that uses it can be told from one that compiles.
fn mark(project: &Project) {
    for path in entries(project) {
        let text = fs::read_to_string(&path).unwrap();
        let body = &text[..text.len() - 65];
        let (form, rest) = body.split_once('\n').unwrap();
        let (counts, files) = rest.split_once('\n').unwrap();
        let (_, counts) = counts.split_once(' ').unwrap();
        fs::write(path, whole(&format!("{form}\n777 {counts}\n{files}"))).unwrap();
    }
}

/// A built project with every kind of source, whose cache is marked.
fn built() -> Project {
    let project = Project::new();
    project.write("slosmith.yaml", "apiVersion: slosmith/v1\nmetrics: [metrics.yaml]\n");
    project.write(
        "metrics.yaml",
        "apiVersion: slosmith/v1\nmetrics:\n  http_requests_total: {type: counter, labels: {job: [cart], code: ['200', '500']}}\n",
    );
    project.write("slos/runbooks/cart/availability.md", "## First steps\n\nLook.\n");
    project.build();
    assert_eq!(entries(&project).len(), 1);
    mark(&project);
    project
}

fn is_remembered(run: &Run) -> bool {
    run.out.contains("777 services")
}

#[test]
fn unchanged_sources_are_not_compiled_again() {
    let project = built();
    let before = project.files("generated");
    for command in ["check", "build"] {
        let run = project.run(&[command]);
        assert!(run.status == 0 && is_remembered(&run), "{}", run.all());
    }
    assert!(project.run(&["build"]).out.contains(&format!("0 files written, {} unchanged, 0 removed", before.len())));
    assert!(project.run(&["check"]).out.contains(&format!("{} files in `generated` up to date", before.len())));
    assert!(project.run(&["check", "--format", "json"]).out.contains("\"services\":777"));
    assert_eq!(project.files("generated"), before);
}

#[test]
fn every_change_of_a_source_is_seen() {
    let changes: [(&str, &str); 6] = [
        ("slos/cart.yaml", &SPEC.replace("99.9%", "99.8%")),
        ("slos/new.yaml", &SPEC.replace("cart", "new")),
        ("slosmith.yaml", "apiVersion: slosmith/v1\nmetrics: [metrics.yaml]\ndefaults: {owner: shop}\n"),
        ("metrics.yaml", "apiVersion: slosmith/v1\nmetrics: {}\n"),
        ("slos/runbooks/cart/availability.md", "## First steps\n\nLook closely.\n"),
        ("slos/runbooks/cart/other.md", "## First steps\n\nNo page has this.\n"),
    ];
    for (path, text) in changes {
        let project = built();
        project.write(path, text);
        let run = project.run(&["check"]);
        assert!(!is_remembered(&run), "{path}: {}", run.all());
        let fresh = project.run(&["check", "--no-cache"]);
        assert_eq!((run.status, untimed(&run.all())), (fresh.status, untimed(&fresh.all())), "{path}");
    }
    let project = built();
    fs::rename(project.path("slos/cart.yaml"), project.path("slos/basket.yaml")).unwrap();
    assert!(!is_remembered(&project.run(&["check"])), "a source's name is in the outputs");
}

/// A text without the times in it.
fn untimed(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for at in 1..words.len() {
        if words[at].starts_with("ms") {
            words[at - 1] = "N";
        }
    }
    words.join(" ")
}

#[test]
fn changed_outputs_are_compared_in_full() {
    let project = built();
    let rules = project.read(RULES);
    // The same length, so that the bytes have to be looked at.
    project.write(RULES, rules.replace("99.9%", "88.8%"));
    let check = project.run(&["check"]);
    assert!(check.status == 1 && !is_remembered(&check), "{}", check.all());
    assert!(check.out.contains("-# cart/availability: 88.8% over 30d\n+# cart/availability: 99.9% over 30d"));
    assert!(project.build().out.contains("1 file written"));
    assert_eq!(project.read(RULES), rules);

    mark(&project);
    fs::remove_file(project.path(RULES)).unwrap();
    assert!(project.run(&["check"]).out.contains(&format!("missing  {RULES}")));
    project.build();

    mark(&project);
    let manifest = project.read("generated/manifest.json");
    project.write("generated/old.md", "slosmith");
    project.write("generated/manifest.json", manifest.replace("\"files\": {", "\"files\": {\n    \"old.md\": {},"));
    assert!(project.run(&["check"]).out.contains("stale    generated/old.md"));
    project.build();
    assert!(!project.exists("generated/old.md"));

    mark(&project);
    project.write("generated/.slosmith-unfinished", "");
    assert!(!is_remembered(&project.build()), "an unfinished build is brought to its end");
    assert!(!project.exists("generated/.slosmith-unfinished"));
}

#[cfg(unix)]
#[test]
fn links_are_no_outputs_even_with_the_right_bytes() {
    let project = built();
    fs::rename(project.path(RULES), project.path("moved.yaml")).unwrap();
    project.link(RULES, "../../../moved.yaml");
    let run = project.run(&["check"]);
    assert!(run.status == 1 && !is_remembered(&run), "{}", run.all());

    let project = built();
    fs::rename(project.path("generated/prometheus"), project.path("moved")).unwrap();
    project.link("generated/prometheus", "../moved");
    let run = project.run(&["check"]);
    assert!(run.status == 2 && run.error.contains("symbolic link"), "{}", run.all());
}

#[test]
fn broken_entries_are_no_entries() {
    type Damage = fn(&str) -> Vec<u8>;
    let damages: [(&str, Damage); 6] = [
        ("empty", |_| Vec::new()),
        ("cut off", |text| text.as_bytes()[..text.len() / 2].to_vec()),
        ("one character", |text| text.replacen("777", "778", 1).into_bytes()),
        ("no text", |_| vec![0xff; 300]),
        ("another key", |text| whole(&text[..text.len() - 65].replacen("compiled-1 ", "compiled-1 0", 1)).into_bytes()),
        ("no numbers", |text| whole(&text[..text.len() - 65].replacen("777", "many", 1)).into_bytes()),
    ];
    for (name, damage) in damages {
        let project = built();
        let path = entries(&project).remove(0);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, damage(&text)).unwrap();
        let run = project.run(&["check"]);
        assert!(run.status == 0 && run.error.is_empty(), "{name}: {}", run.all());
        assert!(run.out.contains("1 service,"), "{name}: {}", run.all());
        mark(&project);
        assert!(is_remembered(&project.run(&["check"])), "{name}: a whole entry takes its place");
    }
}

#[test]
fn without_a_place_to_write_nothing_is_kept_and_nothing_is_said() {
    let project = Project::new();
    project.write("file", "");
    for place in ["file/below", "file"] {
        let place = project.path(place);
        for command in ["build", "check"] {
            let run = project.run(&[command, "--cache-dir", place.to_str().unwrap()]);
            assert!(run.status == 0 && run.error.is_empty(), "{}", run.all());
        }
    }
    let mut command = project.command(&["check"]);
    for variable in ["SLOSMITH_CACHE_DIR", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"] {
        command.env_remove(variable);
    }
    assert!(command.output().unwrap().status.success());
    assert!(entries(&project).is_empty());
}

#[test]
fn another_compiler_compiles() {
    let project = built();
    let copy = project.path("another-slosmith");
    fs::copy(env!("CARGO_BIN_EXE_slosmith"), &copy).unwrap();
    let run = |program: &Path| {
        let mut command = Command::new(program);
        command.arg("check").current_dir(project.folder.path()).env("SLOSMITH_CACHE_DIR", project.cache.path());
        Run::of(&command.output().unwrap())
    };
    assert!(is_remembered(&run(Path::new(env!("CARGO_BIN_EXE_slosmith")))));
    let other = run(&copy);
    assert!(other.status == 0 && !is_remembered(&other), "{}", other.all());
}

#[test]
fn the_cache_can_be_left_out() {
    let project = built();
    for command in ["check", "build"] {
        let run = project.run(&[command, "--no-cache"]);
        assert!(run.status == 0 && !is_remembered(&run), "{}", run.all());
    }
    let project = Project::new();
    assert_eq!(project.run(&["build", "--no-cache"]).status, 0);
    assert!(entries(&project).is_empty());
}

#[test]
fn problems_are_found_anew_every_time() {
    let project = Project::new();
    let silenced = "  # slosmith: allow(endless-tier): not needed\n- name: availability";
    project.write("slos/cart.yaml", SPEC.replace("- name: availability", silenced));
    let build = project.build();
    assert!(build.error.contains("warning["), "{}", build.all());
    assert!(entries(&project).is_empty());
    assert_eq!(project.run(&["check", "--deny-warnings"]).status, 1);
}

#[test]
fn old_entries_make_room() {
    let project = built();
    for index in 0..70 {
        fs::write(project.cache.path().join(format!("{index}.compiled")), "old").unwrap();
    }
    project.write("slos/cart.yaml", SPEC.replace("99.9%", "99.8%"));
    project.build();
    assert_eq!(entries(&project).len(), 64);
    mark_whole(&project);
    assert!(is_remembered(&project.run(&["check"])), "the newest entry stays");
}

/// Marks the entries that are whole.
fn mark_whole(project: &Project) {
    let texts = entries(project).into_iter().filter(|path| fs::read(path).unwrap() == b"old");
    texts.for_each(|path| fs::remove_file(path).unwrap());
    mark(project);
}
