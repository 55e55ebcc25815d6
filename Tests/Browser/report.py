#!/usr/bin/env python3
"""Looks at reports with a headless Chromium: python3 Tests/Browser/report.py FOLDER [--events N]

Makes archives (the fixtures' nightly run, a hostile one, a large one), reports on them, and checks that the
pages render, that filters act on every picture and agree with counts made here from the events, that nothing
is complained about and nothing leaves the page, and that the keyboard is enough. Screenshots go into FOLDER.

TRAILMILL names the binary; else the newest build. Where there is no Chromium it says so and ends with 0.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

import browser
import worlds

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def binary():
    if "TRAILMILL" in os.environ:
        return os.environ["TRAILMILL"]
    builds = [os.path.join(ROOT, ".build", kind, "trailmill") for kind in ("release", "debug")]
    return max((b for b in builds if os.path.exists(b)), key=os.path.getmtime)


def trailmill(*words):
    environment = {**os.environ, "AUDIT_WEBHOOK_SECRET": "fixture-secret"}
    subprocess.run([binary(), *words], check=True, cwd=ROOT, env=environment,
                   stdout=subprocess.DEVNULL)


class Check:
    def __init__(self):
        self.failures = 0

    def __call__(self, what, holds, found=""):
        if not holds:
            self.failures += 1
        print(("  ok      " if holds else "  FAILED  ") + what + (f": found {found}" if not holds else ""))


def number(text):
    return int("".join(c for c in text.split("event")[0].split(" of ")[0] if c.isdigit()) or -1)


class Report:
    """What a person can see and do on a page."""

    PICTURES = ["legend", "chart", "p-actor", "p-key", "p-action", "p-resource", "p-address",
                "p-account", "p-match", "p-from", "p-flags", "list"]

    def __init__(self, page):
        self.page = page

    def total(self):
        return number(self.page.run("document.getElementById('status').innerText"))

    def pictures(self):
        return {name: self.page.run(f"document.getElementById('{name}').outerHTML") for name in self.PICTURES}

    def charted(self):
        """The sum of the chart's own numbers."""
        return self.page.run(
            "[...document.querySelectorAll('#chart-table tbody tr')].reduce((n, r) => n +"
            " Number(r.cells[1].textContent.replace(/,/g, '')), 0)")

    def type(self, field, text):
        self.page.run(f"(f => {{ f.value = {json.dumps(text)}; f.dispatchEvent(new Event('change')); }})"
                      f"(document.getElementById('f-{field}'))")

    def clear(self):
        self.page.run("document.getElementById('reset').click()")

    def quiet(self, check, path):
        check("nothing was complained about", not self.page.complaints, self.page.complaints[:3])
        outside = [r for r in self.page.requests if not r.startswith("data:")]
        check("nothing left the page", len(outside) == 1 and outside[0].endswith(os.path.basename(path)), outside)


def read(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines.read().split("\n") if line]


def check_filters(report, check, events):
    """Filters against counts that are made here."""
    counts = collections.Counter(e["attribution"]["display_actor"] for e in events)
    check("all events are counted", report.total() == len(events) == report.charted(),
          (report.total(), report.charted()))
    actor, most = counts.most_common(1)[0]
    shown = report.page.run("document.querySelector('#p-actor .row').innerText").split("\n")
    check("the first actor is the most frequent", shown[0] == actor and f"{most:,}" in " ".join(shown), shown)
    before = report.pictures()
    report.page.run("document.querySelector('#p-actor .row').click()")
    after = report.pictures()
    same = [name for name in before if before[name] == after[name]]
    check("a filter by actor acts on every picture", not same, same)
    check("it leaves that actor's events", report.total() == most == report.charted(), report.total())
    report.clear()
    check("clearing brings all back", report.pictures() == before)
    tests = {
        "key": ("ci-deployer", lambda e: e["attribution"].get("api_key", {}).get("name") == "ci-deployer"),
        "action": ("stack.update", lambda e: e["action"] == "stack.update"),
        "account": ("globex", lambda e: e["account"] == "globex"),
        "actor": ("octo", lambda e: "octo" in e["attribution"]["display_actor"]),
        "since": ("2026-10-05", lambda e: e["timestamp"] >= 1791158400000),
        "until": ("2026-10-05", lambda e: e["timestamp"] < 1791244800000),
    }
    for field, (text, test) in tests.items():
        report.type(field, text)
        wanted = sum(map(test, events))
        check(f"{field} {text}: {wanted} events, as counted here",
              report.total() == wanted == report.charted(), (report.total(), report.charted()))
        report.clear()
    report.type("action", "stack.update")
    report.type("account", "globex")
    wanted = sum(e["action"] == "stack.update" and e["account"] == "globex" for e in events)
    check(f"two filters together: {wanted}", report.total() == wanted, report.total())
    report.clear()


def check_question(report, check, archive, html):
    """A report on the answers to a question says so; then the whole one again."""
    trailmill("report", archive, "-o", html + ".part.html", "--action", "stack.*", "--ip", "203.0.113.0/24")
    report.page.open(html + ".part.html")
    check("a report on some events has those", report.total() == 3, report.total())
    lead = report.page.run("document.getElementById('lead').innerText")
    check("and says which", "Only events action stack.*, ip 203.0.113.0/24." in lead, lead)
    report.page.open(html)


def check_crowd(report, check):
    """Names that the page does not tell apart are not asked for in vain."""
    page = report.page
    page.run("document.getElementById('list').focus()")
    wrong = pressed = 0
    for _ in range(60):
        page.key("ArrowDown", 40)
        if page.run("!document.querySelector('#detail [data-same=actor]')"):
            continue
        page.run("document.querySelector('#detail [data-same=actor]').click()")
        pressed += 1
        wrong += report.total() < 1
        report.clear()
    check("\"same actor\" finds whom it names", pressed > 10 and not wrong, (pressed, wrong))
    report.type("actor", "@crowd.example")
    status = page.run("document.getElementById('status').innerText")
    check("what a name cannot find is said", "others" in status and "--actor" in status, status)
    report.clear()
    page.run("document.querySelector('#p-actor .more').focus(); document.activeElement.click()")
    check("more rows, and the focus on the first of them", page.run(
        "[...document.querySelectorAll('#p-actor .row')].indexOf(document.activeElement)") == 8)
    shown = page.run("document.querySelectorAll('#p-resource .row').length")
    for _ in range(3):
        page.run("document.querySelector('#p-resource .more')?.click()")
    check("all resources can be reached", shown == 8 and page.run(
        "document.querySelectorAll('#p-resource .row').length") == 30)
    page.run("document.querySelector('#signals .row').focus(); document.activeElement.click()")
    check("a signal that was pressed keeps the focus", page.run(
        "document.activeElement.getAttribute('aria-pressed')") == "true")
    said = page.run("document.querySelector('#signals .row .vh').textContent")
    check("a signal's times are there in words", "202" in said and ": " in said, said)
    report.clear()
    page.media("print")
    check("print says what is not on paper", page.run(
        "getComputedStyle(document.querySelector('#p-actor .paper')).display") == "block")
    page.media()


def check_brush(report, check):
    box = json.loads(report.page.run(
        "document.getElementById('chart').scrollIntoView({block: 'center'});"
        "JSON.stringify(document.getElementById('chart').getBoundingClientRect())"))
    before = report.total()
    y = box["y"] + box["height"] / 2
    report.page.drag(box["x"] + box["width"] * 0.4, y, box["x"] + box["width"] * 0.6, y)
    check("brushing zooms", 0 < report.total() < before and report.total() == report.charted(),
          (before, report.total(), report.charted()))
    check("and says so", report.page.run("document.querySelectorAll('#chips button').length") == 1)
    report.page.run("document.getElementById('all').click()")
    check("All brings all back", report.total() == before)


def check_keyboard(report, check):
    page = report.page
    page.run("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');"
             "scrollTo(0, 0)")
    reached = []
    for _ in range(30):
        page.key("Tab", 9)
        reached.append(page.run("document.activeElement.id || document.activeElement.className"))
    check("Tab reaches the way past, the filters, the zoom and the kinds",
          reached[0] == "skip" and {"f-actor", "f-key", "f-action", "f-account", "in", "out", "all"} <= set(reached),
          reached)
    ring = page.run("getComputedStyle(document.activeElement).outlineStyle")
    check("what has the focus shows it", ring == "solid", ring)
    page.run("document.querySelector('#p-action .row').focus()")
    before = report.total()
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13,
              text="\r")
    page.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    check("Enter on a row filters", report.total() < before, report.total())
    check("and the focus stays there", page.run(
        "document.activeElement.getAttribute('aria-pressed')") == "true")
    report.clear()
    page.run("document.getElementById('list').focus()")
    for key, code in (("ArrowDown", 40), ("ArrowDown", 40), ("End", 35), ("Home", 36), ("ArrowDown", 40)):
        page.key(key, code)
    check("arrows choose an event", page.run(
        "document.getElementById('list').getAttribute('aria-activedescendant')") == "e1")
    check("its details are there", len(page.run("document.querySelector('#detail pre').textContent")) > 50)
    page.run("document.querySelector('#detail [data-same=actor]').click()")
    check("\"same actor\" filters", report.total() < before, report.total())
    report.clear()


def check_accessible(report, check):
    page = report.page
    check("landmarks and one heading", page.run(
        "['header', 'main', 'footer', 'h1'].every(t => document.querySelectorAll(t).length === 1)"))
    check("every field and button has a name", page.run(
        "[...document.querySelectorAll('input,button')].every(e => e.labels?.length || e.innerText.trim() ||"
        " e.getAttribute('aria-label'))"))
    check("nothing is wider than the window", page.run(
        "document.documentElement.scrollWidth <= innerWidth"))


def check_safe(report, check):
    page = report.page
    check("no data ran", page.run("String(window.hacked)") == "undefined")
    check("no data became markup", page.run(
        "document.querySelectorAll('img,iframe,object,embed,base,link,body b,video').length -"
        " document.querySelectorAll('#lead b,#seal b,#status b,#n-candidates b').length") == 0)
    check("two scripts are there", page.run("document.scripts.length") == 2)
    check("times at both ends of the calendar do not hide the rest",
          report.total() == 2002 and report.charted() == 2000, (report.total(), report.charted()))
    check("the whole page was read", page.run("document.getElementById('h-archive').innerText") == "The archive")
    for place in ("actor", "key", "action", "resource", "address", "account", "match", "from", "flags", "candidates"):
        rows = page.run(f"document.querySelectorAll('#p-{place} .row').length")
        page.run(f"document.querySelector('#p-{place} .row').click()")
        left = report.total()
        report.clear()
        check(f"{place}: a row filters", rows > 3 and 0 < left < 2000, (rows, left))
    page.run("document.getElementById('list').focus()")
    for _ in range(40):
        page.key("ArrowDown", 40)
    check("events are shown as text", page.run("document.querySelectorAll('#detail pre *').length") == 0)
    check("still no data ran", page.run("String(window.hacked)") == "undefined")
    seen = page.run("document.body.innerText")
    check("no control or bidirectional character is shown",
          not any(c in seen for c in "\u202e\u0007\u001b\u2028\u2029\u0000"))
    complaints = len(page.complaints)
    page.run("{ const s = document.createElement('script'); s.textContent = 'window.injected = 1';"
             " document.body.append(s); }")
    check("the policy lets no other script run", page.run("String(window.injected)") == "undefined")
    page.run("1")
    del page.complaints[complaints:]


def pictures(page, folder, name):
    """Light, dark, narrow, and as it prints."""
    def whole(path, width):
        page.run("scrollTo(0, 0)")
        page.size(width, 900)
        height = page.run("document.documentElement.scrollHeight")
        page.size(width, min(height, 9000))
        page.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.picture(os.path.join(folder, path))
    page.run("document.getElementById('list').focus()")
    page.key("ArrowDown", 40)
    page.run("document.activeElement.blur()")
    for dark in (False, True):
        page.media(dark=dark)
        whole(f"{name}-{'dark' if dark else 'light'}.png", 1280)
    page.media()
    whole(f"{name}-narrow.png", 390)
    page.media("print")
    whole(f"{name}-print.png", 794)
    page.media()
    page.size(1280, 900)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--events", type=int, default=200_000)
    arguments = parser.parse_args()
    if browser.binary() is None:
        print("skipped: there is no Chromium (Debian: apt-get install chromium)")
        return 0
    os.makedirs(arguments.folder, exist_ok=True)
    check = Check()
    with tempfile.TemporaryDirectory() as work:
        page = browser.Page()
        try:
            page.size(1280, 900)
            report = Report(page)
            for name, world, count in (("nightly", None, 0), ("hostile", "hostile", 2000),
                                       ("crowd", "crowd", 9000), ("everyday", "everyday", arguments.events)):
                archive, html = os.path.join(work, name), os.path.join(work, name + ".html")
                if world is None:
                    trailmill("run", "pipelines/nightly.json5", "fixtures/deliveries", "--output", archive,
                              "--summary", "none")
                else:
                    events = os.path.join(work, name + ".ndjson")
                    subprocess.run([sys.executable, worlds.__file__, world, events, "--events", str(count)],
                                   check=True)
                    trailmill("run", os.path.join(HERE, "plain.json5"), "--set", "events=" + events, "--output",
                              archive, "--summary", "none")
                trailmill("report", archive, "-o", html, "--verify")
                seconds = page.open(html)
                print(f"{name}: {os.path.getsize(html):,} bytes, ready after {seconds:.2f} s")
                if name == "nightly":
                    check("the fixtures' events are there", report.total() == 12, report.total())
                    check_question(report, check, archive, html)
                elif name == "hostile":
                    check_safe(report, check)
                elif name == "crowd":
                    check_crowd(report, check)
                else:
                    check_filters(report, check, read(events))
                    check_brush(report, check)
                    check_keyboard(report, check)
                    took = page.run("(() => { const t = performance.now(); document.getElementById('reset').click();"
                                    " return performance.now() - t; })()")
                    print(f"  a change of filters takes {took:.0f} ms")
                check_accessible(report, check)
                pictures(page, arguments.folder, name)
                report.quiet(check, html)
        finally:
            page.close()
    print(f"{check.failures} failures" if check.failures else "all well")
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
