"""Others compact an archive, and remove at once what they took out, while a command reads it.

    meanwhile.py TRAILMILL

Each command that reads events gets a shim (meanwhile.c) that has this done when it opens its first part: what it read
in the manifests is no longer there then. It has to say what it says of the archive as it is now.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import HERE, report

COMMANDS = {
    "search": ["search", "archive"],
    "search verified": ["search", "archive", "--verified", "--reverse"],
    "search table": ["search", "archive", "--format", "table", "--limit", "5"],
    "search without index": ["search", "archive", "--no-index", "--format", "csv"],
    "search count": ["search", "archive", "--count-by", "actor"],
    "trail": ["trail", "archive", "jane@example.com"],
    "report": ["report", "archive"],
    "report as a page": ["report", "archive", "--output", "page.html"],
    "prove": ["prove", "archive", "--where", "/data/n=7"],
    "schema": ["schema", "archive", "--for", "duckdb", "--location", "/a"],
    "claims learn": ["claims", "learn", "archive", "--dialect", "cloudtrail"],
    "keys learn": ["keys", "learn", "archive"],
    "verify": ["verify", "archive"],
    "verify signatures": ["verify", "archive", "--signatures", "--secret-env", "SECRET"],
    "files": ["files", "archive"],
    "log": ["log", "archive"],
}


def build(folder: Path) -> str | None:
    """Compiles the shim; None, with a message, where that cannot be."""
    compiler = next((name for name in ("cc", "clang", "gcc") if shutil.which(name)), None)
    if not sys.platform.startswith("linux") or compiler is None:
        print("skipped: the shim needs Linux and a C compiler", file=sys.stderr)
        return None
    library = folder / "meanwhile.so"
    done = subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(HERE / "meanwhile.c"), "-ldl"],
                          capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        print(f"skipped: the shim cannot be built here:\n{done.stderr}", file=sys.stderr)
        return None
    return str(library)


def make(binary: str, folder: Path) -> None:
    """An archive of several commits, whose parts can be compacted."""
    (folder / "d.json5").write_text(
        '{ version: 1, input: { dialect: "spacelift" }, stages: [{ stage: "flag_signals" }],'
        ' output: { archive: "archive", layout: "daily" } }')
    for run in range(3):
        events = [
            {"account": "example", "action": "account.login", "actor": "jane@example.com",
             "timestamp": 1795179606000 + number, "data": {"n": run * 10 + number, "id": f"t{run}{number}",
                                                           "claims": {"sub": "jane"}}}
            for number in range(10)]
        (folder / "log").write_text("".join(json.dumps(event) + "\n" for event in events))
        subprocess.run([binary, "run", "d.json5", "log", "--summary", "none"], cwd=folder, check=True)


def by_a_pipe(binary: str, folder: Path, shim: str, compact: str) -> list[str]:
    """What came by a pipe is gone: nothing is learned without it."""
    shutil.rmtree(folder / "archive")
    shutil.copytree(folder / "before", folder / "archive")
    done = subprocess.run(
        [binary, "keys", "learn", "-", "archive"], cwd=folder, capture_output=True, check=False, input=b"{}\n",
        env={**os.environ, "LD_PRELOAD": shim, "MEANWHILE_AT": "part-", "MEANWHILE_DO": compact})
    if done.returncode == 4 and b"run it again" in done.stderr and not done.stdout:
        return []
    return [f"keys learn with a pipe: {done.returncode}: {done.stderr.decode()[-400:]}{done.stdout.decode()[:300]}"]


def main() -> None:
    binary = os.path.realpath(sys.argv[1])
    problems: list[str] = []
    again = 0
    with tempfile.TemporaryDirectory(prefix="trailmill-meanwhile-") as name:
        folder = Path(name)
        shim = build(folder)
        if shim is None:
            return
        make(binary, folder)
        shutil.move(folder / "archive", folder / "before")
        compact = f"'{binary}' compact '{folder}/archive' --grace 0s > '{folder}/said' 2>&1"
        for title, words in COMMANDS.items():
            shutil.rmtree(folder / "archive", ignore_errors=True)
            shutil.copytree(folder / "before", folder / "archive")
            (folder / "said").unlink(missing_ok=True)
            environment = {**os.environ, "SECRET": "x", "LD_PRELOAD": shim, "MEANWHILE_AT": "part-", "MEANWHILE_DO": compact}
            found = subprocess.run([binary, *words], cwd=folder, env=environment, capture_output=True, check=False)
            was_changed = (folder / "said").exists()
            again += was_changed
            page = folder / "page.html"
            has_page = page.exists() and page.stat().st_size > 1000
            page.unlink(missing_ok=True)
            if not was_changed and title not in ("files", "log"):
                problems.append(f"{title}: it opened no part")
            if not was_changed:  # it opened no part
                subprocess.run(compact, shell=True, check=True)
            environment = {**os.environ, "SECRET": "x"}
            expected = subprocess.run([binary, *words], cwd=folder, env=environment, capture_output=True, check=False)
            if title in ("files", "log"):  # as it was when the manifests were read
                expected = subprocess.CompletedProcess(words, 0, found.stdout)
            if found.returncode != expected.returncode or found.stdout != expected.stdout:
                problems.append(f"{title}: {found.returncode}: {found.stderr.decode()[-400:]}"
                                f"{found.stdout.decode()[:300]} instead of {expected.stdout.decode()[:300]}")
            if "page.html" in words and not has_page:
                problems.append(f"{title}: no page")
        problems += by_a_pipe(binary, folder, shim, compact)
    report("meanwhile", {"commands": len(COMMANDS), "of them read again": again}, problems)


main()
