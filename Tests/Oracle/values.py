"""JSON values as the opinions see them: what they say, and how they were written."""
import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from json.decoder import scanstring

MISSING = object()


class Num(str):
    """A number as it is written."""


class Text(str):
    """A string that was read, and in `raw` how it was written, quotes included."""


class Obj(list):
    """An object: pairs in their order, duplicates included."""


# --- Reading --------------------------------------------------------------------------------------


def parse(text):
    value, end = parse_value(text, skip_space(text, 0))
    if skip_space(text, end) != len(text):
        raise ValueError(f"something follows the value: {text[end:]!r}")
    return value


def skip_space(text, at):
    return re.compile(r"[ \t\r\n]*").match(text, at).end()


def parse_value(text, at):
    """The value that begins at `at`, and where it ends."""
    if text[at] == '"':
        content, end = scanstring(text, at + 1)
        value = Text(content)
        value.raw = text[at:end]
        return value, end
    if text[at] == "{":
        pairs = parse_list(text, at, "}", parse_pair)
        return Obj(pairs[0]), pairs[1]
    if text[at] == "[":
        return parse_list(text, at, "]", parse_value)
    for word, value in (("true", True), ("false", False), ("null", None)):
        if text.startswith(word, at):
            return value, at + len(word)
    number = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII).match(text, at)
    return Num(number[0]), number.end()


def parse_list(text, at, closing, parse_element):
    elements, at = [], skip_space(text, at + 1)
    while text[at] != closing:
        element, at = parse_element(text, at)
        elements.append(element)
        at = skip_space(text, at)
        if text[at] == ",":
            at = skip_space(text, at + 1)
    return elements, at + 1


def parse_pair(text, at):
    name, at = scanstring(text, at + 1)
    value, at = parse_value(text, skip_space(text, skip_space(text, at) + 1))
    return (name, value), at


# --- Finding --------------------------------------------------------------------------------------


def member(value, name):
    found = MISSING
    if isinstance(value, Obj):
        for key, inner in value:
            if plain(key) == name:
                found = inner  # The last one wins.
    return found


def point(value, pointer):
    if pointer == "":
        return value
    for token in pointer[1:].split("/"):
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Obj):
            value = member(value, token)
        elif isinstance(value, list):
            inside = re.fullmatch(r"0|[1-9]\d{0,8}", token, re.ASCII) and int(token) < len(value)
            value = value[int(token)] if inside else MISSING
        else:
            return MISSING
    return value


def first(value, pointers):
    """The first value that is there; null, "" and {} are not."""
    for pointer in pointers:
        found = point(value, pointer)
        if not is_nothing(found):
            return found
    return MISSING


def is_nothing(value):
    is_empty_object = isinstance(value, Obj) and not value
    return value is MISSING or value is None or value == "" or is_empty_object


# --- What values say ------------------------------------------------------------------------------


def plain(text):
    """Halves of surrogate pairs cannot be said in UTF-8."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def is_exact(value):
    """False for a string that holds what no UTF-8 can say."""
    return not isinstance(value, str) or plain(value) == value


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Num)


def scalar(value):
    """What a string, number or boolean stands for; else None."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Num):
        return str(value)
    return plain(value) if isinstance(value, str) else None


def filled(value):
    """None for null, "", objects, arrays and what is missing."""
    return (scalar(value) or None) if value is not MISSING and value is not None else None


def spelling(value):
    """How a string, number or boolean was written."""
    return value.raw if isinstance(value, Text) else scalar(value)


# --- Times, in microseconds since 1970 ------------------------------------------------------------

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO = timedelta(microseconds=1)


def number_time(text):
    match = re.fullmatch(r"(-?)((?:0|[1-9]\d*)(?:\.\d+)?)(?:[eE]([+-]?\d+))?", text, re.ASCII)
    if not match:
        return None
    exponent = max(-400, min(400, int(match[3] or 0)))
    size = Fraction(match[2]) * Fraction(10) ** exponent
    digits = str(int(size))
    if len(digits) in (14, 17, 20, 23) and not match[1] and is_calendar(digits[:14]):
        return None  # A date and a time of day that name no zone.
    if size >= 2**63:
        return None
    unit = next(unit for limit, unit in ((10**11, 10**6), (10**14, 10**3), (10**17, 1), (2**63, Fraction(1, 1000)))
                if size < limit)
    micros = int(size * unit)
    return in_calendar(-micros if match[1] else micros)


def is_calendar(digits):
    try:
        datetime.strptime(digits[:12] + ("59" if digits[12:] == "60" else digits[12:]), "%Y%m%d%H%M%S")
        return True
    except ValueError:
        return False


def in_calendar(micros):
    first, last = (datetime(1, 1, 1, tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc))
    return micros if (first - EPOCH) // MICRO <= micros <= (last - EPOCH) // MICRO else None


def string_time(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text, re.ASCII):
        return None
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // MICRO


def event_time(value):
    if isinstance(value, Num):
        return number_time(value)
    if not isinstance(value, str):
        return None
    time = string_time(plain(value))
    return number_time(plain(value)) if time is None else time


FOREVER = "for ever"


def table_time(value):
    """A time; None for what says that there is none, `FOREVER` for the year 9999."""
    if isinstance(value, Num) and re.match(r"-?0(\.0*)?([eE]|\Z)", value):
        return None
    if isinstance(value, Num) and re.fullmatch(r"253(3[7-9]|40)\d{7}(\d{3})*", value):
        return FOREVER
    if isinstance(value, str) and re.match(r"9999-", value):
        return FOREVER
    if isinstance(value, str) and re.match(r"0001-", value):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return string_time(value + "T00:00:00Z")
    return event_time(value)
