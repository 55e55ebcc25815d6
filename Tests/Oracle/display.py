"""What claims show: policies, candidates, templates, filters and patterns, read slowly."""
import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from values import MISSING, Num, filled, is_exact, is_text, member, plain, point


def claim(claims, name):
    """By its exact name, then, if that begins with a slash, as a JSON Pointer; an object is a pointer only."""
    if isinstance(name, dict):
        value = point(claims, name["pointer"])
        return value if filled(value) is not None else MISSING
    value = member(claims, name)
    if value is MISSING and name.startswith("/"):
        value = point(claims, name)
    return value if filled(value) is not None else MISSING


def issuer(claims):
    value = claim(claims, "iss")
    return plain(value) if is_text(value) else None


def retained(settings):
    """The claims to keep, each once: which, whether as a pseudonym, and under which name."""
    entries = [(entry, False, entry) if isinstance(entry, str) else
               (named(entry, "name"), "as" in entry, entry.get("to") or written(named(entry, "name")))
               for entry in settings["retain"]]
    names = [target for _, _, target in entries]
    return [entry for at, entry in enumerate(entries) if entry[2] not in names[:at]]


def named(entry, key):
    """The claim that an object names: a name, or an object that is a pointer only."""
    return {"pointer": entry["pointer"]} if "pointer" in entry else entry[key]


def written(name):
    return name["pointer"] if isinstance(name, dict) else name


def listed(value):
    return [value] if isinstance(value, str) else value


# --- Whose claims, and what they have to be -------------------------------------------------------


def fits_issuer(pattern, value):
    """To the letter; a star is a part of one segment of the path."""
    if "*" not in pattern:
        return value == pattern
    expression = re.escape(pattern).replace(r"\*", "[A-Za-z0-9._~-]+")
    dots = any(segment in (".", "..") for segment in (value or "").split("/")[3:])
    return value is not None and re.fullmatch(expression, value) is not None and not dots


def is_as_required(require, claims):
    """Whether all claims are as they have to be; nobody has none of none."""
    if isinstance(require, dict):
        required = [(name, wanted) for name, wanted in require.items() if wanted is not None]
    else:
        required = [(named(entry, "claim"), entry["is"]) for entry in require]
    return bool(required) and all(is_one_of(claim(claims, name), wanted) for name, wanted in required)


def is_one_of(value, wanted):
    return any(is_so(value, one) for one in (wanted if isinstance(wanted, list) else [wanted]))


def is_so(value, wanted):
    if isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, (int, float)):
        return isinstance(value, Num) and Fraction(value) == Fraction(str(wanted))
    return is_text(value) and glob_matches(wanted, plain(value))


def is_trusted(trusted, claims):
    """Whether one of the entries is about these claims, and they are as it requires. Of what was not verified
    none is."""
    if not getattr(claims, "is_verified", True):
        return False
    for entry in trusted:
        entry = {"issuer": entry} if isinstance(entry, str) else entry
        value = issuer(claims)
        if value is None or not any(fits_issuer(pattern, value) for pattern in listed(entry["issuer"])):
            continue
        if entry.get("require") is None or is_as_required(entry["require"], claims):
            return True
    return False


def is_blank(text):
    """White space alone, of any kind that Unicode knows, or nothing."""
    return re.fullmatch("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*", text) is not None


def imitates_actor(text):
    """The form of an actor that the vendor has identified, `source::id`."""
    return re.match(r"[A-Za-z0-9_.-]+::", text.strip(" ")) is not None


def folded(text):
    """Without the difference between capital and small letters, where these are one character each, and between
    normal forms."""
    def fold(character):
        upper = character if len(character.upper()) != 1 or character == "ı" else character.upper()
        return upper.lower() if len(upper.lower()) == 1 else character

    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", "".join(map(fold, composed)))


def pseudonym(text, secret):
    return "hmac-sha256:" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


# --- Globs and templates --------------------------------------------------------------------------


def glob_matches(glob, text):
    pieces = re.findall(r"\\.|.", glob, re.DOTALL)
    wild = {"*": ".*", "?": "."}
    literal = lambda piece: piece[1:] if len(piece) == 2 else piece
    expression = "".join(wild.get(piece) or re.escape(literal(piece)) for piece in pieces)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def is_pointer(candidate):
    return isinstance(candidate, dict) and set(candidate) == {"pointer"}


def has_braces(text):
    return "{" in text or "}" in text


def pieces(text):
    """(is it in braces, text), texts joined."""
    found = []
    for piece in re.findall(r"\{\{|\}\}|\{[^}]+\}|[^{}]+", text):
        if piece.startswith("{") and piece != "{{":
            found.append((True, piece[1:-1]))
            continue
        literal = piece[0] if piece in ("{{", "}}") else piece
        if found and not found[-1][0]:
            literal = found.pop()[1] + literal
        found.append((False, literal))
    return found


# --- Filters --------------------------------------------------------------------------------------


def decode(text):
    encoded = plain(text).encode()
    decoded = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), encoded)
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return text


def strip_ids(text):
    """Without the numbers behind an owner and a repository: behind the first name for these, or at the beginning."""
    keys = "|".join(["repo", "repository", "repository_owner", "job_workflow_ref", "workflow_ref"])
    named = re.search(rf"(?:\A|(?<=:))(?:{keys}):", text)
    if named:
        start = named.end()
    elif ":" not in text or "/" in text[:text.index(":")]:
        start = 0
    else:
        return text
    owner = re.compile(r"[^/:]*").match(text, start).end()
    repository = owner
    if text[owner:owner + 1] == "/":
        repository = re.compile(r"[^/:]*").match(text, owner + 1).end()
    number = r"@[0-9]+\Z"
    middle = re.sub(number, "", text[start:owner])
    if repository > owner:
        middle += "/" + re.sub(number, "", text[owner + 1:repository])
    return text[:start] + middle + text[repository:]


def apply_filter(written, text):
    name, _, argument = written.partition(":")
    before, found, after = text.partition(argument) if argument else (text, "", "")
    return {
        # Each character for itself: what stands beside it does not count.
        "lower": lambda: "".join(character.lower() for character in text),
        "normalize": lambda: unicodedata.normalize("NFC", text),
        "decode": lambda: decode(text),
        "strip_ids": lambda: strip_ids(text),
        "before": lambda: before,
        "after": lambda: after if found else text,
        "after_last": lambda: text.rpartition(argument)[2],
        "strip_prefix": lambda: text.removeprefix(argument),
        "default": lambda: text or argument,
    }[name]()


# --- Patterns -------------------------------------------------------------------------------------


def take_apart(pattern, text):
    """The parts by name; None if the pattern does not fit.

    A part has at least one character, and no colon unless its name ends in `*`. It ends where the
    text behind it first stands; the last one ends where that text ends the value.
    """
    parsed = pieces(pattern)
    if not parsed[0][0]:
        beginning = parsed.pop(0)[1]
        if not text.startswith(beginning):
            return None
        text = text[len(beginning):]
    parts = {}
    while parsed:
        name = parsed.pop(0)[1]
        following = parsed.pop(0)[1] if parsed else ""
        if parsed:
            end = text.find(following, 1)
        else:
            end = len(text) - len(following) if text.endswith(following) else -1
        if end < 1 or (":" in text[:end] and not name.endswith("*")):
            return None
        parts[name.removesuffix("*")] = text[:end]
        text = text[end + len(following):]
    return parts


# --- Policies -------------------------------------------------------------------------------------


@dataclass
class Occasion:
    """What policies ask of an event beside the token."""

    key: str | None
    key_name: str | None
    account: str | None


@dataclass
class Shown:
    """What claims would show; two tokens show the same if `text`, not cleaned, is the same, and so is how claims
    in it are written that hold what UTF-8 cannot say."""

    text: str | None = None
    origin: str | None = None
    rank: tuple = ()
    flags: set = field(default_factory=set)
    place: int | None = None
    written: tuple = ()

    @property
    def told_by(self):
        return self.text, self.written


class Display:
    """The policies of a definition. `seen` counts what came up."""

    def __init__(self, settings, seen, secret=""):
        self.secret = secret
        self.policies = [{name: value for name, value in policy.items() if value is not None}
                         for policy in settings["policies"]]
        self.trusted = settings["trusted_issuers"]
        self.seen = seen

    def fits(self, policy, claims, occasion):
        if any(policy.get(name) == [] for name in ("issuer", "key", "account")):
            self.seen["condition that is empty"] += 1
            return False
        if not self.fits_claims(policy, claims):
            return False
        if "key" in policy:
            names = [] if occasion.key is None else [occasion.key, occasion.key_name]
            known = [name for name in names if name is not None]
            hits = [name for name in known for glob in listed(policy["key"]) if glob_matches(glob, name)]
            if not hits:
                return False
            self.seen["policy by key " + ("id" if occasion.key in hits else "name")] += 1
        if "account" in policy:
            if occasion.account is None:
                self.seen["policy by account without one"] += 1
                return False
            if not any(glob_matches(glob, occasion.account) for glob in listed(policy["account"])):
                return False
            self.seen["policy by account"] += 1
        return True

    def fits_claims(self, policy, claims):
        """What the token alone decides."""
        value = issuer(claims)
        if "issuer" in policy and not any(fits_issuer(pattern, value) for pattern in listed(policy["issuer"])):
            return False
        if "require" in policy and not is_as_required(policy["require"], claims):
            self.seen["claims that are not as required"] += 1
            return False
        return True

    def shown(self, claims, occasion):
        if claims is None:
            return Shown()
        place = next((place for place, policy in enumerate(self.policies)
                      if self.fits(policy, claims, occasion)), None)
        policy = {"show": []} if place is None else self.policies[place]
        if "issuer" in policy:
            is_literal = issuer(claims) in listed(policy["issuer"])
            self.seen["policy by issuer" if is_literal else "policy by a pattern of issuers"] += 1
        if "require" in policy:
            self.seen["policy that requires claims"] += 1
        if "trusted_issuers" in policy:
            self.seen["policy with its own trusted issuers"] += 1
        shown = self.shown_under(policy, place, claims)
        shown.place = place
        return shown

    def shown_under(self, policy, place, claims):
        trusted = policy.get("trusted_issuers", self.trusted)
        if trusted is not None and not is_trusted(trusted, claims):
            return Shown(flags={"untrusted_issuer"})
        if trusted is not None and is_trusted([entry for entry in trusted if not isinstance(entry, str)], claims):
            self.seen["trusted by what claims are"] += 1
        for number, candidate in enumerate(policy["show"]):
            text = self.text(candidate, claims)
            if text is None:
                continue
            is_taken_apart = not isinstance(candidate, str) and "pattern" in candidate
            shown = candidate if isinstance(candidate, str) else candidate[
                "show" if is_taken_apart else "pointer" if "pointer" in candidate else "claim"]
            is_claim = is_pointer(candidate) or not has_braces(shown) and not is_taken_apart
            flags = {"imitates_actor"} if imitates_actor(text) else set()
            origin = ("claim:" if is_claim else "template:") + shown
            inexact = self.inexact(candidate, claims) if "\ufffd" in text else []
            return Shown(text, origin, (place, number), flags, written=tuple(value.raw for value in inexact))
        return Shown()

    def inexact(self, candidate, claims):
        """The claims of a candidate that hold what UTF-8 cannot say."""
        values = [claim(claims, name) for name in self.names(candidate)]
        return [value for value in values if value is not MISSING and not is_exact(value)]

    def names(self, candidate):
        if is_pointer(candidate):
            return [candidate]
        if not isinstance(candidate, str):
            if "as" in candidate:
                return self.names(candidate["claim"])
            parts = [text.removesuffix("*") for is_part, text in pieces(candidate["pattern"]) if is_part]
            inside = [name for name in self.braces(candidate["show"]) if name not in parts]
            return [named(candidate, "claim"), *inside]
        return self.braces(candidate) if has_braces(candidate) else [candidate]

    def braces(self, template):
        names = [text.split("|")[0] for is_name, text in pieces(template) if is_name]
        return [{"pointer": name.removeprefix("pointer:")} if name.startswith("pointer:") else name for name in names]

    def in_any_event(self, claims, key):
        """What the claims of a token of `key` show under each policy that an event could ask for."""
        if claims is None:
            return []
        shown, seen = [self.trusted is not None and not is_trusted(self.trusted, claims)], self.seen
        self.seen = Counter()
        for place, policy in enumerate(self.policies):
            if not self.fits_claims(policy, claims):
                continue
            is_by_name = "key" in policy and not any(
                glob_matches(glob, key) for glob in listed(policy["key"]))
            found = self.shown_under(policy, place, claims)
            shown.append((place, is_by_name, found.text, found.rank, sorted(found.flags), found.written))
            if not is_by_name and "account" not in policy:
                break
        self.seen = seen
        return shown

    def texts_in_any_event(self, claims, key):
        found = (each[2] for each in self.in_any_event(claims, key) if isinstance(each, tuple))
        return [text for text in found if text is not None]

    def text(self, candidate, claims):
        """What a candidate comes to; None if it is missing."""
        if not isinstance(candidate, str) and "as" in candidate:
            if self.inexact(candidate, claims):
                return None
            text = self.text(candidate["claim"], claims)
            self.seen["a pseudonym shown"] += text is not None
            return None if text is None else pseudonym(text, self.secret)
        parts, template = {}, candidate
        if is_pointer(candidate):
            return filled(claim(claims, candidate))
        if not isinstance(candidate, str):
            value = filled(claim(claims, named(candidate, "claim")))
            parts = None if value is None else take_apart(candidate["pattern"], value)
            if parts is None:
                self.seen["pattern that does not fit"] += 1
                return None
            self.seen["pattern that fits"] += 1
            template = candidate["show"]
        elif not has_braces(candidate):
            return self.unless_blank(filled(claim(claims, candidate)))
        text = ""
        for is_in_braces, piece in pieces(template):
            value = self.filtered(piece, parts, claims) if is_in_braces else piece
            if value is None:
                return None
            text += value
        return text

    def filtered(self, piece, parts, claims):
        name, *filters = piece.split("|")
        if name in parts:
            value = parts[name]
        elif name.startswith("pointer:"):
            value = filled(claim(claims, {"pointer": name.removeprefix("pointer:")}))
        else:
            value = filled(claim(claims, name))
        value = value or ""  # Of nothing filters leave nothing, up to a default.
        is_missing = not value
        for written in filters:
            before, value = value, apply_filter(written, value)
            if before != value:
                self.seen["filter " + written.partition(":")[0]] += 1
        if not value and not is_missing:
            self.seen["filters that leave nothing"] += 1
        return self.unless_blank(value)

    def unless_blank(self, value):
        """White space alone counts as missing."""
        if value is None or not is_blank(value):
            return value
        self.seen["white space alone"] += value != ""
        return None
