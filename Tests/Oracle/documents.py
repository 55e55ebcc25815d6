"""Random documents of every format that intake reads, whose every byte is known, and random damage to them."""
import json

FORMATS = ["ndjson", "concatenated", "array", "auto", "records"]
NAMES = ["id", "account", "t", "é", "a b"]


class Piece:
    """A stretch of a document: a `record`, `syntax`, or what lies `beside` the records."""

    def __init__(self, kind, text):
        self.kind = kind
        self.text = text


class Document:
    def __init__(self, dice, format, pointer, hostile=False):
        self.dice = dice
        self.format = format
        self.pointer = pointer
        self.hostile = hostile
        self.names = dice.sample(NAMES, dice.choice([1, 1, 1, 2]))
        self.escaped = dice.random() < 0.3  # one writer, one spelling
        self.count = 0
        self.pieces = []
        self.sections = []  # of `auto`: kind, and the number of the first piece
        self.heads = []  # of `records`: the number of the first piece of each document
        getattr(self, "as_" + format)()
        if dice.random() < 0.01:
            self.move_behind_a_chunk()

    @property
    def text(self):
        return b"".join(piece.text for piece in self.pieces)

    def spans(self, kind="record"):
        """Begin, end and text of each piece of a kind."""
        at = 0
        for piece in self.pieces:
            if piece.kind == kind:
                yield at, at + len(piece.text), piece.text
            at += len(piece.text)

    def move_behind_a_chunk(self):
        """So that what is read at once, 1 MiB, ends within the document."""
        begin = 1 if self.pieces and self.pieces[0].text == b"\xef\xbb\xbf" else 0
        ahead = (1 << 20) - self.dice.randrange(len(self.text) + 1)
        self.pieces.insert(begin, Piece("syntax", b"\n" * ahead))
        self.sections = [(kind, number + (number >= begin)) for kind, number in self.sections]
        self.heads = [number + (number >= begin) for number in self.heads]

    def spans_of_sections(self):
        """Kind of each section of `auto`, with its begin and the spans of its records."""
        end = len(self.pieces)
        starts = [min(number, end) for _, number in self.sections] + [end]
        offsets = [0]
        for piece in self.pieces:
            offsets.append(offsets[-1] + len(piece.text))
        for (kind, _), first, last in zip(self.sections, starts, starts[1:]):
            yield kind, offsets[first], [(offsets[number], offsets[number + 1], self.pieces[number].text)
                                         for number in range(first, last) if self.pieces[number].kind == "record"]

    def places_of_heads(self):
        """Where documents begin."""
        offsets = [0]
        for piece in self.pieces:
            offsets.append(offsets[-1] + len(piece.text))
        return [offsets[number] for number in self.heads]

    def add(self, kind, text):
        self.pieces.append(Piece(kind, text if isinstance(text, bytes) else text.encode()))

    def gap(self, *choices):
        """White space, seldom more than a little."""
        dice = self.dice
        return dice.choice(choices or ("",) * 6 + (" ", "\n", "\r\n", "\t", "\n  "))

    # --- Records ----------------------------------------------------------------------------------

    def record(self, *, lines=False):
        """An event, told from all others by its number, and short enough for every limit."""
        self.count += 1
        while len(text := self.event(lines)) > 1000:
            pass
        return text

    def event(self, lines):
        dice = self.dice
        name = dice.choice(self.names)
        members = {name: self.count, "n": f"{self.count}"}
        for _ in range(dice.choice([0, 1, 2, 5])):
            members[dice.choice(["x", "args", "b\"", "{", "context", "ü"])] = self.some_value(3)
        if self.hostile:
            members["args"] = self.arguments()
        return self.written(members, lines)

    def written(self, value, lines=False):
        dice = self.dice
        style = dice.random()
        if lines and style < 0.5:
            text = json.dumps(value, indent=dice.choice([1, 2, "\t"]), ensure_ascii=self.escaped)
        elif style < 0.8:
            text = json.dumps(value, separators=(",", ":"), ensure_ascii=self.escaped)
        else:
            text = json.dumps(value, ensure_ascii=self.escaped)
        return text.encode()

    def some_value(self, depth):
        dice = self.dice
        kind = dice.random()
        if depth and kind < 0.15:
            return [self.some_value(depth - 1) for _ in range(dice.randrange(4))]
        if depth and kind < 0.3:
            names = self.names + ["n", "x", "r"]
            return {dice.choice(names): self.some_value(depth - 1) for _ in range(dice.randrange(4))}
        return dice.choice([
            0, -1.5e300, True, None, "", "é€𝄞", 'a"b\\', "}{", "],[", "\n\t\0\x7f", '","', "\\", "[{", "\u2028",
            self.pretender(1), self.pretender(20), "x" * dice.randrange(80),
        ])

    def pretender(self, count):
        """Text that would be records if somebody took it for JSON."""
        name = self.dice.choice(self.names)
        return self.dice.choice(['"},', "", "}\n", "]"]) + self.dice.choice([",", "\n", ""]).join(
            '{"%s":%d}' % (name, 9000 + number) for number in range(count))

    def arguments(self):
        """What a stranger may put into an event of his."""
        dice = self.dice
        name = dice.choice(self.names)
        forged = [{name: 9000 + number, "n": "forged"} for number in range(dice.choice([1, 16, 20]))]
        return dice.choice([forged, {name: forged}, [forged], {"r": forged}, {"a": {"x": forged[0]}},
                            [self.pretender(20)], self.pretender(20), {self.pretender(2): forged}])

    def number(self, least=0):
        return self.dice.choice([least, 1, 2, 3, 5, 8, 18, 25, 40])

    # --- Formats ----------------------------------------------------------------------------------

    def lines(self, several=True):
        dice = self.dice
        end = dice.choice(["\n", "\n", "\n", "\r\n"])
        for _ in range(self.number()):
            if dice.random() < 0.05:
                self.add("syntax", dice.choice(["", " ", "\t "]) + end)
            for _ in range(dice.choice([1, 1, 1, 1, 2, 3]) if several else 1):
                self.add("record", self.record())
                self.add("syntax", self.gap("", "", "", " ", "\r"))
            self.add("syntax", end)

    def mark(self):
        if self.dice.random() < 0.1:
            self.add("syntax", b"\xef\xbb\xbf")

    def open_end(self):
        """The last line feed may be missing."""
        if self.pieces and self.dice.random() < 0.3 and self.pieces[-1].text in (b"\n", b"\r\n"):
            self.pieces.pop()

    def as_ndjson(self):
        self.mark()
        self.lines()
        self.open_end()

    def as_concatenated(self):
        self.mark()
        tight = self.dice.random() < 0.5
        for _ in range(self.number()):
            self.add("record", self.record(lines=True))
            self.add("syntax", "" if tight else self.gap())

    def one_array(self, least=0):
        self.add("syntax", "[" + self.gap())
        separator = self.dice.choice([",", ",\n", ", ", None])
        for number in range(self.number(least)):
            if number:
                self.add("syntax", separator or self.gap() + "," + self.gap())
            self.add("record", self.record(lines=True))
        self.add("syntax", self.gap() + "]")

    def as_array(self):
        self.mark()
        for _ in range(self.dice.choice([1, 1, 1, 2])):
            self.add("syntax", self.gap())
            self.one_array()
        self.add("syntax", self.gap())

    def as_auto(self):
        self.mark()
        dice = self.dice
        kinds = ["lines", "pretty", "array", "values"]
        chosen = [dice.choice(kinds)] if dice.random() < 0.6 else [dice.choice(kinds) for _ in range(3)]
        for kind in chosen:
            self.sections.append((kind, len(self.pieces)))
            if kind == "lines":
                self.lines(several=dice.random() < 0.3)
            elif kind == "pretty":
                for _ in range(self.number()):
                    self.add("record", self.record(lines=True))
                    self.add("syntax", "\n")
            elif kind == "array":
                self.one_array()
                self.add("syntax", "\n")
            else:
                for _ in range(self.number()):
                    self.add("record", self.record())
                self.add("syntax", "\n")
        self.open_end()

    def as_records(self):
        for _ in range(self.dice.choice([1, 1, 2, 3])):
            tokens = self.pointer.split("/")[1:]
            self.heads.append(len(self.pieces))
            self.node(tokens)
            self.add("syntax", self.gap())

    def node(self, tokens):
        """A value in which the pointer leads to records."""
        dice = self.dice
        if not tokens:
            return self.add("record", self.record(lines=True))
        is_object = tokens[0] != "*" or dice.random() < 0.1
        self.add("syntax", ("{" if is_object else "[") + self.gap())
        count = self.number() if tokens[0] == "*" else dice.choice([1, 2, 3])
        where = dice.randrange(count) if tokens[0] != "*" else None
        for number in range(count):
            if number:
                self.add("syntax", self.gap() + "," + self.gap())
            leads = where in (None, number)
            if is_object:
                name = tokens[0] if number == where else f"m{number}"
                self.add("beside", json.dumps(name) + ":")
            if leads:
                self.node(tokens[1:])
            else:
                self.add("beside", self.oddity())
        self.add("syntax", self.gap() + ("}" if is_object else "]"))

    def oddity(self):
        """A value beside the way, which need not be one."""
        if self.dice.random() < 0.7:
            return self.written(self.some_value(3))
        return self.dice.choice([b"nan", b"01", b'"\xff"', b'"\t"', b'"\\x"', b'[1, NaN, {"id": 07}]',
                                 b"[" * 600 + b"]" * 600])


# --- Damage ---------------------------------------------------------------------------------------

BAD_VALUES = [
    b'"a\tb"', b'"\0"', b'"\\x"', b'"\\u12"', b'"\xff\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b"01", b"1.",
    b"1e", b"-", b"+1", b".5", b"NaN", b"nan", b"-Infinity", b"tru", b"True", b"0x1F", b"undefined",
    b"[" * 513 + b"]" * 513, b'{"a":' * 600 + b"1" + b"}" * 600, b'"' + b"y" * 1100 + b'"', b"[" + b"1," * 600 + b"1]",
]


class Edit:
    """Bytes that take the place of others."""

    def __init__(self, begin, end, text):
        self.begin, self.end, self.text = begin, end, text


def bad_value(dice, document):
    """A value within a record becomes one that is none, or none that fits; brackets and quotes stay in order."""
    spans = [span for span in document.spans() if b'"n"' in span[2]]
    if not spans:
        return []
    begin, _, record = dice.choice(spans)
    at = record.index(b'"n"')
    at = record.index(b'"', record.index(b":", at)) + begin
    end = begin + record.index(b'"', at - begin + 1) + 1
    return [Edit(at, end, dice.choice(BAD_VALUES))]


# What stands behind a cut: what a file system leaves there, or the end of something else.
TAILS = [b"", b"\n", b"}]", b"}]\n", b'"}\n', b'"}]}\n', b"...\n", b"\0" * 40, b"\xff", b'"', b"},", b',{"id"}]', b"]\n"]


def cut(dice, document):
    """The text ends early, or up to where a document begins."""
    text = document.text
    at = dice.randrange(len(text) + 1)
    heads = [head for head in document.places_of_heads() if head > at]
    if heads and dice.random() < 0.7:
        return [Edit(at, heads[0], b"")]
    return [Edit(at, len(text), dice.choice(TAILS))]


def accidents(dice, text):
    """What happens to bytes: a few edits, in order and apart."""
    edits = []
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        at = dice.randrange(len(text) + 1)
        kind = dice.random()
        if kind < 0.25 and at < len(text):
            edits.append(Edit(at, at + 1, bytes([text[at] ^ 1 << dice.randrange(8)])))
        elif kind < 0.45:
            edits.append(Edit(at, min(len(text), at + dice.choice([1, 1, 2, 5, 30, 300])), b""))
        elif kind < 0.7:
            edits.append(Edit(at, at, dice.choice(
                [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\r", b" ", b"\0", b"\xff", b"x", b"\xef\xbb\xbf",
                 b"\0" * 40, b"nan", b"]}", b"[{", b'{"x":', b"}{", b"\n\n", b"<html>\n", b"#x\n"])))
        elif kind < 0.85:
            marks = [n for n, byte in enumerate(text) if byte in b'{}[]",:\n'] or [at]
            at = dice.choice(marks)
            edits.append(Edit(at, min(at + 1, len(text)), dice.choice([b"", b"", bytes([dice.choice(b'{}[]",: \n')])])))
        elif kind < 0.92:
            at = dice.choice([n for n, byte in enumerate(text) if byte in b"{},"] or [at])
            noise = [dice.choice(b'{}[]",:\n\0\xff1a ') for _ in range(dice.randrange(6))]
            edits.append(Edit(at, at, b"]" + bytes(noise)))
        else:
            other = dice.randrange(len(text) + 1)
            edits.append(Edit(at, at, text[other:other + dice.randrange(60)]))
    edits.sort(key=lambda edit: edit.begin)
    apart = edits[:1]
    for edit in edits[1:]:
        if edit.begin > apart[-1].end:
            apart.append(edit)
    return apart


def edited(text, edits):
    for edit in reversed(edits):
        text = text[:edit.begin] + edit.text + text[edit.end:]
    return text


def converted(dice, text):
    """The same in another encoding."""
    encoding = dice.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    return text.decode(errors="replace").encode(encoding)
