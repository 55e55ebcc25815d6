"""The attribution of an event, worked out from contracts, section 4, sentence by sentence."""
import ipaddress
import re

from chains import OF_SHOWN, Follower, Found, acting, asked_with
from display import (
    Display, Occasion, Shown, apply_filter, claim, folded, imitates_actor, is_blank, pseudonym, retained,
    written as text_of)
from keys import ALWAYS, NEVER, Key, find_key
from values import (
    FOREVER, MISSING, Num, Obj, Text, event_time, filled, first, is_exact, is_text, member, parse, plain, point,
    scalar, spelling, table_time)

FLAGS = [
    "skew", "token_time_outside", "token_unknown", "token_of_other_key", "untrusted_issuer",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "display_cleaned",
    "imitates_actor", "chain_circle", "chain_too_long", "chain_incomplete",
]
MEMBERS = ["display_actor", "from", "match", "actor", "api_key", "claims", "token", "chain", "candidates",
           "candidates_total", "flags"]
DECEPTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
TIMES = ("/timestamp_millis", "/timestamp", "/createdAt")
ACTORS = ("/actor/username", "/actor/run/stackId", "/actor", "/run/triggeredBy")
TOKENS = ("/context/tokenId", "/context/token_id", "/context/jti")
RUNS = ("/run/id", "/actor/run/id")


def cleaned(text):
    return DECEPTIVE.sub("\ufffd", text.strip(" "))[:256].rstrip(" ")


class Token:
    """A row of the claim store."""

    def __init__(self, row):
        claims = point(row, "/claims")
        if isinstance(claims, str):
            claims = parse(claims)
        self.claims = claims if isinstance(claims, Obj) else None
        self.via = asked_with(row)
        self.acts = acting(self.claims)
        if self.claims is None and (filled(point(row, "/via")) or isinstance(point(row, "/via"), Obj)):
            self.claims = Obj()  # Which issuers count is a question of a link without claims, too.
        doubt = point(row, "/unverified")
        self.is_verified = doubt is False or (filled(doubt) or "no").lower() in ("false", "no", "0")
        if self.claims is not None:
            self.claims.is_verified = self.is_verified
        self.key = nobodys(scalar(point(row, "/key_id")))
        self.token = None
        for value in (point(row, "/token_id"), point(row, "/jti"), self.claimed("jti")):
            if self.token is None:
                self.token = filled(value)
        if self.token is not None and nobodys(self.token) is NOBODY:
            self.token = None
        issued, expires = self.time(row, "iat"), self.time(row, "exp")
        self.issued = ALWAYS if issued is None else issued
        self.expires = NEVER if expires is None or expires == FOREVER else expires
        end = filled(point(row, "/session_expires_at"))
        self.session_end = None if end is None else table_time(point(row, "/session_expires_at"))
        self.where = point(row, "/where")
        self.run = filled(point(row, "/run_id"))
        self.exchanged = point(row, "/exchanged") is True

    def time(self, row, name):
        value = point(row, "/" + name)
        if value is MISSING or value is None or value == "":
            value = self.claimed(name)
        return None if value is MISSING else table_time(value)

    def claimed(self, name):
        return MISSING if self.claims is None else claim(self.claims, name)

    def holds(self, time, end, skew=0):
        return self.issued - skew <= time < end + skew

    def contradicts(self, event):
        """Whether the event says something else than `where`, at one of its pointers."""
        if not isinstance(self.where, Obj):
            return False
        for pointer, wanted in self.where:
            found = filled(point(event, plain(pointer)))
            wanted = [scalar(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
            if found is None or found in wanted or "\ufffd" in found:
                continue
            if is_address(found) or not any(map(is_address, wanted)):
                return True
        return False

    def rendered(self):
        return Obj([("id", self.token), *self.times()])

    def times(self):
        return [(name, Num(time // 10**6)) for name, time in
                (("issued_at", self.issued), ("expires_at", self.expires)) if time not in (ALWAYS, NEVER)]


class World:
    """A definition and its tables. `seen` counts what came up in the events that were asked about."""

    def __init__(self, settings, keys, tokens, secret, seen):
        self.settings = settings
        self.keys = None if keys is None else [Key(row) for row in keys]
        self.tokens = None if tokens is None else [Token(row) for row in tokens]
        self.secret = secret
        self.skew = settings["skew"] * 10**6
        self.requires_time = settings["token_time"] == "require"
        self.seen = seen
        self.policies = Display(settings, seen, secret)
        self.chain = []
        # What claims of the store would show in one event or another.
        self.shown_claims = {folded(cleaned(text)) for token in self.tokens or []
                             for text in self.policies.texts_in_any_event(token.claims, token.key)}
        self.shown_claims |= {folded(cleaned(token.via.actor)) for token in self.tokens or []
                              if token.via is not None and token.via.actor}

    # --- Inference

    def inference(self, place):
        """What is inferred of tokens that a policy shows: (is it, the session if it is known, since, until)."""
        stage = self.inferring(self.settings, (False, None, ALWAYS, NEVER))
        return stage if place is None else self.inferring(self.settings["policies"][place], stage)

    def inferring(self, said, otherwise):
        infer = said.get("infer")
        if infer is not None:
            since, until = (infer.get("covers", {}).get(name) for name in ("since", "until"))
            return (True, infer.get("session", 0), ALWAYS if since is None else since,
                    NEVER if until is None else until)
        if said.get("session") is not None:
            return (otherwise[0], said["session"], *otherwise[2:])
        return otherwise

    def end(self, row, place, unknown=0):
        """When what a token that a policy shows was exchanged for ends; `unknown` is how long sessions are if
        nobody says."""
        if row.session_end is not None:
            return NEVER if row.session_end == FOREVER else row.session_end
        session = self.inference(place)[1]
        return row.expires + (unknown if session is None else session * 10**6)

    def is_barred(self, row, occasion, time):
        infers, _, since, until = self.inference(self.policies.shown(row.claims, occasion).place)
        return not infers or not since <= time < until

    # --- The event and its key

    def attribution(self, event):
        out, flags = {}, set()
        self.chain = []
        time = next((found for found in (event_time(point(event, place)) for place in TIMES)
                     if found is not None), None)
        found = first(event, ACTORS)
        actor = None if found is MISSING else scalar(found)
        key, name = self.key(event, actor, out)
        version = None
        if self.keys is not None and key is not None:
            key, version = self.resolve(key, name, time, out, flags)
        account = first(event, ["/account"])
        account = filled(account)
        occasion = Occasion(key, version and version.name, account)
        shown = self.claims(event, key, time, occasion, out, flags)
        if "token_time_outside" in flags | shown.flags and self.requires_time:
            self.seen["claims not shown outside of their time"] += shown.text is not None
            shown = Shown(flags=shown.flags - {"imitates_actor"})
        behalf = filled(first(event, ["/context/behalf"])) if self.settings["behalf"] else None
        follower = self.follower(occasion)
        if behalf is not None and not is_blank(behalf):
            self.chain = follower.on_behalf_of(behalf, self.chain, key)
        if self.chain:
            out["chain"] = self.chain
        self.show(shown, actor, behalf, occasion, out, flags)
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
            if name and any(row.name == name and row.id.startswith(key) for row in self.keys):
                self.seen["shortened id by a name of another time"] += 1
            flags.add("key_unknown")
            return key, None
        if known != key:
            self.seen["shortened id"] += 1
        if version is None:
            self.seen["a version with a bound, and no time"] += time is None
            flags.add("key_version_outside")
            return known, None
        out["api_key"] = version.rendered(self.settings["detail"])
        if time is not None and version.expires <= time:
            flags.add("key_expired")
        if time is not None and version.deleted <= time:
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
            shown = self.policies.shown(embedded, occasion)
            if shown.text is not None or not self.begins_chain(self.token(event), key, time, occasion):
                self.check_embedded(embedded, self.token(event), key, time, shown.place, flags)
                is_shown = not ("token_time_outside" in flags and self.requires_time)
                self.chain, is_long = self.follower(occasion).embedded(embedded, shown if is_shown else Shown())
                if is_long:
                    self.seen["claims in the event with which too many act"] += 1
                    return Shown(flags=shown.flags - OF_SHOWN | {"chain_too_long"})
                out["match"] = "embedded"
                self.retain([embedded], [embedded], out)
                return shown
            self.seen["claims in the event that show nothing, before a chain"] += 1
        run = filled(first(event, RUNS)) if any(row.run is not None for row in self.tokens or []) else None
        if key is None:
            out["match"] = "not_applicable"
            of = {row.key for row in self.tokens or [] if row.run == run and run is not None}
            self.seen["a run without a key, of several"] += len(of) > 1
            if len(of) == 1 and "token" in accept:
                self.seen["a run without a key"] += 1
                key = of.pop()
                # The key that policies ask for is the run's then.
                return self.by_run(run, key, time, Occasion(key, None, occasion.account), out, flags)
            return Shown()
        if self.tokens is None:
            return Shown()
        token = self.token(event)
        if isinstance(token, list):
            self.seen["token id that is no text"] += 1
            return Shown()
        if token is not None:
            if "token" not in accept:
                self.seen["token not accepted"] += 1
                return Shown()
            return self.by_token(token, key, time, occasion, out, flags)
        if run is not None:
            return self.by_run(run, key, time, occasion, out, flags) if "token" in accept else Shown()
        if time is None or not {"sole", "agreed", "narrowed"} & set(accept):
            return Shown()
        return self.by_key(event, key, time, occasion, out, flags)

    def follower(self, occasion):
        return Follower(lambda token, key, time: self.find(token, key, time, occasion), cleaned, self.seen)

    def begins_chain(self, token, key, time, occasion):
        if not isinstance(token, str) or key is None or self.tokens is None or "token" not in self.settings["accept"]:
            return False
        found = self.find(token, key, time, occasion)
        return found.is_split or found.row is not None and (found.row.via is not None or bool(found.row.acts))

    def check_embedded(self, claims, token, key, time, place, flags):
        token = filled(token)
        rows = [row for row in self.tokens or [] if row.token == token]
        if token is not None and key is not None and rows and key not in [row.key for row in rows]:
            flags.add("token_of_other_key")
        times = []
        for name, absent in (("iat", ALWAYS), ("exp", NEVER)):
            value = member(claims, name)
            if value is MISSING or value is None:
                times.append(absent)
                continue
            found = None if isinstance(value, (list, bool)) or value == "" else table_time(value)
            found = {None: None, FOREVER: NEVER if name == "exp" else None}.get(found, found)
            if found is None or name == "exp" and found <= 0:
                self.seen["claims in the event without a time that can be read"] += 1
                flags.add("token_time_outside")
                return
            times.append(found)
        end = times[1] + (self.inference(place)[1] or 0) * 10**6
        if time is None:
            if self.requires_time and times != [ALWAYS, NEVER]:
                self.seen["claims in an event without a time"] += 1
                flags.add("token_time_outside")
            return
        if not times[0] <= time < end:
            near = times[0] - self.skew <= time < end + self.skew
            flags.add("skew" if near else "token_time_outside")

    def token(self, event):
        """The id of the token that the event names, behind the filters of the dialect; an object or a list as it
        is, and also where filters leave nothing of all that is there."""
        filters = self.settings["token_filters"] or []
        is_empty = False
        for place in TOKENS:
            found = first(event, [place])
            if found is MISSING:
                continue
            if isinstance(found, list):
                return found
            text = scalar(found)
            for written in filters:
                text = apply_filter(written, text)
            if text:
                self.seen["token id that is filtered"] += text != scalar(found)
                return text
            is_empty = True
        return [] if is_empty else None

    def by_token(self, token, key, time, occasion, out, flags):
        found = self.find(token, key, time, occasion)
        rows = [row for row in self.tokens if row.token == token]
        mine = [row for row in rows if row.key == key]
        self.seen["token id at several keys"] += bool(mine) and len(rows) > len(mine)
        self.seen["one token, told of alike"] += found.match == "token" and len(mine) > 1
        if found.match == "ambiguous":
            self.seen["one token, told of differently"] += 1
            self.ambiguous([self.itself(row, occasion) for row in mine], out)
        if found.match != "token":
            flags |= found.shown.flags
            return Shown()
        row = first_of(mine)
        if time is not None and row.expires <= time and not {"skew", "token_time_outside"} & found.shown.flags:
            self.seen["a named token within its session"] += 1
        return self.followed(found, row, occasion, out)

    def followed(self, found, row, occasion, out):
        """What is shown of the root, and kept of its claims; the token stays the event's."""
        found, self.chain = self.follower(occasion).follow(found)
        out["match"] = found.match
        if row is not None and row.token is not None:
            out["token"] = row.rendered()
        if found.claims:
            self.retain(found.claims, found.claims, out)
        return found.shown

    def find(self, token, key, time, occasion):
        """What is known of a token of a key, in an event at that time. The name of the event's key is no other's."""
        name = occasion.key_name if key == occasion.key else None
        is_other = key != occasion.key
        occasion = Occasion(key, name, occasion.account)
        rows = [row for row in self.tokens if row.token == token]
        mine = [row for row in rows if row.key == key]
        if not mine:
            return Found("none", Shown(flags={"token_of_other_key" if rows else "token_unknown"}))
        shown = self.alike([self.itself(row, occasion) for row in mine])
        if shown is None:
            return Found("ambiguous", Shown())
        shown.flags = set(shown.flags)
        row = first_of(mine)
        place = shown.rank[0] if shown.rank else None
        by_key = place is not None and "key" in self.policies.policies[place]
        self.seen["a root shown by a policy of its own key"] += is_other and by_key
        if len(self.told_once(mine)) == 1:
            place = self.policies.shown(row.claims, occasion).place
        end = self.end(row, place)
        if time is not None and not row.holds(time, end):
            shown.flags.add("skew" if row.holds(time, end, self.skew) else "token_time_outside")
        if time is None and self.requires_time and (row.issued, end) != (ALWAYS, NEVER):
            self.seen["a token named at no time"] += 1
            shown.flags.add("token_time_outside")
        said = [(row.via, row.acts) for row in mine]
        is_split = any(each != said[0] for each in said)
        return Found("token", shown, None if is_split else row, [row.claims for row in mine], is_split)

    def by_run(self, run, key, time, occasion, out, flags):
        """As by the id of a token; which of several tokens of the run it was is not known."""
        rows = [row for row in self.tokens if row.run == run]
        mine = [row for row in rows if row.key == key]
        if not mine:
            flags.add("token_of_other_key" if rows else "token_unknown")
            self.seen["a run that is unknown, or of another key"] += 1
            return Shown()
        people = [self.itself(row, occasion) for row in mine]
        shown = self.alike(people)
        if shown is None:
            self.seen["one run, told of differently"] += 1
            self.ambiguous(people, out)
            return Shown()
        shown.flags = set(shown.flags)
        place = shown.rank[0] if shown.rank else None
        named = None
        if all(self.says(row) == self.says(mine[0]) for row in mine):
            self.seen["a run with one token"] += 1
            place = self.policies.shown(mine[0].claims, occasion).place
            named = mine[0]
        else:
            self.seen["a run with several tokens"] += 1
        holds = [skew for row in mine for skew in (0, self.skew)
                 if time is None or row.holds(time, self.end(row, place), skew)]
        if time is None and self.requires_time:
            holds = [0 for row in mine if (row.issued, self.end(row, place)) == (ALWAYS, NEVER)]
        if 0 not in holds:
            shown.flags.add("skew" if holds else "token_time_outside")
        said = [(row.via, row.acts) for row in mine]
        is_split = any(each != said[0] for each in said)
        found = Found("token", shown, None if is_split else first_of(mine), [row.claims for row in mine], is_split)
        return self.followed(found, named, occasion, out)

    def itself(self, row, occasion):
        """What a row shows by itself: who it is told from others by, what is shown, and the claims."""
        shown = self.policies.shown(row.claims, occasion)
        return shown.told_by, shown, [row.claims]

    def root(self, row, occasion):
        """The same of who is at the root of its chain. One that cannot be followed is somebody else than all."""
        own = self.itself(row, occasion)
        if row.via is None or "token" not in self.settings["accept"]:
            return own
        own[1].flags = set(own[1].flags)
        follower = self.follower(occasion)
        found, _ = follower.follow(Found("token", own[1], row, [row.claims]))
        claims = found.claims or [None]
        if follower.end is not None:
            self.seen["one of several whose chain cannot be followed"] += 1
            return ("row", id(row)), found.shown, claims
        end = follower.named_root
        if end is not None:
            return (end.actor or [end.key][0], bool(end.actor), found.shown.told_by), found.shown, claims
        return found.shown.told_by, found.shown, claims

    def ambiguous(self, people, out):
        """Says who it could have been."""
        out["match"] = "ambiguous"
        if not self.settings["candidates"]:
            return
        texts = {told_by: shown.text for told_by, shown, _ in people}
        names = {cleaned(text) for text in texts.values() if text is not None}
        self.seen["candidates who show nobody"] += None in texts.values()
        self.seen["more candidates than are named"] += len(names) > 8
        out["candidates"] = sorted(names, key=lambda name: name.encode())[:8]
        out["candidates_total"] = Num(len(texts))

    def told_once(self, rows):
        """Without the rows that only say again what another says about a token."""
        told, found = [], []
        for row in rows:
            says = self.says(row)
            if row.token is None or says not in told:
                found.append(row)
            else:
                self.seen["a row told again"] += 1
            told.append(says)
        return found

    def says(self, row):
        """All that counts of a row."""
        kept = [self.kept(row.claims, *entry[:2]) for entry in retained(self.settings)]
        return (row.token, row.issued, row.expires, row.session_end, row.exchanged, row.via, row.acts, conditions(row.where),
                [spelling(value) for value in kept], self.policies.in_any_event(row.claims, row.key))

    def by_key(self, event, key, time, occasion, out, flags):
        all_rows = self.told_once([row for row in self.tokens if row.key == key])
        self.seen["tokens whose sessions have rows of their own"] += any(row.exchanged for row in all_rows)
        all_rows = [row for row in all_rows if not row.exchanged]
        # A token whose session may be of any length bars inference from then on.
        places = [self.policies.shown(row.claims, occasion).place for row in all_rows]
        ends = [self.end(row, place, 0 if self.inference(place)[0] else NEVER)
                for row, place in zip(all_rows, places)]
        rows = [row for row, end in zip(all_rows, ends) if row.holds(time, end, self.skew)]
        exact = [row for row, end in zip(all_rows, ends) if row.holds(time, end)]
        self.count_edges(all_rows, time)
        match, kept = self.match(rows, event, time, occasion)
        if match != self.match(exact, event, time, occasion)[0] and match != "none":
            flags.add("skew")
        elif match == "none" and any(self.is_barred(row, occasion, time) for row in rows):
            self.seen["inference barred"] += 1
            if exact and not any(self.is_barred(row, occasion, time) for row in exact):
                flags.add("skew")
        if match not in ("none", "ambiguous") and match not in self.settings["accept"]:
            self.seen[match + " not accepted"] += 1
            flags.discard("skew")
            return Shown()
        out["match"] = match
        if match == "none":
            return Shown()
        people = [self.root(row, occasion) for row in kept]
        if match == "ambiguous":
            self.ambiguous(people, out)
            chained = set().union(*(shown.flags for _, shown, _ in people)) & CHAINED
            self.seen["several, and what is wrong with a chain"] += bool(chained)
            return Shown(flags=chained)
        if len(kept) == 1 and kept[0] not in exact:
            flags.add("skew")
        if len(kept) == 1:
            people = [self.itself(kept[0], occasion)]
        shown = self.alike(people)
        shown.flags = set(shown.flags)
        self.seen["agreed at the roots"] += len(kept) > 1 and any(row.via for row in kept)
        self.seen[match + " on " + ("nothing" if shown.text is None else "somebody")] += 1
        row = kept[0] if len(kept) == 1 else None
        found = Found(match, shown, row, [each for _, _, claims in people for each in claims])
        if "token" in self.settings["accept"]:
            return self.followed(found, row, occasion, out)
        if row is not None and row.token is not None:
            out["token"] = row.rendered()
        self.retain(found.claims, found.claims, out)
        return shown

    def match(self, rows, event, time, occasion):
        """What the tokens that were valid come to, and which of them count."""
        if not rows or any(self.is_barred(row, occasion, time) for row in rows):
            return "none", []
        left = [row for row in rows if not row.contradicts(event)]
        self.seen["tokens contradicted"] += len(left) < len(rows)
        if not left:
            return "none", []
        if len(rows) == 1:
            return "sole", rows
        people = {id(row): self.root(row, occasion) for row in rows}
        if self.alike(people.values()) is not None:
            return "agreed", rows
        if len(left) < len(rows) and self.alike([people[id(row)] for row in left]) is not None:
            return "narrowed", left
        return "ambiguous", left

    def alike(self, people):
        """What all of them show; None if they are different people."""
        shown = [each for _, each, _ in people]
        texts = {each.text for each in shown}
        if len(texts) > 1:
            self.seen["alike only once cleaned"] += len({cleaned(text or "") for text in texts}) == 1
        if len({told_by for told_by, _, _ in people}) > 1:
            self.seen["alike but for what UTF-8 cannot say"] += len({each.told_by for each in shown}) > len(texts)
            return None
        best = min(shown, key=lambda each: each.rank)
        if len({each.rank for each in shown}) > 1:
            self.seen["alike by different candidates"] += 1
        flags = set().union(*(each.flags for each in shown))
        return Shown(best.text, best.origin, best.rank, flags, written=best.written)

    # --- What is kept

    def retain(self, sources, spellings, out):
        """The claims that all sources have in common. Of several ways to write the same, that which
        sorts first among those of `spellings`."""
        kept = Obj()
        for name, is_pseudonym, target in retained(self.settings):
            values = [self.kept(source, name, is_pseudonym) for source in sources]
            common = {meaning(value) for value in values}
            if len(common) > 1 or MISSING in common:
                continue
            alike = [self.kept(source, name, is_pseudonym) for source in spellings]
            written = {spelling(value) for value in alike if meaning(value) in common}
            self.seen["several spellings"] += len(written) > 1
            self.seen["pseudonym"] += is_pseudonym
            self.seen["renamed"] += target != text_of(name)
            kept.append((target, min(written, key=lambda text: text.encode())))
        if kept:
            out["claims"] = kept
        elif len(sources) > 1 and self.settings["retain"]:
            self.seen["nothing in common to keep"] += 1

    def kept(self, claims, name, is_pseudonym):
        value = MISSING if claims is None else claim(claims, name)
        if value is MISSING or not is_pseudonym:
            return value
        if not is_exact(value):
            return MISSING
        made = Text(pseudonym(scalar(value), self.secret))
        made.raw = f'"{made}"'
        return made

    # --- What is shown

    def show(self, shown, actor, behalf, occasion, out, flags):
        flags |= shown.flags
        text, out["from"] = shown.text, shown.origin
        if text is None:
            texts = {"key_name": occasion.key_name, "key_id": occasion.key, "actor": actor,
                     "on_behalf_of": behalf}
            self.seen["white space alone"] += any(map(is_blank, filter(None, texts.values())))
            named = [name for name in self.settings["fallback"] if texts[name] and not is_blank(texts[name])]
            if not named:
                del out["from"]
                return
            out["from"], text = named[0], texts[named[0]]
            if named[0] != "actor" and self.passes_for_somebody(text, named[0]):
                flags.add("imitates_actor")
        out["display_actor"] = cleaned(text)
        if out["display_actor"] != text:
            flags.add("display_cleaned")

    def passes_for_somebody(self, name, kind):
        """The form of an actor or of an e-mail address, or, of a key's name, what claims would show."""
        if imitates_actor(name) or re.fullmatch(r"[^@ ]+@[^@ ]+", name.strip(" "), re.DOTALL):
            return True
        is_shown = kind == "key_name" and folded(cleaned(name)) in self.shown_claims
        self.seen["a key that is called as claims show"] += is_shown
        return is_shown

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


# What is said of chains, also where nobody is named.
CHAINED = {"chain_circle", "chain_too_long", "chain_incomplete"}
# No text is that: no event can name it.
NOBODY = "\udfff"


def nobodys(identity):
    """An id of which a character is missing could be that of several."""
    return NOBODY if "\ufffd" in identity else identity


def is_address(text):
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def first_of(rows):
    """Of rows about one token the one that its times are taken from."""
    return min(rows, key=lambda row: (row.issued, row.expires, ended(row.session_end)))


def ended(end):
    """Rows that do not say when their session ends come first."""
    return ALWAYS if end is None else NEVER if end == FOREVER else end


def conditions(where):
    """What `where` says, whatever the order of its members."""
    if not isinstance(where, Obj):
        return None
    wanted = [(plain(pointer), value if isinstance(value, list) else [value]) for pointer, value in where]
    return sorted((pointer, [(isinstance(value, Num), scalar(value)) for value in values])
                  for pointer, values in wanted)


def meaning(value):
    """Strings are the same if they say the same; a string is never a number. What UTF-8 cannot say is the same
    if it is written alike."""
    if value is not MISSING and not is_exact(value):
        return "half", value.raw
    return value if value is MISSING else (is_text(value), scalar(value))
