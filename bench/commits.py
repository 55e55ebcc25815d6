#!/usr/bin/env python3
"""What a search costs after years of hourly runs: questions to an archive of so many commits.

    commits.py TRAILMILL [--commits 1500,26000] [--parts 5] [--runs 3] [--folder FOLDER] [--keep]

For each number of commits an archive is made as that many hourly runs leave it, each with so many parts. The first
run and the last are real ones; the manifests, parts and indexes between them are made from those of the first, with
the names, the times and the digests that theirs would be, so that `trailmill verify` finds nothing. (Their events
keep the time of the first run: only the last day may be asked for.) Printed is the processor time of questions, the
median of so many runs, warm, and, where strace is there, how many files of which kind the question opened.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import resource
import shutil
import statistics
import struct
import subprocess
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

OWN = "_trailmill"
# Names of one file: ext4 allows 65,000.
MOST_LINKS = 50_000
DEFINITION = '{ version: 1, output: { archive: "a" } }\n'


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Tree:
    """An RFC 6962 tree that grows."""

    def __init__(self) -> None:
        self.nodes: list[tuple[int, bytes]] = []

    def append(self, leaf: bytes) -> None:
        size, node = 1, sha256(b"\x00" + leaf)
        while self.nodes and self.nodes[-1][0] == size:
            node = sha256(b"\x01" + self.nodes.pop()[1] + node)
            size *= 2
        self.nodes.append((size, node))

    def root(self) -> str:
        if not self.nodes:
            return sha256(b"").hex()
        root = self.nodes[-1][1]
        for _, node in reversed(self.nodes[:-1]):
            root = sha256(b"\x01" + node + root)
        return root.hex()


def dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def events(moment: datetime, parts: int) -> str:
    return "".join(
        dump({"account": f"account-{number}", "action": "stack.create", "actor": "jane",
              "timestamp": stamp(moment)}).decode() + "\n" for number in range(parts))


class Archive:
    """An archive of a real run, on top of which others are made."""

    def __init__(self, tool: Path, folder: Path, commits: int, parts: int) -> None:
        self.tool, self.folder, self.parts, self.commits = tool, folder, parts, commits
        self.path = folder / "a"
        self.newest = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        (folder / "d.json5").write_text(DEFINITION)
        self.run("first", self.hour(1))
        manifest = self.path / OWN / "manifests" / "000000000001"
        self.rows = [json.loads(line) for line in manifest.with_suffix(".ndjson").read_bytes().splitlines()]
        text = manifest.with_suffix(".json").read_bytes()
        self.header = json.loads(text)
        self.history = Tree()
        self.history.append(text)
        self.head = sha256(text).hex()
        self.sources = {row["path"]: (self.path / row["path"], 0) for row in self.rows if row["kind"] == "part"}
        self.index = next(self.path / row["path"] for row in self.rows if row["kind"] == "index").read_bytes()
        for sequence in range(2, commits):
            self.commit(sequence)
        self.run("last", self.newest)

    def hour(self, sequence: int) -> datetime:
        return self.newest - timedelta(hours=self.commits - sequence)

    def run(self, name: str, moment: datetime) -> None:
        (self.folder / name).write_text(events(moment, self.parts))
        subprocess.run([str(self.tool), "run", "d.json5", name, "--summary", "none"], cwd=self.folder, check=True)

    def commit(self, sequence: int) -> None:
        """A commit like the first."""
        moment = self.hour(sequence)
        digest = sha256(b"input %d" % sequence).hex()
        run = f"{sequence:012}-{sha256(bytes.fromhex(self.head) + bytes.fromhex(digest)).hex()[:8]}"
        folder = f"dt={moment:%Y-%m-%d}/hr={moment:%H}"
        tree, lines = Tree(), []
        for row in self.rows:
            row = dict(row)
            if row["kind"] == "input":
                row |= {"name": f"hour-{sequence}", "sha256": digest, "beginning": digest[:16]}
            elif row["kind"] == "part":
                path = re.sub(r"dt=[^/]*/hr=[^/]*", folder, row["path"]).replace(self.header["run"], run)
                self.link(row["path"], self.path / path)
                row |= {"path": path, "first_time": stamp(moment), "last_time": stamp(moment)}
            elif row["kind"] == "index":
                row |= self.write_index(row["path"].replace(self.header["run"], run), sequence)
            lines.append(dump(row))
            tree.append(lines[-1])
        header = self.header | {
            "sequence": sequence, "previous": self.head, "run": run, "rows": len(lines), "rows_root": tree.root(),
            "history_root": self.history.root(), "history_nodes": [node.hex() for _, node in self.history.nodes],
            "clock": {"started": stamp(moment), "finished": stamp(moment)}}
        text = dump(header) + b"\n"
        manifest = self.path / OWN / "manifests" / f"{sequence:012}"
        manifest.with_suffix(".ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
        manifest.with_suffix(".json").write_bytes(text)
        self.history.append(text)
        self.head = sha256(text).hex()

    def link(self, like: str, path: Path) -> None:
        """Gives the file of a part of the first run another name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        source, links = self.sources[like]
        if links == MOST_LINKS:
            shutil.copyfile(source, path)
            self.sources[like] = (path, 0)
        else:
            os.link(source, path)
            self.sources[like] = (source, links + 1)

    def write_index(self, path: str, sequence: int) -> dict:
        """The first run's index, as one of another commit's parts; it is shorter than a block."""
        content = bytearray(self.index[:-32])
        count, directory = struct.unpack_from("<QQ", content, len(content) - 24)
        for entry in range(count):
            struct.pack_into("<Q", content, directory + 32 * entry, sequence)
        block = sha256(b"\x00" + content)
        data = bytes(content) + block
        (self.path / path).write_bytes(data)
        return {"path": path, "bytes": len(data), "sha256": sha256(data).hex(), "blocks_root": block.hex()}


def processor(words: list[str]) -> tuple[float, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output.strip()


def opened(words: list[str], trace: Path) -> str:
    """How many files of which folder of the archive's own were opened, and how many parts."""
    if not shutil.which("strace"):
        return "not known: strace is not there"
    # A file for each thread: in one, the lines of calls that meet are torn.
    subprocess.run(["strace", "-ff", "-qq", "-e", "trace=openat,openat2", "-o", str(trace), *words],
                   check=True, capture_output=True)
    traces = list(trace.parent.glob(f"{trace.name}.*"))
    lines = [line for path in traces for line in path.read_text().splitlines()]
    for path in traces:
        path.unlink()
    found = collections.Counter()
    for line in lines:
        if (name := re.search(r'"([^"]*)"', line)) and re.search(r"= \d+$", line):
            if name[1].endswith(".gz"):
                found["parts"] += 1
            elif place := re.search(r"([a-z]+)/[0-9]{12}[^/]*$", name[1]):
                found[place[1]] += 1
            elif ending := re.fullmatch(r"[0-9]{12}[^/]*\.(\w+)", name[1]):
                found["." + ending[1]] += 1
    return ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("tool", type=Path)
    options.add_argument("--commits", default="1500,26000")
    options.add_argument("--parts", type=int, default=5)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path)
    options.add_argument("--keep", action="store_true", help="leave the archives there")
    given = options.parse_args()
    tool = given.tool.resolve()
    for commits in [int(text) for text in given.commits.split(",")]:
        folder = Path(tempfile.mkdtemp(prefix="commits-", dir=given.folder))
        try:
            begun = time.monotonic()
            archive = Archive(tool, folder, commits, given.parts)
            print(f"{commits:,} commits, {commits * given.parts:,} parts, made in {time.monotonic() - begun:.0f} s"
                  + (f": {archive.path}" if given.keep else ""), flush=True)
            since = stamp(archive.newest - timedelta(days=1))
            path = str(archive.path)
            for what, words in (
                    ("search --since yesterday", ["search", path, "--since", since, "--count"]),
                    ("search --actor nobody", ["search", path, "--actor", "nobody", "--count"]),
                    ("log --limit 1", ["log", path, "--limit", "1"])):
                words = [str(tool), *words]
                processor(words)
                seconds = statistics.median(processor(words)[0] for _ in range(given.runs))
                print(f"  {what:<26} {seconds:>7.3f} s of processor; opened: {opened(words, folder / 'trace')}",
                      flush=True)
        finally:
            if not given.keep:
                shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
