//! Disk, inward: the project file, the specs and the runbook texts below the inputs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::source::{MAX_SOURCE_BYTES, ReadProblem, SourceFile, SourceKind, Wanted};

/// The name of the project file.
pub const PROJECT_FILE: &str = "slosmith.yaml";

/// The folder of hand-written runbook text in an input.
const RUNBOOKS: &str = "runbooks";

/// Reads what is wanted from a project's folder; files come sorted by their path.
///
/// # Errors
/// When a folder or file is missing or cannot be read, with its path and what to do.
pub fn read(root: &Path, wanted: &Wanted) -> Result<Vec<SourceFile>> {
    match wanted {
        Wanted::Project => Ok(project(root)?.into_iter().collect()),
        Wanted::Metrics(paths) => catalogues(root, paths),
        Wanted::Inputs { inputs, except } => self::inputs(root, inputs, except),
    }
}

/// Reads one spec, wherever it lies.
///
/// # Errors
/// When it cannot be read.
pub fn spec(root: &Path, path: &str) -> Result<SourceFile> {
    let found = Found { disk: root.join(path), kind: SourceKind::Spec, problem: None };
    read_file(path.to_owned(), &found)
}

/// Reads a metric catalogue, or `None` if it is not there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn metrics(root: &Path, path: &str) -> Result<Option<SourceFile>> {
    let disk = root.join(path);
    if matches!(fs::symlink_metadata(&disk), Err(error) if error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    read_file(path.to_owned(), &Found { disk, kind: SourceKind::Metrics, problem: None }).map(Some)
}

/// Reads files of other tools, and those below folders that end in `.yaml`, `.yml` or `.json`, sorted by path.
///
/// # Errors
/// When one is missing or cannot be read, with its path.
pub fn foreign(root: &Path, paths: &[String]) -> Result<Vec<SourceFile>> {
    let mut found = BTreeMap::new();
    for path in paths {
        let disk = root.join(path);
        fs::symlink_metadata(&disk).map_err(|error| unreadable(path, &error))?;
        for entry in WalkDir::new(&disk).into_iter().filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)) {
            let entry = entry.map_err(|error| unwalkable(path, &error))?;
            let is_folder = fs::metadata(entry.path()).map_err(|error| unreadable(path, &error))?.is_dir();
            let ending = entry.path().extension().and_then(|ending| ending.to_str());
            if !is_folder && (entry.depth() == 0 || matches!(ending, Some("yaml" | "yml" | "json"))) {
                let name = shown(root, entry.path());
                found.insert(name, Found { disk: entry.into_path(), kind: SourceKind::Spec, problem: None });
            }
        }
    }
    let files: Vec<(String, Found)> = found.into_iter().collect();
    files.into_par_iter().map(|(path, file)| read_file(path, &file)).collect()
}

/// A text that came through a pipe, under the name of its place.
#[must_use]
pub fn text(path: &str, bytes: Vec<u8>) -> SourceFile {
    let (text, problem) = decode(bytes);
    SourceFile { path: path.to_owned(), kind: SourceKind::Spec, text, problem }
}

fn catalogues(root: &Path, paths: &[String]) -> Result<Vec<SourceFile>> {
    let wanted = |path: &String| {
        metrics(root, path)?.ok_or_else(|| {
            anyhow!(
                "there is no metric catalogue `{path}`\n\
                 help: write one with `slosmith metrics read`, or remove it from `metrics` in {PROJECT_FILE}"
            )
        })
    };
    paths.iter().map(wanted).collect()
}

/// A file to read, or why it is not read.
struct Found {
    disk: PathBuf,
    kind: SourceKind,
    problem: Option<ReadProblem>,
}

fn project(root: &Path) -> Result<Option<SourceFile>> {
    if !root.is_dir() {
        bail!("there is no folder `{}`\nhelp: name the project's folder with -C", root.display());
    }
    let disk = root.join(PROJECT_FILE);
    if let Err(error) = fs::symlink_metadata(&disk) {
        if error.kind() != ErrorKind::NotFound {
            return Err(unreadable(PROJECT_FILE, &error));
        }
        if root.join("slosmith.yml").exists() {
            bail!("the project file is called `{PROJECT_FILE}`, here it is `slosmith.yml`\nhelp: rename it");
        }
        return Ok(None);
    }
    let problem = (!Boundary::of(root)?.holds(&disk)).then_some(ReadProblem::OutsideProject);
    read_file(PROJECT_FILE.to_owned(), &Found { disk, kind: SourceKind::Project, problem }).map(Some)
}

fn inputs(root: &Path, inputs: &[String], except: &str) -> Result<Vec<SourceFile>> {
    let mut boundary = Boundary::of(root)?;
    let mut found = BTreeMap::new();
    for input in inputs {
        let disk = root.join(input);
        let canonical = disk.canonicalize().map_err(|error| missing_input(input, &error))?;
        if leads_out(input) {
            boundary.roots.push(canonical);
        } else if !boundary.holds(&disk) {
            let problem = Some(ReadProblem::OutsideProject);
            found.insert(shown(root, &disk), Found { disk, kind: SourceKind::Spec, problem });
            continue;
        }
        walk(root, &disk, &root.join(except), &boundary, &mut found)?;
    }
    if !found.values().any(|file| file.kind == SourceKind::Spec) {
        bail!(
            "there is no spec in {}: no file that ends in .yaml or .yml\nhelp: write one, or start with `slosmith init`",
            list(inputs)
        );
    }
    let files: Vec<(String, Found)> = found.into_iter().collect();
    let read: Vec<Result<SourceFile>> = files.into_par_iter().map(|(path, file)| read_file(path, &file)).collect();
    read.into_iter().collect()
}

/// Adds the files below one input.
fn walk(
    root: &Path,
    input: &Path,
    except: &Path,
    boundary: &Boundary,
    found: &mut BTreeMap<String, Found>,
) -> Result<()> {
    let mut outside = Vec::new();
    let wanted = |entry: &DirEntry| {
        if entry.depth() > 0 && is_hidden(entry) || normal(entry.path()) == normal(except) {
            return false;
        }
        let inside = !entry.path_is_symlink() || boundary.holds(entry.path());
        if !inside {
            outside.push((entry.path().to_owned(), entry.file_type().is_dir()));
        }
        inside
    };
    for entry in WalkDir::new(input).follow_links(true).into_iter().filter_entry(wanted) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(input).to_owned();
                if error.loop_ancestor().is_none() {
                    return Err(unwalkable(&shown(root, &path), &error));
                }
                let problem = Some(ReadProblem::Loop);
                found.insert(shown(root, &path), Found { disk: path, kind: SourceKind::Spec, problem });
                continue;
            }
        };
        if entry.file_type().is_dir() || normal(entry.path()) == normal(&root.join(PROJECT_FILE)) {
            continue;
        }
        let Some(kind) = kind(entry.path(), input) else { continue };
        let problem = (!entry.file_type().is_file()).then_some(ReadProblem::NotAFile);
        found.insert(shown(root, entry.path()), Found { disk: entry.into_path(), kind, problem });
    }
    for (disk, is_folder) in outside {
        let kind = if is_folder { Some(SourceKind::Spec) } else { kind(&disk, input) };
        if let Some(kind) = kind {
            found.insert(shown(root, &disk), Found { disk, kind, problem: Some(ReadProblem::OutsideProject) });
        }
    }
    Ok(())
}

/// What a file is for, by its name and its place in the input.
fn kind(path: &Path, input: &Path) -> Option<SourceKind> {
    let below = path.strip_prefix(input).unwrap_or(path);
    if below.as_os_str().is_empty() {
        return Some(SourceKind::Spec);
    }
    match path.extension()?.to_str()? {
        "yaml" | "yml" => Some(SourceKind::Spec),
        "md" if below.starts_with(RUNBOOKS) => Some(SourceKind::RunbookText),
        _ => None,
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

/// Where the files of a project may lie, whatever symbolic links say.
struct Boundary {
    roots: Vec<PathBuf>,
}

impl Boundary {
    fn of(root: &Path) -> Result<Self> {
        let canonical = root.canonicalize().with_context(|| format!("cannot open the folder `{}`", root.display()))?;
        Ok(Self { roots: vec![canonical] })
    }

    /// Whether a path leads into the project; also if it leads nowhere, which reading will tell.
    fn holds(&self, path: &Path) -> bool {
        path.canonicalize().map_or(true, |target| self.roots.iter().any(|root| target.starts_with(root)))
    }
}

/// Whether an input names a place outside of the project by itself, without any symbolic link.
fn leads_out(input: &str) -> bool {
    let outward = |part| matches!(part, Component::ParentDir | Component::RootDir | Component::Prefix(_));
    Path::new(input).components().any(outward)
}

/// A path without `.` components.
fn normal(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// The path as diagnostics show it: from the project's root, with `/`.
fn shown(root: &Path, path: &Path) -> String {
    let (root, path) = (normal(root), normal(path));
    let below = path.strip_prefix(&root).unwrap_or(&path);
    let text = below.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

fn read_file(path: String, file: &Found) -> Result<SourceFile> {
    let kind = file.kind;
    let refused = |path, problem| Ok(SourceFile { path, kind, text: String::new(), problem: Some(problem) });
    if let Some(problem) = &file.problem {
        return refused(path, problem.clone());
    }
    let metadata = fs::metadata(&file.disk).map_err(|error| unreadable(&path, &error))?;
    if metadata.is_dir() {
        bail!("cannot read `{path}`: it is a folder\nhelp: name a file");
    }
    if !metadata.is_file() {
        return refused(path, ReadProblem::NotAFile);
    }
    if metadata.len() > MAX_SOURCE_BYTES {
        return refused(path, ReadProblem::TooLarge(metadata.len()));
    }
    let mut bytes = Vec::new();
    let handle = File::open(&file.disk).map_err(|error| unreadable(&path, &error))?;
    let mut limited = handle.take(MAX_SOURCE_BYTES + 1);
    limited.read_to_end(&mut bytes).map_err(|error| unreadable(&path, &error))?;
    let (text, problem) = decode(bytes);
    Ok(SourceFile { path, kind, text, problem })
}

fn decode(bytes: Vec<u8>) -> (String, Option<ReadProblem>) {
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        return (String::new(), Some(ReadProblem::TooLarge(bytes.len() as u64)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(ReadProblem::NotUtf8(at)))
        }
    }
}

fn list(inputs: &[String]) -> String {
    let quoted: Vec<String> = inputs.iter().map(|input| format!("`{input}`")).collect();
    quoted.join(", ")
}

fn unreadable(path: &str, error: &std::io::Error) -> anyhow::Error {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => "check the name; paths start from the project's folder, the one that -C names",
        _ => "make it readable for the user who runs slosmith, or take it away",
    };
    anyhow!("cannot read `{path}`: {error}\nhelp: {help}")
}

fn missing_input(input: &str, error: &std::io::Error) -> anyhow::Error {
    if error.kind() != ErrorKind::NotFound {
        return unreadable(input, error);
    }
    anyhow!(
        "there is no `{input}` to read specs from\n\
         help: create it, name another folder under `inputs` in {PROJECT_FILE}, or start with `slosmith init`"
    )
}

fn unwalkable(path: &str, error: &walkdir::Error) -> anyhow::Error {
    match error.io_error() {
        Some(io) if io.kind() == ErrorKind::NotFound => {
            anyhow!("`{path}` is a symbolic link that leads nowhere\nhelp: remove it, or repair its target")
        }
        Some(io) => unreadable(path, io),
        None => anyhow!("cannot read `{path}`: {error}"),
    }
}
