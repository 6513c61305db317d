#!/usr/bin/env python3
"""Runs slosmith and slokit on the same SLOs, and prints time, processor time and peak memory with their ratios."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT, ROUNDS = sys.argv[1], int(sys.argv[2])
WORK = os.environ.get("BENCH_DIR") or tempfile.mkdtemp(prefix="slosmith-bench-")
SLOSMITH = os.path.join(ROOT, "target/release/slosmith")
SLOKIT = os.environ.get("SLOKIT") or shutil.which("slokit")


def generate(files, kind):
    """The folder of a project with `files` times 10 SLOs."""
    project = os.path.join(WORK, "%s-%d" % (kind, files))
    specs = os.path.join(project, "slos")
    script = os.path.join(ROOT, "benches/gen_specs.py")
    subprocess.run([sys.executable, script, str(files), "10", kind, specs], check=True, stdout=subprocess.DEVNULL)
    return project


def measure(command, before=None, rounds=ROUNDS):
    """(seconds, processor seconds, MiB) of the fastest round."""
    best = None
    for _ in range(rounds):
        if before:
            before()
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        if status:
            sys.exit("%s failed: %s" % (" ".join(command), error.decode(errors="replace")[-2000:]))
        row = (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
        best = min(best, row) if best else row
    return best


def row(name, result, base=None):
    ratio = "%8.2f" % (result[0] / base[0]) if base else "        "
    print("%-52s %8.3f s %8.3f s %8.0f MiB %s" % ((name,) + result + (ratio,)), flush=True)
    return result


def main():
    print("%-52s %10s %10s %12s %8s" % ("", "time", "processor", "peak", "ratio"))
    project, out = generate(1000, "slosmith"), os.path.join(WORK, "out")
    clear = lambda: shutil.rmtree(out, ignore_errors=True)
    base = None
    if SLOKIT:
        sloth = os.path.join(generate(1000, "sloth"), "slos")
        def fresh():
            clear()
            os.makedirs(out)
        arguments = os.environ.get("SLOKIT_ARGUMENTS", "generate -i {in} -o {out}/rules.yaml").split()
        command = [SLOKIT] + [part.replace("{in}", sloth).replace("{out}", out) for part in arguments]
        base = row("slokit, 10,000 SLOs, rules alone", measure(command, fresh))
    build = [SLOSMITH, "build", "-C", project, "--output", out]
    row("slosmith, 10,000 SLOs, all outputs, empty folder", measure(build, clear), base)
    row("slosmith, 10,000 SLOs, nothing changed", measure(build), base)
    row("slosmith, 10,000 SLOs, check", measure([SLOSMITH, "check"] + build[2:]), base)
    clear()
    if os.environ.get("LARGE") != "0":
        build[3] = generate(10000, "slosmith")
        row("slosmith, 100,000 SLOs, all outputs, empty folder", measure(build, clear, 1))
        row("slosmith, 100,000 SLOs, nothing changed", measure(build, None, 1))
        clear()
    row("slosmith, the shop, check", measure([SLOSMITH, "check", "-C", ROOT], None, 10))


if __name__ == "__main__":
    main()
