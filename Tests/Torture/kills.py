#!/usr/bin/env python3
"""Kills the tool at every call by which it changes the disk, and lets every such call fail.

    kills.py TRAILMILL [--quick] [--only SCENARIO] [--processes N]

For each scenario the calls of an undisturbed run are counted (`faults.c`). Then, for every call, a
copy of the archive as it was before is run up to that call: killed before it, after it, in the middle
of it; or the call fails, once or from there on. What must hold:

- After a kill, a plain run of the same command gives the archive that an undisturbed run would have
  given, byte for byte but for the clock in the new header.
- A call that is interrupted or does less than was asked for changes nothing.
- Any other failure ends with exit code 4 and a message; before the commit what readers see is as it
  was, after it the next run completes the archive.
- Whatever happened, `archive_check.py` finds nothing wrong after that next run, and nothing is staged.

`--quick` takes a sample of the calls. The last line is JSON with what was tried.
"""
import argparse
import gzip
import hashlib
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import deliveries
import order
from harness import (
    Call, Done, Tool, Tree, build_shim, differences, faults, headers, report, staged, tree, unseen_calls,
    superseded_by, visible, without_clock)

import archive_check as oracle

KILLS = ["kill-before", "kill-after", "kill-half"]
SURVIVED = ["EINTR", "short"]
OPENING, WRITING, NAMING = {"create", "open"}, {"write", "pwrite"}, {"rename", "link", "mkdir"}
SYNCING, REMOVING = {"fsync", "fdatasync", "syncfs", "sync"}, {"unlink", "rmdir"}
# What can happen to which calls: once, and from there on.
HAPPENS: dict[str, set[str]] = {
    "kill-half": WRITING,
    "short": WRITING | {"read", "pread"},
    "EINTR": OPENING | WRITING | SYNCING | {"truncate", "close", "read", "pread"},
    "ENOSPC": {"create", "truncate"} | WRITING | NAMING | SYNCING,
    "EMFILE": OPENING,
    "EROFS": {"create"} | NAMING | REMOVING,
    "late-EIO": {"create", "rename", "mkdir", "unlink", "rmdir", "close"} | SYNCING,
}
ONCE = ["ENOSPC", "EIO", "EMFILE", "late-EIO", *SURVIVED]
STICKY = ["ENOSPC", "EIO", "EROFS"]
# What may fail without making the run a failure, if the archive is whole all the same: tidying up.
FORGIVABLE = {"close", "unlink", "rmdir"}


class Scenario(NamedTuple):
    """A command over an archive, and what completes it after anything that happened."""
    name: str
    base: Path
    words: list[str]
    again: Callable[[Path], list[str]]


class Case(NamedTuple):
    """One disturbed run."""
    at: Call
    do: str
    is_sticky: bool
    reads: bool

    def __str__(self) -> str:
        return f"{self.do}{' from there on' if self.is_sticky else ''} at call {self.at.number} " \
               f"({self.at.name} {self.at.path}{' -> ' if self.at.to else ''}{self.at.to})"


def run_words(inputs: str, definition: str = "nightly.json5") -> list[str]:
    return ["run", definition, inputs, "--output", "archive", "--threads", "1", "--summary", "none"]


class Torture:
    def __init__(self, tool: Tool, folder: Path, is_quick: bool) -> None:
        self.tool = tool
        self.folder = folder
        self.is_quick = is_quick
        self.has_ledger = False
        self.problems: list[str] = []
        self.numbers: Counter[str] = Counter()

    # --- Scenarios

    def prepare(self) -> list[Scenario]:
        start = self.folder / "start"
        start.mkdir()
        deliveries.two_nights(start)
        before = self.extended(start, "before", run_words("one"))
        twice = self.extended(before, "twice", run_words("one"))
        self.has_ledger = len(headers(twice / "archive")) == 1
        made = [
            Scenario("second night", before, run_words("two"), self.again(before, "two")),
            Scenario("first night", start, run_words("one"), self.again(start, "one")),
        ]
        made += self.recoveries(made[0])
        made += self.witnessed(start)
        made += self.later_commands(before)
        return made

    def witnessed(self, start: Path) -> list[Scenario]:
        """A night whose commits a witness beside the archive keeps."""
        if not self.tool.knows_option("verify", "--witness"):
            print("skipped: witnessed: this binary does not know it", file=sys.stderr)
            return []
        definition = (start / "nightly.json5").read_text()
        (start / "witnessed.json5").write_text(
            definition.replace('archive: "archive"', 'archive: "archive", witness: "witness"'))
        (start / "witness").mkdir()
        base = self.extended(start, "before-witnessed", run_words("one", "witnessed.json5"))
        return [Scenario("second night, witnessed", base, run_words("two", "witnessed.json5"),
                         lambda case: run_words("two", "witnessed.json5"))]

    def again(self, base: Path, inputs: str) -> Callable[[Path], list[str]]:
        """The same run again. A tool that does not know what it has read is given nothing to read
        once the run is committed."""
        known = len(headers(base / "archive"))

        def words(case: Path) -> list[str]:
            is_committed = len(headers(case / "archive")) > known
            return run_words("nothing.ndjson" if is_committed and not self.has_ledger else inputs)
        return words

    def extended(self, base: Path, name: str, words: list[str]) -> Path:
        target = self.folder / name
        shutil.copytree(base, target)
        self.must(self.tool.run(words, target), name)
        return target

    def must(self, done: Done, what: str) -> None:
        if done.code != 0:
            sys.exit(f"kills: {what}: ended with {done.code}: {done.stderr}")

    def recoveries(self, scenario: Scenario) -> list[Scenario]:
        """The run that completes a killed one is killed itself: just behind the commit, and half way."""
        calls = self.undisturbed(scenario)[1]
        renames = [call for call in calls if call.name == "rename" and call.is_done]
        commit = next(call for call in renames if call.to.endswith(".json"))
        moved = [call for call in renames if call.number > commit.number]
        staging = [call for call in calls if call.name in REMOVING and call.number > moved[-1].number]
        made = []
        for name, call in (("just committed", commit), ("half way", moved[len(moved) // 2]), ("all moved", moved[-1]),
                           ("nearly cleaned", staging[0])):
            target = self.folder / name.replace(" ", "-")
            shutil.copytree(scenario.base, target)
            self.tool.run(scenario.words, target, faults(target, call.number, "kill-after"))
            made.append(Scenario(f"completed: {name}", target, scenario.again(target), scenario.again))
        return made

    def later_commands(self, before: Path) -> list[Scenario]:
        """Commands that an older tool does not have."""
        base = self.extended(self.extended(before, "both", run_words("two")), "late-too", run_words("late"))
        made = []
        for name, words, is_repeated in (
            # What is repeatable is what the next run does; after the others it just opens the archive.
            ("replace", [*run_words("one"), "two", "late", "--replace", "--since", "2026-01-02", "--until",
                         "2026-01-02T01:00:00Z"], False),
            ("compact", ["compact", "archive", "--threads", "1"], True),
            ("compact and sweep", ["compact", "archive", "--threads", "1", "--grace", "0s"], True),
            ("expire", ["expire", "archive", "--before", "2026-01-02"], True),
            ("expire and sweep", ["expire", "archive", "--before", "2026-01-02", "--grace", "0s"], True),
            ("hold", ["hold", "archive", "case-1", "--since", "2026-01-01", "--reason", "torture"], False),
            ("retry", ["retry", "mended.json5", "archive"], False),
        ):
            command = name.split()[0]
            is_known = self.tool.knows_option("run", "--replace") if command == "replace" else self.tool.knows(command)
            if not is_known:
                print(f"skipped: {name}: this binary does not know it", file=sys.stderr)
                continue
            target = self.folder / f"try-{name}"
            shutil.copytree(base, target)
            done = self.tool.run(words, target)
            if done.code != 0 or len(headers(target / "archive")) != 4:
                self.problems.append(f"{name}: `{' '.join(words)}` ended with {done.code}: {done.stderr.strip()}")
                continue
            made.append(Scenario(name, base, words, self.once(base, words, is_repeated)))
        return made

    def once(self, base: Path, words: list[str], is_repeated: bool) -> Callable[[Path], list[str]]:
        """The same command again, or, if it is committed, anything that opens the archive."""
        known = len(headers(base / "archive"))
        return lambda case: (
            words if is_repeated or len(headers(case / "archive")) == known else run_words("nothing.ndjson"))

    # --- Cases

    def undisturbed(self, scenario: Scenario, reads: bool = False) -> tuple[Tree, list[Call]]:
        target = self.folder / "undisturbed"
        shutil.rmtree(target, ignore_errors=True)
        copied(scenario.base, target)
        done, calls = self.tool.trace(scenario.words, target, reads)
        self.must(done, scenario.name)
        return tree(target / "archive"), calls

    def cases(self, scenario: Scenario, calls: list[Call], reads: list[Call]) -> Iterator[Case]:
        for call in calls:
            for do in KILLS:
                if call.name in HAPPENS.get(do, {call.name}):
                    yield Case(call, do, False, False)
        for call in reads:
            for do in ONCE:
                if call.name in HAPPENS.get(do, {call.name}):
                    yield Case(call, do, False, True)
            for do in STICKY:
                if call.name in HAPPENS.get(do, {call.name}):
                    yield Case(call, do, True, True)

    def torture(self, scenario: Scenario, pool: "multiprocessing.pool.Pool") -> None:
        expected, calls = self.undisturbed(scenario)
        repeated, more = self.undisturbed(scenario)
        self.problems += [f"{scenario.name}: not the same twice: {told}"
                          for told in differences(without_clock(repeated), without_clock(expected))]
        if [(call.name, call.path, call.to) for call in calls] != [(call.name, call.path, call.to) for call in more]:
            self.problems.append(f"{scenario.name}: the calls of two equal runs differ")
        self.problems += [f"{scenario.name}: {told}" for told in order.violations(calls)]
        reads = self.undisturbed(scenario, reads=True)[1]
        cases = list(self.cases(scenario, calls, reads))
        if self.is_quick:
            # A prime step, so that the sample does not always meet the same kind of case.
            cases = cases[hash_of(scenario.name) % 31::31]
        self.numbers["points"] += len(calls)
        self.numbers["scenarios"] += 1
        jobs = [(self.tool, self.folder, scenario.name, case, without_clock(expected)) for case in cases]
        for numbers, problems in pool.imap_unordered(one_case, jobs, chunksize=4):
            self.numbers.update(numbers)
            self.problems += problems


def copied(base: Path, target: Path) -> None:
    """A copy, so old that no file in it is read twice for fear that its clock did not tell an alteration."""
    shutil.copytree(base, target)
    time.sleep(0.06)


def hash_of(text: str) -> int:
    """The same in every process."""
    return sum(text.encode())


# Closures do not travel between processes: they inherit these instead.
SCENARIOS: dict[str, Scenario] = {}


def one_case(job: tuple[Tool, Path, str, Case, Tree]) -> tuple[Counter[str], list[str]]:
    tool, folder, name, case, expected = job
    scenario = SCENARIOS[name]
    target = Path(tempfile.mkdtemp(prefix="case-", dir=folder)) / "case"
    copied(scenario.base, target)
    try:
        numbers, problems = disturbed(tool, scenario, target, case, expected)
    finally:
        shutil.rmtree(target.parent, ignore_errors=True)
    return numbers, [f"{name}: {case}: {problem}" for problem in problems]


def disturbed(tool: Tool, scenario: Scenario, target: Path, case: Case,
              expected: Tree) -> tuple[Counter[str], list[str]]:
    numbers: Counter[str] = Counter(cases=1)
    # Where an earlier run is completed first, readers see more before this one is committed.
    is_fresh = not scenario.name.startswith("completed")
    before, known = visible(tree(target / "archive")), len(headers(scenario.base / "archive"))
    done = tool.run(scenario.words, target, faults(target, case.at.number, case.do, case.is_sticky, case.reads))
    after = tree(target / "archive")
    is_committed = len(headers(target / "archive")) > known
    problems = []
    twice = records(after) - (records(before) | records(expected))
    if twice:
        problems.append(f"found by name more often than they are there: {dict(twice)}")
    if case.do in KILLS:
        numbers["kills"] += 1
        if not done.was_killed:
            problems.append(f"was not killed: {done}")
    else:
        numbers["faults"] += 1
        # On the way to what is put aside there folders are opened.
        is_way = case.at.name == "open" and case.at.path in ("archive/_trailmill", "archive/_trailmill/staging")
        is_tidying = case.at.name in FORGIVABLE or case.at.to.endswith(".leaving") or is_way
        if case.do in SURVIVED or done.code == 0 and is_tidying:
            numbers["survived"] += 1
            told = differences(visible(without_clock(after)), visible(expected))
            if case.do in SURVIVED:
                told = differences(without_clock(after), expected)
            if done.code != 0 or told:
                problems += [f"ended with {done.code}: {done.stderr.strip()}", *told]
        elif not (done.code == 2 and is_before_archive(case)) and (done.code != 4 or not done.has_message()):
            problems.append(f"ended with {done.code}: {done.stderr.strip()!r}")
        is_told = any(told in done.stderr for told in ("committed", "published, not witnessed")) or (
            done.stdout != "" and "nothing was published" not in done.stderr)
        if done.code != 0 and is_committed and not is_told and is_fresh:
            problems.append(f"does not say that it is committed: {done.stderr.strip()!r}")
        if is_fresh and not case.is_sticky and not is_committed and staged(target / "archive"):
            # The next run removes it; a run that fails by itself should have done so.
            numbers["left staged"] += 1
    if not is_committed:
        if is_fresh:
            problems += [f"what readers see has changed: {told}" for told in differences(visible(after), before)]
    elif done.code != 0:
        numbers["behind the commit"] += 1
    # The next run.
    repaired = tool.run(scenario.again(target), target)
    if repaired.code != 0:
        problems.append(f"the next run ended with {repaired.code}: {repaired.stderr.strip()}")
    repaired_tree = without_clock(tree(target / "archive"))
    # A sweep that was cut off leaves folders of which it had removed all files: no harm to anybody.
    empty = {path for path in repaired_tree if path not in expected and repaired_tree[path][1] is None
             and "sweep" in scenario.name and not any((target / "archive" / path).rglob("*.gz"))}
    numbers["empty folders left"] += bool(empty)
    # A run that starts once more removes what only runs read and a newer file stands for.
    passed = superseded_by(repaired_tree) | superseded_by(expected)
    found = differences({path: entry for path, entry in repaired_tree.items() if path not in empty | passed},
                        {path: entry for path, entry in expected.items() if path not in passed})
    wrong = oracle.findings(target / "archive")
    if staged(target / "archive"):
        found.append(f"staged: {staged(target / 'archive')}")
    if found or wrong:
        numbers["lost"] += 1
    if "witnessed" in scenario.name:
        found += unwitnessed(target)
    problems += [f"after the next run: {told}" for told in found + wrong]
    if tool.knows("verify"):
        verified = tool.run(["verify", "archive"], target)
        if verified.code != 0:
            problems.append(f"verify ended with {verified.code}: {verified.stderr.strip()}{verified.stdout.strip()}")
    return numbers, problems


def records(found: Tree) -> Counter[bytes]:
    """What who looks for parts by their names finds in them."""
    return Counter(line for path, (_, data) in found.items() if path.endswith(".ndjson.gz") and data
                   for line in gzip.decompress(data).splitlines())


def unwitnessed(target: Path) -> list[str]:
    """What is wrong with the witness: every commit has a file there with its head, and nothing else has."""
    heads = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in headers(target / "archive")}
    files = {path.name: path.read_bytes() for path in (target / "witness").iterdir()}
    wrong = [f"the witness has {sorted(files)}"] if files.keys() != heads.keys() else []
    for name in files.keys() & heads.keys():
        if not files[name].endswith(b"\n") or json.loads(files[name])["head"] != heads[name]:
            wrong.append(f"the witness is wrong about {name}: {files[name]!r}")
    return wrong


def is_before_archive(case: Case) -> bool:
    """Definition and tables that cannot be read are a fault of the command line (2)."""
    return case.at.path in ("nightly.json5", "keys.json", "one", "two", "nothing.ndjson", ".")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name).resolve()
        shim = build_shim(folder)
        if shim is None:
            return
        torture = Torture(Tool(options.binary, shim), folder, options.quick)
        torture.problems += [f"the shim does not see {call}" for call in unseen_calls(torture.tool.binary)]
        scenarios = [scenario for scenario in torture.prepare() if options.only in scenario.name]
        SCENARIOS.update({scenario.name: scenario for scenario in scenarios})
        # Forked, so that the processes know the scenarios.
        with multiprocessing.get_context("fork").Pool(options.processes) as pool:
            for scenario in scenarios:
                torture.torture(scenario, pool)
        torture.numbers.setdefault("lost", 0)
        report("kills", {"knows its inputs": torture.has_ledger} | dict(torture.numbers), torture.problems)


if __name__ == "__main__":
    main()
