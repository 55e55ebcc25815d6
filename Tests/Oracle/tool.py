"""Runs the tool over a world in the current directory."""
import json
import os
import subprocess
import sys

SECRET = "pseudonyms-of-the-tests"


def save(name, text):
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def save_world(draft):
    if draft.keys is not None:
        as_array = len(draft.keys) % 2 == 0
        save("keys", "[" + ",\n".join(draft.keys) + "]" if as_array else "\n".join(draft.keys) + "\n")
    if draft.tokens is not None:
        save("claims.ndjson", "\n".join(draft.tokens) + "\n")
    save("world.json5", draft.definition())


def run_again(binary, lines):
    """What the tool writes for its own output under `world.json5`, which is told that it is that."""
    with open("world.json5", encoding="utf-8") as file:
        world = json.load(file)
    world["input"]["own"] = True
    save("again.json5", json.dumps(world, ensure_ascii=False))
    return run(binary, lines, definition="again.json5")


def run(binary, lines, *options, definition="world.json5"):
    """What the tool writes for these events under a definition."""
    arguments = [binary, "run", definition, "-", "--summary", "none", *options]
    done = subprocess.run(
        arguments, input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"PSEUDONYMS": SECRET})
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout.split("\n")[:-1]
