"""Which key an event was made with: a directory of keys and their versions, read slowly."""
import re

from values import FOREVER, MISSING, Obj, is_text, plain, point, scalar, table_time

ALWAYS, NEVER = float("-inf"), float("inf")


class Key:
    """A row of the directory."""

    def __init__(self, row):
        def get(*names):
            for name in names:
                value = point(row, name)
                if value is not MISSING and value is not None and value != "":
                    return value
            return MISSING

        def time(names, absent):
            value = get(*names)
            time = None if value is MISSING else table_time(value)
            return absent if time is None or time == FOREVER else time

        self.id = scalar(get("/id", "/key_id", "/node/id"))
        if "\ufffd" in self.id:  # Could be the id of several: no event can name it.
            self.id = "\udfff" + self.id
        self.valid_from = time(("/valid_from", "/validFrom"), ALWAYS)
        self.valid_to = time(("/valid_to", "/validTo"), NEVER)
        self.expires = time(("/expires_at", "/expiresAt", "/node/expiresAt"), NEVER)
        self.deleted = time(("/deleted_at", "/deletedAt"), NEVER)
        name = get("/name", "/token_name", "/node/name")
        self.name = None if name is MISSING or isinstance(name, list) else scalar(name)
        kind = get("/type", "/node/type")
        if is_text(kind) and re.fullmatch("[A-Z_]+", kind):
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
            shown.append((name, plain(value) if is_text(value) else value))
        return shown


def holds_secret(value):
    if isinstance(value, Obj):
        return any(plain(key).lower() == "secret" or holds_secret(inner) for key, inner in value)
    return isinstance(value, list) and any(holds_secret(inner) for inner in value)


def holding(keys, identity, time):
    """The version of a key that counts at a time: of several the one that begins last. None is no time: then only
    a version without any bound."""
    if time is None:
        versions = [key for key in keys if (key.valid_from, key.valid_to) == (ALWAYS, NEVER)]
    else:
        versions = [key for key in keys if key.valid_from <= time < key.valid_to]
    return max((key for key in versions if key.id == identity), key=lambda key: key.valid_from, default=None)


def find_key(keys, text, name, time):
    """The id and, if one holds, the version. A shortened id fits by what the key was called at that time."""
    ids = {key.id for key in keys}
    fitting = {text} & ids
    if not fitting and name:
        begin_so = {identity for identity in ids if identity.startswith(text)}
        versions = [holding(keys, identity, time) for identity in begin_so]
        fitting = {version.id for version in versions if version is not None and version.name == name}
    if len(fitting) != 1:
        return None, None
    (found,) = fitting
    return found, holding(keys, found, time)
