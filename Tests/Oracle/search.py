#!/usr/bin/env python3
"""A slow, obvious second opinion on `search` and `trail`.

    search.py TRAILMILL SEED ARCHIVES QUESTIONS [--sample]

Makes archives of random events in the current directory, a few nights each, asks random questions, and
compares every answer, its order included, with what a plain look at the decompressed parts finds: with
the index, without it, with one that is gone or was altered, after `compact` and after `index`. Also the
counts, the newest first, letters in any case, and the stories of identities. Ends with 1 if anything
differs, or if a kind of question never had an answer (a `--sample` is too small for that).
"""
import csv
import json
import os
import random
import re
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timezone

from archive_worlds import (OPTIONS, PLACES, STATES, Archive, answers, at, claims, day, is_shown_by_key, key_name,
                            standing, text, told_apart, values, words_of)


def compare(archive, state, question, events, *more):
    words = words_of(question)
    expected = [line for _, line, record in events if answers(record, question)]
    threads = archive.dice.choice(["1", "2", "3"])
    found = archive.tool("search", "archive", *words, "--format", "ndjson", "--threads", threads, *more)
    if found.split(b"\n")[:-1] != expected:
        sys.exit(f"{state}: {words}: {len(expected)} events expected, {len(found.splitlines())} found")
    ordered = [(key, line) for key, line, record in events if answers(record, question)]
    compare_reversed(archive, words, ordered, *more)
    count = archive.tool("search", "archive", *words, "--count", *more)
    if int(count) != len(expected):
        sys.exit(f"{state}: {words}: {len(expected)} events expected, {int(count)} counted")
    limit = archive.dice.randrange(1, 5)
    found = archive.tool("search", "archive", *words, "--limit", str(limit), "--format", "ndjson", *more)
    if found.split(b"\n")[:-1] != expected[:limit]:
        sys.exit(f"{state}: {words}: other events with --limit {limit}")
    return len(expected)


def compare_reversed(archive, words, expected, *more):
    """The newest first; what has no time comes last all the same."""
    timed = [line for key, line in expected if not key[0]][::-1] + [line for key, line in expected if key[0]]
    found = archive.tool("search", "archive", *words, "--reverse", "--format", "ndjson", *more)
    if found.split(b"\n")[:-1] != timed:
        sys.exit(f"{words} --reverse: {len(timed)} events expected, {len(found.splitlines())} found")


def compare_cases(archive, question, events):
    """Whatever the case of the letters, and the form in which accents are written."""
    form = archive.dice.choice(["NFC", "NFD"])
    words = words_of([(option, value if option in ("since", "until", "where")
                       else unicodedata.normalize(form, value.swapcase())) for option, value in question])
    expected = sum(answers(record, question, re.IGNORECASE) for _, _, record in events)
    count = int(archive.tool("search", "archive", *words, "--ignore-case", "--count"))
    if count != expected:
        sys.exit(f"{words} --ignore-case: {expected} events expected, {count} counted")


def compare_cells(archive, question, events):
    """Who stands there: where nobody is named, who it could have been."""
    words = words_of(question)
    expected = [harmless(standing(record)) for _, _, record in events if answers(record, question)]
    lines = archive.tool("search", "archive", *words, "--format", "csv").decode().split("\r\n")[:-1]
    found = [row["actor"] for row in csv.DictReader(lines)]
    if found != expected:
        other = next(pair for pair in zip(found + [""], expected + [""]) if pair[0] != pair[1])
        sys.exit(f"{words} --format csv: {other[1]} expected, {other[0]} found")


def harmless(cell):
    """Without what a terminal obeys, and with a sign before what a spreadsheet runs."""
    seen = "".join("\ufffd" if hidden(sign) else sign for sign in cell)
    return re.sub(r"(^|;)(?=[=+@-])", r"\1'", seen)


def compare_days(archive, question, events):
    mine = [record for _, _, record in events if answers(record, question)]
    counts = Counter(day(record["timestamp"]) for record in mine if "timestamp" in record)
    timeless = sum("timestamp" not in record for record in mine)
    expected = [f"{count}\t{date}" for date, count in sorted(counts.items())] + [f"{timeless}\t-"] * (timeless > 0)
    found = archive.tool("search", "archive", *words_of(question), "--count-by", "day").decode().splitlines()
    if found != expected:
        sys.exit(f"{words_of(question)} --count-by day: {expected} expected, {found} found")


def ranked(counts):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].encode()))


def escaped(value):
    """As in a JSON string what would not be shown, and the backslash."""
    signs = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    units = lambda sign: re.findall("....", sign.encode("utf-16-be").hex())
    return "".join(signs.get(sign) or ("".join(f"\\u{unit}" for unit in units(sign)) if hidden(sign) else sign)
                   for sign in value)


def hidden(sign):
    """Controls, separators of lines, and what only formats: of these the worlds have no others than are hidden."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")


def counted(value):
    return {"": "-", "-": "\\-"}.get(value, escaped(value))


def compare_counts(archive, question, events):
    words = words_of(question)
    field = archive.dice.choice(["actor", "actor", "action", "account", "ip", "resource", "match", "candidate", "/n"])
    if field == "actor":
        compare_actors(archive, words, [record for _, _, record in events if answers(record, question)])
        return
    places = {**PLACES, "match": "/attribution/match"}
    mine = [record for _, _, record in events if answers(record, question)]
    if field == "candidate":  # Each counts for all that it names.
        counts = Counter(name for record in mine for name in values(record, field) or [""])
    else:
        counts = Counter(text(at(record, places.get(field, field))) or "" for record in mine)
    expected = [f"{count}\t{counted(name)}" for name, count in ranked(counts)]
    found = archive.tool("search", "archive", *words, "--count-by", field).decode().split("\n")[:-1]
    if found != expected:
        sys.exit(f"{words} --count-by {field}: {expected[:5]} expected, {found[:5]} found")
    lines = archive.tool("search", "archive", *words, "--count-by", field, "--format", "ndjson").splitlines()
    if [(line["value"] or "", line["count"]) for line in map(json.loads, lines)] != ranked(counts):
        sys.exit(f"{words} --count-by {field}: other values as NDJSON than {ranked(counts)[:5]}")


def compare_actors(archive, words, records):
    """Somebody is never counted with a key that is called so."""
    counts = ranked_actors(Counter(told_apart(records)), records)
    expected = [f"{count}\t{counted(name)}" for name, count in counts]
    found = archive.tool("search", "archive", *words, "--count-by", "actor").decode().split("\n")[:-1]
    if found != expected:
        sys.exit(f"{words} --count-by actor: {expected[:5]} expected, {found[:5]} found")
    lines = map(json.loads, archive.tool("search", "archive", *words, "--count-by", "actor", "--format", "ndjson")
                .splitlines())
    found = [((line["value"] or "") + " (key)" * line.get("is_key", False), line["count"]) for line in lines]
    if found != counts:
        sys.exit(f"{words} --count-by actor: other values as NDJSON than {counts[:5]}")


def ranked_actors(counts, records):
    """Of equally frequent ones keys come behind what begins as they do."""
    keys = {name for name, record in zip(told_apart(records), records) if is_shown_by_key(record)}
    behind = lambda name: name.removesuffix(" (key)").encode() + b"\xff" if name in keys else name.encode()
    return sorted(counts.items(), key=lambda item: (-item[1], behind(item[0])))


def story(name, events, of_key=False):
    """What `trail` tells of an identity, but for bars and dots: of somebody, or, if nobody is called so, of a key."""
    called = [record for _, _, record in events if name in (*values(record, "actor"), *values(record, "key"))]
    mine = [record for record in called if name in values(record, "somebody")] or called
    if of_key:
        mine = [record for _, _, record in events if name in values(record, "key")]
    if not mine:
        return [f"no event of {name}"]
    lists = {title: Counter() for title in ("shown as", "taken from", "keys", "claims", "could have been",
                                            "addresses", "actions", "resources", "accounts", "signals")}
    days = Counter()
    lists["shown as"].update(told_apart(mine))
    for record in mine:
        attribution = record.get("attribution", {})
        lists["taken from"][text(attribution.get("from"))] += 1
        lists["keys"][key_name(record)] += 1
        lists["claims"].update(text(claim) for claim in claims(record))
        for title, field in (("addresses", "ip"), ("actions", "action"), ("resources", "resource"),
                             ("accounts", "account"), ("signals", "signal"), ("could have been", "candidate")):
            lists[title].update(values(record, field))
        if "timestamp" in record:
            days[day(record["timestamp"])] += 1
    times = sorted(record["timestamp"] for record in mine if "timestamp" in record)
    span = f", first {moment(times[0])}, last {moment(times[-1])}" if times else ""
    told = [f"{name}: {len(mine):,} event{'s' * (len(mine) != 1)}{span}"]
    for title, counts in lists.items():
        counts = {name: count for name, count in counts.items() if name}
        if counts:
            told.append(title)
            order = ranked_actors(counts, mine) if title == "shown as" else ranked(counts)
            told += [f"{count:,} {escaped(name)}" for name, count in order]
    return told + (["timeline"] + [f"{date} {count:,}" for date, count in sorted(days.items())] if days else [])


def moment(milliseconds):
    """RFC 3339, with milliseconds where there are any."""
    time = datetime.fromtimestamp(milliseconds // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    rest = milliseconds % 1000
    return time + (f".{rest:03}" if rest else "") + "Z"


def compare_trail(archive, events):
    name = archive.dice.choice(["jane@example.com", "01JA", "api::01JA", "ci deployer", "nobody", "s1", "jöe@x"])
    of_key = archive.dice.random() < 0.3
    more = ["--key"] if of_key else []
    found = archive.tool("trail", "archive", name, "--top", "10000", *more).decode().splitlines()
    found = [" ".join(line.replace("▇", "").split()) if line.startswith(" ") else line for line in found if line]
    expected = story(name, events, of_key)
    if found != expected:
        other = next(pair for pair in zip(found + [""], expected + [""]) if pair[0] != pair[1])
        sys.exit(f"trail {name}: {other[1]} expected, {other[0]} found")


def main():
    binary, seed, archives, questions = os.path.abspath(sys.argv[1]), *map(int, sys.argv[2:5])
    seen = Counter()
    asked = 0
    for number in range(archives):
        archive = Archive(binary, random.Random(seed * 1000 + number))
        archive.make()
        for state in STATES:
            archive.turn(state)
            events = archive.events()
            for _ in range(questions):
                question = archive.question()
                more = ["--no-index"] if state == "without it" else []
                found = compare(archive, state, question, events, *more)
                asked += 1
                for option, _ in question:
                    seen[option] += found > 0
            compare_counts(archive, archive.question(), events)
            compare_cases(archive, archive.question(), events)
            compare_days(archive, archive.question(), events)
            compare_cells(archive, archive.question(), events)
            compare_trail(archive, events)
    never = [option for option in OPTIONS if not seen[option]]
    if never and "--sample" not in sys.argv:
        sys.exit(f"no question about {', '.join(never)} had an answer")
    print(f"{asked} questions to {archives} archives: as expected")


main()
