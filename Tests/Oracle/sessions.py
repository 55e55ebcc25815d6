#!/usr/bin/env python3
"""A simulation with a known truth: who is named by sessions that `claims learn --sessions` finds in the trail?

    sessions.py TRAILMILL SEED EVENTS [--table] [--sample]

People share one key, whose tokens live for five minutes and are exchanged for sessions of ten hours. The trail has
the exchanges, or most of them, and events, which say nothing but key, time and address; which token was exchanged,
and who made an event, is known here alone. What is learned of the trail is then asked about its events. Ends with 1
if a wrong person is named once, if nobody is though somebody was there, or if it was none of the candidates; and if
nobody is named wrong where the rules say what is not so. `--table` prints the shares, as docs/attribution.md has
them, `--sample` takes two of the loads. Only the standard library is used.
"""
import json
import random
import subprocess
import sys

from simulation import held_against

HOUR = 3600
TOKEN, SESSION = 300, 10 * HOUR
START = 1_795_132_800
PEOPLE = ["ann", "bob", "cyd", "dan", "eve"]
LOADS = [1, 2, 4, 10, 50]
# The people have an address each, two between them, or one.
ADDRESSES = {
    "own": lambda person: f"203.0.113.{person}",
    "two": lambda person: f"2001:db8::{person % 2}",
    "one": lambda person: "198.51.100.1",
}
ONCE, COMPLETE = {"once": True}, {"complete": True}


class Way:
    """What is true of a trail (the addresses, the share of exchanges that it lacks, the share of tokens that are
    exchanged twice, whether an exchange names its token), and what the rules say of it; None if nothing is
    learned."""

    def __init__(self, name, addresses, said, missing=0.0, twice=0.0, names=False, is_wrong=False):
        self.name, self.addresses, self.said = name, addresses, said
        self.missing, self.twice, self.names, self.is_wrong = missing, twice, names, is_wrong


TABLE = [
    Way("by time alone", "own", None),
    *(Way(f"{name}, {percent} % missing", addresses, ONCE, percent / 100)
      for name, addresses in (("an address each", "own"), ("two addresses", "two"))
      for percent in (0, 10, 30)),
    *(Way(f"an address each, exchanges name their token, {percent} % missing", "own", ONCE, percent / 100, names=True)
      for percent in (0, 10)),
]
WAYS = TABLE + [
    Way("two addresses, exchanges name their token", "two", ONCE, names=True),
    Way("complete, tokens exchanged twice", "own", COMPLETE, twice=0.3),
    Way("complete and once, one address", "one", COMPLETE | ONCE),
    Way("nothing said, 30 % missing, tokens exchanged twice", "own", {}, 0.3, 0.3),
    Way("said to be complete, 30 % missing", "two", COMPLETE, 0.3, is_wrong=True),
]


def save(name, rows):
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def with_port(dice, address):
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{dice.randrange(1024, 65536)}"


def world(dice, way, load, events):
    """Tokens issued at random moments, `load` an hour, exchanges of them, and events at random moments of their
    sessions."""
    count = min(int(load * 480), 6000, max(int(load * 60), 4 * events))
    length = count / load * HOUR
    address = ADDRESSES[way.addresses]
    tokens, sessions, trail = [], [], []
    for number in range(count):
        issued, person = START + int(dice.random() * length), dice.randrange(len(PEOPLE))
        tokens.append({"key_id": "01J", "token_id": f"t{number}", "iat": issued, "exp": issued + TOKEN,
                       "claims": {"email": PEOPLE[person], "jti": f"t{number}"}})
        for _ in range(2 if dice.random() < way.twice else 1):
            exchanged = issued + dice.randrange(TOKEN)
            sessions.append((exchanged, person))
            if dice.random() >= way.missing:
                trail.append({"actor": "api::01J", "action": "session.create", "timestamp": exchanged,
                              "remoteIP": with_port(dice, address(person)),
                              "data": {"jti": f"t{number}"} if way.names else {}})
    made = []
    for _ in range(events):
        # Neither end of the world, where few are there.
        exchanged, person = dice.choice(sessions)
        while not SESSION <= exchanged - START <= length - SESSION:
            exchanged, person = dice.choice(sessions)
        made.append(({"actor": "api::01J", "action": "stack.delete", "remoteIP": address(person),
                      "timestamp": exchanged + dice.randrange(SESSION)}, PEOPLE[person]))
    return tokens, trail, made


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


def outcomes(binary, way, tokens, trail, made):
    store = "tokens.ndjson"
    save(store, tokens)
    save("events.ndjson", [event for event, _ in made])
    if way.said is not None:
        save("trail.ndjson", trail + [event for event, _ in made])
        rule = {"when": {"pointer": "/action", "equals": "session.create"},
                "key_id": "{/actor|strip_prefix:api::}", "where": ["/remoteIP"], "session": "10h",
                "via": {"key_id": "{/actor|strip_prefix:api::}", "token_id": "/data/jti"}}
        save("rules.json5", [{"sessions": way.said, "rules": [rule]}])
        run(binary, "claims", "learn", "trail.ndjson", "--rules", "rules.json5", "--sessions", store,
            "--output", "sessions.ndjson")
        store = "sessions.ndjson"
    save("simulation.json5", [{
        "version": 1, "input": {"envelope": "never", "dialect": "spacelift"}, "output": {"stdout": True},
        "stages": [{"stage": "display_actor", "claims": store, "policies": [{"show": ["email"]}],
                    "infer": {"session": "10h"}}]}])
    lines = run(binary, "run", "simulation.json5", "events.ndjson", "--summary", "none")
    return held_against(lines, made)


def main():
    binary, seed, events = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    faults = 0
    shares = {}
    loads = LOADS[::3] if "--sample" in sys.argv else LOADS
    for way in WAYS:
        wrong = 0
        for load in loads:
            dice = random.Random(f"{seed} {load} {way.name}")
            seen = outcomes(binary, way, *world(dice, way, load, events))
            shares[way.name, load] = seen
            wrong += seen["wrong"]
            if not way.is_wrong and (seen["wrong"] or seen["none"] or seen["missing among the candidates"]):
                print(f"{way.name}, {load} runs an hour: {dict(seen)}")
                faults += 1
        if way.is_wrong and not wrong:
            print(f"{way.name}: nobody is named wrong: the simulation shows nothing")
            faults += 1
    if faults:
        sys.exit(1)
    if "--table" in sys.argv:
        print(f"| runs an hour | {' | '.join(way.name for way in TABLE)} |\n|{' --- |' * (len(TABLE) + 1)}")
        for load in loads:
            cells = [f"{100 * shares[way.name, load]['right'] / events:.1f} %" for way in TABLE]
            print(f"| {load} | {' | '.join(cells)} |")
    sound = sum(not way.is_wrong for way in WAYS) * len(loads)
    print(f"{sound} simulations of {events} events: with what is said being so nobody is named wrong")


if __name__ == "__main__":
    main()
