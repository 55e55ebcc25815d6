#!/usr/bin/env python3
"""What the shim only imitates, for real: full and read-only disks, shrinking inputs, signals, readers.

    real.py TRAILMILL [--quick] [--only PART]

What this machine does not allow is skipped with a message. After every case `archive_check.py` must find
nothing wrong, and every delivery that was read must be in the archive, once.
"""
import argparse
import gzip
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import deliveries
from harness import OWN, Done, Tool, differences, finish, headers, report, staged, tree, visible

import archive_check as oracle

MiB = 1 << 20
SUMMARY = ["--summary", "none"]


class Skip(Exception):
    """This machine cannot show it."""


def run_words(*inputs: str) -> list[str]:
    return ["run", "nightly.json5", *inputs, "--output", "archive", *SUMMARY]


class Real:
    def __init__(self, tool: Tool, folder: Path, is_quick: bool) -> None:
        self.tool = tool
        self.folder = folder
        self.is_quick = is_quick
        self.dice = random.Random(1)
        self.numbers: Counter[str] = Counter()
        self.problems: list[str] = []
        self.place = ""
        self.big_lines: list[bytes] = []

    # --- Helpers

    def expect(self, holds: bool, what: str) -> None:
        self.numbers["checks"] += 1
        if not holds:
            self.problems.append(f"{self.place}: {what}")

    def ended(self, done: Done, *codes: int) -> None:
        """It ended so; and with a message, if it was a failure."""
        self.expect(done.code in codes, f"ended with {done.code} instead of {codes}: {done.stderr.strip()[-400:]}")
        if done.code in (2, 3, 4, 6):
            self.expect(done.has_message(), f"ended with {done.code} and no message: {done.stderr!r}")

    def sound(self, archive: Path) -> None:
        for finding in oracle.findings(archive):
            self.expect(False, finding)
        self.expect(not staged(archive), f"staged: {staged(archive)}")
        # A tool that knows what it has written before writes nothing twice.
        if self.tool.knows("compact"):
            twice = [digest for digest, count in self.live(archive).items() if count > 1]
            self.expect(not twice, f"{len(twice)} deliveries are there more than once")

    def unchanged(self, archive: Path, before: dict) -> None:
        for told in differences(visible(tree(archive)), before):
            self.expect(False, f"what readers see has changed: {told}")

    def fresh(self, name: str) -> Path:
        """A folder with one night in its archive."""
        target = self.folder / name.replace(" ", "-")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        deliveries.two_nights(target)
        self.ended(self.tool.run(run_words("one"), target), 0)
        return target

    def big(self) -> Path:
        """A file of deliveries that takes a while to read."""
        path = self.folder / "big.ndjson"
        if not self.big_lines:
            count = 40_000 if self.is_quick else 120_000
            self.big_lines = [deliveries.deliver(deliveries.event(n, deliveries.EPOCH + n)) for n in range(count)]
            path.write_bytes(b"".join(self.big_lines))
        return path

    def live(self, archive: Path) -> Counter[str]:
        return Counter(json.loads(line)["delivery"]["body_sha256"] for line in oracle.live_records(archive))

    # --- A disk that is full

    @contextmanager
    def memory_disk(self, options: str) -> Iterator[Path]:
        if os.geteuid() != 0 or shutil.which("mount") is None:
            raise Skip("only root can mount a disk")
        place = self.folder / "disk"
        place.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True,
                              encoding="utf-8", check=False)
        if done.returncode != 0:
            raise Skip(f"no disk can be mounted here: {done.stderr.strip()}")
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)

    def full_disk(self) -> None:
        """Room for so many blocks: the run meets the end of the disk wherever that is."""
        expected = self.fresh("full")
        self.ended(self.tool.run(run_words("two"), expected), 0)
        for blocks in range(0, 40, 6 if self.is_quick else 1):
            with self.memory_disk("size=1m,nr_inodes=1000") as disk:
                target = self.on_disk(disk)
                with open(disk / "filler", "wb", buffering=0) as filler:
                    self.fill(filler, blocks)
                self.until_there_is_room(target, expected, lambda: (disk / "filler").unlink())

    def fill(self, filler, blocks: int) -> None:
        """Takes all but `blocks` blocks of the disk that the file is on."""
        free = os.statvfs(filler.fileno()).f_bavail - blocks
        filler.write(b"x" * (4096 * max(free, 0)))

    def no_more_files(self) -> None:
        """Room for so many files and folders: behind the commit it is those that are made."""
        expected = self.fresh("inodes")
        self.ended(self.tool.run(run_words("two"), expected), 0)
        for spare in range(0, 30, 5 if self.is_quick else 1):
            with self.memory_disk("size=1m,nr_inodes=1000") as disk:
                target = self.on_disk(disk)
                fillers = disk / "fillers"
                fillers.mkdir()
                for number in range(os.statvfs(disk).f_favail - spare):
                    (fillers / str(number)).touch()
                self.until_there_is_room(target, expected, lambda: shutil.rmtree(fillers))

    def on_disk(self, disk: Path) -> Path:
        """One night on that disk, inputs and all."""
        target = disk / "night"
        target.mkdir()
        deliveries.two_nights(target)
        self.ended(self.tool.run(run_words("one"), target), 0)
        return target

    def until_there_is_room(self, target: Path, expected: Path, make_room: Callable[[], None]) -> None:
        archive = target / "archive"
        before = visible(tree(archive))
        done = self.tool.run(run_words("two"), target)
        self.ended(done, 0, 4)
        is_committed = len(headers(archive)) == 2
        self.numbers[f"full disk: {'committed' if is_committed else 'not committed'}, {done.code}"] += 1
        if done.code == 4 and is_committed:
            self.expect("committed" in done.stderr, f"does not say that it is committed: {done.stderr.strip()}")
        if not is_committed:
            self.unchanged(archive, before)
        make_room()
        self.ended(self.tool.run(run_words("nothing.ndjson" if is_committed else "two"), target), 0)
        self.sound(archive)
        self.expect(self.live(archive) == self.live(expected / "archive"), "other records than on a disk with room")

    # --- A disk that cannot be written to

    def read_only(self) -> None:
        with self.memory_disk("size=1m") as disk:
            target = self.on_disk(disk)
            before = tree(target)
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            self.ended(self.tool.run(run_words("two"), target), 4)
            self.expect(tree(target) == before, "something has changed on a read-only disk")

    def forbidden(self) -> None:
        """Folders without permission, for a user who is not above that."""
        tool, prefix = self.tool, []
        if os.geteuid() == 0:
            if shutil.which("setpriv") is None:
                raise Skip("root may do everything, and there is no setpriv to be somebody else")
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            # Where the binary lies only root may be allowed to look.
            shutil.copy(self.tool.binary, self.folder / "tool")
            tool = Tool(str(self.folder / "tool"))
        for name, committed in (("archive", False), (f"archive/{OWN}/staging", False),
                                (f"archive/{OWN}/manifests", False), ("archive/acct=globex", True),
                                (f"archive/{OWN}/quarantine", True)):
            target = self.fresh("forbidden")
            if os.geteuid() == 0:
                for path in (target, *target.rglob("*")):
                    os.chown(path, 65534, 65534)
            locked = [target / name, *(path for path in (target / name).rglob("*") if path.is_dir())]
            modes = [stat.S_IMODE(path.stat().st_mode) for path in locked]
            for path in locked:
                path.chmod(0o555)
            before = visible(tree(target / "archive"))
            done = tool.run(run_words("two"), target, prefix=prefix)
            self.ended(done, 4)
            is_committed = len(headers(target / "archive")) == 2
            self.expect(is_committed == committed, f"{name} forbidden: committed is {is_committed}")
            if not is_committed:
                self.unchanged(target / "archive", before)
            for path, mode in zip(locked, modes):
                path.chmod(mode)
            again = tool.run(run_words("nothing.ndjson" if is_committed else "two"), target, prefix=prefix)
            self.ended(again, 0)
            self.sound(target / "archive")

    def limits_of_the_process(self) -> None:
        """Few descriptors, and files that may not grow."""
        for limit in ("ulimit -n 8", "ulimit -n 12", "ulimit -n 16", "ulimit -f 0", "ulimit -f 1"):
            target = self.fresh("limits")
            before = visible(tree(target / "archive"))
            done = self.tool.run(run_words("two"), target, prefix=["sh", "-c", f'{limit}; exec "$0" "$@"'])
            self.ended(done, 0, 4)
            if done.code:
                self.unchanged(target / "archive", before)
                self.ended(self.tool.run(run_words("two"), target), 0)
            self.sound(target / "archive")

    # --- Inputs

    def stopped_while_reading(self, process: subprocess.Popen, path: Path) -> int:
        """Stops the process some way into the file; returns how far it has read."""
        for _ in range(20_000):
            position = read_position(process.pid, path)
            if position >= 4 * MiB:
                process.send_signal(signal.SIGSTOP)
                return read_position(process.pid, path)
            if process.poll() is not None:
                raise Skip("the tool is too fast for this machine's clock")
            time.sleep(0.0005)
        raise Skip("it cannot be seen how far a process has read")

    def shrinking_input(self) -> None:
        """What was read is archived, or nothing is; a file that was cut off is never taken for whole."""
        for name in ("big.ndjson", "big.ndjson.gz"):
            for place in (0.25, 0.5, 1.0, 1.3):
                target = self.folder / "shrinking"
                shutil.rmtree(target, ignore_errors=True)
                target.mkdir()
                deliveries.save_definition(target)
                data = self.big().read_bytes()
                # Stored, so that the file is long enough to be met in the middle.
                (target / name).write_bytes(gzip.compress(data, 0) if name.endswith(".gz") else data)
                process = self.tool.start(run_words(name), target)
                try:
                    position = self.stopped_while_reading(process, target / name)
                    os.truncate(target / name, min(int(position * place) + 17, len(data)))
                finally:
                    if process.poll() is None:
                        process.send_signal(signal.SIGCONT)
                done = finish(process)
                self.ended(done, 0, 4)
                self.numbers[f"shrinking {'gzip' if name.endswith('.gz') else 'plain'}: {done.code}"] += 1
                self.sound(target / "archive")
                found = list(oracle.live_records(target / "archive"))
                numbers = Counter(json.loads(line)["data"]["ID"] for line in found)
                self.expect(set(numbers) == {f"n{n}" for n in range(len(found))}, "no beginning of the input")
                self.expect(done.code == 0 or not found, f"{len(found)} records, and exit code {done.code}")
                if name.endswith(".gz"):
                    self.expect(done.code == 4, "half of a gzip file was taken for a whole one")

    # --- Others

    def two_at_once(self) -> None:
        target = self.fresh("two at once")
        first = self.tool.start(run_words("-"), target, stdin=subprocess.PIPE)
        lock = target / "archive" / OWN / "staging"
        for _ in range(2000):
            if any(lock.iterdir()):
                break
            time.sleep(0.005)
        before = visible(tree(target / "archive"))
        self.ended(self.tool.run(run_words("two"), target), 6)
        self.unchanged(target / "archive", before)
        self.ended(finish(first, deliveries.deliver(deliveries.event(7, deliveries.EPOCH)).decode()), 0)
        self.ended(self.tool.run(run_words("two"), target), 0)
        self.sound(target / "archive")
        # Many at once: each is told to wait, or has its way.
        many = [self.tool.start(run_words("two" if n % 2 else "one"), target) for n in range(12)]
        codes = Counter(finish(process).code for process in many)
        self.numbers["at once: done"], self.numbers["at once: told to wait"] = codes[0], codes[6]
        self.expect(set(codes) <= {0, 6} and codes[0] > 0, f"ended with {dict(codes)}")
        self.sound(target / "archive")

    def signals(self) -> None:
        """128 + n and nothing published, or too late and all of it."""
        big = self.big()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
            for delay in ((0.05, 0.2) if self.is_quick else (0.002, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8)):
                target = self.fresh("signals")
                before = visible(tree(target / "archive"))
                process = self.tool.start(run_words(str(big)), target)
                time.sleep(delay * (1 + self.dice.random()))
                process.send_signal(number)
                done = finish(process)
                is_committed = len(headers(target / "archive")) == 2
                self.numbers[f"signals: {'committed' if is_committed else 'not committed'}"] += 1
                if number == signal.SIGKILL:
                    self.ended(done, 0, 128 + number)
                else:
                    self.ended(done, 0 if is_committed else 128 + number)
                    self.expect(not staged(target / "archive"), f"staged: {staged(target / 'archive')}")
                if not is_committed:
                    self.unchanged(target / "archive", before)
                # However it ended, the next one goes on from there.
                self.ended(self.tool.run(run_words("two"), target), 0)
                self.sound(target / "archive")

    def signal_while_waiting(self) -> None:
        """In the middle of a pipe that says nothing."""
        target = self.fresh("waiting")
        before = visible(tree(target / "archive"))
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.tool.start(run_words("-"), target, stdin=subprocess.PIPE)
            process.stdin.write(deliveries.deliver(deliveries.event(1, deliveries.EPOCH)).decode() * 50_000)
            process.stdin.flush()
            time.sleep(0.1)
            process.send_signal(number)
            # The pipe stays open until the signal had its way: at its end the run would be complete, and too late
            # to interrupt.
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.expect(False, "the signal did not end it")
            self.ended(finish(process), 128 + number)
            self.unchanged(target / "archive", before)
            self.expect(not staged(target / "archive"), f"staged: {staged(target / 'archive')}")
        self.ended(self.tool.run(run_words("two"), target), 0)
        self.sound(target / "archive")

    def closed_output(self) -> None:
        """`| head` ends the run without a word; what cannot be written at all is an error."""
        big, target = self.big(), self.fresh("closed")
        words = ["run", "nightly.json5", str(big), "--output", "-", *SUMMARY]
        process = self.tool.start(words, target)
        line = process.stdout.readline()
        process.stdout.close()
        process.wait(timeout=60)
        said = process.stderr.read()
        process.stderr.close()
        self.expect(line.startswith('{"account"'), f"the first line is {line!r}")
        code = process.returncode
        self.expect(code == -signal.SIGPIPE and said == "", f"ended with {code}: {said!r}")
        closed = self.tool.run(words, target, prefix=["sh", "-c", 'exec "$0" "$@" >&-'])
        self.ended(closed, 4)
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.ended(finish(self.tool.start(words, target, stdout=full)), 4)
        # An archive needs no standard stream at all.
        done = self.tool.run(run_words("two"), target, prefix=["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-'])
        self.expect(done.code == 0, f"without standard streams it ended with {done.code}")
        self.sound(target / "archive")

    def readers(self) -> None:
        """Who looks in at any moment finds whole parts only, and the manifest that tells of each."""
        target = self.folder / "readers"
        target.mkdir()
        deliveries.save_definition(target)
        archive, stop, seen = target / "archive", threading.Event(), {}
        problems: list[str] = []
        scans = 0

        def look() -> None:
            nonlocal scans
            while not stop.is_set():
                scans += 1
                for path in list(archive.glob("acct=*/**/*.ndjson.gz")):
                    name = str(path.relative_to(archive))
                    try:
                        text = gzip.decompress(path.read_bytes())
                        if seen.setdefault(name, text) != text or not text.endswith(b"\n"):
                            problems.append(f"{name} has changed")
                        run = path.name.split("-")[1]
                        manifest = archive / OWN / "manifests" / run
                        if name.encode() not in manifest.with_suffix(".ndjson").read_bytes():
                            problems.append(f"{name} is in no manifest")
                        json.loads(manifest.with_suffix(".json").read_bytes())
                    except (OSError, EOFError, ValueError) as error:
                        problems.append(f"{name}: {error!r}")

        reader = threading.Thread(target=look)
        reader.start()
        for night in range(8 if self.is_quick else 40):
            lines = [deliveries.deliver(deliveries.event(night * 1000 + n, deliveries.EPOCH + n * 600))
                     for n in range(200)]
            deliveries.save(target / "in" / f"{night:03}.ndjson", lines)
            self.ended(self.tool.run(run_words(f"in/{night:03}.ndjson"), target), 0)
        stop.set()
        reader.join()
        self.numbers["scans of a reader"] = scans
        for problem in problems[:5]:
            self.expect(False, f"a reader saw: {problem}")
        self.sound(archive)


PARTS = ["full_disk", "no_more_files", "read_only", "forbidden", "limits_of_the_process", "shrinking_input",
         "two_at_once", "signals", "signal_while_waiting", "closed_output", "readers"]


def read_position(process: int, path: Path) -> int:
    """How far a process has read a file, by what the kernel says; -1 if it has not opened it."""
    try:
        for descriptor in os.listdir(f"/proc/{process}/fd"):
            if os.readlink(f"/proc/{process}/fd/{descriptor}") == str(path):
                with open(f"/proc/{process}/fdinfo/{descriptor}", encoding="utf-8") as info:
                    return int(info.readline().split()[1])
    except (OSError, ValueError, IndexError):
        pass
    return -1


def main() -> None:
    # Who was started in the background ignores SIGINT, and so would all that are started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="real-") as name:
        folder = Path(name).resolve()
        # Somebody else has to come in, where that is tried.
        folder.chmod(0o755)
        real = Real(Tool(options.binary), folder, options.quick)
        for part in PARTS:
            if options.only not in part:
                continue
            real.place = part.replace("_", " ")
            try:
                getattr(real, part)()
                real.numbers["parts"] += 1
            except Skip as reason:
                print(f"skipped: {real.place}: {reason}", file=sys.stderr)
                real.numbers["skipped"] += 1
        report("real", dict(real.numbers), real.problems)


if __name__ == "__main__":
    main()
