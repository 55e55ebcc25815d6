#!/usr/bin/env python3
"""A slow, obvious second opinion on what intake makes of an input.

    intake.py TRAILMILL SEED WORLDS DOCUMENTS [--sample]

Makes random documents of a format in the current directory, most of them damaged, and has the tool archive them. From
the inputs, the parts and the quarantine alone it finds out whether

- every byte of every input is a record's, a row's, syntax or beside the records, as the manifest and the summary say;
- every record that the damage did not touch is written, where docs/intake.md promises it, and none comes out of what
  a record holds;
- records and rows are those that `framing.py` finds;
- a pipe that gives a few bytes at a time says the same; and `verify` finds nothing.

What the tool took is left there when something differs. Ends with 1 then, or if a kind of outcome never came up (a
`--sample` is too small for that).
"""
import base64
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from documents import FORMATS, Document, accidents, bad_value, converted, cut, edited
from framing import read
from json_text import blank, is_value, unbroken
from promises import forged, promised
import zst

POINTERS = ["/r/*", "/*/x", "/r/*/node", "/a/b"]
OUTCOMES = ["sound", "value", "accident", "encoding", "rows", "pending", "sure", "unsure", "pipe"]
SUMS = ["text", "written", "duplicates", "filtered", "quarantined", "syntax", "beside", "pending"]
SYNTAX = {"ndjson": b" \t\r\n", "concatenated": b" \t\r\n"}


class World:
    """Documents of one format, and what the tool made of them."""

    def __init__(self, binary, seed, count):
        self.binary = binary
        self.dice = dice = random.Random(seed)
        self.seed = seed
        self.format = FORMATS[seed % len(FORMATS)]
        self.pointer = dice.choice(POINTERS) if self.format == "records" else None
        self.max_record = dice.choice([1 << 10, 1 << 16])
        self.tail = dice.choice(["quarantine", "quarantine", "wait"])
        self.documents, self.edits, self.kinds, self.texts = [], [], [], []
        for _ in range(count):
            self.draw()

    def draw(self):
        dice = self.dice
        document = Document(dice, self.format, self.pointer, hostile=dice.random() < 0.3)
        text = document.text
        kind = dice.choices(["sound", "value", "accident", "encoding"], [1, 3, 6, 0.2])[0]
        edits = {"value": lambda: bad_value(dice, document),
                 "accident": lambda: cut(dice, document) if dice.random() < 0.2 else accidents(dice, text),
                 }.get(kind, list)()
        if kind == "value" and not edits or not text:
            kind = "sound"
            edits = []
        self.documents.append(document)
        self.edits.append(edits)
        self.kinds.append(kind)
        self.texts.append(converted(dice, text) if kind == "encoding" else edited(text, edits))

    def definition(self, output, tail):
        settings = {"format": "auto" if self.pointer else self.format, "envelope": "never", "tail": tail,
                    "duplicate_members": "keep",
                    "max_record": f"{self.max_record >> 10}KiB"}
        if self.pointer:
            settings["records"] = self.pointer
        return json.dumps({"version": 1, "input": settings, "limits": {"unreadable": None}, "output": output})

    def archive(self):
        """Runs the tool over all documents; gives the summary."""
        shutil.rmtree("archive", ignore_errors=True)
        shutil.rmtree("in", ignore_errors=True)
        os.mkdir("in")
        for number, text in enumerate(self.texts):
            packed = self.dice.random() < 0.2
            if packed:
                text = zst.compress(text) if zst.AVAILABLE and number % 2 else gzip.compress(text, 1)
            Path(f"in/{number:06}").write_bytes(text)
        output = {"archive": "archive", "layout": "{/in no record}"}
        if zst.AVAILABLE and self.seed % 3 == 0:
            output["compression"] = {"format": "zstd"}
        Path("world.json5").write_text(self.definition(output, self.tail))
        threads = self.dice.choice(["1", "2", "3"])
        done = self.tool("run", "world.json5", "in", "--summary", "json", "--threads", threads)
        if done.returncode == 3 and b"records" in done.stderr and self.pointer:
            return None
        if done.returncode != 0:
            sys.exit(f"world {self.seed}: run ended with {done.returncode}: {done.stderr.decode()}")
        verified = self.tool("verify", "archive")
        if verified.returncode != 0:
            sys.exit(f"world {self.seed}: verify ended with {verified.returncode}: {verified.stdout.decode()}")
        return json.loads(done.stderr.splitlines()[-1])

    def tool(self, *words):
        return subprocess.run([self.binary, *words], capture_output=True, check=False)

    def results(self):
        """For each document its records as written, its rows, and the row of the manifest."""
        lines, rows, inputs = [], {}, {}
        for part in sorted(Path("archive").rglob("*.ndjson.*")):
            unpack = zst.decompress if part.suffix == ".zst" else gzip.decompress
            lines += unpack(part.read_bytes()).split(b"\n")[:-1]
        for file in Path("archive/_trailmill/quarantine").glob("*.gz"):
            for line in gzip.decompress(file.read_bytes()).splitlines():
                row = json.loads(line)
                rows.setdefault(row["file"], []).append((row["offset"], item_of(row)))
        for line in Path("archive/_trailmill/manifests/000000000001.ndjson").read_bytes().splitlines():
            row = json.loads(line)
            if row["kind"] == "input":
                inputs[row["name"]] = row
        for number in range(len(self.texts)):
            name = f"in/{number:06}"
            mine = rows.get(name, [])
            count = inputs[name]["records"] - len(mine) if name in inputs else 0
            yield lines[:count], mine, inputs.get(name)
            lines = lines[count:]
        if lines:
            sys.exit(f"world {self.seed}: {len(lines)} more events are written than the manifest says")


def item_of(row):
    return base64.b64decode(row["bytes"]) if row.get("encoding") else row["bytes"].encode()


# --- The law of bytes -----------------------------------------------------------------------------


def occurrence(text, at, record):
    """The end of a record that stands here, with line breaks between its tokens or without."""
    if text.startswith(record, at):
        return at + len(record)
    end = is_value(text, at)
    return end if end is not None and unbroken(text[at:end]) == record else None


def sums(text, records, rows, syntax):
    """Where each byte went, by what is written and kept; where `syntax` is None, anything may stand between."""
    at, written, others, places = 0, 0, 0, []
    records, rows = list(records), list(rows)
    if text.startswith(b"\xef\xbb\xbf") and not (rows and rows[0][0] < 3):
        at = others = 3
    while at < len(text) or rows or records:
        if rows and rows[0][0] == at:
            offset, item = rows.pop(0)
            if not text.startswith(item, at):
                return f"the row at {at} holds other bytes than the input"
            at += len(item)
            continue
        limit = rows[0][0] if rows else len(text)
        end = occurrence(text, at, records[0]) if records and text[at:at + 1] == b"{" else None
        if end is not None and end <= limit:
            places.append((at, end))
            written += end - at
            at = end
            records.pop(0)
        elif at == limit:
            return f"a written record is not in the input: {records[0]}" if records else f"rows overlap at {at}"
        elif syntax is not None and text[at] not in syntax:
            return f"byte {at} is in no record and in no row: {text[at:at + 60]}"
        else:
            brace = text.find(b"{", at + 1, limit)
            end = min(limit, blank(text, at, syntax)) if syntax else limit if brace < 0 else brace
            others += end - at
            at = end
    return written, others, places


def check_law(world, text, records, rows, row):
    """The places of the records, or what is wrong."""
    told = row["text_bytes"]
    kept = sum(len(item) for _, item in rows)
    syntax = None if world.pointer else SYNTAX.get(world.format, b" \t\r\n[],")
    found = sums(text, records, rows, syntax)
    if isinstance(found, str):
        return found
    written, others, places = found
    expected = {"from": 0, "to": len(text), "written": written, "duplicates": 0, "filtered": 0, "quarantined": kept}
    for name, count in expected.items():
        if told[name] != count:
            return f"text_bytes.{name} is {told[name]}, but {count} by the archive"
    if told["syntax"] + told["beside"] != others or (told["beside"] and not world.pointer):
        return f"syntax {told['syntax']} and beside {told['beside']}, but {others} bytes lie between"
    return places


def not_to_wait_for(world, text, pending):
    """Why what is said to be pending is not the beginning of an object; None where it may be one."""
    rest = text[len(text) - pending:].lstrip(b" \t\r")
    first = rest.split(b"\n")[0].strip()
    if world.tail != "wait" or world.format in ("array", "records") or pending > world.max_record:
        return f"{pending} bytes are pending"
    is_one_line = world.format == "ndjson" or world.format == "auto" and first != b"{"
    if not rest.startswith(b"{") or (b"\n" in rest and is_one_line):
        return f"pending is {rest}, which is no incomplete last line"
    if world.format != "ndjson" and is_value(rest, 0) is not None:
        return f"pending is {rest}, which is complete"
    return None


def may_wait(world, text):
    return not_to_wait_for(world, text, len(text.lstrip(b"\n"))) is None


# --- The other reader -----------------------------------------------------------------------------


def compare(world, text, records, rows, row):
    """What the tool found up to where the other reader is sure; None where both agree."""
    mine = read(text, world.format, world.pointer, world.max_record)
    lines = [unbroken(item) for _, item in mine.records]
    expected = trimmed(mine.rows)
    found = trimmed(rows)
    if mine.sure < len(text):
        records, found = records[:len(lines)], found[:len(expected)]
    if records != lines:
        same = len(os.path.commonprefix([records, lines]))
        return (f"up to {mine.sure} {len(lines)} records, not {len(records)}, and here {lines[same:same + 1]}, "
                f"not {records[same:same + 1]}"), mine
    if found != expected:
        return f"rows {expected} were expected up to {mine.sure}, not {found}", mine
    told = row["text_bytes"] if row else {"beside": 0}
    if mine.sure == len(text) and told["beside"] != mine.beside:
        return f"{mine.beside} bytes beside, not {told['beside']}, were expected", mine
    return None, mine


def trimmed(rows):
    """Rows without the white space behind, of which the page does not say whose it is."""
    return [(at, item.rstrip(b" \t\r\n")) for at, item in rows]


def through_a_pipe(world, number):
    """The same text in pieces, on standard input; None where that alone has no place for records."""
    pieces, text = [], world.texts[number]
    at = 0
    while at < len(text):
        step = world.dice.choice([1, 7, 64, 1000])
        pieces.append(text[at:at + step])
        at += step
    Path("pipe.json5").write_text(world.definition({"stdout": True, "quarantine": "pipe.rejects"}, "quarantine"))
    Path("pipe.rejects").unlink(missing_ok=True)
    process = subprocess.Popen([world.binary, "run", "pipe.json5", "-", "--summary", "none"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for piece in pieces[:400]:
        process.stdin.write(piece)
        process.stdin.flush()
    process.stdin.write(b"".join(pieces[400:]))
    out, error = process.communicate()
    if process.returncode not in (0, 3):
        sys.exit(f"world {world.seed}, document {number}: a pipe ended with {process.returncode}: {error.decode()}")
    if world.pointer and b"there is nothing at input.records" in error:
        return None
    rejects = Path("pipe.rejects")
    rows = [json.loads(line) for line in rejects.read_bytes().splitlines()] if rejects.exists() else []
    return out.split(b"\n")[:-1], [(row["offset"], item_of(row)) for row in rows]


# --- All of it ------------------------------------------------------------------------------------


def differences(world, seen):
    summary = world.archive()
    if summary is None:
        return
    total = Counter()
    for number, (records, rows, row) in enumerate(world.results()):
        document, edits, text = world.documents[number], world.edits[number], world.texts[number]
        kind = world.kinds[number]
        if row:
            total.update(row["text_bytes"])
            total["pending"] += row.get("pending", 0)
        if row and row.get("pending"):
            seen.update(["pending"])
            wrong = not_to_wait_for(world, text, row["pending"])
            if wrong:
                yield number, "tail", wrong
            text = text[:len(text) - row["pending"]]
        seen.update([kind, "rows"] if rows else [kind])
        if row is None and text and text not in world.texts[:number] and not may_wait(world, text):
            yield number, "law", "it is not in the manifest"
        if row is None:
            continue
        places = check_law(world, text, records, rows, row)
        if isinstance(places, str):
            yield number, "law", places
            continue
        difference, mine = compare(world, text, records, rows, row)
        seen.update(["sure" if mine.sure == len(text) else "unsure"])
        if difference:
            yield number, "reader", difference
        missing = [] if kind == "encoding" else promised(document, edits, kind, world.max_record)
        missing = list((Counter(map(unbroken, missing)) - Counter(records)).elements())
        if missing:
            yield number, "promise", f"untouched, but not written: {missing[:3]}"
        others = forged(document, edits, places, text)
        if others:
            yield number, "forged", f"{len(others)} like {others[0]} are written, but were part of another"
        if world.tail == "quarantine" and len(text) < 100_000 and world.dice.random() < 0.02:
            seen.update(["pipe"])
            if through_a_pipe(world, number) not in (None, (records, rows)):
                yield number, "pipe", "other records or rows through a pipe"
    for name in SUMS:
        count = summary[name + "_bytes"]
        found = total["to"] - total["from"] + total["pending"] if name == "text" else total[name]
        if found != count:
            yield None, "law", f"the summary says {count} bytes {name}, the inputs say {found}"


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    binary, seed, worlds, count = os.path.abspath(sys.argv[1]), *map(int, sys.argv[2:5])
    seen, found = Counter(), 0
    for number in range(seed, seed + worlds):
        world = World(binary, number, count)
        for place, kind, difference in differences(world, seen):
            settings = f"{world.format} {world.pointer or ''} {world.max_record}"
            text = b"" if place is None else world.texts[place]
            print(f"world {number}, document {place} ({settings}): {kind}: {difference}\n  {text}")
            found += 1
            if found >= int(os.environ.get("DIFFERENCES", "10")):
                sys.exit(1)
    if found:
        sys.exit(1)
    never = [kind for kind in OUTCOMES if not seen[kind]]
    if never and "--sample" not in sys.argv:
        sys.exit(f"never came up: {', '.join(never)}")
    print(f"{worlds * count} documents in {worlds} worlds: as expected")


if __name__ == "__main__":
    main()
