#!/usr/bin/env python3
"""A year of nights at an endpoint, against a model that holds the truth in memory.

    soak.py TRAILMILL [--nights 365] [--seed 1] [--no-kills]

Every night deliveries come in, early, late and repeatedly, into files that are new, grown (plain, or
gzip with a further member), cut off in the middle of a line, rotated, renamed, copied, compressed; or
by a pipe. The nightly run reads them, is killed or meets a fault now and then, and is run again. Now and
then small parts are merged, a window is replaced, old days expire, and some are held.

The model knows of every delivery whether it has to be in the archive, which is exactly once. Every 30
nights, and at the end, `archive_check.py` must find nothing wrong, the archive must hold what the model says,
byte for byte, and its digests must be those of everything that was ever written.
"""
import argparse
import gzip
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import deliveries
from harness import Done, Tool, build_shim, faults, finish, report, staged

import archive_check as oracle

SUMMARY = ["--summary", "none"]
KEPT_DAYS = 60


def date(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(deliveries.EPOCH + day * deliveries.DAY))


class Delivery:
    """A delivery that was made: its line may be in many files."""

    def __init__(self, number: int, at: int, account: str) -> None:
        self.body = deliveries.event(number, at, account)
        self.digest = hashlib.sha256(self.body).digest()
        self.day = (at - deliveries.EPOCH) // deliveries.DAY


class Model:
    """What is in the archive, and what it remembers."""

    def __init__(self) -> None:
        self.live: dict[bytes, Delivery] = {}
        self.ever: set[bytes] = set()
        self.held: dict[str, tuple[int, int]] = {}

    def run(self, read: list[Delivery]) -> None:
        for delivery in read:
            if delivery.digest not in self.ever:
                self.live[delivery.digest] = delivery
                self.ever.add(delivery.digest)

    def replace(self, read: list[Delivery], since: int, until: int) -> None:
        for delivery in read:
            if since <= delivery.day < until:
                self.live[delivery.digest] = delivery
                self.ever.add(delivery.digest)

    def is_held(self, day: int) -> bool:
        return any(since <= day < until for since, until in self.held.values())

    def expire(self, before: int) -> int:
        gone = [digest for digest, delivery in self.live.items()
                if delivery.day < before and not self.is_held(delivery.day)]
        for digest in gone:
            del self.live[digest]
        return len(gone)


class Shelf:
    """The endpoint's files, as they are on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: dict[bytes, Delivery] = {}
        self.texts: dict[str, bytes] = {}

    def line(self, delivery: Delivery, received: int) -> bytes:
        line = deliveries.deliver(delivery.body, received)
        self.lines[line] = delivery
        return line

    def append(self, name: str, text: bytes) -> None:
        """Adds text; to a gzip file as a further member."""
        self.texts[name] = self.texts.get(name, b"") + text
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as file:
            file.write(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)

    def rename(self, name: str, new: str) -> None:
        self.texts[new] = self.texts.pop(name)
        (self.folder / name).rename(self.folder / new)

    def deliveries(self, text: bytes) -> list[Delivery]:
        """Those whose lines are complete; forgeries are none."""
        return [self.lines[line] for line in text.splitlines(keepends=True) if line in self.lines]

    def all(self) -> list[Delivery]:
        return [delivery for name in sorted(self.texts) for delivery in self.deliveries(self.texts[name])]

    def is_incomplete(self, name: str) -> bool:
        return not self.texts[name].endswith(b"\n")


class Soak:
    def __init__(self, tool: Tool, folder: Path, seed: int, has_kills: bool) -> None:
        self.tool = tool
        self.folder = folder
        self.dice = random.Random(seed)
        self.has_kills = has_kills
        self.model = Model()
        self.shelf = Shelf(folder / "in")
        self.made: list[Delivery] = []
        self.rests: dict[str, bytes] = {}
        self.problems: list[str] = []
        self.numbers: Counter[str] = Counter()
        self.night = 0
        self.piped: list[bytes] = []
        self.expired_before = -100
        self.has_replace = tool.knows_option("run", "--replace")
        deliveries.save_definition(folder)
        (folder / "in").mkdir()

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    # --- The tool, disturbed

    def command(self, words: list[str], stdin: bytes | None = None, codes: tuple[int, ...] = (0,)) -> Done:
        """Runs it until it ends by itself, however often that takes."""
        text = None if stdin is None else stdin.decode()
        while self.has_kills and self.chance(0.45):
            self.disturbed(words, text, codes)
        done = self.tool.run(words, self.folder, stdin=text)
        self.numbers["commands"] += 1
        if done.code not in codes:
            self.problems.append(f"night {self.night}: `{' '.join(words)}` ended with {done.code}: {done.stderr.strip()}")
        elif staged(self.folder / "archive"):
            self.problems.append(f"night {self.night}: staged: {staged(self.folder / 'archive')}")
        return done

    def disturbed(self, words: list[str], stdin: str | None, codes: tuple[int, ...]) -> None:
        streams = {} if stdin is None else {"stdin": subprocess.PIPE}
        if self.chance(0.3) or self.tool.shim is None:
            process = self.tool.start(words, self.folder, **streams)
            if stdin is None:
                time.sleep(self.dice.random() ** 2 * 0.02)
                process.kill()
            done, what = finish(process, stdin), "killed at any time"
        else:
            do = self.dice.choice(["kill-before", "kill-after", "kill-half", "EIO", "ENOSPC", "late-EIO", "EINTR",
                                   "short"])
            done = finish(self.tool.start(words, self.folder, faults(
                self.folder / "archive", 1 + int(100 * self.dice.random() ** 2), do,
                sticky=do in ("EIO", "ENOSPC") and self.chance(0.5)), **streams), stdin)
            what = "killed at a call" if do.startswith("kill") else "fault"
        self.numbers[f"{what}: ended with {done.code}"] += 1
        if done.code not in (4, 137, *codes) or done.code == 4 and not done.has_message():
            self.problems.append(f"night {self.night}: `{' '.join(words)}`, disturbed, ended with {done.code}: "
                                 f"{done.stderr.strip()}")

    def run_words(self, *inputs: str) -> list[str]:
        return ["run", "nightly.json5", *inputs, "--output", "archive", *SUMMARY, "--threads",
                str(self.dice.randrange(1, 4))]

    # --- What comes in

    def text(self, count: int) -> bytes:
        """Lines of new deliveries, of some that came before, and of forgeries."""
        lines = []
        for _ in range(count):
            day = max(0, self.night - (self.dice.randrange(12) if self.chance(0.1) else 0))
            at = deliveries.EPOCH + day * deliveries.DAY + self.dice.randrange(4) * 3600 + self.dice.randrange(3600)
            self.made.append(Delivery(len(self.made), at, self.dice.choice(["example", "globex"])))
            lines.append(self.shelf.line(self.made[-1], self.night))
        for _ in range(self.dice.randrange(4)):
            # Late or again: mostly of these days, at times of long ago.
            recent = self.made[-200:] if self.chance(0.8) else self.made
            lines.append(self.shelf.line(self.dice.choice(recent), self.dice.randrange(1000)))
        if self.chance(0.1):
            lines.append(deliveries.deliver(self.made[-1].body, secret="forged"))
        self.dice.shuffle(lines)
        return b"".join(lines)

    def receive(self) -> None:
        for name, rest in list(self.rests.items()):
            if self.chance(0.7):
                self.shelf.append(name, rest)
                del self.rests[name]
                self.numbers["lines completed"] += 1
        whole = [name for name in self.shelf.texts if not self.shelf.is_incomplete(name)]
        recent = sorted(whole)[-12:]
        kind = self.dice.choice(["new", "new gzip", "grown", "grown gzip", "log", "log", "cut off", "cut off gzip"])
        name = f"{self.night:04}-{self.dice.randrange(1000):03}.ndjson"
        text = self.text(self.dice.randrange(1, 25))
        if kind.startswith("grown"):
            suffix = ".gz" if kind.endswith("gzip") else ".ndjson"
            candidates = [other for other in recent if other.endswith(suffix)]
            name = self.dice.choice(candidates) if candidates else name
        elif kind == "log":
            if self.chance(0.2) and "log.ndjson" in whole:
                self.shelf.rename("log.ndjson", f"{self.night:04}-rotated.ndjson")
                self.numbers["rotated"] += 1
            name = "log.ndjson" if "log.ndjson" not in self.rests else name
        elif kind == "new gzip":
            name += ".gz"
        if kind.startswith("cut off"):
            name += ".gz" if kind.endswith("gzip") else ""
            place = len(text) - self.dice.randrange(2, 100)
            self.rests[name], text = text[place:], text[:place]
        self.shelf.append(name, text)
        self.numbers[kind] += 1
        if self.chance(0.05) and whole:
            old = self.dice.choice(whole)
            if old in self.shelf.texts and old != "log.ndjson":
                self.shelf.rename(old, f"moved-{self.night}-{old}")
                self.numbers["renamed"] += 1
        if self.chance(0.05) and whole:
            old = self.dice.choice(whole)
            if old in self.shelf.texts:
                ending = "" if old.endswith(".gz") else self.dice.choice(["", ".gz"])
                self.shelf.append(f"copy-{self.night}-{old}{ending}", self.shelf.texts[old])
                self.numbers["copied, or compressed"] += 1

    # --- What is done

    def nightly(self) -> None:
        self.receive()
        if self.chance(0.1):
            text = self.dice.choice(self.piped) if self.piped and self.chance(0.3) else self.text(5)
            self.piped.append(text)
            self.command(self.run_words("-"), stdin=text)
            self.model.run(self.shelf.deliveries(text))
            self.numbers["by a pipe"] += 1
        if self.chance(0.3):
            names = self.dice.sample(sorted(self.shelf.texts), min(len(self.shelf.texts), 5))
            self.command(self.run_words(*(f"in/{name}" for name in names)))
            for name in names:
                self.model.run(self.shelf.deliveries(self.shelf.texts[name]))
        self.command(self.run_words("in"))
        self.model.run(self.shelf.all())
        if self.chance(0.2):
            self.command(self.run_words("in"))
            self.numbers["run again"] += 1

    def replace(self) -> None:
        since = max(self.expired_before, 0, self.night - self.dice.randrange(1, 30))
        until = since + self.dice.randrange(1, 8)
        for number, text in enumerate(self.piped):
            name = f"pipe-{number}.ndjson"
            if name not in self.shelf.texts:
                self.shelf.append(name, text)
        words = [*self.run_words("in"), "--replace", "--since", date(since), "--until", date(until)]
        is_held = any(self.model.is_held(day) for day in range(since, until)) and any(
            since <= delivery.day < until and self.model.is_held(delivery.day) for delivery in self.model.live.values())
        if is_held:
            self.command(words, codes=(2,)) if not self.has_kills else self.numbers.update({"held": 1})
            return
        self.command(words)
        self.model.replace(self.shelf.all(), since, until)
        self.numbers["replaced"] += 1

    def compact(self) -> None:
        self.command(["compact", "archive", "--part-size", self.dice.choice(["2KiB", "64KiB", "128MiB"]),
                      "--grace", self.dice.choice(["0s", "1d"]), "--threads", str(self.dice.randrange(1, 4))])
        self.numbers["compacted"] += 1

    def expire(self) -> None:
        before = self.night - KEPT_DAYS
        if before <= 0:
            return
        self.command(["expire", "archive", "--before", date(before), "--grace", self.dice.choice(["0s", "1d"]),
                      "--reason", "60 days"])
        self.expired_before = before
        self.numbers["expired"] += self.model.expire(before)

    def hold(self) -> None:
        if self.model.held and self.chance(0.5):
            name = self.dice.choice(sorted(self.model.held))
            words = ["hold", "archive", name, "--release"]
            del self.model.held[name]
        else:
            name, since = f"case-{self.night}", max(0, self.night - self.dice.randrange(70))
            self.model.held[name] = since, since + 5
            words = ["hold", "archive", name, "--since", date(since), "--until", date(since + 5)]
        # A hold that was committed when the command was killed is there the next time (2).
        self.command(words, codes=(0, 2) if self.has_kills else (0,))
        self.numbers["holds"] += 1

    # --- What must be

    def check(self) -> None:
        archive = self.folder / "archive"
        self.problems += [f"night {self.night}: {finding}" for finding in oracle.findings(archive)]
        found: Counter[bytes] = Counter()
        for line in oracle.live_records(archive):
            body = line[:line.index(b',"delivery":')] + b"}"
            found[hashlib.sha256(body).digest()] += 1
            noted = json.loads(line)["delivery"]["body_sha256"]
            if noted != hashlib.sha256(body).hexdigest():
                self.problems.append(f"night {self.night}: not the bytes that were posted: {line!r}")
        by_digest = {delivery.digest: delivery for delivery in self.made}
        for digest, count in sorted(found.items()):
            if count > 1 or digest not in self.model.live:
                self.problems.append(f"night {self.night}: {count} times in the archive, expected "
                                     f"{int(digest in self.model.live)}: {by_digest[digest].body.decode()}")
        lost = self.model.live.keys() - found.keys()
        self.numbers["lost"] += len(lost)
        self.problems += [f"night {self.night}: lost: {by_digest[digest].body.decode()}" for digest in sorted(lost)]
        known = oracle.Archive(archive)
        known.check_rows()
        digests = known.known_digests()
        if known.manifests and digests and digests != self.model.ever:
            self.problems.append(f"night {self.night}: {len(self.model.ever - digests)} deliveries are not remembered, "
                                 f"{len(digests - self.model.ever)} are that never came")
        if self.tool.knows("verify"):
            self.command(["verify", "archive"])
        self.numbers["checks"] += 1

    def live(self, nights: int) -> None:
        for self.night in range(nights):
            self.nightly()
            if self.tool.knows("compact") and self.chance(0.15):
                self.compact()
            if self.has_replace and self.chance(0.08):
                self.replace()
            if self.tool.knows("hold") and self.chance(0.04):
                self.hold()
            if self.tool.knows("expire") and self.chance(0.1):
                self.expire()
            if self.night % 30 == 29 or self.night == nights - 1:
                self.check()
                if self.problems:
                    break


def knows_its_inputs(tool: Tool, folder: Path) -> bool:
    """Whether the same input again publishes nothing: without that there is nothing to be simulated."""
    deliveries.two_nights(folder)
    words = ["run", "nightly.json5", "one", "--output", "archive", *SUMMARY]
    tool.run(words, folder)
    tool.run(words, folder)
    return len(list((folder / "archive" / "_trailmill" / "manifests").glob("*.json"))) == 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-kills", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name).resolve()
        tool = Tool(options.binary, build_shim(folder))
        for part in ("probe", "soak"):
            (folder / part).mkdir()
        if not knows_its_inputs(tool, folder / "probe"):
            print("skipped: soak: this binary archives the same input twice", file=sys.stderr)
            return
        soak = Soak(tool, folder / "soak", options.seed, not options.no_kills)
        start = time.monotonic()
        soak.live(options.nights)
        numbers = dict(sorted(soak.numbers.items()))
        report("soak", {"nights": soak.night + 1, "seed": options.seed, "deliveries": len(soak.made),
                        "live": len(soak.model.live), "files": len(soak.shelf.texts),
                        "seconds": round(time.monotonic() - start, 1)} | numbers, soak.problems)


if __name__ == "__main__":
    main()
