package import Bytes

extension Settings {
  /// The time at `key`, RFC 3339 or a date; nil if it is left out.
  package func time(_ key: String) throws(SettingsError) -> Timestamp? {
    guard var text = try optionalString(key) else { return nil }
    let time = text.withUTF8 { Timestamp(rfc3339: $0) ?? Timestamp(date: $0) }
    guard let time else {
      throw error(key, "is no time: write 2026-01-31 or 2026-01-31T12:00:00Z")
    }
    guard !text.withUTF8({ Timestamp.isFiner($0) }) else {
      throw error(key, Timestamp.tooFine)
    }
    return time
  }
}
