#!/usr/bin/env python3
"""A slow, obvious second opinion on the stage `redact`.

    redact.py TRAILMILL SEED WORLDS EVENTS

As attribution.py: makes pointers and events in the current directory, compares what the tool leaves
of them with what is worked out here on parsed values, and runs the tool again over its own output.
"""
import hashlib
import hmac
import json
import os
import random
import re
import sys

from tool import run, run_again, save
from values import MISSING, Num, Obj, parse, plain

SECRET = "a key"
KEYS = ["a", "b", "c", "a/b", "~", "*", "0", "1", '"q\\', "é", ""]
SCALARS = [
    "x", "", 'é"\\', "a,b:}{", "\ud800", None, True, Num("1.50"), Num("-0"),
    "hmac-sha256:" + "0" * 64, "hmac-sha256:" + "A" * 64,
]


def some_value(dice, depth=0):
    kind = dice.random()
    if depth < 4 and kind < 0.35:
        count = dice.randrange(5)
        return Obj([(dice.choice(KEYS), some_value(dice, depth + 1)) for _ in range(count)])
    if depth < 4 and kind < 0.55:
        return [some_value(dice, depth + 1) for _ in range(dice.randrange(4))]
    return dice.choice(SCALARS)


def some_pointers(dice):
    pointers = []
    for _ in range(dice.randrange(4)):
        tokens = [dice.choice(KEYS + ["*", "*", "0"]) for _ in range(dice.randrange(1, 4))]
        escaped = [token.replace("~", "~0").replace("/", "~1") for token in tokens]
        pointers.append("/" + "/".join(escaped))
    return pointers


def tokens_of(pointer):
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def text(value):
    """The one way to write a value that this test uses: what is hashed is what is written."""
    if isinstance(value, Num):
        return str(value)
    if isinstance(value, Obj):
        return "{" + ",".join(json.dumps(key) + ":" + text(inner) for key, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return json.dumps(value)


def places(value, tokens, path=()):
    """Where a pointer leads: every path of ordinals."""
    if not tokens:
        yield path
    elif isinstance(value, Obj):
        for ordinal, (key, inner) in enumerate(value):
            if tokens[0] == "*" or tokens[0] == plain(key):
                yield from places(inner, tokens[1:], path + (ordinal,))
    elif isinstance(value, list):
        for ordinal, inner in enumerate(value):
            if tokens[0] in ("*", str(ordinal)):
                yield from places(inner, tokens[1:], path + (ordinal,))


def plan(event, pointers):
    """By path the pointer that counts: read from the end, a name is stronger than `*`."""
    strength = lambda pointer: [token == "*" for token in reversed(tokens_of(pointer))]
    chosen = {}
    for pointer in pointers:
        for path in places(event, tokens_of(pointer)):
            if path not in chosen or strength(pointer) < strength(chosen[path]):
                chosen[path] = pointer
    return chosen


def redacted(value, chosen, removed, altered, path=(), in_array=False):
    pointer = chosen.get(path)
    is_text = isinstance(value, str) and not isinstance(value, Num)
    if pointer in removed:
        if in_array and value is None:
            return None
        altered.add(pointer)
        return None if in_array else MISSING
    if pointer is not None and value is not None:
        if is_text and re.fullmatch("hmac-sha256:[0-9a-f]{64}", value):
            return value
        altered.add(pointer)
        content = plain(value) if is_text else text(value)
        return "hmac-sha256:" + hmac.new(SECRET.encode(), content.encode(), hashlib.sha256).hexdigest()
    again = lambda inner, ordinal, in_array: redacted(
        inner, chosen, removed, altered, path + (ordinal,), in_array)
    if isinstance(value, Obj):
        pairs = [(key, again(inner, n, False)) for n, (key, inner) in enumerate(value)]
        return Obj([pair for pair in pairs if pair[1] is not MISSING])
    if isinstance(value, list):
        return [again(inner, ordinal, True) for ordinal, inner in enumerate(value)]
    return value


def differences(binary, seed, events):
    dice = random.Random(seed)
    removed = list(dict.fromkeys(some_pointers(dice))) or ["/a"]
    hashed = [name for name in dict.fromkeys(some_pointers(dice)) if name not in removed]
    stage = {"stage": "redact", "remove": removed, "hash": hashed, "secret": {"env": "SECRET"}}
    world = {"version": 1, "input": {"envelope": "never"}, "stages": [stage]}
    save("world.json5", json.dumps(world | {"output": {"stdout": True}}))
    lines = []
    for _ in range(events):
        members = [(dice.choice(KEYS), some_value(dice)) for _ in range(dice.randrange(6))]
        lines.append(text(Obj(members)))
    outputs = run(binary, lines)
    if len(outputs) != events:
        yield f"world {seed}: {len(outputs)} events written, {events} expected"
    for line, output in zip(lines, outputs):
        event, altered = parse(line), set()
        chosen = plan(event, removed + hashed)
        expected = Obj(redacted(event, chosen, removed, altered))
        if altered:
            expected.append(("altered", [name for name in removed + hashed if name in altered]))
        if parse(output) != expected:
            yield f"world {seed}, {removed} {hashed}: {line}\n  expected {text(expected)}\n  found    {output}"
    if run_again(binary, outputs) != outputs:
        yield f"world {seed}: a second run over the output changes it"


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    os.environ["SECRET"] = SECRET
    binary, seed, worlds, events = sys.argv[1], *map(int, sys.argv[2:5])
    found = 0
    for number in range(seed, seed + worlds):
        for difference in differences(binary, number, events):
            print(difference)
            found += 1
            if found == 10:
                sys.exit(1)
    if found:
        sys.exit(1)
    print(f"{worlds * events} events in {worlds} worlds: as expected")


if __name__ == "__main__":
    main()
