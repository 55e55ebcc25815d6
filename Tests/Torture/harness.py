"""What all tortures share: the tool, the shim before it, trees of files, and what a test found."""
import argparse
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Oracle"))

SECRET = "torture-secret"
TIMEOUT = 120
OWN = "_trailmill"

# What changes a disk. A program that calls one of these that the shim does not know would do so unseen.
CHANGING = set(
    "creat creat64 open open64 openat openat64 write pwrite pwrite64 writev pwritev pwritev2 ftruncate "
    "ftruncate64 truncate truncate64 fallocate posix_fallocate copy_file_range sendfile splice fsync fdatasync "
    "syncfs sync sync_file_range msync rename renameat renameat2 unlink unlinkat remove rmdir mkdir mkdirat link "
    "linkat symlink symlinkat mkstemp mkostemp mkdtemp tmpfile".split())


class Done(NamedTuple):
    """How a process ended: its exit code as a shell tells it, and what it said."""
    code: int
    stdout: str
    stderr: str

    @property
    def was_killed(self) -> bool:
        return self.code == 128 + signal.SIGKILL

    def has_message(self) -> bool:
        """Whether it said what was wrong, in the form of its messages."""
        return any(line.startswith("trailmill: ") for line in self.stderr.splitlines())


class Call(NamedTuple):
    """A line of the shim's log: a result below zero is an error number."""
    number: int
    name: str
    result: int | None
    path: str
    to: str

    @property
    def is_done(self) -> bool:
        return self.result is not None and self.result >= 0


class Tool:
    """The binary that is tortured."""

    def __init__(self, binary: str, shim: str | None = None) -> None:
        self.binary = str(Path(binary).resolve())
        self.shim = shim
        self.help = self.run(["help"]).stdout
        self.commands = set(re.findall(r"^  ([a-z]+)", self.help, re.MULTILINE))

    def knows(self, *commands: str) -> bool:
        return self.commands.issuperset(commands)

    def knows_option(self, command: str, option: str) -> bool:
        return option in self.run(["help", command]).stdout

    def environment(self, faults: dict[str, str] | None) -> dict[str, str]:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("FAULTS_")}
        variables["AUDIT_WEBHOOK_SECRET"] = SECRET
        if faults is not None and self.shim is not None:
            variables |= faults | {"LD_PRELOAD": self.shim}
        return variables

    def start(self, words: Sequence[str], folder: Path | str = ".", faults: dict[str, str] | None = None,
              prefix: Sequence[str] = (), **streams: int) -> subprocess.Popen[str]:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        return subprocess.Popen([*prefix, self.binary, *words], cwd=folder, env=self.environment(faults),
                                encoding="utf-8", errors="replace", **options)

    def run(self, words: Sequence[str], folder: Path | str = ".", faults: dict[str, str] | None = None,
            prefix: Sequence[str] = (), stdin: str | None = None) -> Done:
        streams = {} if stdin is None else {"stdin": subprocess.PIPE}
        return finish(self.start(words, folder, faults, prefix, **streams), stdin)

    def trace(self, words: Sequence[str], folder: Path, reads: bool = False) -> tuple[Done, list[Call]]:
        """An undisturbed run, and every call that it made below `folder`."""
        log = folder.with_name(folder.name + ".trace")
        log.unlink(missing_ok=True)
        done = self.run(words, folder, faults(folder, reads=reads, log=log))
        return done, read_log(log)


def finish(process: "subprocess.Popen[str]", stdin: str | None = None) -> Done:
    try:
        out, err = process.communicate(stdin, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err = (err or "") + f"\nhad to be killed after {TIMEOUT} s"
    code = process.returncode
    return Done(128 - code if code < 0 else code, out or "", err or "")


def faults(root: Path, at: int = 0, do: str = "", sticky: bool = False, reads: bool = False,
           log: Path | None = None) -> dict[str, str]:
    """The environment for the shim."""
    variables = {"FAULTS_ROOT": str(root), "FAULTS_AT": str(at), "FAULTS_DO": do,
                 "FAULTS_STICKY": "01"[sticky], "FAULTS_READS": "01"[reads]}
    return variables if log is None else variables | {"FAULTS_LOG": str(log)}


def read_log(log: Path) -> list[Call]:
    calls = []
    for line in log.read_text().splitlines() if log.exists() else []:
        number, name, result, rest = line.split(" ", 3)
        path, _, to = rest.partition(" -> ")
        calls.append(Call(int(number), name, None if result == "killed" else int(result), path, to))
    return calls


def build_shim(folder: Path) -> str | None:
    """Compiles the shim; None, with a message, where that cannot be."""
    library = folder / "faults.so"
    compiler = next((name for name in ("cc", "clang", "gcc") if shutil.which(name)), None)
    if not sys.platform.startswith("linux") or compiler is None:
        print("skipped: the shim needs Linux and a C compiler", file=sys.stderr)
        return None
    command = [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-o", str(library), str(HERE / "faults.c"), "-ldl",
               "-lpthread"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        print(f"skipped: the shim cannot be built here:\n{done.stderr}", file=sys.stderr)
        return None
    return str(library)


def unseen_calls(binary: str) -> list[str]:
    """Functions by which the program could change the disk behind the shim's back."""
    if shutil.which("nm") is None:
        return []
    listed = subprocess.run(["nm", "-D", "--undefined-only", binary], capture_output=True, encoding="utf-8",
                            check=False).stdout
    used = set(re.findall(r" U (\w+)", listed)) & CHANGING
    source = (HERE / "faults.c").read_text()
    return sorted(name for name in used if not re.search(rf"\b{name}\(|ON_\w+\({name},", source))


# --- Trees ----------------------------------------------------------------------------------------

Tree = dict[str, tuple[int, bytes | None]]


def tree(folder: Path) -> Tree:
    """Every file below a folder with its mode and bytes; folders have none."""
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        data = None if path.is_dir() else path.read_bytes()
        found[str(path.relative_to(folder))] = stat.S_IMODE(path.stat().st_mode), data
    return found


def is_header(path: str) -> bool:
    return path.startswith(f"{OWN}/manifests/") and path.endswith(".json")


def without_clock(found: Tree) -> Tree:
    """The tree with the clock of its last header masked: nothing else may differ between equal runs."""
    last = max((path for path in found if is_header(path)), default=None)
    if last is None:
        return found
    mode, data = found[last]
    masked = re.sub(rb'"clock":\{[^}]*\}', b'"clock":{}', data or b"")
    # A signature is over the clock, too.
    signature = last.removesuffix(".json") + ".sig"
    signed = {signature: (found[signature][0], b"signed")} if signature in found else {}
    return found | {last: (mode, masked)} | signed


def superseded_by(found: Tree) -> set[str]:
    """Files that committed rows take out because a newer one stands for them."""
    texts = [data or b"" for path, (_, data) in found.items()
             if path.startswith(f"{OWN}/manifests/") and path.endswith(".ndjson")
             and path.removesuffix(".ndjson") + ".json" in found]
    rows = [json.loads(line) for text in texts for line in text.splitlines() if b'"reason":"superseded"' in line]
    return {row["path"] for row in rows if row["kind"] == "retired"}


def visible(found: Tree) -> Tree:
    """What readers and the next run see: without the lock, and what is only staged. Rows whose header is
    missing are of a run that did not commit; the folders that wait for content say nothing. What only runs
    read, and a newer file stands for, goes at the next start."""
    shown = {}
    superseded = superseded_by(found)
    for path, entry in found.items():
        is_orphan = path.startswith(f"{OWN}/manifests/") and path.endswith(".ndjson") and (
            path.removesuffix(".ndjson") + ".json" not in found)
        is_waiting = path in (OWN, f"{OWN}/manifests", f"{OWN}/staging", f"{OWN}/lock")
        if not (is_orphan or is_waiting or path in superseded or path.startswith(f"{OWN}/staging/")):
            shown[path] = entry
    return shown


def differences(found: Tree, expected: Tree) -> list[str]:
    told = [f"missing {path}" for path in expected if path not in found]
    told += [f"there is also {path}" for path in found if path not in expected]
    for path, entry in expected.items():
        if path in found and found[path] != entry:
            (mode, data), (wanted, bytes_) = found[path], entry
            what = f"mode {mode:o} instead of {wanted:o}" if mode != wanted else "other bytes"
            told.append(f"{path}: {what} ({digest(data)}, expected {digest(bytes_)})")
    return told


def digest(data: bytes | None) -> str:
    return "a folder" if data is None else f"{len(data)} bytes, {hashlib.sha256(data).hexdigest()[:8]}"


def staged(archive: Path) -> list[str]:
    folder = archive / OWN / "staging"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def headers(archive: Path) -> list[Path]:
    return sorted((archive / OWN / "manifests").glob("*.json"))


# --- Saying what was found ------------------------------------------------------------------------

def take_steps(name: str, default: int, made: Callable[[Tool, Path], tuple[Any, ...]],
               one_step: Callable[[Any], tuple[Counter[str], list[str]]]) -> None:
    """Takes steps, each with a seed of its own, on as many processes as there are processors, and reports. A step
    gets the tool, what was `made` for all of them, a folder, and its seed; it gives numbers and problems."""
    options = argparse.ArgumentParser()
    options.add_argument("binary")
    options.add_argument("--steps", type=int, default=default)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--only", type=int, help="the step with this seed alone")
    chosen = options.parse_args()
    tool = Tool(chosen.binary)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=memory))
    numbers: Counter[str] = Counter()
    problems: list[str] = []
    try:
        things = made(tool, folder)
        seeds = [chosen.only] if chosen.only else range(chosen.seed, chosen.seed + chosen.steps)
        with multiprocessing.Pool(chosen.jobs) as pool:
            jobs = ((tool, *things, folder, seed) for seed in seeds)
            for counted, found in pool.imap_unordered(one_step, jobs, chunksize=10):
                numbers += counted
                problems += found
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=False)
    report(name, dict(sorted(numbers.items())), problems)


def report(name: str, numbers: dict[str, object], problems: Iterable[str], limit: int = 20) -> None:
    """One line of JSON, what is wrong before it, and the end of the process. Of problems that are alike
    but for names and numbers one is shown."""
    alike: dict[str, list[str]] = {}
    for problem in problems:
        shape = re.sub(r"\(\w+ [^)]*\)|[^ ]*/[^ ]*|\d+", "", problem)
        alike.setdefault(shape, []).append(problem)
    for found in list(alike.values())[:limit]:
        print(f"{name}: {found[0]}" + (f" (and {len(found) - 1} like this)" if len(found) > 1 else ""))
    if len(alike) > limit:
        print(f"{name}: and {len(alike) - limit} of other kinds")
    count = sum(map(len, alike.values()))
    print(json.dumps({"torture": name} | numbers | {"problems": count}), flush=True)
    sys.exit(1 if count else 0)
