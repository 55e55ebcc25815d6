extension Timestamp {
  /// The time as RFC 3339 writes it, such as `2026-11-20T00:00:00Z`.
  public var rfc3339: String {
    var text = ByteBuffer(capacity: 32)
    append(rfc3339To: &text)
    return String(decoding: text.view, as: UTF8.self)
  }
}
