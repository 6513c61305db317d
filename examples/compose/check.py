"""Breaks the shop that run-local started, and sees who is told what, how soon, and that nobody else is told anything.

Usage: check.py PORT [--resolve]. Without --resolve, the page of the cause alert resolves, and that of the SLO is seen to arrive.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
PORT = int(sys.argv[1])
RESOLVE = "--resolve" in sys.argv[2:]
SHOP, WEBHOOK, PROMETHEUS, ALERTMANAGER = (f"http://127.0.0.1:{PORT + offset}" for offset in range(4))

# What Alertmanager adds: it waits for the rest of a group, and tells of changes to one no more often than this.
GROUP_WAIT = 30
GROUP_INTERVAL = 300
# What lies between a request that fails and a rule that sees it: the end of a block, a scrape, an evaluation, sending.
EVALUATION = 30
SLACK = 15

BACKEND = ("SLOErrorBudgetBurnPage", "backend", "availability")
GATEWAY = ("GatewayDown", "api-gateway", None)


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def send(method, path):
    request = urllib.request.Request(SHOP + path, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def query(expression):
    url = f"{PROMETHEUS}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
    return json.loads(get(url))["data"]["result"]


def wait(what, seconds, found):
    """The first true answer, or the end of the run."""
    started = time.time()
    while time.time() - started < seconds:
        try:
            answer = found()
        except (OSError, KeyError, ValueError):
            answer = None
        if answer:
            return answer
        time.sleep(1)
    sys.exit(f"check: {what}: not within {seconds:.0f} s")


def received():
    """Alerts that the webhook got: when, receiver, firing or resolved, labels and annotations."""
    found = []
    for line in get(f"{WEBHOOK}/received").splitlines():
        entry = json.loads(line)
        for alert in entry["notification"]["alerts"]:
            found.append((entry["at"], entry["receiver"], alert["status"], alert["labels"], alert["annotations"]))
    return found


def name(labels):
    return (labels["alertname"], labels.get("slo_service"), labels.get("slo_name"))


def told(wanted, status):
    return lambda: next((alert for alert in received() if name(alert[3]) == wanted and alert[2] == status), None)


def predicted(slo):
    """How soon the rules notice a total outage of an SLO, by slosmith's own word, in seconds."""
    command = [os.environ["SLOSMITH"], "show", slo, "--requests", "25/s", "--format", "json", "-C", str(HERE)]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    total = next(rate for rate in shown["targets"][0]["error_rates"] if rate["error_ratio"] == 1)
    return total["page"]["after_seconds"]


def links_work(alert):
    """The runbook is there, with the place that the link names; the dashboard is one that was generated."""
    annotations = alert[4]
    page, _, anchor = annotations["runbook_url"].partition("#")
    if f'id="{anchor}"' not in get(page):
        sys.exit(f"check: {annotations['runbook_url']}: no such place on the page")
    if "dashboard_url" in annotations:
        uid = re.search(r"/d/([^/?]+)", annotations["dashboard_url"]).group(1)
        boards = (HERE / "generated/grafana/dashboards").rglob("*.json")
        if not any(json.loads(board.read_text())["uid"] == uid for board in boards):
            sys.exit(f"check: no board {uid}")


def only(expected):
    """Nothing was told but what is expected, and nothing else that pages has fired."""
    others = {name(alert[3]) for alert in received()} - set(expected)
    if others:
        sys.exit(f"check: the webhook got {sorted(map(str, others))} as well")
    fired = query('max_over_time(ALERTS{alertstate="firing",slo_alert="page"}[30m])')
    others = {name(series["metric"]) for series in fired} - set(expected)
    if others:
        sys.exit(f"check: {sorted(map(str, others))} fired as well")


def say(text):
    print(f"check: {time.time() - STARTED:4.0f} s: {text}", flush=True)


STARTED = time.time()
wait("everything is up", 60, lambda: len(query("up == 1")) == 5)
wait("the rules record", 150, lambda: query('count_over_time(slo:events:increase_fast{slo_id="backend-availability"}[5m]) >= 2'))
only([])
say("healthy, and nobody was told anything")

broken = time.time()
send("POST", "/fault?service=backend&errors=100%25")
send("POST", "/fault?service=api-gateway&down=true")
soon = predicted("backend/availability")
say(f"broken; the rules should notice failures after {soon:.0f} s")

wait("the SLO's alert", soon + 2 * EVALUATION + SLACK, lambda: query('ALERTS{alertname="SLOErrorBudgetBurnPage",alertstate="firing"}'))
say(f"the SLO's alert fires {time.time() - broken:.0f} s after the first failure")
# A longer outage would be an incident of the slower windows, too, and take longer to resolve.
send("DELETE", "/fault?service=backend")
mended_backend = time.time()

page = wait("the page of the SLO", GROUP_WAIT + SLACK, told(BACKEND, "firing"))
say(f"paged for backend/availability {page[0] - broken:.0f} s after the first failure")
cause = wait("the page of the cause alert", 60 + 2 * EVALUATION + GROUP_WAIT + SLACK, told(GATEWAY, "firing"))
say(f"paged for the gateway {cause[0] - broken:.0f} s after it went down")
for alert in (page, cause):
    links_work(alert)
    if alert[1] != "pager":
        sys.exit(f"check: {name(alert[3])} reached {alert[1]}")

send("DELETE", "/fault")
mended = time.time()
wait("the cause alert resolves", GROUP_INTERVAL + EVALUATION + 60 + SLACK, told(GATEWAY, "resolved"))
say(f"the gateway's page is resolved {time.time() - mended:.0f} s after it was mended")
if RESOLVE:
    # The short window drains, the alert is kept for five minutes, and Alertmanager tells at the next interval.
    wait("the SLO's alert resolves", 300 + 300 + 2 * GROUP_INTERVAL + 120, told(BACKEND, "resolved"))
    say(f"the SLO's page is resolved {time.time() - mended_backend:.0f} s after it was mended")
only([BACKEND, GATEWAY])
say("nobody was told anything else")
