"""The attribution of an event, worked out from contracts, section 4, sentence by sentence."""
import hashlib
import hmac
import re

from display import Display, Occasion, Shown, claim, retained
from keys import ALWAYS, NEVER, Key, find_key
from values import (
    FOREVER, MISSING, Num, Obj, Text, event_time, filled, first, is_text, parse, plain, point, scalar,
    spelling, table_time)

FLAGS = [
    "skew", "token_time_outside", "token_unknown", "token_of_other_key", "untrusted_issuer",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "display_cleaned",
    "imitates_actor",
]
MEMBERS = ["display_actor", "from", "match", "actor", "api_key", "claims", "token", "flags"]
DECEPTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")
TIMES = ("/timestamp_millis", "/timestamp", "/createdAt")
ACTORS = ("/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy")
TOKENS = ("/context/tokenId", "/context/token_id", "/context/jti")


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
        issued, expires = self.time(row, "iat"), self.time(row, "exp")
        self.issued = ALWAYS if issued is None else issued
        self.expires = NEVER if expires is None or expires == FOREVER else expires

    def time(self, row, name):
        value = point(row, "/" + name)
        if value is MISSING or value is None or value == "":
            value = self.claimed(name)
        return None if value is MISSING else table_time(value)

    def claimed(self, name):
        return MISSING if self.claims is None else claim(self.claims, name)

    def holds(self, time, skew=0):
        return self.issued - skew <= time < self.expires + skew

    def rendered(self):
        shown = Obj([("id", self.token)])
        for name, time in (("issued_at", self.issued), ("expires_at", self.expires)):
            if time not in (ALWAYS, NEVER):
                shown.append((name, Num(time // 10**6)))
        return shown


class World:
    """A definition and its tables. `seen` counts what came up in the events that were asked about."""

    def __init__(self, settings, keys, tokens, secret, seen):
        self.settings = settings
        self.keys = None if keys is None else [Key(row) for row in keys]
        self.tokens = None if tokens is None else [Token(row) for row in tokens]
        self.secret = secret
        self.skew = settings["skew"] * 10**6
        self.seen = seen
        self.policies = Display(settings, seen)

    # --- The event and its key

    def attribution(self, event):
        out, flags = {}, set()
        time = next((found for found in (event_time(point(event, place)) for place in TIMES)
                     if found is not None), None)
        found = first(event, ACTORS)
        actor = None if found is MISSING else scalar(found)
        key, name = self.key(event, actor, out)
        version = None
        if self.keys is not None and key is not None:
            key, version = self.resolve(key, name, ALWAYS if time is None else time, out, flags)
        account = first(event, ["/account"])
        account = "" if account is MISSING else scalar(account) or ""
        occasion = Occasion(key, version and version.name, account)
        self.show(self.claims(event, key, time, occasion, out, flags), actor, occasion, out, flags)
        if flags:
            out["flags"] = [flag for flag in FLAGS if flag in flags]
        self.count(out)
        return Obj([(name, out[name]) for name in MEMBERS if name in out])

    def key(self, event, actor, out):
        """The key's id and name as the event gives them."""
        parts = re.fullmatch(r"([^:]+)::((?s:.*))", actor) if actor is not None else None
        source, identity, name = "", actor, ""
        if parts:
            source = parts[1]
            identity, _, name = parts[2].partition("::")
        if actor is not None:
            out["actor"] = Obj(([("source", source)] if source else []) + [("id", identity)])
        if self.settings["key"] is not None:
            given = filled(first(event, [self.settings["key"]]))
            if given is not None:
                return given, ""
        return (identity, name) if source == "api" and identity else (None, "")

    def resolve(self, key, name, time, out, flags):
        known, version = find_key(self.keys, key, name, time)
        out["api_key"] = Obj([("id", known or key)])
        if known is None:
            flags.add("key_unknown")
            return key, None
        if known != key:
            self.seen["shortened id"] += 1
        if version is None:
            flags.add("key_version_outside")
            return known, None
        out["api_key"] = version.rendered(self.settings["detail"])
        if version.expires <= time:
            flags.add("key_expired")
        if version.deleted <= time:
            flags.add("key_deleted")
        return known, version

    # --- How the claims come to the event

    def claims(self, event, key, time, occasion, out, flags):
        """What is shown of the claims; sets match, claims, token and the flags about them."""
        accept = self.settings["accept"]
        out["match"] = "none"
        embedded = first(event, ["/context/claims"])
        if isinstance(embedded, Obj) and "embedded" not in accept:
            self.seen["embedded not accepted"] += 1
        elif isinstance(embedded, Obj):
            out["match"] = "embedded"
            self.retain([embedded], [embedded], out)
            return self.policies.shown(embedded, occasion)
        if key is None:
            out["match"] = "not_applicable"
            return Shown()
        if self.tokens is None:
            return Shown()
        found = first(event, TOKENS)
        if isinstance(found, list):
            self.seen["token id that is no text"] += 1
            return Shown()
        token = filled(found)
        if token is not None:
            if "token" not in accept:
                self.seen["token not accepted"] += 1
                return Shown()
            return self.by_token(token, key, time, occasion, out, flags)
        if time is None or not {"sole", "agreed"} & set(accept):
            return Shown()
        return self.by_key(key, time, occasion, out, flags)

    def by_token(self, token, key, time, occasion, out, flags):
        rows = [row for row in self.tokens if row.token == token]
        mine = [row for row in rows if row.key == key]
        if not mine:
            flags.add("token_of_other_key" if rows else "token_unknown")
            return Shown()
        if len(rows) > len(mine):
            self.seen["token id at several keys"] += 1
        shown = self.alike(mine, occasion)
        if shown is None:
            self.seen["one token, told of differently"] += 1
            out["match"] = "ambiguous"
            return Shown()
        if len(mine) > 1:
            self.seen["one token, told of alike"] += 1
        row = min(mine, key=lambda row: (row.issued, row.expires))
        out["match"], out["token"] = "token", row.rendered()
        self.retain([row.claims for row in mine], [row.claims for row in mine], out)
        if time is not None and not row.holds(time):
            flags.add("skew" if row.holds(time, self.skew) else "token_time_outside")
        return shown

    def told_once(self, rows):
        """Without the rows that only say again what another says about a token."""
        told, found = [], []
        for row in rows:
            kept = [self.kept(row.claims, *entry) for entry in retained(self.settings)]
            says = (row.token, row.issued, row.expires, [spelling(value) for value in kept],
                    self.policies.in_any_event(row.claims, row.key))
            if row.token is None or says not in told:
                found.append(row)
            else:
                self.seen["a row told again"] += 1
            told.append(says)
        return found

    def by_key(self, key, time, occasion, out, flags):
        all_rows = self.told_once([row for row in self.tokens if row.key == key])
        rows = [row for row in all_rows if row.holds(time, self.skew)]
        exact = [row for row in rows if row.holds(time)]
        self.count_edges(all_rows, time)
        if not rows:
            return Shown()
        shown = self.alike(rows, occasion)
        match = "sole" if len(rows) == 1 else "ambiguous" if shown is None else "agreed"
        if match != "ambiguous" and match not in self.settings["accept"]:
            self.seen[match + " not accepted"] += 1
            return Shown()
        out["match"] = match
        if match == "sole":
            if not exact:
                flags.add("skew")
            if rows[0].token is not None:
                out["token"] = rows[0].rendered()
        elif match == "agreed":
            if len(exact) < 2:
                flags.add("skew")
        elif len(exact) < 2 or self.alike(exact, occasion) is not None:
            flags.add("skew")
        if shown is None:
            return Shown()
        self.seen[match + " on " + ("nothing" if shown.text is None else "somebody")] += 1
        # What is agreed is spelled as any row of the key spells it, so that it does not change with time.
        spellings = rows if match == "sole" else all_rows
        self.retain([row.claims for row in rows], [row.claims for row in spellings], out)
        return shown

    def alike(self, rows, occasion):
        """What all of the rows show; None if they show different things."""
        shown = [self.policies.shown(row.claims, occasion) for row in rows]
        texts = {each.text for each in shown}
        if len(texts) > 1:
            self.seen["alike only once cleaned"] += len({cleaned(text or "") for text in texts}) == 1
            return None
        best = min(shown, key=lambda each: each.rank)
        if len({each.rank for each in shown}) > 1:
            self.seen["alike by different candidates"] += 1
        return Shown(best.text, best.origin, best.rank, set().union(*(each.flags for each in shown)))

    # --- What is kept

    def retain(self, sources, spellings, out):
        """The claims that all sources have in common. Of several ways to write the same, that which
        sorts first among all that `spellings` (the rows of the key) have."""
        kept = Obj()
        for name, is_pseudonym in retained(self.settings):
            values = [self.kept(source, name, is_pseudonym) for source in sources]
            common = {meaning(value) for value in values}
            if len(common) > 1 or MISSING in common:
                continue
            alike = [self.kept(source, name, is_pseudonym) for source in spellings]
            written = {spelling(value) for value in alike if meaning(value) in common}
            self.seen["several spellings"] += len(written) > 1
            self.seen["pseudonym"] += is_pseudonym
            kept.append((name, min(written, key=lambda text: text.encode())))
        if kept:
            out["claims"] = kept
        elif len(sources) > 1 and self.settings["retain"]:
            self.seen["nothing in common to keep"] += 1

    def kept(self, claims, name, is_pseudonym):
        value = MISSING if claims is None else claim(claims, name)
        if value is MISSING or not is_pseudonym:
            return value
        digest = hmac.new(self.secret.encode(), scalar(value).encode(), hashlib.sha256).hexdigest()
        pseudonym = Text("hmac-sha256:" + digest)
        pseudonym.raw = f'"{pseudonym}"'
        return pseudonym

    # --- What is shown

    def show(self, shown, actor, occasion, out, flags):
        flags |= shown.flags
        text, out["from"] = shown.text, shown.origin
        if text is None:
            texts = {"key_name": occasion.key_name, "key_id": occasion.key, "actor": actor}
            named = [name for name in self.settings["fallback"] if texts[name]]
            if not named:
                del out["from"]
                return
            out["from"], text = named[0], texts[named[0]]
        out["display_actor"] = cleaned(text)
        if out["display_actor"] != text:
            flags.add("display_cleaned")

    # --- What came up

    def count(self, out):
        kind = out.get("from", "nothing").partition(":")[0]
        self.seen[f"{out['match']} from {kind}"] += 1
        for flag in out.get("flags", []):
            about_token = FLAGS.index(flag) < FLAGS.index("key_unknown")
            self.seen[f"{flag} with {out['match']}" if about_token else flag] += 1
            if flag in ("display_cleaned", "imitates_actor"):
                self.seen[f"{flag} from {kind}"] += 1

    def count_edges(self, rows, time):
        for row in rows:
            for edge, name in ((row.issued, "iat"), (row.expires, "exp")):
                for skew, where in ((0, ""), (-self.skew, " - skew"), (self.skew, " + skew")):
                    off = time - edge - skew
                    if off in (-1, 0):
                        self.seen[f"an event {'at' if off == 0 else 'just before'} {name}{where}"] += 1


def meaning(value):
    """Strings are the same if they say the same; a string is never a number."""
    return value if value is MISSING else (is_text(value), scalar(value))
