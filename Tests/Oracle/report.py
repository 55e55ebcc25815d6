#!/usr/bin/env python3
"""A slow, obvious second opinion on `report`.

    report.py TRAILMILL SEED ARCHIVES QUESTIONS

Makes archives as `search.py` does, asks for reports on all events and on the answers to random questions,
and compares every figure of the page, and every figure of the text, with what a plain look at the
decompressed parts adds up to. Ends with 1 if anything differs.
"""
import base64
import gzip
import hashlib
import json
import os
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from archive_worlds import (STATES, Archive, address, answers, at, day, key_id, shown, text, told_apart,
                            unnamed_candidates, values, words_of)

DIMENSIONS = ["actor", "key", "action", "account", "resource", "address", "from", "match", "kind", "flags", "signals",
              "candidates"]
KINDS = ["", "internal", "external", "automation", "unknown"]
ORIGIN, MINUTE = -3 * 86_400, 60
ROWS = 8  # of each list on the terminal


def cut(name):
    """A long name keeps its beginning, and a digest tells it from others."""
    whole = name.encode()
    if len(whole) <= 512:
        return name
    return whole[:480].decode() + "…~" + hashlib.sha256(whole).hexdigest()[:16]


def as_written(value):
    return None if value is None else json.dumps(value, separators=(",", ":"))


def names_of(record):
    """What an event is counted under; an empty text is nothing."""
    attribution = record.get("attribution", {})
    kind = text(attribution.get("kind"))
    found = {"actor": shown(record), "key": key_id(record),
             **{name: values(record, name)[0] for name in ("action", "account", "resource")},
             "address": values(record, "ip")[0], "from": text(attribution.get("from")),
             "match": text(attribution.get("match")), "flags": as_written(attribution.get("flags")),
             "signals": as_written(record.get("signals")),
             "kind": "" if kind is None else kind if kind in KINDS else "unknown"}
    return {name: cut(value or "") for name, value in found.items()} | {"candidates": candidates_of(record)}


def candidates_of(record):
    """Who it could have been, and how many others: a set that events are counted under."""
    names = values(record, "candidate")
    if not names:
        return ""
    others = unnamed_candidates(record)
    return json.dumps(names + [others] * (others > 0), separators=(",", ":"), ensure_ascii=False)


def ranked(counts):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].encode()))


def network(name):
    """The /24 or the /48 that an address lies in."""
    found = address(name)
    if found is None:
        return ""
    if found.ipv4_mapped:
        return ".".join(str(found.ipv4_mapped).split(".")[:3]) + ".0/24"
    groups = [f"{int(group, 16):x}" for group in found.exploded.split(":")[:3]]
    while groups and groups[-1] == "0":
        groups.pop()
    return ":".join(groups) + "::/48"


class Expected:
    """All figures, from events as `Archive.events` gives them."""

    def __init__(self, events):
        self.events = sorted(events, key=lambda event: event[0][2:])
        self.names = [names_of(record) for _, _, record in self.events]
        for names, actor in zip(self.names, told_apart([record for _, _, record in self.events], cut)):
            names["actor"] = actor
        self.times = [record.get("timestamp") for _, _, record in self.events]
        self.counts = {dimension: Counter(names[dimension] for names in self.names) for dimension in DIMENSIONS}
        self.listed = {dimension: [name for name, _ in ranked(counts) if name] for dimension, counts in self.counts.items()}
        self.keys = defaultdict(lambda: ["", "", "", ""])
        for (_, _, record), names in zip(self.events, self.names):
            key = at(record, "/attribution/api_key") or {}
            told = [text(key.get("name")), text(key.get("type")), text(key.get("owner")), as_written(key.get("scopes"))]
            if names["key"]:
                self.keys[names["key"]] = [new or old for new, old in zip(told, self.keys[names["key"]])]

    def span(self, chosen=lambda names: True):
        times = [time for names, time in zip(self.names, self.times) if time is not None and chosen(names)]
        return [min(times), max(times)] if times else [None, None]

    def table(self, dimension):
        """As the page has it: nothing, others, then names, the most frequent first."""
        if dimension == "kind":
            return [[kind, self.counts["kind"][kind], None, None, 0] for kind in KINDS]
        rows = [["", self.counts[dimension][""], *self.span(lambda names: not names[dimension]), 0],
                ["", 0, None, None, 0]]
        return rows + [[name, self.counts[dimension][name], *self.span(lambda names: names[dimension] == name), 0]
                       for name in self.listed[dimension]]

    def code(self, dimension, name):
        if dimension == "kind":
            return KINDS.index(name)
        return self.listed[dimension].index(name) + 2 if name else 0

    def codes(self, names):
        return tuple(self.code(dimension, names[dimension]) for dimension in DIMENSIONS)

    def cells(self):
        cells = Counter()
        for names, time in zip(self.names, self.times):
            stretch = None if time is None else (time // 1000 - ORIGIN) // MINUTE
            cells[(stretch, *self.codes(names))] += 1
        return cells

    def members(self, dimension):
        """Flags and signals come as sets."""
        counts = Counter()
        for names in self.names:
            counts.update({name for name in json.loads(names[dimension] or "[]") if isinstance(name, str)})
        return counts

    def several(self):
        """What the text says of events in which nobody is named."""
        sets = [json.loads(names["candidates"]) for names in self.names if names["candidates"]]
        if not sets:
            return []
        others = sum(isinstance(members[-1], int) for members in sets)
        return [f"{plural(len(sets), 'event')} in which nobody is named; they may be of",
                *list_of(self.members("candidates")),
                *([f"of others, too, whom it does not name: {plural(others, 'event')}"] if others else [])]

    def details(self, parts):
        """Newest first."""
        rows = []
        for (order, line, _), names, time in zip(self.events, self.names, self.times):
            rows.append(((time is not None, time or 0, *order[2:]), [
                time, *self.codes(names), parts[order[2]], order[3] + 1, line.decode()]))
        return [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]


def same(what, found, expected):
    if found != expected:
        if isinstance(found, list) and isinstance(expected, list):
            at_fault = next((pair for pair in zip(found, expected) if pair[0] != pair[1]), (len(found), len(expected)))
            sys.exit(f"{what}: {at_fault[1]} expected, {at_fault[0]} found")
        sys.exit(f"{what}: {expected} expected, {found} found")


# --- The page

def cells_of(cube):
    """The page's columns, one behind the other, the lowest byte first."""
    raw = gzip.decompress(base64.b64decode(cube["gzip"]))
    columns, start = [], 0
    for width in cube["widths"]:
        columns.append([int.from_bytes(raw[place:place + width], "little")
                        for place in range(start, start + width * cube["size"], width)])
        start += width * cube["size"]
    same("bytes of counts", len(raw), start)
    cells = Counter()
    for time, count, *codes in zip(*columns):
        cells[(cube["base"] + time - 1 if time else None, *codes)] += count
    return cells


def compare_page(archive, what, question, events):
    expected = Expected(events)
    budget = archive.dice.choice(["10MB", "20kB", "0"])
    archive.tool("report", "archive", *words_of(question), "-o", "page.html", "--detail-budget", budget)
    page = Path("page.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">\n?(.*?)</script>', page, re.DOTALL)[1])
    same(f"{what}: events", (data["events"], data["unreadable"], data["width"], data["origin"]),
         (len(events), 0, MINUTE, ORIGIN))
    same(f"{what}: span", data["span"], expected.span())
    for dimension in DIMENSIONS:
        same(f"{what}: {dimension}", data["names"][dimension], expected.table(dimension))
        distinct = 0 if dimension == "kind" else len(expected.listed[dimension])
        same(f"{what}: number of {dimension}", data["distinct"][dimension], distinct)
    same(f"{what}: keys", data["keys"][2:], [expected.keys[key] for key in expected.listed["key"]])
    same(f"{what}: blocks", data["blocks"][2:], list(map(network, expected.listed["address"])))
    same(f"{what}: counts", cells_of(data["cube"]), expected.cells())
    compare_details(what, data["details"], expected, budget)
    files = archive.tool("files", "archive").decode().splitlines()
    head = archive.tool("verify", "archive", "--quick", codes=(0, 5)).decode().split()[-1]
    facts = data["archive"]
    same(f"{what}: archive", [facts[name] for name in ("read", "written", "duplicates", "filtered", "quarantined")],
         [archive.records, archive.records, 0, 0, 0])
    same(f"{what}: parts", (facts["parts"], facts["bytes"], facts["head"], facts["findings"]),
         (len(files), sum(os.path.getsize(file) for file in files), head, None))
    same(f"{what}: commits", (facts["commits"], [commit[0] for commit in facts["newest"]]),
         (len(facts["newest"]), list(range(1, facts["commits"] + 1))))
    same(f"{what}: commits, added up", sum(commit[3] for commit in facts["newest"] if commit[1] == "run"),
         facts["read"])


def compare_details(what, details, expected, budget):
    order = sorted({event[0][2] for event in expected.events}) if budget == "10MB" else None
    parts = {number: place for place, number in enumerate(order or [])}
    if budget == "10MB":
        same(f"{what}: events that are shown", details["rows"], expected.details(parts))
    elif budget == "0":
        same(f"{what}: events that are shown", details["rows"], [])
    else:
        # The signalled ones come before the rest, and all are there as they are in the archive.
        lines = {line.decode() for _, line, _ in expected.events}
        shown_lines = [row[-1] for row in details["rows"]]
        same(f"{what}: shown, but not there", [line for line in shown_lines if line not in lines], [])
        if sum(map(len, shown_lines)) > 20_000:
            sys.exit(f"{what}: {sum(map(len, shown_lines))} bytes of events within {budget}")
        unshown = len(expected.events) - len(shown_lines)
        if unshown and not any('"signals"' in line for line in shown_lines) and expected.members("signals"):
            sys.exit(f"{what}: events are shown, and none of those with signals")


# --- The text

def columns_of(name):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in name)


def fitted(name, size=36):
    if columns_of(name) <= size:
        return name
    kept = ""
    for character in name:
        if columns_of(kept + character) > size - 1:
            break
        kept += character
    return kept + "…"


def some(names):
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def plural(count, noun):
    return f"{count:,} {noun}{'s' * (count != 1)}"


class Told:
    """The text, by its sections: the rows without their pictures."""

    def __init__(self, told):
        self.head = told[:told.index("")]
        self.sections = {}
        for section in "\n".join(told[told.index("") + 1:]).split("\n\n"):
            title, *rows = section.split("\n")
            self.sections[title] = [re.sub(r"(?<=\d)  [▁-▏█ ]*$", "", row).strip() for row in rows]
            self.sections[title] = [re.sub(r"  +(?=[\d,]+$)", "  ", row) for row in self.sections[title]]


def beside(expected, dimension, name, other):
    """Names that come with a name, the most frequent first."""
    counts = Counter(names[other] for names in expected.names if names[dimension] == name)
    return sorted(counts, key=lambda found: (-counts[found], expected.code(other, found)))


def note_on_actor(expected, name):
    keys = [expected.keys[key][0] or key for key in beside(expected, "actor", name, "key") if key]
    sources = [source or "the event" for source in beside(expected, "actor", name, "from")]
    first, last = (day(time) if time is not None else "" for time in expected.span(lambda names: names["actor"] == name))
    return ("by key " + some(keys) + ", " if keys else "") + f"from {some(sources)}, {first} to {last}"


def note_on_key(expected, key):
    name, kind, owner, scopes = expected.keys[key]
    callers = beside(expected, "key", key, "actor")
    notes = [name, kind, owner and f"owner {owner}", scopes and f"scopes {scopes}",
             f"{plural(len(callers), 'caller')}: {some([caller for caller in callers if caller])}"]
    return ", ".join(note for note in notes if note)


def list_of(counts, note=None):
    rows = []
    found = [(name, count) for name, count in ranked(counts) if name]
    for name, count in found[:ROWS]:
        rows.append(f"{fitted(name)}  {count:,}")
        if note:
            rows.append(fitted(note(name), 75).strip())
    return rows + ([f"and {len(found) - ROWS:,} more"] if len(found) > ROWS else [])


def compare_text(archive, what, question, events):
    expected = Expected(events)
    told = Told(archive.tool("report", "archive", *words_of(question)).decode().splitlines())
    first, last = expected.span()
    between = f" from {day(first)} to {day(last)}" if first is not None else ""
    head = (f"{plural(len(events), 'event')}{between}, by {plural(len(expected.listed['actor']), 'actor')} with "
            f"{plural(len(expected.listed['key']), 'key')} in {plural(len(expected.listed['account']), 'account')}")
    same(f"{what}: head", told.head[1], head)
    timeless = sum("timestamp" not in event[2] for event in events)
    same(f"{what}: question", len(told.head), 2 + bool(question) + bool(timeless))
    if timeless:
        same(f"{what}: timeless", told.head[-1].split(",")[0],
             f"without a usable time: {plural(timeless, 'event')}")
    kinds = expected.counts["kind"] + Counter({"unknown": expected.counts["kind"][""]})
    same(f"{what}: activity", told.sections["Activity"],
         [f"{kind}  {kinds[kind]:,}" for kind in KINDS[1:] if kinds[kind]] + [f"all  {len(events):,}"])
    blocks = Counter()
    for name, count in expected.counts["address"].items():
        blocks[network(name)] += count
    lists = {"Who": list_of(expected.counts["actor"], lambda name: note_on_actor(expected, name)),
             "Could be several": expected.several(),
             "Keys": list_of(expected.counts["key"], lambda name: note_on_key(expected, name)),
             "What": list_of(expected.counts["action"]), "To what": list_of(expected.counts["resource"]),
             "From where": list_of(expected.counts["address"]),
             "Address blocks": list_of(blocks) if len(blocks) - ("" in blocks) > 1 else [],
             "Accounts": list_of(expected.counts["account"]),
             "How well do we know: match": list_of(expected.counts["match"]),
             "How well do we know: name taken from": list_of(expected.counts["from"]),
             "Flags": list_of(expected.members("flags")), "Signals": list_of(expected.members("signals"))}
    for title, rows in lists.items():
        same(f"{what}: {title}", told.sections.pop(title, []), rows)
    same(f"{what}: the archive", told.sections["The archive"][:5],
         [f"read  {archive.records:,}", f"archived  {archive.records:,}", "duplicates  0", "filtered  0", "quarantined  0"])
    same(f"{what}: sections", list(told.sections), ["Activity", "The archive"])


def main():
    binary, seed, archives, questions = os.path.abspath(sys.argv[1]), *map(int, sys.argv[2:5])
    os.environ["LC_ALL"] = "C.UTF-8"
    asked = answered = 0
    for number in range(archives):
        archive = Archive(binary, random.Random(seed * 1000 + number))
        archive.make()
        for state in STATES:
            archive.turn(state)
            events = archive.events()
            for place in range(questions):
                question = archive.question() if place else []
                what = f"{state}: {words_of(question)}"
                answer = [event for event in events if answers(event[2], question)]
                compare_page(archive, what, question, answer)
                compare_text(archive, what, question, answer)
                asked += 1
                answered += bool(answer)
    if answered < asked // 4:
        sys.exit(f"only {answered} of {asked} questions had an answer")
    print(f"{asked} reports on {archives} archives: as expected")


main()
