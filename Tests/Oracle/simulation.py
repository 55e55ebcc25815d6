#!/usr/bin/env python3
"""A simulation with a known truth: who is named by inference, and is it who it was?

    simulation.py TRAILMILL SEED EVENTS [--table]

People share one key, whose tokens live for five minutes and are exchanged for sessions of ten hours. Each event
says nothing but key, time and address; who made it is known here alone. Every load is run with a complete claim
store and sessions, with the people's addresses beside (`where`), and, for comparison, as if a session ended with
its token. Ends with 1 if a complete store names a wrong person once. `--table` prints the shares, as
docs/attribution.md has them. Only the standard library is used.
"""
import json
import random
import subprocess
import sys
from collections import Counter

HOUR = 3600
TOKEN, SESSION = 300, 10 * HOUR
START = 1_795_132_800
PEOPLE = ["ann", "bob", "cyd", "dan", "eve"]
LOADS = [0.02, 0.1, 0.5, 1, 4, 10, 50]
# Each of the people has an address of their own, or they are behind two.
ADDRESSES = {"own": lambda person: f"203.0.113.{person}", "two": lambda person: f"203.0.113.{person % 2}"}
WAYS = {
    "by `iat` and `exp` alone": ({"infer": {}}, None),
    "with sessions": ({"infer": {"session": "10h"}}, None),
    "and two addresses": ({"infer": {"session": "10h"}}, "two"),
    "and an address each": ({"infer": {"session": "10h"}}, "own"),
}


def save(name, rows):
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def definition(inference):
    display = {"stage": "display_actor", "claims": "claims.ndjson", "policies": [{"show": ["email"]}]}
    return {"version": 1, "input": {"envelope": "never", "dialect": "spacelift"},
            "stages": [display | inference], "output": {"stdout": True}}


def world(dice, load, events, addresses):
    """Runs at random moments, `load` an hour; events at random moments of their sessions."""
    count = max(2, min(events, int(load * 24 * 20)))
    length = count / load * HOUR
    runs = []
    for number in range(count):
        person = dice.randrange(len(PEOPLE))
        runs.append((START + int(dice.random() * length), person, f"t{number}"))
    tokens = []
    for issued, person, name in runs:
        row = {"key_id": "01J", "token_id": name, "iat": issued, "exp": issued + TOKEN,
               "claims": {"email": PEOPLE[person]}}
        if addresses is not None:
            row["where"] = {"/remoteIP": ADDRESSES[addresses](person)}
        tokens.append(row)
    made = []
    for _ in range(events):
        issued, person, _name = dice.choice(runs)
        exchanged = issued + dice.randrange(TOKEN)
        time = exchanged + dice.randrange(SESSION)
        event = {"actor": "api::01J", "timestamp": time,
                 "remoteIP": ADDRESSES[addresses or "own"](person)}
        made.append((event, PEOPLE[person]))
    return tokens, made


def held_against(lines, made):
    """How often what is written of an event is who it was."""
    if len(lines) != len(made):
        sys.exit(f"{len(lines)} events written, {len(made)} expected")
    seen = Counter()
    for line, (_, truth) in zip(lines, made):
        attribution = json.loads(line)["attribution"]
        match = attribution["match"]
        if match in ("sole", "agreed", "narrowed"):
            seen["right" if attribution["display_actor"] == truth else "wrong"] += 1
            continue
        seen[match] += 1
        if match == "ambiguous" and truth not in attribution["candidates"]:
            seen["missing among the candidates"] += 1
    return seen


def outcomes(binary, tokens, made, inference):
    save("claims.ndjson", tokens)
    save("events.ndjson", [event for event, _ in made])
    save("simulation.json5", [definition(inference)])
    done = subprocess.run([binary, "run", "simulation.json5", "events.ndjson", "--summary", "none"],
                          capture_output=True, encoding="utf-8", check=True)
    lines = done.stdout.splitlines()
    return held_against(lines, made)


def main():
    binary, seed, events = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    faults = 0
    shares = {}
    for way, (inference, addresses) in WAYS.items():
        is_complete = way != "by `iat` and `exp` alone"
        for load in LOADS:
            dice = random.Random(f"{seed} {load}")
            tokens, made = world(dice, load, events, addresses)
            seen = outcomes(binary, tokens, made, inference)
            shares[way, load] = seen
            if is_complete and (seen["wrong"] or seen["none"] or seen["missing among the candidates"]):
                print(f"{way}, {load} runs an hour: {dict(seen)}")
                faults += 1
            if not is_complete and load == 4 and not seen["wrong"]:
                print("inference without sessions names nobody wrong: the simulation shows nothing")
                faults += 1
    if faults:
        sys.exit(1)
    if "--table" in sys.argv:
        print(f"| runs an hour | {' | '.join(WAYS)} |\n|{' --- |' * (len(WAYS) + 1)}")
        for load in LOADS:
            cells = []
            for way in WAYS:
                seen = shares[way, load]
                percent = lambda name: f"{100 * seen[name] / events:.1f} %"
                wrong = f", **{percent('wrong')} wrong**" if seen["wrong"] else ""
                cells.append(percent("right") + wrong)
            print(f"| {load} | {' | '.join(cells)} |")
    print(f"{len(WAYS) * len(LOADS)} simulations of {events} events: with a complete store nobody is named wrong")


if __name__ == "__main__":
    main()
