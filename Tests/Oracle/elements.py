"""Values without anything between them, and arrays of them: docs/intake.md."""
import re

from json_text import BLANK, blank, extent, is_value
from reading import Reading


MEMBER = re.compile(rb'[ \t\r\n]*,[ \t\r\n]*"(?:[^"\\]|\\.)*"[ \t\r\n]*:', re.DOTALL)
LINE_FEED = re.compile(rb"\n[ \t\r\n]*")  # of several with nothing between them the first tells


class End(Exception):
    """The text ends within what holds records together."""


class LineBehind(Exception):
    """An array was torn, and lines go on."""

    def __init__(self, at):
        super().__init__()
        self.at = at


class Elements(Reading):
    # --- concatenated -----------------------------------------------------------------------------

    def values(self, at):
        text = self.text
        while (at := blank(text, at)) < len(text):
            end = is_value(text, at)
            follows = end is not None and self.is_followed(end, (b"{", b"[", b""))
            if end is not None and (follows or end - at <= self.max_record and not self.may_swallow(at, end)):
                self.item(at, end)
            else:
                end, _ = extent(text, at)
                if end is None or not self.is_followed(end, (b"{", b"[", b"")):
                    end = self.goes_on(at, self.row_of_values)
                self.row(at, end)
            at = end

    # --- array ------------------------------------------------------------------------------------

    def arrays(self, at):
        text = self.text
        while (at := blank(text, at)) < len(text):
            if text[at:at + 1] == b"[":
                at = self.array(blank(text, at + 1), True)
            else:
                at = self.array(self.structure(at, False), False)

    def array(self, at, is_first, is_in_lines=False):
        """The end of the array among whose elements this is; only the first one may be missing."""
        text = self.text
        if is_first and text[at:at + 1] == b"]":
            return at + 1
        while True:
            if at == len(text):
                self.row(at, at)
                raise End
            end = at if text[at] in b",]" else is_value(text, at)
            follows = end is not None and self.is_element_end(end)
            if end == at:
                self.row(at, at)  # a value that is missing
            elif end is not None and (follows or end - at <= self.max_record and not self.may_swallow(at, end)):
                self.item(at, end)
            else:
                end, _ = extent(text, at)
                if end is None or not self.is_element_end(end):
                    at = self.resumed(at, self.begin(at), is_in_lines)
                    continue
                self.row(at, end)
            at = blank(text, end)
            if text[at:at + 1] == b"]":
                return at + 1
            if text[at:at + 1] == b",":
                at = blank(text, at + 1)
            elif at < len(text):
                at = self.structure(at, is_in_lines)

    def is_element_end(self, end):
        """Whether what follows an element is what may follow it; a name and a colon show that an object is around."""
        return self.is_followed(end, (b",", b"]")) and not MEMBER.match(self.text, end)

    def structure(self, at, is_in_lines):
        """Behind something that is no value at all."""
        before = self.text[:at]
        if is_in_lines and b"\n" in before[len(before.rstrip(BLANK)):] and self.is_line(at):
            self.row(at, at)
            raise LineBehind(at)
        return self.resumed(at, at, is_in_lines, of_value=False)

    def resumed(self, at, begin, is_in_lines, of_value=True):
        """Where the elements go on; a line behind an array that was torn raises `LineBehind`."""
        text = self.text
        if of_value and self.holds_the_rest(at):
            self.row(at, len(text))
            raise End
        lists = list(self.own_lists(at, begin))
        places = set(self.places(begin))
        feeds = {match.start() for match in LINE_FEED.finditer(text, begin)} if is_in_lines else set()
        for place in sorted(places | feeds):
            if place in feeds and self.is_line(place):
                self.row(at, place)
                raise LineBehind(place)
            is_in_list = any(start < place < end for start, end in lists)
            if place in places and self.row_of_elements(place, is_in_lines, is_in_list):
                self.row(at, place)
                return place
        self.row(at, len(text))
        raise End

    def is_line(self, at):
        """Objects, and behind them a line with another or nothing."""
        text = self.text
        at = blank(text, at)
        while text[at:at + 1] == b"{":
            end = is_value(text, at)
            if end is None or end - at > self.max_record:
                return False
            at = blank(text, end)
            if at == len(text) or b"\n" in text[end:at]:
                return text[at:at + 1] in (b"", b"{", b"[")
        return False
