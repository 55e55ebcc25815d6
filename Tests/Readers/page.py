"""Runs docs/readers.md: its commands, and what it says a person writes for each program."""
import os
import re
import shutil
import subprocess
import traceback


def blocks(text):
    """The fenced blocks of a page: what stands behind the fence, the lines, and where they begin."""
    for match in re.finditer(r"^```([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield match[1].strip(), match[2], match.start(2)


def prepare(trial, root, text):
    """A folder with what the page begins with, in which its commands were run."""
    folder = trial.mill.path("page")
    for path in re.findall(r"`([^`]+)`", re.search(r"This page begins with ([^.]*(?:\.[^ \n][^.]*)*)\.\s", text)[1]):
        source, target = os.path.join(root, path), os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)
    tools = trial.mill.path("tools")
    os.makedirs(tools)
    os.symlink(trial.mill.binary, os.path.join(tools, "trailmill"))
    commands = []
    for info, body, _ in blocks(text):
        if info == "console":
            commands += [line[2:] for line in body.split("\n") if line.startswith(("$ ", "> "))]
    environment = {"PATH": tools + ":" + os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        ["bash", "--norc", "-c", "\n".join(commands)], cwd=folder, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    return folder


def run(trial, root):
    """With TRAILMILL_POPULATE=1 what the programs print is written into the page."""
    path = os.path.join(root, "docs", "readers.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    folder = prepare(trial, root, text)
    programs = {program.name: program for program in trial.programs}
    found = list(blocks(text))
    renewed, at = "", 0
    here = os.getcwd()
    os.chdir(folder)
    try:
        for (info, body, _), (following, expected, start) in zip(found, found[1:] + [("", "", 0)]):
            words = info.split()
            if len(words) != 2 or words[0] == "text" or words[1] not in programs:
                continue
            program = programs[words[1]]
            trial.asked += 1
            try:
                program.open(trial.mill.schema(os.path.join(folder, "out", "nightly"), program.name))
                printed = program.run(body.rstrip().rstrip(";"))
                if following != "text " + words[1]:
                    trial.fail("docs/readers.md", program, f"what this prints is not on the page: {body}")
                elif printed.rstrip() != expected.rstrip():
                    trial.fail("docs/readers.md", program, f"prints\n{printed}\nbut the page says\n{expected}")
                renewed += text[at:start] + printed.rstrip() + "\n"
                at = start + len(expected)
            except Exception:
                trial.fail("docs/readers.md", program, traceback.format_exc(limit=-2))
    finally:
        os.chdir(here)
    if os.environ.get("TRAILMILL_POPULATE") == "1":
        with open(path, "w", encoding="utf-8") as file:
            file.write(renewed + text[at:])
