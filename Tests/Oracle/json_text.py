"""JSON values in bytes: where one ends, by the grammar or by its brackets and quotes alone."""
import json
import re
import sys

sys.setrecursionlimit(20_000)

DEPTH = 512
BLANK = b" \t\r\n"
STRING = re.compile(
    rb'"(?:[ !#-\[\]-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}'
    rb'|\xed[\x80-\x9f][\x80-\xbf]'
    rb'|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}'
    rb'|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
SCALAR = re.compile(rb"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![0-9A-Za-z.])")
RUN = re.compile(rb'[^ \t\r\n,:\[\]{}"]+')
LENIENT_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Bad(Exception):
    """What stands there is no value."""


class Open(Exception):
    """The page does not say what has to come of it."""


def blank(text, at, of=BLANK):
    while at < len(text) and text[at] in of:
        at += 1
    return at


def value(text, at, depth=0):
    """The end of the JSON value that begins here (RFC 8259, UTF-8, not too deep)."""
    kind = text[at:at + 1]
    if kind == b'"':
        match = STRING.match(text, at)
    elif kind in (b"{", b"["):
        return container(text, at, depth)
    else:
        match = SCALAR.match(text, at)
    if not match:
        raise Bad
    return match.end()


def container(text, at, depth):
    if depth == DEPTH:
        raise Bad
    named = text[at] == ord("{")
    closing = b"}" if named else b"]"
    at = blank(text, at + 1)
    if text[at:at + 1] == closing:
        return at + 1
    while True:
        if named:
            name = STRING.match(text, at)
            at = blank(text, name.end()) if name else len(text)
            if text[at:at + 1] != b":":
                raise Bad
            at = blank(text, at + 1)
        at = blank(text, value(text, at, depth + 1))
        if text[at:at + 1] == closing:
            return at + 1
        if text[at:at + 1] != b",":
            raise Bad
        at = blank(text, at + 1)


def byte_at(text, at, over=BLANK):
    """The first byte from here on that is no white space, or nothing at the end."""
    at = blank(text, at, over)
    return text[at:at + 1]


def is_value(text, at):
    try:
        return value(text, at)
    except Bad:
        return None


def unbroken(record):
    """A record as it is archived: without the line breaks between its tokens."""
    return b"".join(piece if piece.startswith(b'"') else piece.replace(b"\r", b"").replace(b"\n", b"")
                    for piece in re.split(rb'("(?:[^"\\]|\\.)*")', record))


def first_name(text, at):
    """The name of the first member of the object that begins here, unescaped; none where it has none."""
    name = STRING.match(text, blank(text, at + 1))
    return json.loads(name.group()) if name else None


def extent(text, at):
    """The end of a bad value by its brackets and quotes, or None where these are not in order."""
    if text[at] not in b'{["':
        run = RUN.match(text, at)
        return run.end() if run and b"\\" not in run.group() else None
    stack = []
    complete = named = False  # what stands before: a value without a comma behind it; in an object, a name and colon
    while True:
        at = blank(text, at)
        if at == len(text):
            return None
        byte = text[at:at + 1]
        if byte in b"{[":
            if complete or (stack and stack[-1][0] == b"{" and not named):
                return None  # two values without a comma, or an object for a name
            stack.append((byte, named))
            complete = named = False
            at += 1
        elif byte in b"}]":
            if not stack or stack[-1][0] + byte not in (b"{}", b"[]"):
                return None
            if byte == b"}" and complete and not named:
                raise Open
            named = stack.pop()[1]
            complete = True
            at += 1
        elif byte in b",:":
            if not stack:
                return None
            if byte == b":" and (not complete or named or stack[-1][0] == b"["):
                raise Open  # a colon without a name: whether that is in order
            if byte == b"," and stack[-1][0] == b"{" and not named:
                raise Open  # a name without a colon
            complete, named = False, byte == b":"
            at += 1
        else:
            match = (LENIENT_STRING if byte == b'"' else RUN).match(text, at)
            if not match or complete or (byte != b'"' and b"\\" in match.group()):
                return None
            complete = True
            at = match.end()
        if not stack:
            return at
