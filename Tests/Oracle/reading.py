"""What is read of an input, and where records plainly go on in it: docs/intake.md, rule 3."""
from json_text import BLANK, blank, byte_at, extent, extent_of_any, first_name, in_order, is_cut, is_value, own

CHAIN = 16
MUCH = 64 << 10
NEAR = 1 << 10
SPACE = 64


class Names:
    """With what the records so far began."""

    def __init__(self):
        self.names, self.records = set(), 0

    def note(self, name):
        if name is not None:
            self.names = self.names | {name}
            self.records += 1

    def known(self, name, is_odd):
        """With what records begin where one begins with `name`, and how many there have to be.

        One alone before may have been damaged; what stands between a string and the next is no name.
        """
        if name in self.names:
            return self.names, 1
        if self.records > 1 or name is None or is_odd:
            return self.names, None
        return self.names | {name}, CHAIN if self.records else 1


class Reading:
    def __init__(self, text, max_record):
        self.text = text
        self.max_record = max_record
        self.records = []  # (offset, bytes)
        self.rows = []     # (offset, bytes)
        self.names = Names()
        self.beside = 0
        self.sure = len(text)

    @property
    def syntax(self):
        return len(self.text) - sum(len(item) for _, item in self.records + self.rows) - self.beside

    def item(self, at, end):
        """A value that stands where a record has to stand, and is one unless it is no object or too long."""
        if self.text[at:at + 1] == b"{" and end - at <= self.max_record:
            self.records.append((at, self.text[at:end]))
            self.names.note(first_name(self.text, at))
        else:
            self.row(at, end)

    def may_swallow(self, at, end):
        """Whether this is no object, and may hold some: what follows it tells."""
        return self.text[at] != ord("{") and b"{" in self.text[at:end]

    def row(self, at, end):
        self.rows.append((at, self.text[at:end]))

    def line_row(self, at, end):
        """A line, or its rest, without the white space around it."""
        at = blank(self.text, at)
        self.row(at, at + len(self.text[at:end].rstrip(BLANK)))

    def is_followed(self, end, by, over=BLANK):
        """Whether what follows a value is what may follow it; much white space will do."""
        return blank(self.text, end, over) - end > MUCH or byte_at(self.text, end, over) in by

    def line_end(self, at):
        end = self.text.find(b"\n", at)
        return len(self.text) if end < 0 else end

    # --- Where records plainly go on --------------------------------------------------------------

    def link(self, at, names, follow):
        """The end of what stands in a row of records, and whether it counts; None where it breaks the row.

        A bad value whose end its brackets tell, and one that is missing, break nothing. Behind the first 16 any name
        will do (`names` is None).
        """
        text = self.text
        if b"," in follow and text[at:at + 1] in (b",", b"]"):
            return at, 0
        end = is_value(text, at)
        if end is not None and end - at <= self.max_record:
            fits = names is None or text[at] == ord("{") and first_name(text, at) in names
            return (end, 1) if fits else None
        end, _ = extent(text, at)
        return (end, 0) if end is not None and byte_at(text, end) in follow else None

    def known_names(self, place):
        is_odd = self.text[blank(self.text, blank(self.text, place + 1) + 1):][:1] in (b",", b":", b"}", b"]")
        return self.names.known(first_name(self.text, place), is_odd)

    def places(self, begin, end=None):
        """Where objects may begin that have a first member."""
        place = begin - 1
        while (place := self.text.find(b"{", place + 1, end)) >= 0:
            if self.known_names(place)[1] is not None:
                yield place

    def own_lists(self, item, begin):
        """From where to where lists go, behind `begin`, that are values inside of an event, or of another list.

        As far as their brackets tell; where these are out of order, up to the last string.
        """
        text, at = self.text, begin - 1
        while (at := text.find(b"[", at + 1)) >= 0:
            if text[max(item, at - NEAR + 1):at].rstrip(BLANK)[-1:] not in (b":", b",", b"["):
                continue
            end, last, is_sure = extent_of_any(text, at, True)
            if end is None:
                end = len(text) if is_sure else max(at + 1, last or 0)
            yield at, end
            at = end - 1

    def row_of_values(self, begin):
        """Whether values without anything between them go on here."""
        at, count, (names, fewest) = begin, 0, self.known_names(begin)
        while at < len(self.text):
            link = self.link(at, names if count < CHAIN else None, (b"{", b"[", b""))
            if link is None:
                return False
            count += link[1]
            if count == CHAIN:
                return True
            at = blank(self.text, link[0])
        return count >= fewest

    def row_of_elements(self, begin, is_in_lines, is_in_list=False):
        """Whether the elements of an array go on here; of what may be a list of an event it does not do that there are
        many before something that breaks them off."""
        text, at, count, (names, fewest) = self.text, begin, 0, self.known_names(begin)

        def is_enough(*foreign):
            return count >= CHAIN and not is_in_list and text[at:at + 1] not in foreign

        while True:
            link = self.link(at, names if count < CHAIN else None, (b",", b"]"))
            if link is None:
                return is_enough(b"}")
            end, counts = link
            count += counts
            if counts and count >= CHAIN and end - begin >= self.max_record:
                return True
            at = blank(text, end)
            while text[at:at + 1] == b"]":
                end = at + 1
                at = blank(text, end)
                if at == len(text):
                    return count >= fewest
                begins = text[at:at + 1] in (b"{", b"[")
                if is_in_lines and (b"\n" in text[end:at] or begins):
                    return count >= fewest and b"\n" in text[end:at] and begins
                if is_in_lines or text[at:at + 1] != b"[":
                    return False
                at = blank(text, at + 1)
                if text[at:at + 1] != b"]":
                    break
            else:
                if text[at:at + 1] != b",":
                    return is_enough(b"}")
                at = blank(text, at + 1)
            if at == len(text):
                return is_enough()

    def is_unfinished(self, at):
        """Whether nothing is wrong with a value but that the text ends."""
        return len(self.text) - at <= self.max_record and is_cut(self.text, at)

    def holds_the_rest(self, at):
        """Whether that is an object, white space behind aside, or longer than a record: what follows is its own."""
        text = self.text.rstrip(BLANK)
        is_object, length = self.text[at:at + 1] == b"{", len(text) - at
        if is_object and extent(self.text, at)[0] is None and own(self.text, at, self.max_record)[1] and \
                in_order(self.text, at):
            return True
        if is_cut(self.text, at) and (is_object or len(self.text) - at > self.max_record):
            return True
        return is_object and length <= self.max_record and len(self.text) - len(text) <= SPACE and is_cut(text, at)

    def begin(self, at):
        """Where a record may begin at the earliest behind the value that is none, as far as that is its own."""
        end, last = extent(self.text, at)
        begin = max(at + 1, last or 0) if end is None else at + 1
        if self.text[at:at + 1] != b"{":
            return begin
        up_to, is_written_wrong = own(self.text, at, self.max_record)
        if end is not None and is_written_wrong and in_order(self.text, at):
            return end
        return max(begin, up_to)

    def goes_on(self, at, is_row, *more):
        """Where records plainly go on behind what is none, or the end of the input."""
        if self.holds_the_rest(at):
            return len(self.text)
        for place in self.places(self.begin(at)):
            if is_row(place, *more):
                return place
        return len(self.text)
