#!/usr/bin/env python3
"""Writes archived events to report on: python3 Tests/Browser/worlds.py everyday|hostile FILE --events N

  everyday  ninety days of a company: office hours, a night job, partners, one key shared by many
  hostile   markup, script, controls and bidirectional overrides in every value
  crowd     more actors than a page tells apart, some of them written from right to left

Deterministic; standard library only. The events hold `attribution` and `signals` as a run writes them, so
that a definition without stages archives them as they are.
"""
import argparse
import json
import random

START = 1788220800  # 2026-09-01T00:00:00Z
DAYS = 90
PEOPLE = ("ana.berg bo.dahl chen.li dina.costa emil.novak fay.evans gus.hansen hana.ito ines.lopez "
          "jo.jensen kim.fofanah lena.kovac marc.abadi nils.moreau olga.gupta").split()
PARTNERS = ["github::octo-dev", "github::rivka-consulting", "audit@partner.example.net"]
KEYS = [("01JSMHTFM9TXWW1XK4AZN1SA8K", "ci-deployer", "oidc", "platform", ["stack:write", "run:trigger"]),
        ("01J7ZWZM4YF6XEP3VFHQ8CKD2R", "night-auditor", "secret", "security", ["audit:read"]),
        ("01K56PKDVQ0R3M7ZT9YB2XW4HN", "terraform-bot", "oidc", "platform", ["stack:read", "stack:write"]),
        ("01K8C2N6W0QJ5T9YB2XW4HNVQ7", "partner-sync", "secret", "partners", ["run:read"])]
ACTIONS = (["run.trigger"] * 8 + ["stack.update"] * 5 + ["run.confirm"] * 4 + ["stack.create"] * 2
           + ["account.login"] * 6 + ["policy.update", "context.attach", "run.discard", "stack.delete"])
STACKS = ["network", "payments", "billing", "catalog", "search", "identity", "observability", "data-lake",
          "edge", "mobile-api", "checkout", "ledger", "staging", "sandbox"]


def line(event, attribution, signals=None):
    text = {**event, "attribution": attribution, **({"signals": signals} if signals else {})}
    return json.dumps(text, separators=(",", ":"), ensure_ascii=False) + "\n"


def attributed(actor, source, match, kind, original, key=None, claims=None, flags=None, candidates=None):
    head, _, tail = original.partition("::")
    parts = {"display_actor": actor, "from": source, "match": match, "kind": kind,
             "actor": {"source": head, "id": tail} if tail else {"id": original}}
    if key:
        parts["api_key"] = key
    if claims:
        parts["claims"] = claims
    if candidates:
        parts["candidates"], parts["candidates_total"] = candidates, len(candidates) + len(candidates) % 2
    if flags:
        parts["flags"] = flags
    return parts


def moment(pick):
    """Office hours on weekdays, a little at other times, and a spike on one evening."""
    if pick.random() < 0.03:
        return START + 61 * 86400 + 19 * 3600 + pick.random() * 5400
    while True:
        time = START + pick.random() * DAYS * 86400
        day, hour = int(time // 86400 + 3) % 7, time % 86400 / 3600
        weight = (1 if 8 <= hour < 18 else 0.12) * (1 if day < 5 else 0.15)
        if pick.random() < weight * (0.6 + 0.4 * (time - START) / DAYS / 86400):
            return time


def everyday_event(pick, time):
    event = {"account": pick.choice(["acme"] * 8 + ["acme-labs", "globex"]),
             "action": pick.choice(ACTIONS), "actor": "", "data": {"ID": pick.choice(STACKS)},
             "remoteIP": f"203.0.113.{min(int(pick.expovariate(0.12)) + 1, 250)}",
             "timestamp": int(time * 1000)}
    draw, signals = pick.random(), None
    if draw < 0.42:
        person = pick.choice(PEOPLE[:max(1, int(pick.expovariate(0.25)) % len(PEOPLE) + 1)]) + "@acme.example"
        event["actor"] = person
        said = attributed(person, "actor", "not_applicable", "internal", person)
    elif draw < 0.9:
        key = KEYS[0 if draw < 0.7 else 2 if draw < 0.82 else 1]
        facts = {"id": key[0], "name": key[1], "type": key[2], "owner": key[3], "scopes": key[4]}
        event["actor"] = "api::" + key[0]
        if key[2] == "secret":
            event["remoteIP"] = "198.51.100.7"
            said = attributed(key[1], "key_name", "none", "automation", event["actor"], facts)
        elif pick.random() < 0.06:
            said = attributed(key[1], "key_name", "ambiguous", "unknown", event["actor"], facts, candidates=sorted(
                f"{person}@acme.example" for person in pick.sample(PEOPLE, pick.choice([2, 2, 3, 5]))))
        else:
            person = pick.choice(PEOPLE) + "@acme.example"
            said = attributed(person, "claim:email", pick.choice(["token"] * 5 + ["sole", "agreed"]), "internal",
                              event["actor"], facts, {"iss": "https://idp.acme.example", "email": person},
                              ["skew"] if pick.random() < 0.01 else None)
    else:
        partner = pick.choice(PARTNERS)
        event["actor"], event["remoteIP"] = partner, f"192.0.2.{pick.randrange(1, 40)}"
        said = attributed(partner, "actor", "not_applicable", "external", partner)
    if START + 61 * 86400 < time < START + 62 * 86400 and draw > 0.9 and pick.random() < 0.3:
        signals = ["new_address_block"]
    elif event["action"] == "policy.update" and pick.random() < 0.01:
        signals = ["audit_trail_changed"]
    elif pick.random() < 0.0003:
        signals = ["api_key_widened"]
    elif said["match"] == "ambiguous" and pick.random() < 0.02:
        signals = ["attribution_ambiguous"]
    return line(event, said, signals)


EVIL = ["<script>window.hacked=1</script>", "</script><script>window.hacked=1</script>",
        "<img src=x onerror=window.hacked=1>", "\"><svg onload=window.hacked=1>", "<!--<script>",
        "javascript:window.hacked=1", "'-window.hacked=1-'", "${window.hacked=1}", "]]></style><b>",
        "a\u202egnp.exe", "\u0007bell\u001b[31mred", "line\u2028separator\u2029", "&lt;b&gt;&amp;", "__proto__",
        "constructor", "\u0000zero", "平台 🚀 zoë", "x" * 700, "\\u003cscript\\u003e", "</title><base href=//x>"]


def hostile_event(pick, time):
    def evil():
        return pick.choice(EVIL) + ("" if pick.random() < 0.5 else str(pick.randrange(50)))
    event = {"account": evil(), "action": evil(), "actor": evil(), "data": {"ID": evil(), evil(): evil()},
             "remoteIP": evil(), "timestamp": int(time * 1000)}
    said = attributed(evil(), "claim:" + evil(), pick.choice(["token", evil()]), pick.choice(["internal", evil()]),
                      evil(), {"id": evil(), "name": evil(), "type": evil(), "owner": evil(), "scopes": [evil()]},
                      {"email": evil(), evil(): evil()}, [evil(), "skew"],
                      [evil(), evil()] if pick.random() < 0.4 else None)
    return line(event, said, [evil(), evil()])


def crowd_event(pick, time):
    number = pick.randrange(3000)
    person = f"{'مستخدم' if number % 50 == 0 else 'user'}{number}@crowd.example"
    event = {"account": "acme", "action": "run.trigger", "actor": person, "data": {"ID": f"stack-{pick.randrange(30)}"}}
    if number % 10:
        event["timestamp"] = int(time * 1000)
    return line(event, attributed(person, "actor", "not_applicable", "internal", person),
                [f"rule_{pick.randrange(20)}"] if number % 5 == 0 else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("world", choices=["everyday", "hostile", "crowd"])
    parser.add_argument("file")
    parser.add_argument("--events", type=int, default=2000)
    arguments = parser.parse_args()
    pick = random.Random(20260901)
    make = {"everyday": everyday_event, "hostile": hostile_event, "crowd": crowd_event}[arguments.world]
    times = sorted(moment(pick) for _ in range(arguments.events))
    with open(arguments.file, "w", encoding="utf-8") as file:
        file.writelines(make(pick, time) for time in times)
        if arguments.world == "hostile":
            file.writelines(make(pick, time) for time in (-62_000_000_000, 253_000_000_000))


if __name__ == "__main__":
    main()
