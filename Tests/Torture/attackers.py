#!/usr/bin/env python3
"""Somebody who may write into an archive's folder, at random, against every command.

    attackers.py TRAILMILL [--steps N] [--seed N] [--jobs N] [--only N]

Each step takes a copy of a small archive, does one to three things to it (plants, links, cuts, flips, swaps,
forges with and without the key, makes special files), and gives it to one to three commands. It must hold:

- No command ends by a signal, takes longer than 10 s, or more than 300 MB.
- Nothing outside of the archive changes: files beside it, to which links were laid, are as they were.
- A command that only reads either ends with an error, or says what it said of the archive before.
- `verify` finds what was changed, whatever else was done; where nothing that is covered was, it finds nothing.
  Against a known head it finds what was forged and chained anew, too, and with the public key what was
  forged without the key; against a witness, whatever a file of it is about that is as it was made. A file of the
  witness that is none of this archive's is found.
- Nothing is published on top of a history that the witness contradicts; and what a command has published that
  ends with 0 is witnessed.
- A delivery that a run says it has written is in a part.
"""
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import deliveries
from harness import OWN, Tool, take_steps
from merkle import root, sha256, subtrees
from witnesses import Told, WitnessAttack, kept, told

LONGEST = 10
MOST_MEMORY = 300 << 10  # KiB
# Folders within one another that an archive may have.
DEEPEST = 62

NUMBERS = ["9223372036854775807", "-1", "18446744073709551616", "1e400", "0", "-9223372036854775808", "4611686018427387904",
           "1099511627776", "null", '"7"', "true", "2"]
NAMES = ["part-000000000001-00000000-0000.ndjson.gz", "-rf", "a\nb", "..x", "x" * 255, "\u202egz", "part-x.ndjson",
         "000000000099.json", "000000000001.json", "lock", "000000000002.ndjson", "e.ndjson.gz.retired", "...", " "]


class World(NamedTuple):
    """An archive as commands left it, and what they say of it."""
    folder: Path
    head: str
    is_signed: bool
    # What its witness holds, by the numbers of the commits; nothing if it has none.
    witness: dict[int, bytes]
    answers: dict[tuple[str, ...], str]
    covered: dict[str, bytes]


class Ended(NamedTuple):
    code: int
    out: str
    err: str
    seconds_over: bool
    memory: int


def ended(tool: Tool, words: list[str], folder: Path) -> Ended:
    """Runs a command, with an eye on its time and memory."""
    class Late(Exception):
        pass

    def late(*_: object) -> None:
        raise Late

    with open(folder / "out", "w+b") as out, open(folder / "err", "w+b") as err:
        process = subprocess.Popen([tool.binary, *words], cwd=folder, env=tool.environment(None), stdout=out,
                                   stderr=err, stdin=subprocess.DEVNULL)
        is_late = False
        signal.signal(signal.SIGALRM, late)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except Late:
            is_late = True
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ended(process.returncode, out.read(1 << 22).decode(errors="replace"),
                     err.read(1 << 20).decode(errors="replace"), is_late, usage.ru_maxrss)


# --- The world ------------------------------------------------------------------------------------

DEFINITION = "nightly.json5"
READING: list[list[str]] = [
    ["search", "archive"], ["search", "archive", "--no-index"], ["search", "archive", "--key", "key-1", "--count"],
    ["search", "archive", "--actor", "*", "--count-by", "actor"], ["files", "archive"], ["log", "archive"],
    ["log", "archive", "--quarantine"], ["log", "archive", "--signals"], ["trail", "archive", "01KEY1"],
    ["report", "archive"], ["expire", "archive", "--before", "2026-01-02", "--dry-run"],
    ["compact", "archive", "--dry-run"], ["keys", "learn", "archive", "--output", "-"], ["hold", "archive"],
    ["prove", "archive", "--where", "/data/ID=n200"],
]
WRITING: list[list[str]] = [
    ["run", DEFINITION, "new", "--summary", "json"], ["run", DEFINITION, "two", "--summary", "json"],
    ["compact", "archive", "--grace", "0s"], ["compact", "archive"], ["expire", "archive", "--before", "2026-01-02"],
    ["hold", "archive", "a case", "--reason", "asked for"], ["index", "archive"], ["retry", DEFINITION, "archive"],
    ["run", DEFINITION, "one", "--replace", "--since", "2026-01-01", "--until", "2026-01-02", "--summary", "json"],
]


def made(tool: Tool, folder: Path, is_signed: bool, has_witness: bool) -> World:
    folder.mkdir()
    deliveries.two_nights(folder)
    text = (folder / "nightly.json5").read_text()
    tool.run(["keys", "generate-signing", "key.pem"], folder)
    more = ('signing_key: { file: "key.pem" }, ' if is_signed else "") + ('witness: "witness", ' if has_witness else "")
    (folder / "nightly.json5").write_text(text.replace('archive: "archive",', f'archive: "archive", {more}'))
    if has_witness:
        (folder / "witness").mkdir()
    outside = folder / "outside"
    (outside / "below").mkdir(parents=True)
    (outside / "precious").write_text("precious\n")
    (outside / "below" / "part-000000000001-00000000-0000.ndjson.gz").write_text("not yours\n")
    deliveries.save(folder / "new" / "n.ndjson", [deliveries.deliver(deliveries.event(900, deliveries.EPOCH))])
    words = [["run", DEFINITION, "one"], ["run", DEFINITION, "two"], ["run", DEFINITION, "late"], ["compact", "archive"],
             ["hold", "archive", "case 1", "--since", "2026-01-01", "--until", "2026-01-01T01:00:00Z"]]
    for command in words:
        done = tool.run([*command, *maintenance(command, is_signed, has_witness)], folder)
        if done.code != 0:
            sys.exit(f"attackers: {' '.join(command)}: ended with {done.code}: {done.stderr}")
    newest = max((folder / "archive" / OWN / "manifests").glob("*.json"))
    answers = {}
    for command in READING:
        found = tool.run(command, folder)
        if found.code != 0:
            sys.exit(f"attackers: {' '.join(command)}: ended with {found.code}: {found.stderr}")
        answers[tuple(command)] = found.stdout
    witness = kept(folder / "witness") if has_witness else {}
    if has_witness and len(witness) != len(words):
        sys.exit(f"attackers: {len(words)} commits have {len(witness)} files of the witness")
    return World(folder, sha256(newest.read_bytes()), is_signed, witness, answers, covered(folder / "archive"))


def maintenance(command: list[str], is_signed: bool, has_witness: bool) -> list[str]:
    if command[0] in ("run", "retry"):
        return []
    return (["--signing-key", "key.pem"] if is_signed else []) + (["--witness", "witness"] if has_witness else [])


def former(archive: Path) -> set[str]:
    """Files that commits took out: nobody has to miss them. As long as they are there they are what they were."""
    gone: set[str] = set()
    for rows in sorted((archive / OWN / "manifests").glob("*.ndjson")):
        for line in rows.read_bytes().splitlines():
            row = json.loads(line)
            if row["kind"] == "retired":
                gone |= {row["path"], row.get("to", row["path"])}
    return gone


def covered(archive: Path) -> dict[str, bytes]:
    """All that `verify` has to vouch for: files by path, and what is none."""
    found: dict[str, bytes] = {}
    for above, folders, files in os.walk(os.fsencode(archive)):
        for name in folders + files:
            path = os.path.join(above, name)
            relative = os.fsdecode(os.path.relpath(path, os.fsencode(archive)))
            is_uncovered = relative in (f"{OWN}/lock", f"{OWN}/staging", f"{OWN}/failed") or relative.startswith(
                (f"{OWN}/staging/", f"{OWN}/failed/"))
            if os.path.islink(path) and not relative.startswith((f"{OWN}/staging/", f"{OWN}/failed/")):
                found[relative] = b"link"
            elif os.path.isdir(path) or is_uncovered:
                if relative.count("/") > DEEPEST and not is_uncovered:
                    found[relative] = b"too deep"
            elif os.path.isfile(path):
                size = os.path.getsize(path)
                found[relative] = sha256(Path(os.fsdecode(path)).read_bytes()).encode() if size < 1 << 24 else b"huge"
            else:
                found[relative] = b"special"
    return found


def is_changed(world: World, now: dict[str, bytes]) -> bool:
    gone = former(world.folder / "archive")

    def counts(path: str) -> bool:
        # An index that was damaged retires for that.
        is_index = path.startswith(f"{OWN}/index/")
        return path not in gone or now.get(path) in (b"link", b"special") or (
            not is_index and now.get(path) is not None)
    return any(now.get(path) != world.covered.get(path) for path in {*now, *world.covered} if counts(path))


# --- What attackers do ----------------------------------------------------------------------------

class Attack:
    """What is done to one copy."""

    def __init__(self, folder: Path, world: World, dice: random.Random) -> None:
        self.folder, self.archive, self.world, self.dice = folder, folder / "archive", world, dice
        self.told: list[str] = []
        # What somebody without a head, or with the public key alone, cannot see.
        self.is_plausible = self.is_signed_anew = False
        # Commits the heads of which are other ones now, or none; a witness of any of them tells.
        self.other_heads: set[int] = set()

    def paths(self, files: bool = True) -> list[Path]:
        found = []
        for above, folders, names in os.walk(self.archive):
            found += [Path(above) / name for name in (names if files else folders)]
        return sorted(path for path in found if path.is_file() and not path.is_symlink() or not files)

    def file(self) -> Path | None:
        files = [path for path in self.paths() if path.stat().st_size <= 1 << 20]
        own = [path for path in files if OWN in path.parts]
        return self.dice.choice(own if own and self.dice.random() < 0.7 else files) if files else None

    def somewhere(self) -> Path:
        return self.dice.choice([self.archive, self.archive / OWN, *self.paths(files=False)])

    def vacate(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    # Each returns what it did, or None if it could not.

    def plant(self) -> str | None:
        place, name = self.somewhere(), self.dice.choice(NAMES)
        original = self.file()
        data = original.read_bytes() if original and self.dice.random() < 0.6 else self.dice.randbytes(40)
        try:
            (place / name).write_bytes(data)
        except OSError:
            return None
        return f"plant {place / name}"

    def link(self) -> str | None:
        choices = [*self.paths(), *self.paths(files=False), self.archive / OWN / "staging", self.archive / OWN / "new"]
        path = self.dice.choice(choices)
        to = self.dice.choice(["outside", "outside/precious", "outside/below", "outside/nothing", "/dev/zero",
                               "archive", "archive/_trailmill/manifests"])
        to = to if to.startswith("/") else str(self.folder / to)
        if self.dice.random() < 0.2:
            to = str(path)
        self.vacate(path)
        os.symlink(to, path)
        return f"link {path} -> {to}"

    def hard_link(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        path.unlink()
        os.link(self.folder / "outside" / "precious", path)
        return f"hard link {path}"

    def cut(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        length = self.dice.choice([0, 1, self.dice.randrange(path.stat().st_size + 1), path.stat().st_size + 9, 1 << 40])
        os.truncate(path, length)
        return f"cut {path} to {length}"

    def flip(self) -> str | None:
        path = self.file()
        if path is None or not path.stat().st_size:
            return None
        data = bytearray(path.read_bytes())
        data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
        path.write_bytes(data)
        # Of the newest header nothing but a head or a signature tells.
        if path == max((self.archive / OWN / "manifests").glob("*.json"), default=None):
            self.is_plausible = True
            self.other_heads.add(int(path.stem))
        return f"flip {path}"

    def remove(self) -> str | None:
        path = self.dice.choice(self.paths() + self.paths(files=False))
        self.vacate(path)
        return f"remove {path}"

    def swap(self) -> str | None:
        one, other = self.file(), self.file()
        if one is None or other is None or one == other:
            return None
        aside = self.folder / "aside"
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        return f"swap {one} and {other}"

    def special(self) -> str | None:
        path = self.file() if self.dice.random() < 0.7 else self.somewhere() / self.dice.choice(NAMES)
        if path is None:
            return None
        try:
            self.vacate(path)
            kind = self.dice.randrange(3)
            if kind == 0:
                os.mkfifo(path)
            elif kind == 1:
                path.mkdir()
            else:
                with socket.socket(socket.AF_UNIX) as made:
                    made.bind(os.path.relpath(path))
        except OSError:
            return None
        return f"special {path}"

    def deep(self) -> str | None:
        here = os.open(self.somewhere(), os.O_RDONLY)
        for _ in range(self.dice.choice([70, 400])):
            try:
                os.mkdir("d", dir_fd=here)
            except OSError:
                break
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(here)
        return "deep folders"

    def odd_name(self) -> str | None:
        try:
            with open(os.path.join(os.fsencode(self.somewhere()), b"\xff\xfe.gz"), "wb") as file:
                file.write(b"x")
        except OSError:
            return None
        return "a name that is no UTF-8"

    def stage(self) -> str | None:
        number = len(list((self.archive / OWN / "manifests").glob("*.json"))) + self.dice.choice([0, 1, 1, 2])
        place = self.archive / OWN / "staging" / f"{number:012}"
        try:
            place.mkdir(parents=True)
            for name in ("part-00000000", "rows", "header", "digests"):
                original = self.file()
                (place / name).write_bytes(original.read_bytes() if original else b"")
            if self.dice.random() < 0.3:
                os.symlink(self.folder / "outside", place / "below")
        except OSError:
            return None
        return f"stage {place}"

    def cut_history(self) -> str | None:
        """Takes the newest commits away, with all that is theirs."""
        manifests = self.archive / OWN / "manifests"
        newest = len(list(manifests.glob("*.json")))
        if newest < 2 or not all(path.is_file() for path in manifests.glob("*")):
            return None
        for number in range(newest, self.dice.randrange(1, newest), -1):
            self.other_heads.add(number)
            for end in ("json", "ndjson", "sig"):
                (manifests / f"{number:012}.{end}").unlink(missing_ok=True)
        self.is_plausible = self.is_signed_anew = True
        return "cut the newest commits"

    def forge(self) -> str | None:
        """Alters rows or a header, and chains everything behind anew; in half of the cases with the key."""
        manifests = self.archive / OWN / "manifests"
        paths = sorted(manifests.glob("*.json"))
        files = [*paths, *(path.with_suffix(".ndjson") for path in paths)]
        if not paths or not all(path.is_file() and path.stat().st_size <= 1 << 20 for path in files):
            return None
        first = self.dice.randrange(len(paths))
        rows_path = paths[first].with_suffix(".ndjson")
        try:
            rows = [json.loads(line) for line in rows_path.read_bytes().splitlines()]
            headers = [json.loads(path.read_bytes()) for path in paths]
        except ValueError:
            return None
        heads = [sha256(path.read_bytes()) for path in paths]
        what = self.forged(rows, headers[first]) if rows else "nothing"
        rows_path.write_bytes(b"".join(text(row) + b"\n" for row in rows))
        has_key = self.world.is_signed and self.dice.random() < 0.5
        self.chain(paths, headers, first, has_key)
        self.is_plausible = True
        self.is_signed_anew = self.is_signed_anew or has_key
        changed = (number for number, path in enumerate(paths, 1) if sha256(path.read_bytes()) != heads[number - 1])
        self.other_heads |= set(changed)
        return f"forge {what} in commit {first + 1}{' with the key' if has_key else ''}"

    def forged(self, rows: list[dict[str, Any]], header: dict[str, Any]) -> str:
        row = self.dice.choice(rows)
        kind = self.dice.randrange(5)
        if kind == 0:
            path = self.dice.choice(["../outside/precious", "/etc/passwd", f"{OWN}/lock", f"{OWN}/manifests/000000000001.json",
                                     f"{OWN}/staging/x", "a/../b", "", "x\0y", f"{OWN}/keys/../lock", "outside",
                                     self.dice.choice(rows).get("path", "x")])
            row["path"] = path
            return f"the path {path!r}"
        if kind == 1:
            member = self.dice.choice([name for name, value in row.items() if isinstance(value, int)] or ["bytes"])
            row[member] = Raw(self.dice.choice(NUMBERS))
            return f"the number {member} {row[member]}"
        if kind == 2:
            gone = {"kind": "retired", "path": row.get("path", "x"), "bytes": row.get("bytes", 1),
                    "sha256": row.get("sha256", "0" * 64), "records": 0, "reason": "superseded"}
            if self.dice.random() < 0.5:
                gone["path"] = self.dice.choice([f"{OWN}/manifests/000000000001.json", "../outside/precious", f"{OWN}/lock"])
            rows.append(gone)
            return f"a retired row of {gone['path']!r}"
        if kind == 3:
            rows.remove(row)
            return f"a row less: {row.get('path', row['kind'])}"
        member = self.dice.choice(list(header["counts"]))
        header["counts"][member] = Raw(self.dice.choice(NUMBERS))
        return f"the count {member}"

    def chain(self, paths: list[Path], headers: list[dict[str, Any]], first: int, has_key: bool) -> None:
        files = [path.read_bytes() for path in paths]
        for number in range(first, len(paths)):
            header = headers[number]
            lines = paths[number].with_suffix(".ndjson").read_bytes().splitlines()
            if number == first:
                header |= {"rows": len(lines), "rows_root": root(lines)}
            header["previous"] = sha256(files[number - 1]) if number else None
            header |= {"history_root": root(files[:number]), "history_nodes": subtrees(files[:number])}
            files[number] = text(header) + (b"\n" if files[number].endswith(b"\n") else b"")
            paths[number].write_bytes(files[number])
            if has_key:
                signature = subprocess.run(
                    ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(self.folder / "key.pem"), "-in", str(paths[number])],
                    capture_output=True, check=False)
                if signature.returncode == 0:
                    paths[number].with_suffix(".sig").write_bytes(signature.stdout)

    def attack_witness(self) -> str | None:
        if not self.world.witness:
            return None
        return WitnessAttack(self.folder / "witness", self.folder / "outside", self.dice).once()

    def unsign(self) -> str | None:
        signatures = sorted((self.archive / OWN / "manifests").glob("*.sig"))
        if not signatures:
            return None
        self.vacate(self.dice.choice(signatures))
        return "a signature less"


class Raw(str):
    """A JSON value as it is to be written."""


def text(value: Any) -> bytes:
    marks: list[str] = []

    def marked(item: Any) -> Any:
        if isinstance(item, Raw):
            marks.append(item)
            return f"\x00{len(marks) - 1}\x00"
        if isinstance(item, dict):
            return {name: marked(inner) for name, inner in item.items()}
        return [marked(inner) for inner in item] if isinstance(item, list) else item

    written = json.dumps(marked(value), separators=(",", ":"), ensure_ascii=False)
    for number, raw in enumerate(marks):
        written = written.replace(f'"\\u0000{number}\\u0000"', raw)
    return written.encode()


ATTACKS: list[Callable[[Attack], str | None]] = [
    Attack.plant, Attack.link, Attack.link, Attack.hard_link, Attack.cut, Attack.flip, Attack.remove, Attack.swap,
    Attack.special, Attack.deep, Attack.odd_name, Attack.stage, Attack.cut_history, Attack.forge, Attack.forge, Attack.forge,
    Attack.unsign, Attack.attack_witness, Attack.attack_witness, Attack.attack_witness,
]


# --- A step ---------------------------------------------------------------------------------------

def one_step(job: tuple[Tool, list[World], Path, int]) -> tuple[Counter[str], list[str]]:
    tool, worlds, folder, seed = job
    dice = random.Random(seed)
    world = dice.choice(worlds)
    target = Path(tempfile.mkdtemp(prefix="step-", dir=folder)) / "w"
    shutil.copytree(world.folder, target, symlinks=True)
    try:
        attack = Attack(target, world, dice)
        os.chdir(target)
        for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
            try:
                done = dice.choice(ATTACKS)(attack)
            except (OSError, ValueError, KeyError):
                continue  # an earlier attack left nothing to do this one to
            if done:
                attack.told.append(done.replace(str(target), ""))
        numbers, problems = commands(tool, world, attack)
    finally:
        os.chdir(folder)
        subprocess.run(["rm", "-rf", str(target.parent)], check=False)
    return numbers, [f"seed {seed}: {attack.told}: {problem}" for problem in problems]


def commands(tool: Tool, world: World, attack: Attack) -> tuple[Counter[str], list[str]]:
    numbers: Counter[str] = Counter(steps=1)
    problems: list[str] = []
    outside = snapshot(attack.folder / "outside")
    for _ in range(attack.dice.choice([1, 1, 2, 3])):
        kind = attack.dice.randrange(3)
        changed = is_changed(world, covered(attack.archive))
        if kind == 0:
            words = ["verify", "archive"]
        elif kind == 1:
            words = attack.dice.choice(READING)
        else:
            words = attack.dice.choice(WRITING)
            words = words + maintenance(words, world.is_signed, bool(world.witness))
        has_witness = bool(world.witness) and attack.dice.random() < 0.6
        witness = told(attack.folder / "witness", world.witness, world.is_signed)
        before = snapshot(attack.folder / "witness"), headers(attack.archive)
        has_head, has_key = attack.dice.random() < 0.5, world.is_signed and attack.dice.random() < 0.5
        if kind == 0:
            words = words + (["--head", world.head] if has_head else []) + (["--public-key", "key.pem.pub"] if has_key else [])
            words += ["--witness", "witness"] if has_witness else []
        done = ended(tool, words, attack.folder)
        numbers["commands"] += 1
        numbers[f"ended with {done.code}"] += 1
        name = " ".join(words)
        if done.code < 0 or done.code not in (0, 2, 3, 4, 5, 6, 7) or done.seconds_over:
            problems.append(f"{name}: {'took too long' if done.seconds_over else f'ended with {done.code}'}: {done.err[-300:]}")
        if done.memory > MOST_MEMORY:
            problems.append(f"{name}: took {done.memory >> 10} MB")
        if done.code != 0 and not done.err.strip() and not done.out.strip():
            problems.append(f"{name}: ended with {done.code}, and said nothing")
        if snapshot(attack.folder / "outside") != outside:
            problems.append(f"{name}: touched what is outside")
        if kind == 0:
            problems += judged(name, done, changed, has_head, has_key, witness if has_witness else None, attack)
        elif kind == 1 and done.code == 0 and not attack.is_plausible:
            answer = world.answers.get(tuple(words))
            if answer is not None and done.out != answer and not re.search("not verified|was left out", done.err):
                problems.append(f"{name}: ended with 0 and gave another answer: {done.out[:200]!r}")
        elif kind == 2 and done.code == 0 and words[:3:2] == ["run", "new"] and '"written":1' in done.out + done.err:
            if not is_in_a_part(attack.archive, b'"n900"'):
                problems.append(f"{name}: said that it has written what is in no part")
        if kind == 2 and world.witness:
            problems += judged_writer(name, done, witness, before[1], attack)
        elif kind < 2 and snapshot(attack.folder / "witness") != before[0]:
            problems.append(f"{name}: touched the witness")
        if kind == 2 and (done.code == 0 or before[1] != headers(attack.archive)):
            break  # The archive is another one now.
    return numbers, problems


def snapshot(folder: Path) -> dict[Path, tuple[int, int, bytes]]:
    """What is below a folder: mode, length, and how it begins (a hard link may have made it a TiB long)."""
    found = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        data = b""
        if path.is_file():
            with open(path, "rb") as file:
                data = file.read(1 << 16)
        found[path] = status.st_mode, status.st_size, data
    return found


def headers(archive: Path) -> dict[str, bytes]:
    """The headers of commits, by name."""
    files = (archive / OWN / "manifests").glob("*.json")
    return {path.name: path.read_bytes() for path in files if path.is_file() and path.stat().st_size < 1 << 20}


def judged_writer(name: str, done: Ended, witness: Told, before: dict[str, bytes], attack: Attack) -> list[str]:
    """Whether somebody published what the witness speaks against, or did not witness it."""
    after = headers(attack.archive)
    published = {number for number, data in after.items() if before.get(number) != data}
    if not published:
        return []
    if witness.is_contradiction or witness.fitting & attack.other_heads:
        return [f"{name}: ended with {done.code} and published against the witness: {done.err[-300:]}"]
    newest = max(published)
    record = attack.folder / "witness" / newest
    if done.code == 0 and not witness.is_unclear:
        if not record.is_file() or json.loads(record.read_bytes())["head"] != sha256(after[newest]):
            return [f"{name}: ended with 0 and did not witness {newest}: {done.err[-300:]}"]
    return []


def judged(name: str, done: Ended, changed: bool, has_head: bool, has_key: bool, witness: Told | None,
           attack: Attack) -> list[str]:
    is_visible = not attack.is_plausible or has_head or has_key and not attack.is_signed_anew
    if witness:
        is_visible = is_visible or bool(witness.fitting & attack.other_heads)
        if done.code == 0 and (witness.is_contradiction or witness.is_badly_signed and not witness.is_unclear):
            return [f"{name}: believed a witness that contradicts"]
        if done.code != 0 and (witness.is_contradiction or witness.is_badly_signed or witness.is_unclear):
            return []
        if not (attack.folder / "witness").is_dir():
            return [] if done.code else [f"{name}: did without the witness that it was to ask"]
    if changed and done.code == 0 and is_visible:
        return [f"{name}: found nothing"]
    if not changed and done.code != 0 and not attack.is_plausible:
        return [f"{name}: a false alarm, {done.code}: {done.out[-300:]}{done.err[-300:]}"]
    return []


def is_in_a_part(archive: Path, text: bytes) -> bool:
    import gzip
    for path in archive.rglob("*.ndjson.gz"):
        try:
            if path.stat().st_size <= 1 << 20 and text in gzip.decompress(path.read_bytes()):
                return True
        except (OSError, EOFError, ValueError):
            continue
    return False


def worlds(tool: Tool, folder: Path) -> tuple[list[World]]:
    return ([made(tool, folder / "unsigned", False, False), made(tool, folder / "signed", True, False),
             made(tool, folder / "witnessed", False, True), made(tool, folder / "signed-witnessed", True, True)],)


if __name__ == "__main__":
    take_steps("attackers", 1000, worlds, one_step)
