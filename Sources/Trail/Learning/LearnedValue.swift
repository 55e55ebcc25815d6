internal import Bytes
internal import JSONText
internal import Settings

/// Where an event has something, as a rule writes it: a pointer, `/userIdentity/arn`, or a template,
/// `https://{/provider|after:oidc-provider/}`. Text without braces stands for itself.
struct LearnedValue: Sendable {
  private enum Part: Sendable {
    case text([UInt8])
    case value(JSONPointer, [ValueFilter])
  }

  private let parts: [Part]
  /// The pointer, where it is nothing else.
  let whole: JSONPointer?

  init(_ text: String, _ settings: Settings, _ key: String) throws(SettingsError) {
    guard text.utf8.first != UInt8(ascii: "/") else {
      let pointer = try LearnedValue.pointer(text, settings, key)
      whole = pointer
      parts = [.value(pointer, [])]
      return
    }
    guard !text.isEmpty else { throw settings.error(key, "has an empty text") }
    whole = nil
    do {
      parts = try LearnedValue.parts(text)
    } catch let error as PolicyError {
      throw settings.error(key, "has a wrong template: \(error)")
    } catch {
      throw settings.error(key, "has a wrong template: \(error)")
    }
    for pointer in pointers where LearnedSecrets.isHeld(at: pointer) {
      throw settings.error(key, "points to a secret: no part of it may be copied")
    }
  }

  private static func parts(_ text: String) throws -> [Part] {
    try TemplateText.pieces(text).map { piece in
      guard case .braces(let inner) = piece else {
        if case .text(let bytes) = piece { return .text(bytes) }
        return .text([])
      }
      let pieces = inner.unicodeScalars.split(separator: "|", omittingEmptySubsequences: false)
      let filters = try pieces.dropFirst().map { try ValueFilter(parsing: String($0)) }
      return .value(try JSONPointer(String(pieces[0])), filters)
    }
  }

  /// The pointer that `text`, found at `key`, is; refused if it leads to a secret.
  static func pointer(
    _ text: String, _ settings: Settings, _ key: String
  ) throws(SettingsError) -> JSONPointer {
    let pointer = try settings.pointer(text, of: key)
    guard !LearnedSecrets.isHeld(at: pointer) else {
      throw settings.error(key, "points to a secret: no part of it may be copied")
    }
    return pointer
  }

  /// A text or several, of which the first counts that is there.
  static func list(_ settings: Settings, _ key: String) throws(SettingsError) -> [LearnedValue] {
    var values: [LearnedValue] = []
    for text in try settings.strings(key, default: []) {
      values.append(try LearnedValue(text, settings, key))
    }
    return values
  }

  /// All that it looks at.
  var pointers: [JSONPointer] {
    parts.compactMap { part in if case .value(let pointer, _) = part { pointer } else { nil } }
  }

  /// What it comes to; nil if something that it names is an object or an array, or if it is missing, or
  /// filters leave nothing of it, and none of them has a default.
  func text(_ event: EventValues) -> [UInt8]? {
    var text = ByteBuffer()
    for part in parts {
      switch part {
      case .text(let bytes): text.append(bytes)
      case .value(let pointer, let filters):
        let start = text.count
        if let value = event.value(pointer) {
          guard let value = value.scalar else { return nil }
          text.append(value)
        }
        for filter in filters { filter.apply(to: &text, from: start) }
        guard text.count > start else { return nil }
      }
    }
    return text.bytes
  }
}
