internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

// What stages have in common whose purpose is to alter the original: redact, strip_tokens, and the
// additional fields of Coder.

extension Batch {
  /// Puts `text`, a whole event that lies elsewhere, in the place of record `index`'s `event`; false, with
  /// the record as it was, if that is no event. What identifies the record stays what it was: two events that
  /// differ only in what was altered are not the same.
  func replaceEvent(_ event: Span32, of index: Int, by text: ByteView) -> Bool {
    let start = bytes.count
    bytes.append(text)
    let scan = scan(index, from: start, end: bytes.count)
    guard scan.fault == .none, scan.kind == .object, scan.end == bytes.count else {
      _ = self.scan(index, from: Int(event.start), end: event.end)
      return false
    }
    if records[index].identity.isEmpty { records[index].identity = event }
    records[index].body = Span32(scan.start, count: scan.end - 1 - scan.start)
    records[index].isEmpty = scan.isEmptyObject
    return true
  }

  /// Adds pointers, as JSON strings, to those that an earlier stage or run has left; each is listed once.
  func addAltered(_ pointers: some Sequence<[UInt8]>, to index: Int) {
    let earlier = self[.altered, index]
    let start = bytes.count
    bytes.append(UInt8(ascii: "["))
    if earlier.count > 2 {
      bytes.appendOwn(Span32(start: earlier.start + 1, count: earlier.count - 2))
    }
    for pointer in pointers {
      let listed = Span32(start, count: bytes.count - start)
      if pointer.withUnsafeBufferPointer({ Batch.lists(bytes[listed], $0) }) { continue }
      if bytes.count > start + 1 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(pointer)
    }
    bytes.append(UInt8(ascii: "]"))
    self[.altered, index] = Span32(start, count: bytes.count - start)
  }

  /// True if `list`, JSON strings with commas between them behind a bracket, holds `string`.
  private static func lists(_ list: ByteView, _ string: ByteView) -> Bool {
    var at = 1
    while at < list.count {
      var end = at + 1
      while end < list.count, list[end] != UInt8(ascii: "\"") {
        end += list[end] == UInt8(ascii: "\\") ? 2 : 1
      }
      let element = list[at..<min(end + 1, list.count)]
      if element.elementsEqual(string) { return true }
      at = end + 2
    }
    return false
  }
}
