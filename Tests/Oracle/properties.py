#!/usr/bin/env python3
"""What holds for attributions whatever they are.

    properties.py TRAILMILL SEED WORLDS EVENTS

Makes random worlds in the current directory, and runs the tool over each in several ways. Needs no
opinion of what is right: it compares what the tool says with what it says elsewhere.
"""
import re
import sys

from display import claim, retained
from tool import run, run_again, save_world
from values import Obj, is_text, member, parse, scalar
from worlds import BASE, NAMES, SECOND, Draft, once, some_claims, some_person, time_value, written

# --- The same again -------------------------------------------------------------------------------


def idempotent(binary, draft, before):
    """Its own output gives the same bytes again."""
    return run_again(binary, before) == before


def on_any_number_of_threads(binary, draft, before):
    """With so many events that there is something for each; in few worlds, as that takes its time."""
    if draft.seed % 10 != 1:
        return True
    times = 1 + (5 << 20) // sum(map(len, before))
    return all(run(binary, draft.events * times, "--threads", threads) == before * times
               for threads in ("1", "2", "5"))


# --- Other tables ---------------------------------------------------------------------------------


def whatever_the_order_of_rows(binary, draft, before):
    for rows in (draft.keys, draft.tokens):
        if rows is not None:
            draft.dice.shuffle(rows)
    save_world(draft)
    return run(binary, draft.events) == before


def with_keys_and_tokens_of_others(binary, draft, before):
    """Keys and tokens that no event has to do with change nothing, wherever they stand."""
    dice = draft.dice
    people = [some_person(dice)]
    for number in range(6):
        if draft.keys is not None:
            row = Obj([("id", f"unrelated-{number}"), ("name", f"nobody {number}")])
            insert(dice, row, draft.keys)
        if draft.tokens is not None:
            claims = once(unnamed(some_claims(dice, people)))
            row = Obj([("key_id", f"unrelated-{number % 3}"), ("claims", claims)])
            if number % 2:
                row.append(("token_id", f"unrelated-token-{number}"))
            insert(dice, row, draft.tokens)
    save_world(draft)
    # What the tokens of others show, a key of ours may be called.
    return but_for_imitation(run(binary, draft.events)) == but_for_imitation(before)


def but_for_imitation(lines):
    """Without the flag that says that a key is called as a claim shows somebody."""
    without = [re.sub(',?"imitates_actor"', "", line) for line in lines]
    return [line.replace("[,", "[").replace(',"flags":[]', "") for line in without]


def with_versions_from_later_on(binary, draft, before):
    """What keys are called from some later time on, or with an end and without a beginning, long before, changes
    nothing: not what a shortened id stands for, and not what an event without a time is told."""
    dice = draft.dice
    known = [scalar(row_id(parse(row))) for row in draft.keys or []]
    for _ in range(8 if known else 0):
        row = Obj([("id", dice.choice(known)), ("name", dice.choice(NAMES))])
        if dice.random() < 0.3:
            row.append(("valid_to", dice.choice(["1900-01-01", "1924-05-05T00:00:00Z"])))
        else:
            row.append(("valid_from", dice.choice(["2090-01-01", "2191-05-05T00:00:00Z"])))
            if dice.random() < 0.3:
                row.append(("valid_to", "2291-01-01"))
        insert(dice, row, draft.keys)
    save_world(draft)
    return run(binary, draft.events) == before


def with_tokens_of_later(binary, draft, before):
    """Tokens of the same keys, of anybody, that are issued once all is over change nothing."""
    if draft.tokens is None:
        return True
    dice = draft.dice
    keys = [member(parse(row), "key_id") for row in draft.tokens] or ["unrelated"]
    people = [some_person(dice)]
    for number in range(8):
        claims = Obj([(name, value) for name, value in once(unnamed(some_claims(dice, people)))
                      if name not in ("iat", "exp")])
        times = [("iat", time_value(dice, BASE + (24 + number) * 3600 * SECOND))]
        row = Obj([("key_id", dice.choice(keys)), ("token_id", f"later-{number}"), *times, ("claims", claims)])
        insert(dice, row, draft.tokens)
    save_world(draft)
    # Whom such a token shows, a key of ours may be called.
    return but_for_imitation(run(binary, draft.events)) == but_for_imitation(before)


def row_id(row):
    return next(value for name, value in row if name in ("id", "key_id"))


def unnamed(claims):
    """Without a token's id, which an event could name."""
    return Obj([(name, value) for name, value in claims if name != "jti"])


def insert(dice, row, rows):
    rows.insert(dice.randrange(len(rows) + 1), written(dice, row))


# --- What is kept ---------------------------------------------------------------------------------

NOT_MARKED = ("iat", "exp", "jti", "iss")


class Marker:
    """Makes every text in claims one that is found again, each its own."""

    def __init__(self, draft):
        self.dice = draft.dice
        self.retained = [name for name, is_pseudonym, _ in retained(draft.settings) if not is_pseudonym]
        self.count = 0
        self.allowed = set()

    def claims(self, claims):
        pairs = [(name, value if name in NOT_MARKED else self.mark(value)) for name, value in claims]
        self.allowed |= {claim(Obj(pairs), name) for name in self.retained}
        return Obj(pairs)

    def mark(self, value):
        if isinstance(value, Obj):
            return Obj([(name, self.mark(inner)) for name, inner in value])
        if isinstance(value, list):
            return [self.mark(inner) for inner in value]
        if not is_text(value) or not value:
            return value
        self.count += 1
        return f"canary-{self.count}-"

    def within(self, object):
        """An object with the text in its member `claims` marked, also where that is JSON in a string."""
        pairs = []
        for name, value in object:
            if name == "claims" and is_text(value) and value.startswith("{"):
                value = parse(value)
            pairs.append((name, self.claims(value) if name == "claims" and isinstance(value, Obj) else value))
        return Obj(pairs)

    def event(self, event):
        return Obj([(name, self.within(value) if isinstance(value, Obj) else value) for name, value in event])


def nothing_but_what_is_retained(binary, draft, before):
    """No claim outside `retain` is in what was added, but for what is displayed, or might be, and who acts."""
    marker = Marker(draft)
    if draft.tokens is not None:
        draft.tokens = [written(draft.dice, marker.within(parse(row))) for row in draft.tokens]
    events = [written(draft.dice, marker.event(parse(line))) for line in draft.events]
    save_world(draft)
    for line, output in zip(events, run(binary, events)):
        attribution = member(parse("{" + output[len(line.rstrip()) - 1:].lstrip(",")), "attribution")
        rest = [(name, [nameless(link) for link in value] if name == "chain" else value)
                for name, value in attribution if name not in ("display_actor", "candidates")]
        if not set(re.findall(r"canary-\d+-", repr(rest))) <= marker.allowed:
            return False
    return True


def nameless(link):
    """A link of a chain without whom it names."""
    return [(name, value) for name, value in link if name not in ("display_actor", "actor", "on_behalf_of")]


PROPERTIES = [
    idempotent, on_any_number_of_threads, whatever_the_order_of_rows, with_keys_and_tokens_of_others,
    with_versions_from_later_on, with_tokens_of_later, nothing_but_what_is_retained,
]


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    binary, seed, worlds, events = sys.argv[1], *map(int, sys.argv[2:5])
    failures = 0
    for number in range(seed, seed + worlds):
        for holds in PROPERTIES:
            draft = Draft(number, events)
            save_world(draft)
            if not holds(binary, draft, run(binary, draft.events)):
                print(f"world {number}: {holds.__name__} does not hold")
                failures += 1
    if failures:
        sys.exit(1)
    print(f"{len(PROPERTIES)} properties in {worlds} worlds: all hold")


if __name__ == "__main__":
    main()
