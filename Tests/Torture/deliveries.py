"""Deliveries as a webhook endpoint stores them, and the definition that archives them."""
import gzip
import hashlib
import hmac
import json
import random
from pathlib import Path

from harness import SECRET

KEYS = [{"id": f"01KEY{number}", "name": f"key-{number}", "type": "api", "scopes": ["a", "b"][:number]}
        for number in range(3)]

DEFINITION = """{
  version: 1,
  input: { envelope: "auto", dialect: "spacelift", tail: "wait" },
  stages: [
    { stage: "verify_signature", secrets: [{ env: "AUDIT_WEBHOOK_SECRET" }], unsigned: "quarantine" },
    { stage: "deduplicate" },
    { stage: "resolve_keys", directory: "keys.json", detail: "reference" },
    { stage: "display_actor", policies: [{ show: ["email"] }], fallback: ["key_name", "actor"] },
    { stage: "flag_signals" },
  ],
  output: { archive: "archive", layout: "LAYOUT" },
  limits: { unreadable: null, refused: null },
}
"""

DAY = 86_400
EPOCH = 1_767_225_600  # 2026-01-01


def save_definition(folder: Path, layout: str = "hive") -> None:
    definition = DEFINITION.replace("LAYOUT", layout)
    (folder / "nightly.json5").write_text(definition)
    # Turns nothing away that is a record: with it `retry` empties most of the quarantine.
    lines = definition.splitlines(keepends=True)
    (folder / "mended.json5").write_text("".join(line for line in lines if "verify_signature" not in line))
    (folder / "keys.json").write_text(json.dumps(KEYS))


def event(number: int, time: int, account: str = "example", actor: str | None = None) -> bytes:
    """The body of an event that is like no other one."""
    actor = actor or f"api::{KEYS[number % 3]['id']}"
    return json.dumps({"account": account, "action": "stack.update", "actor": actor, "data": {"ID": f"n{number}"},
                       "timestamp": time * 1000 + number % 1000}, separators=(",", ":")).encode()


def deliver(body: bytes, received: int = 0, secret: str = SECRET) -> bytes:
    """A line as the endpoint writes it."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    envelope = {"headers": {"X-Signature-256": f"sha256={signature}"}, "body": body.decode(), "received_at": received}
    return json.dumps(envelope, separators=(",", ":")).encode() + b"\n"


def save(path: Path, lines: list[bytes]) -> None:
    """Writes a file, as gzip if its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(b"".join(lines), mtime=0) if path.suffix == ".gz" else b"".join(lines))


def two_nights(folder: Path, seed: int = 1) -> None:
    """`one`, `two` and `late`: several partitions each, deliveries that came twice, forgeries, an incomplete line."""
    dice = random.Random(seed)
    save_definition(folder)
    save(folder / "nothing.ndjson", [])
    first = [event(n, EPOCH + dice.randrange(3) * 3600, dice.choice(["example", "globex"])) for n in range(24)]
    second = [event(n, EPOCH + DAY + dice.randrange(2) * 3600, dice.choice(["example", "globex"]),
                    "jane@example.com" if n % 4 == 0 else None) for n in range(100, 124)]
    save(folder / "one" / "a.ndjson", [deliver(body) for body in first])
    save(folder / "one" / "b.ndjson.gz", [deliver(body, 5) for body in first[:4]] + [deliver(first[0], secret="no")])
    save(folder / "two" / "a.ndjson", [deliver(body) for body in second[:16]] + [deliver(second[16])[:-20]])
    # What comes late lies in the folders of both nights.
    late = [event(n, EPOCH + n % 2 * DAY + dice.randrange(2) * 3600, dice.choice(["example", "globex"]))
            for n in range(200, 216)]
    save(folder / "late" / "a.ndjson", [deliver(body) for body in late])
    save(folder / "two" / "b.ndjson.gz", [
        *(deliver(body) for body in second[12:]), deliver(second[0], secret="forged"), b"no JSON\n",
        deliver(first[3], 9)])
