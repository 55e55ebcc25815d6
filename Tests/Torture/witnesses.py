"""The witness of an archive: what somebody who may write there does to it, and what its files say then."""
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from merkle import sha256

NAME = re.compile(r"\d{12}\.json")
LONGEST = 4096


class Told(NamedTuple):
    """What the files of a witness say."""
    # Commits whose files are as they were made.
    fitting: set[int]
    # Some file is none of this archive: a run refuses.
    is_contradiction: bool
    # Some file has the right head, and no signature that fits.
    is_badly_signed: bool
    # Of some file only the tool can say.
    is_unclear: bool


def beginning(number: int, head: str) -> bytes:
    return f'{{"version":1,"sequence":{number},"head":"{head}","time":"'.encode()


def told(folder: Path, made: dict[int, bytes], is_signed: bool) -> Told:
    """What the files in `folder` say of an archive whose witness was `made`, by the numbers of its commits."""
    fitting: set[int] = set()
    contradiction = badly_signed = unclear = False
    for name in os.listdir(folder) if folder.is_dir() else []:
        if not NAME.fullmatch(name) or not int(name[:12]):
            continue
        path, number = folder / name, int(name[:12])
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST or number not in made:
            contradiction = True
            continue
        data = path.read_bytes()
        if data == made[number]:
            fitting.add(number)
            continue
        head = json.loads(made[number])["head"]
        if not data.rstrip(b"\0").endswith(b"\n"):
            first, written = beginning(number, head), data.rstrip(b"\0")
            contradiction |= not (first.startswith(written) or written.startswith(first))
            continue
        same, found = json.loads(made[number]), None
        try:
            found = json.loads(data)
        except ValueError:
            pass
        if not isinstance(found, dict) or found.get("head") != head or found.get("sequence") != number:
            # Another head, or no record: but digits may be written in capitals, and whatever is beside them.
            unclear |= str(found and isinstance(found, dict) and found.get("head")).lower() == head
            contradiction |= not unclear
        elif {**found, "time": "", "signature": ""} == {**same, "time": "", "signature": ""}:
            # A time that is none makes it no record; with one that is, only a signature tells.
            unclear |= found["time"] != same["time"] and not is_signed
            unclear |= str(found["signature"]).lower() == str(same["signature"]).lower() != str(found["signature"])
            badly_signed |= is_signed
        else:
            unclear = True
    return Told(fitting, contradiction, badly_signed, unclear)


def kept(folder: Path) -> dict[int, bytes]:
    """The files of a witness, by the numbers of their commits."""
    return {int(path.stem): path.read_bytes() for path in folder.glob("*.json")}


class WitnessAttack:
    """What somebody does who may write to the witness."""

    def __init__(self, folder: Path, outside: Path, dice: random.Random) -> None:
        self.folder, self.outside, self.dice = folder, outside, dice

    def once(self) -> str | None:
        """Does one thing, and says what; None if it could not."""
        if not self.folder.is_dir():
            return None
        return self.dice.choice([self.plant, self.cut, self.flip, self.remove, self.swap, self.forge, self.special, self.link,
                                 self.whole])()

    def file(self) -> Path | None:
        files = sorted(path for path in self.folder.iterdir() if path.is_file() and not path.is_symlink())
        return self.dice.choice(files) if files else None

    def plant(self) -> str | None:
        name = self.dice.choice(["000000000001.json", "000000000002.json", "000000000099.json", "999999999999.json",
                                 "000000000000.json", "notes", "a\nb", "0.json", "..x", "000000000003.json.old"])
        original = self.file()
        data = original.read_bytes() if original and self.dice.random() < 0.6 else self.dice.randbytes(40)
        path = self.folder / name
        if path.exists() or path.is_symlink():
            return None
        path.write_bytes(data)
        return f"witness: plant {name!r}"

    def cut(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        size = path.stat().st_size
        length = self.dice.choice([0, 1, self.dice.randrange(size + 1), size + 9, 1 << 40])
        os.truncate(path, length)
        return f"witness: cut {path.name} to {length}"

    def flip(self) -> str | None:
        path = self.file()
        if path is None or not 0 < path.stat().st_size <= LONGEST:
            return None
        data = bytearray(path.read_bytes())
        data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
        path.write_bytes(data)
        return f"witness: flip {path.name}"

    def remove(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        path.unlink()
        return f"witness: remove {path.name}"

    def swap(self) -> str | None:
        one, other = self.file(), self.file()
        if one is None or other is None or one == other:
            return None
        aside = self.folder / "aside"
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        return f"witness: swap {one.name} and {other.name}"

    def forge(self) -> str | None:
        """Another head in the form of a record; with the key, or without a signature that fits."""
        path = self.file()
        if path is None or path.stat().st_size > LONGEST:
            return None
        try:
            record = json.loads(path.read_bytes())
            head = sha256(self.dice.randbytes(8)) if self.dice.random() < 0.7 else record["head"]
            record |= {"head": head}
            if record["signing_key"] and self.dice.random() < 0.5:
                record["signature"] = self.signature(record)
            elif self.dice.random() < 0.5:
                record |= {"signing_key": None, "signature": None}
        except (ValueError, KeyError, TypeError):
            return None
        path.write_bytes(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        return f"witness: forge {path.name}"

    def signature(self, record: dict[str, object]) -> str:
        message = self.folder.parent / "message"
        message.write_text(f"trailmill: witness of commit {record['sequence']}: head {record['head']}: {record['time']}\n")
        signed = subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(self.folder.parent / "key.pem"), "-in", str(message)],
            capture_output=True, check=False)
        return signed.stdout.hex()

    def special(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        path.unlink()
        if self.dice.random() < 0.5:
            os.mkfifo(path)
        else:
            path.mkdir()
        return f"witness: special {path.name}"

    def link(self) -> str | None:
        path = self.file()
        if path is None:
            return None
        to = self.dice.choice([str(self.outside / "precious"), str(self.outside / "nothing"), "/dev/zero", str(path)])
        if self.dice.random() < 0.3:
            # A file that looks as if a crash had left it, and lies elsewhere.
            aside = self.folder.parent / "genuine"
            path.rename(aside)
            to = str(aside)
        else:
            path.unlink()
        os.symlink(to, path)
        return f"witness: link {path.name} -> {to}"

    def whole(self) -> str | None:
        kind = self.dice.randrange(4)
        shutil.rmtree(self.folder)
        if kind == 0:
            self.folder.mkdir()
        elif kind == 1:
            self.folder.write_text("no folder\n")
        elif kind == 2:
            os.mkfifo(self.folder)
        return f"witness: {['emptied', 'a file', 'a pipe', 'gone'][kind]}"
