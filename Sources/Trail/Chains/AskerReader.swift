internal import Bytes
internal import JSONText

/// Reads who asked for a token, as a row of a claim store says it in `via`: an object of `key_id`, `token_id`
/// and `actor`, as such or as JSON in a string, or a name.
///
/// What it cannot read it refuses: a `via` of which something is left out would make a root of a credential
/// that somebody else asked for.
struct AskerReader: ~Copyable {
  private static let names: [StaticString] = ["key_id", "token_id", "actor"]

  private let scanner: Scanner
  private let members = Scanner(.everyElement)
  private var fields = FlatArray<Field>(capacity: 3)
  private var finder = TokenText()
  private var text = ByteBuffer()
  /// The id of the key that it was asked with, the id of its token, and the name of who asked; empty if that
  /// is not said.
  private(set) var key = ByteBuffer()
  private(set) var token = ByteBuffer()
  private(set) var actor = ByteBuffer()

  init() {
    scanner = Scanner(
      PointerSet(AskerReader.names.map { JSONPointer(member: "\($0)") }))
    fields.append(repeating: .missing, count: AskerReader.names.count)
  }

  /// Reads the value of `via`, which is there, at `field` of a row; `rows` refuses members that come twice.
  mutating func read(
    _ field: Field, of row: ByteView, _ rows: borrowing RowReader, line: Int
  ) throws(LookupError) {
    key.removeAll()
    token.removeAll()
    actor.removeAll()
    text.removeAll()
    switch field.kind {
    case .object:
      text.append(ByteView(rebasing: row[Int(field.start)..<field.span.end]))
      try readObject(line)
    case .string:
      field.appendText(in: row, to: &text)
      guard let first = text.view.first(where: { !" \t\r\n".utf8.contains($0) }) else { break }
      guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
        appendName(text.view)
        break
      }
      try rows.refuseDuplicates(in: text.view, line: line)
      try readObject(line)
    default: throw AskerReader.noAsker(line)
    }
    guard key.count + actor.count > 0 else {
      throw LookupError(
        line: line,
        reason:
          "\"via\" says nobody: leave it out, or give \"key_id\" and \"token_id\", or \"actor\"")
    }
  }

  private static func noAsker(_ line: Int) -> LookupError {
    LookupError(
      line: line, reason: "\"via\" must be an object { key_id, token_id, actor } or a name")
  }

  private mutating func readObject(_ line: Int) throws(LookupError) {
    guard let target = fields.elements.baseAddress else { return }
    let scan = scanner.scanWhole(text.view, fields: target)
    guard scan.fault == .none, scan.kind == .object else { throw AskerReader.noAsker(line) }
    var count = 0
    _ = members.collect(text.view) { _ in count += 1 }
    var known = 0
    for (name, field) in zip(AskerReader.names, fields.elements) {
      switch field.kind {
      case .missing: continue
      case .null, .string, .number: known += 1
      case .true, .false, .object, .array:
        throw LookupError(line: line, reason: "\"\(name)\" of \"via\" must be a text")
      }
    }
    guard known == count else {
      throw LookupError(
        line: line,
        reason: "\"via\" takes \"key_id\", \"token_id\" and \"actor\": this one has"
          + " \(ShownName.list(ShownName.members(of: text.view)))")
    }
    fields[0].appendText(in: text.view, to: &key)
    fields[1].appendText(in: text.view, to: &token)
    guard token.count == 0 || key.count > 0 else {
      throw LookupError(line: line, reason: "\"via\" names a token and not its \"key_id\"")
    }
    AskerReader.cut(&key, &finder)
    AskerReader.cut(&token, &finder)
    var name = ByteBuffer()
    fields[2].appendText(in: text.view, to: &name)
    appendName(name.view)
  }

  /// White space alone is no name.
  private mutating func appendName(_ name: ByteView) {
    if !DisplayText.isBlank(name) { actor.append(name) }
  }

  /// An id that is a token itself is never written: it goes by what tells it from others. One that nothing
  /// tells from others stays what it is, and the store knows none that is called so.
  private static func cut(_ id: inout ByteBuffer, _ finder: inout TokenText) {
    switch TokenName(of: id.view, &finder) {
    case .plain, .nothing: return
    case .cut(let rest), .digest(let rest):
      id.removeAll()
      rest.withUnsafeBufferPointer { id.append($0) }
    }
  }
}
