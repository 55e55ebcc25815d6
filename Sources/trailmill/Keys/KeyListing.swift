internal import Bytes
internal import Trail

/// Rows of a key directory as NDJSON.
struct KeyListing {
  /// By id and time.
  let rows: [KeyRow]
  let directory: KeyDirectory

  /// The rows of the keys that have `key` as id or in one of their versions as name (of all keys where it is
  /// nil), by id and time.
  static func chosen(_ rows: [KeyRow], _ key: String?) -> [KeyRow] {
    var rows = rows
    if let key = key.map({ Array($0.utf8) }) {
      let ids = Set(rows.filter { $0.id == key || $0.name == key }.map(\.id))
      rows = rows.filter { ids.contains($0.id) }
    }
    let numbered = rows.enumerated().sorted { left, right in
      if left.element.id != right.element.id {
        return left.element.id.lexicographicallyPrecedes(right.element.id)
      }
      return (left.element.validFrom ?? .min, left.offset)
        < (right.element.validFrom ?? .min, right.offset)
    }
    return numbered.map(\.element)
  }

  /// All versions, or with a time what holds of each key then.
  func text(at time: Timestamp?) -> String {
    var text = ByteBuffer()
    for (index, row) in rows.enumerated() {
      guard let time else {
        row.append(to: &text)
        text.append(UInt8(ascii: "\n"))
        continue
      }
      if index > 0, rows[index - 1].id == row.id { continue }
      append(row.id, at: time, to: &text)
    }
    return String(decoding: text.view, as: UTF8.self)
  }

  /// Appends what holds of one key at a time, and its flags.
  private func append(_ id: [UInt8], at time: Timestamp, to text: inout ByteBuffer) {
    let found = id.withUnsafeBufferPointer {
      directory.find($0, name: ByteView(start: nil, count: 0), at: time.microseconds)
    }
    guard let found else { return }
    directory.append(found, .full, to: &text)
    let names = AttributionFlags.names.enumerated().filter {
      found.flags & 1 << UInt32($0.offset) != 0
    }
    if !names.isEmpty {
      text.truncate(to: text.count - 1)
      let list = names.map { "\"\($0.element)\"" }.joined(separator: ",")
      text.append(utf8: ",\"flags\":[\(list)]}")
    }
    text.append(UInt8(ascii: "\n"))
  }
}
