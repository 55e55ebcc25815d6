#!/usr/bin/env python3
"""An independent opinion on whether an archive is one.

    archive_check.py ARCHIVE [--partial]

Reads the files and nothing else: the tool is not asked, and of what it counted nothing is believed
that can be counted again. Prints what is wrong, a line each, and ends with 1 if anything is.
`--partial` is for an archive whose last run is still to be completed: what is staged may be there.

As a module: `findings(folder)` is the list of what is wrong, `live_records(folder)` gives every line
that is in the archive now. Members of headers that an older tool did not write may be missing.
"""
import gzip
import json
import re
import stat
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from merkle import leaf_hash, root, sha256, subtrees
import zst

HEADER_MEMBERS = [
    "version", "sequence", "previous", "kind", "reason", "run", "rows", "rows_root", "history_root",
    "history_nodes", "checkpoint", "signing_key", "counts", "retired", "definition", "plan", "window",
    "clock", "tool",
]
NEEDED_MEMBERS = [
    "version", "sequence", "previous", "run", "rows", "rows_root", "history_root", "history_nodes",
    "counts", "clock", "tool",
]
KINDS = ["run", "replace", "retry", "compact", "expire", "hold", "release", "index"]
# Rows that speak of a file of the archive.
FILE_ROWS = ["part", "keys", "index", "digests", "quarantine", "signals", "watch", "checkpoint"]
OTHER_ROWS = ["definition", "table", "dialect", "added", "layout", "input", "retired", "hold", "release", "signing_key"]
# Those that end with the hashes of their blocks, of so many bytes; version 0.1 wrote them without.
HASHED_ROWS = ["index", "digests"]
BLOCK = 65536
REASONS = ["compacted", "replaced", "expired", "retried", "merged", "superseded"]
OWN = "_trailmill"

Row = dict[str, Any]


class Manifest(NamedTuple):
    """One commit, as it lies on the disk."""
    sequence: int
    file: bytes
    header: Row
    lines: list[bytes]
    rows: list[Row]

    @property
    def kind(self) -> str:
        return self.header.get("kind", "run")

    def of(self, *kinds: str) -> list[Row]:
        return [row for row in self.rows if row.get("kind") in kinds]


def text_of(path: Path) -> bytes:
    """What a reader gets of a file, by its name."""
    return text_of_bytes(path.read_bytes(), path.name)


def text_of_bytes(data: bytes, name: str) -> bytes:
    """The same of a piece of a file, which has to be whole members."""
    if name.endswith(".gz"):
        return gzip.decompress(data)
    if name.endswith(".zst"):
        return zst.decompress(data)
    text = b""
    while name.endswith(".zz") and data:
        stream = zlib.decompressobj()
        text += stream.decompress(data) + stream.flush()
        if not stream.eof:
            raise EOFError("the last stream has no end")
        data = stream.unused_data
    return text + data


def lines_of(text: bytes) -> list[bytes]:
    """Lines without their line feeds; the last one must have one."""
    if not text:
        return []
    if not text.endswith(b"\n"):
        raise ValueError("the last line has no line feed")
    return text[:-1].split(b"\n")


def content_of(row: Row, data: bytes) -> bytes:
    """What a file holds before the hashes of its blocks, of which there is one for each 64 KiB that is begun."""
    if "blocks_root" not in row:
        return data
    count = 0
    while len(data) - 32 * count > BLOCK * count:
        count += 1
    return data[:len(data) - 32 * count]


def moment(text: str) -> str:
    """A time in the one form in which times sort as texts: with all digits of the fraction."""
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return f"{seconds}.{fraction:0<9}"


def members_once(pairs: list[tuple[str, Any]]) -> Row:
    """An object in which no name occurs twice."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member occurs twice")
    return dict(pairs)


class Archive:
    """An archive and what was found wrong with it."""

    def __init__(self, folder: str | Path, is_partial: bool = False) -> None:
        self.folder = Path(folder)
        self.is_partial = is_partial
        self.findings: list[str] = []
        self.manifests: list[Manifest] = []
        self.published: dict[str, tuple[Row, Manifest]] = {}
        self.retired: dict[str, Row] = {}
        self.lines: dict[str, list[bytes]] = {}
        self.load()

    def wrong(self, place: object, what: str) -> None:
        self.findings.append(f"{place}: {what}")

    def same(self, place: object, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            self.wrong(place, f"{what} is {found}, expected {expected}")

    def load(self) -> None:
        folder = self.folder / OWN / "manifests"
        for number, path in enumerate(sorted(folder.glob("*.json")), 1):
            if path.name != f"{number:012}.json":
                self.wrong(path.name, f"is not the name of header {number}")
            try:
                file = path.read_bytes()
                header = json.loads(file, object_pairs_hook=members_once)
                lines = lines_of(path.with_suffix(".ndjson").read_bytes())
                rows = [json.loads(line, object_pairs_hook=members_once) for line in lines]
            except (OSError, ValueError) as error:
                self.wrong(path.name, f"cannot be read: {error}")
                continue
            self.manifests.append(Manifest(number, file, header, lines, rows))

    # --- The chain

    def check_headers(self) -> None:
        for place, manifest in enumerate(self.manifests):
            header, before = manifest.header, [earlier.file for earlier in self.manifests[:place]]
            name = f"header {manifest.sequence}"
            known = [member for member in header if member in HEADER_MEMBERS]
            self.same(name, "the order of members", known, [m for m in HEADER_MEMBERS if m in header])
            for member in NEEDED_MEMBERS:
                if member not in header:
                    self.wrong(name, f"has no {member}")
            if manifest.file.count(b"\n") != 1 or not manifest.file.endswith(b"}\n"):
                self.wrong(name, "is not one object and a line feed")
            self.same(name, "version", header.get("version"), 1)
            self.same(name, "sequence", header.get("sequence"), manifest.sequence)
            self.same(name, "previous", header.get("previous"), sha256(before[-1]) if before else None)
            self.same(name, "rows", header.get("rows"), len(manifest.rows))
            self.same(name, "rows_root", header.get("rows_root"), root(manifest.lines))
            self.same(name, "history_root", header.get("history_root"), root(before))
            self.same(name, "history_nodes", header.get("history_nodes"), subtrees(before))
            if manifest.kind not in KINDS:
                self.wrong(name, f"is of the unknown kind {manifest.kind}")
            run = header.get("run", "")
            if not re.fullmatch(f"{manifest.sequence:012}-[0-9a-f]{{8}}", run):
                self.wrong(name, f"has the run {run}")
            clock = header.get("clock", {})
            if not moment(clock.get("started", "")) <= moment(clock.get("finished", "")):
                self.wrong(name, f"ended before it began: {clock}")
            signature = self.folder / OWN / "manifests" / f"{manifest.sequence:012}.sig"
            is_signed = signature.exists()
            if is_signed and signature.stat().st_size != 64:
                self.wrong(name, "has a signature that is not 64 bytes long")
            if header.get("signing_key") and not is_signed:
                self.wrong(name, "names a key and has no signature")

    def check_checkpoints(self) -> None:
        """A header that names a checkpoint names one that is there, or was."""
        written = {row["path"]: row for manifest in self.manifests for row in manifest.of("checkpoint")}
        for manifest in self.manifests:
            named = manifest.header.get("checkpoint")
            if named is None:
                continue
            path = f"{OWN}/checkpoints/{named['sequence']:012}.ndjson"
            row = written.get(path)
            self.same(f"header {manifest.sequence}", "the digest of its checkpoint",
                      named["sha256"], row and row["sha256"])
        for path in written:
            if (self.folder / path).exists():
                self.check_checkpoint(path)

    def check_checkpoint(self, path: str) -> None:
        """It says of the inputs and files before its commit what the manifests say."""
        inputs, others = [], {}
        for manifest in self.manifests[:int(Path(path).stem) - 1]:
            inputs += [line[:-1] for line, row in zip(manifest.lines, manifest.rows)
                       if row["kind"] == "input" and row.get("beginning") and row.get("sha256")]
            for row in manifest.of("digests", "keys", "watch", "retired"):
                others[row["path"]] = None if row["kind"] == "retired" else self.said_of_file(row)
        lines = lines_of((self.folder / path).read_bytes())
        said = [line for line in lines if line.startswith(b'{"kind":"input"')]
        self.same(path, "the number of inputs", len(said), len(inputs))
        for line, expected in zip(said, inputs):
            if not line.startswith(expected + b',"plan":'):
                self.wrong(path, f"an input is {line!r}, expected {expected!r}")
                break
        files = {row["path"]: self.said_of_file(row) for row in map(json.loads, lines)
                 if row["kind"] in ("digests", "keys", "watch")}
        self.same(path, "files", files, {name: digests for name, digests in others.items() if digests})

    @staticmethod
    def said_of_file(row: Row) -> tuple[Any, ...]:
        return tuple(json.dumps(row.get(member)) for member in ("sha256", "blocks_root", "days", "time_rule"))

    # --- The rows

    def check_rows(self) -> None:
        """What is published was not before; what is retired was published, and not retired before."""
        for manifest in self.manifests:
            name = f"rows {manifest.sequence}"
            for row in manifest.rows:
                kind = row.get("kind")
                if kind not in FILE_ROWS + OTHER_ROWS:
                    self.wrong(name, f"a row of the unknown kind {kind}")
                if next(iter(row), None) != "kind":
                    self.wrong(name, f"a row does not begin with its kind: {row}")
                if kind in FILE_ROWS:
                    self.publish(name, row, manifest)
                if kind == "retired":
                    self.retire(name, row)
            paths = [row["path"] for row in manifest.of("part")]
            self.same(name, "the order of parts", paths, sorted(paths, key=str.encode))

    def publish(self, name: str, row: Row, manifest: Manifest) -> None:
        path, run = row["path"], manifest.header.get("run", "")
        if path.startswith("/") or {"", ".", ".."} & set(path.split("/")):
            self.wrong(name, f"a path that leads elsewhere: {path}")
        if path in self.published and path not in self.retired and row["kind"] != "keys":
            self.wrong(name, f"published a second time: {path}")
        if row["kind"] == "part" and (path.startswith("_") or f"/part-{run}-" not in "/" + path):
            self.wrong(name, f"a part that is not called by its run: {path}")
        if row["kind"] == "keys":
            self.same(path, "its name", Path(path).stem, row["sha256"])
        if "blocks_root" in row and row["kind"] not in HASHED_ROWS:
            self.wrong(name, f"a root over blocks of a {row['kind']}: {path}")
        self.published[path] = row, manifest
        self.retired.pop(path, None)

    def retire(self, name: str, row: Row) -> None:
        path = row["path"]
        if path not in self.published:
            self.wrong(name, f"retired, and never published: {path}")
            return
        if path in self.retired:
            self.wrong(name, f"retired twice: {path}")
        for member in ("bytes", "sha256", "records"):
            self.same(f"{name}: retired {path}", member, row.get(member), self.published[path][0][member])
        if row.get("reason") not in REASONS:
            self.wrong(name, f"retired for no known reason: {row}")
        if "to" in row:
            self.same(f"{name}: retired {path}", "to", row["to"], f"{OWN}/retired/{path}.retired")
        self.retired[path] = row

    # --- The files

    def check_files(self) -> None:
        for path, (row, _) in self.published.items():
            if path in self.retired:
                continue
            try:
                data = (self.folder / path).read_bytes()
            except OSError as error:
                self.wrong(path, f"cannot be read: {error.strerror}")
                continue
            self.same(path, "bytes", row["bytes"], len(data))
            self.same(path, "sha256", row["sha256"], sha256(data))
            if row["kind"] in ("part", "quarantine", "keys", "signals", "watch"):
                self.check_lines(path, row)
            if row["kind"] == "quarantine":
                mode = stat.S_IMODE((self.folder / path).stat().st_mode)
                self.same(path, "mode", oct(mode), oct(0o600))
            if row["kind"] == "keys":
                self.check_keys(path)
            if row["kind"] in HASHED_ROWS:
                self.check_blocks(path, row, data)
            if row["kind"] == "digests":
                self.check_days(path, row)
                self.same(path, "records", row["records"], len(self.digests_of(path, content_of(row, data))))
            if row["kind"] == "index":
                try:
                    self.same(path, "records", row["records"], self.check_index(path, content_of(row, data)))
                except (OSError, EOFError, zlib.error, struct.error) as error:
                    self.wrong(path, f"does not fit the parts: {error}")
        for path in self.retired:
            # A retired file may stay for a while, for readers that have begun with it; but as it was.
            place = self.place_of_retired(path)
            if (self.folder / place).exists():
                self.same(place, "sha256", self.published[path][0]["sha256"],
                          sha256((self.folder / place).read_bytes()))

    def place_of_retired(self, path: str) -> str:
        return str(self.retired[path].get("to", path))

    def check_blocks(self, path: str, row: Row, data: bytes) -> None:
        """It ends with the hash of each of its blocks, and the row has the root of the tree of these."""
        if "blocks_root" not in row:
            return
        content = content_of(row, data)
        blocks = [content[at:at + BLOCK] for at in range(0, len(content), BLOCK)]
        self.same(path, "the hashes at its end", data[len(content):].hex(), b"".join(map(leaf_hash, blocks)).hex())
        self.same(path, "blocks_root", row["blocks_root"], root(blocks))

    def check_index(self, path: str, data: bytes) -> int:
        """Every member is where the index of its part says, and holds what that says. Returns their number."""
        count, directory, magic = struct.unpack("<QQ8s", data[-24:])
        self.same(path, "its end", magic, b"TMINDEX2")
        self.same(path, "its length", len(data), directory + 32 * count + 24)
        rows = {(manifest.sequence, int(row["staged"][5:])): row for row, manifest in self.published.values()
                if row["kind"] == "part"}
        total = 0
        for place in range(directory, directory + 32 * count, 32):
            sequence, number, members, start, length = struct.unpack("<QIIQQ", data[place:place + 32])
            row = rows.get((sequence, number))
            if row is None:
                self.wrong(path, f"speaks of part {number} of commit {sequence}, which is none")
                continue
            total += members
            self.same(path, "members", members, struct.unpack("<I", data[start:start + 4])[0])
            if row["path"] in self.retired:
                continue
            part = (self.folder / row["path"]).read_bytes()
            end = records = 0
            for at in range(start + 8, start + 8 + 48 * members, 48):
                offset, stored, text, found, _ = struct.unpack("<QIIII", data[at:at + 24])
                self.same(path, "where a member begins", offset, end)
                end = offset + stored
                member = text_of_bytes(part[offset:end], row["path"])
                self.same(path, "text of a member", text, len(member))
                self.same(path, "records of a member", found, member.count(b"\n"))
                records += found
            self.same(path, f"records of {row['path']}", records, row["records"])
            self.same(path, f"bytes of {row['path']}", end, row["bytes"])
        return total

    def check_days(self, path: str, row: Row) -> None:
        """Days are dates in their order, with null in front, and come with the rule by which they were read."""
        self.same(path, "that it has days and a rule", "days" in row, "time_rule" in row)
        days = row.get("days", [None])
        if not 1 <= len(days) <= 1000 or len(set(days)) < len(days) or days != sorted(days, key=lambda day: day or ""):
            self.wrong(path, f"has the days {days}")
        for day in filter(None, days):
            date.fromisoformat(day)
        if len(row.get("time_rule", "0" * 64)) != 64:
            self.wrong(path, f"has the rule {row['time_rule']}")

    def digests_of(self, path: str, data: bytes) -> list[bytes]:
        """The digests in a file of them, which has to be as its format says."""
        magic, (count, bits, zero) = data[:8], struct.unpack("<3Q", data[8:32])
        end = 32 + ((2 ** bits + 1) * 4 + 31) // 32 * 32
        digests = [data[at:at + 32] for at in range(end, len(data), 32)]
        self.same(path, "its beginning", (magic, zero), (b"TMDIGEST", 0))
        self.same(path, "its length", len(data), end + 32 * count)
        self.same(path, "the order of its digests", digests, sorted(set(digests)))
        buckets = Counter(int.from_bytes(digest[:8], "big") >> 64 - bits if bits else 0 for digest in digests)
        before = [sum(buckets[low] for low in range(bucket)) for bucket in range(2 ** bits + 1)]
        self.same(path, "its table", list(struct.unpack(f"<{2 ** bits + 1}I", data[32:32 + (2 ** bits + 1) * 4])), before)
        return digests

    def known_digests(self) -> set[bytes]:
        """All deliveries that a later run would drop."""
        return {digest for path, (row, _) in self.published.items()
                if row["kind"] == "digests" and path not in self.retired
                for digest in self.digests_of(path, content_of(row, (self.folder / path).read_bytes()))}

    def check_lines(self, path: str, row: Row) -> None:
        try:
            lines = lines_of(text_of(self.folder / path))
        except (OSError, EOFError, ValueError, zlib.error, struct.error) as error:
            self.wrong(path, f"is damaged: {error}")
            return
        self.lines[path] = lines
        self.same(path, "records", row["records"], len(lines))
        if row["kind"] == "part":
            self.same(path, "merkle_root", row["merkle_root"], root(lines))
        for number, line in enumerate(lines, 1):
            try:
                if not isinstance(json.loads(line), dict):
                    self.wrong(path, f"line {number} is no object")
            except ValueError as error:
                self.wrong(path, f"line {number} is no JSON: {error}")

    def check_keys(self, path: str) -> None:
        """A row of the key table is called by the digest of what it says."""
        for line in self.lines.get(path, []):
            digest = json.loads(line)["digest"]
            said = line.replace(b'"digest":"%s",' % digest.encode(), b"", 1)
            self.same(path, "the digest of a key", digest, sha256(said)[:32])

    def check_nothing_else(self) -> None:
        """What no manifest speaks of is not there."""
        covered = {self.place_of_retired(path) if path in self.retired else path for path in self.published}
        covered.add(f"{OWN}/lock")
        for manifest in self.manifests:
            covered |= {f"{OWN}/manifests/{manifest.sequence:012}.{end}" for end in ("json", "ndjson", "sig")}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            is_staged = name.startswith(f"{OWN}/staging/")
            if path.is_dir() and not is_staged or name in covered or name.startswith(f"{OWN}/failed/"):
                continue
            if is_staged and self.is_partial:
                continue
            self.wrong(name, f"is there, and is {'left in staging' if is_staged else 'in no manifest'}")

    # --- Nothing is lost

    def check_counts(self) -> None:
        for manifest in self.manifests:
            name, counts = f"header {manifest.sequence}", Counter(manifest.header.get("counts", {}))
            if not all(isinstance(count, int) and count >= 0 for count in counts.values()):
                self.wrong(name, f"counts that are none: {dict(counts)}")
                continue
            ends = sum(counts[end] for end in ("written", "duplicates", "filtered", "quarantined"))
            self.same(name, "read", counts["read"], ends)
            self.same(name, "quarantined", counts["quarantined"], counts["unreadable"] + counts["refused"])
            self.same(name, "written", counts["written"], self.counted(manifest, "part"))
            # Records that moved from parts that were retired count as read and as written.
            copied = manifest.header.get("retired", {}).get("copied", 0)
            if manifest.kind in ("run", "replace"):
                read = sum(row["records"] for row in manifest.of("input"))
                self.same(name, "read", counts["read"], read + copied)
                self.same(name, "quarantined", counts["quarantined"], self.counted(manifest, "quarantine"))
                self.check_reasons(manifest, counts)
            parts = [row for row in manifest.of("retired") if self.was(row["path"]) == "part"]
            gone = sum(row["records"] for row in parts)
            if manifest.kind == "compact":
                self.same(name, "written", counts["written"], gone)
                self.same(name, "copied", copied, gone)
            if copied > min(gone, counts["written"]):
                self.wrong(name, f"copied {copied} of {gone} records that were retired")
            if "retired" in manifest.header:
                self.same(name, "retired", manifest.header["retired"],
                          {"parts": len(parts), "records": gone, "copied": copied})
            elif parts:
                self.wrong(name, "does not say how much was retired")

    def counted(self, manifest: Manifest, kind: str) -> int:
        """Lines in the files of this kind; of a file that is gone since, what its row says."""
        return sum(len(self.lines.get(row["path"], range(row["records"]))) for row in manifest.of(kind))

    def check_reasons(self, manifest: Manifest, counts: Counter[str]) -> None:
        """Who turned a record away stands in its row: intake what is no record, a stage the others."""
        for row in manifest.of("quarantine"):
            if row["path"] in self.lines:
                stages = [json.loads(line)["stage"] for line in self.lines[row["path"]]]
                self.same(row["path"], "unreadable", counts["unreadable"], stages.count("intake"))

    def was(self, path: str) -> str:
        return self.published[path][0]["kind"] if path in self.published else ""

    def check_live(self) -> None:
        live = [path for path, (row, _) in self.published.items()
                if row["kind"] == "part" and path not in self.retired]
        written = sum(manifest.header.get("counts", {}).get("written", 0) for manifest in self.manifests)
        gone = sum(row["records"] for manifest in self.manifests for row in manifest.of("retired")
                   if self.was(row["path"]) == "part")
        self.same("the archive", "live records", sum(len(self.lines.get(path, [])) for path in live),
                  written - gone)

    def check(self) -> list[str]:
        if not (self.folder / OWN / "manifests").is_dir():
            return [f"{self.folder}: is no archive"]
        for part in (self.check_headers, self.check_checkpoints, self.check_rows, self.check_files,
                     self.check_counts, self.check_live, self.check_nothing_else):
            try:
                part()
            except (KeyError, TypeError, AttributeError, ValueError, OSError, struct.error) as error:
                self.wrong(part.__name__, f"cannot be checked to its end: {error!r}")
        return self.findings


def findings(folder: str | Path, is_partial: bool = False) -> list[str]:
    """What is wrong with an archive, in words."""
    return Archive(folder, is_partial).check()


def live_records(folder: str | Path) -> Iterator[bytes]:
    """Every line that is in the archive now, by the manifests, without its line feed."""
    archive = Archive(folder)
    archive.check_rows()
    for path, (row, _) in archive.published.items():
        if row["kind"] == "part" and path not in archive.retired:
            yield from lines_of(text_of(archive.folder / path))


def main() -> None:
    archive = Archive(sys.argv[1], "--partial" in sys.argv[2:])
    found = archive.check()
    for finding in found:
        print(finding)
    if found:
        sys.exit(1)
    records = sum(1 for _ in live_records(sys.argv[1]))
    print(f"{len(archive.manifests)} commits, {len(archive.published) - len(archive.retired)} files, "
          f"{records} live records: nothing wrong")


if __name__ == "__main__":
    main()
