"""What has to come out of a damaged document, and what must not, by docs/intake.md, without reading it."""
import re

from documents import edited
from json_text import in_order, extent, first_name, own, unbroken

CHAIN = 16


def touches(begin, end, edits):
    return any(edit.begin <= end and begin <= edit.end for edit in edits)


def promised(document, edits, kind, max_record):
    """The records that have to be written, as they stand in the document."""
    spans = [span for span in document.spans() if span[1] - span[0] <= max_record]
    if document.format == "ndjson":
        return of_lines(document, edits, max_record)
    if kind != "accident":  # brackets and quotes are in order
        return [record for begin, end, record in spans if not touches(begin, end, edits)]
    if document.format == "auto":
        return of_sections(document, edits)
    first, last = edits[0].begin, edits[-1].end
    before = [span for span in spans if span[1] < first]
    after = [span for span in spans if span[0] > last]
    going_on = plainly_going_on(document, before, after, last) if is_among_records(document, edits) else []
    if document.pointer == "/r/*" and len(edits) == 1:
        others = documents_behind(document, edits, spans, before)
        going_on = going_on + [span for span in others if span not in going_on]
    return [record for _, _, record in before + going_on]


def documents_behind(document, edits, spans, before):
    """The records of whole documents that nothing before has taken for its own: behind what was cut.

    A string that lost its end takes the first brace of one: it begins as the first document does, or with the way.
    """
    last = edits[-1].end
    own_end = end_of_own(document, edits)
    heads = [head for head in document.places_of_heads() if head >= last]
    begins = {first_name(document.text, 0), "r"}
    while heads and (heads[0] < own_end or heads[0] == own_end and first_name(document.text, heads[0]) not in begins):
        heads.pop(0)
    behind = [span for span in spans if heads and span[0] > heads[0]]
    known = {first_name(record, 0) for _, _, record in before}
    names = {first_name(record, 0) for _, _, record in behind}
    is_cut = any(edit.end in document.places_of_heads() and edit.text == b"" for edit in edits)
    is_known = names <= known if known else len(names) == 1
    return behind if is_cut and is_known else []


def end_of_own(document, edits):
    """Up to where, in the document, an object goes on that begins before the damage and is JSON for so long."""
    text = edited(document.text, edits)
    first, last = edits[0].begin, edits[-1].end
    shift = len(document.text) - len(text)
    end = last
    for at in (match.start() for match in re.finditer(rb"\{", text[:first])):
        up_to, is_in_order = own(text, at, len(text))
        reach = len(text) if is_in_order and extent(text, at)[0] is None and in_order(text, at) else up_to
        if reach > first:
            end = max(end, reach + shift)
    return end


def is_among_records(document, edits):
    """False where a value beside the records was damaged: what it holds then, records too, is part of it."""
    at = 0
    for piece in document.pieces if document.format == "records" else []:
        end = at + len(piece.text)
        if piece.kind != "record" and piece.text.strip(b", \t\r\n") and touches(at, end, edits):
            return False
        at = end
    return True


def of_lines(document, edits, max_record):
    """The records on lines that no edit touches, line feeds included, and that are not too long."""
    lines = [match.span() for match in re.finditer(rb"[^\n]+", document.text)]
    kept = [(begin, end) for begin, end in lines if end - begin <= max_record and not touches(begin, end, edits)]
    return [record for begin, end, record in document.spans()
            if any(low <= begin and end <= high for low, high in kept)]


def of_sections(document, edits):
    """Of `auto`: lines by themselves, and whatever lies in a section of lines or printed objects behind the damage."""
    first, last = edits[0].begin, edits[-1].end
    if first < 3 and document.text.startswith(b"\xef\xbb\xbf"):
        last = max(last, 3)  # a mark that is none belongs to the first line
    kept = []
    for kind, begin, spans in document.spans_of_sections():
        if kind in ("lines", "pretty") and begin > last:
            kept += spans
        elif kind != "values":
            kept += [span for span in spans if span[1] < first and whole_line_before(document.text, span, first)]
    if len(document.sections) == 1 and document.sections[0][0] == "lines":
        return [record for _, _, record in kept] + [
            record for record in of_lines(document, edits, 1 << 30) if record not in [span[2] for span in kept]]
    return [record for _, _, record in kept]


def whole_line_before(text, span, edit):
    return b"\n" in text[span[1]:edit]


def plainly_going_on(document, before, after, last):
    """What follows the damage and can be told by 16 values side by side, or by all there are up to the end."""
    names = {first_name(record, 0) for _, _, record in before}
    text, side_by_side = document.text, []
    if after and b"}" not in text[last:after[0][0]]:
        after = after[1:]  # it may have become a member of the record that lost its end
    for span in after:
        between = text[side_by_side[-1][1]:span[0]] if side_by_side else b""
        if first_name(span[2], 0) not in names or between.strip(b" \t\r\n") not in (b"", b","):
            break
        side_by_side.append(span)
    if document.format == "concatenated":
        return side_by_side if len(side_by_side) == len(after) or len(side_by_side) >= CHAIN else []
    if document.format == "array" and len(side_by_side) == len(after):
        return side_by_side
    if document.format == "array" or document.pointer == "/r/*":
        return side_by_side if len(side_by_side) >= CHAIN else []
    return []


# --- What must not appear -------------------------------------------------------------------------


def forged(document, edits, places, text):
    """Records that are none of the document's, and hold no damage: each was part of what another holds.

    One thing is allowed: what stands behind the damage in a list of objects may pass for records.
    """
    own = {unbroken(record) for _, _, record in document.spans()}
    damage, shift = [], 0
    for edit in edits:
        damage.append((edit.begin + shift, edit.begin + shift + len(edit.text)))
        shift += len(edit.text) - (edit.end - edit.begin)
    return [text[begin:end] for begin, end in places
            if unbroken(text[begin:end]) not in own
            and not any(low <= end and begin <= high for low, high in damage)
            and not any(in_its_list(text, begin, end, low, high) for low, high in damage)]


def in_its_list(text, begin, end, low, high):
    """Whether a damage lies in the list in which an object stands, before it."""
    if low >= end:
        return False
    passed = list(depths(text[high:begin]))
    return not passed or min(passed) >= passed[-1]


def depths(text):
    depth = 0
    for bracket in re.findall(rb"[{}\[\]]", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", text)):
        depth += 1 if bracket in b"{[" else -1
        yield depth
