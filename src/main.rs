//! Hands the command line to `cli`, and its answer to the shell.

mod cli;

use mimalloc::MiMalloc;

/// The allocator of the whole binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
