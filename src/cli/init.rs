//! `slosmith init`: a new project that compiles, with what to change said in comments.

use std::path::Path;

use anyhow::Result;

use slosmith::{load, store};

use super::Outcome;
use super::terminal::Terminal;

/// The project's files.
const FILES: [(&str, &str); 2] = [
    (load::PROJECT_FILE, include_str!("../../templates/init/slosmith.yaml")),
    ("slos/cart.yaml", include_str!("../../templates/init/slos/cart.yaml")),
];

/// Writes the project's files; refuses if one of them is there.
pub(crate) fn init(folder: &Path, terminal: &Terminal) -> Result<Outcome> {
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    store::create(folder, &FILES)?;
    for (path, _) in FILES {
        terminal.line(&format!("created {}", folder.join(path).display()))?;
    }
    let place = if folder.as_os_str().is_empty() { String::new() } else { format!(" -C {}", folder.display()) };
    terminal.line(&format!(
        "\nNext:\n  1. describe one of your services in {}\n  2. slosmith build{place}\n  \
         3. point Prometheus at generated/prometheus/rules/, Grafana at generated/grafana/dashboards/\n  \
         4. say in slosmith.yaml who is told of alerts (`receivers`, `on_call`)",
        folder.join(FILES[1].0).display()
    ))?;
    Ok(Outcome::Fine)
}
