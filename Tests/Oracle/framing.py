"""How an input falls into records, rows of the quarantine, and what lies between: docs/intake.md, sentence by sentence.

A reader for comparison: slow, recursive, the whole text in memory. `read(text, format, records, max_record)` gives a
`Framing`. Where the page leaves open what a damaged text means, the reader ends there, and `sure` says how far it came:
what it has found before that offset has to be found by everybody.
"""
import re

from elements import Elements, End, LineBehind
from json_text import BLANK, STRING, Open, blank, byte_at, extent, first_name, is_value, own
from reading import CHAIN, MUCH, Names

SPACE = b" \t\r"
UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff", b"{\0", b"[\0", b"\0{", b"\0[", b"\0\0\0{", b"\0\0\0[")


class ArrayBehind(Exception):
    """An array goes on that a bracket had closed."""

    def __init__(self, at):
        super().__init__()
        self.at = at


class Framing(Elements):
    # --- ndjson -----------------------------------------------------------------------------------

    def lines(self, at):
        while (at := blank(self.text, at, b"\n")) < len(self.text):
            end = self.line_end(at)
            self.line(at, end)
            at = end + 1

    def line(self, at, end):
        text = self.text[:end]
        long_end = end - 1 if text[at:end].endswith(b"\r") and end < len(self.text) else end
        if long_end - at > self.max_record and not text[at:end].strip(BLANK):
            raise Open
        at = self.hole(blank(text, at), end)
        if long_end - at > self.max_record:
            return self.row(at, long_end)
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

    # --- auto -------------------------------------------------------------------------------------

    def mixed(self, at):
        text = self.text
        first = True  # of its line
        behind = False  # a line that was turned away
        self.behind_item = False  # something in the line was
        self.closed = None  # what the records of an array that ended in this line, or the line before, begin with
        while (next := blank(text, at)) < len(text):
            first = first or b"\n" in text[at:next]
            self.behind_item = self.behind_item and not first
            at = next
            try:
                if first:
                    behind = behind and text[at - 1] in SPACE
                if first and behind:
                    at, behind = self.words(at, first)
                elif text[at] == 0:
                    at = self.hole(at, len(text))
                    continue
                elif text[at] == ord("[") and not self.behind_item and byte_at(text, at + 1) in (b"{", b"]"):
                    self.names = Names()  # nobody knows those of other lines
                    at, first = self.array_of_lines(blank(text, at + 1), True)
                    continue
                elif text[at] == ord("{"):
                    at, behind = self.object_of_a_line(at, first)
                else:
                    at, behind = self.words(at, first) if first else self.bad_of_a_line(at, first)
            except ArrayBehind as array:
                self.names, self.behind_item = self.closed, False
                at, first = self.array_of_lines(array.at, False)
                continue
            first = False

    def array_of_lines(self, at, is_first):
        """The end of an array among lines, and whether a line begins there."""
        self.closed = None
        try:
            at = self.array(at, is_first, is_in_lines=True)
        except LineBehind as line:
            return line.at, True
        self.closed, self.names = self.names, Names()
        return at, False

    # The end of an item, and whether it is the end of a line that is none.

    def object_of_a_line(self, at, first):
        text = self.text
        end = is_value(text, at)
        if end is not None and end - at <= self.max_record:
            if not first or self.is_followed(end, (b"", b"\n", b"{", b"["), SPACE):
                self.item(at, end)
                self.closed = None if first else self.closed
                return end, False
            if b"\n" not in text[at:end]:
                return self.words(at, first)
        is_beginning = blank(text, at + 1) == len(text)
        if end is None and self.is_unfinished(at) and (
                is_beginning or self.document(at) or b"\n" not in text[at:]):
            self.row(at, len(text))
            return len(text), False
        return self.bad_of_a_line(at, first)

    def bad_of_a_line(self, at, first):
        self.behind_item = True
        if self.closed is not None and self.text[at] != ord("{"):
            return self.words(at, first)
        self.look_into_line(at, first)
        end, _ = extent(self.text, at, breaks=False)
        if end is not None and self.is_followed(end, (b"", b"\n", b"{", b"["), SPACE):
            self.row(at, end)
            self.closed = None if first else self.closed
            return end, False
        return self.up_to_a_line(at, first, self.document(at), True)

    def words(self, at, first):
        self.behind_item = True
        self.look_into_line(at, first)
        return self.up_to_a_line(at, first, None)

    def look_into_line(self, at, first):
        """Whether the array before goes on with the first object in the line behind it."""
        place = self.text.find(b"{", at, min(self.line_end(at), at + MUCH + 1))
        if first and place >= 0 and b'"' not in self.text[at:place]:
            self.array_goes_on(at, place)

    def array_goes_on(self, at, place):
        """Whether the elements of the array before go on at `place`, behind what is none."""
        if self.closed is None:
            return
        names, self.names = self.names, self.closed
        goes_on = place in self.places(place, place + 1) and self.row_of_elements(place, True)
        self.names = names
        if goes_on:
            self.row(at, place)
            raise ArrayBehind(place)

    def up_to_a_line(self, at, first, document, is_value=False):
        text = self.text
        begin = own(text, at, self.max_record)[0] if is_value and text[at] == ord("{") else at + 1
        for place in range(at + 1, len(text)):
            if text[place] == 0x0A:
                next = blank(text, place)
                if not first and next - place <= MUCH and text[next:next + 1] == b"{":
                    self.array_goes_on(at, next)
                if self.ends_at(place, document):
                    self.line_row(at, place)
                    return place, True
            if text[place] == ord("{"):
                if place >= begin and self.row_in_line(place, is_value):
                    self.row(at, place)
                    return place, False
                if not first:
                    self.array_goes_on(at, place)
        self.row(at, len(text))
        return len(text), False

    def ends_at(self, line_feed, document):
        behind = self.text[line_feed + 1:line_feed + 2]
        if document is None or not behind:
            return True
        return behind == b"{" and (document == "indented" or self.text[:line_feed].rstrip(SPACE).endswith(b"}"))

    def document(self, at):
        """Whether an object over several lines begins here, by its first two lines: "indented", "alone", or None."""
        text = self.text
        end = self.line_end(at)
        if text[at] != ord("{") or end + 1 >= len(text):
            return None
        if text[end + 1] in b" \t":
            return "indented"
        return "alone" if text[end + 1] != ord("{") and text[at + 1:end].strip(SPACE) == b"" else None

    def row_in_line(self, begin, is_behind_value):
        """Whether values go on here up to the end of the text, or 16 of them before the line ends.

        Behind a value, up to the end of the line.
        """
        text, at, count = self.text, begin, 0
        name = first_name(text, begin)
        names, self.names = self.names, Names()
        is_name = self.known_names(begin)[1] is not None
        self.names = names
        while True:
            if not is_name:
                return False
            if text[at:at + 1] == b"\n":
                return is_behind_value and count > 1
            if at == len(text):
                return count > 1
            link = self.link(at, {name}, (b"{", b"[", b""))
            if link is None or b"\n" in text[at:link[0]]:
                return False
            count += link[1]
            if count == CHAIN:
                return True
            at = blank(text, link[0], SPACE)

    # --- records ----------------------------------------------------------------------------------

    def documents(self, at, tokens):
        while (at := blank(self.text, at)) < len(self.text):
            if self.text[at] in b"{[" or is_value(self.text, at) is not None:
                at = self.node(at, tokens, b'{["-0123456789tfn')
            else:
                end = self.bad(at, b"{[")
                self.row(at, end)
                at = end

    def node(self, at, tokens, follow):
        """What stands on the way to the records, or is one."""
        text = self.text
        if not tokens:
            end = is_value(text, at)
            is_long = end is not None and end - at > self.max_record
            if end is not None and not is_long and not self.may_swallow(at, end):
                if byte_at(text, end) not in [bytes([byte]) for byte in follow] and \
                        first_name(text, at) not in self.names.names:
                    raise Open  # it may be a document
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
        if named and tokens[0] == b"*" and b"]" not in follow:
            end, _ = extent(text, at)
            if end is not None and re.match(rb"[ \t\r\n]*(,[ \t\r\n]*\{|\])", text[end:]):
                raise Open  # the bracket of an array is missing
        at = self.next(at + 1)
        if text[at:at + 1] == closing:
            return at + 1
        index = 0
        while True:
            leads = tokens[0] in (b"*", b"%d" % index)
            if named:
                name = STRING.match(text, at)
                if not name or b"\\" in name.group():
                    raise Open
                leads = tokens[0] in (b"*", name.group()[1:-1])
                self.beside += len(name.group())
                at = self.next(name.end())
                if text[at:at + 1] != b":":
                    raise Open
                self.beside += 1
                at = self.next(at + 1)
            if leads:
                at = self.node(at, tokens[1:], b"," + closing)
            else:
                end = self.skipped(at, b"," + closing)
                if byte_at(text, end) not in (b",", closing) and b'"' + tokens[0] + b'"' in text[at:end]:
                    raise Open  # it may hold what should follow it
                self.beside += end - at
                at = end
            at = self.next(at)
            if text[at:at + 1] == closing:
                return at + 1
            if text[at:at + 1] != b",":
                raise Open
            at = self.next(at + 1)
            index += 1

    def next(self, at):
        """Behind white space; nothing may be there."""
        at = blank(self.text, at)
        if at == len(self.text):
            self.row(at, at)
            raise End
        return at

    def skipped(self, at, follow):
        end = is_value(self.text, at)
        return self.bad(at, follow) if end is None else end

    def bad(self, at, follow):
        end, _ = extent(self.text, at)
        if end is None or byte_at(self.text, end) not in [bytes([byte]) for byte in follow]:
            raise Open
        if b"]" in follow and not self.is_element_end(end):
            raise Open
        return end


def read(text, format, records=None, max_record=16 << 20):
    reading = Framing(text, max_record)
    at = 3 if text.startswith(b"\xef\xbb\xbf") else 0
    try:
        if at == 0 and text.startswith(UTF_16_OR_32):
            raise Open
        if records is not None:
            reading.documents(at, records.encode().split(b"/")[1:])
        else:
            {"ndjson": reading.lines, "concatenated": reading.values, "array": reading.arrays,
             "auto": reading.mixed}[format](at)
    except End:
        pass
    except Open:
        reading.sure = min(len(text) - 1, max([0] + [at + len(item) for at, item in reading.records + reading.rows]))
    return reading
