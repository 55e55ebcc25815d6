internal import JSONText
internal import Bytes
internal import Settings

/// Where a record differs from what a test expects.
///
/// An expected object asks for its own members and allows others; `null` asks for null or nothing;
/// arrays must agree element by element; numbers by what they are, not by how they are written.
enum Match {
  /// The first difference as a sentence; nil if there is none.
  static func difference(
    _ actual: JSON5Value?, _ expected: JSON5Value, at path: String = ""
  ) -> String? {
    let place = path.isEmpty ? "the record" : path
    if case .null = expected.content {
      guard let actual, actual.content != .null else { return nil }
      return "\(place) is \(text(actual)), expected nothing"
    }
    guard let actual else { return "\(place) is missing, expected \(text(expected))" }
    switch (actual.content, expected.content) {
    case (.object, .object(let members)):
      for member in members {
        let inner = path + "/" + escaped(member.key)
        if let found = difference(actual[member.key], member.value, at: inner) { return found }
      }
      return nil
    case (.array(let elements), .array(let expectations)) where elements.count == expectations.count:
      for (index, pair) in zip(elements, expectations).enumerated() {
        if let found = difference(pair.0, pair.1, at: "\(path)/\(index)") { return found }
      }
      return nil
    case (.number(let left), .number(let right)):
      if left.isEqual(to: right) { return nil }
    case (.string(let left), .string(let right)):
      if left.utf8.elementsEqual(right.utf8) { return nil }
    case (.bool(let left), .bool(let right)):
      if left == right { return nil }
    default: break
    }
    return "\(place) is \(text(actual)), expected \(text(expected))"
  }

  private static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }

  private static func text(_ value: JSON5Value) -> String {
    value.shortJSON
  }
}

extension JSON5Value {
  /// The value as JSON, cut to what a message can hold.
  var shortJSON: String {
    var buffer = ByteBuffer()
    do { try json(into: &buffer) } catch { return kind }
    let text = String(decoding: buffer.view, as: UTF8.self)
    return text.unicodeScalars.count <= 200 ? text : String(text.prefix(200)) + "…"
  }
}
