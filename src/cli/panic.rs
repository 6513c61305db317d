//! What users read when slosmith itself is at fault.

use std::io::Write;
use std::panic::{PanicHookInfo, set_hook};

/// Replaces Rust's report of a panic; the exit status stays Rust's own, 101.
pub(crate) fn install() {
    set_hook(Box::new(report));
}

fn report(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = payload.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    // Whoever closed the stream does not want to read this either.
    let _ = writeln!(
        std::io::stderr(),
        "error: this is a bug in slosmith, not in your files: {message}{place}\n  \
         help: report it to the project with this message, the version (slosmith {}), the command line, and if possible \
         the smallest spec that does it",
        env!("CARGO_PKG_VERSION")
    );
}
