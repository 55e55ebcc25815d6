public import Bytes

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

/// Reads the rows of a key directory one by one.
public struct KeyRowReader: ~Copyable {
  private var rows: RowReader
  private let fields: KeyFields

  /// A reader of rows that keep their fields where `fields` says.
  public init(_ fields: KeyFields = .standard) {
    self.fields = fields
    rows = RowReader(
      KeyField.allCases.map { field in
        (fields.pointers[field] ?? []).filter { !KeyFields.isSecret($0) }
      })
  }

  /// The row that `text`, which begins on `line` of its file, is.
  public mutating func read(_ text: ByteView, line: Int) throws(LookupError) -> KeyRow {
    // As `resolve_keys` would load it, alone: what is shown is what it would know.
    var loader = KeyDirectoryLoader(fields)
    try loader.add(text, line: line)
    let directory = loader.finish()
    try rows.scan(text, line: line)
    var id = ByteBuffer()
    _ = rows.append(KeyField.id.ordinal, of: text, to: &id)
    var name = ByteBuffer()
    let hasName = rows.append(KeyField.name.ordinal, of: text, to: &name)
    let validFrom = try time(.validFrom, text, line)
    var shown = ByteBuffer()
    if let found = directory.find(
      id.view, name: ByteView(start: nil, count: 0), at: validFrom ?? .min)
    {
      directory.append(found, .full, to: &shown)
    }
    return KeyRow(
      id: id.bytes, name: hasName ? name.bytes : nil, validFrom: validFrom,
      validTo: try time(.validTo, text, line), expiresAt: try time(.expiresAt, text, line),
      deletedAt: try time(.deletedAt, text, line), text: shown.bytes)
  }

  private func time(
    _ field: KeyField, _ row: ByteView, _ line: Int
  ) throws(LookupError) -> Int64? {
    try rows.time(field.ordinal, of: row, line: line, "\"\(field.rawValue)\"")
  }
}
