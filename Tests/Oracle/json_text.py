"""JSON values in bytes: where one ends, by the grammar or by its brackets and quotes alone."""
import functools
import json
import re
import sys

sys.setrecursionlimit(20_000)

DEPTH = 512
DOUBT = 64 << 10
BLANK = b" \t\r\n"
STRING = re.compile(
    rb'"(?:[ !#-\[\]-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}'
    rb'|\xed[\x80-\x9f][\x80-\xbf]'
    rb'|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}'
    rb'|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
SCALAR = re.compile(rb"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![0-9A-Za-z.])")
RUN = re.compile(rb'[^ \t\r\n,:\[\]{}"]+')
LENIENT_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
# The beginning of a string, a number or a literal, where the text ends.
GOOD = re.compile(STRING.pattern[:-1])
NO_NUMBER = re.compile(rb"-?(?:NaN|nan|Infinity|inf)(?![^ \t\r\n,:\[\]{}\"])")
CUT = re.compile(
    STRING.pattern[:-1] + rb'(?:\\(?:u[0-9a-fA-F]{0,3})?|[\xc2-\xdf]|\xe0[\xa0-\xbf]?|[\xe1-\xec\xee\xef][\x80-\xbf]?'
    rb'|\xed[\x80-\x9f]?|\xf0(?:[\x90-\xbf][\x80-\xbf]?)?|[\xf1-\xf3][\x80-\xbf]{0,2}|\xf4(?:[\x80-\x8f][\x80-\xbf]?)?)?'
    rb"|-|-?(?:0|[1-9][0-9]*)(?:\.|(?:\.[0-9]+)?[eE][+-]?)|tr?u?|fa?l?s?|nu?l?")


class Bad(Exception):
    """What stands there is no value: where that shows, and whether only a string or a number is written wrong."""

    def __init__(self, at=None, in_order=False):
        super().__init__()
        self.at, self.in_order = at, in_order


class Cut(Bad):
    """What stands there is the beginning of a value, and then the text ends."""


class Open(Exception):
    """The page does not say what has to come of it."""


def blank(text, at, of=BLANK):
    return runs_of(of).match(text, at).end()


@functools.cache
def runs_of(these):
    return re.compile(b"[" + re.escape(these) + b"]*")


def value(text, at, depth=0):
    """The end of the JSON value that begins here (RFC 8259, UTF-8, not too deep)."""
    kind = text[at:at + 1]
    if not kind:
        raise Cut(at, True)
    if kind == b'"':
        match = STRING.match(text, at)
    elif kind in (b"{", b"["):
        return container(text, at, depth)
    else:
        match = SCALAR.match(text, at)
    if not match:
        if CUT.fullmatch(text, at):
            raise Cut(len(text), True)
        if kind == b'"':
            raise Bad(GOOD.match(text, at).end(), True)
        raise Bad(at, NO_NUMBER.match(text, at) is not None)
    return match.end()


def container(text, at, depth):
    if depth == DEPTH:
        raise Bad(at, True)
    named = text[at] == ord("{")
    closing = b"}" if named else b"]"
    at = blank(text, at + 1)
    if text[at:at + 1] == closing:
        return at + 1
    while True:
        if named:
            if text[at:at + 1] not in (b'"', b""):
                raise Bad(at)
            at = blank(text, value(text, at))
            if text[at:at + 1] != b":":
                raise Bad(at) if text[at:] else Cut(at, True)
            at = blank(text, at + 1)
        at = blank(text, value(text, at, depth + 1))
        if text[at:at + 1] == closing:
            return at + 1
        if text[at:at + 1] != b",":
            raise Bad(at) if text[at:] else Cut(at, True)
        at = blank(text, at + 1)


def own(text, at, most):
    """Up to where an object of at most `most` bytes is JSON, and whether nothing but its writing is wrong there.

    Where a quote is missing, the last string may have swallowed the brace with which a record begins.
    """
    try:
        value(text, at)
        return at + 1, True  # it is too long
    except Bad as bad:
        if bad.at - at > most or isinstance(bad, Cut):
            return at + 1, True
        between = rb'\{[ \t\r\n]*"[ \t\r\n]*$'
        if bad.in_order:  # a control character may be the line feed behind the brace
            between = rb"\{[ \t\r\n]*$" if text[bad.at:bad.at + 1] < b" " else rb"$^"
        swallowed = re.search(between, text[at + 2:bad.at])
        return (at + 2 + swallowed.start() if swallowed else bad.at), bad.in_order


def byte_at(text, at, over=BLANK):
    """The first byte from here on that is no white space, or nothing at the end."""
    at = blank(text, at, over)
    return text[at:at + 1]


def is_value(text, at):
    try:
        return value(text, at)
    except Bad:
        return None


def is_cut(text, at):
    """Whether a value begins here, and nothing is wrong with it but that the text ends."""
    try:
        value(text, at)
    except Cut:
        return True
    except Bad:
        pass
    return False


def unbroken(record):
    """A record as it is archived: without the line breaks between its tokens."""
    return b"".join(piece if piece.startswith(b'"') else piece.replace(b"\r", b"").replace(b"\n", b"")
                    for piece in re.split(rb'("(?:[^"\\]|\\.)*")', record))


def first_name(text, at):
    """The name of the first member of the object that begins here, unescaped; none where it has none."""
    name = STRING.match(text, blank(text, at + 1))
    return json.loads(name.group()) if name else None


def in_order(text, at, breaks=True):
    """Whether brackets are in order, and commas and colons too, up to the end of a value or of the text."""
    end, _, is_in_order = extent_of_any(text, at, breaks)
    return is_in_order


def extent(text, at, breaks=True):
    end, last, _ = extent_of_any(text, at, breaks)
    return end, None if text[at:at + 1] == b"[" else last  # a list in the place of a record holds nothing of its own


def extent_of_any(text, at, breaks):
    """The end of a bad value by its brackets and quotes, and where its last string begins before the first doubt.

    And whether there was none. No end where they are not in order; no string where there is none, or where the text ends before that shows.
    A comma or colon that is missing or too much is a doubt: it passes if no string begins with what stands between
    tokens, and the value ends within 64 KiB. Without `breaks` a line feed within a string is out of order.
    """
    if text[at:at + 1] not in (b"{", b"[", b'"'):
        run = RUN.match(text, at)
        return (run.end() if run and b"\\" not in run.group() else None), None, False
    stack, last, doubt = [], None, None
    is_odd = False  # a string began with what stands between tokens
    closed = False  # a bracket stands before
    complete = named = False  # what stands before: a value without a comma behind it; in an object, a name and colon
    while True:
        at = blank(text, at)
        if at == len(text):
            return None, None if doubt is None else last, doubt is None
        byte = text[at:at + 1]
        is_name = complete and not named and bool(stack) and stack[-1][0] == b"{"
        doubtful = {b"}": is_name, b",": is_name, b":": not is_name}.get(
            byte, complete and byte not in b"{[]")
        if doubtful:
            if is_odd or closed and byte not in b"}],:":
                return None, last, False
            doubt = at if doubt is None else doubt
        if doubt is not None and at - doubt > DOUBT:
            return None, last, False
        if byte in b"{[":
            if complete or (stack and stack[-1][0] == b"{" and not named):
                return None, last, False  # two values without a comma, or an object for a name
            stack.append((byte, named))
            complete = named = False
            at += 1
        elif byte in b"}]":
            if not stack or stack[-1][0] + byte not in (b"{}", b"[]"):
                return None, last, False
            named = stack.pop()[1]
            complete = closed = True
            at += 1
        elif byte in b",:":
            complete, named = False, byte == b":"
            at += 1
        else:
            closed = False
            if complete:
                named = is_name
            string = byte == b'"'
            if string:
                last = at if doubt is None else last
                first = text[blank(text, at + 1, BLANK if breaks else b" \t\r"):][:1]
                is_odd = is_odd or first in (b",", b":", b"}", b"]")
                if is_odd and doubt is not None:
                    return None, last, False
            match = (LENIENT_STRING if string else RUN).match(text, at)
            if not match:
                return None, None if doubt is None else last, doubt is None  # the text ends inside of a string
            if string:
                if not breaks and b"\n" in match.group():
                    return None, last, False
            elif b"\\" in match.group() or text[match.end():match.end() + 1] in (b"{", b"["):
                return None, last, False
            complete = True
            at = match.end()
        if not stack:
            return (at if doubt is None or at - doubt <= DOUBT else None), last, doubt is None


