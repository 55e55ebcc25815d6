#!/usr/bin/env python3
"""Measures trailmill beside what people would use instead: python3 bench/run.py [--quick]

Absolute times say more about a machine than about a program, so every number that counts is a
ratio between runs that took turns on the same machine a moment apart; each is the median of
several. What is not installed is left out, and said. Results go to bench/runs/ with the machine,
the commit and the date.

Standard library only.
"""
import argparse
import ctypes.util
import json
import os
import re
import shutil
import subprocess
import sys
import time

from measuring import HERE, MIB, ROOT, WORK, measure, median, take_turns

PEERS = os.path.join(HERE, "peers")
OUTPUTS = os.path.join(WORK, "outputs")


# ---------------------------------------------------------------- what is there


def has_module(name):
    return subprocess.run(
        [sys.executable, "-c", f"import {name}"], stderr=subprocess.DEVNULL).returncode == 0


def has_library(name):
    return ctypes.util.find_library(name) is not None


class Bench:
    def __init__(self, options):
        self.options = options
        self.trailmill = os.path.join(ROOT, options.trailmill)
        self.tables = os.path.join(WORK, f"events-{options.events}")
        self.events = os.path.join(self.tables, "events.ndjson")
        self.outputs = {}
        self.rows = []
        self.report = {"events": options.events, "measured": {}, "ratios": [], "left_out": []}

    def prepare(self):
        if not os.access(self.trailmill, os.X_OK):
            sys.exit(f"bench: there is no {self.trailmill}: run make build")
        os.makedirs(WORK, exist_ok=True)
        shutil.rmtree(OUTPUTS, ignore_errors=True)
        if not os.path.exists(self.events):
            print(f"generating {self.options.events} events …", file=sys.stderr)
            subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), self.tables,
                            "--events", str(self.options.events)], check=True)
        self.report["input_bytes"] = os.path.getsize(self.events)

    def leave_out(self, what, why):
        self.report["left_out"].append(f"{what}: {why}")
        print(f"  left out: {what}: {why}", file=sys.stderr)

    def keep(self, job, results):
        for name, result in results.items():
            self.report["measured"][f"{job}: {name}"] = {
                "seconds": [round(run.seconds, 4) for run in result.runs],
                "processor_seconds": [round(run.processor, 4) for run in result.runs],
                "median_seconds": round(result.seconds, 4), "peak_bytes": result.peak}

    def compare_runs(self, what, result, other, processor=None, seconds=None, at_least=False):
        """Processor time against processor time, of runs in one round, and the clock beside it."""
        self.compare(f"{what}: processor time", result.against(other), processor, at_least)
        self.compare(f"{what}: wall", result.against(other, "seconds"), seconds, at_least)

    def compare(self, what, value, bound=None, at_least=False, unit="×"):
        if bound is None:
            self.rows.append((what, f"{value:.2f} {unit}", "", ""))
            self.report["ratios"].append({"what": what, "value": round(value, 4)})
            return
        met = value >= bound if at_least else value <= bound
        target = f"{'≥' if at_least else '≤'} {bound:g} {unit}"
        self.rows.append((what, f"{value:.2f} {unit}", target, "met" if met else "MISSED"))
        self.report["ratios"].append(
            {"what": what, "value": round(value, 4), "target": bound, "met": met})

    # ------------------------------------------------------------ trailmill's own runs

    def output(self, name):
        """A folder that was never there: ext4 avoids inodes that were just freed, which costs whoever comes next
        some 5 %. All are deleted at the end."""
        os.makedirs(OUTPUTS, exist_ok=True)
        self.outputs.setdefault(name, []).append(os.path.join(OUTPUTS, f"{name}-{len(self.outputs.get(name, []))}"))
        return self.outputs[name][-1]

    def last(self, name):
        return self.outputs[name][-1]

    def run_definition(self, name, arguments=(), stdin=None, stdout=None, tables=True):
        command = [self.trailmill, "run", os.path.join(HERE, name), *arguments,
                   "--summary", "json", "--progress", "never"]
        if tables:
            command += ["--set", f"tables={self.tables}"]
        if self.options.threads:
            command += ["--threads", str(self.options.threads)]
        return measure(command, stdin, stdout)

    def archive(self, name, definition="archive.json5", engine="zlib"):
        output = self.output(name)
        settings = ["--set", f"events={self.events}", "--set", f"archive={output}"]
        if engine:
            settings += ["--set", f"engine={engine}"]
        measured = self.run_definition(definition, settings)
        told = summary(measured)
        self.expect(told["written"] + told["duplicates"], f"trailmill, {name}")
        return measured

    def zstd_definition(self, level):
        """The archive job's definition with frames of zstd."""
        with open(os.path.join(HERE, "archive.json5"), encoding="utf-8") as file:
            text = re.sub(r"compression: \{.*\}", f'compression: {{ format: "zstd", level: {level} }}', file.read())
        path = os.path.join(WORK, f"archive-zstd-{level}.json5")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def pipe(self):
        measured = self.run_definition("pipe.json5", stdin=self.events)
        self.expect(summary(measured)["written"], "trailmill's pipe")
        return measured

    def expect(self, records, who):
        if records != self.options.events:
            sys.exit(f"bench: {who} wrote {records} records of {self.options.events}")

    # ------------------------------------------------------------ the archive job

    def peer_archive(self, name, *command):
        return measure([sys.executable, *command, self.output(name)])

    def pigz(self, text, name="pigz.gz"):
        return measure(["pigz", "-6", "-p", "2", "-c", text], stdout=os.path.join(WORK, name))

    def archive_contenders(self, text):
        contenders = {
            "zlib": lambda: self.archive("zlib"),
            "all stages": lambda: self.archive("all stages", "all-stages.json5")}
        if has_library("deflate"):
            contenders["libdeflate"] = lambda: self.archive("libdeflate", engine="libdeflate")
        else:
            self.leave_out("trailmill with libdeflate", "the library is not installed")
        if has_library("zstd"):
            for level in (3, 5):
                contenders[f"zstd {level}"] = (
                    lambda level=level: self.archive(f"zstd {level}", self.zstd_definition(level), engine=None))
        else:
            self.leave_out("trailmill with zstd", "the library is not installed")
        if shutil.which("pigz"):
            contenders["pigz"] = lambda: self.pigz(text)
            contenders["pigz, all stages"] = lambda: self.pigz(text + ".all-stages", "pigz-all.gz")
        else:
            self.leave_out("pigz", "not installed")
        script = os.path.join(PEERS, "python_archive.py")
        for codec, module in [("zlib", None), ("zlib-ng", "zlib_ng"), ("zstd", "zstandard")]:
            if module is None or has_module(module):
                contenders[f"python, {codec}"] = lambda codec=codec: self.peer_archive(
                    f"python, {codec}", script, codec, self.events, self.tables)
            else:
                self.leave_out(f"python with {codec}", f"the module {module} is not installed")
        script = os.path.join(PEERS, "duckdb_job.py")
        for codec in ("gzip", "zstd") if has_module("duckdb") else ():
            contenders[f"duckdb, {codec}"] = lambda codec=codec: self.peer_archive(
                f"duckdb, {codec}", script, "archive", codec, self.events, self.tables)
        if not has_module("duckdb"):
            self.leave_out("duckdb", "the Python module is not installed")
        return contenders

    # Ours, a peer, and targets: of processor time (ours / theirs), of the clock (ours / theirs), and of bytes.
    AGAINST_PIGZ = [("zlib", "pigz", 1.06, 1.10, 1.03), ("all stages", "pigz, all stages", 1.06, 1.10, None),
                    ("libdeflate", "pigz", None, 0.70, 1.02), ("zstd 3", "pigz", None, 0.40, 0.96),
                    ("zstd 5", "pigz", None, 0.53, 0.90)]
    # A peer, ours with the same library, and the target of the clock (theirs / ours).
    AGAINST_PEERS = [("python, zlib", "zlib", 1.08), ("python, zlib-ng", "libdeflate", None), ("python, zstd", "zstd 3", 1.3),
                     ("duckdb, gzip", "zlib", 1.85), ("duckdb, gzip", "libdeflate", 2.3), ("duckdb, zstd", "zstd 3", 3)]

    def archive_job(self):
        print("archive job", file=sys.stderr)
        self.archive("zlib")
        text = os.path.join(WORK, "text.ndjson")
        gunzip_all(self.last("zlib"), text)
        self.archive("all stages", "all-stages.json5")
        gunzip_all(self.last("all stages"), text + ".all-stages")
        results = take_turns(self.archive_contenders(text), self.options.runs)
        for name in results:
            # Nobody wins by losing records.
            if name in self.outputs:
                self.expect(count_lines(self.last(name)), name)
        self.keep("archive", results)
        sizes = {name: size_of_parts(self.last(name)) for name in results if name in self.outputs}
        self.report["output_bytes"] = {"text": os.path.getsize(text), **sizes}
        for own, peer, processor, seconds, size in self.AGAINST_PIGZ:
            if own not in results or peer not in results:
                continue
            self.compare_runs(f"archive, {own} / {peer} -6 -p 2", results[own], results[peer], processor, seconds)
            if size:
                yardstick = os.path.getsize(os.path.join(WORK, "pigz.gz"))
                self.compare(f"archive, {own} / {peer} -6: bytes", sizes[own] / yardstick, size)
        for peer, own, seconds in self.AGAINST_PEERS:
            if own in results and peer in results:
                self.compare_runs(f"archive: {peer} / ours, {own}", results[peer], results[own], None, seconds, True)

    # ------------------------------------------------------------ what can be trusted, and what that costs

    def pigz_and_sync(self, text):
        """What a shell script does that wants its output on the medium."""
        target = os.path.join(WORK, "pigz.gz")
        return measure(["sh", "-c", 'pigz -6 -p 2 -c "$0" > "$1" && sync -f "$1"', text, target])

    def verify(self):
        return measure([self.trailmill, "verify", self.last("trusted")])

    def sums(self):
        """As many processes as workers, each reading half of the parts: what SHA-256 costs others."""
        return measure(["sh", "-c", 'find "$0" -type f -name "*.gz" | xargs -n 8 -P 2 sha256sum > /dev/null',
                        self.last("trusted")])

    def trusted_job(self):
        print("archive job with digests, and verification", file=sys.stderr)
        if not shutil.which("pigz"):
            return self.leave_out("archive with digests", "pigz is not installed")
        self.archive("trusted", "trusted.json5")
        text = os.path.join(WORK, "text.ndjson")
        gunzip_all(self.last("trusted"), text)
        contenders = {
            "with digests": lambda: self.archive("trusted", "trusted.json5"),
            "without": lambda: self.archive("zlib"),
            "pigz and sync": lambda: self.pigz_and_sync(text)}
        if has_library("deflate"):
            contenders["with digests, libdeflate"] = (
                lambda: self.archive("trusted libdeflate", "trusted.json5", "libdeflate"))
        results = take_turns(contenders, self.options.runs)
        results.update(take_turns({"verify": self.verify, "sha256sum": self.sums}, self.options.runs))
        self.keep("trusted", results)
        own, yardstick = results["with digests"], results["pigz and sync"]
        self.compare_runs("archive with digests / pigz -6 -p 2 and sync", own, yardstick, None, 1.16)
        if "with digests, libdeflate" in results:
            self.compare_runs("archive with digests, libdeflate / pigz -6 -p 2 and sync",
                              results["with digests, libdeflate"], yardstick, None, 0.75)
        self.compare_runs("archive with digests / without", own, results["without"])
        self.compare_runs("verify / sha256sum of the parts, 2 at a time", results["verify"], results["sha256sum"], None, 1.2)

    # ------------------------------------------------------------ search

    def search_job(self):
        """Questions to an archive that lies in the page cache."""
        print("search", file=sys.stderr)
        archive = self.options.archive
        if archive is None:
            self.archive("zlib")
            archive = self.last("zlib")
        glob = os.path.join(archive, "acct=*", "*", "*", "*.gz")
        event = json.loads(subprocess.run(
            ["sh", "-c", f"gzip -dc {glob} 2>/dev/null | sed -n 1000p"], stdout=subprocess.PIPE, check=False).stdout)
        address, actor = event["remoteIP"], event["attribution"]["display_actor"]
        day = time.strftime("%Y-%m-%d", time.gmtime(event["timestamp"] / 1000))
        next_day = time.strftime("%Y-%m-%d", time.gmtime(event["timestamp"] / 1000 + 86_400))

        def ask(*words):
            return lambda: measure([self.trailmill, "search", archive, *words, "--format", "ndjson"],
                                   stdout=os.path.join(WORK, "found"))

        questions = {"one address": ["--ip", address], "one actor": ["--actor", actor],
                     "one actor on a day": ["--actor", actor, "--since", day, "--until", next_day],
                     "one action": ["--action", event["action"], "--since", day, "--until", next_day],
                     "nobody": ["--actor", "nobody@example.com"],
                     "a field that is not indexed": ["--where", f"/timestamp={event['timestamp']}"]}
        contenders = {name: ask(*words) for name, words in questions.items()}
        contenders["inflate, 2 processors"] = lambda: measure(
            [sys.executable, os.path.join(PEERS, "inflate.py"), glob], stdout=os.path.join(WORK, "inflated"))
        contenders["pigz -dc | wc"] = lambda: measure(["sh", "-c", f"cat {glob} | pigz -dc | wc -l"])
        contenders["zcat | jq"] = lambda: measure(
            ["sh", "-c", f"cat {glob} | zcat | jq -c --arg a {address} 'select(.remoteIP == $a)' | wc -l"])
        if has_module("duckdb"):
            contenders["duckdb"] = lambda: measure([sys.executable, "-c", (
                "import duckdb; print(duckdb.sql(\"select count(*) from read_json('" + glob + "', "
                "columns={'remoteIP': 'VARCHAR'}, format='newline_delimited', hive_partitioning=false) "
                f"where remoteIP = '{address}'\").fetchall())")])
        slow = {name: contenders.pop(name) for name in ("zcat | jq", "duckdb") if name in contenders}
        results = take_turns(contenders, self.options.runs)
        results.update(take_turns(slow, 1))
        self.keep("search", results)
        explained = {name: self.explain(archive, name, words) for name, words in questions.items()}
        with open(os.path.join(WORK, "inflated"), encoding="ascii") as file:
            text = int(file.read())
        rate = text / results["inflate, 2 processors"].seconds
        for name in questions:
            members, candidates = explained[name]
            allowed = 0.2 if members <= 100 else 0.1 + candidates / rate / 0.9
            self.compare(f"search: {name}, {members:,} members, time / allowed",
                         results[name].seconds / allowed, 1)
        scan = results["a field that is not indexed"].seconds
        for peer, bound in (("pigz -dc | wc", 1.5), ("zcat | jq", 5), ("duckdb", 5)):
            if peer in results:
                self.compare(f"search, a full scan: {peer}'s time / ours", results[peer].seconds / scan, bound,
                             at_least=True)

    def explain(self, archive, name, words):
        """How many members a question leaves, and how many bytes of text they have."""
        told = subprocess.run([self.trailmill, "search", archive, *words, "--count", "--explain"],
                              stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=True).stderr.decode()
        self.report["measured"][f"search: {name}"]["explained"] = told.split("\n")
        print(f"  {name}\n{told}", file=sys.stderr)
        members = int(re.search(r"([\d,]+) opened$", told, re.M)[1].replace(",", ""))
        size, unit = re.search(r"([\d.]+) (\w+) of text", told).groups()
        return members, float(size) * {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}[unit]

    # ------------------------------------------------------------ the pipe job

    def pipe_job(self):
        print("pipe job", file=sys.stderr)
        contenders = {"trailmill": self.pipe}
        for name, module, script in [("python, orjson", "orjson", ["python_pipe.py"]),
                                     ("duckdb", "duckdb", ["duckdb_job.py", "pipe"])]:
            if has_module(module):
                command = [sys.executable, os.path.join(PEERS, script[0]), *script[1:], self.tables]
                contenders[name] = lambda command=command: measure(command, stdin=self.events)
            else:
                self.leave_out(name, f"the Python module {module} is not installed")
        results = take_turns(contenders, self.options.runs)
        self.keep("pipe", results)
        own = results.pop("trailmill")
        rate = os.path.getsize(self.events) / own.seconds / 1e9
        self.report["pipe_gigabytes_per_second"] = round(rate, 3)
        self.compare("pipe, file to null: GB/s of input", rate, 1.8, True, "GB/s")
        for name, result in results.items():
            bound = {"python, orjson": 9, "duckdb": 8}.get(name)
            self.compare_runs(f"pipe: {name} / ours", result, own, None, bound, True)
        self.real_pipe()

    def real_pipe(self):
        """Between two programs that pass bytes on, beside three of them and the job without a pipe."""
        job = [self.trailmill, "run", os.path.join(HERE, "pipe.json5"), "-", "--set", f"tables={self.tables}",
               "--progress", "never"]
        if self.options.threads:
            job += ["--threads", str(self.options.threads)]
        shell = 'set -o pipefail; cat "$0" | "$@" | cat > /dev/null'
        contenders = {
            "cat, trailmill, cat": lambda: measure(["bash", "-c", shell, self.events, *job]),
            "cat, cat, cat": lambda: measure(["bash", "-c", shell, self.events, "cat"]),
            "file to null": self.pipe}
        results = take_turns(contenders, self.options.runs)
        self.keep("real pipe", results)
        for what, bound in [("processor", 1.05), ("seconds", 0.6)]:
            ratios = [getattr(own, what) / (getattr(cats, what) + getattr(alone, what)) for own, cats, alone in zip(
                *(results[name].runs for name in ("cat, trailmill, cat", "cat, cat, cat", "file to null")))]
            name = {"processor": "processor time", "seconds": "wall"}[what]
            self.compare(f"real pipe / (cat, cat, cat + file to null): {name}", median(ratios), bound)

    # ------------------------------------------------------------ start-up and memory

    def one_event(self):
        path = os.path.join(WORK, "one.ndjson")
        with open(self.events, "rb") as events, open(path, "wb") as one:
            one.write(events.readline())
        return path

    def startup(self):
        print("start-up", file=sys.stderr)
        one = self.one_event()
        command = [self.trailmill, "run", os.path.join(ROOT, "pipelines", "pipe.json5"), "-",
                   "--progress", "never"]
        runs = [measure(command, stdin=one).seconds * 1000 for _ in range(20)]
        self.report["startup_ms"] = [round(run, 2) for run in runs]
        self.compare("start-up: pipe of one event", median(runs), 15, unit="ms")

    def memory(self):
        print("memory", file=sys.stderr)
        one = self.one_event()
        small = self.first_bytes(100 * 1000 * 1000)
        copies = max(1, round(self.options.memory_bytes / os.path.getsize(self.events)))
        bare = self.run_definition("copy.json5", stdin=one, tables=False).peak
        tables = self.run_definition("pipe.json5", stdin=one).peak - bare
        self.report["lookup_tables_bytes"] = tables
        for name, definition in [("archive", "archive.json5"), ("pipe", "pipe.json5")]:
            for label, source, times in [("100 MB", small, 1), ("large", self.events, copies)]:
                peak = self.streamed(definition, source, times).peak - tables
                size = os.path.getsize(source) * times / 1e9
                self.report["measured"][f"memory: {name} {label}"] = {
                    "peak_beyond_tables_bytes": peak, "input_gigabytes": round(size, 3)}
                what = f"memory: {name} of {size:.1f} GB, beyond tables"
                self.compare(what, peak / MIB, 128, unit="MiB")
        self.memory_of_digests()
        self.memory_of_partitions()

    def memory_of_digests(self):
        plain = self.run_definition("copy.json5", stdin=self.events, tables=False).peak
        measured = self.run_definition("deduplicate.json5", stdin=self.events, tables=False)
        held = summary(measured)["written"]
        each = (measured.peak - plain) / held
        self.compare("memory: deduplicate, per event", each, 48, unit="bytes")

    def memory_of_partitions(self, count=50_000):
        """Ten events for each of many accounts, in an order that never stays with one."""
        path = os.path.join(WORK, "accounts.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            for number in range(count * 10):
                account = number * 7919 % count
                file.write(f'{{"account":"a{account}","actor":"jane@example.com","number":{number},'
                           f'"note":"{number * 2654435761 % 2**32:0200d}"}}\n')
        output = self.output("partitions")
        measured = self.run_definition(
            "partitions.json5", ["--set", f"archive={output}"], stdin=path, tables=False)
        bound = round(128 + count / 1024)
        self.compare(f"memory: {count} partitions", measured.peak / MIB, bound, unit="MiB")

    def first_bytes(self, size):
        path = os.path.join(WORK, "first.ndjson")
        with open(self.events, "rb") as events, open(path, "wb") as first:
            written = 0
            for line in events:
                first.write(line)
                written += len(line)
                if written >= size:
                    break
        return path

    def streamed(self, definition, source, copies):
        """The same text several times over, through a pipe: its size is not known beforehand."""
        output = self.output("memory")
        arguments = ["-"]
        if definition == "archive.json5":
            arguments += ["--set", "events=-", "--set", f"archive={output}"]
        pipe = os.path.join(WORK, "pipe")
        if os.path.exists(pipe):
            os.remove(pipe)
        os.mkfifo(pipe)
        feeder = subprocess.Popen(
            ["bash", "-c", 'cat "${@:2}" > "$1"', "bash", pipe] + [source] * copies)
        measured = self.run_definition(definition, arguments, stdin=pipe)
        feeder.wait()
        return measured

    # ------------------------------------------------------------ the metadata of keys

    def detail(self):
        """What each detail of resolve_keys costs in stored bytes, beside the least."""
        print("detail", file=sys.stderr)
        keys = os.path.join(self.tables, "keys-detail.ndjson")
        subprocess.run([sys.executable, os.path.join(HERE, "generate_keys.py"),
                        os.path.join(self.tables, "keys.json"), keys], check=True)
        costs = {name: self.detail_costs(name, keys)
                 for name in ("id", "summary", "full", "reference")}
        self.report["detail"] = {"keys_bytes": os.path.getsize(keys), **costs}
        print("detail     archive, MB  bytes/event  more than id  text, bytes/event")
        for name, cost in costs.items():
            more = cost["stored_per_event"] - costs["id"]["stored_per_event"]
            print(f"{name:9}  {cost['stored_bytes'] / 1e6:11.1f}  {cost['stored_per_event']:11.1f}"
                  f"  {more:12.1f}  {cost['text_per_event']:17.1f}")

    def detail_costs(self, detail, keys):
        output = self.output(f"detail {detail}")
        measured = self.run_definition("detail.json5", [
            "--set", f"events={self.events}", "--set", f"keys={keys}",
            "--set", f"archive={output}", "--set", f"detail={detail}"], tables=False)
        self.expect(summary(measured)["written"], f"detail {detail}")
        stored, table = size_of_files(output), size_of_files(os.path.join(output, "_trailmill/keys"))
        text = count_bytes(output)
        return {"stored_bytes": stored, "key_table_bytes": table,
                "stored_per_event": round(stored / self.options.events, 2),
                "text_per_event": round(text / self.options.events, 2)}

    # ------------------------------------------------------------ what was found

    def finish(self):
        widths = [max((len(row[column]) for row in self.rows), default=0) for column in range(4)]
        for row in self.rows:
            print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
        for text in self.report["left_out"]:
            print(f"left out: {text}")
        shutil.rmtree(OUTPUTS, ignore_errors=True)
        now = time.gmtime()
        self.report.update(machine=machine(), commit=commit(), version=version(self.trailmill),
                           date=time.strftime("%Y-%m-%dT%H:%M:%SZ", now))
        name = time.strftime("%Y%m%dT%H%M%SZ", now) + f"-{self.report['commit']}.json"
        # A quick run shows that everything works; as a measurement it is worth nothing.
        folder = WORK if self.options.quick else os.path.join(HERE, "runs")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.report, file, indent=2, ensure_ascii=False)
            file.write("\n")
        print(os.path.relpath(path, ROOT))


def summary(measured):
    """The summary is the one line of standard error that is an object."""
    for line in measured.errors.splitlines():
        if line.startswith("{"):
            return json.loads(line)
    sys.exit(f"bench: no summary in: {measured.errors[-2000:]}")


def parts(folder):
    for path, _, names in sorted(os.walk(folder)):
        yield from (os.path.join(path, name) for name in sorted(names) if name.endswith((".gz", ".zst"))
                    and "_trailmill" not in path)


def unpack(folder, then, **options):
    """Runs a command of the shell over the text of all parts."""
    names = list(parts(folder))
    program = "zstd" if names and names[0].endswith(".zst") else "gzip"
    return subprocess.run(["bash", "-c", f"set -o pipefail; xargs -0 {program} -dc {then}"], check=True,
                          input="\0".join(names).encode(), **options)


def size_of_parts(folder):
    return sum(os.path.getsize(part) for part in parts(folder))


def size_of_files(folder):
    """Everything in it: parts, manifests, key table."""
    return sum(os.path.getsize(os.path.join(path, name))
               for path, _, names in os.walk(folder) for name in names)


def count_bytes(folder):
    return int(unpack(folder, "| wc -c", stdout=subprocess.PIPE).stdout)


def gunzip_all(folder, target):
    with open(target, "wb") as file:
        unpack(folder, "", stdout=file)


def count_lines(folder):
    return int(unpack(folder, "| wc -l", stdout=subprocess.PIPE).stdout)


def machine():
    model = "unknown"
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    model = line.split(":", 1)[1].strip()
                    break
    system = os.uname()
    return {"cpu": model, "cores": os.cpu_count(),
            "system": f"{system.sysname} {system.release} {system.machine}"}


def commit():
    def git(*arguments):
        run = subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        return run.stdout.decode().strip() if run.returncode == 0 else "unknown"

    changed = git("status", "--porcelain", "--", "Sources", "Package.swift")
    return git("rev-parse", "--short=10", "HEAD") + ("-dirty" if changed else "")


def version(trailmill):
    return subprocess.run([trailmill, "--version"], stdout=subprocess.PIPE).stdout.decode().strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="the median of so many counts")
    parser.add_argument("--quick", action="store_true", help="100,000 events, one run of each")
    parser.add_argument("--only", choices=["archive", "trusted", "search", "pipe", "memory", "startup", "detail"])
    parser.add_argument("--archive", help="search this one, with folders as hive has them")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--memory-bytes", type=int, default=2_000_000_000)
    parser.add_argument("--trailmill", default=".build/release/trailmill")
    options = parser.parse_args()
    if options.quick:
        options.events, options.runs = 100_000, 1
        options.memory_bytes = min(options.memory_bytes, 500_000_000)
    bench = Bench(options)
    bench.prepare()
    jobs = {"archive": bench.archive_job, "trusted": bench.trusted_job, "search": bench.search_job, "pipe": bench.pipe_job, "memory": bench.memory,
            "startup": bench.startup, "detail": bench.detail}
    for name, job in jobs.items():
        if options.only in (None, name):
            job()
    bench.finish()


if __name__ == "__main__":
    main()
