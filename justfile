# Lists the recipes.
default:
    @just --list

# Compiles slos/ into generated/.
build:
    cargo run --release -- build

# Problems and drift, as CI sees them.
check:
    cargo run --release -- check

# Every test; installs promtool and amtool where it can.
test *arguments:
    tests/run {{arguments}}

# Format, lints and documentation.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Writes every expectation of the tests anew: look at the diff before you commit.
update:
    UPDATE=1 INSTA_UPDATE=always cargo test
    cargo run --release -- build

# Speed and memory on 10,000 SLOs.
bench:
    benches/run
