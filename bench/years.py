#!/usr/bin/env python3
"""What a look-up costs after years: runs over an archive with the files of digests of so many days.

    years.py TRAILMILL [--days 30,365,1095] [--per-day 100000000] [--new 1000] [--folder FOLDER]

For each number of days an archive is made whose digests are those of that many days: for each day one file of
seven eighths of it and one of the hours over midnight, as a job at three in the morning writes them, and mixed
files of what came late. The files have the length, the table, the hashes and the row of real ones; the digests
in them are zeros, so that they take little room (days share one file by hard links), and no parts are there.
Then a run is given new deliveries of the last day, of a day in the middle, and of the last day by values at
pointers, which have no day (a hundredth as many). Printed is what strace saw of the files of digests. Needs strace.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

BLOCK = 65536
LAST = date(2026, 3, 2)
OWN = "_trailmill"


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root(leaves: list[bytes]) -> bytes:
    """The root of an RFC 6962 tree over hashes of leaves."""
    level = leaves
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[at] + level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0] if level else sha256(b"")


def make_digests(path: Path, count: int) -> tuple[int, str]:
    """A file of so many digests, all zeros but for the table, and its root."""
    bits = max(0, max(count // 4, 1).bit_length() - 1)
    buckets = 1 << bits
    table = (buckets + 1) * 4
    table += -table % 32
    content = 32 + table + 32 * count
    zeros = sha256(b"\x00" + bytes(BLOCK))
    hashes = []
    with path.open("wb") as file:
        head = b"TMDIGEST" + struct.pack("<QQQ", count, bits, 0)
        head += b"".join(struct.pack("<I", bucket * count // buckets) for bucket in range(buckets + 1))
        head += bytes(32 + table - len(head))
        file.write(head)
        for at in range(0, content, BLOCK):
            if at < len(head):
                block = head[at:at + BLOCK]
                block += bytes(min(BLOCK, content - at) - len(block))
                hashes.append(sha256(b"\x00" + block))
            else:
                hashes.append(zeros if content - at >= BLOCK else sha256(b"\x00" + bytes(content - at)))
        file.truncate(content)
        file.seek(content)
        file.write(b"".join(hashes))
    return content + 32 * len(hashes), root(hashes).hex()


class Archive:
    """An archive of a run without deliveries, to whose rows those of digests are added."""

    def __init__(self, tool: Path, folder: Path, definition: str) -> None:
        self.tool, self.folder = tool, folder
        self.rows: list[str] = []
        (folder / "d.json5").write_text(definition)
        (folder / "first").write_text('{"n":"first","timestamp":"2020-01-01T00:00:00Z"}\n')
        self.run("first", "d.json5")
        manifest = folder / "a" / OWN / "manifests" / "000000000001.ndjson"
        self.manifest = manifest
        written = [json.loads(line) for line in manifest.read_text().splitlines()]
        self.rule = next(row["time_rule"] for row in written if row["kind"] == "digests")

    def run(self, name: str, definition: str, trace: Path | None = None) -> float:
        words = [str(self.tool), "run", definition, name, "--summary", "none", "--threads", "1"]
        if trace:
            words = ["strace", "-f", "-qq", "-y", "-e", "trace=openat,openat2,pread64,mmap", "-o", str(trace), *words]
        begun = time.monotonic()
        subprocess.run(words, cwd=self.folder, check=True)
        return time.monotonic() - begun

    def add(self, number: int, count: int, days: list[date], made: tuple[int, str], source: Path) -> None:
        path = f"{OWN}/digests/000000000001-00000000-{number}.digests"
        os.link(source, self.folder / "a" / path)
        self.rows.append(json.dumps(
            {"kind": "digests", "path": path, "staged": "x", "bytes": made[0], "sha256": "0" * 64, "records": count,
             "blocks_root": made[1], "days": [str(day) for day in sorted(days)], "time_rule": self.rule},
            separators=(",", ":")))

    def commit(self) -> None:
        """Takes the rows for those of the first commit."""
        lines = self.manifest.read_text().splitlines() + self.rows
        self.manifest.write_text("".join(line + "\n" for line in lines))
        header = self.manifest.with_suffix(".json")
        said = json.loads(header.read_text())
        said |= {"rows": len(lines), "rows_root": root([sha256(b"\x00" + line.encode()) for line in lines]).hex()}
        header.write_text(json.dumps(said, separators=(",", ":")) + ("\n" if header.read_text().endswith("\n") else ""))


def fill(archive: Archive, folder: Path, days: int, per_day: int) -> int:
    """The files of so many days; returns how many these are."""
    shapes: dict[int, tuple[tuple[int, str], Path]] = {}

    def add(count: int, of: list[date]) -> None:
        if count not in shapes:
            source = folder / f"of-{count}"
            shapes[count] = (make_digests(source, count), source)
        made, source = shapes[count]
        archive.add(len(archive.rows) + 1, count, of, made, source)

    for back in range(days):
        day = [LAST - timedelta(back)]
        add(per_day // 8, day)
        if back:
            add(per_day * 7 // 8, day)
    # One in a hundred is late by up to a month: three files of each class, each of the nights after the last.
    late, nights, back = per_day // 100, 1, 0
    while back < days and late * nights < 1 << 26:
        for _ in range(3):
            if back < days:
                add(late * nights, [LAST - timedelta(back + day) for day in range(nights + 30)])
            back += nights
        nights *= 4
    archive.commit()
    return len(archive.rows) + 1


def seen(trace: Path) -> tuple[int, int, int]:
    """Files of digests that were opened, reads of them, and their bytes."""
    opened, reads, size = set(), 0, 0
    for line in trace.read_text().splitlines():
        if found := re.search(r'open.*"([^"]*\.digests)"', line):
            opened.add(found[1])
        elif found := re.search(r"pread64\(\d+<[^>]*\.digests>.*= (\d+)", line):
            reads += 1
            size += int(found[1])
    return len(opened), reads, size


def deliveries(path: Path, name: str, day: date, count: int) -> None:
    path.write_text("".join(
        json.dumps({"n": f"{name}-{number}", "timestamp": f"{day}T12:00:00Z"}) + "\n" for number in range(count)))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("tool", type=Path)
    options.add_argument("--days", default="30,365,1095")
    options.add_argument("--per-day", type=int, default=100_000_000)
    options.add_argument("--new", type=int, default=1000)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if not shutil.which("strace"):
        sys.exit("years.py: strace is not there")
    print(f"{'days':>5} {'files':>6}  {'asked':<18} {'opened':>6} {'reads':>6} {'MiB':>7} {'seconds':>8}")
    for days in [int(text) for text in given.days.split(",")]:
        with tempfile.TemporaryDirectory(dir=given.folder) as text:
            folder = Path(text)
            stages = '{ version: 1, stages: [{ stage: "deduplicate"%s }], output: { archive: "a" } }'
            archive = Archive(given.tool.resolve(), folder, stages % "")
            (folder / "by.json5").write_text(stages % ', by: ["/n"]')
            files = fill(archive, folder, days, given.per_day)
            middle = LAST - timedelta(days // 2)
            for what, definition, day in (
                    ("nothing", "d.json5", None), ("the last day", "d.json5", LAST),
                    ("a day before", "d.json5", middle), ("by values", "by.json5", LAST)):
                name = what.replace(" ", "-")
                count = 0 if day is None else given.new if definition == "d.json5" else max(1, given.new // 100)
                deliveries(folder / name, name, day or LAST, count)
                shutil.rmtree(folder / "b", ignore_errors=True)
                # What a run writes is not to be there for the next one.
                shutil.copytree(folder / "a", folder / "b", copy_function=os.link)
                archive.run(name, definition, folder / "trace")
                opened, reads, size = seen(folder / "trace")
                shutil.rmtree(folder / "a")
                shutil.copytree(folder / "b", folder / "a", copy_function=os.link)
                seconds = archive.run(name, definition)
                shutil.rmtree(folder / "a")
                (folder / "b").rename(folder / "a")
                print(f"{days:>5} {files:>6}  {what:<18} {opened:>6} {reads:>6} {size / 2**20:>7.1f} {seconds:>8.2f}",
                      flush=True)


if __name__ == "__main__":
    main()
