public import Bytes
internal import JSONText

/// A row of a key directory, as somebody who looks into one wants to see it.
public struct KeyRow: Sendable {
  /// The key.
  public let id: [UInt8]
  /// Its name; nil if the row has none.
  public let name: [UInt8]?
  /// From when on it holds, until when (exclusive), when the key expires and when it was deleted, in
  /// microseconds since 1970.
  public let validFrom, validTo, expiresAt, deletedAt: Int64?
  /// What the row says, in our own names, without secrets: a JSON object.
  fileprivate let text: [UInt8]

  /// Appends the row with its times, a JSON object without a line feed.
  public func append(to buffer: inout ByteBuffer) {
    buffer.append(Array(text.dropLast()))
    let times: [(StaticString, Int64?)] = [
      ("expires_at", expiresAt), ("valid_from", validFrom), ("valid_to", validTo),
      ("deleted_at", deletedAt),
    ]
    for (name, time) in times {
      guard let time = time.flatMap({ Timestamp(microseconds: $0) }) else { continue }
      buffer.append(",\"")
      buffer.append(name)
      buffer.append("\":\"")
      time.append(rfc3339To: &buffer)
      buffer.append(UInt8(ascii: "\""))
    }
    buffer.append(UInt8(ascii: "}"))
  }
}

extension KeyDirectory {
  /// All versions of all keys, those of a key in the order of time.
  public var rows: [KeyRow] {
    (0..<versionCount).map { index in
      let version = versions[index]
      var text = ByteBuffer()
      append(version: index, to: &text)
      var name: [UInt8]?
      if version.nameCount > 0 {
        let start = Int(version.nameStart)
        let quoted = ByteView(rebasing: text.view[start..<(start + Int(version.nameCount))])
        var plain = ByteBuffer()
        JSONString.unescape(ByteView(rebasing: quoted[1..<(quoted.count - 1)]), into: &plain)
        name = plain.bytes
      }
      return KeyRow(
        id: Array(id(ofVersion: index)), name: name, validFrom: KeyRow.bound(version.validFrom),
        validTo: KeyRow.bound(version.validTo), expiresAt: KeyRow.bound(version.expiresAt),
        deletedAt: KeyRow.bound(version.deletedAt), text: text.bytes)
    }
  }
}

extension KeyRow {
  /// A bound; nil for none.
  fileprivate static func bound(_ time: Int64) -> Int64? {
    time == .min || time == .max ? nil : time
  }
}
