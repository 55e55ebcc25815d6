#!/usr/bin/env python3
"""A slow, obvious second opinion on `attribution`.

    attribution.py TRAILMILL SEED WORLDS EVENTS

Makes worlds of keys, tokens and events in the current directory, hostile values included, runs the
tool over each, and compares every event it writes with what is worked out here from the contract
alone. Prints what differs and ends with 1 if anything does. Only the standard library is used.
"""
import json
import random
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone

MISSING = object()


class Num(str):
    """A number as it is written."""


class Obj(list):
    """An object: pairs in their order, duplicates included."""


def parse(text):
    return json.loads(text, object_pairs_hook=Obj, parse_int=Num, parse_float=Num)


# --- Values ---------------------------------------------------------------------------------------


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
    """The first value that is there; null is not."""
    for pointer in pointers:
        found = point(value, pointer)
        if found is not MISSING and found is not None:
            return found
    return MISSING


def plain(text):
    """Halves of surrogate pairs cannot be said in UTF-8."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


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


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO = timedelta(microseconds=1)


def number_time(text):
    match = re.fullmatch(r"(-?)(0|[1-9]\d*)(?:\.(\d+))?", text, re.ASCII)
    if not match:
        return None
    whole, fraction = int(match[2]), int(((match[3] or "") + "000000")[:6])
    if whole < 10**11:
        size = whole * 10**6 + fraction
    elif whole < 10**14:
        size = whole * 1000 + fraction // 1000
    else:
        size = whole if whole < 10**17 else whole // 1000
    return -size if match[1] else size


def string_time(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text, re.ASCII):
        return None
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // MICRO


def event_time(value):
    if isinstance(value, Num):
        return number_time(value)
    return string_time(plain(value)) if isinstance(value, str) else None


def table_time(value):
    if isinstance(value, Num):
        return number_time(value)
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return string_time(value + "T00:00:00Z")
    time = string_time(value)
    return number_time(value) if time is None else time


# --- What is expected -----------------------------------------------------------------------------


class Key:
    """A row of the directory."""

    def __init__(self, row, number):
        def get(*names):
            for name in names:
                value = point(row, name)
                if value is not MISSING and value is not None and value != "":
                    return value
            return MISSING

        def time(names, absent):
            value = get(*names)
            return absent if value is MISSING else table_time(value)

        self.id = scalar(get("/id", "/key_id", "/node/id"))
        self.order = number
        self.valid_from = time(("/valid_from", "/validFrom"), float("-inf"))
        self.valid_to = time(("/valid_to", "/validTo"), float("inf"))
        self.expires = time(("/expires_at", "/expiresAt", "/node/expiresAt"), float("inf"))
        self.deleted = time(("/deleted_at", "/deletedAt"), float("inf"))
        name = get("/name", "/token_name", "/node/name")
        self.name = None if name is MISSING or isinstance(name, list) else scalar(name)
        kind = get("/type", "/node/type")
        if isinstance(kind, str) and not isinstance(kind, Num) and re.fullmatch("[A-Z_]+", kind):
            kind = kind.lower()
        self.members = [
            ("id", self.id, 0), ("name", MISSING if self.name is None else self.name, 1),
            ("type", kind, 1), ("owner", get("/owner", "/user_id", "/username"), 1),
            ("scopes", get("/scopes", "/scope"), 2),
            ("allow_list", get("/allow_list", "/allowList"), 2),
            ("effective_scope", get("/effective_scope", "/effectiveScope"), 2),
            ("roles", get("/roles", "/apiKeyRoleBindings", "/node/apiKeyRoleBindings"), 2),
        ]

    def rendered(self, detail):
        level = {"id": 0, "summary": 1, "full": 2}[detail]
        shown = Obj()
        for name, value, needed in self.members:
            if value is MISSING or needed > level or holds_secret(value):
                continue
            is_text = isinstance(value, str) and not isinstance(value, Num)
            shown.append((name, plain(value) if is_text else value))
        return shown


def holds_secret(value):
    if isinstance(value, Obj):
        return any(plain(key).lower() == "secret" or holds_secret(inner) for key, inner in value)
    return isinstance(value, list) and any(holds_secret(inner) for inner in value)


def find_key(keys, text, name, time):
    """The id and, if one holds, the version."""
    ids = {key.id for key in keys if key.id == text}
    if not ids and name:
        ids = {key.id for key in keys if key.name == name and key.id.startswith(text)}
    if len(ids) != 1:
        return None, None
    (found,) = ids
    versions = [key for key in keys if key.id == found and key.valid_from <= time < key.valid_to]
    versions.sort(key=lambda key: (key.valid_from, key.order))
    return found, versions[-1] if versions else None


def claim(claims, name):
    value = member(claims, name)
    if value is MISSING and name.startswith("/"):
        value = point(claims, name)
    return value if filled(value) is not None else MISSING


def candidate_text(claims, candidate):
    if "{" not in candidate and "}" not in candidate:
        return filled(claim(claims, candidate))
    text = ""
    for piece in re.findall(r"\{\{|\}\}|\{[^}]+\}|[^{}]+", candidate):
        if piece in ("{{", "}}"):
            text += piece[0]
        elif piece.startswith("{"):
            value = filled(claim(claims, piece[1:-1]))
            if value is None:
                return None
            text += value
        else:
            text += piece
    return text


DECEPTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def cleaned(text):
    return DECEPTIVE.sub("\ufffd", text)[:256]


class Token:
    """A row of the claim store."""

    def __init__(self, row):
        claims = point(row, "/claims")
        if isinstance(claims, str):
            claims = parse(claims)
        self.claims = claims if isinstance(claims, Obj) else None
        self.key = scalar(point(row, "/key_id"))
        self.token = None
        for value in (point(row, "/token_id"), point(row, "/jti"), self.claimed("jti")):
            if self.token is None:
                self.token = filled(value)
        self.issued = self.time(row, "iat")
        self.expires = self.time(row, "exp")

    def time(self, row, name):
        value = point(row, "/" + name)
        if value is MISSING or value is None or value == "":
            value = self.claimed(name)
        return None if value is MISSING else table_time(value)

    def claimed(self, name):
        return MISSING if self.claims is None else claim(self.claims, name)

    def rendered(self):
        shown = Obj([("id", self.token)])
        for name, time in (("issued_at", self.issued), ("expires_at", self.expires)):
            if time is not None:
                shown.append((name, Num(time // 10**6)))
        return shown

    def flags(self, time, skew):
        issued = float("-inf") if self.issued is None else self.issued
        expires = float("inf") if self.expires is None else self.expires
        if issued <= time < expires:
            return set()
        near = time >= issued - skew if time < issued else time < expires + skew
        return {"skew" if near else "token_time_outside"}


FLAGS = [
    "skew", "token_time_outside", "token_unknown", "token_of_other_key", "untrusted_issuer",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "display_cleaned",
    "imitates_actor",
]


class World:
    def __init__(self, settings, keys, tokens):
        self.settings = settings
        self.keys = None if keys is None else [Key(row, n) for n, row in enumerate(keys)]
        self.tokens = None if tokens is None else [Token(row) for row in tokens]

    def attribution(self, event):
        settings, out, flags = self.settings, {}, set()
        time = float("-inf")
        for pointer in ("/timestamp_millis", "/timestamp", "/createdAt"):
            value = event_time(point(event, pointer))
            if value is not None:
                time = value
                break
        found = first(event, ["/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy"])
        actor = None if found is MISSING else scalar(found)
        parts = re.fullmatch(r"([^:]+)::((?s:.*))", actor) if actor is not None else None
        source, identity, name = "", actor, ""
        if parts:
            source = parts[1]
            identity, _, name = parts[2].partition("::")
        if actor is not None:
            pairs = [("source", source)] if source else []
            out["actor"] = Obj(pairs + [("id", identity)])
        key = None
        if settings["key"] is not None:
            found = first(event, [settings["key"]])
            key = None if found is MISSING else (scalar(found) or None)
            name = "" if key else name
        if key is None and source == "api" and identity:
            key = identity
        version = None
        if self.keys is not None and key is not None:
            known, version = find_key(self.keys, key, name, time)
            if known is None:
                flags.add("key_unknown")
                out["api_key"] = Obj([("id", key)])
            else:
                key = known
                out["api_key"] = Obj([("id", key)])
                if version is None:
                    flags.add("key_version_outside")
                else:
                    out["api_key"] = version.rendered(settings["detail"])
                    if version.expires <= time:
                        flags.add("key_expired")
                    if version.deleted <= time:
                        flags.add("key_deleted")
        self.display(event, key, version, actor, time, out, flags)
        if flags:
            out["flags"] = [flag for flag in FLAGS if flag in flags]
        order = ["display_actor", "from", "match", "actor", "api_key", "claims", "token", "flags"]
        return Obj([(name, out[name]) for name in order if name in out])

    def display(self, event, key, version, actor, time, out, flags):
        settings, claims = self.settings, None
        embedded = first(event, ["/context/claims"])
        token = first(event, ["/context/tokenId", "/context/token_id", "/context/jti"])
        if isinstance(embedded, Obj):
            out["match"], claims = "embedded", embedded
        elif key is None:
            out["match"] = "not_applicable"
        else:
            out["match"] = "none"
            if self.tokens is not None and filled(token) is not None:
                rows = [row for row in self.tokens if row.token == filled(token)]
                mine = [row for row in rows if row.key == key]
                if mine:
                    out["match"], claims = "token", mine[-1].claims
                    out["token"] = mine[-1].rendered()
                    if time != float("-inf"):
                        flags |= mine[-1].flags(time, settings["skew"] * 10**6)
                else:
                    flags.add("token_of_other_key" if rows else "token_unknown")
        if claims is not None:
            kept = [(name, claim(claims, name)) for name in dict.fromkeys(settings["retain"])]
            kept = Obj([pair for pair in kept if pair[1] is not MISSING])
            if kept:
                out["claims"] = kept
            for policy in settings["policies"]:
                issuer = claim(claims, "iss")
                is_text = isinstance(issuer, str) and not isinstance(issuer, Num)
                if "issuer" in policy and not (is_text and plain(issuer) == policy["issuer"]):
                    continue
                for candidate in policy["show"]:
                    text = candidate_text(claims, candidate)
                    if text is None:
                        continue
                    braces = "{" in candidate or "}" in candidate
                    out["from"] = ("template:" if braces else "claim:") + candidate
                    self.show(text, out, flags)
                    if re.match(r"[A-Za-z0-9_.-]+::", text):
                        flags.add("imitates_actor")
                    return
                break
        texts = {"key_name": version and version.name, "key_id": key, "actor": actor}
        for fallback in settings["fallback"]:
            if texts[fallback]:
                out["from"] = fallback
                return self.show(texts[fallback], out, flags)

    def show(self, text, out, flags):
        out["display_actor"] = cleaned(text)
        if out["display_actor"] != text:
            flags.add("display_cleaned")


# --- Worlds ---------------------------------------------------------------------------------------

ODD = [
    "jane@example.com", "octo-dev", "a\u202eb", "\u2066x\u2069", "tab\there", "nul\x00", "\x9b31m", "",
    " ", "é", "e\u0301", "日本", "\U0001f980", "\ud800", "\udc00\ud800", "quote\"back\\", "api::01AAA",
    "github::root", "github::root", ".::x", "a b::c", "::x", "x::", "a:b::c", "l\u200eong" * 60, "é" * 256, "é" * 257,
    "\U0001f980" * 300, "true", "null", "0", "{a}", "\u2028", "\ufeffbom", "\u061c", "a/b~c",
]
NAMES = ["ci", "ci-deployer", "DevopsSpaceKey", "ci::x", "é", "a\"b", "\u202ekey", "x" * 300]
IDS = [
    "01AAA", "01AAB", "01AABB", "01B", "01K56PKDVQ", "01K56PKZZ9", "é1", "7", "a\"b", "01", "x::y", "0" * 300,
]
CLAIMS = ["email", "sub", "actor", "repository", "ref", "a/b", "x.y/z", "nested", "iss", "é"]
WANTED = CLAIMS + ["/nested/name", "/nested/list/0", "/a/b", "/a~1b", "/nested", "/x.y~1z", "/"]
TEMPLATES = ["{repository}@{ref}", "{{{sub}}}", "{/nested/name}", "<{email}>", "}}", "{sub}{sub}"]
ISSUERS = ["https://a.example", "https://b.example", "é"]
TOKENS = ["t1", "t2", "t3", "7", "é", "t\"4"]
BASE = 1_795_179_600


def written(dice, value):
    """JSON text for a value, in one of the many ways to write it."""
    space = lambda: dice.choice(["", "", "", " ", "\t"])
    if isinstance(value, Num):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(escape(dice, character) for character in value) + '"'
    if isinstance(value, Obj):
        pairs = [space() + written(dice, k) + space() + ":" + space() + written(dice, v) + space()
                 for k, v in value]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(space() + written(dice, inner) for inner in value) + "]"
    return json.dumps(value)


def escape(dice, character):
    code = ord(character)
    if code > 0xFFFF and dice.random() < 0.3:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04X}"
    if code < 0x20 or character in '"\\' or 0xD800 <= code < 0xE000:
        return f"\\u{code:04x}"
    return f"\\u{code:04X}" if code <= 0xFFFF and dice.random() < 0.02 else character


def time_value(dice, seconds):
    return dice.choice([
        Num(seconds), Num(seconds * 1000), Num(seconds * 10**6 + 1), Num(f"{seconds}.5"),
        (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        (EPOCH + timedelta(seconds=seconds + 3600)).strftime("%Y-%m-%dT%H:%M:%S.250+01:00"),
    ])


def some_value(dice):
    return dice.choice([
        dice.choice(ODD), dice.choice(ODD), dice.choice(ODD), Num("18446744073709551616"),
        Num("-0.10e+05"), Num("1e999"), True, False, None, Obj(), [], Obj([("a", Num("1"))]),
    ])


def some_claims(dice):
    claims = Obj()
    for name in dice.choices(CLAIMS, k=dice.randrange(12)):
        claims.append((name, some_value(dice)))
    if dice.random() < 0.6:
        claims.append(("iss", dice.choice(ISSUERS)))
    if dice.random() < 0.4:
        inner = [("name", some_value(dice)), ("list", [some_value(dice)]), ("name", some_value(dice))]
        claims.append(("nested", Obj(dice.sample(inner, dice.randrange(1, 4)))))
    if dice.random() < 0.2:
        claims.append(("/a/b", some_value(dice)))
    if dice.random() < 0.2:
        claims.append(("a", Obj([("b", some_value(dice))])))
    return claims


def some_key(dice):
    row = Obj([(dice.choice(["id", "key_id"]), dice.choice(IDS))])
    if row[0][1] == "7" and dice.random() < 0.5:
        row[0] = (row[0][0], Num("7"))
    if dice.random() < 0.8:
        row.append((dice.choice(["name", "token_name"]), dice.choice(NAMES + ["", None, Num("5"), Obj()])))
    rich = [
        ("type", dice.choice(["OIDC", "SECRET", "oidc", "IAMUser", "É", Num("3")])),
        ("owner", some_value(dice)), ("user_id", "u"), ("secret", "hush"),
        ("scopes", dice.choice([["a", " b "], "all", Obj([("x", [Num("1.0")])])])),
        ("allow_list", [Obj([("type", "workspace"), ("id", "*")])]),
        ("roles", dice.choice([["admin"], [Obj([("Secret", "hush")])], ["secret"]])),
        ("effective_scope", Obj([("secret", "hush"), ("site", [])])),
    ]
    row += dice.sample(rich, dice.randrange(len(rich)))
    if dice.random() < 0.4:
        start = BASE + dice.randrange(-5, 5) * 100
        row.append(("valid_from", time_value(dice, start)))
        if dice.random() < 0.5:
            row.append(("valid_to", time_value(dice, start + dice.randrange(1, 5) * 100 + 1)))
    for name in ("expiresAt", "deleted_at"):
        if dice.random() < 0.25:
            row.append((name, time_value(dice, BASE + dice.randrange(-5, 5) * 100)))
    return row


def some_token(dice):
    claims = some_claims(dice)
    row = Obj([("key_id", dice.choice(IDS))])
    token = dice.choice(TOKENS)
    where = dice.random()
    if where < 0.8:
        row.append((dice.choice(["token_id", "jti"]), Num("7") if token == "7" else token))
    elif where < 0.95:
        claims.append(("jti", token))
    for name, offset in (("iat", -100), ("exp", 100)):
        place = dice.choice([row, claims, None])
        if place is not None:
            place.append((name, time_value(dice, BASE + offset + dice.randrange(-2, 3) * 60)))
    if dice.random() < 0.9:
        text = written(dice, claims)
        row.append(("claims", text if dice.random() < 0.2 and "\\ud" not in text else claims))
    return row


def some_actor(dice):
    key = dice.choice(IDS)
    short = key[: dice.randrange(1, len(key) + 1)]
    return dice.choice([
        "api::" + key, "api::" + key, "api::" + key, f"api::{short}::{dice.choice(NAMES)}",
        f"api::{short}::{dice.choice(NAMES)}", "api::" + short, "api::", "API::" + key, dice.choice(ODD),
        "github::" + dice.choice(ODD), Num("12345678901234567890"), True, None, [], Obj(),
        Obj([("username", dice.choice(["jane", None, "api::" + key])), ("run", Obj([("stackId", "s")]))]),
    ])


def some_event(dice, settings, tokens):
    event = Obj()
    token = dice.choice(TOKENS + ["unknown", "", None, Num("7"), Obj()])
    actor = some_actor(dice)
    if tokens and dice.random() < 0.5:
        row = dice.choice(tokens)
        actor = f"api::{member(row, 'key_id')}"
        known = [member(row, name) for name in ("token_id", "jti")]
        token = next((value for value in known if value is not MISSING), token)
    if dice.random() < 0.95:
        event.append(("actor", actor))
    if dice.random() < 0.1:
        event.append(("run", Obj([("triggeredBy", some_actor(dice))])))
    context = Obj()
    if dice.random() < 0.8:
        context.append((dice.choice(["tokenId", "token_id", "jti"]), token))
    if dice.random() < 0.2:
        context.append(("claims", dice.choice([some_claims(dice), some_claims(dice), "text", None, []])))
    event.append(("context", context))
    if dice.random() < 0.05:
        event.append(("context", Obj()))
    times = ["timestamp", "timestamp_millis", "createdAt"]
    for name in dice.sample(times, dice.randrange(3)):
        sane = time_value(dice, BASE + dice.randrange(-30, 30) * 10)
        event.append((name, dice.choice([sane, sane, sane, sane, "soon", None, Num("1e3"), Obj()])))
    if settings["key"] and dice.random() < 0.3:
        event.append(("key", Obj([("id", dice.choice(IDS + ["", None, Num("7"), []]))])))
    if dice.random() < 0.1:
        event.append(event[dice.randrange(len(event))])
    dice.shuffle(event)
    return event


def some_settings(dice):
    policies = []
    for _ in range(dice.choice([0, 1, 2, 3, 4])):
        show = dice.choices(WANTED + TEMPLATES, k=dice.randrange(1, 7))
        policy = {"show": show}
        if dice.random() < 0.4:
            policy["issuer"] = dice.choice(ISSUERS)
        policies.append(policy)
    fallback = ["key_name", "key_id", "actor"]
    dice.shuffle(fallback)
    return {
        "policies": policies, "fallback": fallback[: dice.choice([0, 1, 2, 3, 3, 3])],
        "retain": dice.choices(WANTED, k=dice.randrange(9)), "skew": dice.choice([0, 60, 3600]),
        "detail": dice.choice(["id", "summary", "full"]), "key": dice.choice([None, "/key/id"]),
    }


# --- The comparison -------------------------------------------------------------------------------


def definition(settings, has_keys, has_tokens):
    stages = []
    if has_keys:
        stages.append({"stage": "resolve_keys", "directory": "keys", "detail": settings["detail"]})
    display = {"stage": "display_actor", "skew": f"{settings['skew']}s"}
    display.update({name: settings[name] for name in ("policies", "fallback", "retain")})
    if has_tokens:
        display["claims"] = "claims.ndjson"
    stages.append(display)
    dialect = {"extends": "spacelift"}
    if settings["key"]:
        dialect["key"] = settings["key"]
    text = {"version": 1, "input": {"envelope": "never", "dialect": dialect}, "stages": stages}
    return json.dumps(text | {"output": {"stdout": True}}, ensure_ascii=False)


def save(name, text):
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def run(binary, arguments, text=None):
    done = subprocess.run(
        [binary, *arguments], input=text, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout.split("\n")[:-1]


def differences(binary, seed, events):
    dice = random.Random(seed)
    settings = some_settings(dice)
    keys = [some_key(dice) for _ in range(dice.randrange(24))] if dice.random() < 0.85 else None
    tokens = [some_token(dice) for _ in range(dice.randrange(24))] if dice.random() < 0.85 else None
    lines = [written(dice, some_event(dice, settings, tokens)) for _ in range(events)]
    if keys is not None:
        rows = [written(dice, row) for row in keys]
        save("keys", "[" + ",\n".join(rows) + "]" if dice.random() < 0.5 else "\n".join(rows) + "\n")
        keys = [parse(row) for row in rows]
    if tokens is not None:
        rows = [written(dice, row) for row in tokens]
        save("claims.ndjson", "\n".join(rows) + "\n")
        tokens = [parse(row) for row in rows]
    save("world.json5", definition(settings, keys is not None, tokens is not None))
    world = World(settings, keys, tokens)
    again = run(binary, ["run", "world.json5", "-", "--summary", "none"], "\n".join(lines) + "\n")
    if len(again) != events:
        yield f"world {seed}: {len(again)} events written, {events} expected"
    for number, (line, output) in enumerate(zip(lines, again)):
        expected = world.attribution(parse(line))
        body = line.rstrip()[:-1]
        if not output.startswith(body):
            yield f"world {seed}, event {number}: the event itself was changed\n  {line}\n  {output}"
            continue
        actual = member(parse(output), "attribution")
        if actual != expected:
            yield f"world {seed}, event {number}: {line}\n  expected {expected}\n  found    {actual}"
        if "hush" in output[len(body):]:
            yield f"world {seed}, event {number}: a secret is shown: {output}"
    twice = run(binary, ["run", "world.json5", "-", "--summary", "none"], "\n".join(again) + "\n")
    if twice != again:
        yield f"world {seed}: a second run over the output changes it"


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
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
