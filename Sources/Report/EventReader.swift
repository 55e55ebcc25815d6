internal import Bytes
public import JSONText
public import Trail

/// Finds in archived events what a report is about. One for each dialect.
public final class EventReader {
  /// What trailmill has added.
  enum Added: Int {
    case displayActor, from, match, kind, keyID, keyName, keyType, keyOwner, keyScopes, flags
    case signals

    /// In the order of the cases.
    static let pointers = [
      "/attribution/display_actor", "/attribution/from", "/attribution/match",
      "/attribution/kind", "/attribution/api_key/id", "/attribution/api_key/name",
      "/attribution/api_key/type", "/attribution/api_key/owner", "/attribution/api_key/scopes",
      "/attribution/flags", "/signals",
    ]
  }

  private let scanner: Scanner
  private let added: [Int]
  private let dialect: [Role: [Int]]
  private var fields: FlatArray<Field>
  private var text = ByteBuffer()

  /// A reader for events that keep their values at these pointers.
  public init(dialect: [Role: [JSONPointer]]) throws(PointerError) {
    var table = PointerTable()
    var added: [Int] = []
    for pointer in Added.pointers { added.append(table.slot(try JSONPointer(pointer))) }
    self.added = added
    self.dialect = dialect.mapValues { $0.map { table.slot($0) } }
    scanner = Scanner(PointerSet(table.pointers))
    fields = FlatArray(capacity: table.pointers.count)
    fields.append(repeating: .missing, count: table.pointers.count)
  }

  /// Looks at an event; false if it is none.
  func read(_ line: ByteView) -> Bool {
    guard let start = fields.elements.baseAddress else { return false }
    let scan = scanner.scanWhole(line, fields: start)
    return scan.fault == .none && scan.kind == .object
  }

  /// The text that was added there; valid until the next is asked for.
  func text(_ place: Added, _ line: ByteView) -> ByteView? {
    scalar(fields[added[place.rawValue]], line)
  }

  /// What was added there, as it stands in the event.
  func raw(_ place: Added, _ line: ByteView) -> ByteView? {
    let field = fields[added[place.rawValue]]
    guard field.kind != .missing, field.kind != .null else { return nil }
    return ByteView(rebasing: line[Int(field.span.start)..<field.span.end])
  }

  /// The first text, number or boolean where the dialect has this; valid until the next is asked for.
  func text(_ role: Role, _ line: ByteView) -> ByteView? {
    for slot in dialect[role] ?? [] {
      if let text = scalar(fields[slot], line) { return text }
    }
    return nil
  }

  /// The event's own time.
  func time(_ line: ByteView) -> Timestamp? {
    for slot in dialect[.time] ?? [] {
      let field = fields[slot]
      guard let text = scalar(field, line) else { continue }
      let time = field.kind == .number ? Timestamp(number: text) : Timestamp(rfc3339: text)
      if let time { return time }
    }
    return nil
  }

  private func scalar(_ field: Field, _ line: ByteView) -> ByteView? {
    switch field.kind {
    case .string:
      let content = ByteView(rebasing: line[Int(field.content.start)..<field.content.end])
      guard field.isEscaped else { return content }
      text.removeAll()
      JSONString.unescape(content, into: &text)
      return text.view
    case .number, .true, .false:
      return ByteView(rebasing: line[Int(field.span.start)..<field.span.end])
    default: return nil
    }
  }
}
