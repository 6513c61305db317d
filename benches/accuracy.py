#!/usr/bin/env python3
"""Measures what the rules of an SLO cost a Prometheus, how exact they are and how soon they page, beside rules written as Sloth
and as Pyrra publish them for the same SLO.

usage: benches/accuracy.py [cost] [truth] [--series N] [--days D] [--prometheus PATH] [--promtool PATH] [--port P]

cost     D days (1) of N raw series (1000), scraped every 15s; every rule is queried once, and its samples and its time are
         multiplied by how often it is evaluated. What reads more than D days of raw data is read over D days and scaled.
truth    30 days of 20 raw series with incidents, restarts, an idle hour and a gap of Prometheus; every rule is queried at each
         of its evaluations, and what it records is written back, in the order in which the rules run.

Needs Prometheus (2.42 or later), and slosmith in target/release or target/debug; SLOSMITH names another. Takes some minutes.
"""
import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCRAPE, PERIOD, DAY = 15, 30 * 86400, 86400
SPEC = """apiVersion: slosmith/v1
service: api
defaults: {scrape_interval: 15s}
slos:
- {name: availability, target: 99.9%, sli: {total: 'http_requests_total{job="api"}', bad_when: 'code=~"5.."'}}
"""
TOTAL, BAD = 'http_requests_total{job="api"}', 'http_requests_total{job="api",code=~"5.."}'


# Rules: {set: [(interval, [rule])]}, each rule as in a rule file.

def seconds(text):
    units, total, number = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}, 0, ""
    while text:
        digits = len(text) - len(text.lstrip("0123456789"))
        number, text = text[:digits], text[digits:]
        letters = len(text) - len(text.lstrip("mshdw"))
        total, text = total + int(number) * units[text[:letters]], text[letters:]
    return total


def duration(total):
    text = ""
    for unit, length in (("d", DAY), ("h", 3600), ("m", 60), ("s", 1)):
        count, total = divmod(int(total), length)
        text += "%d%s" % (count, unit) if count else ""
    return text


def ours(work):
    binary = os.environ.get("SLOSMITH") or next(
        (path for path in (os.path.join(ROOT, "target", kind, "slosmith") for kind in ("release", "debug"))
         if os.path.exists(path)), None)
    if not binary:
        sys.exit("no slosmith in target: cargo build --release")
    project = os.path.join(work, "project")
    os.makedirs(os.path.join(project, "slos"))
    with open(os.path.join(project, "slos/api.yaml"), "w") as file:
        file.write(SPEC)
    subprocess.run([binary, "build", "-C", project], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(project, "generated/prometheus/rules/api.yaml")) as file:
        groups = yaml.safe_load(file)["groups"]
    return [(int(seconds(group["interval"])), group["rules"]) for group in groups]


def sloth():
    """github.com/slok/sloth, examples/_gen/getting-started.yml; evaluated every 30s, as its groups have no interval of their own."""
    own = {"sloth_id": "api-availability", "sloth_service": "api", "sloth_slo": "availability"}
    series = lambda name: '%s{sloth_id="api-availability", sloth_service="api", sloth_slo="availability"}' % name
    rules = [{"record": "slo:sli_error:ratio_rate" + w, "labels": dict(own, sloth_window=w),
              "expr": "(sum(rate(%s[%s])))\n/\n(sum(rate(%s[%s])))" % (BAD, w, TOTAL, w)}
             for w in ("5m", "30m", "1h", "2h", "6h", "1d", "3d")]
    short = series("slo:sli_error:ratio_rate5m")
    rules.append({"record": "slo:sli_error:ratio_rate30d", "labels": dict(own, sloth_window="30d"),
                  "expr": "sum_over_time(%s[30d])\n/ ignoring (sloth_window)\ncount_over_time(%s[30d])" % (short, short)})
    budget = series("slo:error_budget:ratio")
    joined = "%s / on(sloth_id, sloth_slo, sloth_service) group_left " + budget
    rules += [{"record": name, "labels": own, "expr": expr} for name, expr in (
        ("slo:objective:ratio", "vector(0.999)"), ("slo:error_budget:ratio", "vector(1-0.999)"),
        ("slo:time_period:days", "vector(30)"), ("slo:current_burn_rate:ratio", joined % short),
        ("slo:period_burn_rate:ratio", joined % series("slo:sli_error:ratio_rate30d")),
        ("slo:period_error_budget_remaining:ratio", "1 - " + series("slo:period_burn_rate:ratio")),
        ("sloth_slo_info", "vector(1)"))]
    tier = lambda short, long, factor: "(max(%s > (%s * 0.001)) without (sloth_window) and max(%s > (%s * 0.001)) without (sloth_window))" % (
        series("slo:sli_error:ratio_rate" + short), factor, series("slo:sli_error:ratio_rate" + long), factor)
    rules += [{"alert": name, "labels": {}, "expr": " or ".join(tier(*row) for row in rows)} for name, rows in (
        ("page", [("5m", "1h", "14.4"), ("30m", "6h", "6")]), ("ticket", [("2h", "1d", "3"), ("6h", "3d", "1")]))]
    return [(30, rules)]


def pyrra():
    """github.com/pyrra-dev/pyrra, slo/rules.go: windows are shares of the period, 28 of whose days they were made for."""
    length = lambda share: duration(round(PERIOD / share / 60) * 60)
    windows = [(14, length(28 * 24), length(28 * 24 * 12), length(28 * 24 * 30)),
               (7, length(28 * 4), length(28 * 24 * 2), length(28 * 24 * 4)),
               (2, length(28), length(28 * 12), length(28 * 24)),
               (1, length(7), length(28 * 4), length(28 * 8))]
    own = {"job": "api", "slo": "api-availability"}
    rates = sorted({window for row in windows for window in row[1:3]}, key=seconds)
    burn = [{"record": "http_requests:burnrate" + w, "labels": own,
             "expr": "sum(rate(%s[%s])) / sum(rate(%s[%s]))" % (BAD, w, TOTAL, w)} for w in rates]
    burn += [{"alert": "page" if factor > 2 else "ticket", "for": wait, "labels": {"long": long}, "expr":
              'http_requests:burnrate%s{job="api",slo="api-availability"} > (%d * (1-0.999)) and '
              'http_requests:burnrate%s{job="api",slo="api-availability"} > (%d * (1-0.999))' % (short, factor, long, factor)}
             for factor, long, short, wait in windows]
    whole = [{"record": "http_requests:increase30d", "labels": own, "expr": "sum by (code) (increase(%s[30d]))" % TOTAL},
             {"alert": "absent", "labels": own, "expr": "absent(%s) == 1" % TOTAL}]
    increase = 'http_requests:increase30d{job="api",slo="api-availability"%s}'
    generic = [{"record": name, "labels": own, "expr": expr} for name, expr in (
        ("pyrra_objective", "0.999"), ("pyrra_window", str(PERIOD)),
        ("pyrra_availability", "1 - sum(%s or vector(0)) / sum(%s)" % (increase % ',code=~"5.."', increase % "")),
        ("pyrra_requests_total", "sum(%s)" % TOTAL), ("pyrra_errors_total", "sum(%s or vector(0))" % BAD))]
    return [(30, burn), (150, whole), (30, generic)]


# A Prometheus with a folder of its own.

class Server:
    def __init__(self, options, folder):
        self.address, self.folder = "127.0.0.1:%d" % options.port, folder
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w") as file:
            file.write("global: {scrape_interval: 15s}\nstorage: {tsdb: {out_of_order_time_window: 60d}}\n")
        self.log = open(os.path.join(folder, "log"), "w")
        self.process = subprocess.Popen(
            ["nice", "-n", "19", options.prometheus, "--config.file=" + config, "--storage.tsdb.path=" + os.path.join(folder, "data"),
             "--storage.tsdb.retention.time=3650d", "--web.listen-address=" + self.address, "--web.enable-remote-write-receiver",
             "--query.max-samples=500000000", "--query.timeout=20m"], stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                urllib.request.urlopen("http://%s/-/ready" % self.address).read()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        sys.exit("prometheus does not start: see " + self.log.name)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def ask(self, path, **query):
        body = urllib.parse.urlencode(query).encode()
        for attempt in range(50):
            try:
                with urllib.request.urlopen("http://%s/api/v1/%s" % (self.address, path), body) as answer:
                    return json.load(answer)["data"]
            except urllib.error.HTTPError as error:
                text = error.read().decode()
                # Prometheus 2.42 loses sight of samples that came late while it moves them into blocks.
                if "cannot populate chunk" not in text or attempt == 49:
                    sys.exit("%s: %s" % (query, text))
                time.sleep(1)

    def vector(self, expr, at):
        """[(labels, value)]"""
        return [(row["metric"], float(row["value"][1])) for row in self.ask("query", query=expr, time=at)["result"]]

    def replay(self, expr, start, end, step):
        """{labels: [(time, value)]} of every evaluation from start to end."""
        found = {}
        for begin in range(start, end + 1, step * 10000):
            last = min(end, begin + step * 9999)
            for row in self.ask("query_range", query=expr, start=begin, end=last, step=step)["result"]:
                found.setdefault(tuple(sorted(row["metric"].items())), []).extend((int(t), float(v)) for t, v in row["values"])
        return found

    def write(self, series):
        """Writes {labels: [(time in s, value)]}, by remote write."""
        batch, size = [], 0
        for labels, samples in series.items():
            for first in range(0, len(samples), 5000):
                part = samples[first:first + 5000]
                text = b"".join(field(1, field(1, k.encode()) + field(2, v.encode())) for k, v in sorted(labels))
                text += b"".join(b"\x12\x10\x09" + struct.pack("<d", value) + b"\x10" + varint(int(at * 1000)) for at, value in part)
                batch.append(field(1, text))
                size += len(part)
                if size > 50000:
                    self.post(batch)
                    batch, size = [], 0
        if batch:
            self.post(batch)

    def post(self, batch):
        text = b"".join(batch)
        # Snappy with nothing but literals.
        packed = varint(len(text))
        for first in range(0, len(text), 65536):
            part = text[first:first + 65536]
            packed += b"\xf4" + struct.pack("<H", len(part) - 1) + part
        request = urllib.request.Request("http://%s/api/v1/write" % self.address, packed, {
            "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf", "X-Prometheus-Remote-Write-Version": "0.1.0"})
        try:
            urllib.request.urlopen(request).read()
        except urllib.error.HTTPError as error:
            sys.exit("remote write: " + error.read().decode())


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


# What the rules cost.

def blocks(options, data, start, end, recorded):
    """Writes N raw series, a quarter of them errors, scraped every 15s from start to end, and recorded ones: {labels: (from, interval)}."""
    text = os.path.join(data, "..", "series.om")
    names = ['http_requests_total{job="api",instance="i%d",code="%s"} ' % (number // 4, code)
             for number, code in enumerate(["200", "201", "404", "500"] * (options.series // 4))]
    families = {}
    for labels, rest in recorded.items():
        labels = dict(labels)
        name = labels.pop("__name__")
        text_labels = ",".join('%s="%s"' % label for label in labels.items())
        families.setdefault(name, []).append(("%s{%s} 0.001" % (name, text_labels),) + rest)
    first = min(start, min(begin for begin, _ in recorded.values()))
    begin = first - first % 7200
    while begin <= end:
        # promtool reads a file as often as it has blocks of 2h.
        until = begin + (7200 if begin + DAY > start else DAY)
        times = range(max(start, begin), min(end, until), SCRAPE)
        with open(text, "w") as file:
            if times:
                file.write("# TYPE http_requests counter\n")
            for number, name in enumerate(names if times else []):
                phase = number * 7919 % 15000 / 1000
                file.write("".join("%s%d %.3f\n" % (name, (at - start) * (2 + number % 3), at + phase) for at in times))
            for name, lines in families.items():
                file.write("# TYPE %s gauge\n" % name)
                for line, since, interval in lines:
                    since = max(since, begin + (since - begin) % interval)
                    file.write("".join("%s %d\n" % (line, at) for at in range(since, min(end + 1, until), interval)))
            file.write("# EOF\n")
        subprocess.run(["nice", "-n", "19", options.promtool, "tsdb", "create-blocks-from", "openmetrics", text, data], check=True,
                       stdout=subprocess.DEVNULL)
        begin = until
    os.remove(text)


def scaled(expr, days):
    """(expression without ranges of raw data above so many days, factor)"""
    for selector in (TOTAL, BAD):
        for range_ in ("30d", "4d6h51m", "3d", "1d1h43m", "1d"):
            if "%s[%s]" % (selector, range_) in expr and seconds(range_) > days * DAY:
                replaced, factor = scaled(expr.replace("%s[%s]" % (selector, range_), "%s[%s]" % (selector, duration(days * DAY))), days)
                return replaced, max(factor, seconds(range_) / (days * DAY))
    return expr, 1


def cost(options, sets, folder):
    start = int(time.time()) // 7200 * 7200 - int(options.days * DAY) - 600
    end = start + int(options.days * DAY) + 600
    data = os.path.join(folder, "data")
    recorded = {}
    for interval, rule in ((interval, rule) for groups in sets.values() for interval, rules in groups for rule in rules):
        if "record" in rule:
            reach = PERIOD if rule["record"].endswith(("ratio_rate5m", "increase_slow")) else DAY // 2
            for extra in ({"code": c} for c in ("200", "201", "404", "500")) if "by (code)" in rule["expr"] else ({},):
                labels = dict(rule["labels"], __name__=rule["record"], **extra)
                recorded[tuple(labels.items())] = (end - reach // interval * interval, interval)
    blocks(options, data, start, end, recorded)
    server = Server(options, folder)
    rows = []
    for name, groups in sets.items():
        for interval, rules in groups:
            for rule in rules:
                expr, factor = scaled(rule["expr"], options.days)
                times = []
                for _ in range(3):
                    stats = server.ask("query", query=expr, time=end, stats="all")["stats"]
                    times.append(stats["timings"]["execTotalTime"])
                per_hour = 3600 / interval
                rows.append((name, rule.get("record") or rule["alert"], stats["samples"]["totalQueryableSamples"] * factor * per_hour,
                             min(times) * factor * per_hour))
    server.stop()
    print("\n%d raw series, per hour%30s %12s" % (options.series, "samples", "seconds"))
    totals = {}
    for name, rule, samples, spent in rows:
        total = totals.setdefault(name, [0, 0])
        total[0] += samples
        total[1] += spent
        if options.verbose:
            print("  %-6s %-44s %12d %10.2f" % (name, rule, samples, spent))
    base = totals["ours"]
    for name, (samples, spent) in totals.items():
        print("%-6s %46d %12.2f   %6.0f times the samples, %5.0f times the time" % (name, samples, spent, samples / base[0], spent / base[1]))
    parts(rows)


def parts(rows):
    """What the parts of ours cost."""
    kinds = {}
    for name, rule, samples, spent in rows:
        if name == "ours":
            kind = ("blocks" if ":increase_" in rule else "elapsed" if "elapsed" in rule else "windows" if "ratio_rate" in rule
                    else "alerts" if rule.startswith("SLO") else "others")
            total = kinds.setdefault(kind, [0, 0])
            total[0] += samples
            total[1] += spent
    for kind, (samples, spent) in kinds.items():
        print("  %-10s %40d %12.2f" % (kind, samples, spent))


# How exact and how soon.

INSTANCES = 10


def events(start):
    """({labels: [(time, value)]}, true ratio, incidents, gap): 30 days and an hour of traffic with all that can go wrong."""
    dice = random.Random(7)
    incidents, at = [], start + 3 * DAY
    for _ in range(6):
        for share, length in ((1.0, 600), (0.1, 2400), (0.02, 7200)):
            incidents.append((at + dice.randrange(3600), length, share))
            at += 86400 + 40000
    idle, gap = (start + 2 * DAY, start + 2 * DAY + 3600), (start + 12 * DAY + 7, start + 12 * DAY + 607)
    ends = start + PERIOD + 3600
    good_total = bad_total = 0
    series = {}
    failing = [(begin, begin + length, share) for begin, length, share in incidents]
    for number in range(INSTANCES):
        phase, good, bad = number * 1.37 % 15, 1000 * number, 0
        restarts = {start + dice.randrange(PERIOD) for _ in range(3)}
        lines = [[], []]
        last = start
        place = 0
        for tick in range(start, ends, SCRAPE):
            at = tick + phase
            # Two parts where an incident begins or ends between scrapes.
            while place < len(failing) and failing[place][1] <= last:
                place += 1
            share = 0.0002
            if place < len(failing):
                begin, end, failed = failing[place]
                overlap = max(0, min(at, end) - max(last, begin)) / (at - last) if at > last else 0
                share += failed * overlap * (1 - 0.0002)
            day = tick % DAY / DAY
            rate = 0 if idle[0] <= tick < idle[1] else (20 + 15 * (1 - abs(2 * day - 1))) * (at - last)
            count = int(rate + dice.random()) if rate else 0
            failed = sum(dice.random() < share for _ in range(count)) if 0.001 < share < 0.5 else 0
            if share >= 0.5:
                failed = round(count * share)
            elif share <= 0.001:
                failed = int(count * share + dice.random())
            if restarts and any(last < r <= at for r in restarts):
                good = bad = 0
            good, bad = good + count - failed, bad + failed
            if start + 3600 < at:
                good_total, bad_total = good_total + count - failed, bad_total + failed
            if not gap[0] <= at < gap[1]:
                lines[0].append((at, good))
                lines[1].append((at, bad))
            last = at
        for code, samples in zip(("200", "500"), lines):
            series[(("__name__", "http_requests_total"), ("code", code), ("instance", "i%d" % number), ("job", "api"))] = samples
    return series, bad_total / (good_total + bad_total), incidents, gap


def named(rule, found):
    """What a rule records."""
    series = {}
    for labels, samples in found.items():
        labels = dict(dict(labels), **rule["labels"], __name__=rule["record"])
        series.setdefault(tuple(sorted(labels.items())), []).extend(samples)
    return {labels: sorted(samples) for labels, samples in series.items()}


def truth(options, sets, folder):
    start = int(time.time()) // 7200 * 7200 - PERIOD - 7200
    end = start + PERIOD + 3540
    series, ratio, incidents, gap = events(start)
    server = Server(options, folder)
    for first in range(0, max(map(len, series.values())), 4000):
        server.write({labels: samples[first:first + 4000] for labels, samples in series.items()})
    kept = lambda found: {labels: [row for row in rows if not gap[0] <= row[0] < gap[1]] for labels, rows in found.items()}
    # Groups are evaluated at moments of their own.
    moment = {"ours": 11, "sloth": 17, "pyrra": 23}
    detected = {}
    spans = [(begin - 120, begin + length + 300) for begin, length, _ in incidents]
    results = {}
    for name, groups in sets.items():
        at = lambda t, interval: start + (t - start) // interval * interval + moment[name]
        if name == "ours":
            (fast, fast_rules), (slow, slow_rules) = groups
            for rule in fast_rules[:2]:
                server.write(named(rule, kept(server.replay(rule["expr"], at(start, fast), at(end, fast), fast))))
            for t in range(at(start, slow), at(end, slow) + 1, slow):
                if not gap[0] <= t < gap[1]:
                    for rule in slow_rules[:2]:
                        rows = server.vector(rule["expr"], t)
                        server.write(named(rule, {tuple(labels.items()): [(t, value)] for labels, value in rows}))
            last = at(end, slow)
            rule = next(rule for rule in slow_rules if rule.get("record", "").endswith("ratio_rate30d"))
            results[name] = server.vector(rule["expr"], last)
        elif name == "sloth":
            rule = groups[0][1][0]
            server.write(named(rule, kept(server.replay(rule["expr"], at(start, 30), at(end, 30), 30))))
            rule = next(rule for rule in groups[0][1] if rule["record"].endswith("ratio_rate30d"))
            results[name] = server.vector(rule["expr"], at(end, 30))
            short = rule["expr"].split("(")[1].split("[")[0]
            results["sloth, without NaN"] = server.vector("avg_over_time((%s >= 0)[30d:30s])" % short, at(end, 30))
        else:
            rule = groups[1][1][0]
            found = server.vector(rule["expr"], at(end, 150))
            bad = sum(value for labels, value in found if labels["code"].startswith("5"))
            results[name] = [({}, bad / sum(value for _, value in found))]
        for interval, rules in groups:
            alerts = [rule for rule in rules if rule.get("alert", "") in ("page", "SLOErrorBudgetBurnPage")]
            if not alerts:
                continue
            wanted = [rule for rule in rules if "record" in rule and ":increase_" not in rule["record"]
                      and any(rule["record"] + "{" in alert["expr"] for alert in alerts)]
            for (begin, length, share), (first, last) in zip(incidents, spans):
                steps = at(first, interval), at(last, interval), interval
                for rule in wanted:
                    server.write(named(rule, server.replay(rule["expr"], *steps)))
                fires = []
                for alert in alerts:
                    held = [t for rows in server.replay(alert["expr"], *steps).values() for t, _ in rows if t >= begin]
                    wait = seconds(alert.get("for", ""))
                    runs = [t for t in held if all(t + s in held for s in range(0, int(wait) + 1, interval))]
                    fires += [min(runs) + wait - begin] if runs else []
                detected.setdefault(name, {}).setdefault(share, []).append(min(fires) if fires else None)
    server.stop()
    print("\ntrue error ratio of 30d: %.6f%%" % (100 * ratio))
    for name, found in results.items():
        value = found[0][1] if found else float("nan")
        print("%-20s %.6f%%   off by %+.4f%%" % (name, 100 * value, 100 * (value / ratio - 1)))
    print("\nseconds until a page: mean (worst) of %d incidents" % (len(incidents) // 3))
    for name, found in detected.items():
        cells = []
        for share, times in sorted(found.items(), reverse=True):
            seen = [t for t in times if t is not None]
            cells.append("%3.0f%%: %s" % (100 * share, "%5.0f (%d), %d of %d" % (sum(seen) / len(seen), max(seen), len(seen), len(times)) if seen else "never"))
        print("%-20s %s" % (name, "   ".join(cells)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("parts", nargs="*", default=["cost", "truth"])
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--days", type=float, default=1)
    parser.add_argument("--prometheus", default="prometheus")
    parser.add_argument("--promtool", default="promtool")
    parser.add_argument("--port", type=int, default=20790)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    version = subprocess.run([options.prometheus, "--version"], capture_output=True, text=True)
    print((version.stdout + version.stderr).split("\n")[0])
    work = tempfile.mkdtemp(prefix="slosmith-accuracy-", dir=os.environ.get("BENCH_DIR"))
    try:
        sets = {"ours": ours(work), "sloth": sloth(), "pyrra": pyrra()}
        for part in options.parts:
            folder = os.path.join(work, part)
            os.makedirs(os.path.join(folder, "data"))
            {"cost": cost, "truth": truth}[part](options, sets, folder)
    finally:
        shutil.rmtree(work)


main()
