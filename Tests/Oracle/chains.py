"""From the credential of an event to who is behind it: docs/claims.md, "Chains", read slowly."""
import re
from dataclasses import dataclass, field

from display import is_blank
from keys import ALWAYS
from values import Obj, filled, member, parse, point

MOST_LINKS = 8
# What stays of a link however the chain goes on; the rest is about what the root shows.
LASTING = {"skew", "token_time_outside", "untrusted_issuer"}
OF_SHOWN = {"display_cleaned", "imitates_actor"}


@dataclass
class Via:
    """With what a token was asked for, as a row says it; what it does not say is empty."""

    key: str = ""
    token: str = ""
    actor: str = ""


def asked_with(row):
    """None if the row does not say."""
    via = point(row, "/via")
    if isinstance(via, str) and via.lstrip(" \t\r\n").startswith("{"):
        via = parse(via)
    if isinstance(via, Obj):
        key, token = (filled(point(via, "/" + name)) or "" for name in ("key_id", "token_id"))
        said = Via(key, token, named(point(via, "/actor")))
    else:
        said = Via(actor=named(via))
    return None if said == Via() else said


def named(value):
    """White space alone is no name."""
    name = filled(value)
    return "" if name is None or is_blank(name) else name


def acting(claims):
    """Who acts with claims that are about somebody else: the present party first (RFC 8693). Of those that go
    deeper than a chain may, as many as are too many, some of them without a name."""
    found = []
    for _ in range(MOST_LINKS + 1):
        claims = member(claims, "act") if isinstance(claims, Obj) else None
        found.append(named(member(claims, "sub")) if isinstance(claims, Obj) else "")
    if isinstance(claims, Obj) and isinstance(member(claims, "act"), Obj):
        return [name for name in found if name] + [""] * found.count("")
    return [name for name in found if name]


@dataclass
class Found:
    """What is known of a token: the answer to an event that names it, and its row if there is just one."""

    match: str
    shown: object
    row: object = None
    claims: list = field(default_factory=list)
    is_split: bool = False


class Follower:
    """Follows chains. `find` gives what is known of a token of a key at a time, and `cleaned` what is shown."""

    def __init__(self, find, cleaned, seen):
        self.find, self.cleaned, self.seen = find, cleaned, seen

    def follow(self, found):
        """What `found` becomes, and the links: `(found, links)`, no links where there is nothing to say."""
        if found.is_split:
            self.seen["rows about one token that differ in who asked"] += 1
            found.shown.flags |= {"chain_incomplete"}
            return found, []
        row = found.row
        if row is None or row.via is None and not row.acts:
            return found, []
        links, rows, end, root = [], [], None, found
        self.end = self.named_root = None
        lasting = set(found.shown.flags)
        while True:
            links += [Obj([("actor", self.cleaned(name))]) if name else None for name in row.acts]
            self.seen["a link of who acts"] += bool(row.acts)
            links.append(self.link(root, row))
            rows.append(row)
            via = row.via
            if via is None or not via.key and not via.actor:
                break
            if not via.token:
                links.append(self.unknown(via))
                self.named_root = via
                self.seen["a root that is a " + ("key" if via.key else "name")] += 1
                break
            following = self.find(via.token, via.key, None if row.issued == ALWAYS else row.issued)
            if following.match != "token" or following.row is None:
                match = "ambiguous" if following.is_split else following.match
                links.append(self.unknown(via, match))
                self.seen["a chain that ends at " + match] += 1
                end = "chain_incomplete"
                break
            if any(following.row is other for other in rows):
                end = "chain_circle"
                break
            if len(links) >= MOST_LINKS:
                end = "chain_too_long"
                break
            lasting = lasting & LASTING | following.shown.flags
            root, row = following, following.row
        if len(links) > MOST_LINKS and end != "chain_circle":
            end = "chain_too_long"
        self.end = end
        self.seen[f"a chain of {min(len(links), MOST_LINKS + 1)} links"] += 1
        self.seen[f"a chain behind {found.match}"] += 1
        self.seen["a chain from tokens of several keys"] += len({each.key for each in rows}) > 1
        self.seen["a link that is not verified"] += any(not each.is_verified for each in rows)
        return self.root(found, root, lasting, end), [link for link in links if link is not None]

    def root(self, first, root, flags, end):
        """The claims of the root, with the match of the weakest link: those behind the first are all by token."""
        shown = root.shown
        refused = end in ("chain_circle", "chain_too_long")
        if refused or "untrusted_issuer" in flags:
            shown = type(shown)(place=shown.place)
            flags = flags - OF_SHOWN
        shown.flags = flags | ({end} if end else set())
        return Found("none" if refused else first.match, shown, first.row, [] if refused else root.claims)

    def link(self, found, row):
        # An id that lacks a character is nobody's, and written as one that is missing.
        key = "\ufffd" if re.search("[\ud800-\udfff\ufffd]", row.key) else row.key
        link = Obj([("key_id", key), *([] if row.token is None else [("token_id", row.token)])])
        link += row.times() + [("match", found.match)]
        if found.shown.text is not None:
            link.append(("display_actor", self.cleaned(found.shown.text)))
        return link

    def unknown(self, via, match=None):
        said = [("key_id", via.key), ("token_id", via.token), ("actor", self.cleaned(via.actor))]
        return Obj([pair for pair in said if pair[1]] + ([] if match is None else [("match", match)]))

    def embedded(self, claims, shown):
        """The links of claims in the event itself, and whether they are too many."""
        names = acting(claims)
        if not names:
            return [], False
        self.seen["a link of who acts, in the event"] += 1
        links = [Obj([("actor", self.cleaned(name))]) for name in names if name] + [Obj([("match", "embedded")])]
        if shown.text is not None:
            links[-1].append(("display_actor", self.cleaned(shown.text)))
        return links, len(names) >= MOST_LINKS

    def on_behalf_of(self, name, links, key):
        """With whom it was done for, as the event says, as the last link."""
        self.seen["for whom it was done"] += 1
        links = links or ([] if key is None else [Obj([("key_id", key)])])
        return links + [Obj([("on_behalf_of", self.cleaned(name))])]
