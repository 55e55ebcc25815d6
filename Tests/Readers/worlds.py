"""Archives to read: with hostile values in all layouts and formats, and random ones."""
import json
import os
import random
import shutil
import subprocess

ACCOUNTS = ["012345678901", "true", "größe/平台", "a b=c", "__HIVE_DEFAULT_PARTITION__", "example", "null", "2026-11-20",
            "it's", "~empty", "", None, "Ж" * 34, "xx" + "平" * 70]
START = 1_795_179_606_000  # 2026-11-20T13:00:06Z in milliseconds
DAY = 86_400_000
LAYOUTS = {
    "hive": ["acct", "dt", "hr"],
    "daily": ["acct", "dt"],
    "collector": ["year", "month", "day", "hour"],
    "firehose": [],
    "cloudtrail": [],
    "{account}/{date}/{/data/args/Space}": [],
    "who={actor}/space={/data/args/Space}/day={date}": ["who", "space", "day"],
    "who={actor}/{date}": [],
}


class Mill:
    """The tool, in a folder of its own."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def __call__(self, *words, says=False):
        done = subprocess.run(
            [self.binary, *words], cwd=self.folder, capture_output=True, encoding="utf-8", errors="surrogatepass")
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.returncode}: {done.stderr}")
        return done.stderr if says else done.stdout

    def path(self, name):
        return os.path.join(self.folder, name)

    def definition(self, name, layout, form="gzip", stages="", extra=""):
        text = ('{ version: 1, input: { %s }, stages: [%s],\n'
                '  output: { archive: %s, layout: %s, compression: { format: "%s" } } }'
                % (extra, stages, json.dumps(name), json.dumps(layout), form))
        with open(self.path(name + ".json5"), "w", encoding="utf-8") as file:
            file.write(text)
        return name + ".json5"

    def put(self, name, lines):
        with open(self.path(name), "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
        return name

    def events(self, archive):
        return [line for line in self("search", archive, "--format", "ndjson").split("\n") if line]

    def schema(self, archive, reader, *words):
        return self("schema", archive, "--for", reader, *words)

    def parts(self, archive):
        return [path for path in self("files", archive, "--relative").split("\n") if path]

    def damaged_copy(self, archive, keeps):
        """A copy in which only parts whose path begins with `keeps` can be read."""
        copy = archive + ".damaged"
        shutil.rmtree(self.path(copy), ignore_errors=True)
        for path in self.parts(archive):
            target = os.path.join(self.path(copy), path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if path.startswith(keeps):
                shutil.copy(os.path.join(self.path(archive), path), target)
            else:
                with open(target, "wb") as file:
                    file.write(b"no gzip and no events\n")
        return self.path(copy)


def hostile_events(count, days=2):
    """Events of several accounts and days; every number from 0 on is the id of one."""
    lines = []
    for number in range(count):
        event = {}
        account = ACCOUNTS[number % len(ACCOUNTS)]
        if account is not None:
            event["account"] = account
        event.update(action="stack.create", actor=["jane@example.com", "github::zoë", "it's %41 {x}"][number % 3])
        if number % 97 != 5:
            event["timestamp"] = START + number % days * DAY + number
        event["data"] = {"args": {"ID": number, "Space": ["root", "größe", "a,b"][number % 3]}, "rate": 1.5}
        event["remoteIP"] = "203.0.113.7"
        lines.append(json.dumps(event, ensure_ascii=False))
    lines[count // 2] = ('{"account":"example","action":"audit_trail_webhook.delete","actor":"jane@example.com",'
                         '"timestamp":%d,"data":{"args":{"ID":%d,"Space":"root"}},"odd":"\\ud800","User":"x"}'
                         % (START, count // 2))
    return lines


NAMES = ["actor", "action", "data", "größe", "gro\u0308ße", "GRÖSSE", "User", "user", "USER", "a b", " a", "a.b", "a/b", "", "*",
         "select", "order", "event_json", "EVENT_JSON", "_json", "_members", "_path", "path", "acct", "dt", "hr", "ACCT",
         'x"; DROP TABLE t; --', "a'b", "a''b", "a`b", "a``b", "$", "$.x", "a\\b", "a\\'b", "\u0001", "a\nb", "a\u2028b",
         "\u202eabc", "x" * 128, "x" * 129, "é" * 64, "平台", "\U0001f600", "0", "1a", "true", "NULL", "{x}", "[0]", "a[0]",
         "%s", "%25", "#", "-", "--", "a-- b", "/* x", "*/", ";", "a;b", "a:b", "@x", "lower", "Lower", "\u212a", "k", "ſ", "s",
         "ß", "ẞ", "ﬁ", "FI", "I", "ı", "i", "İ", "\ud800", "a" + "\u0301", "á", "''' + x", '"""', "\\u0041", "columns", "value", "text"]
SCALARS = ["0", "-0", "1", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
           "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1.0", "1.10", "-0.0", "1e2", "1E+2",
           "0.1", "0.1000000000000000055511151231257827", "1e-400", "123456789012345678901234567890", "2.5e-3",
           "9007199254740993", "9007199254740993.0", "true", "false", "null", '""', '"x"', '"5"', '"null"', '"true"',
           '"\\u0000"', '"a\\u0000b"', '"\\ud83d\\ude00"', '"\U0001f600"', '"\\\\ud800"', '"\\\\\\\\ud800"', '"a\\\\u0041"',
           '"\\ud800"', '"\\udc00\\ud800x"', '"\\ud800\\ud83d\\ude00"', '"\\\\\\ud800"', '"é\\/\\u00e9"', '"\'"', '"\\""', '"`"',
           '"\\n\\r\\t\\b\\f"', '"\u2028\u0085\u007f"', '" "', '"%s"', '"2026-11-20"', '"0001"', '"NaN"', '"\\u0001"', '"\\u0002"',
           "1e308", "1.7976931348623157e308", "4.9e-324"]
HUGE = ["1e400", "-1e400", "1" * 400, "1e99999"]


def random_value(rng, depth=0, rarely=False):
    kind = rng.random()
    if depth < 4 and kind < 0.15:
        return "[" + ",".join(random_value(rng, depth + 1, rarely) for _ in range(rng.randrange(4))) + "]"
    if depth < 4 and kind < 0.3:
        names = rng.sample(NAMES[:-1], rng.randrange(4))
        return "{" + ",".join(quoted(rng, name) + ":" + random_value(rng, depth + 1, rarely) for name in names) + "}"
    return rng.choice(HUGE) if rarely and kind > 0.995 else rng.choice(SCALARS)


def quoted(rng, name):
    text = json.dumps(name, ensure_ascii=rng.random() < 0.3 or any(0xD800 <= ord(letter) < 0xE000 for letter in name))
    return text


class RandomWorld:
    """Events whose members are of kinds that each member keeps mostly, or not."""

    def __init__(self, seed, huge):
        self.rng = rng = random.Random(seed)
        self.huge = huge
        self.names = rng.sample(NAMES, rng.randrange(3, 30))
        groups = [["true", "false", "null"], ['"x"', '"5"', '""', "null", '"\\ud800"', '"\\u0000"'],
                  ["0", "-1", "9223372036854775807", "null"], ["1.5", "2"], SCALARS, None, None]
        self.kinds = {name: rng.choice(groups) for name in self.names}
        self.rare = rng.sample(self.names, min(2, len(self.names)))

    def event(self):
        rng = self.rng
        members = []
        if rng.random() < 0.9:
            members.append(('"account"', json.dumps(rng.choice(ACCOUNTS[:-1]), ensure_ascii=rng.random() < 0.5)))
        if rng.random() < 0.9:
            members.append(('"timestamp"', str(START + rng.randrange(3 * DAY))))
        for name in self.names:
            if rng.random() < (0.02 if name in self.rare else 0.7):
                kinds = self.kinds[name]
                value = rng.choice(kinds) if kinds else random_value(rng, rarely=self.huge)
                members.append((quoted(rng, name), value))
        rng.shuffle(members)
        space = rng.choice(["", "", " ", "\t"])
        return "{" + ("," + space).join(name + space + ":" + space + value for name, value in members) + space + "}"
