#!/usr/bin/env python3
"""Somebody without the key who has the operator's own jobs and readers believe what he wrote.

    forgers.py TRAILMILL [--steps N] [--seed N] [--jobs N] [--only N]

Each step takes a copy of a signed archive (of 40 commits, so that a checkpoint stands for most of them, or of two)
and does one of two things.

It forges rows of a commit that is not the newest, the header with them, and nothing behind: times, holds, counts,
rows too many and too few, the contents of parts and quarantines. Readers and one maintenance command come by, then
the originals are put back. It must hold:

- A command that only reads ends with an error, or says what it says of the archive as it was.
- A command that writes ends with an error and has published nothing, or has done exactly what it does to the
  archive as it was: the same events are in it, as often. `verify` finds nothing then, nor where nothing was done.

Or it puts something in the place of a file that costs much to look at, as long as the file: gzip of one line, of
empty lines, of short ones; and, where nobody signs, rows that fit files of 600 MB without any room. It must hold:

- No command ends by a signal, takes longer than 10 s, or more than 300 MB.
- `verify` finds it, and a command that reads refuses or says what it said before.
"""
import gzip
import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import deliveries
from attackers import LONGEST, MOST_MEMORY, ended
from harness import OWN, Tool, take_steps
from merkle import root, sha256, subtrees

SPARSE = 600 << 20
KEY = ["--signing-key", "key.pem"]

READING: list[list[str]] = [
    ["search", "archive"], ["search", "archive", "--verified"], ["search", "archive", "--no-index"],
    ["search", "archive", "--count", "--verified"], ["search", "archive", "--actor", "*", "--count-by", "actor"],
    ["files", "archive"], ["log", "archive"], ["log", "archive", "--reverse", "--limit", "2"],
    ["log", "archive", "--quarantine"], ["log", "archive", "--signals"], ["trail", "archive", "01KEY1"],
    ["trail", "archive", "01KEY1", "--verified"], ["report", "archive"], ["hold", "archive"],
    ["expire", "archive", "--before", "2026-01-03", "--dry-run"], ["compact", "archive", "--dry-run"],
    ["keys", "learn", "archive", "--output", "-"], ["prove", "archive", "--where", "/data/ID=n101"],
]
WRITING: list[list[str]] = [
    ["expire", "archive", "--before", "2026-01-03", "--grace", "0s"], ["compact", "archive", "--grace", "0s"],
    ["compact", "archive"], ["hold", "archive", "a case", "--since", "2026-01-01"], ["index", "archive"],
    ["retry", "mended.json5", "archive"], ["run", "nightly.json5", "new"],
    ["run", "nightly.json5", "one", "--replace", "--since", "2026-01-01", "--until", "2026-01-02"],
]


class World(NamedTuple):
    """An archive as commands left it, what they say of it, and what is in it when they have done something to it."""
    folder: Path
    head: str
    is_signed: bool
    answers: dict[tuple[str, ...], str]
    ends: dict[tuple[str, ...], tuple[int, list[str]]]


def words_of(command: list[str], is_signed: bool) -> list[str]:
    return command + (KEY if is_signed and command[0] not in ("run", "retry") else [])


def manifests(archive: Path) -> list[Path]:
    return sorted((archive / OWN / "manifests").glob("*.json"))


def rows_of(header: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in header.with_suffix(".ndjson").read_bytes().splitlines()]


def live(archive: Path) -> dict[str, dict[str, Any]]:
    """Published files that were not taken out, by path."""
    found: dict[str, dict[str, Any]] = {}
    for header in manifests(archive):
        for row in rows_of(header):
            if row["kind"] == "retired":
                found.pop(row["path"], None)
            elif "staged" in row:
                found[row["path"]] = row
    return found


def events(archive: Path) -> list[str]:
    """The digests of all events, each as often as it is there; a part that is not what its row says is one."""
    found: list[str] = []
    for path, row in live(archive).items():
        if row["kind"] != "part":
            continue
        data = (archive / path).read_bytes() if (archive / path).is_file() else b""
        if sha256(data) != row["sha256"]:
            found.append(f"no {path}")
            continue
        found += [hashlib.sha256(line).hexdigest() for line in gzip.decompress(data).splitlines()]
    return sorted(found)


def made(tool: Tool, folder: Path, commits: int, is_signed: bool) -> World:
    folder.mkdir()
    deliveries.two_nights(folder)
    tool.run(["keys", "generate-signing", "key.pem"], folder)
    if is_signed:
        for name in ("nightly.json5", "mended.json5"):
            plan = (folder / name).read_text()
            (folder / name).write_text(
                plan.replace('archive: "archive",', 'archive: "archive", signing_key: { file: "key.pem" },'))
    dice = random.Random(1)
    # A part in which a bomb has room.
    large = [deliveries.deliver(json.dumps({
        "account": "large", "action": "stack.update", "actor": "jane", "data": {"ID": f"l{n}", "pad": dice.randbytes(300).hex()},
        "timestamp": deliveries.EPOCH * 1000 + n}, separators=(",", ":")).encode()) for n in range(1600)]
    deliveries.save(folder / "large" / "a.ndjson", large)
    deliveries.save(folder / "new" / "n.ndjson", [deliveries.deliver(deliveries.event(900, deliveries.EPOCH))])
    for n in range(commits):
        late = deliveries.EPOCH + n % 3 * deliveries.DAY + n
        deliveries.save(folder / f"n{n}" / "a.ndjson", [deliveries.deliver(deliveries.event(300 + n, late))])
    words = [["run", "nightly.json5", "one"], ["run", "nightly.json5", "two"]]
    if commits:
        words += [["hold", "archive", "case 1", "--since", "2026-01-02", "--until", "2026-01-02T01:00:00Z"],
                  ["run", "nightly.json5", "large"]] + [["run", "nightly.json5", f"n{n}"] for n in range(commits)]
    for command in words:
        done = tool.run(words_of(command, is_signed), folder)
        if done.code != 0:
            sys.exit(f"forgers: {' '.join(command)}: ended with {done.code}: {done.stderr}")
    answers = {}
    for command in READING:
        found = tool.run(command, folder)
        if found.code != 0:
            sys.exit(f"forgers: {' '.join(command)}: ended with {found.code}: {found.stderr}")
        answers[tuple(command)] = found.stdout
    ends = {}
    for command in WRITING:
        copy = folder.with_name("copy")
        shutil.copytree(folder, copy, symlinks=True)
        done = tool.run(words_of(command, is_signed), copy)
        ends[tuple(command)] = done.code, events(copy / "archive")
        shutil.rmtree(copy)
    return World(folder, sha256(manifests(folder / "archive")[-1].read_bytes()), is_signed, answers, ends)


# --- What is done ---------------------------------------------------------------------------------

class Forger:
    """What is done to one copy, and how it is undone."""

    def __init__(self, folder: Path, world: World, dice: random.Random) -> None:
        self.folder, self.archive, self.world, self.dice = folder, folder / "archive", world, dice
        self.originals: dict[Path, bytes | None] = {}

    def keep(self, path: Path) -> None:
        self.originals.setdefault(path, path.read_bytes() if path.exists() else None)

    def restore(self) -> None:
        """Puts everything back, also where a command has moved it to."""
        for path, data in self.originals.items():
            relative = path.relative_to(self.archive)
            retired = self.archive / OWN / "retired" / f"{relative}.retired"
            if data is None:
                path.unlink(missing_ok=True)
                retired.unlink(missing_ok=True)
            elif retired.exists() and not path.exists():
                retired.write_bytes(data)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)

    def forge(self) -> str | None:
        headers = manifests(self.archive)
        number = self.dice.randrange(len(headers) - 1)
        header = headers[number]
        rows = rows_of(header)
        what = self.forged(rows)
        if what is None:
            return None
        self.keep(header)
        self.keep(header.with_suffix(".ndjson"))
        lines = [json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode() for row in rows]
        header.with_suffix(".ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
        text = json.loads(header.read_bytes()) | {"rows": len(lines), "rows_root": root(lines)}
        header.write_bytes(json.dumps(text, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
        return f"forge {what} in commit {number + 1}"

    def forged(self, rows: list[dict[str, Any]]) -> str | None:
        parts = [row for row in rows if row["kind"] == "part"]
        kind = self.dice.choice(["times", "hold", "less", "retired", "content", "content", "quarantine", "more", "records"])
        if kind == "less":
            row = rows.pop(self.dice.randrange(len(rows)))
            return f"a row less, {row['kind']}"
        if kind == "hold":
            held = next((row for row in rows if row["kind"] == "hold"), None)
            if held is None:
                rows.append({"kind": "release", "name": "case 1"} if self.dice.random() < 0.5 else
                            {"kind": "hold", "name": "all", "since": "2000-01-01T00:00:00Z", "until": None, "reason": ""})
                return rows[-1]["kind"]
            held["since"], held["until"] = "2034-01-01T00:00:00Z", None
            return "a hold"
        if kind == "quarantine":
            row = next((row for row in rows if row["kind"] == "quarantine"), None)
            return row and self.content(row, b"no JSON", b'{\\"a\\":1}')
        if not parts:
            return None
        row = self.dice.choice(parts)
        if kind == "times":
            year = self.dice.choice(["2020", "2034"])
            for member in ("first_time", "last_time"):
                row[member] = year + (row[member] or "2026-01-01T00:00:00Z")[4:]
        elif kind == "retired":
            rows.append({"kind": "retired", **{name: row[name] for name in ("path", "bytes", "sha256", "records")},
                         "reason": "expired", "to": f"{OWN}/retired/{row['path']}.retired"})
        elif kind == "content":
            return self.content(row, b"stack.update", b"stack.FORGED")
        elif kind == "more":
            other = row | {"path": row["path"].replace("-0000.ndjson", "-0007.ndjson"), "staged": "part-00000077"}
            self.keep(self.archive / other["path"])
            data = gzip.compress(gzip.decompress((self.archive / row["path"]).read_bytes()).replace(b"n", b"m"), mtime=0)
            (self.archive / other["path"]).write_bytes(data)
            rows.insert(rows.index(row) + 1, other | {"bytes": len(data), "sha256": sha256(data),
                                                      "merkle_root": root(gzip.decompress(data).splitlines())})
        else:
            row["records"] += self.dice.choice([-1, 1, 1 << 40])
        return f"{kind} of {row['path']}"

    def content(self, row: dict[str, Any], old: bytes, new: bytes) -> str | None:
        path = self.archive / row["path"]
        if not path.is_file():
            return None
        text = gzip.decompress(path.read_bytes())
        self.keep(path)
        data = gzip.compress(text.replace(old, new), mtime=0)
        path.write_bytes(data)
        row |= {"bytes": len(data), "sha256": sha256(data)}
        if "merkle_root" in row:
            row["merkle_root"] = root(text.replace(old, new).splitlines())
        return f"the content of {row['path']}"

    def bomb(self, bombs: list[bytes]) -> str | None:
        """Puts something in the place of a file that is as long, and costs much."""
        bomb = self.dice.choice(bombs)
        sizes = {path: row["bytes"] for path, row in live(self.archive).items() if row["bytes"] >= len(bomb)}
        if not sizes:
            return None
        path = self.dice.choice(sorted(sizes))
        (self.archive / path).write_bytes(bomb + bytes(sizes[path] - len(bomb)))
        return f"a bomb in {path}"

    def long_rows(self) -> str:
        header = self.dice.choice(manifests(self.archive))
        header.with_suffix(".ndjson").write_bytes(self.dice.choice([b"\n", b"{}\n", b"x"]) * (64 << 20))
        return f"long rows of {header.name}"

    def sparse(self, digest: str, bombs: list[bytes]) -> str | None:
        """Without a key in the way: rows that fit a file of nothing, or a bomb; and all behind chained anew."""
        headers = manifests(self.archive)
        number = self.dice.randrange(len(headers))
        rows = rows_of(headers[number])
        files = [row for row in rows if "staged" in row]
        if not files:
            return None
        row = self.dice.choice(files)
        path = self.archive / row["path"]
        bomb = self.dice.choice([None, bombs[0], bombs[1]])
        path.unlink(missing_ok=True)
        if bomb is None:
            with open(path, "wb") as file:
                file.truncate(SPARSE)
            row |= {"bytes": SPARSE, "sha256": digest}
        else:
            path.write_bytes(bomb)
            row |= {"bytes": len(bomb), "sha256": sha256(bomb), "records": self.dice.choice([1, 400 << 20])}
        row.pop("blocks_root", None)
        lines = [json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode() for row in rows]
        headers[number].with_suffix(".ndjson").write_bytes(b"".join(line + b"\n" for line in lines))
        files_before = [header.read_bytes() for header in headers]
        for place in range(number, len(headers)):
            text = json.loads(files_before[place])
            if place == number:
                text |= {"rows": len(lines), "rows_root": root(lines)}
            text |= {"previous": sha256(files_before[place - 1]) if place else None,
                     "history_root": root(files_before[:place]), "history_nodes": subtrees(files_before[:place])}
            files_before[place] = json.dumps(text, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
            headers[place].write_bytes(files_before[place])
        return f"{'nothing' if bomb is None else 'a bomb'} for {row['path']}"


# --- A step ---------------------------------------------------------------------------------------

Job = tuple[Tool, list[World], list[bytes], str, Path, int]


def one_step(job: Job) -> tuple[Counter[str], list[str]]:
    tool, worlds, bombs, digest, folder, seed = job
    dice = random.Random(seed)
    world = dice.choice(worlds)
    target = Path(tempfile.mkdtemp(prefix="step-", dir=folder)) / "w"
    shutil.copytree(world.folder, target, symlinks=True)
    forger = Forger(target, world, dice)
    numbers: Counter[str] = Counter(steps=1)
    try:
        kind = dice.random()
        if world.is_signed and kind < 0.6:
            told, check = forger.forge(), forged
        elif kind < 0.65:
            told, check = forger.long_rows(), bombed
        elif world.is_signed or kind < 0.8:
            told, check = forger.bomb(bombs), bombed
        else:
            told, check = forger.sparse(digest, bombs), chained_anew
        problems = check(tool, world, forger, numbers) if told else []
    finally:
        subprocess.run(["rm", "-rf", str(target.parent)], check=False)
    return numbers, [f"seed {seed}: {told}: {problem}" for problem in problems]


def done_by(tool: Tool, words: list[str], forger: Forger, numbers: Counter[str]) -> tuple[int, str, str, list[str]]:
    done = ended(tool, words, forger.folder)
    numbers["commands"] += 1
    numbers[f"ended with {done.code}"] += 1
    problems = []
    name = " ".join(words)
    if done.code not in (0, 2, 3, 4, 5, 6, 7) or done.seconds_over:
        problems.append(f"{name}: {f'took more than {LONGEST} s' if done.seconds_over else f'ended with {done.code}'}")
    if done.memory > MOST_MEMORY:
        problems.append(f"{name}: took {done.memory >> 10} MB")
    return done.code, done.out, done.err, problems


def read(tool: Tool, world: World, forger: Forger, numbers: Counter[str], count: int,
         is_plausible: bool = False) -> list[str]:
    problems = []
    for command in forger.dice.sample(READING, count):
        code, out, err, wrong = done_by(tool, command, forger, numbers)
        problems += wrong
        if code == 0 and not is_plausible and out[:1 << 22] != world.answers[tuple(command)][:1 << 22] and not re.search(
                "not verified|was left out|cannot be used", err):
            problems.append(f"{' '.join(command)}: believed it: {out[:200]!r} {err[-200:]!r}")
    return problems


def forged(tool: Tool, world: World, forger: Forger, numbers: Counter[str]) -> list[str]:
    problems = read(tool, world, forger, numbers, 2)
    words = ["verify", "archive", "--head", world.head, "--public-key", "key.pem.pub"]
    code, _, _, wrong = done_by(tool, words, forger, numbers)
    problems += wrong + ([] if code == 5 else [f"verify ended with {code}"])
    command = forger.dice.choice(WRITING)
    code, out, err, wrong = done_by(tool, words_of(command, True), forger, numbers)
    problems += wrong
    is_published = len(manifests(forger.archive)) > len(manifests(world.folder / "archive"))
    forger.restore()
    name = " ".join(command)
    if code == 0 or is_published:
        wanted, there = world.ends[tuple(command)]
        if (code, events(forger.archive)) != (wanted, there):
            problems.append(f"{name}: acted on it: ended with {code}: {out[-200:]} {err[-200:]}")
    code, out, err, wrong = done_by(tool, words, forger, numbers)
    if code != 0:
        problems.append(f"{name}: left something behind: {out[-300:]} {err[-300:]}")
    return problems + wrong


def chained_anew(tool: Tool, world: World, forger: Forger, numbers: Counter[str]) -> list[str]:
    """Nobody can tell without the head that it is another archive."""
    return bombed(tool, world, forger, numbers, is_plausible=True)


def bombed(tool: Tool, world: World, forger: Forger, numbers: Counter[str], is_plausible: bool = False) -> list[str]:
    problems = read(tool, world, forger, numbers, 1, is_plausible)
    code, _, _, wrong = done_by(tool, ["verify", "archive", "--head", world.head], forger, numbers)
    problems += wrong + ([] if code == 5 else [f"verify ended with {code}"])
    command = words_of(forger.dice.choice(WRITING), world.is_signed)
    return problems + done_by(tool, command, forger, numbers)[3]


def worlds(tool: Tool, folder: Path) -> tuple[list[World], list[bytes], str]:
    archives = [made(tool, folder / "long", 36, True), made(tool, folder / "short", 0, True),
                made(tool, folder / "unsigned", 3, False)]
    texts = [b'{"id":1,"x":"' + b"a" * (400 << 20) + b'"}\n', b"\n" * (400 << 20), b"{}\n" * (128 << 20)]
    bombs = [gzip.compress(text, 9, mtime=0) for text in texts]
    return archives, bombs, hashlib.sha256(bytes(SPARSE)).hexdigest()


if __name__ == "__main__":
    take_steps("forgers", 400, worlds, one_step)
