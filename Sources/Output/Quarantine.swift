internal import Crypto
package import Bytes
internal import JSONText
package import Trail

/// Writes what was turned away, as NDJSON that loses nothing.
package enum Quarantine {
  /// Longest item that is written as text, in bytes: 64 KiB.
  package static let longestText = 64 << 10

  /// Appends one row with its line feed:
  /// `{"file":…,"record":…,"offset":…,"stage":…,"reason":…,"bytes":…}`.
  ///
  /// `bytes` is the item as it came, as text; where it is no UTF-8, in base64, and
  /// `"encoding":"base64"` follows. An item that is longer than `longestText` is always in base64, and
  /// `encoding` stands before `bytes`. Controls are escaped: a row is safe to print.
  package static func appendRow(_ item: RecordOrigin, bytes: ByteView, to buffer: inout ByteBuffer)
  {
    guard bytes.count <= longestText else {
      beginLongRow(item, to: &buffer)
      appendPiece(bytes, to: &buffer)
      return endLongRow(isResumed: false, to: &buffer)
    }
    var row = JSONWriter(appendingTo: buffer)
    appendPlace(item, to: &row)
    if UTF8Text.isValid(bytes) {
      row.member("bytes", utf8: bytes)
    } else {
      row.member(
        "bytes",
        raw: { text in
          text.append(UInt8(ascii: "\""))
          Base64.append(encoding: bytes, to: &text)
          text.append(UInt8(ascii: "\""))
        })
      row.member("encoding", "base64")
    }
    buffer = row.end()
    buffer.append(UInt8(ascii: "\n"))
  }

  private static func appendPlace(_ item: RecordOrigin, to row: inout JSONWriter) {
    row.member("file", item.file)
    row.member("record", Int64(item.record))
    row.member("offset", Int64(item.offset))
    row.member("stage", item.stage)
    row.member("reason", item.reason)
  }

  /// Appends a row up to the bytes of its item, which come in pieces.
  package static func beginLongRow(_ item: RecordOrigin, to buffer: inout ByteBuffer) {
    var row = JSONWriter(appendingTo: buffer)
    appendPlace(item, to: &row)
    row.member("encoding", "base64")
    buffer = row.end()
    buffer.truncate(to: buffer.count - 1)
    buffer.append(",\"bytes\":\"")
  }

  /// Appends the next bytes of an item. Each piece but the last has a multiple of three of them.
  package static func appendPiece(_ bytes: ByteView, to buffer: inout ByteBuffer) {
    Base64.append(encoding: bytes, to: &buffer)
  }

  /// Ends a row whose bytes came in pieces. `isResumed` says that the item ends where it was told only by
  /// what follows that records follow.
  package static func endLongRow(isResumed: Bool, to buffer: inout ByteBuffer) {
    buffer.append(isResumed ? "\",\"resumed\":true}\n" : "\"}\n")
  }
}
