"""Random worlds of keys, tokens and events: hostile values, and few people who share few keys."""
import json
import random
from datetime import timedelta

from contract import Token
from display import is_blank
from keys import ALWAYS, NEVER, Key
from values import EPOCH, Num, Obj, is_exact, parse

ODD = [
    "jane@example.com", "octo-dev", "a\u202eb", "\u2066x\u2069", "tab\there", "nul\x00", "\x9b31m", "",
    " ", "\u3000\t", " jane ", "é", "e\u0301", "日本", "\U0001f980", "\ud800", "\udc00\ud800", "quote\"back\\", "api::01AAA",
    "github::root", "github::root", ".::x", "a b::c", "::x", "x::", "a:b::c", "l\u200eong" * 60,
    "é" * 256, "é" * 257,
    "\U0001f980" * 300, "true", "null", "0", "{a}", "\u2028", "\ufeffbom", "\u061c", "a/b~c",
    "ja\ud800ne", "ja\udbffne", "İSTANBUL ΑΣ", "%3A%zz%", "%ff", "@1@2/@3:", "::", "a:", "repo::ref:",
]
NAMES = ["ci", "ci", "ci-deployer", "DevopsSpaceKey", "ci::x", "é", "a\"b", "\u202ekey", "x" * 300,
         "jane@example.com", "OCTO-DEV", "JANE", "JANE", "jane", "octo", "joe", "ZO\u00cb", "ZO\u00cb", "E\u0301", " ci ", "\u2003"]
IDS = [
    "01AAA", "01AAB", "01AABB", "01B", "01K56PKDVQ", "01K56PKZZ9", "é1", "7", "a\"b", "01", "x::y", "0" * 300,
    "01H\ud800", "01H\udbff",
]
CLAIMS = ["email", "sub", "actor", "repository", "ref", "a/b", "x.y/z", "nested", "iss", "é", "e\u0301"]
WANTED = CLAIMS + ["/nested/name", "/nested/list/0", "/a/b", "/a~1b", "/nested", "/x.y~1z", "/"]
POINTERS = [{"pointer": pointer} for pointer in ("/nested/name", "/a/b", "/a~1b", "/nested/list/0", "/x")]
TEMPLATES = ["github::{actor}", "{repository}@{ref}", "{{{sub}}}", "{/nested/name}", "{pointer:/nested/name}", "{pointer:/a/b}-", "<{email}>", "}}", "{sub}{sub}"]
FILTERED = [
    "{email|lower}", "{email|before:@}", "{email|before:@|lower}", "{sub|decode}", "{sub|strip_ids}",
    "{ref|strip_prefix:refs/heads/}", "{sub|after:repo:}", "{sub|after_last:/}", "{sub|decode|after_last::}",
    "{email|after:.com}", "{email|before:j}", "{actor|lower|decode}-{ref|after_last:/}", "{ref|before:refs}",
    "{email|decode}", "{email|strip_ids}", "{sub} {x.y/z|default:-}", "{email|before:@|default:No|lower}",
    "{/a/b|lower|default:%3A|decode}{ref|strip_prefix:main|default: }", "{actor|default:x|before:x}",
    "{actor|normalize}", "{actor|lower|normalize}", "{é|lower|normalize}",
]
PATTERNS = [
    ("sub", "repo:{repo}:ref:{ref}", "{repo}@{ref}"), ("sub", "repo:{repo*}:ref:{ref}", "{repo|strip_ids}"),
    ("sub", "{kind}:{rest*}", "{rest|decode}"), ("email", "{name}@{domain}", "{name} of {domain|lower}"),
    ("email", "{name}@{domain}.com", "{domain}/{sub}"), ("ref", "refs/{kind}/{name}", "{name|before:m}"),
    ("/nested/name", "{a*}", "<{a}>"), ("sub", "repo:{repo*}", "somebody"),
]
ISSUERS = ["https://a.example", "https://b.example", "é", "https://a.example/o/x"]
ODD_ISSUERS = [
    "https://a.example/o/x/y", "https://a.example/o/", "https://a.example/o/..", "https://a.example/o/%2e", "https://a.example/o",
    "https://a.example@b.example/o/x", "https://A.example/o/x", "https://a.example.b.example/o/x",
]
ISSUER_PATTERNS = ISSUERS + ["https://a.example/o/*", "https://a.example/*", "https://a.example/*/x", "https://a.example/o/x*"]
REQUIREMENTS = [
    {"email": "j*@Example.com"}, {"a/b": 1.5}, {"a/b": [2, 1.5], "email": "*"}, {"actor": ["jane", "Joe", True]},
    {"email": True}, {"actor": False, "sub": None}, {"ref": "refs/*"}, {"sub": "*main"}, {"/nested/name": "pod-*"}, {}, [],
    {"sub": []}, [{"pointer": "/nested/name", "is": ["pod-0", 7]}], [{"pointer": "/nested/list/0", "is": 1}],
    [{"claim": "email", "is": "*"}, {"pointer": "/a/b", "is": ["*", 0, True]}], {"x.y/z": "*"},
]
ACCOUNTS = ["acme", "acme-test", "other", "é"]
ACCOUNT_GLOBS = ["acme", "acme*", "?cme*", "*", "", "é", "\\*"]
TOKENS = ["t1", "t2", "t3", "7", "é", "t\"4", "t\ud800", "t\udbff"]
SPOOFS = ["github::root", "api::01AAA", "root\u202eenaj", "l\u200eong" * 60]
TWINS = [("root\u202eenaj", "root\u2066enaj"), ("o" * 256 + "a", "o" * 256 + "b"), *[("ja\ud800ne", "ja\udbffne")] * 2]
SUBJECTS = [
    "repo:acme/infra:ref:refs/heads/main", "repo:acme@12/infra@345:ref:refs/heads/main", "repo%3Aacme:env:Prod",
]
ADDRESSES = ["203.0.113.7", "203.0.113.8", "2001:db8::1"]
CALLED = [name for name in ODD if not is_blank(name) and not name.startswith("{")]
BASE = 1_795_179_600 * 10**6
SECOND = 10**6
RUNS = ["41", "42", Num("42"), "43", "", None]
TOKEN_PLACES = ["/context/tokenId", "/context/token_id", "/context/jti"]


# --- How things are written -----------------------------------------------------------------------


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


def time_value(dice, micros):
    """A time in one of the ways to write it to the microsecond."""
    seconds, fraction = divmod(micros, SECOND)
    utc = EPOCH + timedelta(microseconds=micros)
    east = EPOCH + timedelta(microseconds=micros + 3600 * SECOND)
    forms = [
        Num(micros), Num(micros * 1000 + 7), Num(f"{seconds}.{fraction:06d}"),
        utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), east.strftime("%Y-%m-%dT%H:%M:%S.%f+01:00"),
    ]
    if fraction == 0:
        forms += [Num(seconds), Num(seconds * 1000), utc.strftime("%Y-%m-%dT%H:%M:%SZ")] * 2
        forms += [str(seconds), Num(f"{seconds}e0"), Num(f"{seconds / 1e9:.9f}e+9")]
    return dice.choice(forms)


# --- Claims and tokens ----------------------------------------------------------------------------


def some_value(dice):
    return dice.choice([
        dice.choice(ODD), dice.choice(ODD), dice.choice(ODD), Num("18446744073709551616"),
        Num("-0.10e+05"), Num("1e999"), True, False, None, Obj(), [], Obj([("a", Num("1"))]),
    ])


def odd_claims(dice):
    claims = Obj()
    for name in dice.choices(CLAIMS, k=dice.randrange(12)):
        claims.append((name, some_value(dice)))
    if dice.random() < 0.6:
        claims.append(("iss", dice.choice(ISSUERS + ODD_ISSUERS)))
    if dice.random() < 0.4:
        inner = [("name", some_value(dice)), ("list", [some_value(dice)]), ("name", some_value(dice))]
        claims.append(("nested", Obj(dice.sample(inner, dice.randrange(1, 4)))))
    if dice.random() < 0.2:
        claims.append(("/a/b", some_value(dice)))
    if dice.random() < 0.2:
        claims.append(("a", Obj([("b", some_value(dice))])))
    return claims


def some_person(dice):
    name = dice.choice(["jane", "Joe", "octo"])
    return Obj([
        ("iss", dice.choice(ISSUERS)), ("email", f"{name}@Example.com"), ("sub", dice.choice(SUBJECTS)),
        ("actor", dice.choice([name, dice.choice(ODD), dice.choice(SPOOFS), "Zoe\u0308"])), ("repository", "acme/infra"),
        ("ref", dice.choice(["refs/heads/main", "refs/tags/V1", "main"])),
        ("nested", Obj([("name", "pod-0"), ("list", [Num("1")])])), ("a/b", Num("1.50")),
    ])


def some_people(dice):
    if dice.random() < 0.16:  # Who are told from each other only before their names are cleaned.
        return [Obj([("iss", ISSUERS[0]), ("actor", name)]) for name in dice.choice(TWINS)]
    if dice.random() < 0.06:  # More than are named where it could have been any of them.
        return [Obj([("iss", ISSUERS[0]), ("actor", f"person {number}")]) for number in range(14)]
    return [some_person(dice) for _ in range(dice.choice([1, 2, 3]))]


def some_claims(dice, people):
    """Somebody's, now and then a little different from one token to the next."""
    if dice.random() < 0.2:
        return odd_claims(dice)
    claims = Obj(dice.choice(people))
    if dice.random() < 0.2:  # The same name in another claim.
        others = [pair for pair in claims if pair[0] != "actor"]
        claims = Obj([("actor" if name == "email" else name, value) for name, value in others])
    while claims and dice.random() < 0.35:
        at = dice.randrange(len(claims))
        name, value = claims[at]
        other = str(value) if isinstance(value, Num) else some_value(dice)
        claims[at] = (name, other)
        if dice.random() < 0.4 and len(claims) > 1:
            del claims[at]
    return claims


def once(value):
    """With each member once: a table in which an object has one twice is refused."""
    if isinstance(value, Obj):
        return Obj([(name, once(inner)) for name, inner in dict(value).items()])
    return [once(inner) for inner in value] if isinstance(value, list) else value


def some_token(dice, ids, people):
    claims = some_claims(dice, people)
    row = Obj([("key_id", dice.choice(ids))])
    token = dice.choice(TOKENS + [f"u{dice.randrange(30)}"] * 6)
    where = dice.random()
    if where < 0.6:
        row.append((dice.choice(["token_id", "jti"]), Num("7") if token == "7" else token))
    elif where < 0.7:
        claims.append(("jti", token))
    begin = BASE + dice.randrange(-4, 5) * 60 * SECOND
    end = begin + dice.choice([60, 60, 120, 300, 0, -30]) * SECOND + dice.choice([0, 0, 1, -1])
    for name, time in (("iat", begin), ("exp", end)):
        place = dice.choice([row, row, claims, claims, None])
        if place is not None:
            place.append((name, time_value(dice, time)))
    if dice.random() < 0.05:
        claims.append((dice.choice(["iat", "exp"]), dice.choice([None, Num("1e3")])))
    if dice.random() < 0.15:
        end += dice.choice([0, 60, 600]) * SECOND
        row.append(("session_expires_at", time_value(dice, end)))
    if dice.random() < 0.5:
        row.append(("where", some_conditions(dice)))
    if dice.random() < 0.25:
        row.append(("run_id", dice.choice(RUNS)))
    if dice.random() < 0.1:
        row.append(("exchanged", dice.choice([True, True, False, None, "true"])))
    claims = once(claims)
    if dice.random() < 0.93:
        text = written(dice, claims)
        row.append(("claims", text if dice.random() < 0.2 and "\\ud" not in text else claims))
    return row


# --- Who asked for a token ------------------------------------------------------------------------


def some_acts(dice):
    """Parties that act, one before the other; now and then more than a chain may have, or odd ones."""
    acts = None
    for _ in range(dice.choice([1, 1, 1, 2, 3, 7, 8, 9, 12])):
        party = ("sub", dice.choice(["svc-a", "svc-b", "svc-a", *ODD]))
        acts = Obj([*([party] if dice.random() < 0.9 else []), *([] if acts is None else [("act", acts)])])
    return acts


def some_via(dice, rows, ids):
    """With what a token was asked for: usually with another of the rows."""
    other = dict(dice.choice(rows))
    token = next((other[name] for name in ("token_id", "jti") if name in other), dice.choice(TOKENS))
    key = dice.choice([other["key_id"]] * 8 + ids)
    return dice.choice([
        *[Obj([("key_id", key), ("token_id", token)])] * 6, Obj([("key_id", key), ("token_id", token), ("actor", dice.choice(ODD))]),
        Obj([("key_id", key), ("token_id", dice.choice(["unknown", *TOKENS]))]), Obj([("key_id", key), ("actor", dice.choice(ODD))]),
        Obj([("key_id", key)]), Obj([("actor", dice.choice(CALLED))]), Obj([("key_id", key), ("token_id", ""), ("actor", None)]),
        " " + json.dumps({"key_id": key, "token_id": token}), dice.choice(CALLED), None, "",
    ])


def with_chains(dice, rows, ids, people):
    """Rows that say who asked, and a line of tokens of up to ten, of which the last may lead back."""
    rows = [row if dice.random() < 0.5 else Obj([*row, ("via", some_via(dice, rows, ids))]) for row in rows]
    length = dice.randrange(2, 11)
    keys = [dice.choice(ids) for _ in range(length)]
    for number in range(length):
        begin = BASE - (number + 1) * dice.choice([10, 60, 300]) * SECOND
        row = Obj([("key_id", keys[number]), ("token_id", f"c{number}"), ("iat", time_value(dice, begin)),
                   ("exp", time_value(dice, BASE + dice.choice([300, 600, 0]) * SECOND))])
        if dice.random() < 0.95:
            row.append(("claims", once(some_claims(dice, people))))
        following = number + 1 if number + 1 < length else dice.choice([None, None, dice.randrange(length)])
        if following is not None:
            row.append(("via", Obj([("key_id", keys[following]), ("token_id", f"c{following}")])))
        rows.append(row)
        if dice.random() < 0.05:  # The same token, asked for with another one.
            rows.append(Obj([(name, some_via(dice, rows, ids) if name == "via" else value) for name, value in row]))
    rows = [dict(row) for row in rows]
    for row in rows:
        if dice.random() < 0.08:
            row["unverified"] = dice.choice(
                [True, True, True, False, "true", "No", Num("1"), Num("0"), "", None])
        if isinstance(row.get("claims"), Obj) and dice.random() < 0.08:
            acts = dice.choice([some_acts(dice)] * 4 + [dice.choice(ODD), None, []])
            row["claims"] = Obj([*row["claims"], ("act", acts)])
    return [Obj(row.items()) for row in rows]


def some_conditions(dice):
    wanted = [("/address", dice.choice([dice.choice(ADDRESSES), dice.sample(ADDRESSES, 2), [ADDRESSES[0], "host"]])),
              ("/context/agent", dice.choice(["curl", "é", Num("7"), True]))]
    return Obj(dice.sample(wanted, dice.choice([1, 1, 2, 0])))


def some_tokens(dice, ids, people):
    rows = []
    for _ in range(dice.randrange(20) if len(people) < 9 else 60):
        row = some_token(dice, ids[:2] if len(people) > 8 else ids, people)
        rows.append(row)
        if dice.random() < 0.3:  # The same token again, with its claims or others, perhaps of another key.
            again = Obj(row)
            if dice.random() < 0.5:
                claims = ("claims", once(some_claims(dice, people)))
                again = Obj([claims if name == "claims" else (name, value) for name, value in row])
            if dice.random() < 0.3:
                again[0] = ("key_id", dice.choice(ids))
            rows.append(again)
    if rows and dice.random() < 0.5:
        rows = with_chains(dice, rows, ids[:4], people)
    if rows and not any("claims" in dict(row) for row in rows):  # Such a store is refused.
        rows[0].append(("claims", None))
    return rows


# --- Keys -----------------------------------------------------------------------------------------


def some_key(dice, ids):
    row = Obj([(dice.choice(["id", "key_id"]), dice.choice(ids))])
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
    if dice.random() < 0.6:
        start = BASE + dice.randrange(-5, 5) * 60 * SECOND
        row.append(("valid_from", time_value(dice, start)))
        if dice.random() < 0.5:
            row.append(("valid_to", time_value(dice, start + dice.randrange(1, 5) * 100 * SECOND + 1)))
    for name in ("expiresAt", "deleted_at"):
        if dice.random() < 0.25:
            row.append((name, time_value(dice, BASE + dice.randrange(-5, 5) * 60 * SECOND)))
    return row


# --- Events ---------------------------------------------------------------------------------------


def some_actor(dice, ids):
    key = dice.choice(ids)
    short = key[: dice.randrange(1, len(key) + 1)]
    return dice.choice([
        "api::" + key, "api::" + key, "api::" + key, f"api::{short}::{dice.choice(NAMES)}",
        f"api::{short}::{dice.choice(NAMES)}", "api::" + short, "api::", "API::" + key, dice.choice(ODD),
        "github::" + dice.choice(ODD), Num("12345678901234567890"), True, None, [], Obj(),
        Obj([("username", dice.choice(["jane", None, "api::" + key])), ("run", Obj([("stackId", "s"), ("id", dice.choice(RUNS))]))]),
    ])


def hostile_event(dice, settings, ids, people):
    event = Obj()
    if dice.random() < 0.95:
        event.append(("actor", some_actor(dice, ids)))
    if dice.random() < 0.2:
        event.append(("run", Obj([("triggeredBy", some_actor(dice, ids)), ("id", dice.choice(RUNS))])))
    context = Obj()
    if dice.random() < 0.8:
        token = dice.choice(TOKENS + ["unknown", "", None, Num("7"), Obj(), []])
        places = ["tokenId", "token_id", "jti"]
        if dice.random() < 0.2:  # What is empty does not hide the next place.
            context.append((places.pop(0), dice.choice(["", None, Obj(), Obj([("a", "x")]), []])))
        if isinstance(token, str) and settings["token_filters"] and dice.random() < 0.5:
            token = "JTI=" + token
        context.append((dice.choice(places), token))
    if dice.random() < 0.3:
        claims = some_claims(dice, people)
        for name in dice.choice([[], [], ["iat"], ["exp"], ["iat", "exp"]]):
            time = time_value(dice, BASE + dice.randrange(-30, 30) * 10 * SECOND)
            claims.append((name, dice.choice([time] * 8 + ["soon", "", None, Num("0"), Num("-5"), [], True])))
        if dice.random() < 0.15:
            claims.append(("act", some_acts(dice)))
        context.append(("claims", dice.choice([claims, claims, claims, "text", None, [], Obj(), ""])))
    if dice.random() < 0.2:
        context.append(("behalf", dice.choice([*ODD, None, [], Obj()])))
    event.append(("context", context))
    if dice.random() < 0.05:
        event.append(("context", Obj()))
    times = ["timestamp", "timestamp_millis", "createdAt"]
    for name in dice.sample(times, dice.randrange(3)):
        sane = time_value(dice, BASE + dice.randrange(-30, 30) * 10 * SECOND)
        event.append((name, dice.choice([sane, sane, sane, sane, "soon", None, Num("1e3"), Obj()])))
    if settings["key"] and dice.random() < 0.3:
        event.append(("key", Obj([("id", dice.choice(ids + ["", None, Num("7"), []]))])))
    if dice.random() < 0.5:
        event.append(("account", dice.choice(ACCOUNTS + [Num("7"), None, Obj()])))
    if dice.random() < 0.1:
        event.append(event[dice.randrange(len(event))])
    return event


def edge_event(dice, settings, rows):
    """About a token, at or near the beginning or the end of its time."""
    row = Token(dice.choice(rows))
    ends = [row.expires, row.session_end] + [row.expires + known * SECOND for known in sessions(settings)]
    edges = [edge for edge in [row.issued, *ends] if edge not in (ALWAYS, NEVER, None)] or [BASE]
    skew = settings["skew"] * SECOND
    off = dice.choice([0, -1, 1, SECOND, -SECOND, dice.randrange(-200, 200) * SECOND])
    time = dice.choice(edges) + dice.choice([0, skew, -skew]) + off
    event = Obj([("actor", f"api::{row.key}"), ("account", dice.choice(ACCOUNTS))])
    if dice.random() < 0.97:
        event.append(("timestamp_millis", time_value(dice, time)))
    named = dice.choice([row.token, row.token, dice.choice(TOKENS)])
    context = Obj()
    if dice.random() < (0.7 if row.via or row.acts else 0.4) and named is not None:
        context.append(("tokenId", named))
        if dice.random() < 0.1:  # Beside it claims that may show nothing.
            context.append(("claims", dice.choice([Obj([("iss", "x")]), Obj([("nobody", "x")]), Obj([("email", "e")])])))
    elif dice.random() < 0.1:
        event.append(("run", Obj([("id", row.run or dice.choice(RUNS))])))
    if dice.random() < 0.1:
        context.append(("behalf", dice.choice(["jane", "joe", *ODD])))
    if dice.random() < 0.3:
        context.append(("agent", dice.choice(["curl", "é", Num("7"), True, None, "wget"])))
    event.append(("context", context))
    if dice.random() < (0.9 if row.where else 0.6):
        event.append(("address", dice.choice(ADDRESSES + ["192.0.2.1", "host", "a\ud800", "", None])))
    return event


def sessions(settings):
    """How long sessions can be, in seconds."""
    said = [settings, *settings["policies"]]
    return [known for entry in said for known in (entry.get("session"), entry.get("infer", {}).get("session"))
            if known is not None]


def some_event(dice, settings, ids, people, rows):
    is_about_token = rows and dice.random() < 0.6
    event = edge_event(dice, settings, rows) if is_about_token else hostile_event(dice, settings, ids, people)
    dice.shuffle(event)
    return event


# --- Definitions ----------------------------------------------------------------------------------


def some_candidates(dice):
    usual = ["email", "sub", "actor", "actor", "/nested/name", "{actor|lower}"]
    usual += ["{ref|strip_prefix:refs/heads/}", "{actor}", "{actor|normalize}", "{sub|strip_ids}"]
    shown = dice.choices(WANTED + POINTERS + usual * 3 + TEMPLATES + FILTERED * 2, k=dice.randrange(1, 5))
    if dice.random() < 0.25:
        return ["email", "actor"]
    for claim, pattern, show in dice.sample(PATTERNS, dice.choice([0, 0, 1, 2])):
        is_pointer = claim.startswith("/") and dice.random() < 0.5
        shown.append({"pointer" if is_pointer else "claim": claim, "pattern": pattern, "show": show})
    if dice.random() < 0.1:
        claim = dice.choice(["email", "sub", "{actor|lower}", "/nested/name"])
        shown.append({"claim": claim, "as": "hmac", "secret": {"env": "PSEUDONYMS"}})
    dice.shuffle(shown)
    return shown


def one_or_more(dice, values):
    return dice.choice([dice.choice(values), dice.sample(values, dice.randrange(1, 3))])


def some_trusted(dice, count):
    trusted = dice.sample(ISSUER_PATTERNS, count)
    return [{"issuer": one_or_more(dice, ISSUER_PATTERNS), "require": dice.choice(REQUIREMENTS)}
            if dice.random() < 0.3 else entry for entry in trusted]


def some_policy(dice, ids):
    policy = {"show": some_candidates(dice)}
    if dice.random() < 0.4:
        policy["issuer"] = one_or_more(dice, ISSUER_PATTERNS)
    if dice.random() < 0.15:
        policy["require"] = dice.choice(REQUIREMENTS)
    if dice.random() < 0.3:
        ids = [name for name in ids if is_exact(name)]
        globs = ids + [name[:2] + "*" for name in ids] + NAMES[:6] + ["ci*", "?i*", "*", "*e*", ""]
        policy["key"] = one_or_more(dice, globs)
    if dice.random() < 0.25:
        policy["account"] = one_or_more(dice, ACCOUNT_GLOBS)
    if dice.random() < 0.2:
        policy["trusted_issuers"] = some_trusted(dice, dice.randrange(3))
    if dice.random() < 0.25:
        policy.update(some_inference(dice))
    if dice.random() < 0.1:  # Empty, or as if it were left out.
        policy[dice.choice(["issuer", "key", "account"])] = dice.choice([[], None])
    return policy


def some_inference(dice):
    if dice.random() < 0.2:
        return {"session": dice.choice([0, 60, 600])}
    infer = {}
    if dice.random() < 0.6:
        infer["session"] = dice.choice([0, 60, 120, 600])
    if dice.random() < 0.2:
        bounds = sorted(BASE + dice.randrange(-5, 9) * 60 * SECOND for _ in range(2))
        if bounds[0] < bounds[1]:
            covers = dict(zip(("since", "until"), bounds))
            infer["covers"] = {name: covers[name] for name in dice.sample(sorted(covers), dice.choice([1, 2]))}
    return {"infer": infer}


def some_accepted(dice):
    everything = ["embedded", "token", "sole", "agreed", "narrowed"]
    drawn = dice.random()
    if drawn < 0.65:
        return everything
    return everything[:-1] if drawn < 0.8 else dice.sample(everything, dice.randrange(4))


def some_settings(dice, ids):
    fallback = ["key_name", "key_id", "actor", *(["on_behalf_of"] if dice.random() < 0.3 else [])]
    dice.shuffle(fallback)
    retain = {}
    for name in dice.choices(WANTED + POINTERS, k=dice.randrange(9)):
        entry = name if isinstance(name, dict) else {"name": name}
        target = entry.get("name") or entry["pointer"]
        if dice.random() < 0.2:
            target = dice.choice(["mail", "sub", "e\u0301", "/a"])
            name = entry = entry | {"to": target}
        if dice.random() < 0.2:
            name = entry | {"as": "hmac", "secret": {"env": "PSEUDONYMS"}}
        retain.setdefault(target, name)  # Two under one name are refused.
    retain = list(retain.values())
    retain += [name for name in retain if isinstance(name, str) and dice.random() < 0.1]
    return (some_inference(dice) if dice.random() < 0.85 else {}) | {
        "policies": [some_policy(dice, ids) for _ in range(dice.choice([0, 1, 2, 4, 6]))],
        "fallback": fallback[: dice.choice([0, 1, 2, 3, 3, 3])], "retain": retain,
        "trusted_issuers": some_trusted(dice, 2) if dice.random() < 0.25 else None,
        "accept": some_accepted(dice),
        "skew": dice.choice([0, 1, 60, 60, 3600]), "candidates": dice.random() < 0.9,
        "token_time": dice.choice(["flag", "flag", "flag", "require"]),
        "behalf": dice.random() < 0.5,
        "detail": dice.choice(["id", "summary", "full"]), "key": dice.choice([None, "/key/id"]),
        "token_filters": dice.choice([None, None, None, ["strip_prefix:JTI="], ["after:JTI=", "lower"]]),
    }


def definition(settings, has_keys, has_tokens):
    stages = []
    if has_keys:
        stages.append({"stage": "resolve_keys", "directory": "keys", "detail": settings["detail"], "empty": "allow"})
    display = {"stage": "display_actor", "skew": f"{settings['skew']}s"}
    names = ("fallback", "retain", "accept", "candidates", "token_time")
    display.update({name: settings[name] for name in names} | inference_written(settings))
    display["policies"] = [
        {name: value for name, value in policy.items() if name not in ("infer", "session")}
        | inference_written(policy) for policy in settings["policies"]]
    if settings["trusted_issuers"] is not None:
        display["trusted_issuers"] = settings["trusted_issuers"]
    if has_tokens:
        display.update({"claims": "claims.ndjson", "empty": "allow"})
    stages.append(display)
    dialect = {"extends": "spacelift"}
    if settings["token_filters"]:
        dialect["token"] = [{"pointer": place, "filters": settings["token_filters"]} for place in TOKEN_PLACES]
    if settings["key"]:
        dialect["key"] = settings["key"]
    if settings["behalf"]:
        dialect["on_behalf_of"] = "/context/behalf"
    text = {"version": 1, "input": {"envelope": "never", "dialect": dialect}, "stages": stages}
    return json.dumps(text | {"output": {"stdout": True}}, ensure_ascii=False)


def inference_written(said):
    """As a definition writes it."""
    found = {}
    if "session" in said:
        found["session"] = f"{said['session']}s"
    if "infer" in said:
        infer = dict(said["infer"])
        if "session" in infer:
            infer["session"] = f"{infer['session']}s"
        if "covers" in infer:
            infer["covers"] = {name: (EPOCH + timedelta(microseconds=time)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                               for name, time in infer["covers"].items()}
        found["infer"] = infer
    return found


def without_ties(rows):
    """No two versions of a key that begin at the same time: which of them counts is not asked here."""
    keys = [Key(parse(row)) for row in rows]
    return list({(key.id, key.valid_from): row for key, row in zip(keys, rows)}.values())


class Draft:
    """A world as text: settings, rows of keys and tokens (None without a table), and events."""

    def __init__(self, seed, events):
        self.seed = seed
        dice = self.dice = random.Random(seed)
        ids = dice.sample(IDS, dice.choice([2, 3, 5, len(IDS)]))
        people = some_people(dice)
        self.settings = some_settings(dice, ids)
        if len(people[0]) == 2:
            self.settings["policies"].insert(0, {"show": ["actor"]})
        tokens = some_tokens(dice, ids, people) if dice.random() < 0.9 else None
        keys = [some_key(dice, ids) for _ in range(dice.randrange(24))] if dice.random() < 0.85 else None
        self.keys = None if keys is None else without_ties([written(dice, row) for row in keys])
        self.tokens = None if tokens is None else [written(dice, row) for row in tokens]
        self.events = [written(dice, some_event(dice, self.settings, ids, people, tokens))
                       for _ in range(events)]

    def definition(self):
        return definition(self.settings, self.keys is not None, self.tokens is not None)
