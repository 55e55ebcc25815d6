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
    buffer.append("{\"file\":")
    JSONString.append(quoting: item.file, to: &buffer)
    buffer.append(",\"record\":")
    buffer.append(decimal: item.record)
    buffer.append(",\"offset\":")
    buffer.append(decimal: item.offset)
    buffer.append(",\"stage\":")
    JSONString.append(quoting: item.stage, to: &buffer)
    buffer.append(",\"reason\":")
    JSONString.append(quoting: item.reason, to: &buffer)
    buffer.append(",\"bytes\":")
    if UTF8Text.isValid(bytes) {
      JSONString.append(quoting: bytes, to: &buffer)
    } else {
      buffer.append(UInt8(ascii: "\""))
      Base64.append(encoding: bytes, to: &buffer)
      buffer.append("\",\"encoding\":\"base64\"")
    }
    buffer.append("}\n")
  }
}
