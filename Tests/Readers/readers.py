"""Lets other programs read archives, and compares what they find with `trailmill search`: see run.sh."""
import argparse
import collections
import os
import shutil
import sys
import tempfile
import time
import traceback
import zlib
from hashlib import sha256
from urllib.parse import unquote

import adapters
import page
from expected import faults, read
from worlds import LAYOUTS, START, Mill, RandomWorld, hostile_events

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STAGES = '{ stage: "deduplicate" }, { stage: "flag_signals" }'
MISSING = "__HIVE_DEFAULT_PARTITION__"


class Trial:
    """What was asked of the programs, and what was wrong."""

    def __init__(self, mill, programs):
        self.mill, self.programs = mill, programs
        self.asked, self.failures = 0, []

    def fail(self, what, program, fault):
        self.failures.append(f"{program.name}: {what}: {fault}")
        print("FAILED " + self.failures[-1][:1500], flush=True)

    def compare(self, what, archive, folders, exact_folders=None, programs=None):
        """All rows of an archive with its events, and the number of them."""
        lines = self.mill.events(archive)
        for program in programs or self.programs:
            self.asked += 1
            try:
                program.open(self.mill.schema(archive, program.name))
                for fault in faults(program.rows(), lines, folders, program, exact_folders):
                    self.fail(what, program, fault)
                if program.count() != len(lines):
                    self.fail(what, program, f"counts {program.count()} events, there are {len(lines)}")
            except Exception:
                self.fail(what, program, traceback.format_exc(limit=-2))
        return lines

    def refuses(self, what, archive, program, reason):
        """An error that says why, instead of rows."""
        self.asked += 1
        try:
            program.open(self.mill.schema(archive, program.name))
            self.fail(what, program, f"gives {len(program.rows())} rows")
        except Exception as error:
            if reason not in str(error):
                self.fail(what, program, traceback.format_exc(limit=-2))

    def ask(self, what, archive, where, expected, *words, programs=None):
        """The number of rows for which a condition holds."""
        for program in programs or self.programs:
            self.asked += 1
            try:
                program.open(self.mill.schema(archive, program.name, *words))
                found = len(program.rows(where))
                if found != expected:
                    self.fail(what, program, f"{found} rows with {where}, expected {expected}")
            except Exception:
                self.fail(what, program, traceback.format_exc(limit=-2))


def folder_values(archive_layout):
    """What the columns of folders have to be for an event, as far as that can be told from the event alone."""
    if archive_layout not in ("hive", "daily"):
        return None

    def values(event):
        account = event.get("account")
        when = event.get("timestamp")
        # What is empty has a name of its own, and SQL cannot tell it from what is called so.
        found = {} if account in ("", "~empty") else {"acct": account}
        if account and len(account) > 30:  # cut behind a whole character
            found["acct"] = f"{account[:26 if account[0] == 'Ж' else 19]}~{sha256(account.encode()).hexdigest()[:40]}"
        if when is None:
            found["dt"] = None
        return found
    return values


def layouts(trial, quick):
    """Every layout and format: as it was written, after `compact`, and after `--replace`."""
    mill = trial.mill
    events = hostile_events(240)
    mill.put("first.ndjson", events[:150])
    mill.put("second.ndjson", events[150:])
    cases = [(layout, form) for layout in LAYOUTS for form in ("gzip", "none")]
    for number, (layout, form) in enumerate(cases):
        if quick and (number // 2 + number) % 2 and layout != "hive":
            continue
        name = f"layout{number}"
        definition = mill.definition(name, layout, form, stages=STAGES, extra='dialect: "spacelift"')
        mill("run", definition, "first.ndjson", "--summary", "none")
        mill("run", definition, "second.ndjson", "--summary", "none")
        what = f"{layout}, {form}"
        compared = lambda state, **more: trial.compare(
            f"{what}, {state}", name, LAYOUTS[layout], folder_values(layout), **more)
        lines = compared("as it was written")
        if not quick or number % 4 == 0:
            mill("compact", name, "--grace", "0s")
            compared("after compact")
            mill("run", definition, "first.ndjson", "second.ndjson", "--replace", "--since", "2026-11-21", "--summary", "none")
            lines = compared("after --replace")
        if layout == "daily":
            prune(trial, what, name, lines)


def zstd(trial, count):
    """Parts of zstd, alone and beside others, and of many frames; who does not read them refuses them."""
    mill = trial.mill
    readers = [program for program in trial.programs if program.reads_zstd]
    lines = mill.put("zstd.ndjson", hostile_events(240))
    more = mill.put("more.ndjson", hostile_events(count, days=1)[240:])
    for number, layout in enumerate(LAYOUTS):
        name = f"zstd{number}"
        mill("run", mill.definition(name, layout, "zstd", extra='dialect: "spacelift"'), lines, "--summary", "none")
        trial.compare(f"{layout}, zstd", name, LAYOUTS[layout], programs=readers)
        if layout not in ("daily", "firehose"):
            continue
        mill("run", mill.definition(name, layout, "gzip", extra='dialect: "spacelift"'),
             mill.put("one.ndjson", hostile_events(300)[240:]), "--summary", "none")
        trial.compare(f"{layout}, zstd and gzip", name, LAYOUTS[layout], programs=readers)
        for program in trial.programs:
            if not program.reads_zstd:
                trial.refuses(f"{layout}, zstd", name, program, "zstd is not read here")
        mill("compact", name, "--compression", "gzip", "--grace", "0s")
        trial.compare(f"{layout}, zstd that became gzip", name, LAYOUTS[layout])
        if layout == "daily":
            mill("run", mill.definition(name, layout, "zstd", extra='dialect: "spacelift"'), more, "--summary", "none")
            number = int(mill("search", name, "--count"))
            trial.ask("parts of many frames", name, {}, number, programs=readers)


def prune(trial, what, name, lines):
    """One folder, where nothing else can be read: what is in another was not opened."""
    counts = collections.Counter(
        (event.get("account"), "2026-11-2" + str((int(event["timestamp"]) - START) // 86_400_000))
        for event in map(read, lines) if "timestamp" in event)
    for account in ("012345678901", "true", "größe/平台", "a b=c", MISSING, "it's", None):
        folder = {None: MISSING}.get(account)
        beginning = next(
            (path.split("/")[0] for path in trial.mill.parts(name)
             if (path.split("/")[0] == f"acct={folder}" if folder
                 else unquote(path.split("/")[0]) == f"acct={account}" and path.split("/")[0] != f"acct={MISSING}")), None)
        if beginning is None:
            continue
        copy = trial.mill.damaged_copy(name, f"{beginning}/dt=2026-11-20/")
        number = sum(count for (one, day), count in counts.items() if one == account and day == "2026-11-20")
        trial.ask(f"{what}, one folder", name, {"acct": account, "dt": "2026-11-20"}, number, "--location", copy)
        if account is not None:
            events = sum(count for (one, _), count in counts.items() if one == account)
            untimed = sum(1 for event in map(read, lines)
                          if event.get("account") == account and "timestamp" not in event)
            trial.ask(f"{what}, the event's own account", name, {"account": account}, events + untimed)


def rare(trial, count):
    """A member that one of many events has."""
    mill = trial.mill
    definition = mill.definition("rare", "daily", stages='{ stage: "flag_signals" }', extra='dialect: "spacelift"')
    mill.put("rare.ndjson", hostile_events(count, days=1))
    mill("run", definition, "rare.ndjson", "--summary", "none")
    largest = max(mill.parts("rare"), key=lambda path: os.path.getsize(mill.path("rare/" + path)))
    with open(mill.path("rare/" + largest), "rb") as file:
        first = zlib.decompressobj(31)
        first.decompress(file.read())
        if not first.unused_data:
            sys.exit("readers: no part has several members: more events are needed")
    for program in trial.programs:
        trial.asked += 1
        began = time.monotonic()
        try:
            program.open(mill.schema("rare", program.name))
            if program.count() != count:
                trial.fail("a rare member", program, f"counts {program.count()} of {count} events")
            rows = [row for row in program.rows({"User": "x"})]
            if len(rows) != 1 or not rows[0]["signals"] or "audit_trail_deleted" not in rows[0]["signals"]:
                trial.fail("a rare member", program, f"{len(rows)} rows: {rows[:1]}")
        except Exception:
            trial.fail("a rare member", program, traceback.format_exc(limit=-2))
        print(f"  {program.name}: one of {count} events in {time.monotonic() - began:.1f} s", flush=True)


def earlier_versions(trial):
    """Archives that version 0.1 wrote."""
    folder = os.path.join(ROOT, "fixtures", "upgrade")
    for version in sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))):
        for archive in sorted(os.listdir(os.path.join(folder, version))):
            path = os.path.join(folder, version, archive, "archive")
            if not os.path.isdir(os.path.join(path, "_trailmill")):
                continue
            copy = trial.mill.path(f"{version}-{archive}")
            shutil.copytree(path, copy)
            # What 0.1 took out lies among the other parts until it is removed: `schema` says so.
            said = trial.mill("schema", copy, "--for", "duckdb", says=True)
            if "still lie among the others" in said:
                trial.mill("compact", copy, "--grace", "0s")
            if all(part.endswith((".ndjson.gz", ".ndjson")) for part in trial.mill.parts(copy)):
                keys = sorted({key.split("=")[0] for part in trial.mill.parts(copy) for key in part.split("/") if "=" in key})
                trial.compare(f"{archive} of {version}", copy, keys)


def other_types(trial):
    """Events whose members are of other types than when the table was made: nothing wrong is told."""
    mill = trial.mill
    definition = mill.definition("types", "daily", extra='dialect: "spacelift"')
    first = '{"account":"a","timestamp":%d,"n":5,"b":true,"s":"x"}'
    mill("run", definition, mill.put("types.ndjson", [first % START]), "--summary", "none")
    tables = {program.name: mill.schema("types", program.name) for program in trial.programs}
    for number, (member, value) in enumerate([("n", "1.7"), ("n", '"6"'), ("b", "1"), ("b", '"true"')]):
        copy = f"types{number}"
        shutil.copytree(mill.path("types"), mill.path(copy))
        event = '{"account":"a","timestamp":%d,"%s":%s}' % (START + 1, member, value)
        mill("run", mill.definition(copy, "daily", extra='dialect: "spacelift"'),
             mill.put("other.ndjson", [event]), "--summary", "none")
        for program in trial.programs:
            trial.asked += 1
            try:
                program.open(tables[program.name].replace(mill.path("types") + "/", mill.path(copy) + "/")
                             .replace(mill.path("types") + '"', mill.path(copy) + '"')
                             .replace(mill.path("types") + "'", mill.path(copy) + "'"))
                rows = program.rows()
            except Exception:
                continue  # an error is fine
            found = [row[member] for row in rows if row["event_json"] == event]
            if found != [None]:
                trial.fail(f"a member {member} that is {value}", program, f"is {found}")


def properties(trial, seed, worlds):
    """For any archive the table is exactly the events that `search` gives, member for member."""
    for number in range(seed, seed + worlds):
        huge = number % 4 == 0
        world = RandomWorld(number, huge)
        rng = world.rng
        layout = rng.choice(list(LAYOUTS))
        name = f"world{number}"
        definition = trial.mill.definition(
            name, layout, rng.choice(["gzip", "gzip", "none"]),
            stages=rng.choice(["", STAGES]), extra='dialect: "spacelift"')
        for run in range(rng.randrange(1, 4)):
            path = trial.mill.put(f"{name}-{run}.ndjson", [world.event() for _ in range(rng.randrange(1, 120))])
            trial.mill("run", definition, path, "--summary", "none")
        if rng.random() < 0.4:
            trial.mill("compact", name, "--grace", "0s")
        trial.compare(f"world {number} ({layout})", name, LAYOUTS[layout])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--quick", action="store_true", help="samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int)
    parser.add_argument("--only", nargs="*", help="programs")
    parser.add_argument("--steps", nargs="*", default=["page", "layouts", "zstd", "earlier", "rare", "types", "properties"])
    options = parser.parse_args()
    programs = adapters.available(options.only)
    if not programs:
        print("readers: skipped: none of the programs is there")
        return
    folder = tempfile.mkdtemp(prefix="trailmill-readers-")
    trial = Trial(Mill(os.path.abspath(options.binary), folder), programs)
    steps = {
        "page": lambda: page.run(trial, ROOT),
        "layouts": lambda: layouts(trial, options.quick),
        "zstd": lambda: zstd(trial, 20_000 if options.quick else 60_000),
        "earlier": lambda: earlier_versions(trial),
        "rare": lambda: rare(trial, 100_000 if options.quick else 200_000),
        "types": lambda: other_types(trial),
        "properties": lambda: properties(trial, options.seed, options.worlds or (6 if options.quick else 40)),
    }
    try:
        for step in options.steps:
            began = time.monotonic()
            steps[step]()
            print(f"{step}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        for program in programs:
            program.close()
        shutil.rmtree(folder, ignore_errors=True)
    if trial.failures:
        sys.exit(f"readers: {len(trial.failures)} of {trial.asked} comparisons failed")
    print(f"readers: {trial.asked} comparisons: as expected")


main()
