internal import Crypto
package import Bytes
internal import JSONText
package import Trail

/// Writes what was turned away, as NDJSON that loses nothing.
package enum Quarantine {
  /// Appends one row with its line feed:
  /// `{"file":…,"record":…,"offset":…,"stage":…,"reason":…,"bytes":…}`.
  ///
  /// `bytes` is the item as it came, as text; where it is no UTF-8, in base64, and
  /// `"encoding":"base64"` follows. Of an item that is longer than what is kept, the reason gives
  /// length and digest of the whole. Controls are escaped: a row is safe to print.
  package static func appendRow(_ item: RecordOrigin, bytes: ByteView, to buffer: inout ByteBuffer)
  {
    var row = JSONWriter(appendingTo: buffer)
    row.member("file", item.file)
    row.member("record", Int64(item.record))
    row.member("offset", Int64(item.offset))
    row.member("stage", item.stage)
    row.member("reason", item.reason)
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
}
