#!/usr/bin/env python3
"""Whether those who watch would notice: the shim, `order.py` and `archive_check.py` are given what is wrong.

    shim.py TRAILMILL

A test that finds nothing proves something only if it can find. So calls are taken out of a good trace, and
an archive is altered byte by byte; each time somebody has to notice.
"""
import gzip
import random
import shutil
import sys
import tempfile
from pathlib import Path

import deliveries
import order
from harness import OWN, Tool, build_shim, faults, report, superseded_by, tree, unseen_calls

import archive_check as oracle

WORDS = ["run", "nightly.json5", "--output", "archive", "--threads", "1", "--summary", "none"]


def check_order(tool: Tool, folder: Path) -> tuple[int, list[str]]:
    """A trace without one of its syncs must be told from the whole one."""
    done, calls = tool.trace([*WORDS, "one"], folder)
    if done.code != 0 or any(order.violations(calls)):
        return 0, [f"the trace of a good run is refused: {done.stderr}", *order.violations(calls)]
    syncs = [call for call in calls if call.name in ("fsync", "fdatasync", "syncfs", "sync")]
    # A folder in which nothing was named may be synced in vain, and is no loss.
    unnoticed = [call for call in syncs if not any(order.violations([other for other in calls if other != call]))]
    total = [call for call in calls if call not in syncs]
    problems = [] if any(order.violations(total)) else ["a trace without any sync is taken for a good one"]
    problems += [f"nobody misses call {call.number}, {call.name} {call.path}" for call in unnoticed
                 if "/staging/" in call.path or call.path.endswith("/manifests")]
    return len(syncs), problems


def check_shim(tool: Tool, folder: Path) -> list[str]:
    """Killed where it was told to, and failing as it was told to."""
    problems = []
    for number, do, code in ((1, "kill-before", 137), (5, "kill-after", 137), (3, "EIO", 4), (1, "EINTR", 0)):
        shutil.rmtree(folder / "archive", ignore_errors=True)
        done = tool.run([*WORDS, "one"], folder, faults(folder, number, do))
        if done.code != code:
            problems.append(f"{do} at call {number}: ended with {done.code}, expected {code}: {done.stderr}")
    return problems


def check_archive(folder: Path, dice: random.Random) -> tuple[int, list[str]]:
    """Every file that is altered, shortened, removed or added must be noticed."""
    files = sorted(path for path in (folder / "archive").rglob("*")
                   if path.is_file() and path.name != "lock")
    problems, tried = [], 0
    # What the newest header says by itself (a clock, say) only its head covers, which is kept elsewhere.
    newest = max(path for path in files if path.suffix == ".json")
    passed = superseded_by(tree(folder / "archive"))
    for path in files:
        for what in ("shortened", "removed", "added") if path == newest else ("altered", "shortened", "removed", "added"):
            if what == "removed" and str(path.relative_to(folder / "archive")) in passed:
                continue
            data, target = path.read_bytes(), path
            if what == "altered":
                place = dice.randrange(len(data))
                path.write_bytes(data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1:])
            elif what == "shortened":
                path.write_bytes(data[:-1])
            elif what == "removed":
                path.unlink()
            else:
                target = path.with_name("added-" + path.name)
                target.write_bytes(gzip.compress(b"{}\n"))
            tried += 1
            if not oracle.findings(folder / "archive"):
                problems.append(f"{path.relative_to(folder)} {what}: nobody notices")
            if target != path:
                target.unlink()
            path.write_bytes(data)
            path.chmod(0o600 if f"/{OWN}/quarantine/" in str(path) else 0o644)
    return tried, problems + oracle.findings(folder / "archive")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="shim-") as name:
        folder = Path(name).resolve() / "case"
        folder.mkdir()
        shim = build_shim(folder.parent)
        if shim is None:
            return
        tool = Tool(sys.argv[1], shim)
        deliveries.two_nights(folder)
        problems = [f"the shim does not see {call}" for call in unseen_calls(tool.binary)] + check_shim(tool, folder)
        shutil.rmtree(folder / "archive", ignore_errors=True)
        syncs, found = check_order(tool, folder)
        problems += found
        done = tool.run([*WORDS, "two"], folder)
        if done.code != 0:
            problems.append(f"ended with {done.code}: {done.stderr}")
        altered, found = check_archive(folder, random.Random(1))
        report("shim", {"syncs taken out": syncs, "alterations": altered}, problems + found)


if __name__ == "__main__":
    main()
