#!/usr/bin/env python3
"""Whether a trace of calls would survive a power cut at any of them.

    order.py TRACE

A kill leaves everything in the kernel's memory, and so proves nothing about a power cut: after that only
what was synced is there for certain, and of the rest anything may be. So this goes through the calls of an
undisturbed run (`FAULTS_LOG` of `faults.c`, one thread) and keeps account of what is not yet on the
medium: files whose last write was not synced, folders in which a name changed since. It must hold:

- No file is renamed out of staging before its contents are synced.
- When the header gets its name, nothing that the run has made or renamed so far is unsynced.
- When the first part gets its name, the header's name is synced.
- When staging is removed, or any file but those staged, everything that was renamed is synced.
"""
import sys
from collections.abc import Iterator
from pathlib import Path

from harness import Call, read_log

STAGING = "_trailmill/staging"
# What the kernel says of an open file that was unlinked.
NAMELESS = " (deleted)"


def above(path: str) -> str:
    return path.rpartition("/")[0] or "."


def is_staged(path: str) -> bool:
    return f"{STAGING}/" in path + "/"


class Medium:
    """What is not on the medium yet."""

    def __init__(self) -> None:
        self.contents: set[str] = set()
        self.names: dict[str, set[str]] = {}

    def name_changed(self, path: str) -> None:
        self.names.setdefault(above(path), set()).add(path)

    def unsynced(self, is_staging_counted: bool) -> list[str]:
        paths = self.contents | {path for changed in self.names.values() for path in changed}
        return sorted(path for path in paths if is_staging_counted or not is_staged(path))

    def move(self, old: str, new: str) -> None:
        """What is under one name, and below it, is under another."""

        def moved(path: str) -> str:
            return new + path[len(old):] if path == old or path.startswith(old + "/") else path

        self.contents = {moved(path) for path in self.contents}
        self.names = {
            moved(folder): changed if moved(folder) == folder else {moved(path) for path in changed}
            for folder, changed in self.names.items()}

    def take(self, call: Call) -> None:
        if call.path.endswith("/lock") or call.path.endswith(NAMELESS):
            # It holds nothing, or nobody can find it after a power cut.
            return
        if call.name in ("create", "write", "pwrite", "truncate"):
            self.contents.add(call.path)
        if call.name in ("create", "mkdir"):
            self.name_changed(call.path)
        if call.name in ("unlink", "rmdir"):
            # If a file that was removed comes back, it is removed again.
            self.contents.discard(call.path)
            self.names.pop(call.path, None)
            self.names.get(above(call.path), set()).discard(call.path)
        if call.name in ("rename", "link"):
            # That a name is gone from staging may come to the medium whenever it likes.
            if not is_staged(call.path):
                self.name_changed(call.path)
            self.name_changed(call.to)
            self.move(call.path, call.to)
        if call.name in ("fsync", "fdatasync"):
            self.contents.discard(call.path)
            self.names.pop(call.path, None)
        if call.name in ("sync", "syncfs"):
            self.contents.clear()
            self.names.clear()


def violations(calls: list[Call]) -> Iterator[str]:
    """What a power cut could tear apart, in words."""
    medium = Medium()
    header = ""
    for call in calls:
        if not call.is_done:
            continue
        place = f"call {call.number}, {call.name} {call.path}{' -> ' if call.to else ''}{call.to}"
        is_move = call.name in ("rename", "link") and is_staged(call.path) and not is_staged(call.to)
        if is_move and call.path in medium.contents:
            yield f"{place}: the file's contents are not synced"
        if is_move and call.to.endswith(".json") and "/manifests/" in call.to:
            for path in medium.unsynced(True):
                yield f"{place}: at the commit this is not synced: {path}"
            medium.take(call)
            header = call.to
            continue
        if is_move and header and header in medium.names.get(above(header), set()):
            yield f"{place}: the name of the header is not synced"
        if call.name in ("unlink", "rmdir") and header:
            for path in medium.unsynced(False):
                yield f"{place}: before anything is removed this is not synced: {path}"
        medium.take(call)


def main() -> None:
    found = list(violations(read_log(Path(sys.argv[1]))))
    for violation in found:
        print(violation)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
