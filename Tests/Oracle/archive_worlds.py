"""Archives of random events, what the contract says such events are found by, and questions to ask of them."""
import gzip
import ipaddress
import json
import re
import shutil
import subprocess
import sys
import unicodedata
from datetime import datetime, timezone
from pathlib import Path

LAYOUTS = ["hive", "{account}", "{date}", "collector", "all/{action}"]
ACTORS = ["jane@example.com", "One of us", "github::octo-dev", "api::01JA", "api::01JB", "api::01JC", "ünï \\\"x\\\" códé", "a*b", "{\"x\":1}"]
ACTIONS = ["stack.create", "stack.delete", "run.trigger", "账户.删除"]
FOUR = ["10.1.2.3", "10.1.2.77", "10.1.9.9", "192.168.0.1", "no address", "256.1.1.1"]
SIX = ["2001:db8::1", "2001:db8:0:1::5", "::ffff:10.1.2.3", "fe80::1"]
KEYS = [{"id": "01JA", "name": "ci deployer"}, {"id": "01JB", "name": "01JA"}, {"id": "01JC", "name": "jane@example.com"}]
OWNED_KEYS = [{**KEYS[0], "type": "oidc", "owner": "platform", "scopes": ["a:read", "a:write"]}, {**KEYS[1], "owner": "ü"}]
CANDIDATES = ["jane@example.com", "joe@example.com", 'ünï "x" códé', "a, b", "c (+9)", "d\\(x)", "=1+1", "x" * 200]
DEFINITION = """{ version: 1, input: { envelope: "never", dialect: "spacelift", tail: "quarantine", own: OWN },
  stages: [STAGES],
  output: { archive: "archive", layout: "LAYOUT" SIZES },
}"""
STAGES = """
    { stage: "resolve_keys", directory: "keys.json" },
    { stage: "display_actor", policies: [{ show: ["email", "sub"] }], retain: ["email", "sub", "n"] },
  """
OPTIONS = ["actor", "key", "action", "resource", "ip", "account", "signal", "candidate", "since", "until", "where"]
STATES = ["with the index", "without it", "index damaged", "compacted", "index made anew"]
BASE = 1_767_225_600_000
SIGNALS = [["new_caller"], ["silence"], ["new_caller", "silence"], ["silence", "silence"], ["house rule"]]


def attribution(dice):
    """As a run may have written it, and as somebody else may have."""
    key = dice.choice(OWNED_KEYS)
    made = {"display_actor": dice.choice(ACTORS + ["", "x" * 600]), "from": dice.choice(["actor", "claim:email", "key_name", "key_id"]),
            "match": dice.choice(["token", "sole", "none", "ambiguous"]),
            "kind": dice.choice(["internal", "external", "automation", "unknown", "robot"]),
            "api_key": {name: key[name] for name in key if name in ("id", "name") or dice.random() < 0.5},
            "claims": {"email": dice.choice(["joe@example.com", "j\u00f6e@x"]), "n": dice.randrange(9)},
            **some_candidates(dice),
            "flags": dice.sample(["skew", "unverified", "\"q\"", "imitates_actor", "untrusted_issuer",
                                  "token_time_outside"], dice.randrange(3))}
    return {name: value for name, value in made.items() if dice.random() < 0.8}


def some_candidates(dice):
    """Who it could have been, where nobody is named; perhaps others, too."""
    if dice.random() < 0.7:
        return {}
    names = sorted(dice.sample(CANDIDATES, dice.choice([1, 2, 2, 3, 5])))
    return {"candidates": names, "candidates_total": len(names) + dice.choice([0, 0, 0, 1, 12])}


def event(dice, number, is_attributed):
    """A record as it goes in: everything that a search asks about, now and then missing or odd."""
    record = {"account": dice.choice(["a", "b", "ü"]), "action": dice.choice(ACTIONS), "n": number}
    record["actor"] = json.loads('"' + dice.choice(ACTORS[:7]) + '"') if dice.random() < 0.9 else dice.choice(ACTORS[7:])
    if dice.random() < 0.9:
        record["remoteIP"] = dice.choice(FOUR + SIX) if dice.random() < 0.7 else f"10.{dice.randrange(3)}.{dice.randrange(3)}.{dice.randrange(256)}"
    if dice.random() < 0.95:
        record["timestamp"] = BASE + dice.randrange(3 * 86_400_000)
    if dice.random() < 0.7:
        record["data"] = {"args": {"ID": f"resource {dice.randrange(30)}"}}
    if dice.random() < 0.3:
        record["context"] = {"claims": {"email": dice.choice(["joe@example.com", "j\u00f6e@x"]), "n": dice.randrange(9),
                                        "sub": f"s{dice.randrange(5)}"}}
    if dice.random() < 0.3:
        record["padding"] = "x" * dice.randrange(3000)
    ascii = dice.random() < 0.5
    signals = dice.choice(SIGNALS) if dice.random() < 0.2 else None
    if not is_attributed:
        # A lie: nobody has asked for signals, and so the archive has none.
        if signals:
            record["signals"] = signals
        return json.dumps(record, ensure_ascii=ascii)
    made = {"attribution": attribution(dice)} | ({"signals": signals} if signals else {})
    return json.dumps(record, ensure_ascii=ascii)[:-1] + "," + json.dumps(
        made, ensure_ascii=ascii, separators=(",", ":"))[1:]


# --- What the contract says

def text(value):
    """What a scalar reads as; None for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, str)):
        return str(value)
    return None


def at(record, pointer):
    for token in pointer.split("/")[1:]:
        if not isinstance(record, dict) or token not in record:
            return None
        record = record[token]
    return record


def first(record, *pointers):
    for pointer in pointers:
        value = at(record, pointer)
        if value is not None:
            return text(value)
    return None


def address(value):
    try:
        parsed = ipaddress.ip_address(value)
    except (ValueError, TypeError):
        return None
    return parsed if parsed.version == 6 else ipaddress.ip_address(f"::ffff:{value}")


def block(value):
    """The block that a question asks for, as IPv6; None if it is a text or a pattern."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None
    if network.version == 6:
        return network
    return ipaddress.ip_network(f"::ffff:{network.network_address}/{network.prefixlen + 96}", strict=False)


def like(pattern, value, flags=0):
    """Globs of `*` and `?`; a backslash takes what follows it literally. `re.IGNORECASE` may be a flag, and then
    normal forms are ignored too."""
    if value is None:
        return False
    if flags:
        pattern, value = (unicodedata.normalize("NFC", each) for each in (pattern, value))
    expression = ""
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\" and place + 1 < len(pattern):
            place += 1
            expression += re.escape(pattern[place])
        else:
            expression += {"*": ".*", "?": "."}.get(sign) or re.escape(sign)
        place += 1
    return re.fullmatch(expression, value, re.DOTALL | flags) is not None


PLACES = {"action": "/action", "resource": "/data/args/ID", "ip": "/remoteIP", "account": "/account"}


def claims(record):
    return record.get("attribution", {}).get("claims", {}).values()


def believed(record):
    """Claims that stand for somebody: not those of an issuer that is not trusted, nor those that their time ruled
    out, of which nothing is shown."""
    attribution = record.get("attribution", {})
    flags = attribution.get("flags", [])
    is_shown = (attribution.get("from") or "").startswith(("claim:", "template:"))
    return [] if "untrusted_issuer" in flags or "token_time_outside" in flags and not is_shown else claims(record)


def shown(record):
    """Who stands there: an empty name is none."""
    return text(at(record, "/attribution/display_actor")) or first(record, "/actor")


def is_shown_by_key(record):
    """Whether what stands for the actor is what the key is called."""
    attribution = record.get("attribution", {})
    return attribution.get("from") in ("key_name", "key_id") and bool(text(attribution.get("display_actor")))


def imitates_by_key(record):
    """Whether that could pass for somebody: as it is flagged, or by its form."""
    attribution = record.get("attribution", {})
    name = text(attribution.get("display_actor")) or ""
    has_form = re.match(r" *[A-Za-z0-9_.-]+::", name) or re.fullmatch(r"[^@ ]+@[^@ ]+", name.strip(" "))
    return is_shown_by_key(record) and bool("imitates_actor" in attribution.get("flags", []) or has_form)


def told_apart(records, cut=str):
    """For each record who stands for its actor: of a key with a mark, where it could pass for somebody."""
    names = [(cut(shown(record) or ""), is_shown_by_key(record)) for record in records]
    people = {name for name, is_key in names if not is_key}
    imitating = {name for (name, is_key), record in zip(names, records) if is_key and imitates_by_key(record)}
    return [name + " (key)" if is_key and name in people | imitating else name for name, is_key in names]


def unnamed_candidates(record):
    """How many others it could have been than those who are named as candidates."""
    attribution = record.get("attribution", {})
    return max(0, attribution.get("candidates_total", 0) - len(attribution["candidates"]))


def standing(record):
    """What stands in the place of the actor: who it was, or who it could have been."""
    candidates = values(record, "candidate")
    if candidates:
        shown_names = [re.sub(r"\\|,|\((?=\+)", lambda sign: "\\" + sign[0], name) for name in candidates[:3]]
        rest = max(0, len(candidates) - 3) + unnamed_candidates(record)
        return "one of: " + ", ".join(shown_names) + (f" (+{rest})" if rest else "")
    name = shown(record) or ""
    name = "\\" + name if re.match(r"[ \\]*one of", name, re.IGNORECASE) else name
    return name + " (key)" if imitates_by_key(record) else name


def own_key(record):
    """The key that the actor itself names: `api::ID` or `api::ID::NAME`."""
    parts = (first(record, "/actor") or "").split("::", 2)
    return parts[1:] if parts[0] == "api" and len(parts) > 1 and parts[1] else []


def key_id(record):
    return text(at(record, "/attribution/api_key/id")) or next(iter(own_key(record)), None)


def key_name(record):
    """What a key is called: as it was resolved, or as the actor has it."""
    own = own_key(record)
    return (text(at(record, "/attribution/api_key/name")) or text(at(record, "/attribution/api_key/id"))
            or next((name for name in own[1:] if name), None) or next(iter(own), None))


def values(record, field):
    attribution = record.get("attribution", {})
    if field == "actor":
        shown_there = [] if imitates_by_key(record) else [attribution.get("display_actor")]
        return shown_there + [first(record, "/actor"), *(text(claim) for claim in believed(record))]
    if field == "somebody":
        return ([] if is_shown_by_key(record) else [attribution.get("display_actor")]) + [
            first(record, "/actor"), *(text(claim) for claim in believed(record))]
    if field == "key":
        key = attribution.get("api_key", {})
        return [key.get("id"), key.get("name"), *own_key(record)]
    if field == "signal":
        return record.get("signals", [])
    if field == "candidate":
        return attribution.get("candidates", [])
    return [first(record, PLACES[field])]


def day(milliseconds):
    return datetime.fromtimestamp(milliseconds // 1000, timezone.utc).strftime("%Y-%m-%d")


def answers(record, question, flags=0):
    return all(holds(record, option, value, flags) for option, value in question)


def holds(record, option, value, flags):
    if option == "since" or option == "until":
        time = record.get("timestamp")
        bound = datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000
        return time is not None and (time >= bound if option == "since" else time < bound)
    if option == "where":
        pointer, wanted = value.split("=", 1)
        if wanted.startswith("!"):
            return not holds(record, option, f"{pointer}={wanted[1:]}", flags)
        return like(wanted, text(at(record, pointer)), flags)
    if value.startswith("!"):
        return not holds(record, option, value[1:], flags)
    if option == "ip" and block(value) is not None:
        found = address(values(record, "ip")[0])
        return found is not None and found in block(value)
    return any(like(value, found, flags) for found in values(record, option))


def words_of(question):
    return [f"--{option}={value}" for option, value in question]


class Archive:
    def __init__(self, binary, dice):
        self.binary, self.dice = binary, dice

    def tool(self, *words, codes=(0,)):
        done = subprocess.run([self.binary, *words], capture_output=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def make(self):
        shutil.rmtree("archive", ignore_errors=True)
        Path("keys.json").write_text(json.dumps(KEYS))
        # Events that a run attributes, or that come as one has written them.
        is_attributed = self.is_attributed = self.dice.random() < 0.4
        sizes = ', part_size: "64KiB"' if self.dice.random() < 0.5 else ""
        Path("d.json5").write_text(DEFINITION.replace("LAYOUT", self.dice.choice(LAYOUTS)).replace("SIZES", sizes)
                                .replace("STAGES", "" if is_attributed else STAGES)
                                .replace("OWN", "true" if is_attributed else "false"))
        number = 0
        for night in range(self.dice.randrange(1, 4)):
            count = self.dice.choice([1, 40, 400, 2500])
            lines = [event(self.dice, number + place, is_attributed) for place in range(count)]
            number += count
            Path(f"night{night}").write_text("\n".join(lines) + "\n", encoding="utf-8")
            self.tool("run", "d.json5", f"night{night}", "--summary", "none")
        self.records = number

    def turn(self, state):
        """Brings the archive into one state after the other."""
        if state == "index damaged":
            self.damage_index()
        elif state == "compacted":
            self.tool("compact", "archive", "--grace", "0s")
        elif state == "index made anew":
            self.damage_index()
            self.tool("index", "archive")
            self.tool("verify", "archive", "--quick")

    def events(self):
        """Every line, with what orders it."""
        found = []
        for number, part in enumerate(self.tool("files", "archive").decode().splitlines()):
            for place, line in enumerate(gzip.decompress(Path(part).read_bytes()).split(b"\n")[:-1]):
                record = json.loads(line)
                if not self.is_attributed:
                    record.pop("signals", None)
                time = record.get("timestamp")
                found.append(((time is None, time or 0, number, place), line, record))
        found.sort(key=lambda item: item[0])
        return found

    def question(self):
        """One to three conditions, usually about something that is there."""
        dice, made = self.dice, []
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            option = dice.choice(["actor", "actor", "key", "action", "resource", "ip", "ip", "account", "signal",
                                  "candidate", "candidate", "since", "until", "where"])
            if option in ("since", "until") and option in dict(made):
                continue
            made.append((option, self.turned(option, self.value(option))))
        window = dict(made)
        return made if window.get("since", "") < window.get("until", "~") else self.question()

    def turned(self, option, value):
        """Sometimes the contrary."""
        if option in ("since", "until") or self.dice.random() > 0.15:
            return value
        return value.replace("=", "=!", 1) if option == "where" else "!" + value

    def value(self, option):
        dice = self.dice
        if option in ("since", "until"):
            time = BASE // 1000 + dice.randrange(3 * 86_400)
            return datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        if option == "where":
            return dice.choice(["/n=7", "/data/args/ID=resource 3", "/context/claims/sub=s*", "/account=ü", "/nothing=x",
                                "/padding=xx*", "/attribution/match=embedded"])
        plain = {
            "actor": ["jane@example.com", "api::01JA", "joe@example.com", "jöe@x", 'ünï "x" códé', "ci deployer", "s1", "5",
                      "a\\*b", "nobody", '{"x":1}'],
            "key": ["01JA", "ci deployer", "01JC"], "action": ACTIONS + ["none"],
            "resource": [f"resource {number}" for number in range(31)],
            "ip": FOUR[:-1] + SIX + ["256.1.1.?", "10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/20",
                                     "2001:db8::/32", "2001:db8::/48", "::/0", "10.2.1.7"],
            "account": ["a", "b", "ü", "z"], "signal": ["new_caller", "silence", "house*", "nothing*"],
            "candidate": ["jane@example.com", "joe@example.com", "a, b", "d\\\\(x)", "x*", "nobody"],
        }[option]
        value = dice.choice(plain)
        if dice.random() < 0.2 and block(value) is None and "\\" not in value:
            cut = dice.randrange(len(value) + 1)
            value = value[:cut] + dice.choice(["*", "?"]) + value[cut + 1:]
        return value

    def damage_index(self):
        for path in sorted(Path("archive/_trailmill/index").glob("*")):
            how = self.dice.choice(["gone", "cut", "flipped", "empty", "kept"])
            data = bytearray(path.read_bytes())
            if how == "gone":
                path.unlink()
            elif how != "kept" and data:
                data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
                path.write_bytes({"cut": data[:-1], "flipped": data, "empty": b""}[how])
