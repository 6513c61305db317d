#!/usr/bin/env python3
"""Runs slosmith and slokit on the same SLOs, and prints time, processor time and peak memory with their ratios."""
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT, ROUNDS = sys.argv[1], int(sys.argv[2])
WORK = tempfile.mkdtemp(prefix="slosmith-bench-", dir=os.environ.get("BENCH_DIR"))
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


def fresh_folders(name):
    """New folders, one after the other: ext4 takes longer to create files where thousands have just been deleted."""
    for number in itertools.count():
        yield os.path.join(WORK, "%s-%d" % (name, number))


def slosmith(name, project, base=None, rounds=ROUNDS):
    """Rows of a project: into an empty folder, then with nothing changed, without and with what the cache remembers."""
    cache, folders = os.path.join(WORK, "cache"), fresh_folders("out")
    forget = lambda: shutil.rmtree(cache, ignore_errors=True)
    command = lambda word, out: [SLOSMITH, word, "-C", project, "--output", out, "--cache-dir", cache]
    builds = []
    for _ in range(rounds):
        out = next(folders)
        builds.append(measure(command("build", out), forget, 1))
    row(name + ", all outputs, empty folder", min(builds), base)
    for word, title in (("build", "nothing changed"), ("check", "check")):
        row("%s, %s, compiled" % (name, title), measure(command(word, out), forget, rounds), base)
        row("%s, %s, remembered" % (name, title), measure(command(word, out), None, rounds), base)


def main():
    print("%-52s %10s %10s %12s %8s" % ("", "time", "processor", "peak", "ratio"))
    base = None
    if SLOKIT:
        sloth = os.path.join(generate(1000, "sloth"), "slos")
        arguments = os.environ.get("SLOKIT_ARGUMENTS", "generate -i {in} -o {out}/rules.yaml").split()
        rounds = []
        for out in itertools.islice(fresh_folders("slokit"), ROUNDS):
            os.makedirs(out)
            rounds.append(measure([SLOKIT] + [part.replace("{in}", sloth).replace("{out}", out) for part in arguments], None, 1))
        base = row("slokit, 10,000 SLOs, rules alone", min(rounds))
    project = generate(1000, "slosmith")
    settings = os.path.join(project, "slosmith.yaml")
    with open(settings, "w") as file:
        file.write("apiVersion: slosmith/v1\ntargets: {tests: off}\n")
    slosmith("10,000 SLOs", project, base)
    os.remove(settings)
    slosmith("with tests", project, base)
    if os.environ.get("LARGE") != "0":
        slosmith("100,000 SLOs", generate(10000, "slosmith"), None, 1)
    check = [SLOSMITH, "check", "-C", ROOT, "--no-cache"]
    row("the shop, check, compiled", measure(check, None, 10))
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
