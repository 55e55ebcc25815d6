"""How an input falls into records, rows of the quarantine, and what lies between: docs/intake.md, sentence by sentence.

A reader for comparison: slow, recursive, the whole text in memory. `read(text, format, records, max_record)` gives a
`Reading`. Where the page leaves open what a damaged text means, the reader ends there, and `sure` says how far it came:
what it has found before that offset has to be found by everybody.
"""
from json_text import BLANK, LENIENT_STRING, STRING, Open, blank, byte_at, extent, first_name, is_value

CHAIN = 16
UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff", b"{\0", b"[\0", b"\0{", b"\0[", b"\0\0\0{", b"\0\0\0[")


class Reading:
    def __init__(self, text, max_record):
        self.text = text
        self.max_record = max_record
        self.records = []  # (offset, bytes)
        self.rows = []     # (offset, bytes)
        self.names = set()
        self.beside = 0
        self.sure = len(text)
        self.takes_values = False

    @property
    def syntax(self):
        return len(self.text) - sum(len(item) for _, item in self.records + self.rows) - self.beside

    def item(self, at, end):
        """A value that stands where a record has to stand, and is one unless it is no object or too long."""
        if self.text[at:at + 1] == b"{" and end - at <= self.max_record:
            self.records.append((at, self.text[at:end]))
            self.names.add(first_name(self.text, at))
        else:
            self.row(at, end)

    def row(self, at, end):
        self.rows.append((at, self.text[at:end]))

    def line_row(self, at, end):
        """A line, or its rest, without the white space around it."""
        at = blank(self.text, at)
        if self.takes_values and (b"\n" not in self.text or self.text.count(b"{", at, end) >= CHAIN):
            raise Open  # values end to end, perhaps
        self.row(at, at + len(self.text[at:end].rstrip(BLANK)))

    def line_end(self, at):
        end = self.text.find(b"\n", at)
        return len(self.text) if end < 0 else end

    # --- ndjson -----------------------------------------------------------------------------------

    def lines(self, at):
        while at < len(self.text):
            end = self.line_end(at)
            self.line(at, end)
            at = end + 1

    def line(self, at, end):
        text = self.text[:end]
        long_end = end - 1 if text[at:end].endswith(b"\r") and end < len(self.text) else end
        if long_end - at > self.max_record:
            if not text[at:end].strip(BLANK):
                raise Open
            return self.row(at, long_end)
        at = blank(text, at)
        at = self.hole(at, end)
        values = []
        next = blank(text, at)
        while next < end:
            last = is_value(text, next) if text[next] == ord("{") else None
            if last is None:
                return self.line_row(at, end)
            values.append((next, last))
            next = blank(text, last)
        for value in values:
            self.item(*value)

    def hole(self, at, end):
        """Bytes of zero in front of a line."""
        zeros = at
        while zeros < end and self.text[zeros] == 0:
            zeros += 1
        if zeros > at:
            self.row(at, zeros)
        return zeros

    # --- concatenated -----------------------------------------------------------------------------

    def values(self, at):
        text = self.text
        while (at := blank(text, at)) < len(text):
            end = is_value(text, at)
            if end is not None:
                self.item(at, end)
            else:
                end = extent(text, at)
                follows = None if end is None else byte_at(text, end)
                if follows in (b"{", b"["):
                    end = self.following(at, end)
                elif follows is None:
                    end = self.resumption(at, self.chain_of_values)
                elif follows:
                    raise Open
                self.row(at, end)
            at = end

    def following(self, at, end):
        """Behind a bad value the next one has to be one; that it is a bad one too is left open."""
        if is_value(self.text, blank(self.text, end)) is None:
            raise Open
        return end

    def chain_of_values(self, at):
        count = 0
        while at < len(self.text):
            end = self.link(at)
            if end is None:
                return count >= CHAIN
            count += 1
            at = blank(self.text, end)
        return True

    def link(self, at):
        """The end of an object that begins like a record before it."""
        if self.text[at:at + 1] != b"{" or first_name(self.text, at) not in self.names:
            return None
        return is_value(self.text, at)

    def resumption(self, at, chain):
        """Where records plainly go on, or the end of the input."""
        if not self.names:
            raise Open
        place = at
        while (place := self.text.find(b"{", place)) >= 0:
            passes = chain(place)
            if passes is None:
                raise Open
            if passes:
                return place
            place += 1
        return len(self.text)

    # --- array ------------------------------------------------------------------------------------

    def arrays(self, at):
        text = self.text
        while (at := blank(text, at)) < len(text):
            if text[at:at + 1] != b"[":
                raise Open
            at = self.array(at, self.ends_with_an_array)

    def ends_with_an_array(self, at):
        return byte_at(self.text, at) in (b"", b"[")

    def array(self, at, may_end):
        """The end of the array that begins here; `may_end` knows what may follow it."""
        text = self.text
        at = blank(text, at + 1)
        if text[at:at + 1] == b"]":
            return at + 1
        while True:
            if at == len(text):
                self.row(at, at)
                return at
            end = at if text[at] in b",]" else is_value(text, at)
            if end == at:
                self.row(at, at)  # a value that is missing
            elif end is not None:
                self.item(at, end)
            else:
                end = extent(text, at)
                if end is None or byte_at(text, end) not in (b",", b"]"):
                    at = self.resumed(at, may_end)
                    continue
                self.row(at, end)
            at = blank(text, end)
            if text[at:at + 1] == b"]":
                return at + 1
            if text[at:at + 1] == b",":
                at = blank(text, at + 1)
            elif at < len(text):
                at = self.resumed(at, may_end)

    def resumed(self, at, may_end):
        end = self.resumption(at, lambda place: self.chain_in_array(place, may_end))
        if end == len(self.text):
            raise Open  # whether the last line feed belongs to it, and what of an array of lines in `auto`
        self.row(at, end)
        return end

    def chain_in_array(self, at, may_end):
        begin, count = at, 0
        while True:
            end = self.link(at)
            if end is None or end - at > self.max_record:
                return False if count < CHAIN and end is None else None
            count += 1
            at = blank(self.text, end)
            follows = self.text[at:at + 1]
            if follows == b"]":
                return may_end(at + 1)
            if follows != b",":
                return False if count < CHAIN and follows else None
            at = blank(self.text, at + 1)
            if at - begin > self.max_record and count >= CHAIN:
                return True

    # --- auto -------------------------------------------------------------------------------------

    def mixed(self, at):
        text = self.text
        self.takes_values = True
        first = True  # of its line
        while True:
            next = blank(text, at)
            first = first or b"\n" in text[at:next]
            at = next
            if first:
                at = self.hole(at, len(text))
                if at > next and text[at:at + 1] in (b"", b"\n"):
                    continue
            if at == len(text):
                return
            if text[at] == ord("[") and byte_at(text, at + 1) in (b"{", b"]"):
                at = self.array(at, self.ends_its_line)
                if not self.ends_its_line(at) and byte_at(text, at) not in (b"{", b"["):
                    raise Open
                first = False
            elif text[at] == ord("{"):
                at = self.object_of_a_line(at, first)
                first = False
            else:
                end = self.line_end(at)
                self.line_row(at, end)
                at = end

    def ends_its_line(self, at):
        return byte_at(self.text, at, b" \t\r") in (b"", b"\n")

    def object_of_a_line(self, at, first):
        text = self.text
        line_end = self.line_end(at)
        end = is_value(text, at)
        if end is not None:
            follows = byte_at(text, end, b" \t\r")
            if follows not in (b"", b"\n", b"{"):
                if first and end <= line_end and follows != b"[":
                    self.line_row(at, line_end)
                    return line_end
                if end > line_end or follows == b"[":
                    raise Open
            if end - at > self.max_record and first and end > line_end:
                raise Open
            self.item(at, end)
            return end
        end = extent(text, at)
        if end is not None and end > line_end and self.breaks_in_strings(at, end):
            raise Open
        if end is not None and byte_at(text, end, b" \t\r") in (b"", b"\n", b"{"):
            if end > line_end and (end - at > self.max_record or not self.ends_its_line(end)):
                raise Open
            self.row(at, end)
            return end
        if byte_at(text, line_end) not in (b"{", b""):
            raise Open  # the lines behind it may belong to it
        self.line_row(at, line_end)
        return line_end

    def breaks_in_strings(self, at, end):
        return any(b"\n" in string for string in LENIENT_STRING.findall(self.text[at:end]))

    # --- records ----------------------------------------------------------------------------------

    def documents(self, at, tokens):
        while (at := blank(self.text, at)) < len(self.text):
            at = self.node(at, tokens, b'{["-0123456789tfn')

    def node(self, at, tokens, follow):
        """What stands on the way to the records, or is one."""
        text = self.text
        if not tokens:
            end = is_value(text, at)
            if end is not None:
                self.item(at, end)
                return end
            end = self.bad(at, follow)
            self.row(at, end)
            return end
        if text[at:at + 1] not in (b"{", b"["):
            end = self.skipped(at, follow)
            self.beside += end - at
            return end
        named = text[at] == ord("{")
        closing = b"}" if named else b"]"
        at = blank(text, at + 1)
        if text[at:at + 1] == closing:
            return at + 1
        index = 0
        while True:
            leads = tokens[0] in (b"*", b"%d" % index)
            if named:
                name = STRING.match(text, at)
                colon = blank(text, name.end()) if name else len(text)
                if text[colon:colon + 1] != b":" or b"\\" in name.group():
                    raise Open
                leads = tokens[0] in (b"*", name.group()[1:-1])
                at = blank(text, colon + 1)
            if leads:
                if named:
                    self.beside += len(name.group()) + 1
                at = self.node(at, tokens[1:], b"," + closing)
            else:
                value = at
                at = self.skipped(at, b"," + closing)
                self.beside += at - value + (len(name.group()) + 1 if named else 0)
            at = blank(text, at)
            if text[at:at + 1] == closing:
                return at + 1
            if text[at:at + 1] != b",":
                raise Open
            at = blank(text, at + 1)
            index += 1

    def skipped(self, at, follow):
        end = is_value(self.text, at)
        return self.bad(at, follow) if end is None else end

    def bad(self, at, follow):
        if at == len(self.text):
            raise Open
        end = extent(self.text, at)
        if end is None or byte_at(self.text, end) not in [bytes([byte]) for byte in follow]:
            raise Open
        return end


def read(text, format, records=None, max_record=16 << 20):
    reading = Reading(text, max_record)
    at = 3 if text.startswith(b"\xef\xbb\xbf") else 0
    try:
        if at == 0 and text.startswith(UTF_16_OR_32):
            raise Open
        if records is not None:
            reading.documents(at, records.encode().split(b"/")[1:])
        else:
            {"ndjson": reading.lines, "concatenated": reading.values, "array": reading.arrays,
             "auto": reading.mixed}[format](at)
    except Open:
        reading.sure = max([0] + [at + len(item) for at, item in reading.records + reading.rows])
    return reading
