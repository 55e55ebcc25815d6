#!/usr/bin/env python3
"""A slow, obvious second opinion on `attribution`.

    attribution.py TRAILMILL SEED WORLDS EVENTS [--sample] [--count]

Makes worlds of keys, tokens and events in the current directory, hostile values included, runs the
tool over each, and compares every event it writes with what `contract.py` works out from the contract
alone. Prints what differs and ends with 1 if anything does, or if something that the contract speaks
of never came up (a `--sample` is too small for that); `--count` prints how often each did. Only the
standard library is used.
"""
import sys
from collections import Counter

from branches import BRANCHES
from contract import World
from tool import SECRET, run, save_world
from values import member, parse, spelling
from worlds import Draft


def as_written(attribution):
    """The claims as they were written, byte for byte; the rest by what it says."""
    return [(name, [(claim, spelling(inner)) for claim, inner in value] if name == "claims" else value)
            for name, value in attribution]


def differences(binary, seed, events, seen):
    draft = Draft(seed, events)
    save_world(draft)
    keys, tokens = ([parse(row) for row in rows] if rows is not None else None
                    for rows in (draft.keys, draft.tokens))
    world = World(draft.settings, keys, tokens, SECRET, seen)
    outputs = run(binary, draft.events)
    if len(outputs) != events:
        yield f"world {seed}: {len(outputs)} events written, {events} expected"
    for number, (line, output) in enumerate(zip(draft.events, outputs)):
        place, body = f"world {seed}, event {number}", line.rstrip()[:-1]
        if not output.startswith(body):
            yield f"{place}: the event itself was changed\n  {line}\n  {output}"
            continue
        expected = list(world.attribution(parse(line)))
        actual = as_written(member(parse(output), "attribution"))
        if actual != expected:
            yield f"{place}: {line}\n  expected {expected}\n  found    {actual}"
        if "hush" in output[len(body):]:
            yield f"{place}: a secret is shown: {output}"


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    binary, seed, worlds, events = sys.argv[1], *map(int, sys.argv[2:5])
    found, seen = 0, Counter()
    for number in range(seed, seed + worlds):
        for difference in differences(binary, number, events, seen):
            print(difference)
            found += 1
            if found == 10:
                sys.exit(1)
    if "--count" in sys.argv:
        for branch in sorted(set(seen) | set(BRANCHES)):
            print(f"{seen[branch]:7} {branch}{'' if branch in BRANCHES else '  (not asked for)'}")
    for branch in [] if "--sample" in sys.argv else BRANCHES:
        if not seen[branch]:
            print(f"never came up: {branch}")
            found += 1
    if found:
        sys.exit(1)
    print(f"{worlds * events} events in {worlds} worlds: as expected")


if __name__ == "__main__":
    main()
