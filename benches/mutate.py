#!/usr/bin/env python3
"""Breaks the shop's generated rules one change at a time, and counts how many of these mutants their generated tests catch.

usage: benches/mutate.py [--every N] [--only TEXT] [--list]     needs promtool; some minutes

Every rule is changed in every way that fits it; `--every N` takes only each Nth mutant, `--only` those whose name has a text.
"""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, namedtuple
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RULES = os.path.join(ROOT, "generated/prometheus/rules")
TESTS = os.path.join(ROOT, "generated/prometheus/tests")

NUMBER = r"(?<![\w.\[:\"])\d+(?:\.\d+)?(?![\w.\"\]%])"
DURATION = r"\[(?:\d+(?:ms|[smhdw]))+(?:\]|:)"
UNITS = {"ms": 1, "s": 1000, "m": 60000, "h": 3600000, "d": 86400000, "w": 604800000}


def millis(text):
    return sum(int(n) * UNITS[u] for n, u in re.findall(r"(\d+)(ms|[smhdw])", text))


def duration(total):
    out = ""
    for unit in ("d", "h", "m", "s", "ms"):
        count, total = divmod(total, UNITS[unit])
        out += "%d%s" % (count, unit) if count else ""
    return out


def occurrences(pattern, text):
    return list(re.finditer(pattern, text))


def replaced(text, match, new):
    return text[:match.start()] + new + text[match.end():]


def expression_mutants(expr):
    """(kind, new expression) of every change to an expression."""
    for m in occurrences(r" (>=|<=|==|!=|>|<) ", expr) + occurrences(r"(?m)^\s*(>=|<=|==|!=|>|<)$", expr):
        flipped = {">": "<", "<": ">", ">=": "<", "<=": ">", "==": "!=", "!=": "=="}[m.group(1)]
        yield "flipped comparison", expr[:m.start(1)] + flipped + expr[m.end(1):]
    for m in occurrences(NUMBER, expr):
        value = float(m.group())
        if value:
            yield "number 10% larger", replaced(expr, m, "%.12g" % (value * 1.1))
            yield "number 10% smaller", replaced(expr, m, "%.12g" % (value * 0.9))
    for m in occurrences(DURATION, expr):
        length, end = millis(m.group()), m.group()[-1]
        yield "window 10% longer", replaced(expr, m, "[%s%s" % (duration(int(length * 1.1) // 1000 * 1000 + 1000), end))
        yield "window 10% shorter", replaced(expr, m, "[%s%s" % (duration(int(length * 0.9) // 1000 * 1000 or 1000), end))
    for m in occurrences(r"\bor on \([^)]*\)\s+slo:events:increase_(?:fast|slow)\{[^}]*\} \* 0", expr):
        yield "lost zero fill", replaced(expr, m, "")
    for m in occurrences(r"(?m)^( *)and$", expr):
        yield "and made or", expr[:m.start()] + m.group(1) + "or" + expr[m.end():]
        yield "and made unless", expr[:m.start()] + m.group(1) + "unless" + expr[m.end():]
    for m in occurrences(r"(?m)^( *)or$", expr):
        yield "or made and", expr[:m.start()] + m.group(1) + "and" + expr[m.end():]
    for old, new in [("sum(", "max("), ("sum by", "max by"), ("max(", "min("), ("min(", "max("), ("avg(", "max("),
                     ("rate(", "delta("), ("sum_over_time(", "avg_over_time("), ("count_over_time(", "sum_over_time("),
                     ("clamp_min(", "clamp_max("), ("clamp_max(", "clamp_min("), ("absent(", "count("), ("time()", "vector(0)"),
                     ("min_over_time(", "max_over_time("), ("histogram_count(", "histogram_sum(")]:
        for m in occurrences(r"(?<!\w)" + re.escape(old), expr):
            yield "%s made %s" % (old.rstrip("( "), new.rstrip("( ")), replaced(expr, m, new)
    for m in occurrences(r" \* | / | - |(?m:^ *[*/-]$)", expr):
        op = m.group().strip()
        new = {"*": "/", "/": "*", "-": "+"}[op]
        yield "operator %s made %s" % (op, new), expr[:m.start()] + m.group().replace(op, new) + expr[m.end():]
    for m in occurrences(r'(=~|!~|!=|=)(?=")', expr):
        new = {"=~": "!~", "!~": "=~", "!=": "=", "=": "!="}[m.group()]
        yield "negated matcher", replaced(expr, m, new)
    for m in occurrences(r"slo:(events|errors):increase_(fast|slow)\{", expr):
        other = "errors" if m.group(1) == "events" else "events"
        yield "swapped events and errors", replaced(expr, m, "slo:%s:increase_%s{" % (other, m.group(2)))
        pace = "slow" if m.group(2) == "fast" else "fast"
        yield "swapped fast and slow", replaced(expr, m, "slo:%s:increase_%s{" % (m.group(1), pace))
    for m in occurrences(r"\}(?=\s*(?:$|[*/+<>)-]|\n))", expr):
        yield "looks 10m back", replaced(expr, m, "} offset 10m")
    for m in occurrences(r"[smhd]\](?=\))", expr):
        yield "looks 10m back", expr[:m.end()] + " offset 10m" + expr[m.end():]


class Rule:
    """A rule as lines of its file."""

    def __init__(self, lines, start, end):
        self.start, self.end = start, end
        self.lines = lines[start:end]
        self.name = self.lines[0].split(": ", 1)[1]
        self.alerts = self.lines[0].startswith("  - alert:")

    def expr(self):
        """(first line, behind the last one, text) of the expression."""
        for i, line in enumerate(self.lines):
            if line.startswith("    expr: |-"):
                j = i + 1
                while j < len(self.lines) and self.lines[j].startswith("      "):
                    j += 1
                return i, j, "\n".join(l[6:] for l in self.lines[i + 1:j])
            if line.startswith("    expr: "):
                text = line[len("    expr: "):]
                if text[0] in "'\"":
                    text = text[1:-1]
                return i, i + 1, text
        raise ValueError(self.name)

    def mutants(self):
        """(kind, new lines, what is changed before and after)"""
        first, behind, text = self.expr()
        seen = {text}
        for kind, new in expression_mutants(text):
            if new not in seen:
                seen.add(new)
                block = ["    expr: |-"] + ["      " + line for line in new.split("\n")]
                yield kind, self.lines[:first] + block + self.lines[behind:], (text, new)
        for i, line in enumerate(self.lines):
            if line.startswith("    for: "):
                yield "dropped for", self.lines[:i] + self.lines[i + 1:], (line, "")
            if line.startswith("    keep_firing_for: "):
                yield "dropped keep_firing_for", self.lines[:i] + self.lines[i + 1:], (line, "")
            for label in ("slo_name", "severity", "slo_alert", "team", "slo_budget_below"):
                if re.search(r"^ {4,6}(labels:.*)?\b%s: " % label, line):
                    new = re.sub(r"(\b%s: )\"?[^,}\"]+\"?" % label, r"\1other", line)
                    yield "wrong label %s" % label, self.lines[:i] + [new] + self.lines[i + 1:], (line, new)


def groups(path):
    """(name, lines, rules) of every group of a file."""
    lines = open(path).read().split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("- name: ")] + [len(lines)]
    for begin, end in zip(starts, starts[1:]):
        own = [l for l in lines[begin:end] if not l.startswith("#")]
        heads = [i for i, l in enumerate(own) if re.match(r"  - (alert|record): ", l)]
        rules = []
        for i, head in enumerate(heads):
            tail = heads[i + 1] if i + 1 < len(heads) else len(own)
            rules.append(Rule(own, head, tail))
        yield lines[begin][len("- name: "):].strip('"'), own, rules


def units():
    """(service, what, groups of rules that are tested together)"""
    for name in sorted(os.listdir(RULES)):
        service = name[:-len(".yaml")]
        pairs = {}
        for group, lines, rules in groups(os.path.join(RULES, name)):
            what = re.sub(r"-(fast|slow)$", "", group)
            pairs.setdefault(what, []).append((group, lines, rules))
        for what, own in pairs.items():
            yield service, what, own


def tests_of(service, what, names):
    """The test files that are about these groups, cut down to them."""
    cut = []
    for name in sorted(os.listdir(TESTS)):
        if not re.match(re.escape(service) + r"(_alerts|_limits|_blocks|_\d\w*)*_test\.yaml$", name):
            continue
        is_causes = what.startswith("alerts-")
        if is_causes != ("_alerts" in name):
            continue
        text = open(os.path.join(TESTS, name)).read()
        head, _, body = text.partition("\ntests:\n")
        tests = re.split(r"(?m)^(?=- name: )", body)[1:]
        if not is_causes:
            slo = what[len("slo-%s-" % service):]
            tests = [t for t in tests if t.startswith('- name: "%s/%s: ' % (service, slo))]
        head = re.sub(r"(?m)^- (?!.*(%s)\"?$).*\n?" % "|".join(map(re.escape, names)), "", head + "\n")
        head = re.sub(r"rule_files: .*", "rule_files: [rules.yaml]", head)
        if tests:
            cut.append((name, head.rstrip("\n") + "\ntests:\n" + "".join(tests)))
    return cut


def promtool(rules, tests):
    """What the first failing test file says; nothing if all pass."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rules.yaml"), "w") as out:
            out.write(rules)
        for name, text in tests:
            with open(os.path.join(folder, name), "w") as out:
                out.write(text)
            try:
                run = subprocess.run(["promtool", "test", "rules", name], cwd=folder, capture_output=True, text=True, timeout=300)
            except subprocess.TimeoutExpired:
                return "timeout"
            if run.returncode:
                return run.stdout + run.stderr
    return None


def is_valid(rules):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rules.yaml"), "w") as out:
            out.write(rules)
        return subprocess.run(["promtool", "check", "rules", "rules.yaml"], cwd=folder, capture_output=True).returncode == 0


def file_of(own):
    return "groups:\n" + "\n".join("\n".join(lines).rstrip() for _, lines, _ in own) + "\n"


Mutant = namedtuple("Mutant", "name kind rules tests difference equivalence")

# Where a series is only asked whether it is there, at which times, or how often: before it, and behind it.
PRESENCE = [(r"count_over_time\($", ""), (r"absent\($", ""), (r"", r"^ \* 0\b")]


def equivalence(rule, group, kind, old, new):
    """Why a mutant does the same as the original; nothing if it does not."""
    begin = len(os.path.commonprefix([old, new]))
    if kind == "swapped events and errors":
        start = old.rfind("slo:", 0, begin + 1)
        end = old.index("}", start) + 1
        seen = any(re.search(before, old[:start]) and re.search(behind, old[end:]) for before, behind in PRESENCE)
        # Within a rule of errors its events are there already, and the errors are not yet.
        recorded = rule.name.startswith("slo:errors:") and "_slow" in old[start:end]
        if seen and not recorded:
            return "events and errors are recorded at the same times"
    window = next((m for m in occurrences(DURATION, old) if m.start() < begin < m.end()), None)
    if kind.startswith("window") and window and window.group().endswith("]"):
        selector = re.search(r"slo:(?:events|errors):increase_slow\{[^}]*\}$", old[:window.start()])
        length = re.match(DURATION, new[window.start():])
        blocks = lambda text: (millis(text) - 1) // 240000
        if selector and group.endswith("-slow") and length and millis(window.group()) % 240000 and millis(length.group()) % 240000:
            if 0 < blocks(window.group()) == blocks(length.group()):
                return "the range holds the same slow blocks of the own group"
    if kind.startswith("number") and re.search(r">= $", old[:old.rfind(" ", 0, begin + 1) + 1]):
        number = lambda text: float(re.match(NUMBER, text[text.rfind(" ", 0, begin + 1) + 1:]).group())
        if "count_over_time(" in old.split("\n")[old[:begin].count("\n")] and math.ceil(number(old)) == math.ceil(number(new)):
            return "a count is whole"
    return None


def difference(old, new):
    """What differs between two texts, with some of what is around it."""
    begin = len(os.path.commonprefix([old, new]))
    end = len(os.path.commonprefix([old[begin:][::-1], new[begin:][::-1]]))
    shown = lambda text: " ".join(text[max(0, begin - 40):len(text) - max(0, end - 20)].split())
    return "%s  ->  %s" % (shown(old), shown(new))


def all_mutants():
    for service, what, own in units():
        tests = tests_of(service, what, [group for group, _, _ in own])
        if not tests:
            continue
        for index, (group, lines, rules) in enumerate(own):
            for rule in rules:
                for kind, new, change in rule.mutants():
                    changed = lines[:rule.start] + new + lines[rule.end:]
                    text = file_of(own[:index] + [(group, changed, rules)] + own[index + 1:])
                    name = "%s: %s: %s" % (group, rule.name, kind)
                    yield Mutant(name, kind, text, tests, difference(*change), equivalence(rule, group, kind, *change))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    mutants = [m for m in all_mutants() if options.only in m.name][::options.every]
    if options.list:
        print("\n".join("%s: %s%s" % (m.name, m.difference, " (%s)" % m.equivalence if m.equivalence else "") for m in mutants))
        return
    total, caught, invalid, equivalents, survived, kinds = 0, Counter(), 0, Counter(), 0, Counter()

    def judge(mutant):
        if not is_valid(mutant.rules):
            return mutant, "invalid"
        return mutant, "caught" if promtool(mutant.rules, mutant.tests) else "survived"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, verdict in pool.map(judge, mutants):
            if verdict == "invalid":
                invalid += 1
            elif verdict == "survived" and mutant.equivalence:
                equivalents[mutant.equivalence] += 1
            else:
                total += 1
                kinds[mutant.kind] += 1
                if verdict == "caught":
                    caught[mutant.kind] += 1
                else:
                    print("survived: %s\n          %s" % (mutant.name, mutant.difference), flush=True)
    print()
    for kind, count in sorted(kinds.items()):
        print("%-40s %4d of %4d" % (kind, caught[kind], count))
    for why, count in sorted(equivalents.items()):
        print("%4d do the same as the original: %s" % (count, why))
    share = 100.0 * sum(caught.values()) / max(total, 1)
    print("%-40s %4d of %4d, %.1f%%; %d more are no valid rules" % ("caught", sum(caught.values()), total, share, invalid))


if __name__ == "__main__":
    sys.exit(main())
