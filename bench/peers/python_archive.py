"""The archive job by hand: two processes, each takes half of the file; a line is looked into with
orjson (json where that is not installed) and passed on as it is, with two members put in before its
last brace. Usage: python_archive.py zlib|zlib-ng|zstd EVENTS TABLES OUTPUT
"""
import datetime
import json
import multiprocessing
import os
import sys

try:
    from orjson import dumps, loads
except ImportError:
    from json import loads

    def dumps(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def compressors(codec):
    """What makes compressors, of gzip at level 6 or of zstd at level 3, and how their files end."""
    if codec == "zstd":
        import zstandard
        # One for all partitions: a stream of its own holds a megabyte and more.
        made = zstandard.ZstdCompressor(level=3)
        return made.compressobj, "zst"
    if codec == "zlib-ng":
        from zlib_ng import zlib_ng as zlib
    else:
        import zlib
    return lambda: zlib.compressobj(6, zlib.DEFLATED, 31), "gz"


def load_tables(tables):
    keys, people = {}, {}
    with open(os.path.join(tables, "keys.json"), "rb") as file:
        for key in loads(file.read()):
            shown = {"id": key["id"], "name": key["name"], "owner": key["owner"]}
            keys[key["id"]] = (key["name"], b',"api_key":' + dumps(shown) + b"}\n")
    with open(os.path.join(tables, "claims.ndjson"), "rb") as file:
        for line in file:
            token = loads(line)
            people[token["jti"]] = token["claims"]["email"] or token["claims"]["sub"]
    return keys, people


class Partition:
    """One file: text is gathered until compressing it is worth a call."""

    def __init__(self, made, output, account, hour, worker):
        make, ending = made
        start = datetime.datetime.fromtimestamp(hour * 3600, datetime.timezone.utc)
        folder = f"{output}/acct={account}/dt={start:%Y-%m-%d}/hr={start:%H}"
        os.makedirs(folder, exist_ok=True)
        self.file = open(f"{folder}/part-{worker}.ndjson.{ending}", "wb")
        self.compressor = make()
        self.lines, self.size = [], 0

    def add(self, line):
        self.lines.append(line)
        self.size += len(line)
        if self.size > 1 << 16:
            self.flush()

    def flush(self):
        self.file.write(self.compressor.compress(b"".join(self.lines)))
        self.lines, self.size = [], 0

    def close(self):
        self.flush()
        self.file.write(self.compressor.flush())
        self.file.close()


def work(codec, events, tables, output, worker, start, end):
    made = compressors(codec)
    keys, people = load_tables(tables)
    unknown = (None, b',"api_key":null}\n')
    partitions = {}
    with open(events, "rb", buffering=1 << 20) as file:
        file.seek(max(start - 1, 0))
        if start:
            file.readline()
        at = file.tell()
        for line in file:
            if at >= end:
                break
            at += len(line)
            event = loads(line)
            actor = event["actor"]
            name, rest = keys.get(actor[5:], unknown) if actor.startswith("api::") else unknown
            shown = people.get(event["context"].get("tokenId")) or name or actor
            place = (event["account"], event["timestamp"] // 3600000)
            partition = partitions.get(place)
            if partition is None:
                partition = partitions[place] = Partition(made, output, *place, worker)
            partition.add(line.rstrip()[:-1] + b',"display_actor":' + dumps(shown) + rest)
    for partition in partitions.values():
        partition.close()


def main():
    codec, events, tables, output = sys.argv[1:5]
    size = os.path.getsize(events)
    halves = [(0, size // 2), (size // 2, size)]
    workers = [
        multiprocessing.Process(target=work, args=(codec, events, tables, output, number, *half))
        for number, half in enumerate(halves)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.exit(max(worker.exitcode for worker in workers))


if __name__ == "__main__":
    main()
