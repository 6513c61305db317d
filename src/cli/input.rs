//! A file that the command line names, or standard input.

use std::io::Read;

use anyhow::{Context, Result, bail};

use slosmith::load;
use slosmith::source::SourceFile;

use super::args::Common;

/// Reads a file, or standard input for `-`; `help` says what it should hold.
///
/// # Errors
/// When it cannot be read, is no text, or is too large.
pub(crate) fn text(path: &str, help: &str, common: &Common) -> Result<SourceFile> {
    let file = if path == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        load::text("<stdin>", bytes)
    } else {
        load::spec(&common.directory, path)?
    };
    if file.problem.is_some() {
        bail!("`{}` is no text in UTF-8, or too large\nhelp: {help}", file.path);
    }
    Ok(file)
}
