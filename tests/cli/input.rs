//! Input that is missing, hostile or not meant to be read.

use super::{Project, SPEC};

/// A build of input that is wrong: status 1, a word about it, and nothing written.
fn refused(project: &Project, words: &str) {
    let run = project.run(&["build"]);
    assert_eq!(run.status, 1, "{}", run.all().chars().take(3000).collect::<String>());
    assert!(run.error.contains(words), "{}", run.error.chars().take(3000).collect::<String>());
    assert!(run.error.len() < 20_000, "{} bytes of message", run.error.len());
    assert!(!project.exists("generated"));
}

#[test]
fn bad_texts_are_diagnosed() {
    let nested = format!("{SPEC}description: {}", "[".repeat(100_000));
    let alias = |level| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    let aliases = (1..12).map(alias).collect::<Vec<_>>().concat();
    let bomb = format!("{SPEC}a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{aliases}");
    let scalar = format!("{SPEC}description: [{}]\n", "x".repeat(50_000_000));
    let cases: [(&str, &[u8], &str); 9] = [
        ("latin-1", b"service: caf\xe9\n", "not UTF-8"),
        ("UTF-16", b"\xff\xfes\0e\0r\0v\0", "UTF-16"),
        ("nothing", b"", "error["),
        ("nested", nested.as_bytes(), "error["),
        ("alias bomb", bomb.as_bytes(), "error["),
        ("50 MB", scalar.as_bytes(), "error["),
        ("slash", &SPEC.replace("service: cart", "service: ../cart").into_bytes(), "error[bad-name]"),
        ("dots", &SPEC.replace("service: cart", "service: '..'").into_bytes(), "error[bad-name]"),
        ("reserved", &SPEC.replace("service: cart", "service: alerts").into_bytes(), "error[reserved-name]"),
    ];
    for (name, bytes, words) in cases {
        println!("{name}");
        let project = Project::empty();
        project.write("slos/spec.yaml", bytes);
        refused(&project, words);
    }
}

#[test]
fn a_runbook_text_that_is_none_is_diagnosed() {
    let project = Project::new();
    project.write("slos/runbooks/topics/x.md", b"## Diagnosis\n\ncaf\xe9\n");
    refused(&project, "not UTF-8");
    refused(&project, "slos/runbooks/topics/x.md:3:4");
}

#[test]
fn two_services_of_one_name_are_diagnosed() {
    let project = Project::new();
    project.write("slos/again.yml", SPEC);
    refused(&project, "error[duplicate-service]");
}

#[test]
fn an_error_leaves_the_generated_files_as_they_are() {
    let project = Project::new();
    project.build();
    let whole = project.files("generated");
    project.write("slos/cart.yaml", SPEC.replace("99.9%", "100%"));
    project.write("slos/new.yaml", SPEC.replace("cart", "new"));
    assert_eq!(project.run(&["build"]).status, 1);
    assert!(project.files("generated") == whole);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_project_are_not_followed() {
    let outside = Project::new();
    let links: [(&str, &str); 3] =
        [("slos/secret.yaml", "slos/cart.yaml"), ("slos/more", "slos"), ("slosmith.yaml", "slos/cart.yaml")];
    for (link, target) in links {
        let project = Project::new();
        project.link(link, outside.path(target));
        refused(&project, "leads out of the project");
    }
    let project = Project::empty();
    project.link("slos", outside.path("slos"));
    refused(&project, "leads out of the project");
}

#[cfg(unix)]
#[test]
fn links_within_the_project_are_followed() {
    let project = Project::empty();
    project.write("shared/cart.yaml", SPEC);
    project.link("slos/cart.yaml", "../shared/cart.yaml");
    project.build();
    project.link("slos/loop", "../slos");
    let run = project.run(&["check"]);
    assert_eq!(run.status, 1);
    assert!(run.error.contains("a symbolic link to a folder that it lies in"), "{}", run.error);
}

#[cfg(unix)]
#[test]
fn a_socket_is_not_read() {
    let project = Project::new();
    let _socket = std::os::unix::net::UnixListener::bind(project.path("slos/pipe.yaml")).unwrap();
    refused(&project, "a pipe, a socket or a device");
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_named() {
    let project = Project::new();
    project.link("slos/gone.yaml", "nowhere");
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2);
    assert!(run.error.contains("`slos/gone.yaml` is a symbolic link that leads nowhere"), "{}", run.error);
}

#[test]
fn a_file_too_large_is_not_read() {
    let project = Project::new();
    std::fs::File::create(project.path("slos/huge.yaml")).unwrap().set_len(1 << 32).unwrap();
    refused(&project, "a file of 4294967296 bytes");
}

#[test]
fn inputs_may_be_folders_and_files_inside_and_outside() {
    let project = Project::empty();
    project.write("a/one.yaml", SPEC.replace("cart", "one"));
    project.write("b/two.yml", SPEC.replace("cart", "two"));
    project.write("b/.three.yaml", "broken: [");
    project.write("b/notes.txt", "broken: [");
    project.write("here/slosmith.yaml", "inputs: [../a, ../b/two.yml, ../b]\n");
    let run = project.run(&["build", "-C", "here"]);
    assert!(run.out.starts_with("2 services,"), "{}", run.all());
}

#[test]
fn missing_input_is_named_with_what_to_do() {
    let project = Project::empty();
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2);
    assert!(run.error.contains("`slos`") && run.error.contains("slosmith init"), "{}", run.error);
    project.write("slos/notes.txt", "");
    let run = project.run(&["build"]);
    assert_eq!(run.status, 2);
    assert!(run.error.contains("there is no spec in `slos`"), "{}", run.error);
    project.write("slosmith.yml", "");
    assert!(project.run(&["build"]).error.contains("rename it"));
    let run = project.run(&["build", "-C", "nowhere"]);
    assert_eq!(run.status, 2);
    assert!(run.error.contains("`nowhere`"), "{}", run.error);
}
