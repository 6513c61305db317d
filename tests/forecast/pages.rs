//! What the pages of `show` and `simulate` print is what the commands print; `UPDATE=1` writes it down.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The page with the output of each `$ slosmith ...` behind it, run in the smallest example.
fn with_outputs(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, block)) = rest.split_once("```console\n") {
        let (body, tail) = block.split_once("```").unwrap();
        text += before;
        text += "```console\n";
        for line in body.lines().filter(|line| line.starts_with("$ ")) {
            text += line;
            text += "\n";
            text += &run(line.strip_prefix("$ slosmith ").unwrap());
        }
        text.push_str("```");
        rest = tail;
    }
    text + rest
}

/// The output of a command, whose arguments hold no blanks but within single quotes.
fn run(line: &str) -> String {
    let words = line
        .split('\'')
        .enumerate()
        .flat_map(|(index, part)| if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() });
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/minimal");
    let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
    let output =
        command.args(words).arg("--color").arg("never").env("LC_ALL", "C.UTF-8").current_dir(project).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn pages_show_what_is_printed() {
    for (name, blocks) in [("docs/show.md", 2), ("docs/simulate.md", 4)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let page = fs::read_to_string(&path).unwrap();
        let wanted = with_outputs(&page);
        assert_eq!(page.matches("```console\n").count(), blocks, "{name}");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, wanted).unwrap();
        } else {
            assert_eq!(page, wanted, "{name}: UPDATE=1 cargo test --test all forecast::pages");
        }
    }
}
