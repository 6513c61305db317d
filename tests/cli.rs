//! The binary as a user meets it: exit statuses, words, and what it does to the disk.

mod cache;
mod convert;
mod forecast;
mod input;
mod kill;
mod metrics;
mod output;
mod routes;
mod words;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A spec of one service with one SLO.
const SPEC: &str = "\
apiVersion: slosmith/v1
service: cart
slos:
- name: availability
  target: 99.9%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
";

/// What a run of the binary came to.
struct Run {
    status: i32,
    out: String,
    error: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { status: output.status.code().unwrap_or(-1), out: text(&output.stdout), error: text(&output.stderr) }
    }

    /// Both streams, for snapshots.
    fn all(&self) -> String {
        format!("status: {}\n--- out\n{}--- error\n{}", self.status, self.out, self.error)
    }
}

/// A project in a folder of its own.
struct Project {
    folder: TempDir,
    /// The user's cache, away from the project.
    cache: TempDir,
}

impl Project {
    /// A project with one spec.
    fn new() -> Self {
        let project = Self::empty();
        project.write("slos/cart.yaml", SPEC);
        project
    }

    fn empty() -> Self {
        Self { folder: TempDir::new().unwrap(), cache: TempDir::new().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Puts a symbolic link at a path.
    #[cfg(unix)]
    fn link(&self, path: &str, target: impl AsRef<Path>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, self.path(path)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
        command.args(arguments).current_dir(self.folder.path()).env("SLOSMITH_CACHE_DIR", self.cache.path());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }

    /// Runs with a text on standard input.
    fn pipe(&self, arguments: &[&str], text: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        Run::of(&child.wait_with_output().unwrap())
    }

    /// Builds, and makes sure that all went well.
    fn build(&self) -> Run {
        let run = self.run(&["build"]);
        assert_eq!(run.status, 0, "{}", run.all());
        run
    }

    /// Every file below a folder with its bytes.
    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path(folder);
        let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                (path, fs::read(entry.path()).unwrap())
            })
            .collect()
    }
}
