"""A second opinion on what a table has to hold: from the lines that `trailmill search` prints."""
import json
import re
import unicodedata
from decimal import Decimal

LINE = "event_json"
OWN = [LINE, "_json", "_members", "_path"]
MOST_COLUMNS = 500


class Number(str):
    """A number as it is written."""


def read(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


def shape(value):
    if isinstance(value, Number):
        if re.fullmatch(r"-?\d+", value) and -2**63 <= int(value) < 2**63:
            return "integer"
        return "number"
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    return "text" if isinstance(value, str) else "container"


def is_plain(name):
    def fits(letter):
        return letter in "_-./:@#+ " or (
            unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd", "Mn", "Mc")
            and not 0xFE00 <= ord(letter) <= 0xFE0F)
    return name != "" and name[0] != " " and name[-1] != " " and all(map(fits, name))


def folded(name):
    name = unicodedata.normalize("NFC", name).replace("İ", "i")
    return unicodedata.normalize("NFC", name.lower().upper().lower())


def columns(lines, folders):
    """Which members have to be columns, and of which type."""
    shapes, counts = {}, {}
    for line in lines:
        for name, value in read(line).items():
            counts[name] = counts.get(name, 0) + 1
            shapes.setdefault(name, set()).add(shape(value))
    taken = {folded(name) for name in OWN + folders}
    chosen = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name.encode("utf-8", "surrogatepass"))):
        has_half = any(0xD800 <= ord(letter) <= 0xDFFF for letter in name)
        if has_half or len(name.encode("utf-8", "surrogatepass")) > 128:
            continue
        if len(chosen) < MOST_COLUMNS and is_plain(name) and folded(name) not in taken:
            taken.add(folded(name))
            kinds = shapes[name] - {"null"}
            chosen[name] = kinds.pop() if len(kinds) == 1 else "json"
            if chosen[name] not in ("text", "boolean", "integer"):
                chosen[name] = "json"
    return chosen


def mended(text):
    """Text with U+FFFD in place of each half of a surrogate pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def canonical(value, has_doubles):
    """A value in a form in which equal ones are equal."""
    if isinstance(value, Number):
        if has_doubles and re.search("[.eE]", value):
            return ("number", Decimal(float(value)) + 0)
        return ("number", Decimal(value) + 0)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return ("text", mended(value))
    if isinstance(value, list):
        return [canonical(each, has_doubles) for each in value]
    return {mended(name): canonical(each, has_doubles) for name, each in value.items()}


def differs(kind, found, value, reader):
    """True if a column does not hold the value of a member; None is that there is none, or null."""
    if value is None or found is None:
        return value is not None or found is not None
    if kind == "text":
        return found != mended(value)
    if kind == "integer":
        return isinstance(found, bool) or found != int(value)
    if kind == "boolean":
        return found is not value
    return canonical(read(found), reader.has_doubles) != canonical(reader.known(value), reader.has_doubles)


def faults(rows, lines, folders, reader, exact_folders=None):
    """What is wrong with a table, as sentences; `lines` are the events that it has to hold."""
    wanted, found = sorted(lines), sorted(row[LINE] for row in rows)
    if wanted != found:
        missing = len(set(wanted) - set(found))
        return [f"{len(found)} lines, expected {len(wanted)}; {missing} are missing"]
    kinds = columns(lines, folders)
    said = []
    for row in rows:
        event = read(row[LINE])
        reads = reader.reads(event)
        for name, kind in kinds.items():
            if name not in row:
                said.append(f"there is no column {name!r}")
            elif differs(kind, row[name], event.get(name) if reads else None, reader):
                said.append(f"{name!r} ({kind}) is {row[name]!r}, the event has {event.get(name)!r}")
        for name in row.keys() - kinds.keys() - set(folders) - {LINE}:
            if name in event or row[name] is not None:
                said.append(f"a column {name!r} nobody expects")
        if exact_folders:
            for name, value in exact_folders(event).items():
                if row[name] != value:
                    said.append(f"folder {name!r} is {row[name]!r}, expected {value!r}")
        if len(said) > 5:
            break
    return said[:5]
